//! Refresh of one, of several and of all.

use super::*;
use patchbay_core::ErrorCode;
use patchbay_core::events::Topic;
use patchbay_tests::answer;
use webex_sandbox::{Effect, Fault, FaultBody, When};

const ONE: &str = "/v1/broadworks/subscribers/";

async fn begin(world: &World, selection: Value) -> Value {
    let request = json!({ "organisation": world.organisation, "selection": selection });
    world.call("activation.refresh", request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_user_is_refreshed_alone() {
    let world = partner(30).await;
    let (at_webex, before) = subscriber(&world, 3).await;
    let as_of = status(&world).await["asOf"].clone();
    assert_eq!(before["asOf"], as_of);
    change(&world, &at_webex, &to("half_way"));
    let renamed = SubscriberChange {
        last_name: Some("Ågård".to_owned()),
        ..SubscriberChange::default()
    };
    change(&world, &at_webex, &renamed);
    let view = json!({ "lastName": "agard" });
    assert!(users(&world, view.clone()).await.is_empty());

    let now = world
        .call("activation.refreshUser", user_of(&world, &before["key"]))
        .await;
    assert_eq!(
        (&now["state"], &now["lastName"]),
        (&json!("half_way"), &json!("Ågård"))
    );
    assert_eq!(
        now["location"], before["location"],
        "what it is joined with stays"
    );
    assert_ne!(now["asOf"], as_of);
    assert_eq!(world.sandbox.journal().len(), 1, "one request");
    assert_eq!(
        users(&world, view).await,
        std::slice::from_ref(&now),
        "the view follows"
    );
    let status = status(&world).await;
    assert_eq!((&status["asOf"], count(&status, "half_way")), (&as_of, 1));
    let others = users(&world, json!({})).await;
    assert_eq!(others.iter().filter(|user| user["asOf"] == as_of).count(), 29);
    assert_eq!(
        world
            .call("activation.user", user_of(&world, &before["key"]))
            .await,
        now
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_webex_no_longer_knows_is_taken_out_and_said() {
    let world = partner(10).await;
    let (at_webex, known) = subscriber(&world, 0).await;
    assert!(world.sandbox.delete_subscriber(&at_webex.id));
    let gone = world
        .refused(
            "activation.refreshUser",
            user_of(&world, &known["key"]),
            ErrorCode::NotFound,
        )
        .await;
    assert!(
        gone.message.contains(&at_webex.last_name) && gone.message.contains("taken out"),
        "{gone:?}"
    );
    assert_eq!(status(&world).await["total"], 9);
    world
        .refused(
            "activation.user",
            user_of(&world, &known["key"]),
            ErrorCode::NotFound,
        )
        .await;
    let day = world
        .call(
            "activation.history",
            json!({ "organisation": world.organisation, "days": 1 }),
        )
        .await;
    assert_eq!(day["days"][0]["total"], 9, "the day follows");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_selection_is_refreshed_and_single_failures_are_listed() {
    let world = partner(60).await;
    let all = world.sandbox.subscribers();
    for subscriber in &all[..40] {
        change(&world, subscriber, &to("updating"));
    }
    let before = users(&world, json!({})).await;
    assert!(world.sandbox.delete_subscriber(&all[1].id));
    let path = format!("{ONE}{}", all[2].id);
    world
        .sandbox
        .add_fault(Fault::on_path(&path, answer(400, When::Before, FaultBody::Error)).times(None));
    let path = format!("{ONE}{}", all[3].id);
    world
        .sandbox
        .add_fault(Fault::on_path(&path, answer(403, When::Before, FaultBody::Error)).times(None));
    let mut topics = world.patchbay.events();
    let keys: Vec<Value> = {
        let chosen: Vec<&str> = all[..40].iter().map(|s| s.user_id.as_str()).collect();
        before
            .iter()
            .filter(|user| chosen.contains(&user["serviceId"].as_str().unwrap()))
            .map(|user| user["key"].clone())
            .collect()
    };
    assert_eq!(keys.len(), 40);
    let started = begin(&world, json!({ "kind": "keys", "keys": keys })).await;
    let over = over(&world, &started).await;
    assert_eq!(
        (&over["state"], &over["kind"]),
        (&json!("succeeded"), &json!("activation_refresh"))
    );
    let step = &over["steps"][0];
    assert_eq!(
        (&step["done"], &step["total"]),
        (&json!(40), &json!(40)),
        "{step:#}"
    );
    let detail = step["detail"].as_str().unwrap();
    assert!(
        detail.contains("2 could not be read")
            && [2, 3].iter().all(|at| detail.contains(&all[*at].last_name)),
        "{detail}"
    );
    assert!(detail.contains("no longer at Webex"), "{detail}");
    let status = status(&world).await;
    assert_eq!(
        (count(&status, "updating"), &status["total"]),
        (37, &json!(59)),
        "{status:#}"
    );
    let mut told = 0;
    while let Ok(topic) = topics.try_recv() {
        told += usize::from(topic == Topic::Activation);
    }
    assert!(told <= 12, "{told} topics for 40 users");
    assert_eq!(world.sandbox.journal().len(), 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_users_of_a_view_are_refreshed() {
    let world = partner(50).await;
    let shown = users(&world, json!({ "state": "provisioned" })).await.len();
    let started = begin(
        &world,
        json!({ "kind": "view", "view": { "state": "provisioned" } }),
    )
    .await;
    let over = over(&world, &started).await;
    assert_eq!(over["steps"][0]["total"], shown, "{over:#}");
    assert_eq!(world.sandbox.journal().len(), shown);
    let nobody = json!({ "organisation": world.organisation, "selection": { "kind": "keys", "keys": [] } });
    world
        .refused("activation.refresh", nobody, ErrorCode::Conflict)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_is_cancelled_and_what_was_read_stays() {
    let world = partner(80).await;
    for subscriber in world.sandbox.subscribers() {
        change(&world, &subscriber, &to("half_way"));
    }
    let hang = Effect::Delay {
        millis: 600_000,
        when: When::Before,
    };
    world
        .sandbox
        .add_fault(Fault::on_path(ONE, hang).from_nth(40).times(None));
    let started = begin(&world, json!({ "kind": "view", "view": {} })).await;
    world
        .until("all that is answered", async || {
            (count(&status(&world).await, "half_way") >= 39).then_some(())
        })
        .await;
    assert_eq!(status(&world).await["refreshing"], started["transaction"]);
    let second = json!({ "organisation": world.organisation, "selection": { "kind": "view", "view": {} } });
    let refused = world
        .refused("activation.refresh", second, ErrorCode::Conflict)
        .await;
    assert!(refused.message.contains("already"), "{refused:?}");
    world.call("activation.cancelRefresh", of(&world)).await;
    let over = over(&world, &started).await;
    assert_eq!(over["state"], "cancelled", "{over:#}");
    let status = status(&world).await;
    assert_eq!(status["refreshing"], Value::Null);
    let read = count(&status, "half_way");
    assert!((39..80).contains(&read), "{read}");
    let day = json!({ "organisation": world.organisation, "days": 1 });
    let day = world.call("activation.history", day).await;
    assert_eq!(
        day["days"][0]["provisioned"],
        count(&status, "provisioned"),
        "the day follows"
    );
    world.call("activation.cancelRefresh", of(&world)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_ends_when_nobody_can_be_read_any_more() {
    let world = partner(40).await;
    world
        .sandbox
        .add_fault(Fault::on_path(ONE, answer(403, When::Before, FaultBody::Error)).times(None));
    let started = begin(&world, json!({ "kind": "view", "view": {} })).await;
    let over = over(&world, &started).await;
    assert_eq!(over["state"], "failed", "{over:#}");
    assert!(
        over["failure"]["message"].as_str().unwrap().contains("403"),
        "{over:#}"
    );
    assert!(world.sandbox.journal().len() < 20, "the rest is not asked");
    assert_eq!(status(&world).await["total"], 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_429_is_waited_for() {
    let world = partner(12).await;
    world.sandbox.add_fault(
        Fault::on_path(
            ONE,
            Effect::Status {
                status: 429,
                when: When::Before,
                retry_after: Some("0".to_owned()),
                retry_after_date: None,
                body: FaultBody::Error,
            },
        )
        .times(Some(5)),
    );
    let started = begin(&world, json!({ "kind": "view", "view": {} })).await;
    let over = over(&world, &started).await;
    assert_eq!(
        (&over["state"], &over["steps"][0]["detail"]),
        (&json!("succeeded"), &Value::Null),
        "{over:#}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_of_patchbay_interrupts_a_refresh() {
    let mut world = partner(40).await;
    let hang = Effect::Delay {
        millis: 600_000,
        when: When::Before,
    };
    world.sandbox.add_fault(Fault::on_path(ONE, hang).times(None));
    let started = begin(&world, json!({ "kind": "view", "view": {} })).await;
    world.restart().await;
    let over = over(&world, &started).await;
    assert_eq!(
        (&over["state"], &over["retryable"]),
        (&json!("interrupted"), &json!(false)),
        "{over:#}"
    );
    assert_eq!(status(&world).await["refreshing"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_refreshed_during_a_copy_was_seen_later_than_it() {
    let world = partner(250).await;
    let (at_webex, known) = subscriber(&world, 0).await;
    let list = "/v1/broadworks/subscribers";
    let late = Effect::Delay {
        millis: 1_500,
        when: When::Before,
    };
    let mut fault = Fault::on_path(list, late).from_nth(3);
    fault.matcher.query = Some("max=".to_owned());
    world.sandbox.add_fault(fault);
    let started = world.call("activation.sync", of(&world)).await;
    world
        .until_looking("the third page", async || {
            let asked = world.sandbox.journal();
            (asked.iter().filter(|entry| entry.path == list).count() >= 2).then_some(())
        })
        .await;
    change(&world, &at_webex, &to("half_way"));
    let now = world
        .call("activation.refreshUser", user_of(&world, &known["key"]))
        .await;
    assert_eq!(now["state"], "half_way");
    let over = over(&world, &started).await;
    assert_eq!(over["state"], "succeeded", "{over:#}");
    assert_eq!(user(&world, &at_webex.user_id).await, now);
    assert_eq!(status(&world).await["total"], 250);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_asked_for_after_a_refresh_wins_over_it() {
    let world = partner(250).await;
    let (at_webex, known) = subscriber(&world, 249).await;
    let list = "/v1/broadworks/subscribers";
    world.sandbox.add_fault(late_list(list, 2));
    let started = world.call("activation.sync", of(&world)).await;
    world
        .until_looking("the second page", async || {
            (lists(&world, list) == 2).then_some(())
        })
        .await;
    change(&world, &at_webex, &to("half_way"));
    let now = world
        .call("activation.refreshUser", user_of(&world, &known["key"]))
        .await;
    assert_eq!(now["state"], "half_way");
    change(&world, &at_webex, &to("updating"));
    let over = over(&world, &started).await;
    assert_eq!(over["state"], "succeeded", "{over:#}");
    assert_eq!(user(&world, &at_webex.user_id).await["state"], "updating");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_late_does_not_set_a_whole_copy_back() {
    let world = partner(10).await;
    let (at_webex, known) = subscriber(&world, 0).await;
    let path = format!("{ONE}{}", at_webex.id);
    let late = Effect::Delay {
        millis: 3_000,
        when: When::After,
    };
    world.sandbox.add_fault(Fault::on_path(&path, late));
    let refreshed = world.call("activation.refreshUser", user_of(&world, &known["key"]));
    let copied = async {
        world
            .until_looking("the question", async || (lists(&world, &path) == 1).then_some(()))
            .await;
        change(&world, &at_webex, &to("half_way"));
        copy(&world).await;
        assert_eq!(user(&world, &at_webex.user_id).await["state"], "half_way");
    };
    tokio::join!(refreshed, copied);
    assert_eq!(user(&world, &at_webex.user_id).await["state"], "half_way");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_of_another_patchbay_keeps_the_organisation_and_its_tokens() {
    let world = partner(10).await;
    let other = world.another().await;
    let hang = Effect::Delay {
        millis: 600_000,
        when: When::Before,
    };
    world.sandbox.add_fault(Fault::on_path(ONE, hang).times(None));
    let request = json!({ "organisation": world.organisation, "selection": { "kind": "view", "view": {} } });
    patchbay_api::commands::dispatch(&other, "activation.refresh", request)
        .await
        .unwrap();
    let request = json!({ "organisation": world.organisation, "revoke": true });
    let refused = world
        .refused("organisations.delete", request, ErrorCode::Conflict)
        .await;
    assert!(refused.message.contains("Another Patchbay"), "{refused:?}");
    assert_eq!(world.shown().await["consent"]["state"], "granted");
    assert!(
        world.transactions("organisation_removed").await.is_empty(),
        "nothing was taken back"
    );
    other.close().await;
}
