//! The demo organisation over restarts: its sandbox begins anew each time, what was done to it does not.

use patchbay_tests::{World, quick};
use serde_json::{Value, json};

/// Enough that the demo's ten requests a second leave time to look.
const ROWS: usize = 90;

struct Demo {
    organisation: String,
    template: String,
}

/// Opens the demo organisation and makes a template of some rows of its sample.
async fn opened(world: &World) -> Demo {
    let opened = world.call("demo.open", json!({})).await;
    let sample = world
        .call("bulkAssignments.get", json!({ "template": opened["template"] }))
        .await;
    let people =
        json!({ "organisation": opened["organisation"], "search": null, "offset": 0, "limit": 1000 });
    let people = world.call("mirror.people", people).await;
    let free = people["people"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|person| {
            person["extension"].is_null() && !person["email"].as_str().unwrap().contains("sentinel")
        })
        .skip(10)
        .take(ROWS);
    let mut file = String::from("Ext Key,Identity UUID\n");
    for (ext, person) in (7000..).zip(free) {
        file.push_str(&format!("{ext},{}\n", person["uuid"].as_str().unwrap()));
    }
    let fields = json!({
        "name": "Rehearsal", "organisation": opened["organisation"], "location": sample["location"],
        "callingLicence": sample["callingLicence"], "addOns": [],
    });
    let template = world
        .call("bulkAssignments.create", json!({ "fields": fields }))
        .await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let file = json!({ "kind": "content", "name": "users.csv", "base64": base64(&file) });
    let check = world
        .call(
            "bulkAssignments.addFiles",
            json!({ "template": template, "files": [file] }),
        )
        .await;
    assert_eq!(check["rows"], ROWS);
    Demo {
        organisation: opened["organisation"].as_str().unwrap().to_owned(),
        template,
    }
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// Extensions from 7000 on that the copy shows somebody to have.
async fn given(world: &World, organisation: &str) -> usize {
    const PAGE: usize = 1_000;
    let (mut offset, mut found) = (0, 0);
    loop {
        let window = json!({ "organisation": organisation, "search": null, "offset": offset, "limit": PAGE });
        let window = world.call("mirror.people", window).await;
        let people = window["people"].as_array().unwrap();
        let ours = |person: &&Value| {
            let extension = person["extension"].as_str().and_then(|text| text.parse().ok());
            extension.is_some_and(|extension: usize| (7_000..7_000 + ROWS).contains(&extension))
        };
        found += people.iter().filter(ours).count();
        offset += people.len();
        if people.len() < PAGE {
            return found;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_cut_off_goes_on_after_a_restart_and_ends_as_the_demo_shows() {
    let mut world = World::unconnected(patchbay_tests::Setting {
        timing: quick(),
        ..patchbay_tests::Setting::default()
    })
    .await;
    let demo = opened(&world).await;
    let run = world.start(&demo.template).await;
    world
        .until("the first rows", async || {
            (world.progress(&run).await["assigned"].as_u64().unwrap() >= 5).then_some(())
        })
        .await;
    world.restart().await;
    let progress = world.progress(&run).await;
    let before = progress["assigned"].as_u64().unwrap();
    assert!(before >= 5 && before < ROWS as u64, "{progress:#}");

    // The simulated Webex is a new one, and yet as the run left it.
    world.call("demo.open", json!({})).await;
    assert_eq!(given(&world, &demo.organisation).await as u64, before);
    world.resume(&run).await;
    let progress = world.completed(&run).await;
    assert_eq!(
        (
            &progress["assigned"],
            &progress["failed"],
            &progress["unknown"],
            &progress["skipped"]
        ),
        (&json!(ROWS), &json!(0), &json!(0), &json!(0)),
        "{progress:#}"
    );

    // And once more: what was done stays done, and a second look finds nothing to do.
    world.settled().await;
    world.restart().await;
    world.call("demo.open", json!({})).await;
    assert_eq!(given(&world, &demo.organisation).await, ROWS);
    let again = world
        .call("bulkAssignments.duplicate", json!({ "template": demo.template }))
        .await;
    let plan = world.plan(again["id"].as_str().unwrap()).await;
    assert_eq!(
        (&plan["already"], &plan["toAssign"]),
        (&json!(ROWS), &json!(0)),
        "{plan:#}"
    );
}
