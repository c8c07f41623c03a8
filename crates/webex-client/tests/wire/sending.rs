//! What is sent, what is resent, and what an error says.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use http::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use webex_client::*;

use crate::server::{self, Server, answer, json};

fn patch() -> PatchLicences {
    PatchLicences {
        person_id: "p".into(),
        org_id: None,
        licences: vec![LicenceOperation {
            id: "l".into(),
            operation: Operation::Add,
            properties: Some(CallingProperties {
                location_id: Some("here".into()),
                phone_number: None,
                extension: Some("0101".into()),
            }),
        }],
    }
}

#[tokio::test]
async fn every_request_is_authorised_and_traceable() {
    let server = Server::start(|_, _| {
        answer(
            200,
            &[("trackingid", "ROUTER_1, ROUTER_1")],
            r#"{"licenses":["a"],"personId":"p"}"#,
        )
    })
    .await;
    let (webex, _) = server.client();
    let first = webex.patch_licences(&patch()).await.unwrap();
    let second = webex.patch_licences(&patch()).await.unwrap();
    assert_eq!(first.tracking_id.as_deref(), Some("ROUTER_1"));
    assert_eq!(
        (first.status, first.licences.as_slice()),
        (200, &["a".to_owned()][..])
    );
    assert!(second.sent_at >= first.sent_at && first.answered_at >= first.sent_at);
    let seen = server.seen();
    assert_eq!(seen[0].headers["authorization"], "Bearer token-0");
    assert!(seen[0].headers["user-agent"].starts_with("Patchbay/"));
    let ids: Vec<&str> = seen
        .iter()
        .map(|seen| seen.headers["trackingid"].as_str())
        .collect();
    assert!(ids[0].starts_with("PATCHBAY_") && ids[0] != ids[1], "{ids:?}");
    assert_eq!(
        seen[0].json(),
        json!({"personId": "p", "licenses": [
            {"id": "l", "operation": "add", "properties": {"locationId": "here", "extension": "0101"}}]})
    );
}

#[tokio::test]
async fn a_patch_is_resent_after_429_and_only_when_the_time_has_come() {
    let server = Server::start(|_, number| match number {
        0 => answer(
            429,
            &[("retry-after", "rand(1),add(2)"), ("trackingid", "T1")],
            "",
        ),
        _ => json(206, json!({"licenses": []})),
    })
    .await;
    let (webex, _) = server.client();
    let began = Instant::now();
    let answer = webex.patch_licences(&patch()).await.unwrap();
    assert_eq!(answer.status, 206);
    assert!(began.elapsed() >= Duration::from_secs(2));
    assert_eq!(server.seen().len(), 2);
    let hold = webex.gate().snapshot().last_hold.unwrap();
    assert_eq!(hold.retry_after_text.as_deref(), Some("rand(1),add(2)"));
}

/// Imposes a hold when the request has its place and is not written yet: what a 429 does that is received while a
/// connection is being made.
struct HeldInBetween {
    gate: Arc<Gate>,
    prepared: AtomicU32,
    left: AtomicU32,
    returned: AtomicU32,
}

impl Leaving for HeldInBetween {
    fn prepare(&self) -> futures::future::BoxFuture<'static, Result<(), Error>> {
        self.prepared.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Ok(()) })
    }

    fn leaves(&self) {
        if self.left.fetch_add(1, Ordering::SeqCst) == 0 {
            let asked = RetryAfter::read(Some("1"), server::Wall.now());
            self.gate.throttled(&asked, None);
        }
    }

    fn returned(&self) {
        self.returned.fetch_add(1, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn nothing_is_written_after_a_refusal_was_received() {
    let server = Server::start(|_, _| json(200, json!({"licenses": []}))).await;
    let (webex, _) = server.client();
    let held = Arc::new(HeldInBetween {
        gate: Arc::clone(webex.gate()),
        prepared: AtomicU32::new(0),
        left: AtomicU32::new(0),
        returned: AtomicU32::new(0),
    });
    let tally = Arc::new(Tally::default());
    let began = Instant::now();
    let departing = webex.with_departure(Arc::clone(&held) as Departure);
    let sending = tokio::spawn({
        let tally = Arc::clone(&tally);
        async move { counted(tally, departing.patch_licences(&patch())).await }
    });
    while held.returned.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    let state = webex.gate().snapshot();
    assert_eq!(
        (server.seen().len(), state.in_flight, tally.requests()),
        (0, 0, 0),
        "kept back, and without a place: {state:?}"
    );
    sending.await.unwrap().unwrap();
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!((server.seen().len(), tally.requests()), (1, 1));
    let told = [&held.prepared, &held.left, &held.returned].map(|count| count.load(Ordering::SeqCst));
    assert_eq!(told, [2, 2, 1], "made durable anew before it left");
    assert_eq!(
        server.seen()[0].headers["content-length"],
        server.seen()[0].body.len().to_string(),
        "a body of known length"
    );
}

#[tokio::test]
async fn a_patch_is_resent_once_after_a_refresh() {
    let server = Server::start(|seen, _| match seen.headers["authorization"].as_str() {
        "Bearer token-1" => json(200, json!({"licenses": []})),
        _ => json(401, json!({"message": "dead"})),
    })
    .await;
    let (webex, tokens) = server.client();
    webex.patch_licences(&patch()).await.unwrap();
    assert_eq!(
        (server.seen().len(), tokens.refreshes.load(Ordering::SeqCst)),
        (2, 1)
    );

    let never = Server::start(|_, _| json(401, json!({"message": "dead", "trackingId": "T"}))).await;
    let (webex, tokens) = never.client();
    let error = webex.patch_licences(&patch()).await.unwrap_err();
    assert_eq!((error.kind(), error.sent()), (&ErrorKind::Unauthorised, Sent::No));
    assert_eq!(
        (never.seen().len(), tokens.refreshes.load(Ordering::SeqCst)),
        (2, 1)
    );
}

#[tokio::test]
async fn lost_consent_is_no_doubt_about_the_request() {
    let server = Server::start(|_, _| json(401, json!({}))).await;
    let (webex, tokens) = server.client();
    *tokens.fails.lock().unwrap() = Some(TokenError::ConsentNeeded {
        reason: "expired".into(),
    });
    let error = webex.patch_licences(&patch()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.sent()),
        (&ErrorKind::Consent("expired".into()), Sent::No)
    );
    let timed_out = Error::new(ErrorKind::TimedOut, "slow");
    assert_eq!(timed_out.sent(), Sent::InDoubt);
    *tokens.fails.lock().unwrap() = Some(TokenError::Unavailable(Box::new(timed_out)));
    let error = webex.patch_licences(&patch()).await.unwrap_err();
    assert_eq!((error.kind(), error.sent()), (&ErrorKind::TimedOut, Sent::No));
}

#[tokio::test]
async fn a_patch_is_not_resent_after_a_fault_of_webex() {
    for status in [500, 502, 503, 504] {
        let server = Server::start(move |_, _| answer(status, &[], "<html>sorry</html>")).await;
        let (webex, _) = server.client();
        let error = webex.patch_licences(&patch()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.sent(), error.retryable()),
            (&ErrorKind::Server, Sent::InDoubt, true)
        );
        assert!(error.tracking_id().is_some_and(|id| id.starts_with("PATCHBAY_")));
        assert_eq!(error.body(), Some("<html>sorry</html>"));
        assert_eq!(server.seen().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_get_is_resent_after_a_fault_of_webex() {
    let server = Server::start(|_, number| match number {
        0 => answer(503, &[], ""),
        1 => answer(500, &[], "no"),
        _ => json(200, json!({"id": "x", "displayName": "Xaver"})),
    })
    .await;
    let (webex, _) = server.client();
    assert_eq!(webex.me().await.unwrap().display_name.as_deref(), Some("Xaver"));
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn refusals_are_told_apart_and_keep_what_webex_said() {
    for (status, kind) in [
        (400, ErrorKind::Refused),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
        (409, ErrorKind::Refused),
        (423, ErrorKind::Locked),
        (451, ErrorKind::WrongRegion),
        (302, ErrorKind::UnexpectedAnswer),
    ] {
        let server = Server::start(move |_, _| {
            let body = json!({"message": "no", "errors": [{"description": "Both.", "errorCode": 400404}], "trackingId": "NA_1"});
            answer(status, &[("location", "https://evil.example/take")], body.to_string())
        })
        .await;
        let (webex, _) = server.client();
        let error = webex.patch_licences(&patch()).await.unwrap_err();
        assert_eq!(error.kind(), &kind, "{status}");
        assert_eq!(error.webex_code(), Some("400404"));
        assert_eq!(
            (error.status(), error.tracking_id()),
            (Some(status), Some("NA_1"))
        );
        assert_eq!(server.seen().len(), 1);
        assert!(!format!("{error} {error:?}").contains("token-0"));
    }
}

#[tokio::test]
async fn a_2xx_that_is_not_json_leaves_doubt() {
    for body in ["", "<html>", "[1,2", "7"] {
        let server = Server::start(move |_, _| answer(200, &[("trackingid", "T")], body)).await;
        let (webex, _) = server.client();
        let error = webex.patch_licences(&patch()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.sent()),
            (&ErrorKind::UnexpectedAnswer, Sent::InDoubt),
            "{body}"
        );
        assert_eq!(error.tracking_id(), Some("T"));
        assert_eq!(server.seen().len(), 1);
    }
}

/// Takes connections and treats each by its number.
async fn raw(treat: fn(usize) -> &'static str) -> (String, Arc<AtomicU32>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v1", listener.local_addr().unwrap());
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        let mut number = 0;
        while let Ok((mut stream, _)) = listener.accept().await {
            let reply = treat(number);
            number += 1;
            let counted = Arc::clone(&counted);
            tokio::spawn(async move {
                let mut request = [0; 8192];
                if stream.read(&mut request).await.is_ok_and(|read| read > 0) {
                    counted.fetch_add(1, Ordering::SeqCst);
                }
                if reply == "hang" {
                    std::future::pending::<()>().await;
                }
                let _ = stream.write_all(reply.as_bytes()).await;
            });
        }
    });
    (base, count)
}

#[tokio::test]
async fn a_dropped_connection_is_in_doubt_and_not_resent_for_a_patch() {
    for reply in [
        "",
        "HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n{\"licenses\":[",
        "HTTP/1.1 20",
    ] {
        let treat: fn(usize) -> &'static str = match reply {
            "" => |_| "",
            "HTTP/1.1 20" => |_| "HTTP/1.1 20",
            _ => |_| "HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n{\"licenses\":[",
        };
        let (base, count) = raw(treat).await;
        let (webex, _) = server::client(&base, TransportConfig::default());
        let error = webex.patch_licences(&patch()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.sent()),
            (&ErrorKind::Dropped, Sent::InDoubt),
            "{reply}: {error:?}"
        );
        assert!(error.tracking_id().is_some());
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn a_dropped_connection_is_tried_again_for_a_get() {
    let (base, count) = raw(|number| match number {
        0 | 1 => "",
        _ => "HTTP/1.1 200 OK\r\ncontent-length: 10\r\nconnection: close\r\n\r\n{\"id\":\"x\"}",
    })
    .await;
    let (webex, _) = server::client(&base, TransportConfig::default());
    assert_eq!(webex.me().await.unwrap().id, "x");
    assert_eq!(count.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn silence_ends_with_the_limit() {
    let (base, count) = raw(|_| "hang").await;
    let config = TransportConfig {
        write_timeout: Duration::from_millis(300),
        ..TransportConfig::default()
    };
    let (webex, _) = server::client(&base, config);
    let error = webex.patch_licences(&patch()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.sent()),
        (&ErrorKind::TimedOut, Sent::InDoubt)
    );
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn nobody_listening_means_certainly_not_sent() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v1", listener.local_addr().unwrap());
    drop(listener);
    let (webex, _) = server::client(&base, TransportConfig::default());
    let error = webex.patch_licences(&patch()).await.unwrap_err();
    assert_eq!((error.kind(), error.sent()), (&ErrorKind::Connect, Sent::No));
}

#[tokio::test]
async fn gone_after_an_unanswered_delete_is_deleted() {
    let server = Server::start(|_, number| {
        if number == 0 {
            answer(502, &[], "")
        } else {
            answer(404, &[], "")
        }
    })
    .await;
    let (webex, _) = server.client();
    webex.delete_authorization("a/b").await.unwrap();
    assert_eq!(server.seen()[1].path, "/v1/authorizations/a%2Fb");
    let absent = Server::start(|_, _| answer(404, &[], "")).await;
    let (webex, _) = absent.client();
    let error = webex.delete_authorization("a").await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::NotFound);
    assert_eq!(
        webex.delete_authorization(" ").await.unwrap_err().kind(),
        &ErrorKind::Config
    );
}

#[tokio::test]
async fn everything_goes_through_the_proxy_with_its_credentials() {
    let proxy = Server::start(|_, _| json(200, json!({"id": "x"}))).await;
    // The way to the base itself leads nowhere.
    let address = proxy.address;
    let config = TransportConfig {
        http_proxy: Some(ProxyUrl::parse(&format!("http://us%40er:p%3Aw@{address}/")).unwrap()),
        ..TransportConfig::default()
    };
    let (webex, _) = server::client("http://127.0.0.1:9/v1", config);
    assert_eq!(webex.me().await.unwrap().id, "x");
    let seen = proxy.seen();
    // base64 of us@er:p:w
    assert_eq!(seen[0].headers["proxy-authorization"], "Basic dXNAZXI6cDp3");
    assert_eq!(seen[0].headers["host"], "127.0.0.1:9");
}

#[tokio::test]
async fn a_certificate_file_that_is_none_is_refused() {
    for pem in [
        &b"not pem"[..],
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let config = TransportConfig {
            extra_ca_pem: Some(pem.to_vec()),
            ..TransportConfig::default()
        };
        let clock: Arc<dyn Clock> = Arc::new(server::Wall);
        let made = OAuth::new(
            Endpoints::commercial(),
            config,
            Integration {
                client_id: "c".into(),
                client_secret: "s".to_owned().into(),
            },
            Gate::new(GateConfig::new(Arc::clone(&clock))),
            clock,
            Arc::new(server::Random),
        );
        assert_eq!(
            made.err().map(|error| error.kind().clone()),
            Some(ErrorKind::Config)
        );
    }
}

#[tokio::test]
async fn bodies_and_queries_pass_through_the_low_level_calls() {
    let server = Server::start(|seen, _| json(200, json!({"method": seen.method}))).await;
    let (webex, _) = server.client();
    let query = vec![
        ("name", "a b&c".to_owned()),
        ("status", "x".to_owned()),
        ("status", "y".to_owned()),
    ];
    let answer = webex
        .send_json(Method::PUT, &["things", "1"], &query, Some(&json!({"a": 1})))
        .await
        .unwrap();
    assert_eq!(answer.json::<serde_json::Value>().unwrap()["method"], "PUT");
    let seen = &server.seen()[0];
    assert_eq!(seen.parameter("name"), Some("a b&c"));
    assert_eq!(seen.query.len(), 3);
    assert_eq!(seen.json(), json!({"a": 1}));
}

/// The whole way at speed: many at once, an even limit, no request before its time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_requests_at_once_are_not_held_up_without_a_limit() {
    let server = Server::start(|_, _| json(200, json!({"id": "x"}))).await;
    let (webex, _) = server.client();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..600 {
        let webex = webex.clone();
        tasks.spawn(async move { webex.me().await.map(drop) });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap().unwrap();
    }
    let state = webex.gate().snapshot();
    assert_eq!(
        (state.requests_total, state.in_flight, state.learned_rate),
        (600, 0, None)
    );
}
