//! What happens to tokens, proxies and gates afterwards.

use crate::bench::*;
use jiff::Timestamp;
use patchbay_core::ErrorCode;
use patchbay_core::consent::{ConsentMethod, RenewWhen};
use patchbay_core::events::Topic;
use patchbay_core::organisations::{ConsentState, Environment, SecretEdit};
use std::time::Duration;
use webex_sandbox::{Effect, Fault, FaultBody, Rotation, When};

#[tokio::test]
async fn a_changed_address_takes_effect_at_once() {
    let bench = Bench::new(config()).await;
    bench.connect().await;
    bench.call().await.unwrap();
    bench
        .update(|fields| {
            fields.http_proxy = SecretEdit::Set {
                value: "http://u:p@127.0.0.1:9".to_owned(),
            };
        })
        .await
        .unwrap();
    let error = bench.call().await.unwrap_err();
    assert_eq!(
        code(&error),
        ErrorCode::Unreachable,
        "the proxy is not there, so nothing is reached: {error:?}"
    );
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends_and_both_expiries_move() {
    let bench = Bench::new(config()).await;
    bench.sandbox.set_rotation(Rotation::New);
    bench.connect().await;
    let before = bench.shown().await;
    let calls = bench.token_calls();
    bench.call().await.unwrap();
    assert_eq!(bench.token_calls(), calls, "a fresh token is not renewed");

    bench.advance(Duration::from_secs(8 * 24 * 3600));
    bench.call().await.unwrap();
    assert_eq!(bench.token_calls(), calls + 1, "after a week it is");
    let after = bench.shown().await;
    let moved =
        |before: Option<String>, after: Option<String>| at(after).duration_since(at(before)).as_hours() / 24;
    assert_eq!(
        moved(before.access_token_expires_at, after.access_token_expires_at),
        8
    );
    assert_eq!(
        moved(before.refresh_token_expires_at, after.refresh_token_expires_at),
        8
    );
    assert_eq!(before.consented_at, after.consented_at);
    assert!(after.refreshed_at > before.refreshed_at);

    bench.advance(Duration::from_secs(20 * 24 * 3600));
    bench.call().await.unwrap();
    assert_eq!(
        bench.token_calls(),
        calls + 2,
        "an ended token too, with the refresh token of the rotation"
    );
    bench.renew(RenewWhen::Due).await.unwrap();
    assert_eq!(bench.token_calls(), calls + 2);
    bench.advance(Duration::from_secs(7 * 24 * 3600));
    bench.renew(RenewWhen::Due).await.unwrap();
    assert_eq!(bench.token_calls(), calls + 3);
}

#[tokio::test]
async fn an_answer_without_refresh_token_keeps_the_old_one_and_its_end() {
    let bench = Bench::new(config()).await;
    bench.connect().await;
    let before = bench.shown().await;
    bench.sandbox.set_rotation(Rotation::Absent);
    for _ in 0..2 {
        bench.advance(Duration::from_secs(15 * 24 * 3600));
        bench.call().await.unwrap();
    }
    let after = bench.shown().await;
    assert_eq!(before.refresh_token_expires_at, after.refresh_token_expires_at);
    assert!(after.access_token_expires_at > before.access_token_expires_at);
    assert!(
        after
            .permissions
            .iter()
            .all(|permission| permission.granted == Some(true))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_callers_cost_one_refresh() {
    let bench = Bench::new(config()).await;
    bench.sandbox.set_rotation(Rotation::New);
    bench.connect().await;
    let other = bench.another().await;
    bench.call().await.unwrap();
    other.call().await.unwrap();
    let calls = bench.token_calls();
    // Both processes hold the same token, and it dies at once for all of them.
    bench.sandbox.revoke_tokens(false);
    let (one, two) = (
        bench.clients.webex_for(&bench.organisation).await.unwrap(),
        other.clients.webex_for(&bench.organisation).await.unwrap(),
    );
    let callers: Vec<_> = (0..20)
        .map(|n| {
            let webex = if n % 2 == 0 { one.clone() } else { two.clone() };
            tokio::spawn(async move { webex.me().await.map(|me| me.id) })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    assert_eq!(bench.token_calls(), calls + 1);
}

#[tokio::test]
async fn a_client_secret_made_anew_is_told_in_words() {
    let bench = Bench::new(config()).await;
    bench.connect().await;
    bench.call().await.unwrap();
    bench.sandbox.revoke_tokens(false);
    bench.sandbox.add_fault(Fault::on_path(
        "/v1/access_token",
        Effect::Status {
            status: 401,
            when: When::Before,
            retry_after: None,
            retry_after_date: None,
            body: FaultBody::Json(serde_json::json!({
                "error": "invalid_client",
                "error_description": "Client authentication failed."
            })),
        },
    ));
    let message = bench.call().await.unwrap_err().failure().message;
    assert!(
        message.contains("client secret") && message.contains("developer.webex.com"),
        "{message}"
    );
    let ConsentState::Needed { reason, .. } = bench.shown().await.consent else {
        panic!("still granted")
    };
    for told in [&message, &reason] {
        assert!(!told.contains("invalid_client"), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refused_refresh_is_durable_and_asked_for_once() {
    let bench = Bench::new(config()).await;
    bench.connect().await;
    bench.call().await.unwrap();
    let calls = bench.token_calls();
    bench.sandbox.revoke_tokens(true);
    let webex = bench.clients.webex_for(&bench.organisation).await.unwrap();
    let callers: Vec<_> = (0..20)
        .map(|_| {
            tokio::spawn({
                let webex = webex.clone();
                async move { webex.me().await.unwrap_err() }
            })
        })
        .collect();
    for caller in callers {
        let error = caller.await.unwrap();
        assert!(
            matches!(error.kind(), webex_client::ErrorKind::Consent(_)),
            "{error:?}"
        );
    }
    assert_eq!(
        bench.token_calls(),
        calls + 1,
        "a dead refresh token is presented once"
    );
    let ConsentState::Needed { reason, .. } = bench.shown().await.consent else {
        panic!("still granted")
    };
    assert!(reason.contains("refresh token"), "{reason}");
    let next = bench.another().await;
    let error = next.call().await.unwrap_err();
    assert_eq!(code(&error), ErrorCode::ConsentNeeded);
    assert!(
        error.failure().message.contains("Kestrel Logistics"),
        "{}",
        error.failure().message
    );
    assert_eq!(bench.token_calls(), calls + 1);
    // Connecting again with the sealed client secret heals it.
    let mut beginning = bench.beginning(ConsentMethod::Browser, 0);
    beginning.client_secret = SecretEdit::Keep;
    let attempt = bench.consent.begin(beginning).await.unwrap();
    bench.register(&attempt).await;
    browse(&authorize_url(&attempt)).await;
    bench.consent.wait(&attempt.id).await.unwrap();
    assert_eq!(bench.shown().await.consent, ConsentState::Granted);
    webex
        .me()
        .await
        .expect("a client from before goes on with the new tokens");
}

#[tokio::test]
async fn what_a_refresh_brought_is_durable_before_it_is_used() {
    let bench = Bench::new(config()).await;
    bench.sandbox.set_rotation(Rotation::New);
    bench.connect().await;
    bench.call().await.unwrap();
    let unwritable =
        "create trigger unwritable before insert on secrets begin select raise(abort, 'no'); end";
    sqlx::query(unwritable).execute(bench.db.read()).await.unwrap();
    bench.advance(Duration::from_secs(15 * 24 * 3600));
    bench.sandbox.clear_journal();
    for _ in 0..2 {
        let error = bench.call().await.unwrap_err();
        assert_ne!(code(&error), ErrorCode::ConsentNeeded, "{error:?}");
    }
    let asked: Vec<String> = bench
        .sandbox
        .journal()
        .into_iter()
        .map(|entry| entry.path)
        .collect();
    assert_eq!(
        asked,
        ["/v1/access_token"],
        "one refresh, and nothing with a token that is not stored"
    );
    sqlx::query("drop trigger unwritable")
        .execute(bench.db.read())
        .await
        .unwrap();
    bench.call().await.expect("what Webex gave was not lost");
    assert_eq!(
        bench.token_calls(),
        1,
        "the old refresh token is dead, so it cannot have been asked again"
    );
    bench.another().await.call().await.expect("it is durable");
}

#[tokio::test]
async fn a_refresh_nobody_waits_for_is_stored_all_the_same() {
    let bench = Bench::new(config()).await;
    bench.sandbox.set_rotation(Rotation::New);
    bench.connect().await;
    let lock = bench.folder().join(format!("tokens-{}.lock", bench.organisation));
    std::fs::remove_file(&lock).unwrap();
    bench.advance(Duration::from_secs(15 * 24 * 3600));
    let before = bench.shown().await.refreshed_at;
    let mut topics = bench.db.events().subscribe();
    let webex = bench.clients.webex_for(&bench.organisation).await.unwrap();
    let caller = tokio::spawn(async move { webex.me().await });
    while !lock.exists() {
        tokio::task::yield_now().await;
    }
    caller.abort();
    let stored = async { while topics.recv().await.unwrap() != Topic::Organisations {} };
    tokio::time::timeout(Duration::from_secs(60), stored)
        .await
        .expect("the refresh was left with its caller");
    assert!(bench.shown().await.refreshed_at > before);
    let calls = bench.token_calls();
    bench.another().await.call().await.unwrap();
    assert_eq!(bench.token_calls(), calls);
}

#[tokio::test]
async fn trouble_at_the_token_endpoint_takes_no_consent_away() {
    let bench = Bench::new(config()).await;
    bench.connect().await;
    bench.call().await.unwrap();
    let trouble = |status| {
        Fault::on_path(
            "/v1/access_token",
            Effect::Status {
                status,
                when: When::Before,
                retry_after: None,
                retry_after_date: None,
                body: FaultBody::Html,
            },
        )
        .times(None)
    };
    bench.advance(Duration::from_secs(8 * 24 * 3600));
    // 400 and 401 are no word of Webex's here: the page is the network's.
    for status in [503, 400, 401] {
        bench.sandbox.clear_faults();
        bench.sandbox.add_fault(trouble(status));
        bench
            .call()
            .await
            .expect("the present token serves until it ends");
        bench.advance(Duration::from_secs(120));
    }
    bench.advance(Duration::from_secs(7 * 24 * 3600));
    for status in [503, 400, 401] {
        bench.sandbox.clear_faults();
        bench.sandbox.add_fault(trouble(status));
        let error = bench.call().await.unwrap_err();
        assert_ne!(code(&error), ErrorCode::ConsentNeeded, "{status} {error:?}");
        assert_eq!(bench.shown().await.consent, ConsentState::Granted, "{status}");
    }
    bench.sandbox.clear_faults();
    bench.call().await.unwrap();
}

#[tokio::test]
async fn a_hold_outlives_the_process_that_met_it() {
    let bench = Bench::new(config()).await;
    bench.connect().await;
    bench.call().await.unwrap();
    bench.sandbox.add_fault(Fault::on_path(
        "/v1/people/me",
        Effect::Status {
            status: 429,
            when: When::Before,
            retry_after: Some("600".to_owned()),
            retry_after_date: None,
            body: FaultBody::Error,
        },
    ));
    let webex = bench.clients.webex_for(&bench.organisation).await.unwrap();
    let held = tokio::spawn(async move { webex.me().await });
    let gate = bench.clients.gate(&bench.organisation).await.unwrap();
    let mut state = gate.subscribe();
    state.wait_for(|state| state.held_until.is_some()).await.unwrap();
    let until = gate.held_until().unwrap();
    let kept = async {
        loop {
            let row: Option<(Option<String>,)> = sqlx::query_as("select held_until from rate_gates")
                .fetch_optional(bench.db.read())
                .await
                .unwrap();
            if let Some((Some(kept),)) = row {
                return kept.parse::<Timestamp>().unwrap();
            }
            tokio::task::yield_now().await;
        }
    };
    let kept = tokio::time::timeout(Duration::from_secs(20), kept)
        .await
        .expect("the hold is written at once");
    assert_eq!(kept, until);
    held.abort();

    let next = bench.another().await;
    let restored = next
        .clients
        .gate(&bench.organisation)
        .await
        .unwrap()
        .held_until()
        .expect("still held");
    let off = restored.duration_since(until).as_secs().abs();
    assert!(off <= 1, "restored to {restored} instead of {until}");
}

#[tokio::test]
async fn a_proxy_that_cannot_be_read_is_not_passed_by() {
    let bench = Bench::with(config(), |fields| {
        fields.http_proxy = SecretEdit::Set {
            value: "http://u:p@127.0.0.1:9".to_owned(),
        };
    })
    .await;
    bench.vault.reset().await.unwrap();
    let error = bench
        .consent
        .begin(bench.beginning(ConsentMethod::Device, 0))
        .await
        .unwrap_err();
    assert!(
        error.failure().message.contains("proxy of Kestrel Logistics"),
        "{}",
        error.failure().message
    );
    assert!(bench.sandbox.journal().is_empty());
}

#[tokio::test]
async fn the_demo_organisation_follows_its_address() {
    let bench = Bench::with(config(), |fields| fields.environment = Environment::Demo).await;
    let error = bench
        .consent
        .begin(bench.beginning(ConsentMethod::Device, 0))
        .await
        .unwrap_err();
    assert!(
        error.failure().message.contains("not running"),
        "{}",
        error.failure().message
    );
    bench.clients.set_demo_base(Some(bench.sandbox.base_url()));
    bench.connect().await;
    bench.call().await.unwrap();
}

#[tokio::test]
async fn what_is_connected_stays_the_organisation_it_is() {
    let bench = Bench::new(config()).await;
    bench.connect().await;
    let before = bench.shown().await;
    let other = "11111111-2222-4333-8444-555555555555".to_owned();
    let refused = bench
        .update(|fields| fields.account_number = Some(other.clone()))
        .await
        .unwrap_err()
        .failure();
    assert_eq!(
        (refused.code, refused.field.as_deref()),
        (ErrorCode::Invalid, Some("accountNumber"))
    );
    let refused = bench
        .update(|fields| fields.environment = Environment::Commercial)
        .await
        .unwrap_err()
        .failure();
    assert_eq!(
        (refused.code, refused.field.as_deref()),
        (ErrorCode::Invalid, Some("environment"))
    );
    bench
        .update(|fields| fields.account_number = before.internal_id.clone())
        .await
        .expect("its own id is fine");
    let after = bench.shown().await;
    assert_eq!(after.internal_id, before.internal_id);
    assert_eq!(after.account_number, before.account_number);
    assert_eq!(after.consent, ConsentState::Granted);
}

#[tokio::test]
async fn a_flag_that_is_set_later_shows_what_the_consent_lacks() {
    let bench = Bench::new(config()).await;
    bench.connect().await;
    bench.update(|fields| fields.wholesale = true).await.unwrap();
    let lacking: Vec<String> = bench
        .shown()
        .await
        .permissions
        .into_iter()
        .filter(|permission| permission.granted == Some(false))
        .map(|permission| permission.scope)
        .collect();
    assert_eq!(lacking.len(), 4, "{lacking:?}");
    assert!(
        lacking.iter().all(|scope| scope.contains("wholesale")),
        "{lacking:?}"
    );
}
