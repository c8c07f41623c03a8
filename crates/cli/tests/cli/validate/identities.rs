//! Rules about the columns User's Name and Identity UUID.

use super::{ERROR, Finding, WARNING, clean, clean_rows, finds, finds_in_rows};
use crate::support::files::BY_UUID;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

const ONE: &str = "2d7b1c1e-43a4-4f8e-9a53-0f1e2d3c4b5a";
const OTHER: &str = "9a53f8e2-1c1e-4f8e-8a53-5a4b3c2d1e0f";

fn uuid_row(code: &str, severity: &str, value: &str) -> Finding {
    Finding::cell(code, severity, (1, 2), "Identity UUID", value)
}

#[test]
fn identity_blank() {
    finds_in_rows(
        "101,,\n",
        &[Finding::cell("identity_blank", ERROR, (1, 2), "User's Name", "")],
    );
    finds(
        format!("{BY_UUID}101,,\n"),
        &[uuid_row("identity_blank", ERROR, "")],
    );
    clean_rows("101,X,\n");
}

#[test]
fn identity_mixed() {
    let both = "Ext Key,User's Name,Identity UUID,Number\n";
    finds(
        format!("{both}101,Ann Lee,,\n102,,{ONE},\n103,Cy Fox,,\n"),
        &[Finding::cell(
            "identity_mixed",
            ERROR,
            (2, 3),
            "Identity UUID",
            ONE,
        )],
    );
    let result = clean(format!("{both}101,,{ONE},\n102,,{OTHER},\n"));
    assert_eq!(result["identity"], "uuid");
}

#[test]
fn identity_not_uuid() {
    for wrong in [
        "Ann Lee",
        "2d7b1c1e-43a4-4f8e-9a53-0f1e2d3c4b5",
        "2d7b1c1e-43a4-4f8e-9a53-0f1e2d3c4b5g",
    ] {
        finds(
            format!("{BY_UUID}101,{wrong},\n"),
            &[uuid_row("identity_not_uuid", ERROR, wrong)],
        );
    }
    clean(format!("{BY_UUID}101,{ONE},\n102,{},\n", OTHER.to_uppercase()));
}

#[test]
fn identity_duplicate() {
    finds_in_rows(
        "101,José Straße,\n102,Bo Ek,\n103,JOSE\u{301} STRASSE,\n",
        &[Finding::cell(
            "identity_duplicate",
            ERROR,
            (3, 4),
            "User's Name",
            "JOSE\u{301} STRASSE",
        )
        .related(&[1])],
    );
    let upper = ONE.to_uppercase();
    finds(
        format!("{BY_UUID}101,{ONE},\n102,{upper},\n"),
        &[Finding::cell("identity_duplicate", ERROR, (2, 3), "Identity UUID", &upper).related(&[1])],
    );
    clean_rows("101,Jose Lee,\n102,José Lee,\n");
}

#[test]
fn identity_normalised() {
    let api_id = STANDARD_NO_PAD.encode(format!("ciscospark://us/PEOPLE/{ONE}"));
    for other in [format!("{{{ONE}}}"), ONE.replace('-', ""), api_id] {
        let result = finds(
            format!("{BY_UUID}101,{other},\n"),
            &[uuid_row("identity_normalised", WARNING, &other).fix(ONE)],
        );
        assert_eq!(result["valid"], true);
    }
    clean(format!("{BY_UUID}101,{ONE},\n"));
}

#[test]
fn name_is_formula() {
    for name in ["=Ann", "+Ann", "-Ann", "@Ann"] {
        let result = finds_in_rows(
            &format!("101,{name},\n"),
            &[Finding::cell(
                "name_is_formula",
                WARNING,
                (1, 2),
                "User's Name",
                name,
            )],
        );
        assert_eq!(result["valid"], true);
    }
    clean_rows("101,Ann=Lee,\n102,O'Neil-Ek,\n");
}
