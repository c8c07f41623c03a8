//! The copy: every state, what it is joined with, and what does not harm it.

use super::*;
use patchbay_api::commands::dispatch;
use patchbay_core::ErrorCode;
use patchbay_core::events::Topic;
use patchbay_tests::answer;
use std::collections::BTreeSet;
use webex_sandbox::{Effect, ErrorText, Fault, FaultBody, When};

const LIST: &str = "/v1/broadworks/subscribers";
const ENTERPRISES: &str = "/v1/broadworks/enterprises";
const DAY: u64 = 24 * 3600;

#[tokio::test(flavor = "multi_thread")]
async fn every_state_is_copied_counted_and_judged() {
    let world = connected(40).await;
    let all = world.sandbox.subscribers();
    let states = [
        "provisioned",
        "pending_email_input",
        "pending_email_validation",
        "pending_user_migration",
        "provisioning",
        "updating",
        "error",
        "half_way",
    ];
    for subscriber in &all {
        change(&world, subscriber, &to("provisioned"));
        let email = SubscriberChange {
            email: Some(Some(format!("{}@acme.example", &subscriber.user_id[..8]))),
            ..SubscriberChange::default()
        };
        change(&world, subscriber, &email);
    }
    for (subscriber, state) in all.iter().zip(states) {
        let late = SubscriberChange {
            unchanged_for_seconds: Some(8 * DAY),
            ..to(state)
        };
        change(&world, subscriber, &late);
    }
    let failed = SubscriberChange {
        errors: Some(vec![
            ErrorText::new(10022, "The BroadWorks UserID is taken"),
            ErrorText {
                error_code: json!("BW-7"),
                description: String::new(),
            },
        ]),
        ..SubscriberChange::default()
    };
    change(&world, &all[6], &failed);
    world.sync().await;

    let status = status(&world).await;
    assert_eq!(
        status["availability"],
        json!({ "state": "available", "source": "broadworks" })
    );
    assert_eq!(status["total"], 40);
    for state in &states[1..] {
        assert_eq!(count(&status, state), 1, "{state}: {status:#}");
    }
    assert_eq!(count(&status, "provisioned"), 33);
    let named: Vec<&str> = status["states"]
        .as_array()
        .unwrap()
        .iter()
        .take(4)
        .map(|count| count["state"].as_str().unwrap())
        .collect();
    assert_eq!(
        named,
        [
            "provisioned",
            "pending_email_input",
            "pending_email_validation",
            "provisioning"
        ]
    );
    assert_eq!((&status["notBegun"], &status["stuck"]), (&json!(1), &json!(4)));

    for (subscriber, state) in all.iter().zip(states) {
        let user = user(&world, &subscriber.user_id).await;
        assert_eq!(user["state"], state);
        let on_the_way = [
            "pending_email_validation",
            "pending_user_migration",
            "provisioning",
            "updating",
        ]
        .contains(&state);
        assert_eq!(user["stuck"], on_the_way, "{user:#}");
        let nudge = if state == "pending_user_migration" {
            json!("consent_mail")
        } else {
            Value::Null
        };
        assert_eq!(user["nudge"], nudge, "{user:#}");
        assert_eq!(
            users(&world, json!({ "state": state, "search": subscriber.user_id }))
                .await
                .len(),
            1
        );
    }
    assert_eq!(
        user(&world, &all[6].user_id).await["errors"],
        json!([
            { "code": "10022", "description": "The BroadWorks UserID is taken" },
            { "code": "BW-7", "description": "" }
        ])
    );
    let stuck = users(&world, json!({ "stuck": true })).await;
    assert_eq!(stuck.len(), 4);

    let history = world
        .call(
            "activation.history",
            json!({ "organisation": world.organisation, "days": 7 }),
        )
        .await;
    let days = history["days"].as_array().unwrap();
    assert_eq!(days.len(), 1, "{history:#}");
    let today = &days[0];
    assert_eq!(
        [
            &today["total"],
            &today["emailEntered"],
            &today["emailValidated"],
            &today["provisioned"]
        ],
        [&json!(40), &json!(39), &json!(37), &json!(33)],
        "{today:#}"
    );
    world
        .refused(
            "activation.history",
            json!({ "organisation": world.organisation, "days": 401 }),
            ErrorCode::Invalid,
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_joined_with_its_person() {
    let world = partner(60).await;
    let people = world.sandbox.people();
    let mut joined = 0;
    for subscriber in world.sandbox.subscribers() {
        let user = user(&world, &subscriber.user_id).await;
        assert_eq!(user["firstName"], subscriber.first_name);
        assert_eq!(user["extension"], json!(subscriber.extension));
        assert_eq!(user["licence"], subscriber.package);
        assert_eq!(user["email"], json!(subscriber.email));
        assert_eq!(user["enterprise"], json!(subscriber.enterprise));
        let digits = |number: &str| number.chars().filter(char::is_ascii_digit).collect::<String>();
        let person = people.iter().find(|person| {
            subscriber.status == "provisioned" && subscriber.person.as_ref() == Some(&person.id)
        });
        let Some(person) = person else { continue };
        joined += 1;
        let place = person.location_name.as_ref().or(subscriber.enterprise.as_ref());
        assert_eq!(user["location"], json!(place), "{person:?}");
        let calling: Vec<&str> = person
            .licence_names
            .iter()
            .map(String::as_str)
            .filter(|name| name.contains("Calling") && !name.contains("Workspaces"))
            .collect();
        assert_eq!(
            user["serviceType"].as_str().unwrap_or_default(),
            calling.join(", ")
        );
        if let (Some(number), Some(told)) = (&person.number, &subscriber.number) {
            assert_eq!(digits(number), digits(told), "the seed writes it with dashes");
        }
    }
    assert!(joined > 5, "{joined} are joined");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_joins_who_is_not_named() {
    let world = connected(60).await;
    let people = world.sandbox.people();
    // Webex names the person of a provisioned subscriber only.
    let digits = |number: &str| number.chars().filter(char::is_ascii_digit).collect::<String>();
    let (subscriber, person) = world
        .sandbox
        .subscribers()
        .into_iter()
        .find_map(|subscriber| {
            let number = digits(subscriber.number.as_deref()?);
            let mut owners = people
                .iter()
                .filter(|person| person.number.as_deref().map(digits).as_ref() == Some(&number));
            match (owners.next(), owners.next()) {
                (Some(person), None) if person.location_name.is_some() => {
                    Some((subscriber.clone(), person.clone()))
                }
                _ => None,
            }
        })
        .expect("a subscriber with the number of one person");
    change(&world, &subscriber, &to("provisioning"));
    world.sync().await;
    let user = user(&world, &subscriber.user_id).await;
    assert_eq!(user["location"], json!(person.location_name), "{user:#}");
    assert!(user["serviceType"].is_string(), "{user:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_kept_and_shown_and_no_failure_of_the_sync() {
    let world = partner(30).await;
    for (code, words) in [
        (403, "(403)"),
        (401, "Webex refuses this list although the token is fresh (401)."),
    ] {
        world.sandbox.clear_faults();
        for list in [LIST, ENTERPRISES] {
            let fault = Fault::on_path(list, answer(code, When::Before, FaultBody::Error));
            world.sandbox.add_fault(fault.times(None));
        }
        world.sync().await;
        let refused = status(&world).await;
        assert_eq!(refused["availability"]["state"], "refused", "{refused:#}");
        let reason = refused["availability"]["reason"].as_str().unwrap();
        assert!(
            reason.contains(words) && reason.contains("Partner Hub"),
            "{reason}"
        );
        assert!(refused["availability"]["trackingId"].is_string());
        assert_eq!(refused["total"], 30, "what was copied before is still shown");
        assert_eq!(users(&world, json!({})).await.len(), 30);
        let enterprises = world.call("directorySync.get", of(&world)).await.to_string();
        assert!(enterprises.contains(words), "{enterprises}");
    }

    world.sandbox.clear_faults();
    copy(&world).await;
    assert_eq!(status(&world).await["availability"]["state"], "available");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_cut_off_leaves_the_one_before_and_can_be_tried_again() {
    let mut world = partner(250).await;
    let before = status(&world).await["asOf"].clone();
    let first = world.sandbox.subscribers()[0].clone();
    change(&world, &first, &to("half_way"));
    world
        .sandbox
        .add_fault(Fault::on_path(LIST, answer(400, When::Before, FaultBody::Error)).from_nth(3));
    let failed = try_copy(&world).await;
    assert_eq!(
        (&failed["state"], &failed["retryable"]),
        (&json!("failed"), &json!(true)),
        "{failed:#}"
    );
    let kept = status(&world).await;
    assert_eq!((&kept["asOf"], &kept["total"]), (&before, &json!(250)));
    assert_eq!(count(&kept, "half_way"), 0);

    // Killed: Patchbay ends while the third page is on its way.
    world.sandbox.clear_faults();
    world.sandbox.add_fault(
        Fault::on_path(
            LIST,
            Effect::Delay {
                millis: 600_000,
                when: When::Before,
            },
        )
        .from_nth(3),
    );
    let started = world.call("activation.sync", of(&world)).await;
    world
        .until_looking("the third page", async || {
            let asked = world.sandbox.journal();
            (asked.iter().filter(|entry| entry.path == LIST).count() >= 5).then_some(())
        })
        .await;
    world.restart().await;
    world.sandbox.clear_faults();
    let interrupted = over(&world, &started).await;
    assert_eq!(interrupted["state"], "interrupted", "{interrupted:#}");
    let kept = status(&world).await;
    assert_eq!(
        (&kept["asOf"], &kept["total"]),
        (&before, &json!(250)),
        "{kept:#}"
    );

    world
        .call(
            "transactions.retry",
            json!({ "transaction": started["transaction"] }),
        )
        .await;
    let again = over(&world, &started).await;
    assert_eq!(again["state"], "succeeded", "{again:#}");
    let now = status(&world).await;
    assert_eq!((count(&now, "half_way"), &now["total"]), (1, &json!(250)));
    assert_ne!(now["asOf"], before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_whose_mirror_is_whole_has_synced_though_the_activation_failed() {
    let world = connected(20).await;
    assert_eq!(world.shown().await["lastSyncAt"], Value::Null);
    world
        .sandbox
        .add_fault(Fault::on_path(LIST, answer(400, When::Before, FaultBody::Error)).times(None));
    copy_fails(&world).await;
    assert_eq!(
        world.shown().await["lastSyncAt"],
        Value::Null,
        "the activation alone is no sync"
    );
    let failed = world.try_sync().await;
    assert_eq!(failed["state"], "failed", "{failed:#}");
    assert!(world.shown().await["lastSyncAt"].is_string(), "{failed:#}");
}

async fn copy_fails(world: &World) {
    let failed = try_copy(world).await;
    assert_eq!(failed["state"], "failed", "{failed:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_another_patchbay_is_told_of_here() {
    let world = partner(20).await;
    let other = world.another().await;
    let late = Effect::Delay {
        millis: 1_500,
        when: When::Before,
    };
    world.sandbox.add_fault(Fault::on_path(LIST, late));
    let theirs = dispatch(&other, "mirror.sync", of(&world)).await.unwrap();
    let ours = world.call("mirror.sync", of(&world)).await;
    assert_eq!(
        ours,
        json!({ "transaction": theirs["transaction"], "elsewhere": true })
    );
    let mut topics = world.patchbay.events();
    let told = async {
        let mut wanted = BTreeSet::from([Topic::Mirror, Topic::Activation, Topic::DirectorySync]);
        while !wanted.is_empty() {
            wanted.remove(&topics.recv().await.unwrap());
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), told)
        .await
        .expect("all that was copied is told of");
    assert_eq!(over(&world, &ours).await["state"], "succeeded");
    other.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_sync_is_not_taken_for_done_by_a_copy_of_a_part() {
    let world = partner(250).await;
    let held = Effect::Delay {
        millis: 600_000,
        when: When::Before,
    };
    world.sandbox.add_fault(Fault::on_path(LIST, held));
    let part = world.call("activation.sync", of(&world)).await;
    let again = world.call("activation.sync", of(&world)).await;
    assert_eq!(again["transaction"], part["transaction"], "joined");
    let refusal = world
        .refused("mirror.sync", of(&world), patchbay_core::ErrorCode::Conflict)
        .await;
    let message = refusal.message;
    assert!(
        message.contains("Copy of the activation of") && message.contains("when that is done"),
        "{message}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_come_twice_or_empty_double_and_lose_nobody() {
    let world = partner(230).await;
    let asked = world.sandbox.subscribers().len();
    world.sandbox.clear_journal();
    copy(&world).await;
    let journal = world.sandbox.journal();
    let pages: Vec<_> = journal.iter().filter(|entry| entry.path == LIST).collect();
    // A list may end with a page of its own that is not full.
    assert!(pages.len() <= asked.div_ceil(100) + 1, "{pages:#?}");
    assert!(
        pages.iter().all(|page| page.query.contains("max=100")),
        "as many a page as the contract allows: {pages:#?}"
    );
    for quirk in [
        webex_sandbox::LinkQuirk::EmptyForever,
        webex_sandbox::LinkQuirk::Doubled,
    ] {
        world
            .sandbox
            .add_fault(Fault::on_path(LIST, Effect::Link { quirk }).times(None));
        copy(&world).await;
        world.sandbox.clear_faults();
        assert_eq!(status(&world).await["total"], 230, "{quirk:?}");
    }
}
