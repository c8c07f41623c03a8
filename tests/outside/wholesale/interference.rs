//! Changes that meet lost answers, refusals, somebody else, and the end of Patchbay.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_are_settled_by_reading_and_never_doubled() {
    let world = partner(Seed::Demo).await;
    world.sandbox.set_wholesale_pace(HOUR, Some(3));
    let effects = [
        (Effect::Drop { when: When::After }, 1),
        (answer(502, When::After, FaultBody::Html), 1),
        (answer(504, When::After, FaultBody::Empty), 1),
        (answer(200, When::After, FaultBody::Html), 1),
        // An answer that says no, and yet it was done.
        (answer(400, When::After, FaultBody::Error), 1),
        (Effect::Drop { when: When::Before }, 2),
        (answer(503, When::Before, FaultBody::Error), 2),
    ];
    for (at, (effect, times)) in effects.into_iter().enumerate() {
        let customer = some(&world, at).await;
        let id = customer["id"].as_str().unwrap();
        world.sandbox.clear_journal();
        world.sandbox.add_fault(on_put(effect.clone()));
        let transaction = begin(
            &world,
            with_packages(&world, &customer, &["webex_voice", "webex_meetings"]),
        )
        .await;
        let transaction = world.transaction_over(&transaction).await;
        assert_eq!(transaction["state"], "succeeded", "{effect:?} {transaction:#}");
        assert_eq!(truth(&world, id).packages, ["webex_voice", "webex_meetings"]);
        let puts = sent(&world, "PUT");
        assert_eq!(puts.len(), times, "{effect:?}");
        assert_eq!(puts.iter().filter(|put| put.applied).count(), 1, "{effect:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_webex_refuses_is_told_and_changes_nothing() {
    let world = partner(Seed::Awkward).await;
    let customer = some(&world, 0).await;
    let id = customer["id"].as_str().unwrap();
    // By its check: nothing is sent.
    let mut update = with_packages(&world, &customer, &["webex_voice"]);
    update["change"]["externalId"] = json!("sentinel.refused.too");
    let transaction = begin(&world, update).await;
    let transaction = world.transaction_over(&transaction).await;
    assert!(
        message(&transaction).contains("rejected by the partner's billing system (10046)"),
        "{transaction:#}"
    );
    assert!(sent(&world, "PUT").is_empty());
    // By the request itself, also without a check before; and for ever.
    for (effect, puts) in [
        (answer(400, When::Before, FaultBody::Error), 1),
        (answer(403, When::Before, FaultBody::Error), 1),
        (answer(409, When::Before, FaultBody::Error), 1),
        (Effect::Drop { when: When::Before }, 3),
    ] {
        world.sandbox.clear_journal();
        world.sandbox.add_fault(Fault::on_path(
            "/v1/wholesale/customers/validate",
            answer(404, When::Before, FaultBody::Error),
        ));
        world.sandbox.add_fault(on_put(effect.clone()).times(None));
        let transaction = begin(&world, with_packages(&world, &customer, &["webex_voice"])).await;
        let transaction = world.transaction_over(&transaction).await;
        assert_eq!(transaction["state"], "failed", "{effect:?}");
        assert!(
            message(&transaction).contains("Nothing was changed."),
            "{effect:?} {transaction:#}"
        );
        assert_eq!(sent(&world, "PUT").len(), puts, "{effect:?}");
        world.sandbox.clear_faults();
    }
    assert_eq!(one(&world, id).await["packages"], customer["packages"]);
    assert_eq!(one(&world, id).await["followedBy"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_work_is_not_undone() {
    let world = partner(Seed::Demo).await;
    world.sandbox.set_wholesale_pace(Duration::ZERO, None);
    let customer = some(&world, 0).await;
    let id = customer["id"].as_str().unwrap();
    let theirs = json!({ "packages": ["webex_calling", "cx_premium_agent"] });
    let path = format!("/v1/wholesale/customers/{id}");
    world.somebody_else("PUT", &path, Some(&theirs)).await;
    let transaction = begin(&world, with_packages(&world, &customer, &["webex_voice"])).await;
    let transaction = world.transaction_over(&transaction).await;
    assert!(
        message(&transaction).contains("Somebody else has changed"),
        "{transaction:#}"
    );
    assert!(sent(&world, "PUT").is_empty());
    assert_eq!(
        one(&world, id).await["packages"],
        theirs["packages"],
        "what is there now is shown"
    );

    // At work on it already.
    world.sandbox.set_wholesale_pace(HOUR, None);
    let theirs = json!({ "packages": ["webex_calling"] });
    world.somebody_else("PUT", &path, Some(&theirs)).await;
    let seen = one(&world, id).await;
    let transaction = begin(&world, with_packages(&world, &seen, &["webex_voice"])).await;
    let transaction = world.transaction_over(&transaction).await;
    assert!(message(&transaction).contains("still at work"), "{transaction:#}");
    assert!(sent(&world, "PUT").is_empty());

    // At work on it since we looked: a conflict is no sign that ours arrived.
    let third = some(&world, 2).await;
    world.sandbox.add_fault(Fault::on_path(
        "/v1/wholesale/customers/validate",
        Effect::Delay {
            millis: 400,
            when: When::Before,
        },
    ));
    let transaction = begin(&world, with_packages(&world, &third, &["webex_voice"])).await;
    world
        .until("the first look", async || {
            let seen = world
                .call("transactions.get", json!({ "transaction": transaction }))
                .await;
            (seen["steps"].as_array().unwrap().len() == 2).then_some(())
        })
        .await;
    let path = format!("/v1/wholesale/customers/{}", third["id"].as_str().unwrap());
    let theirs = json!({ "packages": ["webex_calling", "cx_premium_agent"] });
    world.somebody_else("PUT", &path, Some(&theirs)).await;
    let transaction = world.transaction_over(&transaction).await;
    assert!(
        message(&transaction).contains("Nothing was changed."),
        "{transaction:#}"
    );
    assert_eq!(
        truth(&world, third["id"].as_str().unwrap()).packages,
        ["webex_calling", "cx_premium_agent"]
    );
    world.sandbox.clear_journal();

    // A sign-in page in the way of a follower ends nothing; removed while its change is followed.
    let other = some(&world, 1).await;
    let transaction = begin(&world, with_packages(&world, &other, &["webex_voice"])).await;
    world
        .until("Webex at work", async || {
            let seen = one(&world, other["id"].as_str().unwrap()).await;
            (seen["status"] == "updating").then_some(())
        })
        .await;
    let path = format!("/v1/wholesale/customers/{}", other["id"].as_str().unwrap());
    let mut page = Fault::on_path(&path, answer(200, When::Before, FaultBody::Html)).times(Some(2));
    page.matcher.method = Some("GET".to_owned());
    world.sandbox.add_fault(page);
    world.somebody_else("DELETE", &path, None).await;
    world.sandbox.advance(2 * HOUR);
    let transaction = world.transaction_over(&transaction).await;
    assert!(
        message(&transaction).contains("somebody has removed it"),
        "{transaction:#}"
    );
    world
        .refused(
            "wholesale.customer",
            request(&world, other["id"].as_str().unwrap()),
            ErrorCode::NotFound,
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_has_one_change_at_a_time_in_every_process() {
    let world = partner(Seed::Demo).await;
    world.sandbox.set_wholesale_pace(HOUR, None);
    let customer = some(&world, 0).await;
    let update = with_packages(&world, &customer, &["webex_voice"]);
    let tries = std::iter::repeat_with(|| world.try_call("wholesale.update", update.clone())).take(5);
    let (begun, refused): (Vec<_>, Vec<_>) = futures::future::join_all(tries)
        .await
        .into_iter()
        .partition(Result::is_ok);
    assert_eq!((begun.len(), refused.len()), (1, 4));
    for refusal in refused {
        let refusal = refusal.unwrap_err();
        assert_eq!(refusal.code, ErrorCode::Conflict);
        let name = format!("\"Change of {}\"", customer["orgName"].as_str().unwrap());
        assert!(refusal.message.contains(&name), "{refusal:?}");
    }
    // Another process neither follows it too nor begins one.
    let other = world.another().await;
    let refused = patchbay_api::commands::dispatch(&other, "wholesale.update", update.clone()).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Conflict);
    other.close().await;
    let transaction = begun[0].as_ref().unwrap()["transaction"].as_str().unwrap();
    world
        .until("Webex at work", async || {
            let seen = one(&world, customer["id"].as_str().unwrap()).await;
            (seen["status"] == "updating").then_some(())
        })
        .await;
    let seen = world
        .call("transactions.get", json!({ "transaction": transaction }))
        .await;
    assert_eq!(seen["state"], "running", "{seen:#}");
    world.sandbox.advance(2 * HOUR);
    assert_eq!(world.transaction_over(transaction).await["state"], "succeeded");
    assert_eq!(sent(&world, "PUT").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_followed_on_after_a_restart() {
    let mut world = partner(Seed::Demo).await;
    world.sandbox.set_wholesale_pace(HOUR, None);
    let customer = some(&world, 0).await;
    let id = customer["id"].as_str().unwrap();
    let transaction = begin(&world, with_packages(&world, &customer, &["webex_voice"])).await;
    world
        .until("Webex at work", async || {
            (one(&world, id).await["status"] == "updating").then_some(())
        })
        .await;
    world.restart().await;
    let before = world
        .call("transactions.get", json!({ "transaction": transaction }))
        .await;
    assert_eq!(before["state"], "interrupted", "{before:#}");

    // Looking takes it up.
    let seen = one(&world, id).await;
    let again = seen["followedBy"].as_str().unwrap().to_owned();
    assert_ne!(again, transaction);
    world.sandbox.advance(2 * HOUR);
    let after = world.transaction_over(&again).await;
    assert_eq!(after["state"], "succeeded", "{after:#}");
    assert!(
        after["title"]
            .as_str()
            .unwrap()
            .contains("followed after a restart")
    );
    assert_eq!(one(&world, id).await["status"], "provisioned");
    assert_eq!(sent(&world, "PUT").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_cut_off_while_it_was_sent_is_found_out() {
    for (when, arrives) in [(When::After, true), (When::Before, false)] {
        let mut world = partner(Seed::Demo).await;
        world.sandbox.set_wholesale_pace(HOUR, None);
        let customer = some(&world, 0).await;
        let id = customer["id"].as_str().unwrap();
        // The answer does not come before the end.
        world.sandbox.add_fault(on_put(Effect::Delay {
            millis: 20_000,
            when: When::After,
        }));
        if !arrives {
            world.sandbox.add_fault(on_put(Effect::Drop { when }).times(None));
        }
        begin(&world, with_packages(&world, &customer, &["webex_voice"])).await;
        world
            .until_looking("the request to be there", async || {
                (!sent(&world, "PUT").is_empty()).then_some(())
            })
            .await;
        world.restart().await;
        world.sandbox.clear_faults();
        let again = one(&world, id).await["followedBy"].as_str().unwrap().to_owned();
        world.sandbox.advance(2 * HOUR);
        let after = world.transaction_over(&again).await;
        if arrives {
            assert_eq!(after["state"], "succeeded", "{after:#}");
        } else {
            assert!(message(&after).contains("nothing was changed"), "{after:#}");
        }
        assert_eq!(sent(&world, "PUT").len(), 1);
    }
}
