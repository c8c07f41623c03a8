//! Faults strike as they say: what was done, what was sent, and what the journal knows.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};
use support::{CONSOLE, HERE, PROFESSIONAL, Wire, awkward, demo, start};
use webex_sandbox::{Config, Effect, Fault, FaultBody, When};

fn status(status: u16, when: When) -> Effect {
    Effect::Status {
        status,
        when,
        retry_after: None,
        retry_after_date: None,
        body: FaultBody::Html,
    }
}

async fn wanted(wire: &Wire, extension: &str) -> Value {
    let (licence, here) = (wire.licence(PROFESSIONAL), wire.location(HERE).await);
    json!([{ "id": licence, "properties": { "locationId": here, "extension": extension } }])
}

#[tokio::test]
async fn an_error_before_the_work_does_nothing_and_one_after_it_does() {
    let wire = demo().await;
    let plain = wire.plain();
    wire.sandbox
        .add_fault(Fault::on_assignment(status(502, When::Before)));
    let got = wire.patch(&plain[0], wanted(&wire, "6100").await).await;
    assert_eq!((got.status, got.text.contains("<html>")), (502, true));
    assert_eq!(wire.sandbox.person(&plain[0]).unwrap().location, None);
    assert_eq!(
        wire.patch(&plain[0], wanted(&wire, "6100").await).await.status,
        200,
        "once only"
    );

    wire.sandbox.add_fault(
        Fault::on_assignment(status(400, When::After))
            .for_person(&wire.sandbox.person(&plain[1]).unwrap().email),
    );
    assert_eq!(
        wire.patch(&plain[2], wanted(&wire, "6102").await).await.status,
        200,
        "somebody else"
    );
    assert_eq!(
        wire.patch(&plain[1], wanted(&wire, "6101").await).await.status,
        400
    );
    assert_eq!(
        wire.sandbox.person(&plain[1]).unwrap().extension.as_deref(),
        Some("6101")
    );
    let entries: Vec<_> = wire
        .sandbox
        .journal()
        .into_iter()
        .filter(|e| e.method == "PATCH")
        .collect();
    let seen: Vec<_> = entries
        .iter()
        .map(|e| (e.status, e.applied, e.fault.is_some()))
        .collect();
    assert_eq!(
        seen,
        [
            (Some(502), false, true),
            (Some(200), true, false),
            (Some(200), true, false),
            (Some(400), true, true)
        ]
    );
    assert_eq!(
        entries[3].person.as_deref(),
        Some(wire.sandbox.person(&plain[1]).unwrap().email.as_str())
    );
    assert_eq!(
        (
            entries[3].token.as_deref(),
            entries[3].body.as_ref().unwrap()["personId"].as_str()
        ),
        (Some("admin"), Some(plain[1].as_str()))
    );
}

#[tokio::test]
async fn a_dropped_connection_is_a_real_reset() {
    let wire = demo().await;
    let plain = wire.plain();
    wire.sandbox
        .add_fault(Fault::on_assignment(Effect::Drop { when: When::After }));
    let body = json!({ "personId": plain[0], "licenses": wanted(&wire, "6100").await }).to_string();
    let address = wire.sandbox.root_url().replace("http://", "");
    let token = wire.token.clone();
    let outcome = tokio::task::spawn_blocking(move || {
        let mut line = TcpStream::connect(&address).unwrap();
        line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let head = format!(
            "PATCH /v1/licenses/users HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        line.write_all((head + &body).as_bytes()).unwrap();
        let mut answer = Vec::new();
        line.read_to_end(&mut answer)
            .map_err(|e| e.kind())
            .map(|_| answer)
    });
    assert_eq!(outcome.await.unwrap(), Err(ErrorKind::ConnectionReset));
    assert_eq!(
        wire.sandbox.person(&plain[0]).unwrap().extension.as_deref(),
        Some("6100"),
        "the work was done"
    );
    assert_eq!(
        wire.sandbox.journal().last().map(|e| (e.status, e.applied)),
        Some((None, true))
    );

    wire.sandbox
        .add_fault(Fault::on_assignment(Effect::Drop { when: When::Before }));
    let wanted = json!({ "personId": plain[1], "licenses": wanted(&wire, "6101").await });
    assert!(wire.try_body("PATCH", "/licenses/users", &wanted).await.is_err());
    assert_eq!(wire.sandbox.person(&plain[1]).unwrap().location, None);
    assert_eq!(
        wire.get("/people/me").await.status,
        200,
        "the next connection works"
    );
}

#[tokio::test]
async fn retry_after_may_be_anything() {
    let wire = demo().await;
    for text in ["0", "7", "rand(30),add(30)", "99999999999", "-1"] {
        wire.fault(json!({ "match": { "path": "/v1/roles" }, "effect": { "kind": "status", "status": 429, "retry_after": text } })).await;
        let got = wire.get("/roles").await;
        assert_eq!((got.status, got.header("retry-after")), (429, Some(text)));
    }
    wire.fault(json!({ "match": { "path": "/v1/roles" }, "effect": { "kind": "status", "status": 429, "body": "empty" } })).await;
    let got = wire.get("/roles").await;
    assert_eq!(
        (got.status, got.header("retry-after"), got.text.as_str()),
        (429, None, "")
    );
    assert!(
        !wire.sandbox.journal().last().unwrap().early,
        "it may have been on its way when the wait was asked for"
    );
    wire.sandbox.advance(Duration::from_secs(1));
    wire.fault(json!({ "match": { "path": "/v1/roles" }, "effect": { "kind": "status", "status": 503, "retry_after_date": 60 } })).await;
    let date = wire.get("/roles").await.header("retry-after").unwrap().to_owned();
    assert!(date.ends_with(" GMT") && date.len() == 29, "{date}");
    assert!(
        wire.sandbox.journal().last().unwrap().early,
        "before the seconds of an earlier Retry-After had passed"
    );
    wire.sandbox.clear_faults();
    assert_eq!(wire.get("/roles").await.status, 200);
    assert!(!wire.sandbox.journal().last().unwrap().early);
}

#[tokio::test]
async fn counting_chance_and_matching_are_deterministic() {
    let wire = demo().await;
    let fault = json!({ "match": { "method": "GET", "path": "/v1/people", "query": "max=7", "nth": 3 }, "count": 2, "effect": { "kind": "status", "status": 500 } });
    wire.fault(fault).await;
    let mut seen = Vec::new();
    for _ in 0..6 {
        assert_eq!(wire.get("/people?max=8").await.status, 200);
        seen.push(wire.get("/people?max=7").await.status);
    }
    assert_eq!(seen, [200, 200, 500, 500, 200, 200]);

    let mut runs = Vec::new();
    for _ in 0..2 {
        let id = wire.fault(json!({ "match": { "path": "/v1/roles", "probability": 0.4, "seed": 7 }, "count": null, "effect": { "kind": "status", "status": 503 } })).await;
        let mut run = Vec::new();
        for _ in 0..30 {
            run.push(wire.get("/roles").await.status);
        }
        assert_eq!(
            wire.body("DELETE", &format!("/_sandbox/faults/{id}"), &json!({}))
                .await
                .status,
            204
        );
        runs.push(run);
    }
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0].contains(&200) && runs[0].contains(&503));
    let bad = wire
        .body(
            "POST",
            "/_sandbox/faults",
            &json!({ "effect": { "kind": "explode" } }),
        )
        .await;
    assert_eq!((bad.status, bad.text.contains("explode")), (400, true));
}

#[tokio::test]
async fn tokens_die_pools_empty_and_counters_lag_in_the_middle() {
    let wire = demo().await;
    let (plain, pro) = (wire.plain(), wire.licence(PROFESSIONAL));
    wire.sandbox.add_fault(
        Fault::on_assignment(Effect::EmptyPool {
            licence: CONSOLE.to_owned(),
        })
        .from_nth(2),
    );
    let console = wire.licence(CONSOLE);
    let mut statuses = Vec::new();
    for (n, who) in plain[..3].iter().enumerate() {
        let mut list = wanted(&wire, &(6100 + n).to_string()).await;
        list.as_array_mut().unwrap().push(json!({ "id": console }));
        statuses.push(wire.patch(who, list).await.status);
    }
    assert_eq!(statuses, [200, 206, 206]);

    wire.sandbox
        .add_fault(Fault::on_assignment(Effect::CountersLag { seconds: 60 }));
    let counted = async || {
        wire.get(&format!("/licenses/{pro}")).await.json()["consumedUnits"]
            .as_u64()
            .unwrap()
    };
    let before = counted().await;
    assert_eq!(
        wire.patch(&plain[3], wanted(&wire, "6103").await).await.status,
        200
    );
    let true_now = wire
        .sandbox
        .licences()
        .into_iter()
        .find(|l| l.id == pro)
        .unwrap()
        .consumed;
    assert_eq!(true_now, before + 1);
    assert!(counted().await < true_now);
    wire.sandbox.advance(Duration::from_secs(61));
    assert_eq!(counted().await, true_now);

    wire.sandbox.add_fault(Fault::on_path(
        "/v1/roles",
        Effect::RevokeToken { refresh: false },
    ));
    assert_eq!(wire.get("/roles").await.status, 401);
    assert_eq!(wire.get("/people/me").await.status, 401, "the token stays dead");
}

#[tokio::test]
async fn the_rate_limit_refuses_and_lets_through_again() {
    // So slow that no machine refills the bucket by itself while the test runs.
    let wire = start(Config {
        rate: Some(0.01),
        ..Config::default()
    })
    .await;
    assert_eq!(wire.get("/roles").await.status, 200);
    let refused = wire.get("/roles").await;
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert_eq!(
        (refused.status, (90..=100).contains(&wait)),
        (429, true),
        "{wait}"
    );
    wire.sandbox.advance(Duration::from_secs(wait));
    assert_eq!(wire.get("/roles").await.status, 200);
    let page = wire.send(wire.http.get(wire.url("/authorize"))).await.unwrap();
    assert_eq!(page.status, 400, "pages are not throttled");
    assert_eq!(
        wire.get("/_sandbox/journal").await.status,
        200,
        "nor is the control API"
    );
}

#[tokio::test]
async fn links_are_spoilt_on_request_and_by_the_awkward_seed() {
    let wire = demo().await;
    let next = async |quirk: &str| {
        wire.fault(
            json!({ "match": { "path": "/v1/people" }, "effect": { "kind": "link", "quirk": quirk } }),
        )
        .await;
        wire.get("/people?callingData=true&max=50").await.next().unwrap()
    };
    let plain = wire
        .get("/people?callingData=true&max=50&start=0")
        .await
        .next()
        .unwrap();
    assert!(
        plain.starts_with(&wire.url("/people?callingData=true&max=50&cursor=")),
        "{plain}"
    );
    assert!(next("max_null").await.contains("max=null"));
    assert!(!next("lost_filters").await.contains("callingData"));
    assert!(
        next("foreign_host")
            .await
            .starts_with("http://collector.example/")
    );

    let wire = awkward().await;
    let first = wire.get("/people?callingData=true&max=20").await;
    let next = first.next().unwrap();
    assert!(
        next.contains("max=null") && !next.contains("callingData"),
        "{next}"
    );
    let telephony = wire.get("/telephony/config/locations").await;
    let again = wire.get(&telephony.next().unwrap()).await;
    assert_eq!(telephony.text, again.text, "the page repeats for ever");
    let holders = wire
        .get(&format!(
            "/licenses/{}?includeAssignedTo=user",
            wire.licence("Advanced Messaging")
        ))
        .await;
    let empty = wire.get(&holders.next().unwrap()).await;
    assert_eq!(empty.json()["users"], json!([]));
    assert!(empty.next().is_some(), "empty, and still a next");
    let person = wire.get("/people/me").await.json();
    assert_eq!(
        (
            person["loginEnabled"].as_str(),
            person["roles"].as_array().unwrap().len()
        ),
        (Some("true"), 1)
    );
    assert!(
        person["roles"][0].as_str().unwrap().contains(','),
        "two roles joined into one string"
    );
}

#[tokio::test]
async fn sentinels_fail_once_and_survive_clearing() {
    let wire = awkward().await;
    wire.sandbox.clear_faults();
    let sentinel = |local: &str| {
        wire.sandbox
            .person(&format!("sentinel.{local}@quirks.example"))
            .unwrap()
            .id
    };
    let here = wire.get("/telephony/config/locations").await.json()["locations"][0]["id"].clone();
    let licence = wire
        .sandbox
        .licences()
        .into_iter()
        .find(|l| l.name == "Webex Calling - Basic")
        .unwrap()
        .id;
    let mut extension = 6100;
    for (local, first, applied) in [
        ("bad-gateway-after", 502, true),
        ("unavailable", 503, false),
        ("refused-but-done", 400, true),
        ("throttled-malformed", 429, false),
    ] {
        extension += 1;
        let properties = json!({ "locationId": here, "extension": extension.to_string() });
        let list = json!([{ "id": licence, "properties": properties }]);
        assert_eq!(
            wire.patch(&sentinel(local), list.clone()).await.status,
            first,
            "{local}"
        );
        assert_eq!(
            wire.sandbox.person(&sentinel(local)).unwrap().extension.is_some(),
            applied,
            "{local}"
        );
        assert_eq!(wire.patch(&sentinel(local), list).await.status, 200, "{local}");
    }
}

#[tokio::test]
async fn what_was_sent_is_done_even_if_the_client_hangs_up() {
    let wire = demo().await;
    let who = wire.plain()[0].clone();
    wire.sandbox.add_fault(Fault::on_assignment(Effect::Delay {
        millis: 300,
        when: When::Before,
    }));
    let body = json!({ "personId": who, "licenses": wanted(&wire, "6100").await });
    let request = wire
        .http
        .patch(wire.url("/licenses/users"))
        .bearer_auth(&wire.token)
        .json(&body)
        .timeout(Duration::from_millis(60));
    assert!(wire.send(request).await.unwrap_err().is_timeout());
    let done = async {
        let path = format!("/_sandbox/state/people?id={who}");
        while wire.get(&path).await.json()["people"][0]["extension"].is_null() {}
    };
    tokio::time::timeout(Duration::from_secs(20), done)
        .await
        .expect("the assignment happens");
}
