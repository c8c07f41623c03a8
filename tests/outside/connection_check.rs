//! The connection check names the step that fails and what to do (product O2).

use patchbay_core::ErrorCode;
use patchbay_tests::{Setting, World, answer};
use serde_json::{Value, json};
use webex_sandbox::{Effect, Fault, FaultBody, When};

/// Checks and waits; the transaction.
pub async fn check(world: &World, organisation: &str) -> Value {
    let started = world
        .call(
            "organisations.checkConnection",
            json!({ "organisation": organisation }),
        )
        .await;
    world
        .transaction_over(started["transaction"].as_str().unwrap())
        .await
}

/// Names and states of the steps, in order.
pub fn states(transaction: &Value) -> Vec<(String, String)> {
    let steps = transaction["steps"].as_array().unwrap().iter();
    steps
        .map(|step| {
            (
                step["name"].as_str().unwrap().to_owned(),
                step["state"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

pub fn detail<'a>(transaction: &'a Value, name: &str) -> &'a str {
    let mut steps = transaction["steps"].as_array().unwrap().iter();
    steps
        .find(|step| step["name"] == name)
        .and_then(|step| step["detail"].as_str())
        .unwrap_or_else(|| panic!("no step {name}: {transaction:#}"))
}

/// That the check ended at `name` and why: all steps before it stood, none after it was tried. The words of the failure.
pub fn ended_at<'a>(transaction: &'a Value, name: &str, code: &str) -> &'a str {
    assert_eq!(transaction["state"], "failed", "{transaction:#}");
    let states = states(transaction);
    let at = states
        .iter()
        .position(|(step, _)| step == name)
        .unwrap_or_else(|| panic!("no step {name}: {transaction:#}"));
    for (step, state) in &states[..at] {
        assert_eq!(state, "succeeded", "{step}: {transaction:#}");
    }
    assert_eq!(states[at].1, "failed", "{transaction:#}");
    for (step, state) in &states[at + 1..] {
        assert_eq!(state, "cancelled", "{step}: {transaction:#}");
        assert_eq!(detail(transaction, step), "Not tried.");
    }
    assert!(states.len() > at + 1 || name == "Contact center" || name == "Permissions");
    assert_eq!(transaction["failure"]["code"], code, "{transaction:#}");
    assert_eq!(transaction["failure"]["message"], detail(transaction, name));
    transaction["failure"]["message"].as_str().unwrap()
}

/// Another organisation, reached at `base`.
pub async fn elsewhere(world: &World, name: &str, base: &str, edit: impl FnOnce(&mut Value)) -> String {
    let mut fields = world.fields(name);
    fields["environment"]["base_url"] = base.into();
    edit(&mut fields);
    let created = world
        .call("organisations.create", json!({ "fields": fields }))
        .await;
    created["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_is_told_and_nothing_but_the_way_is_needed_before_a_consent() {
    let mut world = World::unconnected(Setting::default()).await;
    world.organisation = world.register("Northgate").await;
    let checked = check(&world, &world.organisation).await;
    assert_eq!(checked["state"], "succeeded", "{checked:#}");
    assert_eq!(checked["kind"], "connection_check");
    let state = |name: &str| {
        let states = states(&checked);
        states.iter().find(|(step, _)| step == name).unwrap().1.clone()
    };
    for name in ["Name", "Proxy", "Connection", "Webex"] {
        assert_eq!(state(name), "succeeded", "{checked:#}");
    }
    for name in ["Token", "Permissions"] {
        assert_eq!(state(name), "cancelled", "{checked:#}");
        assert!(detail(&checked, name).contains("Connect it"), "{checked:#}");
    }
    assert!(detail(&checked, "Name").contains("127.0.0.1"));
    assert!(detail(&checked, "Proxy").contains("direct"));
    assert!(detail(&checked, "Connection").contains("without TLS"));
    assert!(detail(&checked, "Webex").contains("401"));

    world.connect().await;
    let checked = check(&world, &world.organisation).await;
    assert_eq!(checked["state"], "succeeded", "{checked:#}");
    assert!(states(&checked).iter().all(|(_, state)| state == "succeeded"));
    let token = detail(&checked, "Token");
    assert!(
        token.contains("good until") && !token.contains('-'),
        "days as people write them: {token}"
    );
    assert_eq!(detail(&checked, "Permissions"), "All 10 permissions are granted.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_that_ends_early_is_named() {
    let world = World::unconnected(Setting::default()).await;
    let unknown = elsewhere(&world, "Unknown", "https://webex.invalid/v1", |_| {}).await;
    let checked = check(&world, &unknown).await;
    let said = ended_at(&checked, "Name", "unreachable");
    assert!(said.contains("webex.invalid is not known"), "{said}");

    let behind = elsewhere(&world, "Behind", "https://webex.invalid/v1", |fields| {
        fields["httpsProxy"] = json!({ "kind": "set", "value": "http://u:pw-kestrel@127.0.0.1:1" });
    })
    .await;
    let checked = check(&world, &behind).await;
    let said = ended_at(&checked, "Proxy", "unreachable");
    assert!(
        said.contains("http://•••:•••@127.0.0.1:1") && said.contains("refused"),
        "{said}"
    );
    assert!(
        detail(&checked, "Name").contains("the proxy looks it up"),
        "{checked:#}"
    );

    let nameless = elsewhere(&world, "Nameless", "https://webex.invalid/v1", |fields| {
        fields["httpsProxy"] = json!({ "kind": "set", "value": "http://proxy.invalid:3128" });
    })
    .await;
    let checked = check(&world, &nameless).await;
    let said = ended_at(&checked, "Proxy", "unreachable");
    assert!(
        said.contains("name of the proxy http://proxy.invalid:3128 is not known"),
        "{said}"
    );

    let shut = elsewhere(
        &world,
        "Shut",
        &format!("{}/v1", world.network.root_url()),
        |_| {},
    )
    .await;
    world.network.cut().await;
    let checked = check(&world, &shut).await;
    let said = ended_at(&checked, "Connection", "unreachable");
    assert!(said.contains("refused"), "{said}");

    // Something that speaks another language.
    let plain = world.sandbox.root_url().replace("http://", "https://") + "/v1";
    let plain = elsewhere(&world, "Plain", &plain, |_| {}).await;
    let checked = check(&world, &plain).await;
    let said = ended_at(&checked, "Connection", "unreachable");
    assert!(said.contains("does not speak TLS"), "{said}");
    assert!(!world.said().contains("pw-kestrel"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_answers_instead_of_webex_is_told_apart() {
    let mut world = World::unconnected(Setting::default()).await;
    world.organisation = world.register("Northgate").await;
    for (status, body, code, words) in [
        (403, FaultBody::Error, "refused", "forbids every request (403)"),
        (404, FaultBody::Html, "refused", "ends in /v1"),
        (503, FaultBody::Html, "unreachable", "problem of its own (503)"),
        (200, FaultBody::Html, "refused", "sign-in page"),
        (401, FaultBody::Html, "refused", "sign-in page"),
        (302, FaultBody::Empty, "refused", "sign-in page"),
    ] {
        world.sandbox.clear_faults();
        let fault = Fault::on_path("/v1/people/me", answer(status, When::Before, body)).times(None);
        world.sandbox.add_fault(fault);
        let checked = check(&world, &world.organisation).await;
        let said = ended_at(&checked, "Webex", code);
        assert!(said.contains(words), "{status}: {said}");
    }
    world.sandbox.clear_faults();
    world.sandbox.add_fault(Fault::on_path(
        "/v1/people/me",
        Effect::Status {
            status: 429,
            when: When::Before,
            retry_after: Some("1".to_owned()),
            retry_after_date: None,
            body: FaultBody::Error,
        },
    ));
    let checked = check(&world, &world.organisation).await;
    let said = ended_at(&checked, "Webex", "unreachable");
    assert!(said.contains("left alone for 1 s (429)"), "{said}");
    // The next one waits the second out instead of asking too early.
    let checked = check(&world, &world.organisation).await;
    assert_eq!(checked["state"], "succeeded", "{checked:#}");
    assert!(
        world.sandbox.journal().iter().all(|entry| !entry.early),
        "{:#?}",
        world.sandbox.journal()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_webex_took_back_and_permissions_that_are_missing() {
    let mut world = World::unconnected(Setting::default()).await;
    world.organisation = world.register("Northgate").await;
    world.connect().await;
    let mut fields = world.fields("Northgate");
    fields["wholesale"] = true.into();
    let update = json!({ "organisation": world.organisation, "fields": fields });
    world.call("organisations.update", update).await;
    let checked = check(&world, &world.organisation).await;
    let said = ended_at(&checked, "Permissions", "consent_needed");
    assert!(
        said.starts_with("10 of 14 permissions are granted.")
            && said.contains("spark-admin:wholesale_customers_read"),
        "{said}"
    );

    world.sandbox.revoke_tokens(true);
    let checked = check(&world, &world.organisation).await;
    let said = ended_at(&checked, "Token", "consent_needed");
    assert!(said.contains("Connect the organisation again"), "{said}");
    // Known by now without asking.
    let checked = check(&world, &world.organisation).await;
    let said = ended_at(&checked, "Token", "consent_needed");
    assert!(said.contains("The consent of Northgate is gone"), "{said}");
    world
        .refused(
            "organisations.checkConnection",
            json!({ "organisation": "nobody" }),
            ErrorCode::NotFound,
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_center_is_asked_in_its_region() {
    let mut world = World::unconnected(Setting::default()).await;
    let mut fields = world.fields("Northgate");
    fields["contactCenter"] = true.into();
    fields["contactCenterRegion"] = "eu_frankfurt".into();
    let created = world
        .call("organisations.create", json!({ "fields": fields }))
        .await;
    world.organisation = created["id"].as_str().unwrap().to_owned();
    world.connect().await;
    world.sandbox.clear_journal();
    let checked = check(&world, &world.organisation).await;
    assert_eq!(checked["state"], "succeeded", "{checked:#}");
    assert!(
        detail(&checked, "Contact center").contains("users"),
        "{checked:#}"
    );
    let path = format!("/organization/{}/v2/user", world.sandbox.organisation_uuid());
    assert!(
        world
            .journal()
            .iter()
            .any(|entry| entry.path == path && entry.status == Some(200)),
        "{:#?}",
        world.journal()
    );

    // Another region's interface does not know the organisation.
    let body = json!({ "error": { "key": "401", "reason": "Unauthorized",
        "message": [{ "code": "401", "description": "User does not have access to OrgId" }] } });
    let effect = answer(401, When::Before, FaultBody::Json(body));
    world.sandbox.add_fault(Fault::on_path(&path, effect).times(None));
    let checked = check(&world, &world.organisation).await;
    let said = ended_at(&checked, "Contact center", "refused");
    assert!(said.contains("another one than EU (Frankfurt)"), "{said}");
    // The token was good all the while.
    let organisation = world
        .call("organisations.get", json!({ "organisation": world.organisation }))
        .await;
    assert_eq!(organisation["consent"]["state"], "granted");
}
