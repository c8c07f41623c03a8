//! Every field and rule of an organisation (product O1, document 003), through the command table.

use base64::Engine as _;
use patchbay_core::ErrorCode;
use patchbay_tests::{Setting, World};
use serde_json::{Value, json};

const UUID: &str = "0a7e2f0c-3d3f-4b7a-9c62-5d6f6f0a1b2c";

fn internal(uuid: &str) -> String {
    base64::engine::general_purpose::STANDARD_NO_PAD.encode(format!("ciscospark://us/ORGANIZATION/{uuid}"))
}

fn set(value: &str) -> Value {
    json!({ "kind": "set", "value": value })
}

/// What is entered, what is refused for it; None where it is taken, with how it is shown.
struct Case {
    field: &'static str,
    value: Value,
    refusal: Option<(&'static str, &'static str)>,
    shown: Value,
}

fn taken(field: &'static str, value: Value, shown: Value) -> Case {
    Case {
        field,
        value,
        refusal: None,
        shown,
    }
}

fn wrong(field: &'static str, value: Value, at: &'static str, says: &'static str) -> Case {
    Case {
        field,
        value,
        refusal: Some((at, says)),
        shown: Value::Null,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_has_its_rule_and_its_place() {
    let world = World::unconnected(Setting::default()).await;
    let (fits, long) = ("ä".repeat(1_024), "ä".repeat(1_025));
    let domain_of = |length: usize| format!("{}.example", "a".repeat(length));
    let person =
        base64::engine::general_purpose::STANDARD_NO_PAD.encode(format!("ciscospark://us/PEOPLE/{UUID}"));
    let cases = [
        taken("name", json!(" Kestrel  Logistics "), json!("Kestrel  Logistics")),
        taken("name", json!(fits), json!(fits)),
        wrong("name", json!(""), "name", "empty"),
        wrong("name", json!(" \u{a0}\t "), "name", "empty"),
        wrong("name", json!(long), "name", "1025 characters"),
        wrong("name", json!("two\nlines"), "name", "line break"),
        taken("wholesale", json!(true), json!(true)),
        taken("contactCenterRegion", json!("anz"), json!("anz")),
        wrong("contactCenter", json!(true), "contactCenterRegion", "region"),
        taken(
            "accountNumber",
            json!(format!("  {}  ", UUID.to_uppercase())),
            json!(UUID),
        ),
        taken("accountNumber", json!(internal(UUID)), json!(UUID)),
        taken("accountNumber", json!(""), Value::Null),
        wrong("accountNumber", json!("4711"), "accountNumber", "neither a UUID"),
        wrong("accountNumber", json!(person), "accountNumber", "id of a people"),
        wrong("accountNumber", json!("0".repeat(32)), "accountNumber", "zeros"),
        wrong("accountNumber", json!(long), "accountNumber", "1025 characters"),
        taken(
            "adminEmail",
            json!("Zoë.O'Brien+webex@kestrel.example"),
            json!("Zoë.O'Brien+webex@kestrel.example"),
        ),
        wrong("adminEmail", json!("zoe"), "adminEmail", "no @"),
        wrong("adminEmail", json!("zoe@localhost"), "adminEmail", "domain"),
        wrong(
            "adminEmail",
            json!(format!("{}@a.example", "x".repeat(1_024))),
            "adminEmail",
            "characters",
        ),
        taken(
            "emailDomain",
            json!("rooms.kestrel.example"),
            json!("rooms.kestrel.example"),
        ),
        taken("emailDomain", json!(domain_of(63)), json!(domain_of(63))),
        wrong("emailDomain", json!(domain_of(64)), "emailDomain", "no domain"),
        wrong(
            "emailDomain",
            json!("zoe@kestrel.example"),
            "emailDomain",
            "holds an @",
        ),
        wrong("emailDomain", json!("kestrel"), "emailDomain", "no dot"),
        taken("defaultCallingBehaviour", json!("webex_app"), json!("webex_app")),
        taken(
            "defaultCallingBehaviour",
            json!("webex_app_unified_cm"),
            json!("webex_app_unified_cm"),
        ),
        taken("defaultCallingBehaviour", json!("jabber"), json!("jabber")),
        taken(
            "defaultCallingBehaviour",
            json!("third_party"),
            json!("third_party"),
        ),
        taken("directorySyncEnabled", json!(true), json!(true)),
        taken("syncOnCreate", json!(false), json!(false)),
        taken("notes", json!("Line one\nline two"), json!("Line one\nline two")),
        taken("notes", json!(fits), json!(fits)),
        wrong("notes", json!(long), "notes", "1025 characters"),
        wrong("notes", json!("a\u{0}b"), "notes", "NUL"),
        taken(
            "httpProxy",
            set("http://user:p%40ss@proxy.example:3128/"),
            json!("http://•••:•••@proxy.example:3128"),
        ),
        taken(
            "httpsProxy",
            set("https://proxy.example:8443"),
            json!("https://proxy.example:8443"),
        ),
        wrong(
            "httpProxy",
            set("ftp://proxy.example:3128"),
            "httpProxy",
            "scheme",
        ),
        wrong("httpProxy", set("http://proxy.example"), "httpProxy", "port"),
        wrong(
            "httpsProxy",
            set("http://user:p@ss@proxy.example:3128"),
            "httpsProxy",
            "password",
        ),
        wrong(
            "httpsProxy",
            set(&format!("http://{}:1", "a".repeat(1_024))),
            "httpsProxy",
            "characters",
        ),
        wrong(
            "caFile",
            json!({ "kind": "content", "name": "ca.pem", "base64": "bm90aGluZw==" }),
            "caFile",
            "holds no certificate",
        ),
        wrong(
            "environment",
            json!({ "kind": "custom", "base_url": "http://webex.example/v1" }),
            "environment",
            "https://",
        ),
        taken(
            "environment",
            json!({ "kind": "government" }),
            json!({ "kind": "government" }),
        ),
    ];
    for (number, case) in cases.into_iter().enumerate() {
        let mut fields = world.fields(&format!("Organisation {number}"));
        fields[case.field] = case.value;
        let request = json!({ "fields": fields });
        match case.refusal {
            None => {
                let made = world.call("organisations.create", request).await;
                assert_eq!(made[case.field], case.shown, "{}", case.field);
            }
            Some((field, says)) => {
                let refused = world
                    .refused("organisations.create", request, ErrorCode::Invalid)
                    .await;
                assert_eq!(refused.field.as_deref(), Some(field), "{refused:?}");
                assert!(refused.message.contains(says), "{says} in {}", refused.message);
                assert!(refused.message.ends_with('.'), "{}", refused.message);
                assert!(!refused.message.contains("p@ss"), "{}", refused.message);
            }
        }
    }
    // What is no choice at all does not even arrive.
    for (field, value) in [
        ("defaultCallingBehaviour", "pigeon"),
        ("contactCenterRegion", "mars"),
    ] {
        let mut fields = world.fields("No choice");
        fields[field] = json!(value);
        world
            .refused(
                "organisations.create",
                json!({ "fields": fields }),
                ErrorCode::Invalid,
            )
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_seven_regions_make_a_contact_center_customer() {
    let world = World::unconnected(Setting::default()).await;
    for region in ["us", "anz", "uk", "eu_frankfurt", "japan", "canada", "singapore"] {
        let mut fields = world.fields(region);
        fields["contactCenter"] = json!(true);
        fields["contactCenterRegion"] = json!(region);
        let made = world
            .call("organisations.create", json!({ "fields": fields }))
            .await;
        assert_eq!(made["contactCenterRegion"], region);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_belongs_to_one_organisation() {
    let world = World::unconnected(Setting::default()).await;
    let first = world.register("Kestrel Logistics").await;
    let refused = world
        .refused(
            "organisations.create",
            json!({ "fields": world.fields("kestrel   LOGISTICS") }),
            ErrorCode::Invalid,
        )
        .await;
    assert_eq!(refused.field.as_deref(), Some("name"));
    let second = world.register("Ærø").await;
    for (organisation, name) in [(&second, "Kestrel logistics"), (&first, "ÆRØ")] {
        let request = json!({ "organisation": organisation, "fields": world.fields(name) });
        let refused = world
            .refused("organisations.update", request, ErrorCode::Invalid)
            .await;
        assert_eq!(refused.field.as_deref(), Some("name"));
    }
    // Its own name, written another way, is no clash.
    let request = json!({ "organisation": first, "fields": world.fields("KESTREL Logistics") });
    assert_eq!(
        world.call("organisations.update", request).await["name"],
        "KESTREL Logistics"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_shows_only_the_internal_id_is_registered_by_it() {
    let mut world = World::unconnected(Setting::default()).await;
    let announced = world.sandbox.announcement();
    let organisation = &announced["organisation"];
    let mut fields = world.fields("Northgate");
    fields["accountNumber"] = organisation["id"].clone();
    let made = world
        .call("organisations.create", json!({ "fields": fields }))
        .await;
    assert_eq!(
        (&made["accountNumber"], &made["internalId"]),
        (&organisation["uuid"], &organisation["id"])
    );
    world.organisation = made["id"].as_str().unwrap().to_owned();
    world.connect().await;
    let connected = world
        .call("organisations.get", json!({ "organisation": world.organisation }))
        .await;
    assert_eq!(connected["consent"]["state"], "granted", "{connected:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_turned_on_after_the_consent_keeps_everything_and_shows_what_is_missing() {
    let world = World::new().await;
    let request = json!({ "organisation": world.organisation });
    let before = world.call("organisations.get", request.clone()).await;
    let missing = |organisation: &Value| {
        organisation["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|permission| permission["granted"] == false)
            .map(|permission| permission["scope"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(missing(&before), Vec::<String>::new());
    let mut fields = world.fields("Northgate");
    fields["wholesale"] = json!(true);
    let after = world
        .call(
            "organisations.update",
            json!({ "organisation": world.organisation, "fields": fields }),
        )
        .await;
    for kept in [
        "consent",
        "internalId",
        "clientId",
        "hasClientSecret",
        "refreshTokenExpiresAt",
        "lastSyncAt",
    ] {
        assert_eq!(after[kept], before[kept], "{kept}");
    }
    let missing = missing(&after);
    assert!(
        !missing.is_empty() && missing.iter().all(|scope| scope.contains("wholesale")),
        "{missing:?}"
    );
    // The organisation works on: what was granted is still good.
    world.sync().await;
    // It does not become another organisation by an edit.
    let mut fields = world.fields("Northgate");
    fields["accountNumber"] = json!(UUID);
    let refused = world
        .refused(
            "organisations.update",
            json!({ "organisation": world.organisation, "fields": fields }),
            ErrorCode::Invalid,
        )
        .await;
    assert_eq!(refused.field.as_deref(), Some("accountNumber"));
}
