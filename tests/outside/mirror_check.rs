//! What the copy of Webex says of a template, on the page where its files are checked (product B6): offline too, with the
//! copy's age, beside what the files alone say.

use patchbay_tests::{Gifts, LICENCE, World};
use serde_json::{Value, json};

const STRANGER: &str = "00000000-0000-4000-8000-000000000000";
const ALL: Value = Value::Null;

/// The check once the copy's word is in it.
async fn judged(world: &World, template: &str) -> Value {
    world
        .until("the judgement", async || {
            let check = world
                .call("bulkAssignments.check", json!({ "template": template }))
                .await;
            assert_ne!(check["mirror"]["state"], "failed", "{check:#}");
            (check["mirror"]["state"] == "judged").then_some(check)
        })
        .await
}

/// `(file row, code, source)` of every finding of the grid's rows, in order.
async fn findings(world: &World, template: &str, code: Value) -> Vec<(u64, String, String)> {
    let filter = json!({ "problemsOnly": true, "code": code, "search": null });
    let request = json!({ "template": template, "filter": filter, "offset": 0, "limit": 1000 });
    let rows = world.call("bulkAssignments.rows", request).await;
    let of = |row: &Value| -> Vec<(u64, String, String)> {
        let at = row["row"].as_u64().unwrap();
        let issues = row["issues"].as_array().unwrap().iter();
        issues
            .map(|issue| {
                let text = |field: &str| issue[field].as_str().unwrap().to_owned();
                (at, text("code"), text("source"))
            })
            .collect()
    };
    rows["rows"].as_array().unwrap().iter().flat_map(of).collect()
}

fn cell(row: u32, column: &str) -> Value {
    json!({ "file": 0, "row": row, "column": column })
}

/// A file in which each row but the first is at odds with Webex in its own way, and the codes.
fn at_odds(world: &World) -> (String, Vec<&'static str>) {
    let rows = world.rows(5);
    let lines = world.sandbox.numbers();
    let here = |line: &&webex_sandbox::NumberView| line.location_name == patchbay_tests::PLACE;
    let taken_extension = lines
        .iter()
        .filter(here)
        .find_map(|line| line.owner_type.as_ref().and(line.extension.clone()))
        .unwrap();
    let taken_number = lines
        .iter()
        .filter(here)
        .find_map(|line| line.owner_type.as_ref().and(line.number.clone()))
        .unwrap();
    let assigned = world
        .sandbox
        .people()
        .into_iter()
        .find(|person| person.extension.is_some())
        .unwrap();
    let mut file = String::from("Ext Key,Identity UUID,Number\n");
    let mut add = |ext: &str, who: &str, number: &str| file.push_str(&format!("{ext},{who},{number}\n"));
    add(&rows[0].ext_key, &rows[0].person.uuid, "");
    add(&rows[1].ext_key, STRANGER, "");
    add(&taken_extension, &rows[2].person.uuid, "");
    add(&rows[3].ext_key, &rows[3].person.uuid, &taken_number);
    add(&rows[4].ext_key, &rows[4].person.uuid, "+15005550006");
    add("5998", &assigned.uuid, "");
    let codes = vec![
        "user_not_found",
        "extension_taken",
        "number_taken",
        "number_not_in_inventory",
        "user_already_assigned",
    ];
    (file, codes)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_says_what_the_copy_says_with_its_age_and_offline() {
    let mut world = World::new().await;
    let (file, codes) = at_odds(&world);
    let template = world.template_of(&file, &Gifts::default()).await;
    let check = judged(&world, &template).await;
    let status = world
        .call("mirror.status", json!({ "organisation": world.organisation }))
        .await;
    assert_eq!(check["mirror"]["asOf"], status["asOf"]);
    assert_eq!(
        (
            &check["mirror"]["errors"],
            &check["errors"],
            &check["problemRows"]
        ),
        (&json!(5), &json!(0), &json!(5)),
        "errors against the copy are no errors of the file: {check:#}"
    );
    let expected: Vec<_> = (2..)
        .zip(&codes)
        .map(|(row, code)| (row, (*code).to_owned(), "mirror".to_owned()))
        .collect();
    assert_eq!(findings(&world, &template, ALL).await, expected);
    for group in check["groups"].as_array().unwrap() {
        assert_eq!(
            (&group["source"], &group["severity"], &group["fixable"]),
            (&json!("mirror"), &json!("error"), &json!(0)),
            "{group:#}"
        );
    }

    // The plan judges alike, row by row, word by word.
    let request = json!({ "template": template, "filter": { "outcome": "skip", "code": null, "search": null }, "offset": 0, "limit": 10 });
    let planned = world.call("bulkAssignments.planRows", request).await;
    let left_out: Vec<_> = planned["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["fileRow"].as_u64().unwrap(),
                row["code"].as_str().unwrap().to_owned(),
                "mirror".to_owned(),
            )
        })
        .collect();
    assert_eq!(left_out, expected);

    // The strip and the way from problem to problem know them too.
    let strip = world
        .call(
            "bulkAssignments.strip",
            json!({ "template": template, "buckets": 6 }),
        )
        .await;
    assert_eq!(
        strip["buckets"],
        json!([null, "error", "error", "error", "error", "error"])
    );
    let filter = json!({ "problemsOnly": true, "code": null, "search": null });
    let request = json!({ "template": template, "filter": filter, "after": cell(2, "identity_uuid"), "backwards": false });
    let next = world.call("bulkAssignments.nextProblem", request).await;
    assert_eq!(next["found"]["cell"], cell(3, "ext_key"));

    // Without a network and after a restart it says the same.
    world.network.cut().await;
    world.restart().await;
    let again = judged(&world, &template).await;
    assert_eq!(again["mirror"], check["mirror"]);
    assert_eq!(findings(&world, &template, ALL).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_is_answered_at_once_and_judged_behind_it() {
    let world = World::new().await;
    let (file, _) = at_odds(&world);
    let template = world.template_of(&file, &Gifts::default()).await;
    judged(&world, &template).await;
    let free = world.rows(6).pop().unwrap();
    let edit = json!({ "template": template, "cell": cell(2, "identity_uuid"), "value": free.person.uuid });
    let done = world.call("bulkAssignments.editCell", edit).await;
    assert_eq!(done["check"]["mirror"]["state"], "judging");
    assert_eq!(
        findings(&world, &template, json!("user_not_found")).await,
        [],
        "what was said of the old value is gone with it"
    );
    let check = judged(&world, &template).await;
    assert_eq!(check["mirror"]["errors"], 4);

    // An error of the file: the row is not judged by the copy, and the plan waits for it alone.
    let edit = json!({ "template": template, "cell": cell(3, "ext_key"), "value": "12" });
    world.call("bulkAssignments.editCell", edit).await;
    let check = judged(&world, &template).await;
    assert_eq!(
        (&check["errors"], &check["mirror"]["errors"]),
        (&json!(1), &json!(3))
    );
    let of_row = findings(&world, &template, ALL).await;
    assert!(
        of_row.contains(&(3, "ext_key_length".to_owned(), "file".to_owned())),
        "{of_row:?}"
    );
    world
        .call("bulkAssignments.undo", json!({ "template": template }))
        .await;
    let check = judged(&world, &template).await;
    assert_eq!(
        (&check["errors"], &check["mirror"]["errors"]),
        (&json!(0), &json!(4))
    );

    // A newer copy is judged by without being asked for.
    let person = world.free_people().pop().unwrap();
    world.somebody_assigns(&person, &world.rows(1)[0].ext_key).await;
    world.sync().await;
    let check = judged(&world, &template).await;
    assert_eq!(check["mirror"]["errors"], 5, "{check:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_organisation_or_copy_the_check_is_the_files_alone() {
    let world = World::new().await;
    let other = world.register("Southgate").await;
    for (organisation, state) in [(Value::Null, "no_organisation"), (json!(other), "no_copy")] {
        let fields = json!({
            "name": "Prepared", "organisation": organisation, "location": null, "callingLicence": null, "addOns": [],
        });
        let template = world
            .call("bulkAssignments.create", json!({ "fields": fields }))
            .await;
        let template = template["id"].as_str().unwrap();
        let file = json!({ "kind": "content", "name": "users.csv", "base64": "RXh0IEtleSxVc2VyJ3MgTmFtZQoxMixBCg==" });
        let check = world
            .call(
                "bulkAssignments.addFiles",
                json!({ "template": template, "files": [file] }),
            )
            .await;
        assert_eq!(
            (&check["mirror"], &check["errors"]),
            (&json!({ "state": state }), &json!(1)),
            "{check:#}"
        );

        // Bound to an organisation with a copy, people are judged before a location is chosen.
        let fields = json!({
            "name": "Prepared", "organisation": world.organisation, "location": null, "callingLicence": null, "addOns": [],
        });
        world
            .call(
                "bulkAssignments.update",
                json!({ "template": template, "fields": fields }),
            )
            .await;
        let edit = json!({ "template": template, "cell": cell(1, "ext_key"), "value": "5997" });
        world.call("bulkAssignments.editCell", edit).await;
        let check = judged(&world, template).await;
        assert_eq!(check["groups"][0]["code"], "user_not_found", "{check:#}");
        assert_eq!(check["fileIssues"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_that_moved_alone_is_noticed_from_what_webex_holds() {
    let world = World::new().await;
    let have: Vec<_> = world
        .sandbox
        .people()
        .into_iter()
        .filter(|person| person.number.is_some() && person.extension.is_some())
        .filter(|person| person.location_name.as_deref() == Some(patchbay_tests::PLACE))
        .filter(|person| {
            person
                .licences
                .iter()
                .any(|licence| json!(licence) == world.licence(LICENCE)["id"])
        })
        .take(8)
        .collect();
    assert_eq!(have.len(), 8);
    let file = |moved: usize| {
        let mut file = String::from("Ext Key,Identity UUID,Number\n");
        for (at, person) in have.iter().enumerate() {
            let number = have[(at + moved) % have.len()].number.as_deref().unwrap();
            file.push_str(&format!(
                "{},{},{number}\n",
                person.extension.as_deref().unwrap(),
                person.uuid
            ));
        }
        file
    };
    let template = world.template_of(&file(0), &Gifts::default()).await;
    let check = judged(&world, &template).await;
    assert_eq!(
        (&check["mirror"]["warnings"], &check["mirror"]["errors"]),
        (&json!(0), &json!(0)),
        "{check:#}"
    );

    let template = world.template_of(&file(7), &Gifts::default()).await;
    let check = judged(&world, &template).await;
    assert_eq!(check["mirror"]["warnings"], 1, "{check:#}");
    let group = check["groups"]
        .as_array()
        .unwrap()
        .iter()
        .find(|group| group["code"] == "rows_shifted")
        .unwrap();
    assert_eq!(
        (&group["severity"], &group["source"]),
        (&json!("warning"), &json!("mirror"))
    );
    assert!(
        group["sentence"].as_str().unwrap().contains("one row below"),
        "{group:#}"
    );
    assert_eq!(
        findings(&world, &template, json!("rows_shifted")).await.len(),
        2,
        "the warning, and what the first row says besides"
    );
    let plan = world.plan(&template).await;
    assert_eq!(plan["warnings"][0]["code"], "rows_shifted", "{plan:#}");
}
