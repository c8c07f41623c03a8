//! Lost answers, refusals, failures, the end of Patchbay, and other processes.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_are_settled_by_reading_and_nothing_is_asked_for_twice() {
    for (effect, arrives) in [
        (Effect::Drop { when: When::After }, true),
        (answer(502, When::After, FaultBody::Html), true),
        (answer(200, When::After, FaultBody::Html), true),
        (Effect::Drop { when: When::Before }, false),
        (answer(503, When::Before, FaultBody::Error), false),
    ] {
        let world = partner().await;
        world.sandbox.add_fault(on("POST", effect.clone()));
        let id = trigger(&world, &[ACME]).await;
        if arrives {
            until_state(&world, ACME, "running").await;
            world.sandbox.advance(2 * HOUR);
        }
        let over = world.transaction_over(&id).await;
        assert_eq!(sent(&world, "POST").len(), 1, "{effect:?}");
        if arrives {
            assert_eq!(over["state"], "succeeded", "{effect:?} {over:#}");
            assert_eq!(gate(&shown(&world, ACME).await), "held");
        } else {
            assert!(message(&over).contains("it may not have arrived"), "{over:#}");
            let asked = shown(&world, ACME).await;
            assert_eq!(gate(&asked), "ask", "Webex may have queued it");
            assert_eq!(asked["gate"]["askedAt"], asked["request"]["at"]);
            assert!(refused(&world, ACME).await.contains("is not known"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_webex_refuses_is_told_and_holds_nothing() {
    let world = partner().await;
    for (status, words) in [
        (400, "Nothing was begun."),
        (403, "Partner Hub"),
        (409, "Nothing was begun."),
    ] {
        world.sandbox.clear_journal();
        world
            .sandbox
            .add_fault(on("POST", answer(status, When::Before, FaultBody::Error)));
        let id = trigger(&world, &[ACME]).await;
        let over = world.transaction_over(&id).await;
        assert_eq!(over["state"], "failed");
        assert!(message(&over).contains(words), "{status} {over:#}");
        assert!(over["failure"]["trackingId"].is_string(), "{over:#}");
        let enterprise = shown(&world, ACME).await;
        assert_eq!(
            (gate(&enterprise), &enterprise["request"]["open"]),
            ("open", &json!(false))
        );
        assert_eq!(sent(&world, "POST").len(), 1);
    }
    // Nobody is activated: Webex may say so at once.
    world.sandbox.set_broadworks(&BroadWorksSettings {
        nobody_provisioned: Some(NobodyProvisioned::Refused),
        ..BroadWorksSettings::default()
    });
    let id = trigger(&world, &[ZETA]).await;
    let over = world.transaction_over(&id).await;
    assert!(message(&over).contains("at least one activated user"), "{over:#}");
    assert_eq!(gate(&shown(&world, ZETA).await), "open");
    // Webex keeps to a day of its own as well.
    world.sandbox.set_broadworks(&BroadWorksSettings {
        refuse_within_a_day: Some(true),
        ..BroadWorksSettings::default()
    });
    let lately = EnterpriseChange {
        ended_seconds_ago: Some(7200),
        status: Some("COMPLETE".to_owned()),
        ..EnterpriseChange::default()
    };
    change(&world, ACME, lately);
    refresh(&world).await;
    let request = request(&world, &[ACME], true).await;
    let id = world.call("directorySync.trigger", request).await;
    let over = world.transaction_over(id["transaction"].as_str().unwrap()).await;
    assert!(message(&over).contains("within the last 24 hours"), "{over:#}");
    assert_eq!(gate(&shown(&world, ACME).await), "ask");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_at_webex_is_told_with_its_errors() {
    // Without an activated user, and with the cluster out of reach.
    for (name, words) in [(ZETA, "error 6012"), (ACME, "error 6003")] {
        let world = partner().await;
        if name == ACME {
            ending(&world, ACME, SyncEnding::ClusterUnreachable);
        }
        let id = trigger(&world, &[name]).await;
        until_state(&world, name, "running").await;
        world.sandbox.advance(2 * HOUR);
        let over = world.transaction_over(&id).await;
        assert_eq!(
            (&over["state"], &over["failure"]["code"]),
            (&json!("failed"), &json!("refused"))
        );
        assert!(message(&over).contains(words), "{over:#}");
        let failed = shown(&world, name).await;
        assert_eq!(failed["sync"]["state"], "failed");
        assert_eq!(failed["lastSucceededAt"], Value::Null);
        assert_eq!(gate(&failed), "held", "Webex told its end");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_nobody_knows_are_kept() {
    let world = partner().await;
    let strange = EnterpriseChange {
        status: Some("HIBERNATING".to_owned()),
        ..EnterpriseChange::default()
    };
    change(&world, ACME, strange);
    let seen = named(&refresh(&world).await, ACME);
    assert_eq!(
        seen["sync"],
        json!({ "state": "unknown", "status": "HIBERNATING" })
    );
    assert_eq!(gate(&seen), "open");
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_on_the_way_does_not_end_the_following() {
    let world = partner().await;
    let id = trigger(&world, &[ACME]).await;
    until_state(&world, ACME, "running").await;
    world
        .sandbox
        .add_fault(on("GET", answer(200, When::Before, FaultBody::Html)).times(Some(2)));
    world
        .sandbox
        .add_fault(on("GET", Effect::Drop { when: When::Before }).times(Some(1)));
    let goes_on = async || {
        let seen = transaction(&world, &id).await;
        detail(&seen, 0).contains("goes on looking").then_some(())
    };
    world.until("the words for it", goes_on).await;
    // Nor does what only looks as if somebody had to do something.
    for status in [401, 403] {
        world
            .until("looking well", async || {
                let seen = transaction(&world, &id).await;
                detail(&seen, 0).contains("In progress").then_some(())
            })
            .await;
        world
            .sandbox
            .add_fault(on("GET", answer(status, When::Before, FaultBody::Error)).times(Some(2)));
        world.until("the words for it", goes_on).await;
        assert_eq!(gate(&shown(&world, ACME).await), "queued");
    }
    world.sandbox.advance(2 * HOUR);
    assert_eq!(world.transaction_over(&id).await["state"], "succeeded");
    // It never ends: after a day nobody looks any more.
    world.sandbox.advance(24 * HOUR);
    ending(&world, ACME, SyncEnding::Never);
    refresh(&world).await;
    let id = trigger(&world, &[ACME]).await;
    until_state(&world, ACME, "running").await;
    world.sandbox.advance(25 * HOUR);
    let over = world.transaction_over(&id).await;
    assert!(message(&over).contains("still shows it in progress"), "{over:#}");
    let seen = shown(&world, ACME).await;
    assert_eq!((gate(&seen), &seen["gate"]["ours"]), ("running", &json!(true)));
    assert!(refused(&world, ACME).await.contains("this desktop asked for it"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_under_way_is_followed_on_after_a_restart() {
    let mut world = partner().await;
    let id = trigger(&world, &[ACME, ZETA]).await;
    until_state(&world, ACME, "running").await;
    until_state(&world, ZETA, "running").await;
    world.restart().await;
    assert_eq!(transaction(&world, &id).await["state"], "interrupted");
    // Looking takes it up.
    let seen = shown(&world, ACME).await;
    let again = seen["request"]["transaction"].as_str().unwrap().to_owned();
    assert_ne!(again, id);
    assert_eq!(gate(&seen), "queued");
    world.sandbox.advance(2 * HOUR);
    let over = world.transaction_over(&again).await;
    assert!(
        over["title"]
            .as_str()
            .unwrap()
            .contains("followed after a restart")
    );
    let states: Vec<&Value> = over["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| &step["state"])
        .collect();
    assert_eq!(states, ["succeeded", "failed"], "{over:#}");
    assert_eq!(gate(&shown(&world, ACME).await), "held");
    assert_eq!(sent(&world, "POST").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_cut_off_while_it_was_asked_for_is_read_back_and_not_sent_again() {
    for arrives in [true, false] {
        let mut world = partner().await;
        // The answer does not come before the end.
        world.sandbox.add_fault(on(
            "POST",
            Effect::Delay {
                millis: 20_000,
                when: When::After,
            },
        ));
        if !arrives {
            world
                .sandbox
                .add_fault(on("POST", Effect::Drop { when: When::Before }).times(None));
        }
        trigger(&world, &[ACME]).await;
        world
            .until_looking("the request to be there", async || {
                (!sent(&world, "POST").is_empty()).then_some(())
            })
            .await;
        world.restart().await;
        world.sandbox.clear_faults();
        let again = shown(&world, ACME).await["request"]["transaction"]
            .as_str()
            .unwrap()
            .to_owned();
        if arrives {
            until_state(&world, ACME, "running").await;
            world.sandbox.advance(2 * HOUR);
        }
        let over = world.transaction_over(&again).await;
        if arrives {
            assert_eq!(over["state"], "succeeded", "{over:#}");
            assert_eq!(gate(&shown(&world, ACME).await), "held");
        } else {
            assert!(message(&over).contains("it may not have arrived"), "{over:#}");
            assert_eq!(gate(&shown(&world, ACME).await), "ask");
        }
        assert_eq!(sent(&world, "POST").len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enterprise_has_one_request_at_a_time_in_every_process() {
    let world = partner().await;
    let once = request(&world, &[ACME], false).await;
    let tries = std::iter::repeat_with(|| world.try_call("directorySync.trigger", once.clone())).take(4);
    let (begun, refused): (Vec<_>, Vec<_>) = futures::future::join_all(tries)
        .await
        .into_iter()
        .partition(Result::is_ok);
    assert_eq!((begun.len(), refused.len()), (1, 3));
    let other = world.another().await;
    let refused = patchbay_api::commands::dispatch(&other, "directorySync.trigger", once).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Conflict);
    let seen = patchbay_api::commands::dispatch(&other, "directorySync.get", organisation(&world)).await;
    assert_eq!(
        gate(&named(&seen.unwrap(), ACME)),
        "queued",
        "it knows, and does not follow"
    );
    other.close().await;
    until_state(&world, ACME, "running").await;
    world.sandbox.advance(2 * HOUR);
    let id = begun[0].as_ref().unwrap()["transaction"].as_str().unwrap();
    assert_eq!(world.transaction_over(id).await["state"], "succeeded");
    assert_eq!(sent(&world, "POST").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_stops_what_is_followed() {
    let world = partner().await;
    let id = trigger(&world, &[ACME]).await;
    until_state(&world, ACME, "running").await;
    let request = json!({ "organisation": world.organisation, "revoke": false });
    world.call("organisations.delete", request).await;
    assert_eq!(transaction(&world, &id).await["state"], "cancelled");
    world
        .refused("directorySync.get", organisation(&world), ErrorCode::NotFound)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_up_before_webex_was_heard() {
    let mut world = partner().await;
    trigger(&world, &[ACME]).await;
    until_state(&world, ACME, "running").await;
    world.patchbay.close().await;
    // Over the weekend it ends, and on Monday the network comes late.
    world.sandbox.advance(60 * HOUR);
    world.clock.advance(jiff::SignedDuration::from_hours(60));
    world
        .sandbox
        .add_fault(on("GET", Effect::Drop { when: When::Before }).times(None));
    world.patchbay = world.another().await;
    let again = shown(&world, ACME).await["request"]["transaction"]
        .as_str()
        .unwrap()
        .to_owned();
    world
        .until("the words for it", async || {
            let seen = transaction(&world, &again).await;
            detail(&seen, 0).contains("goes on looking").then_some(())
        })
        .await;
    world.sandbox.clear_faults();
    let over = world.transaction_over(&again).await;
    assert_eq!(over["state"], "succeeded", "{over:#}");
    // Where Webex answers and does not show it, that is said.
    world.sandbox.advance(24 * HOUR);
    ending(&world, ACME, SyncEnding::Never);
    refresh(&world).await;
    let id = trigger(&world, &[ACME]).await;
    until_state(&world, ACME, "running").await;
    world
        .sandbox
        .add_fault(on("GET", answer(403, When::Before, FaultBody::Error)).times(None));
    world.clock.advance(jiff::SignedDuration::from_hours(25));
    let over = world.transaction_over(&id).await;
    assert!(message(&over).contains("does not show how it stands"), "{over:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_was_overtaken_unseen_holds_from_when_it_was_seen_last() {
    let mut world = partner().await;
    trigger(&world, &[ACME]).await;
    let seen = until_state(&world, ACME, "running").await;
    world
        .until("it to be noted", async || {
            let seen = shown(&world, ACME).await;
            let transaction = transaction(&world, seen["request"]["transaction"].as_str().unwrap()).await;
            detail(&transaction, 0).contains("In progress").then_some(())
        })
        .await;
    world.patchbay.close().await;
    world.sandbox.advance(2 * HOUR);
    let theirs = EnterpriseChange {
        sync_by: Some(SyncBy::AnotherDesktop),
        ..EnterpriseChange::default()
    };
    change(&world, ACME, theirs);
    world.patchbay = world.another().await;
    let again = shown(&world, ACME).await["request"]["transaction"]
        .as_str()
        .unwrap()
        .to_owned();
    let over = world.transaction_over(&again).await;
    assert!(
        message(&over).contains("has begun another synchronisation"),
        "{over:#}"
    );
    world.sandbox.advance(2 * HOUR);
    let held = named(&refresh(&world).await, ACME);
    assert_eq!(gate(&held), "held", "{held:#}");
    let (began, from): (jiff::Timestamp, jiff::Timestamp) = (
        seen["sync"]["startedAt"].as_str().unwrap().parse().unwrap(),
        held["gate"]["endedAt"].as_str().unwrap().parse().unwrap(),
    );
    let ran = from.duration_since(began);
    assert!(
        !ran.is_negative() && ran < jiff::SignedDuration::from_hours(1),
        "{ran}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_left_for_want_of_consent_is_followed_on_after_it() {
    let mut world = partner().await;
    world.patchbay.close().await;
    world.patchbay = world.another_at_work().await;
    let id = trigger(&world, &[ACME]).await;
    until_state(&world, ACME, "running").await;
    world.sandbox.revoke_tokens(true);
    let over = world.transaction_over(&id).await;
    assert!(
        message(&over).contains("Connect the organisation again"),
        "{over:#}"
    );
    world.connect().await;
    // Nobody opens a page.
    let again = world
        .until("the second transaction", async || {
            let all = world.transactions("directory_sync").await;
            all.iter()
                .find(|one| one["id"] != json!(id))
                .map(|one| one["id"].as_str().unwrap().to_owned())
        })
        .await;
    world.sandbox.advance(2 * HOUR);
    let over = world.transaction_over(&again).await;
    assert_eq!(over["state"], "succeeded", "{over:#}");
    assert_eq!(sent(&world, "POST").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_patchbay_follows_is_not_deleted() {
    let world = partner().await;
    let other = world.another().await;
    let ask = request(&world, &[ACME], false).await;
    patchbay_api::commands::dispatch(&other, "directorySync.trigger", ask)
        .await
        .unwrap();
    let delete = json!({ "organisation": world.organisation, "revoke": false });
    let refused = world
        .refused("organisations.delete", delete.clone(), ErrorCode::Conflict)
        .await;
    assert!(refused.message.contains("Another Patchbay"), "{refused:?}");
    other.close().await;
    world.call("organisations.delete", delete).await;
}
