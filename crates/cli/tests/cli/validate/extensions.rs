//! Rules about the column Ext Key.

use super::{ERROR, Finding, WARNING, clean_rows, finds_in_rows, message};

fn ext(code: &str, value: &str) -> Finding {
    Finding::cell(code, ERROR, (1, 2), "Ext Key", value)
}

#[test]
fn ext_key_blank() {
    finds_in_rows(",Ann Lee,\n", &[ext("ext_key_blank", "")]);
    clean_rows("100,Ann Lee,\n");
}

#[test]
fn ext_key_not_numeric() {
    for wrong in ["10a", "1 01", "-101", "10.5", "+101"] {
        finds_in_rows(
            &format!("{wrong},Ann Lee,\n"),
            &[ext("ext_key_not_numeric", wrong)],
        );
    }
    for other_script in ["١٠١", "１０１"] {
        finds_in_rows(
            &format!("{other_script},Ann Lee,\n"),
            &[ext("ext_key_not_numeric", other_script).fix("101")],
        );
    }
    clean_rows("000,Ann Lee,\n");
}

#[test]
fn ext_key_length() {
    for wrong in ["1", "12", "123456"] {
        let result = finds_in_rows(&format!("{wrong},Ann Lee,\n"), &[ext("ext_key_length", wrong)]);
        assert_eq!(
            message(&result),
            format!(
                "Ext Key must have 3 to 5 digits; \"{wrong}\" has {}.",
                wrong.len()
            )
        );
    }
    clean_rows("123,Ann Lee,\n1234,Bo Ek,\n12345,Cy Fox,\n");
}

#[test]
fn ext_key_duplicate() {
    let result = finds_in_rows(
        "101,Ann Lee,\n102,Bo Ek,\n101,Cy Fox,\n 101,Di Gao,\n",
        &[
            Finding::cell("ext_key_duplicate", ERROR, (3, 4), "Ext Key", "101").related(&[1, 4]),
            Finding::cell("value_trimmed", WARNING, (4, 5), "Ext Key", " 101").fix("101"),
        ],
    );
    assert!(
        message(&result).contains("row 1"),
        "it says where it was seen first: {}",
        message(&result)
    );
    clean_rows("101,Ann Lee,\n102,Bo Ek,\n");
}

#[test]
fn ext_key_lookalike() {
    finds_in_rows(
        "0101,Ann Lee,\n101,Bo Ek,\n",
        &[Finding::cell("ext_key_lookalike", WARNING, (2, 3), "Ext Key", "101").related(&[1])],
    );
    clean_rows("0101,Ann Lee,\n1010,Bo Ek,\n");
}

#[test]
fn value_trimmed() {
    let result = finds_in_rows(
        "\u{a0}101\u{200b},Ann Lee,\n",
        &[Finding::cell("value_trimmed", WARNING, (1, 2), "Ext Key", "\u{a0}101\u{200b}").fix("101")],
    );
    assert_eq!(result["valid"], true);
    finds_in_rows(
        "101,\u{200e}Ann Lee\t,\n",
        &[Finding::cell(
            "value_trimmed",
            WARNING,
            (1, 2),
            "User's Name",
            "\u{200e}Ann Lee\t",
        )
        .fix("Ann Lee")],
    );
    finds_in_rows(
        "101,Ann Lee,+6512345678 \n",
        &[Finding::cell("value_trimmed", WARNING, (1, 2), "Number", "+6512345678 ").fix("+6512345678")],
    );
    finds_in_rows(
        " 12 ,Ann Lee,\n",
        &[
            ext("ext_key_length", " 12 "),
            Finding::cell("value_trimmed", WARNING, (1, 2), "Ext Key", " 12 ").fix("12"),
        ],
    );
    clean_rows("101,Ann 👩\u{200d}💻 Lee,\n");
}
