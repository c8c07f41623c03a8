//! Consent, exchange, refresh, device grant, service app, scopes, revocation.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::{Got, Wire, demo, start};
use webex_sandbox::{Config, Rotation};

const SCOPES: &str = "spark:kms spark-admin:people_read spark-admin:licenses_read";
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

async fn consenting() -> Wire {
    start(Config {
        auto_consent: true,
        ..Config::default()
    })
    .await
}

fn query(wire: &Wire, more: &[(&str, &str)]) -> String {
    let mut url = url::Url::parse(&wire.url("/authorize")).unwrap();
    let (id, uri) = (wire.sandbox.client_id(), wire.sandbox.redirect_uri());
    let mut pairs = vec![
        ("response_type", "code"),
        ("client_id", &id),
        ("redirect_uri", &uri),
        ("scope", SCOPES),
        ("state", "a+b &c"),
    ];
    pairs.retain(|(k, _)| !more.iter().any(|(m, _)| m == k));
    pairs.extend_from_slice(more);
    url.query_pairs_mut().extend_pairs(pairs);
    url.to_string()
}

async fn open(wire: &Wire, more: &[(&str, &str)]) -> Got {
    wire.send(wire.http.get(query(wire, more))).await.unwrap()
}

fn redirected(got: &Got, name: &str) -> Option<String> {
    assert_eq!(got.status, 302, "{}", got.text);
    let url = url::Url::parse(got.header("location").unwrap()).unwrap();
    url.query_pairs()
        .find(|(k, _)| k == name)
        .map(|(_, v)| v.into_owned())
}

async fn exchange(wire: &Wire, code: &str, more: &[(&str, &str)]) -> Got {
    let (id, secret, uri) = (
        wire.sandbox.client_id(),
        wire.sandbox.client_secret(),
        wire.sandbox.redirect_uri(),
    );
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("client_id", &id),
        ("client_secret", &secret),
        ("code", code),
        ("redirect_uri", &uri),
    ];
    form.retain(|(k, _)| !more.iter().any(|(m, _)| m == k));
    form.extend_from_slice(more);
    wire.form("/access_token", &form).await
}

async fn tokens(wire: &Wire) -> Value {
    let code = redirected(&open(wire, &[]).await, "code").unwrap();
    let got = exchange(wire, &code, &[]).await;
    assert_eq!(got.status, 200, "{}", got.text);
    got.json()
}

async fn refresh(wire: &Wire, token: &Value) -> Got {
    let (id, secret) = (wire.sandbox.client_id(), wire.sandbox.client_secret());
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", &id),
        ("client_secret", &secret),
        ("refresh_token", token.as_str().unwrap()),
    ];
    wire.form("/access_token", &form).await
}

async fn me(wire: &Wire, token: &Value) -> u16 {
    let request = wire
        .http
        .get(wire.url("/people/me"))
        .bearer_auth(token.as_str().unwrap());
    wire.send(request).await.unwrap().status
}

#[tokio::test]
async fn a_code_with_pkce_becomes_tokens_once() {
    let wire = consenting().await;
    let challenge = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
    let answer = open(&wire, &challenge).await;
    assert_eq!(redirected(&answer, "state").as_deref(), Some("a+b &c"));
    let code = redirected(&answer, "code").unwrap();
    let got = exchange(&wire, &code, &[("code_verifier", VERIFIER)]).await;
    assert_eq!(got.status, 200, "{}", got.text);
    let body = got.json();
    assert_eq!(
        (
            body["expires_in"].as_u64(),
            body["refresh_token_expires_in"].as_u64()
        ),
        (Some(1_209_599), Some(7_775_999))
    );
    assert_eq!(me(&wire, &body["access_token"]).await, 200);
    let again = exchange(&wire, &code, &[("code_verifier", VERIFIER)]).await;
    assert_eq!(
        (again.status, again.json()["error"].as_str()),
        (400, Some("invalid_grant"))
    );

    for verifier in ["", "short", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX"] {
        let code = redirected(&open(&wire, &challenge).await, "code").unwrap();
        let got = exchange(&wire, &code, &[("code_verifier", verifier)]).await;
        assert_eq!(
            (got.status, got.json()["error"].as_str()),
            (400, Some("invalid_grant")),
            "{verifier}"
        );
    }
    let code = redirected(
        &open(
            &wire,
            &[("code_challenge", VERIFIER), ("code_challenge_method", "plain")],
        )
        .await,
        "code",
    )
    .unwrap();
    assert_eq!(
        exchange(&wire, &code, &[("code_verifier", VERIFIER)])
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn wrong_requests_get_a_page_or_an_error_and_codes_die() {
    let wire = consenting().await;
    for wrong in [
        ("redirect_uri", "http://127.0.0.1:14771/callback/"),
        ("redirect_uri", "http://127.0.0.1:14791/callback"),
        ("client_id", "unknown"),
    ] {
        let got = open(&wire, &[wrong]).await;
        assert_eq!((got.status, got.header("location")), (400, None), "{wrong:?}");
        assert!(
            got.text.contains("Simulator") && got.header("content-type").unwrap().starts_with("text/html")
        );
    }
    assert_eq!(
        redirected(
            &open(&wire, &[("redirect_uri", "http://localhost:14790/callback")]).await,
            "error"
        ),
        None
    );
    assert_eq!(
        redirected(&open(&wire, &[("scope", "spark:none")]).await, "error").as_deref(),
        Some("invalid_scope")
    );
    let got = wire
        .body(
            "POST",
            "/_sandbox/redirect_uris",
            &json!({ "redirect_uri": "http://localhost:9/x" }),
        )
        .await;
    assert_eq!(got.status, 200);
    assert!(
        redirected(
            &open(&wire, &[("redirect_uri", "http://localhost:9/x")]).await,
            "code"
        )
        .is_some()
    );

    let code = redirected(&open(&wire, &[]).await, "code").unwrap();
    assert_eq!(
        exchange(&wire, &code, &[("client_secret", "wrong")]).await.status,
        401
    );
    let code = redirected(&open(&wire, &[]).await, "code").unwrap();
    assert_eq!(
        exchange(
            &wire,
            &code,
            &[("redirect_uri", "http://localhost:14771/callback")]
        )
        .await
        .status,
        400
    );
    let code = redirected(&open(&wire, &[]).await, "code").unwrap();
    wire.sandbox.advance(Duration::from_secs(121));
    assert_eq!(exchange(&wire, &code, &[]).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn a_person_may_accept_or_deny_on_the_page() {
    let wire = demo().await;
    let page = open(&wire, &[("login_hint", "admin@northgate.example")]).await;
    assert_eq!(page.status, 200);
    for part in [
        "Simulator",
        "Read users of the organisation",
        "value=\"admin@northgate.example\"",
        ">Deny<",
        "<html lang=\"en\">",
    ] {
        assert!(page.text.contains(part), "{part}");
    }
    let url = url::Url::parse(&query(&wire, &[])).unwrap();
    let fields: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let decide = async |decision: &str, email: &str| {
        let mut form = fields.clone();
        form.extend([
            ("decision".to_owned(), decision.to_owned()),
            ("email".to_owned(), email.to_owned()),
        ]);
        wire.send(wire.http.post(wire.url("/authorize")).form(&form))
            .await
            .unwrap()
    };
    let denied = decide("deny", "admin@northgate.example").await;
    assert_eq!(redirected(&denied, "error").as_deref(), Some("access_denied"));
    assert_eq!(redirected(&denied, "state").as_deref(), Some("a+b &c"));
    let unknown = decide("accept", "<b>@x").await;
    assert_eq!(unknown.status, 200);
    assert!(unknown.text.contains("&lt;b&gt;@x") && !unknown.text.contains("<b>@x"));
    let code = redirected(&decide("accept", "AUDITOR@northgate.example").await, "code").unwrap();
    let token = exchange(&wire, &code, &[]).await.json()["access_token"].clone();
    let me = wire
        .send(
            wire.http
                .get(wire.url("/people/me"))
                .bearer_auth(token.as_str().unwrap()),
        )
        .await
        .unwrap();
    assert_eq!(me.json()["emails"][0], "auditor@northgate.example");
}

#[tokio::test]
async fn refresh_answers_as_the_rotation_says_and_dies_with_its_time() {
    let wire = consenting().await;
    let first = tokens(&wire).await;
    wire.sandbox.advance(Duration::from_secs(10 * 86_400));
    let same = refresh(&wire, &first["refresh_token"]).await.json();
    assert_eq!(same["refresh_token"], first["refresh_token"]);
    let left = same["refresh_token_expires_in"].as_u64().unwrap();
    assert!(
        (7_775_999 - 864_010..=7_775_999 - 864_000).contains(&left),
        "the remaining life: {left}"
    );
    assert_eq!(
        me(&wire, &first["access_token"]).await,
        200,
        "the previous access token stays valid"
    );

    wire.sandbox.set_rotation(Rotation::Absent);
    let body = refresh(&wire, &first["refresh_token"]).await.json();
    assert!(body.get("refresh_token").is_none() && body.get("refresh_token_expires_in").is_none());
    wire.sandbox.set_rotation(Rotation::New);
    let new = refresh(&wire, &first["refresh_token"]).await.json();
    assert_ne!(new["refresh_token"], first["refresh_token"]);
    let old = refresh(&wire, &first["refresh_token"]).await;
    assert_eq!(
        (old.status, old.json()["error"].as_str()),
        (400, Some("invalid_grant"))
    );
    wire.sandbox.set_rotation(Rotation::Renewed);
    wire.sandbox.advance(Duration::from_secs(86_400));
    let renewed = refresh(&wire, &new["refresh_token"]).await.json();
    assert_eq!(
        (
            renewed["refresh_token_expires_in"].as_u64(),
            &renewed["refresh_token"]
        ),
        (Some(7_775_999), &new["refresh_token"])
    );

    wire.sandbox.advance(Duration::from_secs(1_209_600));
    assert_eq!(me(&wire, &renewed["access_token"]).await, 401);
    wire.sandbox.advance(Duration::from_secs(7_776_000));
    wire.body("POST", "/_sandbox/tokens", &json!({ "refuse_in_shape_a": true }))
        .await;
    let dead = refresh(&wire, &new["refresh_token"]).await;
    assert_eq!(dead.status, 400);
    assert!(
        dead.json()["message"]
            .as_str()
            .unwrap()
            .contains("expired, revoked, malformed, or invalid")
    );
    assert_eq!(
        wire.get("/people/me").await.status,
        200,
        "the printed token lives on"
    );
}

#[tokio::test]
async fn the_device_grant_waits_with_428_until_somebody_answers() {
    let wire = demo().await;
    let (id, secret) = (wire.sandbox.client_id(), wire.sandbox.client_secret());
    let begin = async || {
        wire.form("/device/authorize", &[("client_id", &id), ("scope", SCOPES)])
            .await
            .json()
    };
    let poll = async |code: &Value, basic: bool| {
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", code.as_str().unwrap()),
            ("client_id", &id),
        ];
        let request = wire.http.post(wire.url("/device/token")).form(&form);
        wire.send(if basic {
            request.basic_auth(&id, Some(&secret))
        } else {
            request
        })
        .await
        .unwrap()
    };
    let answer = async |code: &Value, decision: &str| {
        let form = [
            ("user_code", code.as_str().unwrap()),
            ("email", "admin@northgate.example"),
            ("decision", decision),
        ];
        wire.form("/verify", &form).await
    };
    let device = begin().await;
    assert_eq!(device["user_code"].as_str().unwrap().len(), 6);
    assert_eq!(poll(&device["device_code"], false).await.status, 401);
    assert_eq!(poll(&device["device_code"], true).await.status, 428);
    let hasty = poll(&device["device_code"], true).await;
    assert_eq!(
        (hasty.status, hasty.json()["errors"][0]["description"].as_str()),
        (400, Some("slow_down"))
    );
    let page = wire
        .send(
            wire.http
                .get(device["verification_uri_complete"].as_str().unwrap()),
        )
        .await
        .unwrap();
    assert!(page.text.contains(device["user_code"].as_str().unwrap()) && page.text.contains("Read licences"));
    assert_eq!(answer(&device["user_code"], "accept").await.status, 200);
    let got = poll(&device["device_code"], true).await;
    assert_eq!(got.status, 200, "{}", got.text);
    assert_eq!(me(&wire, &got.json()["access_token"]).await, 200);
    assert_eq!(poll(&device["device_code"], true).await.status, 400, "once");

    let device = begin().await;
    answer(&device["user_code"], "deny").await;
    assert_eq!(
        poll(&device["device_code"], true).await.json()["message"],
        "access_denied"
    );
    let device = begin().await;
    wire.sandbox.advance(Duration::from_secs(300));
    assert_eq!(
        poll(&device["device_code"], true).await.json()["message"],
        "expired_token"
    );
}

#[tokio::test]
async fn scopes_and_power_are_checked_and_role_changes_end_tokens() {
    let wire = consenting().await;
    let token = tokens(&wire).await["access_token"].as_str().unwrap().to_owned();
    let get = async |token: &str, path: &str| {
        wire.send(wire.http.get(wire.url(path)).bearer_auth(token))
            .await
            .unwrap()
    };
    assert_eq!(get(&token, "/people?max=1").await.status, 200);
    let refused = get(&token, "/telephony/config/numbers").await;
    assert_eq!(refused.status, 403);
    assert!(
        refused.json()["errors"][0]["description"]
            .as_str()
            .unwrap()
            .contains("telephony_config_read")
    );

    let hint = [
        ("login_hint", "auditor@northgate.example"),
        ("scope", "spark-admin:people_read spark-admin:people_write"),
    ];
    let code = redirected(&open(&wire, &hint).await, "code").unwrap();
    let reader = exchange(&wire, &code, &[]).await.json()["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(get(&reader, "/people?max=1").await.status, 200);
    let who = wire.plain()[0].clone();
    let write = wire
        .http
        .patch(wire.url("/licenses/users"))
        .bearer_auth(&reader)
        .json(&json!({ "personId": who, "licenses": [] }));
    assert_eq!(
        wire.send(write).await.unwrap().status,
        403,
        "a read-only administrator may not write"
    );

    let auditor = wire.sandbox.person("auditor@northgate.example").unwrap();
    let body = json!({ "displayName": auditor.display_name, "roles": [] });
    assert_eq!(
        wire.body("PUT", &format!("/people/{}", auditor.id), &body)
            .await
            .status,
        200
    );
    assert_eq!(
        get(&reader, "/people/me").await.status,
        401,
        "a change of roles ends the tokens"
    );
    for token in ["", "nonsense"] {
        let got = get(token, "/people/me").await;
        assert_eq!((got.status, got.json()["trackingId"].is_string()), (401, true));
    }
}

#[tokio::test]
async fn service_apps_and_authorisations() {
    let wire = consenting().await;
    let app = wire.sandbox.announcement()["service_app"].clone();
    let want = json!({ "clientId": app["client_id"], "clientSecret": app["client_secret"], "targetOrgId": wire.sandbox.organisation_uuid() });
    let path = format!("/applications/{}/token", app["application_id"].as_str().unwrap());
    let got = wire.body("POST", &path, &want).await;
    assert_eq!((got.status, got.json()["expires_in"].as_u64()), (200, Some(3600)));
    assert_eq!(me(&wire, &got.json()["access_token"]).await, 200);
    wire.body(
        "POST",
        "/_sandbox/tokens",
        &json!({ "service_app_unauthorised": true }),
    )
    .await;
    assert_eq!(wire.body("POST", &path, &want).await.status, 403);
    assert_eq!(
        wire.body("POST", "/applications/unknown/token", &want)
            .await
            .status,
        404
    );

    let listed = async || {
        let list = wire
            .get("/authorizations?personEmail=admin@northgate.example")
            .await
            .json();
        let grants = list["items"].as_array().unwrap().clone();
        grants
            .into_iter()
            .filter(|g| g["clientId"] == wire.sandbox.client_id().as_str())
            .collect::<Vec<_>>()
    };
    let before = listed().await;
    let granted = tokens(&wire).await;
    let fresh = listed().await.into_iter().find(|g| !before.contains(g)).unwrap();
    let expiry = wire.get("/authorizations/tokenExpiry").await.json()["exp"]
        .as_i64()
        .unwrap();
    assert!(expiry > 1_900_000_000_000, "milliseconds: {expiry}");
    let path = format!("/authorizations/{}", fresh["id"].as_str().unwrap());
    assert_eq!(wire.body("DELETE", &path, &json!({})).await.status, 204);
    assert_eq!(
        me(&wire, &granted["access_token"]).await,
        401,
        "access tokens die with the authorisation"
    );
    assert_eq!(refresh(&wire, &granted["refresh_token"]).await.status, 400);
    assert_eq!(wire.body("DELETE", &path, &json!({})).await.status, 404);
    assert_eq!(listed().await, before);
}

/// A token of these scopes for whoever signs in as `who`.
async fn token_of(wire: &Wire, who: &str, scope: &str) -> String {
    let opened = open(wire, &[("scope", scope), ("login_hint", who)]).await;
    let code = redirected(&opened, "code").unwrap();
    let got = exchange(wire, &code, &[]).await.json();
    got["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn each_endpoint_of_activation_asks_for_its_own_scope() {
    let wire = consenting().await;
    let base = wire.sandbox.base_url();
    let first = async |list: &str| {
        let got = wire.get(list).await.json();
        got["items"][0]["id"].as_str().unwrap().to_owned()
    };
    let subscriber = first("/broadworks/subscribers").await;
    let migrating = first("/wholesale/subscribers?status=pending_user_migration").await;
    let enterprise = first("/broadworks/enterprises").await;
    let sync = format!("/broadworks/enterprises/{enterprise}/broadworksDirectorySync");
    let jobs = format!(
        "{base}/identity/organizations/{}/jobs/sendActivationEmails",
        wire.sandbox.organisation_uuid()
    );
    let asked = [
        (
            "broadworks_subscribers_read",
            "GET",
            "/broadworks/subscribers".to_owned(),
            200,
        ),
        (
            "broadworks_subscribers_read",
            "GET",
            format!("/broadworks/subscribers/{subscriber}"),
            200,
        ),
        (
            "broadworks_subscribers_write",
            "POST",
            "/broadworks/subscribers".to_owned(),
            400,
        ),
        (
            "broadworks_subscribers_write",
            "PUT",
            format!("/broadworks/subscribers/{subscriber}"),
            200,
        ),
        (
            "broadworks_subscribers_write",
            "DELETE",
            format!("/broadworks/subscribers/{subscriber}"),
            204,
        ),
        (
            "broadworks_enterprises_read",
            "GET",
            "/broadworks/enterprises".to_owned(),
            200,
        ),
        ("broadworks_enterprises_read", "GET", sync.clone(), 200),
        ("broadworks_enterprises_write", "PUT", sync.clone(), 400),
        ("broadworks_enterprises_write", "POST", sync.clone(), 400),
        (
            "broadworks_enterprises_write",
            "POST",
            format!("{sync}/externalUser"),
            400,
        ),
        (
            "wholesale_subscribers_write",
            "POST",
            format!("/subscribers/{migrating}/emails/consentMove"),
            204,
        ),
        ("people_write", "POST", jobs, 202),
    ];
    const ALL: [&str; 6] = [
        "broadworks_subscribers_read",
        "broadworks_subscribers_write",
        "broadworks_enterprises_read",
        "broadworks_enterprises_write",
        "wholesale_subscribers_write",
        "people_write",
    ];
    let send = async |token: &str, method: &str, path: &str| {
        let request = wire.http.request(method.parse().unwrap(), wire.url(path));
        wire.send(request.bearer_auth(token).json(&json!({})))
            .await
            .unwrap()
    };
    for (scope, method, path, status) in asked {
        let others = ALL.iter().filter(|other| **other != scope);
        let others = others
            .map(|other| format!("spark-admin:{other}"))
            .collect::<Vec<_>>()
            .join(" ");
        let refused = send(
            &token_of(&wire, "admin@northgate.example", &others).await,
            method,
            &path,
        )
        .await;
        assert_eq!(refused.status, 403, "{method} {path}: {}", refused.text);
        assert!(refused.text.contains(scope), "{}", refused.text);
        let own = format!("spark-admin:{scope}");
        if method != "GET" {
            let reader = send(
                &token_of(&wire, "auditor@northgate.example", &own).await,
                method,
                &path,
            )
            .await;
            assert_eq!(reader.status, 403, "a read-only administrator: {method} {path}");
        }
        let done = send(
            &token_of(&wire, "admin@northgate.example", &own).await,
            method,
            &path,
        )
        .await;
        assert_eq!(done.status, status, "{method} {path}: {}", done.text);
    }
}
