//! A real proxy between Patchbay and the simulated Webex (product O2).

use crate::certificates::{address, content};
use crate::connection_check::{check, detail, elsewhere, ended_at};
use patchbay_core::ErrorCode;
use patchbay_tests::squid::{PASSWORD, Squid, USER};
use patchbay_tests::{Authority, Setting, World, encoded};
use serde_json::{Value, json};
use std::process::Command;
use webex_sandbox::{Effect, Fault};

const CHILD: &str = "PATCHBAY_TESTS_CHILD";

/// Requests that Patchbay itself sent: method and path. What a person's browser and the test send is left out.
fn by_patchbay(world: &World) -> Vec<String> {
    let mut requests: Vec<String> = world
        .sandbox
        .journal()
        .into_iter()
        .filter(|entry| entry.path != "/v1/authorize")
        .map(|entry| format!("{} {}", entry.method, entry.path))
        .collect();
    requests.sort();
    requests
}

/// Requests in the proxy's log that it passed on: method and path.
fn passed_on(squid: &Squid) -> Vec<String> {
    let mut requests: Vec<String> = squid
        .log()
        .iter()
        .map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            assert_eq!(words[0], encoded_by_squid(USER), "{line}");
            let url = words[2].strip_prefix("http://").expect("an http address");
            let path = &url[url.find('/').unwrap()..];
            format!("{} {}", words[1], path.split('?').next().unwrap())
        })
        .collect();
    requests.sort();
    requests
}

/// Squid writes names escaped.
fn encoded_by_squid(name: &str) -> String {
    if name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'%') {
        name.to_owned()
    } else {
        encoded(name)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_of_one_organisation_goes_through_its_proxy_and_nothing_of_another() {
    let squid = Squid::start(&["webex.test"]).await;
    let mut world = World::unconnected(Setting::default()).await;
    let base = world.sandbox.base_url();
    world.organisation = elsewhere(&world, "Behind", &base, |fields| {
        fields["httpProxy"] = json!({ "kind": "set", "value": squid.address() });
    })
    .await;
    world.connect().await;
    world.connect_by_device().await;
    world.sync().await;
    // A token that dies, so that it is renewed.
    world.sandbox.add_fault(Fault::on_path(
        "/v1/roles",
        Effect::RevokeToken { refresh: false },
    ));
    world.sync().await;
    let checked = check(&world, &world.organisation).await;
    assert_eq!(checked["state"], "succeeded", "{checked:#}");
    let said = detail(&checked, "Proxy");
    assert!(
        said.contains(&format!("http://•••:•••@127.0.0.1:{}", squid.port)),
        "{said}"
    );

    let sent = by_patchbay(&world);
    for path in [
        "/v1/access_token",
        "/v1/device/authorize",
        "/v1/device/token",
        "/v1/people",
    ] {
        assert!(
            sent.iter().any(|request| request.ends_with(path)),
            "{path}: {sent:#?}"
        );
    }
    let tokens = sent
        .iter()
        .filter(|request| request.ends_with("/v1/access_token"))
        .count();
    assert_eq!(tokens, 2, "the exchange and a refresh: {sent:#?}");
    world
        .until_looking("the proxy's log", async || {
            (passed_on(&squid) == sent).then_some(())
        })
        .await;

    world.sandbox.clear_journal();
    let before = squid.log();
    world.organisation = elsewhere(&world, "Direct", &base, |_| {}).await;
    world.connect().await;
    world.sync().await;
    assert!(by_patchbay(&world).len() > 5);
    assert_eq!(squid.log(), before, "the other organisation goes its own way");
    assert!(!world.said().contains(PASSWORD) && !world.said().contains(&encoded(PASSWORD)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_says_no_is_understood() {
    let squid = Squid::start(&["webex.test", "forbidden.test"]).await;
    let world = World::unconnected(Setting::default()).await;
    let base = world.sandbox.base_url();
    let wrong = squid.address_with("wrong-kestrel");
    let bare = format!("http://127.0.0.1:{}", squid.port);
    for (proxy, words) in [
        (wrong.as_str(), "does not accept this user and password (407)"),
        (bare.as_str(), "wants a user and a password (407)"),
    ] {
        // Plain http, where the proxy answers in Webex's place, and https, where it refuses the way.
        for (field, base) in [
            ("httpProxy", base.as_str()),
            ("httpsProxy", "https://webex.test:9/v1"),
        ] {
            let organisation = elsewhere(&world, &format!("{field} {proxy}"), base, |fields| {
                fields[field] = json!({ "kind": "set", "value": proxy });
            })
            .await;
            let checked = check(&world, &organisation).await;
            let said = ended_at(&checked, "Proxy", "refused");
            assert!(said.contains(words), "{said}");
            let attempt = json!({
                "organisation": organisation, "method": "device", "clientId": "C", "port": 0,
                "clientSecret": {"kind": "set", "value": "S"},
            });
            let failure = world
                .refused("consent.begin", attempt, ErrorCode::Unreachable)
                .await;
            assert!(
                failure
                    .message
                    .contains("The proxy does not accept this user and password (407)"),
                "{}",
                failure.message
            );
        }
    }
    for (base, words) in [
        ("https://forbidden.test/v1", "it answered 403 Forbidden"),
        ("https://webex.test:9/v1", "it answered 503 Service Unavailable"),
    ] {
        let organisation = elsewhere(&world, base, base, |fields| {
            fields["httpsProxy"] = json!({ "kind": "set", "value": squid.address() });
        })
        .await;
        let checked = check(&world, &organisation).await;
        let said = ended_at(&checked, "Proxy", "refused");
        assert!(said.contains(words), "{said}");
    }
    assert!(world.sandbox.journal().is_empty());
    assert!(!world.said().contains("wrong-kestrel"));
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_goes_through_the_proxy_by_connect() {
    let squid = Squid::start(&["webex.test"]).await;
    let mut world = World::unconnected(Setting::default()).await;
    let authority = Authority::new("Kestrel Inspection CA");
    let server = authority.serve(address(&world), "webex.test", 2100).await;
    world.organisation = elsewhere(&world, "Behind", &server.base("webex.test"), |fields| {
        fields["httpsProxy"] = json!({ "kind": "set", "value": squid.address() });
        fields["caFile"] = content("ca.pem", authority.pem().as_bytes());
    })
    .await;
    world.connect_by_device().await;
    let checked = check(&world, &world.organisation).await;
    assert_eq!(checked["state"], "succeeded", "{checked:#}");
    assert!(
        detail(&checked, "Name").contains("the proxy looks it up"),
        "{checked:#}"
    );
    let way = format!("CONNECT webex.test:{} 200", server.port);
    world
        .until_looking("the proxy's log", async || {
            squid.log().iter().any(|line| line.ends_with(&way)).then_some(())
        })
        .await;
    assert!(
        squid.log().iter().all(|line| line.contains(" CONNECT ")),
        "{:#?}",
        squid.log()
    );
}

/// The environment belongs to a process, so this one is looked at from a child.
#[tokio::test(flavor = "multi_thread")]
async fn the_systems_proxy_is_used_where_none_is_set() {
    let squid = Squid::start(&["webex.test"]).await;
    let world = World::unconnected(Setting::default()).await;
    let authority = Authority::new("Kestrel Inspection CA");
    let server = authority.serve(address(&world), "webex.test", 2100).await;
    let told = world.folder.path().join("checked.json");
    let task = json!({ "base": server.base("webex.test"), "ca": authority.pem(), "to": told });
    for (variable, none) in [
        ("HTTPS_PROXY", ""),
        ("https_proxy", ""),
        ("HTTPS_PROXY", "webex.test"),
    ] {
        let mut child = Command::new(std::env::current_exe().unwrap());
        for known in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
            child.env_remove(known).env_remove(known.to_lowercase());
        }
        child
            .args([
                "--exact",
                "proxies::child_behind_the_systems_proxy",
                "--ignored",
                "--nocapture",
            ])
            .env(variable, squid.address())
            .env("NO_PROXY", none)
            .env(CHILD, task.to_string());
        let ended = tokio::task::spawn_blocking(move || child.output().unwrap())
            .await
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stdout).into_owned();
        assert!(
            ended.status.success(),
            "{said}{}",
            String::from_utf8_lossy(&ended.stderr)
        );
        let checked: Value = serde_json::from_slice(&std::fs::read(&told).unwrap()).unwrap();
        if none.is_empty() {
            assert_eq!(checked["state"], "succeeded", "{checked:#}");
            let said = detail(&checked, "Proxy");
            let shown = format!("the system's proxy, http://•••:•••@127.0.0.1:{}", squid.port);
            assert!(said.contains(&shown), "{said}");
        } else {
            // Without the proxy nobody knows the name.
            ended_at(&checked, "Name", "unreachable");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs in a child of another test"]
async fn child_behind_the_systems_proxy() {
    let task: Value = serde_json::from_str(&std::env::var(CHILD).unwrap()).unwrap();
    let world = World::unconnected(Setting::default()).await;
    let organisation = elsewhere(&world, "Behind", task["base"].as_str().unwrap(), |fields| {
        fields["caFile"] = content("ca.pem", task["ca"].as_str().unwrap().as_bytes());
    })
    .await;
    let checked = check(&world, &organisation).await;
    std::fs::write(task["to"].as_str().unwrap(), checked.to_string()).unwrap();
}
