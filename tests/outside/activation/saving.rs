//! The view as a file and as text.

use super::*;
use patchbay_core::ErrorCode;

const COLUMNS: [&str; 4] = ["service_id", "last_name", "state", "email"];
const HEAD: [&str; 4] = ["Service ID", "Last Name", "Webex Email Validation", "Email"];

fn cells(user: &Value) -> Vec<String> {
    let text = |name: &str| user[name].as_str().unwrap_or_default().to_owned();
    let state: Vec<String> = text("state")
        .split('_')
        .map(|word| word[..1].to_uppercase() + &word[1..])
        .collect();
    vec![
        text("serviceId"),
        text("lastName"),
        state.join(" "),
        text("email"),
    ]
}

async fn save(world: &World, view: &Value, kind: &str) -> (Value, Vec<u8>) {
    let path = world.folder.path().join("view.csv");
    let saved = world
        .call(
            "activation.export",
            json!({
                "organisation": world.organisation, "view": view, "columns": COLUMNS, "kind": kind, "path": path,
            }),
        )
        .await;
    (saved, std::fs::read(path).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_is_the_view() {
    let world = connected(90).await;
    let all = world.sandbox.subscribers();
    for (subscriber, name) in all.iter().zip(["=1+1", "+45", "-x", "@y", "a,b \"c\"", "Ærø"]) {
        let named = SubscriberChange {
            last_name: Some(name.to_owned()),
            ..to("provisioned")
        };
        change(&world, subscriber, &named);
    }
    world.sync().await;
    let view = json!({
        "state": "provisioned",
        "sort": [{ "column": "last_name", "descending": true }, { "column": "service_id", "descending": false }],
    });
    let shown = users(&world, view.clone()).await;
    assert!(shown.len() > 6 && shown.len() < 90);
    let (saved, bytes) = save(&world, &view, "reimport").await;
    assert_eq!(saved["rows"], shown.len());
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), HEAD);
    let lines: Vec<Vec<String>> = reader
        .records()
        .map(|line| line.unwrap().iter().map(str::to_owned).collect())
        .collect();
    assert_eq!(lines, shown.iter().map(cells).collect::<Vec<_>>());

    let (_, bytes) = save(&world, &view, "spreadsheet").await;
    let text = String::from_utf8(bytes).unwrap();
    for harmless in ["'=1+1", "'+45", "'-x", "'@y"] {
        assert!(text.contains(&format!(",{harmless},")), "{harmless}");
    }
    let exports = world.transactions("export").await;
    assert!(
        exports[0]["title"]
            .as_str()
            .unwrap()
            .contains(&format!("{} rows", shown.len())),
        "{exports:#?}"
    );
    let none = json!({
        "organisation": world.organisation, "view": {}, "columns": [], "kind": "reimport",
        "path": world.folder.path().join("none.csv"),
    });
    let refused = world.refused("activation.export", none, ErrorCode::Invalid).await;
    assert_eq!(refused.field.as_deref(), Some("columns"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clipboard_has_the_selection_in_the_order_of_the_view() {
    let world = connected(20).await;
    let all = world.sandbox.subscribers();
    for (subscriber, name) in all.iter().zip(["=1", "b\tc", "\"d"]) {
        let named = SubscriberChange {
            last_name: Some(name.to_owned()),
            ..to("provisioned")
        };
        change(&world, subscriber, &named);
    }
    world.sync().await;
    let mut keys = Vec::new();
    for subscriber in &all[..3] {
        keys.push(user(&world, &subscriber.user_id).await["key"].clone());
    }
    let sort = json!([{ "column": "service_id", "descending": true }]);
    let copied = world
        .call(
            "activation.copyText",
            json!({
                "organisation": world.organisation, "columns": ["last_name", "service_id"],
                "selection": { "kind": "keys", "keys": keys },
                "view": { "state": "nobody has this", "sort": sort },
            }),
        )
        .await;
    assert_eq!(copied["rows"], 3);
    let expected = format!(
        "Last Name\tService ID\n\"\"\"d\"\t{}\nb c\t{}\n'=1\t{}\n",
        all[2].user_id, all[1].user_id, all[0].user_id
    );
    assert_eq!(copied["text"], expected);
    let whole = world
        .call(
            "activation.copyText",
            json!({
                "organisation": world.organisation, "columns": ["service_id"],
                "selection": { "kind": "view", "view": { "sort": sort } }, "view": {},
            }),
        )
        .await;
    assert_eq!(whole["rows"], 20);
}
