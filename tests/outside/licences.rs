//! Licence pools that somebody else empties (product, promise 4).

use patchbay_tests::{Gifts, LICENCE, World, answer};
use serde_json::json;
use webex_sandbox::{Effect, Fault, FaultBody, When};

/// Three units of it are left.
const ADD_ON: &str = "Webex Attendant Console";

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_calling_pool_pauses_the_run_until_it_is_refilled() {
    let world = World::new().await;
    let rows = world.rows(20);
    let total = world.units(LICENCE);
    world.empties_pool(LICENCE, 5);
    let run = world.start_rows(&rows).await;
    let progress = world.paused_unharmed(&run, "licences_exhausted").await;
    assert!(
        progress["hold"]["message"].as_str().unwrap().contains(LICENCE),
        "{progress:#}"
    );
    assert!(progress["pending"].as_u64().unwrap() >= 10, "{progress:#}");

    // Still empty: it pauses again and burns nothing.
    world.resume(&run).await;
    let progress = world.paused(&run, "licences_exhausted").await;
    assert_eq!(progress["failed"], 0, "{progress:#}");

    world.set_units(LICENCE, total + 50);
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
    let total = world.units(LICENCE);
    world
        .sandbox
        .add_fault(Fault::on_assignment(Effect::CountersLag { seconds: 3_600 }));
    world.empties_pool(LICENCE, 5);
    let run = world.start_rows(&rows).await;
    world.paused_unharmed(&run, "licences_exhausted").await;
    world.set_units(LICENCE, total + 50);
    world.resume(&run).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 20);
}

/// What Webex answers instead of a list.
fn instead(path: &str, body: serde_json::Value) -> Fault {
    let mut fault = Fault::on_path(path, answer(200, When::Before, FaultBody::Json(body)));
    fault.matcher.method = Some("GET".into());
    fault.count = None;
    fault
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licence_without_limit_is_unlimited_wherever_it_is_shown() {
    let world = World::new().await;
    let chosen = world.licence(LICENCE);
    let list = json!({ "items": [
        { "id": chosen["id"], "name": LICENCE, "totalUnits": -1, "consumedUnits": 7 },
        { "id": world.licence(ADD_ON)["id"], "name": ADD_ON, "consumedUnits": 2 },
    ] });
    world.sandbox.add_fault(instead("/v1/licenses", list));
    world.sync().await;
    let shown = world
        .call("mirror.licences", json!({ "organisation": world.organisation }))
        .await;
    for licence in shown["licences"].as_array().unwrap() {
        assert_eq!(
            (&licence["total"], &licence["available"]),
            (&json!(null), &json!(null)),
            "{licence:#}"
        );
    }
    let template = world
        .template(
            &world.rows(2),
            &Gifts {
                add_ons: vec![ADD_ON],
            },
        )
        .await;
    let plan = world.plan(&template).await;
    assert_eq!((&plan["toAssign"], &plan["leftOut"]), (&json!(2), &json!(0)));
    for need in plan["licences"].as_array().unwrap() {
        assert_eq!(
            (&need["needed"], &need["available"], &need["sufficient"]),
            (&json!(2), &json!(null), &json!(true)),
            "{need:#}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_work_number_of_a_person_counts() {
    let world = World::new().await;
    let person = world
        .sandbox
        .people()
        .into_iter()
        .find(|person| {
            person.number.is_some()
                && person.location_name.as_deref() == Some(patchbay_tests::PLACE)
                && person
                    .licences
                    .iter()
                    .any(|licence| json!(licence) == world.licence(LICENCE)["id"])
        })
        .unwrap();
    let (extension, second) = (person.extension.clone().unwrap(), person.number.clone().unwrap());
    // Webex lists another number first; the one of the file is the second.
    let numbers = json!([{ "type": "work", "value": "+15005550006" }, { "type": "work", "value": second }]);
    let shown = json!({
        "id": person.id, "displayName": person.display_name, "emails": [person.email], "licenses": person.licences,
        "locationId": person.location, "extension": extension, "phoneNumbers": numbers,
    });
    world
        .sandbox
        .add_fault(instead("/v1/people", json!({ "items": [shown] })));
    world.sync().await;
    let people = world
        .call(
            "mirror.people",
            json!({ "organisation": world.organisation, "search": second, "offset": 0, "limit": 5 }),
        )
        .await;
    assert_eq!(
        people["people"][0]["numbers"],
        json!(["+15005550006", second]),
        "{people:#}"
    );
    let file = |number: &str| {
        format!(
            "Ext Key,Identity UUID,Number\n{extension},{},{number}\n",
            person.uuid
        )
    };
    let template = world.template_of(&file(&second), &Gifts::default()).await;
    let plan = world.plan(&template).await;
    assert_eq!(
        (&plan["already"], &plan["toAssign"]),
        (&json!(1), &json!(0)),
        "{plan:#}"
    );
    let template = world.template_of(&file(""), &Gifts::default()).await;
    let plan = world.plan(&template).await;
    let conflict = &plan["conflicts"][0];
    assert_eq!(conflict["code"], "user_already_assigned", "{plan:#}");
    let message = conflict["rows"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("+15005550006") && message.contains(&second),
        "{message}"
    );
}
