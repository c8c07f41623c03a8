//! Consent with a device code.

use crate::bench::*;
use jiff::Timestamp;
use patchbay_core::clock::Clock;
use patchbay_core::consent::{AttemptState, ConsentAttempt, ConsentMethod};
use patchbay_core::organisations::ConsentState;
use std::time::Duration;
use webex_sandbox::{Config, Effect, Fault, FaultBody, When};

#[tokio::test]
async fn a_device_code_connects_without_a_port() {
    let bench = Bench::new(config()).await;
    let attempt = bench
        .consent
        .begin(bench.beginning(ConsentMethod::Device, 0))
        .await
        .unwrap();
    let AttemptState::WaitingForDevice {
        user_code,
        verification_uri,
        expires_at,
        ..
    } = &attempt.state
    else {
        panic!("{:?}", attempt.state);
    };
    assert_eq!(user_code.len(), 6);
    assert!(verification_uri.ends_with("/verify"));
    assert!(expires_at.parse::<Timestamp>().unwrap() > bench.clock.now());
    let over = bench.consent.wait(&attempt.id).await.unwrap();
    assert!(
        matches!(over.state, AttemptState::Granted { .. }),
        "{:?}",
        over.state
    );
    bench.call().await.unwrap();
}

#[tokio::test]
async fn a_device_code_that_runs_out_is_replaced_and_one_that_is_denied_says_so() {
    let bench = Bench::new(Config {
        auto_consent: false,
        ..config()
    })
    .await;
    let attempt = bench
        .consent
        .begin(bench.beginning(ConsentMethod::Device, 0))
        .await
        .unwrap();
    let code = |attempt: &ConsentAttempt| match &attempt.state {
        AttemptState::WaitingForDevice { user_code, .. } => user_code.clone(),
        other => panic!("{other:?}"),
    };
    let first = code(&attempt);
    let mut topics = bench.db.events().subscribe();
    bench.sandbox.advance(Duration::from_secs(301));
    let replaced = async {
        loop {
            let second = code(&bench.consent.attempt(&attempt.id).unwrap());
            if second != first {
                return;
            }
            topics.recv().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(30), replaced)
        .await
        .expect("another code is shown without a new attempt");
    let cancelled = bench.consent.cancel(&attempt.id).await.unwrap();
    assert!(
        matches!(cancelled.state, AttemptState::Cancelled),
        "{:?}",
        cancelled.state
    );

    bench.sandbox.add_fault(Fault::on_path(
        "/v1/device/token",
        Effect::Status {
            status: 400,
            when: When::Before,
            retry_after: None,
            retry_after_date: None,
            body: FaultBody::Json(serde_json::json!({
                "message": "access_denied",
                "errors": [{ "description": "access_denied" }],
                "trackingId": "NA_1"
            })),
        },
    ));
    let attempt = bench
        .consent
        .begin(bench.beginning(ConsentMethod::Device, 0))
        .await
        .unwrap();
    let failure_two = failure(bench.consent.wait(&attempt.id).await.unwrap());
    assert!(
        failure_two.message.contains("refused in Webex"),
        "{}",
        failure_two.message
    );
    assert_eq!(bench.shown().await.consent, ConsentState::None);
}
