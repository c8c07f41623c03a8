//! Licence pools that somebody else empties (product, promise 4).

use patchbay_tests::World;
use patchbay_tests::{Gifts, LICENCE};
use serde_json::json;
use webex_sandbox::{Effect, Fault};

/// Three units of it are left.
const ADD_ON: &str = "Webex Attendant Console";

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_calling_pool_pauses_the_run_until_it_is_refilled() {
    let world = World::new().await;
    let rows = world.rows(20);
    let total = world
        .sandbox
        .licences()
        .into_iter()
        .find(|licence| licence.name == LICENCE)
        .unwrap()
        .total;
    world.sandbox.add_fault(
        Fault::on_assignment(Effect::EmptyPool {
            licence: LICENCE.to_owned(),
        })
        .from_nth(5),
    );
    let run = world.start_rows(&rows).await;
    let progress = world.paused(&run, "licences_exhausted").await;
    assert_eq!(
        (&progress["failed"], &progress["unknown"]),
        (&json!(0), &json!(0)),
        "{progress:#}"
    );
    assert!(
        progress["hold"]["message"].as_str().unwrap().contains(LICENCE),
        "{progress:#}"
    );
    assert!(progress["pending"].as_u64().unwrap() >= 10, "{progress:#}");

    // Still empty: it pauses again and burns nothing.
    world.resume(&run).await;
    let progress = world.paused(&run, "licences_exhausted").await;
    assert_eq!(progress["failed"], 0, "{progress:#}");

    assert!(
        world
            .sandbox
            .set_licence_total(world.licence(LICENCE)["id"].as_str().unwrap(), total + 50)
    );
    world.resume(&run).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 20);
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_add_on_fails_its_rows_truthfully_and_pauses() {
    let world = World::new().await;
    let rows = world.rows(3);
    world.sandbox.add_fault(
        Fault::on_assignment(Effect::EmptyPool {
            licence: ADD_ON.to_owned(),
        })
        .from_nth(2),
    );
    let template = world
        .template(
            &rows,
            &Gifts {
                add_ons: vec![ADD_ON],
            },
        )
        .await;
    let plan = world.plan(&template).await;
    assert_eq!(plan["toAssign"], 3, "{plan:#}");
    let run = world.start(&template).await;
    let progress = world.paused(&run, "licences_exhausted").await;
    assert!(
        progress["hold"]["message"].as_str().unwrap().contains(ADD_ON),
        "{progress:#}"
    );
    let report = world.report(&run).await;
    for row in report.rows.iter().filter(|row| row["outcome"] == "failed") {
        assert_eq!(row["code"], "licences_incomplete", "{row:#}");
        assert!(row["message"].as_str().unwrap().contains(ADD_ON), "{row:#}");
        let person = world.sandbox.person(row["identity"].as_str().unwrap()).unwrap();
        assert!(
            person.extension.is_some() && !person.licence_names.iter().any(|name| name == ADD_ON),
            "{person:#?}"
        );
    }
    assert!(report.count("failed") >= 1);

    world.call("runs.cancel", json!({ "run": run })).await;
    let report = world.truth(&run).await;
    assert_eq!(
        report.count("assigned") + report.count("failed") + report.count("skipped"),
        3
    );
    let whole = world
        .sandbox
        .people()
        .iter()
        .filter(|person| rows.iter().any(|row| row.person.uuid == person.uuid))
        .filter(|person| person.licence_names.iter().any(|name| name == ADD_ON))
        .count();
    assert_eq!(
        report.count("assigned"),
        whole,
        "assigned means everything was given"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_beyond_the_units_left_are_left_out_with_their_code() {
    let world = World::new().await;
    let rows = world.rows(5);
    let template = world
        .template(
            &rows,
            &Gifts {
                add_ons: vec![ADD_ON],
            },
        )
        .await;
    let plan = world.plan(&template).await;
    assert_eq!(
        (&plan["toAssign"], &plan["leftOut"]),
        (&json!(3), &json!(2)),
        "{plan:#}"
    );
    assert_eq!(plan["conflicts"][0]["code"], "addon_insufficient", "{plan:#}");
    let run = world.start(&template).await;
    world.completed(&run).await;
    let report = world.truth(&run).await;
    assert_eq!((report.count("assigned"), report.count("skipped")), (3, 2));
    assert_eq!(world.assignments().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn counters_that_lag_burn_no_row() {
    let world = World::new().await;
    let rows = world.rows(20);
    let total = world
        .sandbox
        .licences()
        .into_iter()
        .find(|licence| licence.name == LICENCE)
        .unwrap()
        .total;
    world
        .sandbox
        .add_fault(Fault::on_assignment(Effect::CountersLag { seconds: 3_600 }));
    world.sandbox.add_fault(
        Fault::on_assignment(Effect::EmptyPool {
            licence: LICENCE.to_owned(),
        })
        .from_nth(5),
    );
    let run = world.start_rows(&rows).await;
    let progress = world.paused(&run, "licences_exhausted").await;
    assert_eq!(
        (&progress["failed"], &progress["unknown"]),
        (&json!(0), &json!(0)),
        "{progress:#}"
    );
    assert!(
        world
            .sandbox
            .set_licence_total(world.licence(LICENCE)["id"].as_str().unwrap(), total + 50)
    );
    world.resume(&run).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 20);
}
