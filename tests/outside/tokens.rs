//! A token's life with the clock moved (product O6; webex-api reference, section 2.2).

use jiff::{SignedDuration, Timestamp};
use patchbay_core::ErrorCode;
use patchbay_tests::{Setting, World, answer};
use serde_json::{Value, json};
use webex_sandbox::{Effect, Fault, FaultBody, Rotation, When};

/// Connected, with no sync that would come between.
async fn connected() -> World {
    let mut world = World::unconnected(Setting::default()).await;
    world.organisation = world.register("Northgate").await;
    world.connect().await;
    world.tell_schedule("schedules.pause", "mirror_sync").await;
    world.sandbox.clear_journal();
    world
}

fn at(value: &Value) -> Timestamp {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no time: {value}"))
        .parse()
        .unwrap()
}

/// Whole days between two times, to the nearest.
fn days(from: &Value, to: &Value) -> i64 {
    (at(to).duration_since(at(from)).as_secs() + 43_200) / 86_400
}

#[tokio::test(flavor = "multi_thread")]
async fn ninety_days_of_a_consent() {
    let world = connected().await;
    let consented = world.shown().await;
    let (mut renewed_on, mut warned_on, mut titles) = (Vec::new(), Vec::new(), Vec::new());
    for day in 1..=89 {
        world.pass_days(1);
        let calls = world.token_calls();
        world.look().await;
        if world.token_calls() > calls {
            renewed_on.push(day);
        }
        let unshown = world.call("notifications.unshown", json!({})).await["notices"].clone();
        for notice in unshown.as_array().unwrap() {
            warned_on.push(day);
            titles.push(notice["title"].as_str().unwrap().to_owned());
            world
                .call("notifications.shown", json!({ "ids": [notice["id"]] }))
                .await;
        }
    }
    assert_eq!(renewed_on, (1..=12).map(|week| 7 * week).collect::<Vec<_>>());
    assert_eq!(warned_on, [76, 83, 87, 89], "14, 7, 3 days and one day before");
    let ends = [
        "ends in 14 days",
        "ends in 7 days",
        "ends in 3 days",
        "ends within a day",
    ];
    for (title, end) in titles.iter().zip(ends) {
        assert_eq!(title, &format!("Consent of Northgate {end}"));
    }
    let shown = world.shown().await;
    assert_eq!(shown["refreshes"].as_array().unwrap().len(), 12, "{shown:#}");
    assert_eq!(shown["refreshTokenSince"], consented["refreshTokenSince"]);
    assert_eq!(
        days(&shown["refreshTokenSince"], &shown["refreshTokenExpiresAt"]),
        90
    );
    assert_eq!(
        days(
            &consented["refreshTokenExpiresAt"],
            &shown["refreshTokenExpiresAt"]
        ),
        0
    );
    let transactions = world.transactions("token_refresh").await;
    assert_eq!(transactions.len(), 12);
    assert!(
        transactions
            .iter()
            .all(|one| one["state"] == "succeeded" && one["trackingIds"][0].is_string()),
        "{transactions:#?}"
    );

    // The refresh token ends; the access token of day 84 lives on for a week, and nothing more is asked of Webex.
    let calls = world.token_calls();
    world.pass_days(2);
    world.look().await;
    let shown = world.shown().await;
    assert_eq!(shown["consent"]["state"], "granted", "{shown:#}");
    let notices = world.notices().await;
    assert_eq!(notices[0]["title"], "Consent of Northgate has ended");
    world.sync().await;
    let turn = world.schedule("token_refresh").await;
    assert_eq!(turn["lastOutcome"], "skipped", "{turn:#}");

    world.pass_days(7);
    world.look().await;
    let shown = world.shown().await;
    assert_eq!(shown["consent"]["state"], "needed", "{shown:#}");
    let reason = shown["consent"]["reason"].as_str().unwrap();
    assert!(reason.contains("the consent has ended"), "{reason}");
    assert_eq!(world.token_calls(), calls, "a token past its end is not sent");
    assert_eq!(world.schedule("token_refresh").await["state"]["state"], "blocked");
    let notices = world.notices().await;
    assert_eq!(
        (notices.len(), &notices[0]["kind"]),
        (1, &json!("consent_needed")),
        "{notices:#?}"
    );
    assert_eq!(notices[0]["urgency"], "urgent");
    let organisation = json!({ "organisation": world.organisation });
    let refused = world
        .refused("mirror.sync", organisation.clone(), ErrorCode::ConsentNeeded)
        .await;
    assert!(refused.message.contains("Northgate"), "{}", refused.message);
    world
        .refused("consent.refresh", organisation, ErrorCode::ConsentNeeded)
        .await;

    world.connect().await;
    let again = world.shown().await;
    assert_eq!(again["consent"]["state"], "granted");
    assert_eq!(again["refreshes"], json!([]), "a new consent begins a new life");
    assert_eq!(
        days(&again["refreshTokenSince"], &again["refreshTokenExpiresAt"]),
        90
    );
    assert!(world.notices().await.is_empty());
    assert_eq!(world.schedule("token_refresh").await["state"]["state"], "waiting");
    world.sync().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_computer_that_slept_for_twenty_days_catches_up_once() {
    let world = connected().await;
    world.tell_schedule("schedules.resume", "mirror_sync").await;
    world.pass_days(20);
    world.look().await;
    assert_eq!(
        world.token_calls(),
        1,
        "the access token had ended, its refresh token had not"
    );
    assert_eq!(world.shown().await["consent"]["state"], "granted");
    assert_eq!(
        world.transactions("mirror_sync").await.len(),
        1,
        "one sync, not twenty"
    );
    assert_eq!(world.schedule("mirror_sync").await["lastOutcome"], "succeeded");
    for _ in 0..3 {
        world.look().await;
    }
    assert_eq!(
        (world.token_calls(), world.transactions("mirror_sync").await.len()),
        (1, 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_ran_ahead_takes_no_consent_away() {
    let world = connected().await;
    let year = SignedDuration::from_hours(24 * 400);
    world.clock.advance(year);
    world.look().await;
    assert_eq!(
        world.shown().await["consent"]["state"],
        "needed",
        "as far as that clock can tell"
    );
    assert_eq!(world.token_calls(), 0);
    world.clock.advance(-year);
    world.look().await;
    assert_eq!(world.shown().await["consent"]["state"], "granted");
    world.sync().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_neither_storms_nor_starves() {
    let world = connected().await;
    world.tell_schedule("schedules.resume", "mirror_sync").await;
    let month = SignedDuration::from_hours(24 * 30);
    world.clock.advance(month);
    world.look().await;
    assert_eq!(world.token_calls(), 1);
    let ahead = at(&world.schedule("token_refresh").await["state"]["at"]);
    world.clock.advance(-month);
    world.look().await;
    let pulled = at(&world.schedule("token_refresh").await["state"]["at"]);
    assert!(
        ahead.duration_since(pulled) > month,
        "{pulled} is not pulled in from {ahead}"
    );
    let sync = at(&world.schedule("mirror_sync").await["state"]["at"]);
    assert!(ahead.duration_since(sync) > month, "{sync} is not pulled in");
    assert_eq!(world.token_calls(), 1, "nothing is done at once");
    // Nobody knows how old the token is: it is renewed within the hour, once.
    for _ in 0..6 {
        world.pass(SignedDuration::from_mins(15));
        world.look().await;
    }
    assert_eq!(world.token_calls(), 2);
    let shown = world.shown().await;
    assert_eq!(
        days(&shown["refreshedAt"], &shown["refreshTokenExpiresAt"]),
        90,
        "{shown:#}"
    );
}

/// Another answer of the token endpoint.
fn token_fault(effect: Effect) -> Fault {
    Fault::on_path("/v1/access_token", effect)
}

#[tokio::test(flavor = "multi_thread")]
async fn window_and_command_line_refresh_once_between_them() {
    let world = connected().await;
    let other = world.another().await;
    world.pass_days(8);
    world.sandbox.add_fault(token_fault(Effect::Delay {
        millis: 300,
        when: When::Before,
    }));
    let (one, two) = tokio::join!(world.patchbay.look_at_schedules(), other.look_at_schedules());
    one.unwrap();
    two.unwrap();
    assert_eq!(world.token_calls(), 1);
    assert_eq!(world.transactions("token_refresh").await.len(), 1);

    // People on both sides press at the same moment.
    world.sandbox.add_fault(token_fault(Effect::Delay {
        millis: 300,
        when: When::Before,
    }));
    let request = json!({ "organisation": world.organisation });
    let (one, two) = tokio::join!(
        world.try_call("consent.refresh", request.clone()),
        patchbay_api::commands::dispatch(&other, "consent.refresh", request.clone())
    );
    assert_eq!(one.unwrap()["refreshedAt"], two.unwrap()["refreshedAt"]);
    assert_eq!(world.token_calls(), 2);
    other.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_refresh_blocks_what_runs_by_itself_until_somebody_connects() {
    for shape_a in [false, true] {
        let world = connected().await;
        world.tell_schedule("schedules.resume", "mirror_sync").await;
        world
            .control("tokens", &json!({ "refuse_in_shape_a": shape_a }))
            .await;
        world.sandbox.revoke_tokens(true);
        world.pass_days(8);
        world.look().await;
        let shown = world.shown().await;
        assert_eq!(shown["consent"]["state"], "needed", "{shown:#}");
        let transactions = world.transactions("token_refresh").await;
        assert_eq!(transactions.len(), 1);
        assert_eq!(
            transactions[0]["failure"]["code"], "consent_needed",
            "{transactions:#?}"
        );
        assert!(transactions[0]["trackingIds"][0].is_string(), "{transactions:#?}");
        for kind in ["token_refresh", "mirror_sync"] {
            let schedule = world.schedule(kind).await;
            assert_eq!(schedule["state"]["state"], "blocked", "{schedule:#}");
        }
        let calls = world.token_calls();
        world.pass_days(3);
        world.look().await;
        assert_eq!(world.token_calls(), calls, "nothing more is asked");
        let schedule = world.schedule("token_refresh").await;
        assert_eq!(
            (&schedule["failures"], &schedule["lastOutcome"]),
            (&json!(1), &json!("failed"))
        );
        let refused = world
            .refused(
                "schedules.runNow",
                json!({ "schedule": schedule["id"] }),
                ErrorCode::Conflict,
            )
            .await;
        assert!(
            refused.message.contains("Connect the organisation again"),
            "{}",
            refused.message
        );

        world.connect().await;
        let schedule = world.schedule("token_refresh").await;
        assert_eq!(
            (&schedule["failures"], &schedule["state"]["state"]),
            (&json!(0), &json!("waiting"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_the_admins_roles_ends_the_consent() {
    let world = connected().await;
    let admin = world.shown().await["consentedBy"].as_str().unwrap().to_owned();
    let person = world
        .sandbox
        .person(&admin)
        .expect("the administrator who consented");
    let body = json!({ "displayName": person.display_name, "roles": [] });
    world
        .somebody_else("PUT", &format!("/v1/people/{}", person.id), Some(&body))
        .await;
    let synced = world.try_sync().await;
    assert_eq!(synced["state"], "failed", "{synced:#}");
    assert_eq!(world.shown().await["consent"]["state"], "needed");
    assert_eq!(world.notices().await[0]["kind"], "consent_needed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_refresh_leaves_out_stays_and_what_it_shortens_is_taken() {
    let world = connected().await;
    let before = world.shown().await;
    world.sandbox.set_rotation(Rotation::Absent);
    world.pass_days(7);
    world.look().await;
    let after = world.shown().await;
    assert_eq!(world.token_calls(), 1);
    for kept in ["refreshTokenExpiresAt", "refreshTokenSince"] {
        assert_eq!(after[kept], before[kept], "{after:#}");
    }
    assert_eq!(days(&after["refreshedAt"], &after["accessTokenExpiresAt"]), 14);

    // The same refresh token with a shorter life than it had.
    world
        .control(
            "tokens",
            &json!({ "refresh_token_seconds": 6 * 86_400, "rotation": "renewed" }),
        )
        .await;
    world.pass_days(7);
    world.look().await;
    let shorter = world.shown().await;
    assert_eq!(
        days(&shorter["refreshedAt"], &shorter["refreshTokenExpiresAt"]),
        6
    );
    assert_eq!(
        shorter["refreshTokenSince"], before["refreshTokenSince"],
        "it is still that one"
    );
    assert_eq!(shorter["refreshes"].as_array().unwrap().len(), 2);
    assert_eq!(
        world.notices().await[0]["title"],
        "Consent of Northgate ends in 6 days"
    );

    // A new one begins a life of its own.
    world
        .control(
            "tokens",
            &json!({ "refresh_token_seconds": 90 * 86_400, "rotation": "new" }),
        )
        .await;
    world
        .call("consent.refresh", json!({ "organisation": world.organisation }))
        .await;
    let new = world.shown().await;
    assert_eq!(new["refreshTokenSince"], new["refreshedAt"]);
    assert_eq!(days(&new["refreshTokenSince"], &new["refreshTokenExpiresAt"]), 90);
    assert_eq!(new["refreshes"].as_array().unwrap().len(), 1);
    assert!(world.notices().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_without_a_refresh_token_is_warned_of_and_never_renewed() {
    let world = connected().await;
    let granted = json!({ "access_token": world.sandbox.access_token(), "expires_in": 10 * 86_400 });
    let fault = token_fault(answer(200, When::Before, FaultBody::Json(granted)));
    world.sandbox.add_fault(fault);
    world.connect().await;
    let shown = world.shown().await;
    assert_eq!(
        (&shown["refreshTokenSince"], &shown["refreshTokenExpiresAt"]),
        (&Value::Null, &Value::Null)
    );
    let notices = world.notices().await;
    assert_eq!(
        notices[0]["title"], "Consent of Northgate ends in 10 days",
        "{notices:#?}"
    );
    assert!(
        notices[0]["message"]
            .as_str()
            .unwrap()
            .contains("no refresh token")
    );
    assert_eq!(world.schedule("token_refresh").await["state"]["state"], "blocked");
    let calls = world.token_calls();
    world.pass_days(8);
    world.look().await;
    world.sync().await;
    assert_eq!(
        world.token_calls(),
        calls,
        "there is nothing to renew it with, and it works"
    );
    assert_eq!(world.shown().await["consent"]["state"], "granted");
    world.pass_days(3);
    let synced = world
        .try_call("mirror.sync", json!({ "organisation": world.organisation }))
        .await;
    if let Ok(started) = synced {
        let over = world
            .transaction_over(started["transaction"].as_str().unwrap())
            .await;
        assert_eq!(over["state"], "failed", "{over:#}");
    }
    assert_eq!(world.shown().await["consent"]["state"], "needed");
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_on_the_way_is_tried_again_later_and_told_after_the_third_time() {
    let world = connected().await;
    let down = answer(503, When::Before, FaultBody::Html);
    world.sandbox.add_fault(token_fault(down).times(None));
    world.pass_days(7);
    let mut turns = Vec::new();
    for failures in 1..=3 {
        world.look().await;
        let schedule = world.schedule("token_refresh").await;
        assert_eq!(
            (&schedule["failures"], &schedule["state"]["state"]),
            (&json!(failures), &json!("waiting")),
            "{schedule:#}"
        );
        let pause = at(&schedule["state"]["at"]).duration_since(at(&schedule["lastEndedAt"]));
        turns.push(pause);
        assert_eq!(world.notices().await.len(), usize::from(failures == 3));
        world.pass(pause + SignedDuration::from_secs(1));
    }
    assert!(turns[0] < turns[1] && turns[1] < turns[2], "{turns:?}");
    let notice = world.notices().await.pop().unwrap();
    assert_eq!(notice["kind"], "schedule_fails", "{notice:#}");
    world.sandbox.clear_faults();
    world.look().await;
    let schedule = world.schedule("token_refresh").await;
    assert_eq!(
        (&schedule["failures"], &schedule["lastOutcome"]),
        (&json!(0), &json!("succeeded")),
        "{schedule:#}"
    );
    assert!(world.notices().await.is_empty());
    assert_eq!(world.shown().await["consent"]["state"], "granted");
}

#[tokio::test(flavor = "multi_thread")]
async fn routine_renewals_of_a_short_lived_token_do_not_flood_the_transactions() {
    let world = connected().await;
    world
        .control("tokens", &json!({ "access_token_seconds": 3_600 }))
        .await;
    // From a fortnight to an hour: this one is the weekly one.
    world.pass_days(7);
    world.look().await;
    assert_eq!(world.transactions("token_refresh").await.len(), 1);
    world.sandbox.clear_journal();
    for _ in 0..50 {
        world.pass(SignedDuration::from_mins(58));
        world.look().await;
    }
    assert_eq!(world.token_calls(), 50, "each was renewed");
    assert_eq!(world.transactions("token_refresh").await.len(), 1);
    let schedule = world.schedule("token_refresh").await;
    assert_eq!(
        (&schedule["lastOutcome"], &schedule["lastTransaction"]),
        (&json!("succeeded"), &Value::Null),
        "{schedule:#}"
    );
    let shown = world.shown().await;
    let dots = shown["refreshes"].as_array().unwrap().len();
    assert!(
        (2..=4).contains(&dots),
        "a dot a day on the line of ninety days: {shown:#}"
    );

    // What fails is told, and so is what a person asks for.
    world
        .sandbox
        .add_fault(token_fault(answer(400, When::Before, FaultBody::Error)));
    world.pass(SignedDuration::from_mins(58));
    world.look().await;
    let told = world.transactions("token_refresh").await;
    assert_eq!(
        (told.len(), &told[0]["state"]),
        (2, &json!("failed")),
        "{told:#?}"
    );
    assert_eq!(
        world.schedule("token_refresh").await["lastTransaction"],
        told[0]["id"]
    );
}
