//! Changes that nothing stands in the way of: what one would do, and how it is followed.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_says_what_comes_and_goes_and_sends_nothing() {
    let world = partner(Seed::Demo).await;
    let customer = all(
        &world,
        json!({ "search": "attendant_console", "status": "provisioned" }),
    )
    .await
    .remove(0);
    let name = customer["orgName"].as_str().unwrap();
    let preview = async |update: &Value| world.call("wholesale.preview", update.clone()).await;

    let seen = preview(&with_packages(
        &world,
        &customer,
        &["webex_calling", "attendant_console", "webex_voice"],
    ))
    .await;
    assert_eq!(seen["packagesAdded"], json!(["webex_voice"]));
    assert_eq!(seen["packagesRemoved"], json!(["webex_meetings"]));
    let destroys = seen["destroys"][0].as_str().unwrap();
    assert!(
        destroys.contains(name) && destroys.contains("Webex Meetings"),
        "{destroys}"
    );
    assert_eq!(
        (&seen["problems"], &seen["detailsChanged"]),
        (&json!([]), &json!(false))
    );
    assert_eq!(seen["remarks"][0]["code"], "100", "what Webex said in favour");

    let seen = preview(&with_packages(
        &world,
        &customer,
        &["webex_meetings", "attendant_console"],
    ))
    .await;
    let problem = seen["problems"][0]["description"].as_str().unwrap();
    assert!(
        problem.contains("Attendant Console needs one of these"),
        "{problem}"
    );
    let seen = preview(&with_packages(
        &world,
        &customer,
        &["webex_calling", "hyper_calling"],
    ))
    .await;
    assert_eq!(
        seen["problems"][0]["code"], "10010",
        "Webex's check knows what Patchbay does not: {seen:#}"
    );

    let mut update = with_packages(&world, &customer, &["webex_calling"]);
    for (field, value, at) in [
        ("externalId", json!(""), ""),
        ("externalId", json!(some(&world, 0).await["externalId"]), ""),
        ("country", json!("United States"), "address"),
        ("city", json!(null), "address"),
        ("addressLine2", json!("x".repeat(51)), "address"),
    ] {
        let mut wrong = update.clone();
        let place = if at.is_empty() {
            &mut wrong["change"]
        } else {
            &mut wrong["change"][at]
        };
        place[field] = value;
        let refused = world
            .refused("wholesale.preview", wrong.clone(), ErrorCode::Invalid)
            .await;
        assert_eq!(refused.field.as_deref(), Some(field), "{refused:?}");
        let refused = world.refused("wholesale.update", wrong, ErrorCode::Invalid).await;
        assert_eq!(refused.field.as_deref(), Some(field), "{refused:?}");
    }
    // An address that only Webex can judge.
    update["change"]["address"] = json!({
        "addressLine1": "1 Main Street", "addressLine2": null, "city": "Denver", "stateOrProvince": null,
        "zipOrPostalCode": null, "country": "US",
    });
    let seen = preview(&update).await;
    assert_eq!(
        (&seen["problems"][0]["code"], &seen["detailsChanged"]),
        (&json!("10005"), &json!(true))
    );

    // Webex's check out of reach is no verdict.
    world.sandbox.add_fault(Fault::on_path(
        "/v1/wholesale/customers/validate",
        answer(503, When::Before, FaultBody::Html),
    ));
    let seen = preview(&with_packages(&world, &customer, &["webex_calling"])).await;
    assert_eq!(seen["problems"], json!([]));
    assert!(
        seen["remarks"][0]["description"]
            .as_str()
            .unwrap()
            .contains("could not be made"),
        "{seen:#}"
    );
    assert!(sent(&world, "PUT").is_empty());
    let refused = world
        .refused(
            "wholesale.update",
            with_packages(&world, &customer, &["attendant_console"]),
            ErrorCode::Invalid,
        )
        .await;
    assert_eq!(refused.field.as_deref(), Some("packages"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_sends_everything_and_is_followed_until_webex_has_settled_it() {
    let world = partner(Seed::Demo).await;
    world.sandbox.set_wholesale_pace(HOUR, None);
    let customer = some(&world, 0).await;
    let id = customer["id"].as_str().unwrap();
    let update = with_packages(&world, &customer, &["webex_suite", "webex_voice"]);
    let transaction = begin(&world, update).await;
    let seen = world
        .until("Webex at work", async || {
            let customer = one(&world, id).await;
            (customer["status"] == "updating").then_some(customer)
        })
        .await;
    assert_eq!(seen["followedBy"], json!(transaction), "{seen:#}");
    let put = &sent(&world, "PUT")[0];
    assert_eq!(
        put.body.as_ref().unwrap(),
        &json!({
            "externalId": customer["externalId"],
            "packages": ["webex_suite", "webex_voice"],
            "address": customer["address"].as_object().unwrap().iter().filter(|(_, text)| !text.is_null())
                .map(|(name, text)| (name.clone(), text.clone())).collect::<serde_json::Map<_, _>>(),
        }),
        "what is as it was is sent as well"
    );
    world.sandbox.advance(2 * HOUR);
    let transaction = world.transaction_over(&transaction).await;
    assert_eq!(transaction["state"], "succeeded", "{transaction:#}");
    assert_eq!(transaction["kind"], "wholesale_change");
    assert_eq!(transaction["steps"].as_array().unwrap().len(), 4);
    assert_eq!(transaction["trackingIds"].as_array().unwrap().len(), 1);
    let settled = one(&world, id).await;
    assert_eq!(
        (&settled["status"], &settled["packages"], &settled["followedBy"]),
        (
            &json!("provisioned"),
            &json!(["webex_suite", "webex_voice"]),
            &Value::Null
        )
    );
    assert_eq!(settled["orgName"], customer["orgName"]);
    assert_eq!(sent(&world, "PUT").len(), 1);

    let refused = world
        .refused(
            "wholesale.update",
            with_packages(&world, &settled, &["webex_voice", "webex_suite"]),
            ErrorCode::Conflict,
        )
        .await;
    assert!(refused.message.contains("as you want it already"), "{refused:?}");

    // Only a new external id and address.
    let mut update = with_packages(&world, &settled, &["webex_suite", "webex_voice"]);
    world.sandbox.set_wholesale_pace(Duration::ZERO, None);
    update["change"]["externalId"] = json!(" NEW-1 ");
    update["change"]["address"]["city"] = json!("Leeds");
    let transaction = begin(&world, update).await;
    assert_eq!(world.transaction_over(&transaction).await["state"], "succeeded");
    let settled = one(&world, id).await;
    assert_eq!(
        (&settled["externalId"], &settled["address"]["city"]),
        (&json!("NEW-1"), &json!("Leeds"))
    );
    let saved = world.folder.path().join("audit.jsonl");
    world.call("audit.export", json!({ "path": saved })).await;
    let log = std::fs::read_to_string(saved).unwrap();
    assert_eq!(log.matches("wholesale_customer_changed").count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_ends_with_errors_says_which_and_keeps_what_is() {
    let world = partner(Seed::Awkward).await;
    let customer = some(&world, 0).await;
    let id = customer["id"].as_str().unwrap();
    let update = with_packages(&world, &customer, &["webex_calling", "cx_ai_assistant"]);
    let transaction = begin(&world, update).await;
    let transaction = world.transaction_over(&transaction).await;
    assert_eq!(
        (&transaction["state"], &transaction["failure"]["code"]),
        (&json!("failed"), &json!("refused"))
    );
    let said = message(&transaction);
    for part in [
        customer["orgName"].as_str().unwrap(),
        "Contact Center AI Assistant: error",
        "2560",
        "maintenance",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(transaction["failure"]["trackingId"].is_string());
    let now = one(&world, id).await;
    assert_eq!(now["status"], "provisioned_with_errors");
    assert_eq!(now["packages"], json!(["webex_calling", "cx_ai_assistant"]));
    let package = &now["resourceDetails"][1];
    assert_eq!(
        (
            &package["status"],
            &package["warnings"][0]["code"],
            &package["errors"]
        ),
        (&json!("error"), &json!("2560"), &json!([]))
    );

    let broken = &all(&world, json!({ "search": "sentinel.error" })).await;
    let broken = broken
        .iter()
        .find(|c| c["externalId"] == "sentinel.error")
        .unwrap();
    let transaction = begin(
        &world,
        with_packages(&world, broken, &["webex_voice", "webex_suite"]),
    )
    .await;
    let transaction = world.transaction_over(&transaction).await;
    assert!(
        message(&transaction).contains("billing address was rejected (10022)"),
        "{transaction:#}"
    );
    assert_eq!(
        one(&world, broken["id"].as_str().unwrap()).await["status"],
        "error"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_takes_long_is_followed_on_and_says_so() {
    let world = partner(Seed::Demo).await;
    world.sandbox.set_wholesale_pace(HOUR, None);
    let customer = some(&world, 0).await;
    let transaction = begin(&world, with_packages(&world, &customer, &["webex_voice"])).await;
    let look = async |part: &'static str| {
        world
            .until(part, async || {
                let seen = world
                    .call("transactions.get", json!({ "transaction": transaction }))
                    .await;
                assert_eq!(seen["state"], "running", "{seen:#}");
                detail(&seen).contains(part).then_some(())
            })
            .await;
    };
    look("Webex is at work: updating.").await;
    world.clock.advance(jiff::SignedDuration::from_mins(4));
    look("longer than usual (4 minutes").await;
    // Trouble on the way ends nothing.
    world.network.cut().await;
    look("goes on looking").await;
    world.network.restore().await;
    world.sandbox.advance(2 * HOUR);
    let transaction = world.transaction_over(&transaction).await;
    assert_eq!(transaction["state"], "succeeded", "{transaction:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn following_ends_after_a_day_at_the_latest() {
    let world = partner(Seed::Awkward).await;
    let never = &all(&world, json!({ "search": "sentinel.never" })).await[0];
    let transaction = begin(
        &world,
        with_packages(&world, never, &["webex_voice", "webex_suite"]),
    )
    .await;
    world
        .until("Webex at work", async || {
            let seen = world
                .call("transactions.get", json!({ "transaction": transaction }))
                .await;
            detail(&seen).contains("at work").then_some(())
        })
        .await;
    world.clock.advance(jiff::SignedDuration::from_hours(25));
    let transaction = world.transaction_over(&transaction).await;
    assert!(
        message(&transaction).contains("after 25 hours still shows the status updating"),
        "{transaction:#}"
    );
    assert_eq!(
        one(&world, never["id"].as_str().unwrap()).await["followedBy"],
        Value::Null
    );
}
