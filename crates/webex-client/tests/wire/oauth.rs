//! Consent, refresh, device grant and service app, with Webex's own refusals.

use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use webex_client::*;

use crate::server::{Random, Server, Wall, answer, json};

fn oauth(base: &str) -> (OAuth, Arc<Gate>) {
    let clock: Arc<dyn Clock> = Arc::new(Wall);
    let gate = Gate::new(GateConfig::new(Arc::clone(&clock)));
    let integration = Integration {
        client_id: "C123".into(),
        client_secret: secret("top secret+"),
    };
    let oauth = OAuth::new(
        Endpoints::custom(base).unwrap(),
        TransportConfig::default(),
        integration,
        Arc::clone(&gate),
        clock,
        Arc::new(Random),
    )
    .unwrap();
    (oauth, gate)
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

fn grant() -> serde_json::Value {
    json!({"access_token": "acc", "expires_in": 1209599, "refresh_token": "ref",
           "refresh_token_expires_in": "6223532", "token_type": "Bearer", "scope": "spark:kms spark-admin:people_read"})
}

#[tokio::test]
async fn the_authorize_address_carries_state_and_challenge() {
    let (oauth, _) = oauth("http://127.0.0.1:9/v1");
    let request = oauth
        .consent_request(
            "http://localhost:4200/authorize",
            &["spark:kms", "x:y"],
            Some("a@b.c"),
        )
        .unwrap();
    let value = |name: &str| {
        request
            .url
            .query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    assert!(
        request
            .url
            .as_str()
            .starts_with("http://127.0.0.1:9/v1/authorize?")
    );
    assert_eq!(value("response_type").as_deref(), Some("code"));
    assert_eq!(value("client_id").as_deref(), Some("C123"));
    assert_eq!(
        value("redirect_uri").as_deref(),
        Some("http://localhost:4200/authorize")
    );
    assert_eq!(value("scope").as_deref(), Some("spark:kms x:y"));
    assert_eq!(value("login_hint").as_deref(), Some("a@b.c"));
    assert_eq!(value("state").as_deref(), Some(request.state.expose_secret()));
    let digest = Sha256::digest(request.verifier.expose_secret().as_bytes());
    let challenge = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest);
    assert_eq!(value("code_challenge").as_deref(), Some(challenge.as_str()));
    assert_eq!(value("code_challenge_method").as_deref(), Some("S256"));
    let other = oauth
        .consent_request("http://localhost:4200/authorize", &["x"], None)
        .unwrap();
    assert_ne!(other.state.expose_secret(), request.state.expose_secret());
    assert!(oauth.consent_request("not an address", &["x"], None).is_err());

    let state = request.state.expose_secret();
    let code = request
        .read_redirect(&format!("?code=abc&state={state}"))
        .unwrap();
    assert_eq!(code.expose_secret(), "abc");
    for query in ["code=abc", "code=abc&state=other", ""] {
        assert_eq!(
            request.read_redirect(query).unwrap_err(),
            RedirectError::WrongState,
            "{query}"
        );
    }
    assert_eq!(
        request.read_redirect(&format!("state={state}")).unwrap_err(),
        RedirectError::NoCode
    );
    let refused = request.read_redirect(&format!(
        "state={state}&error=access_denied&error_description=No%20way"
    ));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "consent was refused: access_denied (No way)"
    );
}

#[tokio::test]
async fn a_code_is_exchanged_with_secret_and_verifier() {
    let server = Server::start(|_, _| json(200, grant())).await;
    let (oauth, _) = oauth(&server.base());
    let request = oauth
        .consent_request("http://localhost:4200/authorize", &["x"], None)
        .unwrap();
    let grant = oauth.exchange(&request, &secret("the code")).await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!(
        (seen.method.as_str(), seen.path.as_str()),
        ("POST", "/v1/access_token")
    );
    assert_eq!(seen.headers["content-type"], "application/x-www-form-urlencoded");
    for (name, value) in [
        ("grant_type", "authorization_code"),
        ("client_id", "C123"),
        ("client_secret", "top secret+"),
        ("code", "the code"),
        ("redirect_uri", "http://localhost:4200/authorize"),
        ("code_verifier", request.verifier.expose_secret()),
    ] {
        assert_eq!(seen.form(name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(grant.access_token.expose_secret(), "acc");
    assert_eq!(grant.expires_in, Some(Duration::from_secs(1_209_599)));
    assert_eq!(
        grant.refresh_token_expires_in,
        Some(Duration::from_secs(6_223_532))
    );
    assert_eq!(
        grant.scope.as_deref(),
        Some(&["spark:kms".to_owned(), "spark-admin:people_read".to_owned()][..])
    );
    assert!(grant.expires_at() < grant.refresh_token_expires_at());
    assert!(
        !format!("{grant:?}{oauth:?}{request:?}").contains("acc"),
        "nothing secret is printed"
    );
    assert!(!format!("{grant:?}{oauth:?}{request:?}").contains("secret+"));
}

#[tokio::test]
async fn a_refresh_may_bring_no_refresh_token() {
    let server = Server::start(|_, _| json(200, json!({"access_token": "new", "expires_in": 64799}))).await;
    let (oauth, _) = oauth(&server.base());
    let grant = oauth.refresh(&secret("old")).await.unwrap();
    assert!(
        grant.refresh_token.is_none() && grant.refresh_token_expires_in.is_none() && grant.scope.is_none()
    );
    assert_eq!(server.seen()[0].form("refresh_token").as_deref(), Some("old"));
}

#[tokio::test]
async fn a_refused_refresh_is_told_from_trouble_on_the_way() {
    for (status, body, code) in [
        (
            400,
            r#"{"error":"invalid_grant","error_description":"The refresh token provided is expired, revoked, malformed, or invalid"}"#,
            Some("invalid_grant"),
        ),
        (
            401,
            r#"{"message":"The refresh token provided is expired, revoked, malformed, or invalid","errors":[{"description":"x"}],"trackingId":"T"}"#,
            None,
        ),
    ] {
        let server = Server::start(move |_, _| answer(status, &[("trackingid", "T")], body)).await;
        let (oauth, _) = oauth(&server.base());
        match oauth.refresh(&secret("old")).await.unwrap_err() {
            OAuthError::Refused {
                reason,
                code: said,
                status: got,
                tracking_id,
            } => {
                assert!(
                    reason.starts_with("The refresh token provided is expired"),
                    "{reason}"
                );
                assert_eq!(
                    (said.as_deref(), got, tracking_id.as_deref()),
                    (code, Some(status), Some("T"))
                );
            }
            other => panic!("{other:?}"),
        }
    }
    for status in [403, 404, 500, 502] {
        let server = Server::start(move |_, _| answer(status, &[], "<html>")).await;
        let (oauth, _) = oauth(&server.base());
        let error = oauth.refresh(&secret("old")).await.unwrap_err();
        assert!(
            matches!(&error, OAuthError::Failed(error) if error.status() == Some(status)),
            "{error:?}"
        );
        assert_eq!(server.seen().len(), 1, "a token call is not resent");
    }
    let odd =
        Server::start(|_, _| json(200, json!({"access_token": ["secret-thing"], "token_type": "x"}))).await;
    let (oauth, _) = oauth(&odd.base());
    let error = oauth.refresh(&secret("old")).await.unwrap_err();
    assert!(!format!("{error:?}").contains("secret-thing"));
}

#[tokio::test]
async fn a_throttled_token_call_holds_the_whole_organisation() {
    let server = Server::start(|_, number| match number {
        0 => answer(429, &[("retry-after", "1")], ""),
        _ => json(200, grant()),
    })
    .await;
    let (oauth, gate) = oauth(&server.base());
    let began = Instant::now();
    let refresh = tokio::spawn(async move { oauth.refresh(&secret("old")).await.map(drop) });
    while gate.held_until().is_none() {
        tokio::task::yield_now().await;
    }
    refresh.await.unwrap().unwrap();
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(gate.snapshot().throttled_total, 1);
}

#[tokio::test]
async fn a_device_is_polled_until_somebody_approves() {
    let server = Server::start(|seen, number| match (seen.path.as_str(), number) {
        ("/v1/device/authorize", _) => json(
            200,
            json!({"device_code": "dev", "expires_in": 300, "user_code": "729703", "interval": "1",
                   "verification_uri": "https://v.example/verify", "verification_uri_complete": "https://v.example/verify?userCode=1"}),
        ),
        (_, 1) => json(428, json!({"message": "precondition", "errors": [{"description": "authorization_pending"}], "trackingId": "T"})),
        (_, 2) => json(400, json!({"message": "x", "errors": [{"description": "authorization_pending"}]})),
        (_, 3) => answer(502, &[], ""),
        _ => json(200, grant()),
    })
    .await;
    let (oauth, _) = oauth(&server.base());
    let device = oauth.device_start(&["spark:kms", "a:b"]).await.unwrap();
    assert_eq!(
        (device.user_code.as_str(), device.interval),
        ("729703", Duration::from_secs(1))
    );
    assert!(!format!("{device:?}").contains("dev\""));
    let fast = DeviceAuthorization {
        interval: Duration::from_millis(5),
        ..device
    };
    let grant = oauth.device_wait(&fast).await.unwrap();
    assert_eq!(grant.access_token.expose_secret(), "acc");
    let seen = server.seen();
    assert_eq!(seen[0].form("scope").as_deref(), Some("spark:kms a:b"));
    assert!(!seen[0].headers.contains_key("authorization"));
    assert_eq!(seen.len(), 5);
    assert_eq!(seen[1].form("device_code").as_deref(), Some("dev"));
    assert_eq!(
        seen[1].form("grant_type").as_deref(),
        Some("urn:ietf:params:oauth:grant-type:device_code")
    );
    let basic = base64::engine::general_purpose::STANDARD.encode("C123:top secret+");
    assert_eq!(seen[1].headers["authorization"], format!("Basic {basic}"));
}

#[tokio::test]
async fn a_device_poll_understands_every_answer() {
    let shape_a = |text: &str| json!({"message": "no", "errors": [{"description": text}]});
    for (status, body, expected) in [
        (428, json!({}), "Ok(Pending)"),
        (400, shape_a("authorization_pending"), "Ok(Pending)"),
        (400, shape_a("slow_down"), "Ok(SlowDown)"),
        (400, json!({"error": "slow_down"}), "Ok(SlowDown)"),
        (400, shape_a("expired_token"), "Err(Expired)"),
        (400, shape_a("access_denied"), "Err(Refused"),
        (401, shape_a("invalid_client"), "Err(Refused"),
        (500, json!({}), "Err(Failed"),
        (200, grant(), "Ok(Granted"),
    ] {
        let shown = body.to_string();
        let server = Server::start(move |_, _| json(status, body.clone())).await;
        let (oauth, _) = oauth(&server.base());
        let polled = format!("{:?}", oauth.device_poll(&secret("dev")).await);
        assert!(polled.starts_with(expected), "{status} {shown}: {polled}");
    }
    let throttled = Server::start(|_, _| answer(429, &[("retry-after", "3")], "")).await;
    let (oauth, gate) = oauth(&throttled.base());
    assert!(matches!(
        oauth.device_poll(&secret("dev")).await,
        Ok(DevicePoll::SlowDown)
    ));
    assert!(gate.held_until().is_some());
}

#[tokio::test]
async fn a_device_code_runs_out() {
    let server = Server::start(|_, _| answer(428, &[], "")).await;
    let (oauth, _) = oauth(&server.base());
    let device = DeviceAuthorization {
        device_code: secret("dev"),
        user_code: "1".into(),
        verification_uri: "https://v.example".into(),
        verification_uri_complete: None,
        expires_in: Duration::from_millis(60),
        interval: Duration::from_millis(10),
    };
    assert!(matches!(
        oauth.device_wait(&device).await,
        Err(OAuthError::Expired)
    ));
}

#[tokio::test]
async fn a_service_app_gets_its_tokens_with_another_token() {
    let server = Server::start(|_, number| match number {
        0 => json(200, grant()),
        _ => json(403, json!({"message": "not authorised"})),
    })
    .await;
    let (oauth, _) = oauth(&server.base());
    oauth
        .service_app_token("app/1", "org", &secret("token"))
        .await
        .unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.path, "/v1/applications/app%2F1/token");
    assert_eq!(seen.headers["authorization"], "Bearer token");
    assert_eq!(
        seen.json(),
        json!({"clientId": "C123", "clientSecret": "top secret+", "targetOrgId": "org"})
    );
    let error = oauth
        .service_app_token("app", "org", &secret("token"))
        .await
        .unwrap_err();
    assert!(matches!(&error, OAuthError::Failed(error) if *error.kind() == ErrorKind::Forbidden));
}
