//! Tokens that die while a run is at work (product, promise 4; architecture invariant 4).

use patchbay_core::ErrorCode;
use patchbay_tests::{Setting, World, answer, every_assignment};
use serde_json::json;
use webex_sandbox::{Effect, Fault, FaultBody, Rotation, When};

fn forbidden() -> Effect {
    answer(403, When::Before, FaultBody::Error)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_revoked_mid_run_costs_one_refresh_and_no_row() {
    let world = World::new().await;
    let rows = world.rows(25);
    world
        .sandbox
        .add_fault(Fault::on_assignment(Effect::RevokeToken { refresh: false }).from_nth(6));
    let run = world.start_rows(&rows).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 25);
    let refreshes = world
        .sandbox
        .journal()
        .iter()
        .filter(|entry| entry.path == "/v1/access_token")
        .count();
    assert_eq!(refreshes, 1);
    assert!(world.assignments().iter().any(|entry| entry.status == Some(401)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_refresh_pauses_the_run_until_somebody_connects() {
    let world = World::new().await;
    let rows = world.rows(25);
    world
        .sandbox
        .add_fault(Fault::on_assignment(Effect::RevokeToken { refresh: true }).from_nth(6));
    let run = world.start_rows(&rows).await;
    world.paused_unharmed(&run, "consent").await;
    let organisation = world
        .call("organisations.get", json!({ "organisation": world.organisation }))
        .await;
    assert_eq!(organisation["consent"]["state"], "needed", "{organisation:#}");
    world
        .refused("runs.resume", json!({ "run": run }), ErrorCode::ConsentNeeded)
        .await;
    assert_eq!(world.progress(&run).await["state"], "paused");

    world.connect().await;
    world.resume(&run).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 25);
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn giving_up_needs_no_consent() {
    let world = World::new().await;
    let rows = world.rows(25);
    world
        .sandbox
        .add_fault(Fault::on_assignment(Effect::RevokeToken { refresh: true }).from_nth(6));
    let run = world.start_rows(&rows).await;
    world.paused(&run, "consent").await;
    let cancelled = world.call("runs.cancel", json!({ "run": run })).await;
    assert_eq!(cancelled["state"], "cancelled", "{cancelled:#}");
    let report = world.truth(&run).await;
    assert_eq!(report.count("assigned") + report.count("skipped"), 25);
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_that_no_longer_covers_the_work_burns_no_row() {
    let world = World::new().await;
    let rows = world.rows(30);
    world.sandbox.add_fault(every_assignment(forbidden()).from_nth(6));
    let run = world.start_rows(&rows).await;
    world.paused_unharmed(&run, "consent").await;
    world.sandbox.clear_faults();
    world.resume(&run).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn users_out_of_reach_fail_by_themselves() {
    let world = World::new().await;
    let rows = world.rows(20);
    for row in &rows[16..19] {
        world
            .sandbox
            .add_fault(every_assignment(forbidden()).for_person(&row.person.uuid));
    }
    let run = world.start_rows(&rows).await;
    world.completed(&run).await;
    let report = world.truth(&run).await;
    assert_eq!(
        (report.count("assigned"), report.count("failed")),
        (17, 3),
        "{:#?}",
        report.rows
    );
    assert!(
        report
            .rows
            .iter()
            .filter(|row| row["outcome"] == "failed")
            .all(|row| row["code"] == "forbidden")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_of_nothing_but_forbidden_rows_comes_to_an_end_when_told_to_go_on() {
    let world = World::new().await;
    let rows = world.rows(2);
    world.sandbox.add_fault(every_assignment(forbidden()));
    let run = world.start_rows(&rows).await;
    world.paused(&run, "consent").await;
    world.resume(&run).await;
    world.completed(&run).await;
    let report = world.truth(&run).await;
    assert_eq!(report.count("failed"), 2, "{:#?}", report.rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_nobody_expected_is_named() {
    let mut world = World::unconnected(Setting::default()).await;
    let mut fields = world.fields("Northgate");
    fields["adminEmail"] = json!("somebody.else@northgate.example");
    let created = world
        .call("organisations.create", json!({ "fields": fields }))
        .await;
    world.organisation = created["id"].as_str().unwrap().to_owned();
    assert_eq!(
        (&created["consentedBy"], &created["unexpectedAdmin"]),
        (&json!(null), &json!(false))
    );
    world.connect().await;
    let shown = world.shown().await;
    let admin = shown["consentedBy"]
        .as_str()
        .expect("Webex says who it was")
        .to_owned();
    assert!(admin.contains('@'), "{admin}");
    assert_eq!(shown["unexpectedAdmin"], true, "{shown:#}");

    fields["adminEmail"] = json!(admin.to_uppercase());
    let change = json!({ "organisation": world.organisation, "fields": fields });
    let changed = world.call("organisations.update", change).await;
    assert_eq!(changed["unexpectedAdmin"], false, "case makes no difference");
    fields["adminEmail"] = json!(null);
    let change = json!({ "organisation": world.organisation, "fields": fields });
    assert_eq!(
        world.call("organisations.update", change).await["unexpectedAdmin"],
        false
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn permissions_are_grouped_by_what_they_switch_on() {
    let world = World::unconnected(Setting::default()).await;
    let mut fields = world.fields("Northgate");
    fields["wholesale"] = json!(true);
    fields["directorySyncEnabled"] = json!(true);
    let created = world
        .call("organisations.create", json!({ "fields": fields }))
        .await;
    let organisation = json!({ "organisation": created["id"] });
    let permissions = world.call("consent.permissions", organisation).await["permissions"].clone();
    let mut groups: Vec<&str> = permissions
        .as_array()
        .unwrap()
        .iter()
        .map(|permission| permission["group"].as_str().unwrap())
        .collect();
    groups.dedup();
    for group in [
        "Bulk assignment",
        "Wholesale customers",
        "Activation",
        "Directory Sync",
    ] {
        let times = groups.iter().filter(|one| **one == group).count();
        assert_eq!(times, 1, "{group} among {groups:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_app_connects_by_either_proof() {
    let mut world = World::unconnected(Setting::default()).await;
    world.organisation = world.register("Northgate").await;
    let app = world.sandbox.announcement()["service_app"].clone();
    let request = |organisation: &str, proof: serde_json::Value| {
        json!({
            "organisation": organisation, "clientId": app["client_id"],
            "clientSecret": { "kind": "set", "value": app["client_secret"] }, "proof": proof,
        })
    };
    let application = json!({
        "kind": "application", "applicationId": app["application_id"], "targetOrganisation": null,
        "accessToken": world.sandbox.access_token(),
    });
    let command = "consent.connectServiceApp";
    let refused = world
        .refused(
            command,
            request(&world.organisation, application.clone()),
            ErrorCode::Invalid,
        )
        .await;
    assert_eq!(
        refused.field.as_deref(),
        Some("targetOrganisation"),
        "no account number is registered"
    );
    let mut fields = world.fields("Northgate");
    fields["accountNumber"] = json!(world.sandbox.organisation_uuid());
    let change = json!({ "organisation": world.organisation, "fields": fields });
    world.call("organisations.update", change).await;
    let connected = world
        .call(command, request(&world.organisation, application))
        .await;
    assert!(connected["consentedBy"].is_string(), "{connected:#}");
    assert_eq!(world.shown().await["consent"]["state"], "granted");
    world.sync().await;

    world.organisation = world.register("Northgate again").await;
    let empty = json!({ "kind": "refresh_token", "refreshToken": " " });
    let refused = world
        .refused(command, request(&world.organisation, empty), ErrorCode::Invalid)
        .await;
    assert_eq!(refused.field.as_deref(), Some("refreshToken"));
    let copied = world.service_app_refresh_token().await;
    let token = json!({ "kind": "refresh_token", "refreshToken": copied });
    world.call(command, request(&world.organisation, token)).await;
    assert_eq!(world.shown().await["consent"]["state"], "granted");
    world.sync().await;
    assert!(!world.said().contains(&copied), "the token does not come back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_apps_new_refresh_token_outlives_what_fails_after_it_came() {
    let mut world = World::unconnected(Setting::default()).await;
    world.sandbox.set_rotation(Rotation::New);
    world.organisation = world.register("Northgate").await;
    let app = world.sandbox.announcement()["service_app"].clone();
    let copied = world.service_app_refresh_token().await;
    let command = "consent.connectServiceApp";
    let request = |organisation: &str| {
        json!({
            "organisation": organisation, "clientId": app["client_id"],
            "clientSecret": { "kind": "set", "value": app["client_secret"] },
            "proof": { "kind": "refresh_token", "refreshToken": copied },
        })
    };
    // Entered in the wrong place at first, and Webex is in trouble meanwhile: each time the token is replaced.
    let mut elsewhere = world.fields("Somebody else");
    elsewhere["accountNumber"] = json!("0f0e0d0c-0b0a-4908-8706-050403020100");
    let wrong = world
        .call("organisations.create", json!({ "fields": elsewhere }))
        .await;
    world
        .refused(
            command,
            request(wrong["id"].as_str().unwrap()),
            ErrorCode::Conflict,
        )
        .await;
    world
        .sandbox
        .add_fault(Fault::on_path("/v1/people/me", answer(400, When::Before, FaultBody::Error)).times(None));
    world
        .try_call(command, request(&world.organisation))
        .await
        .unwrap_err();
    assert_eq!(world.shown().await["consent"]["state"], "none");
    // At the wrong one once more: what the other one has kept is the newest no more.
    world
        .try_call(command, request(wrong["id"].as_str().unwrap()))
        .await
        .unwrap_err();
    world.sandbox.clear_faults();
    world.restart().await;
    world.call(command, request(&world.organisation)).await;
    assert_eq!(world.shown().await["consent"]["state"], "granted");
    world.sync().await;
}
