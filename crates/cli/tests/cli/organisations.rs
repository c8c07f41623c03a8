//! `org`: register, connect in three ways, copy, list, remove; and that no secret is ever seen.

use crate::support::desk::{ORG, PASSPHRASE, RunToEnd, SECRET_VARIABLE};
use crate::support::files::field;
use crate::support::{Desk, Ended, SandboxProcess};
use serde_json::{Value, json};
use std::path::Path;

fn organisations(desk: &Desk) -> Vec<Value> {
    let listed = desk.run(&["org", "list", "--format", "json"]).expect(0).json();
    listed["organisations"].as_array().expect("organisations").clone()
}

/// All bytes below a folder.
fn everything_in(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            bytes.extend(everything_in(&path));
        } else {
            bytes.extend(std::fs::read(&path).expect("the file"));
        }
    }
    bytes
}

fn holds(bytes: &[u8], secret: &str) -> bool {
    bytes
        .windows(secret.len())
        .any(|window| window == secret.as_bytes())
}

#[test]
fn added_listed_removed() {
    let desk = Desk::new();
    assert_eq!(organisations(&desk), Vec::<Value>::new());
    let ended = desk
        .run(&[
            "org",
            "add",
            "Ærø Søfart A/S",
            "--account",
            "c04f3b8f-a62a-4729-a2e7-299a0ce7689c",
            "--contact-center",
            "eu-frankfurt",
            "--notes",
            "Ring first",
        ])
        .expect(0);
    let id = ended.text().trim_end().to_owned();
    let all = organisations(&desk);
    let [organisation] = &all[..] else {
        panic!("one organisation: {all:?}")
    };
    assert_eq!(
        (field(organisation, "id"), field(organisation, "name")),
        (id.as_str(), "Ærø Søfart A/S")
    );
    assert_eq!(
        organisation["accountNumber"],
        "c04f3b8f-a62a-4729-a2e7-299a0ce7689c"
    );
    let shown = desk.run(&["org", "list"]).expect(0);
    assert!(
        shown.text().contains("Ærø Søfart A/S") && shown.text().contains("not connected"),
        "{}",
        shown.text()
    );
    desk.run(&["org", "remove", "ærø søfart a/s"]).expect(0);
    assert_eq!(organisations(&desk), Vec::<Value>::new());
    let gone = desk.run(&["org", "remove", "Ærø Søfart A/S"]).expect(1);
    assert!(!gone.err.trim().is_empty());
}

#[test]
fn what_is_wrong_with_an_organisation_is_named_and_nothing_is_kept() {
    let desk = Desk::new();
    let wrong: &[(&[&str], &str)] = &[
        (&["org", "add", ""], "name"),
        (&["org", "add", "A", "--account", "not-an-id"], "account"),
        (
            &["org", "add", "A", "--http-proxy", "ftp://proxy.example:8080"],
            "proxy",
        ),
        (
            &["org", "add", "A", "--https-proxy", "http://proxy.example"],
            "port",
        ),
        (&["org", "add", "A", "--base-url", "nonsense"], "address"),
    ];
    for (arguments, part) in wrong {
        let ended = desk.run(arguments);
        assert!(matches!(ended.code(), 1 | 2), "{arguments:?}: {}", ended.err);
        assert!(ended.err.to_lowercase().contains(part), "{part} in {}", ended.err);
        assert_eq!(ended.text(), "");
    }
    assert_eq!(organisations(&desk), Vec::<Value>::new());
    desk.run(&["org", "add", ORG]).expect(0);
    desk.run(&[
        "org",
        "add",
        "B",
        "--government",
        "--base-url",
        "http://127.0.0.1:1/v1",
    ])
    .expect(2);
}

#[test]
fn what_is_given_changes_and_the_rest_stays() {
    let desk = Desk::new();
    desk.run(&[
        "org",
        "add",
        ORG,
        "--notes",
        "Ring first",
        "--contact-center",
        "uk",
        "--wholesale",
        "--admin-email",
        "ann@kestrel.example",
        "--http-proxy",
        "http://proxy.example:3128",
    ])
    .expect(0);
    let before = organisations(&desk).remove(0);
    let changed = |arguments: &[&str]| {
        let ended = desk.run(&[&["org", "edit"], arguments].concat()).expect(0);
        assert_eq!(ended.text(), "");
        organisations(&desk).remove(0)
    };
    let after = changed(&[
        ORG,
        "--notes",
        "Moved",
        "--contact-center",
        "anz",
        "--no-wholesale",
        "--no-http-proxy",
    ]);
    let mut expected = before.clone();
    expected["notes"] = json!("Moved");
    expected["contactCenterRegion"] = json!("anz");
    expected["wholesale"] = json!(false);
    expected["httpProxy"] = Value::Null;
    expected["permissions"] = after["permissions"].clone();
    assert_eq!(after, expected);

    let after = changed(&[
        ORG,
        "--name",
        "Kestrel & Sons",
        "--admin-email",
        "",
        "--no-contact-center",
        "--directory-sync",
        "--no-sync",
        "--government",
    ]);
    assert_eq!(
        [
            &after["name"],
            &after["adminEmail"],
            &after["contactCenter"],
            &after["contactCenterRegion"],
            &after["directorySyncEnabled"],
            &after["syncOnCreate"],
            &after["environment"]["kind"],
            &after["notes"],
        ],
        [
            &json!("Kestrel & Sons"),
            &Value::Null,
            &json!(false),
            &Value::Null,
            &json!(true),
            &json!(false),
            &json!("government"),
            &json!("Moved"),
        ]
    );

    // Refused as when it is registered, and then nothing changes.
    for (arguments, part) in [
        (&["--account", "not-an-id"][..], "account"),
        (&["--https-proxy", "http://proxy.example"], "port"),
        (&["--name", " "], "name"),
        (&["--notes", "Other", "--base-url", "nonsense"], "address"),
    ] {
        let ended = desk
            .run(&[&["org", "edit", "Kestrel & Sons"], arguments].concat())
            .expect(1);
        assert!(ended.err.to_lowercase().contains(part), "{part} in {}", ended.err);
        assert_eq!(organisations(&desk).remove(0), after);
    }
    desk.run(&["org", "edit", "Nobody", "--notes", "x"]).expect(1);
    desk.run(&["org", "edit", "Kestrel & Sons"]).expect(2);
    desk.run(&["org", "edit", "Kestrel & Sons", "--sync", "--no-sync"])
        .expect(2);
}

#[test]
fn an_api_id_is_accepted_as_account_and_converted() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::new();
    let (id, uuid) = (
        field(&sandbox.announced["organisation"], "id").to_owned(),
        field(&sandbox.announced["organisation"], "uuid").to_owned(),
    );
    desk.run(&[
        "org",
        "add",
        ORG,
        "--base-url",
        &sandbox.base_url(),
        "--account",
        &id,
    ])
    .expect(0);
    assert_eq!(organisations(&desk)[0]["accountNumber"], uuid.as_str());
}

#[test]
fn device_consent_copies_the_organisation() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::new();
    desk.connect(&sandbox, &[]);
    let organisation = &organisations(&desk)[0];
    assert_eq!(organisation["consent"]["state"], "granted");
    assert_eq!(
        organisation["internalId"],
        sandbox.announced["organisation"]["id"]
    );
    assert!(organisation["lastSyncAt"].is_string(), "copied after the consent");
    let before = sandbox.journal("?path=/v1/people").len();
    let ended = desk.run(&["org", "sync", ORG]).expect(0);
    assert_eq!(ended.text(), "", "progress goes to standard error");
    assert!(ended.err.contains("Copy people"), "{}", ended.err);
    assert!(sandbox.journal("?path=/v1/people").len() > before);
}

#[test]
fn without_sync_on_create_nothing_is_copied() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::new();
    desk.run(&["org", "add", ORG, "--base-url", &sandbox.base_url(), "--no-sync"])
        .expect(0);
    desk.connect_command(&sandbox)
        .args(["--method", "device"])
        .ended()
        .expect(0);
    assert_eq!(organisations(&desk)[0]["lastSyncAt"], Value::Null);
    assert_eq!(sandbox.journal("?path=/v1/telephony/config/numbers").len(), 0);
}

#[cfg(unix)]
#[test]
fn browser_consent_on_this_computer() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = SandboxProcess::demo();
    let desk = Desk::new();
    desk.run(&["org", "add", ORG, "--base-url", &sandbox.base_url()])
        .expect(0);
    // The browser follows the redirect to the loopback listener and shows its page.
    let page = desk.path("page.html");
    let browser = desk.file(
        "browser.mjs",
        format!(
            "#!/usr/bin/env node\nconst seen = await fetch(process.argv[2]);\n\
             (await import('node:fs')).writeFileSync({:?}, await seen.text());\n",
            page
        ),
    );
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).expect("a script");
    let port = (14_771..=14_790)
        .find(|port| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a free registered port");
    let ended = desk
        .connect_command(&sandbox)
        .args(["--port", &port.to_string()])
        .env("BROWSER", &browser)
        .ended()
        .expect(0);
    assert!(
        ended.text().contains("/v1/authorize?"),
        "the address is printed too: {}",
        ended.text()
    );
    assert!(ended.text().contains("code_challenge="), "PKCE");
    assert!(!ended.text().contains(&sandbox.announced("client_secret")));
    assert!(
        ended.err.contains("spark-admin:people_read"),
        "what is asked for is said: {}",
        ended.err
    );
    assert_eq!(organisations(&desk)[0]["consent"]["state"], "granted");
    let shown = std::fs::read_to_string(&page).expect("the browser got a page");
    assert!(
        shown.contains("<html") && !shown.contains("http://") && !shown.contains("https://"),
        "a page without anything remote: {shown}"
    );
}

#[test]
fn a_service_apps_token_connects() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::new();
    desk.run(&["org", "add", ORG, "--base-url", &sandbox.base_url()])
        .expect(0);
    let refresh = sandbox.service_app_refresh_token();
    let app = &sandbox.announced["service_app"];
    let connect = |refresh: &str| {
        desk.command(&[
            "org",
            "connect",
            ORG,
            "--method",
            "service-app",
            "--client-id",
            field(app, "client_id"),
            "--client-secret-env",
            SECRET_VARIABLE,
        ])
        .args(["--refresh-token-env", "TEST_REFRESH_TOKEN"])
        .env(SECRET_VARIABLE, field(app, "client_secret"))
        .env("TEST_REFRESH_TOKEN", refresh)
        .ended()
    };
    let refused = connect("no such token").expect(1);
    assert!(!refused.err.contains("no such token"), "{}", refused.err);
    let ended = connect(&refresh).expect(0);
    assert!(!shown(&ended).contains(&refresh));
    assert_eq!(organisations(&desk)[0]["consent"]["state"], "granted");
    assert!(!holds(&everything_in(&desk.data), &refresh), "it lies sealed");
}

fn shown(ended: &Ended) -> String {
    format!("{}{}", ended.text(), ended.err)
}

#[test]
fn consent_that_is_refused_says_so() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::new();
    desk.run(&["org", "add", ORG, "--base-url", &sandbox.base_url()])
        .expect(0);
    let ended = desk
        .connect_command(&sandbox)
        .args(["--method", "device"])
        .env(SECRET_VARIABLE, "wrong-secret-value")
        .ended()
        .expect(1);
    assert!(!shown(&ended).contains("wrong-secret-value"), "{}", shown(&ended));
    assert!(
        ended.err.contains("client secret") && !ended.err.contains("invalid_client"),
        "what is wrong, in words: {}",
        ended.err
    );
    assert_ne!(organisations(&desk)[0]["consent"]["state"], "granted");
    let unset = desk
        .connect_command(&sandbox)
        .args(["--method", "device"])
        .env_remove(SECRET_VARIABLE)
        .ended()
        .expect(2);
    assert!(unset.err.contains(SECRET_VARIABLE), "{}", unset.err);
    desk.connect_command(&sandbox)
        .args(["--method", "service-app"])
        .ended()
        .expect(2);
}

#[test]
fn no_secret_is_shown_or_lies_open_in_the_data_folder() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::new();
    let proxy = "http://proxy-user:proxy-pass-7731@127.0.0.1:9";
    let mut said = String::new();
    said.push_str(&shown(
        &desk
            .command(&["org", "add", "Proxied", "--http-proxy-env", "TEST_PROXY"])
            .env("TEST_PROXY", proxy)
            .ended()
            .expect(0),
    ));
    desk.run(&["org", "add", ORG, "--base-url", &sandbox.base_url()])
        .expect(0);
    said.push_str(&shown(
        &desk
            .connect_command(&sandbox)
            .args(["--method", "device"])
            .env("PATCHBAY_LOG", "trace")
            .ended()
            .expect(0),
    ));
    for arguments in [
        &["org", "list"][..],
        &["org", "list", "--format", "json"],
        &["org", "sync", ORG],
        &["org", "sync", "Proxied"],
    ] {
        said.push_str(&shown(
            &desk.command(arguments).env("PATCHBAY_LOG", "trace").ended(),
        ));
    }
    // Every token of the sandbox, as of Webex, ends in this.
    let end_of_tokens = format!("_PF84_{}", field(&sandbox.announced["organisation"], "uuid"));
    assert!(sandbox.announced("access_token").ends_with(&end_of_tokens));
    let secrets = [
        sandbox.announced("client_secret"),
        PASSPHRASE.to_owned(),
        "proxy-pass-7731".to_owned(),
        end_of_tokens,
    ];
    let kept = everything_in(&desk.data);
    for secret in &secrets {
        assert!(
            !said.contains(secret.as_str()),
            "a secret was printed, even with everything logged"
        );
        assert!(!holds(&kept, secret), "a secret lies open in the data folder");
    }
    assert!(said.contains("Proxied"));
}

#[test]
fn removing_takes_the_copy_templates_and_tokens_along() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::copied(&sandbox);
    let before = sandbox.journal("").len();
    let ended = desk.run(&["org", "remove", ORG]).expect(0);
    assert!(ended.err.contains(ORG), "{}", ended.err);
    assert_eq!(sandbox.journal("").len(), before, "nothing is changed at Webex");
    desk.run(&["org", "sync", ORG]).expect(1);
    desk.connect(&sandbox, &["--no-sync"]);
    assert_eq!(organisations(&desk).len(), 1);
}

#[test]
fn a_cloud_that_is_gone_is_said() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::copied(&sandbox);
    sandbox.stop();
    let file = desk.file("people.csv", "Ext Key,User's Name,Number\n8800,Nobody Here,\n");
    let checked = desk
        .run(&["bulk", "validate", &file, "--org", ORG, "--format", "json"])
        .expect(1)
        .json();
    assert_eq!(
        checked["issues"][0]["code"],
        json!("user_not_found"),
        "the copy is at hand without the cloud"
    );
    let ended = desk.run(&["org", "sync", ORG]).expect(1);
    assert!(
        ended.err.contains("Northgate") || ended.err.to_lowercase().contains("reach"),
        "{}",
        ended.err
    );
}

#[test]
fn customers_of_a_wholesale_organisation_are_listed() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::new();
    desk.connect(&sandbox, &["--no-sync", "--wholesale"]);
    let before = desk.run(&["org", "customers", ORG]).expect(0);
    assert!(
        before.text().contains("No customer.") && before.err.contains("--sync"),
        "{}",
        before.err
    );
    let listed = desk
        .run(&["org", "customers", ORG, "--sync", "--format", "json"])
        .expect(0)
        .json();
    assert!(listed["asOf"].is_string());
    assert_eq!(listed["customers"].as_array().expect("customers").len(), 60);
    let found = desk
        .run(&[
            "org",
            "customers",
            ORG,
            "--search",
            "ØDEGÅRD log",
            "--status",
            "provisioned",
        ])
        .expect(0);
    let lines: Vec<&str> = found.text().lines().collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("Ødegård Logistics  provisioned  "), "{lines:?}");

    let ordinary = Desk::connected(&sandbox);
    let refused = ordinary.run(&["org", "customers", ORG]).expect(1);
    assert!(refused.err.contains("Wholesale customer"), "{}", refused.err);
}

#[test]
fn a_copy_another_process_makes_is_waited_for_and_said_so() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::copied(&sandbox);
    sandbox.fault(
        &json!({ "match": { "path": "/v1/people" }, "effect": { "kind": "delay", "millis": 600_000 } }),
    );
    let mut first = desk.start(&["org", "sync", ORG]);
    first.until("the first one is at it", |first| {
        first.err_so_far().contains("Copy").then_some(())
    });
    let mut second = desk.start(&["org", "sync", ORG]);
    second.until("the second one says so", |second| {
        second.err_so_far().contains("Another Patchbay").then_some(())
    });
    first.kill();
    let ended = second.wait().expect(1);
    assert!(ended.err.contains("cut off"), "{}", ended.err);
    sandbox.clear_faults();
    desk.run(&["org", "sync", ORG]).expect(0);
}
