//! Tokens given back to Webex.

use crate::bench::*;
use patchbay_core::ErrorCode;
use patchbay_core::organisations::ConsentState;
use patchbay_core::secrets::field::{ACCESS_TOKEN, REFRESH_TOKEN};
use std::time::Duration;
use webex_sandbox::{Effect, Fault, FaultBody, Rotation, When};

fn refusing(status: u16) -> Fault {
    let effect = Effect::Status {
        status,
        when: When::Before,
        retry_after: None,
        retry_after_date: None,
        body: FaultBody::Error,
    };
    Fault::on_path("/idb/oauth2/v1/revoke", effect).times(None)
}

#[tokio::test]
async fn both_tokens_are_dead_at_webex_and_forgotten_here() {
    let bench = Bench::new(config()).await;
    assert!(
        !bench.consent.revoke(&bench.organisation).await.unwrap(),
        "there is nothing to give back"
    );
    bench.connect().await;
    let access = bench.vault.read(&bench.organisation, ACCESS_TOKEN).await.unwrap();
    assert!(access.is_some());
    bench.sandbox.clear_journal();
    assert!(bench.consent.revoke(&bench.organisation).await.unwrap());
    let told: Vec<_> = bench
        .sandbox
        .journal()
        .into_iter()
        .map(|entry| (entry.path, entry.status))
        .collect();
    let once = ("/idb/oauth2/v1/revoke".to_owned(), Some(200));
    assert_eq!(told, [once.clone(), once]);
    for field in [ACCESS_TOKEN, REFRESH_TOKEN] {
        assert!(
            bench
                .vault
                .read(&bench.organisation, field)
                .await
                .unwrap()
                .is_none()
        );
    }
    assert!(matches!(bench.shown().await.consent, ConsentState::Needed { .. }));
    let error = bench.call().await.unwrap_err();
    assert_eq!(code(&error), ErrorCode::ConsentNeeded);
    assert!(!bench.consent.revoke(&bench.organisation).await.unwrap());

    // Connecting again is all it takes.
    bench.connect().await;
    bench.call().await.unwrap();
}

#[tokio::test]
async fn what_webex_does_not_take_back_stays() {
    let bench = Bench::new(config()).await;
    bench.connect().await;
    for (status, expected, words) in [
        (
            400,
            ErrorCode::Conflict,
            "did not take the tokens of Kestrel Logistics back",
        ),
        (
            503,
            ErrorCode::Refused,
            "give the tokens of Kestrel Logistics back",
        ),
    ] {
        bench.sandbox.clear_faults();
        bench.sandbox.add_fault(refusing(status));
        let error = bench.consent.revoke(&bench.organisation).await.unwrap_err();
        assert_eq!(code(&error), expected, "{error:?}");
        let said = error.failure().message;
        assert!(said.contains(words), "{said}");
        bench.call().await.unwrap();
    }
    assert!(matches!(bench.shown().await.consent, ConsentState::Granted));
    let error = bench.consent.revoke("nobody").await.unwrap_err();
    assert_eq!(code(&error), ErrorCode::NotFound);
}

#[tokio::test]
async fn the_newest_tokens_are_given_back_also_where_they_could_not_be_stored() {
    let bench = Bench::new(config()).await;
    bench.sandbox.set_rotation(Rotation::New);
    bench.connect().await;
    bench.call().await.unwrap();
    let unwritable =
        "create trigger unwritable before insert on secrets begin select raise(abort, 'no'); end";
    sqlx::query(unwritable).execute(bench.db.read()).await.unwrap();
    bench.advance(Duration::from_secs(8 * 24 * 3600));
    bench.call().await.unwrap_err();
    sqlx::query("drop trigger unwritable")
        .execute(bench.db.read())
        .await
        .unwrap();
    // Somebody edits a note meanwhile, which must not lose them.
    bench
        .update(|fields| fields.notes = Some("moved".to_owned()))
        .await
        .unwrap();
    bench.sandbox.clear_journal();
    assert!(bench.consent.revoke(&bench.organisation).await.unwrap());
    let told = bench.sandbox.journal();
    assert_eq!(
        told.len(),
        3,
        "one refresh token and both access tokens: {told:#?}"
    );
    assert!(
        told[0].applied,
        "the refresh token that was given back is the one that lived: {told:#?}"
    );
}
