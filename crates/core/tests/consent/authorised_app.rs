//! Consent by the tokens of a service app.

use crate::bench::*;
use patchbay_core::consent::ServiceAppProof;
use patchbay_core::organisations::{ConsentState, SecretEdit};
use std::time::Duration;

#[tokio::test]
async fn a_service_app_connects_with_its_tokens() {
    let bench = Bench::new(config()).await;
    let announced = bench.sandbox.announcement();
    let app = |name: &str| announced["service_app"][name].as_str().unwrap().to_owned();
    let connect = |application_id: String, secret: String| {
        let proof = ServiceAppProof::Application {
            application_id,
            target_organisation: Some(bench.sandbox.organisation_uuid()),
            access_token: bench.sandbox.access_token().into(),
        };
        let secret = SecretEdit::Set { value: secret };
        let client_id = app("client_id");
        let (consent, organisation) = (bench.consent.clone(), bench.organisation.clone());
        async move {
            consent
                .connect_service_app(&organisation, &client_id, secret, proof, "tester")
                .await
        }
    };
    assert!(connect("unknown".to_owned(), app("client_secret")).await.is_err());
    assert_eq!(bench.shown().await.consent, ConsentState::None);
    connect(app("application_id"), app("client_secret"))
        .await
        .unwrap();
    assert_eq!(bench.shown().await.consent, ConsentState::Granted);
    bench.call().await.unwrap();
    // Tokens of a service app live an hour.
    bench.advance(Duration::from_secs(2 * 3600));
    bench.call().await.unwrap();
}
