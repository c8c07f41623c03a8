//! The 24 hours after a synchronisation, by Webex's clock.

use super::*;
use jiff::{SignedDuration, Timestamp};

fn time(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

/// Moves Webex's clock to so long before the hold ends.
fn advance_to(world: &World, enterprise: &Value, before_end: u64) {
    let elapsed = enterprise["gate"]["elapsedSeconds"].as_u64().unwrap();
    world
        .sandbox
        .advance(Duration::from_secs(86_400 - elapsed - before_end));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_was_asked_for_holds_24_hours_after_its_end() {
    let world = partner().await;
    let held = synchronised(&world).await;
    assert_eq!(gate(&held), "held");
    assert_eq!(held["gate"]["endedAt"], held["lastEndedAt"]);
    assert_eq!(
        time(&held["gate"]["until"]).duration_since(time(&held["lastEndedAt"])),
        SignedDuration::from_hours(24)
    );
    let refusal = refused(&world, ACME).await;
    assert!(refusal.contains("can be synchronised again from"), "{refusal}");
    advance_to(&world, &held, 60);
    let held = named(&refresh(&world).await, ACME);
    assert_eq!(gate(&held), "held");
    refused(&world, ACME).await;
    advance_to(&world, &held, 0);
    let open = named(&refresh(&world).await, ACME);
    assert_eq!(gate(&open), "open", "{open:#}");
    assert_eq!(sent(&world, "POST").len(), 1);
    synchronised(&world).await;
    assert_eq!(sent(&world, "POST").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_wrong_neither_opens_nor_holds() {
    for days in [-3_i64, 3] {
        let world = partner().await;
        let held = synchronised(&world).await;
        // This computer's clock jumps; Webex's does not.
        world.clock.advance(SignedDuration::from_hours(24 * days));
        if days < 0 {
            let still = shown(&world, ACME).await;
            assert_eq!(still["gate"]["until"], held["gate"]["until"], "{days}");
        }
        let refusal = refused(&world, ACME).await;
        assert!(refusal.contains("can be synchronised again from"), "{refusal}");
        let reply = refresh(&world).await;
        let ahead = reply["clockAheadSeconds"].as_i64().unwrap();
        assert!((ahead + days * 86_400 - 7_200).abs() < 60, "{ahead}");
        let still = named(&reply, ACME);
        assert_eq!(still["gate"]["until"], held["gate"]["until"]);
        // And it opens when it does at Webex, though nobody has looked since.
        world.sandbox.advance(24 * HOUR);
        let id = trigger(&world, &[ACME]).await;
        until_state(&world, ACME, "running").await;
        world.sandbox.advance(2 * HOUR);
        assert_eq!(world.transaction_over(&id).await["state"], "succeeded");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_began_is_shown_and_asked_about() {
    for by in [SyncBy::Webex, SyncBy::AnotherDesktop] {
        let world = partner().await;
        let theirs = EnterpriseChange {
            sync_by: Some(by),
            ..EnterpriseChange::default()
        };
        change(&world, ACME, theirs);
        let running = named(&refresh(&world).await, ACME);
        assert_eq!((gate(&running), &running["request"]), ("running", &Value::Null));
        assert!(refused(&world, ACME).await.contains("did not ask for it"));
        world.sandbox.advance(2 * HOUR);
        // What was read before says that it runs still; Webex is asked before anything is sent.
        let refusal = refused(&world, ACME).await;
        assert!(refusal.contains("Confirm that"), "{refusal}");
        let ask = shown(&world, ACME).await;
        assert_eq!((gate(&ask), &ask["sync"]["state"]), ("ask", &json!("done")));
        assert_eq!(
            time(&ask["gate"]["until"]).duration_since(time(&ask["gate"]["endedAt"])),
            SignedDuration::from_hours(24)
        );
        assert!(sent(&world, "POST").is_empty());
        let request = request(&world, &[ACME], true).await;
        let id = world.call("directorySync.trigger", request).await;
        until_state(&world, ACME, "running").await;
        world.sandbox.advance(2 * HOUR);
        let over = world.transaction_over(id["transaction"].as_str().unwrap()).await;
        assert_eq!(over["state"], "succeeded");
        let held = shown(&world, ACME).await;
        assert_eq!(gate(&held), "held");
        // Webex's own one within the hold changes nothing of it.
        change(
            &world,
            ACME,
            EnterpriseChange {
                sync_by: Some(SyncBy::Webex),
                ..EnterpriseChange::default()
            },
        );
        world.sandbox.advance(2 * HOUR);
        let after = named(&refresh(&world).await, ACME);
        assert_ne!(after["lastEndedAt"], held["lastEndedAt"]);
        assert_eq!(after["gate"]["until"], held["gate"]["until"], "{by:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_ended_while_patchbay_was_closed_holds_as_well() {
    let mut world = partner().await;
    trigger(&world, &[ACME]).await;
    until_state(&world, ACME, "running").await;
    world.patchbay.close().await;
    world.sandbox.advance(3 * HOUR);
    world.patchbay = world.another().await;
    get(&world).await;
    let held = until_state(&world, ACME, "done").await;
    world
        .until("the hold", async || {
            (gate(&shown(&world, ACME).await) == "held").then_some(())
        })
        .await;
    let open_from = time(&held["lastEndedAt"]) + SignedDuration::from_hours(24);
    assert_eq!(time(&shown(&world, ACME).await["gate"]["until"]), open_from);
}
