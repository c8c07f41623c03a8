//! The list of organisations as a file: out without secrets, in by a plan (issue: organisations and consent).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use patchbay_api::commands::dispatch;
use patchbay_core::ErrorCode;
use patchbay_tests::{Setting, World};
use serde_json::{Value, json};

const UUID: &str = "0a7e2f0c-3d3f-4b7a-9c62-5d6f6f0a1b2c";
const PASSWORD: &str = "proxy-pa55word";

fn source(name: &str, content: impl AsRef<[u8]>) -> Value {
    json!({ "kind": "content", "name": name, "base64": STANDARD.encode(content) })
}

async fn preview(world: &World, content: &str) -> Value {
    world
        .call(
            "organisations.importPreview",
            json!({ "source": source("list.csv", content) }),
        )
        .await
}

async fn import(world: &World, content: &str, update: bool) -> Value {
    world
        .call(
            "organisations.import",
            json!({ "source": source("list.csv", content), "update": update }),
        )
        .await
}

async fn organisations(world: &World) -> Vec<Value> {
    world.call("organisations.list", json!({})).await["organisations"]
        .as_array()
        .unwrap()
        .clone()
}

/// Everything a person enters, of each kind.
async fn furnished() -> World {
    let world = World::unconnected(Setting::default()).await;
    let mut fields = world.fields("Kestrel, \"Logistics\"\u{a0}ÆØÅ");
    for (name, value) in [
        ("wholesale", json!(true)),
        ("contactCenter", json!(true)),
        ("contactCenterRegion", json!("eu_frankfurt")),
        ("accountNumber", json!(UUID)),
        ("adminEmail", json!("zoe@kestrel.example")),
        (
            "httpProxy",
            json!({ "kind": "set", "value": format!("http://user:{PASSWORD}@proxy.example:3128") }),
        ),
        (
            "httpsProxy",
            json!({ "kind": "set", "value": "https://proxy.example:8443" }),
        ),
        ("defaultCallingBehaviour", json!("webex_app_unified_cm")),
        ("emailDomain", json!("rooms.kestrel.example")),
        ("directorySyncEnabled", json!(true)),
        ("syncOnCreate", json!(false)),
        ("notes", json!("=1+1\nsecond, line; \"quoted\"")),
    ] {
        fields[name] = value;
    }
    world
        .call("organisations.create", json!({ "fields": fields }))
        .await;
    let mut plain = world.fields("Ærø");
    plain["environment"] = json!({ "kind": "government" });
    world
        .call("organisations.create", json!({ "fields": plain }))
        .await;
    world
}

async fn exported(world: &World, format: &str) -> String {
    let path = world.folder.path().join(format!("list.{format}"));
    let saved = world
        .call("organisations.export", json!({ "path": path, "format": format }))
        .await;
    assert_eq!(saved["rows"], 2);
    std::fs::read_to_string(path).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_out_comes_in_the_same_and_holds_no_secret() {
    let world = furnished().await;
    let before = organisations(&world).await;
    for format in ["csv", "json"] {
        let text = exported(&world, format).await;
        assert!(
            !text.contains(PASSWORD) && !text.contains("user:") && !text.contains('•'),
            "{text}"
        );
        assert!(
            text.to_lowercase().contains("without user and password"),
            "the file says so: {text}"
        );
        // Where it came from nothing differs.
        let plan = preview(&world, &text).await;
        for entry in plan["entries"].as_array().unwrap() {
            assert_eq!(entry["action"], "same", "{format}: {entry:#}");
        }
        assert_eq!(plan["unknown"], json!([]));
        // Elsewhere it makes the same organisations, but for the proxy's password.
        let elsewhere = World::unconnected(Setting::default()).await;
        let imported = import(&elsewhere, &text, false).await;
        assert_eq!(
            (&imported["created"], &imported["refused"]),
            (&json!(2), &json!(0)),
            "{imported:#}"
        );
        let after = organisations(&elsewhere).await;
        for (before, after) in before.iter().zip(&after) {
            for (name, value) in before.as_object().unwrap() {
                let expected = match (name.as_str(), value.as_str()) {
                    ("id" | "createdAt", _) => continue,
                    ("httpProxy", Some(_)) => json!("http://proxy.example:3128"),
                    _ => value.clone(),
                };
                assert_eq!(after[name], expected, "{format}: {name}");
            }
        }
        let again = import(&elsewhere, &text, true).await;
        assert_eq!(
            (&again["same"], &again["updated"]),
            (&json!(2), &json!(0)),
            "{again:#}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_changes_what_is_mentioned_and_clears_nothing() {
    let world = furnished().await;
    let list = format!(
        "organization account number;CUSTOMER NAME;Notes;Wholesale Customer;Colour\n{UUID};Kestrel;;no;red\n;ærø;new;;\n"
    );
    let plan = preview(&world, &list).await;
    assert_eq!(plan["unknown"], json!(["Colour"]));
    assert_eq!(
        (
            &plan["entries"][0]["action"],
            &plan["entries"][0]["changes"],
            &plan["entries"][0]["line"]
        ),
        (&json!("update"), &json!(["name", "wholesale"]), &json!(2)),
        "{plan:#}"
    );
    assert_eq!(
        plan["entries"][1]["changes"],
        json!(["name", "notes"]),
        "{plan:#}"
    );
    let untouched = organisations(&world).await;
    let left = import(&world, &list, false).await;
    assert_eq!(
        (&left["left"], &left["updated"]),
        (&json!(2), &json!(0)),
        "{left:#}"
    );
    assert_eq!(
        organisations(&world).await,
        untouched,
        "without update nothing changes"
    );

    let imported = import(&world, &list, true).await;
    assert_eq!(imported["updated"], 2, "{imported:#}");
    let after = organisations(&world).await;
    let kestrel = after.iter().find(|one| one["accountNumber"] == UUID).unwrap();
    assert_eq!(
        (&kestrel["name"], &kestrel["wholesale"]),
        (&json!("Kestrel"), &json!(false))
    );
    let before = untouched.iter().find(|one| one["accountNumber"] == UUID).unwrap();
    for kept in [
        "notes",
        "adminEmail",
        "httpProxy",
        "contactCenterRegion",
        "directorySyncEnabled",
        "environment",
    ] {
        assert_eq!(kestrel[kept], before[kept], "{kept} was not mentioned");
    }
    assert_eq!(import(&world, &list, true).await["same"], 2);
    let transaction = world
        .call(
            "transactions.get",
            json!({ "transaction": imported["transaction"] }),
        )
        .await;
    assert_eq!(
        (&transaction["kind"], &transaction["state"]),
        (&json!("organisations_imported"), &json!("succeeded"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_entry_that_cannot_be_used_is_refused_with_line_and_field() {
    let world = furnished().await;
    let list = format!(
        "Name,Organisation account number,Contact center customer,Contact center region,HTTP proxy,Admin account e-mail,Environment,CA certificates\n\
         Good,,,,,,,\n\
         ,,,,,zoe@a.example,,\n\
         Region missing,,yes,,,,,\n\
         Region unknown,,yes,Mars,,,,\n\
         Flag,,perhaps,,,,,\n\
         Number,12,,,,,,\n\
         Proxy,,,,http://user:{PASSWORD}@host,,,\n\
         Mail,,,,,zoe,,\n\
         good,,,,,,,\n\
         Elsewhere,,,,,,http://webex.example/v1,\n\
         \"Ærø\",{UUID},,,,,,\n\
         Long,,,,,,,,,extra\n\
         Demo,,,,,,demo,\n\
         Certificate,,,,,,,nothing\n"
    );
    let plan = preview(&world, &list).await;
    let found: Vec<(u64, &str, &str)> = plan["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            (
                entry["line"].as_u64().unwrap(),
                entry["action"].as_str().unwrap(),
                entry["field"].as_str().unwrap_or(""),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (2, "create", ""),
            (3, "refuse", "name"),
            (4, "refuse", "contactCenterRegion"),
            (5, "refuse", "contactCenterRegion"),
            (6, "refuse", "contactCenter"),
            (7, "refuse", "accountNumber"),
            (8, "refuse", "httpProxy"),
            (9, "refuse", "adminEmail"),
            (10, "refuse", "name"),
            (11, "refuse", "environment"),
            // The number is Kestrel's, the name another organisation's.
            (12, "refuse", "name"),
            (13, "refuse", ""),
            (14, "refuse", "environment"),
            (15, "refuse", "caFile"),
        ],
        "{plan:#}"
    );
    assert!(!plan.to_string().contains(PASSWORD));
    for entry in plan["entries"].as_array().unwrap().iter().skip(1) {
        let message = entry["message"].as_str().unwrap();
        assert!(message.len() > 20, "{message}");
    }
    let imported = import(&world, &list, true).await;
    assert_eq!(
        (&imported["created"], &imported["refused"]),
        (&json!(1), &json!(13)),
        "the good ones are taken: {imported:#}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_list_says_what_it_is() {
    let world = World::unconnected(Setting::default()).await;
    let newer = json!({ "patchbay": "organisations", "version": 2, "organisations": [] }).to_string();
    let listed = json!({ "organisations": [{ "name": "A" }] }).to_string();
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (b"PK\x03\x04[Content_Types].xml".to_vec(), "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "old Excel"),
        (b"SQLite format 3\0".to_vec(), "database"),
        (b"Name\0binary".to_vec(), "no text"),
        (Vec::new(), "empty"),
        (b"  \n \n".to_vec(), "empty"),
        (b"Name,Notes\n".to_vec(), "holds no organisation"),
        (
            b"Ext Key,User's Name,Number\n101,Ada,\n".to_vec(),
            "Ext Key, User's Name, Number",
        ),
        (b"Name,Notes\nA,\"open\nB,\n".to_vec(), "quotation marks"),
        (b"Name,Notes,name\nA,,B\n".to_vec(), "stands twice"),
        (b"{\"a\": }".to_vec(), "line 1, column 7"),
        (b"[]".to_vec(), "no list of organisations"),
        (listed.into_bytes(), "no list of organisations"),
        (newer.into_bytes(), "newer Patchbay"),
    ];
    for (bytes, says) in cases {
        let request = json!({ "source": source("file", &bytes) });
        let refused = world
            .refused("organisations.importPreview", request, ErrorCode::Invalid)
            .await;
        assert!(refused.message.contains(says), "{says} in {}", refused.message);
        assert_eq!(refused.field.as_deref(), Some("source"));
    }
    // 50 MB are not even read, from either host.
    let path = world.folder.path().join("large.csv");
    std::fs::File::create(&path)
        .unwrap()
        .set_len(50 * 1_048_576)
        .unwrap();
    for large in [
        json!({ "kind": "path", "path": path }),
        source("large.csv", vec![b'a'; 6 * 1_048_576]),
    ] {
        let refused = world
            .refused(
                "organisations.importPreview",
                json!({ "source": large }),
                ErrorCode::Invalid,
            )
            .await;
        assert!(refused.message.contains("5 MB"), "{}", refused.message);
    }
    let gone = json!({ "kind": "path", "path": world.folder.path().join("gone.csv") });
    world
        .refused(
            "organisations.importPreview",
            json!({ "source": gone }),
            ErrorCode::File,
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_spreadsheets_do_to_a_list_is_read_all_the_same() {
    let world = World::unconnected(Setting::default()).await;
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(
            "Name\tNotes\r\nÆrø\tone\r\n"
                .encode_utf16()
                .flat_map(u16::to_le_bytes),
        )
        .collect();
    let files: [(&str, Vec<u8>); 5] = [
        ("bom.csv", "\u{feff}Name,Notes\r\nÆrø,one\r\n".into()),
        ("semicolons.csv", "Name;Notes\rÆrø;one\r".into()),
        (
            "sep.csv",
            "sep=|\nName|Notes\n\n;;\nÆrø|one\n||\n"
                .replace(";;\n", "|\n")
                .into(),
        ),
        ("utf-16.txt", utf16),
        ("windows.csv", b"Name,Notes\n\xc6r\xf8,one\n".to_vec()),
    ];
    for (name, bytes) in files {
        let plan = world
            .call(
                "organisations.importPreview",
                json!({ "source": source(name, &bytes) }),
            )
            .await;
        let entries = plan["entries"].as_array().unwrap();
        assert_eq!(entries.len(), 1, "{name}: {plan:#}");
        assert_eq!(
            (&entries[0]["name"], &entries[0]["action"]),
            (&json!("Ærø"), &json!("create")),
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_imports_at_once_make_each_organisation_once() {
    let world = World::unconnected(Setting::default()).await;
    let other = world.another().await;
    let list: String = std::iter::once("Name,Organisation account number,Notes\n".to_owned())
        .chain((0..500).map(|number| {
            format!(
                "Customer {number},{:08x}-0000-4000-8000-000000000000,of many\n",
                number + 1
            )
        }))
        .collect();
    let request = json!({ "source": source("list.csv", &list), "update": true });
    let (one, two) = tokio::join!(
        dispatch(&world.patchbay, "organisations.import", request.clone()),
        dispatch(&other, "organisations.import", request.clone())
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    let sum = |name: &str| one[name].as_u64().unwrap() + two[name].as_u64().unwrap();
    assert_eq!(
        (sum("created"), sum("same"), sum("refused")),
        (500, 500, 0),
        "{one} {two}"
    );
    assert_eq!(organisations(&world).await.len(), 500);
    other.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connected_organisation_stays_the_one_that_consented() {
    let world = World::new().await;
    let before = world
        .call("organisations.get", json!({ "organisation": world.organisation }))
        .await;
    let list = format!("Name,Organisation account number\nNorthgate,{UUID}\n");
    let plan = preview(&world, &list).await;
    assert_eq!(
        (&plan["entries"][0]["action"], &plan["entries"][0]["field"]),
        (&json!("refuse"), &json!("accountNumber")),
        "{plan:#}"
    );
    let list = format!(
        "Name,Organisation account number,Notes\nRenamed,{},kept\n",
        before["accountNumber"].as_str().unwrap()
    );
    import(&world, &list, true).await;
    let after = world
        .call("organisations.get", json!({ "organisation": world.organisation }))
        .await;
    assert_eq!(
        (&after["name"], &after["consent"]),
        (&json!("Renamed"), &before["consent"])
    );
    world.sync().await;
}
