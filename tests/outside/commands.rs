//! Every command of the table, called by its name the way the page calls it.

use patchbay_api::commands::COMMANDS;
use patchbay_core::ErrorCode;
use patchbay_tests::World;
use patchbay_tests::{Gifts, Setting};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Accepted gaps.
const GAPS: &str = include_str!("uncalled-commands.txt");
/// How many there are; lower it with every line that goes, never raise it.
const ACCEPTED: usize = 0;

/// The first row has two problems with a fix, the second one without.
const PROBLEMS: &str =
    "Ext Key,User's Name,Number\n\"=\"\"6101\"\"\",Ada Marsh ,+44 161 496 0001\n61,Bo Lind,\n6103,Cy Holt,\n";

#[tokio::test(flavor = "multi_thread")]
async fn every_command_is_called() {
    let mut world = World::unconnected(Setting::default()).await;
    settings(&world).await;
    world.organisation = world.register("Northgate").await;
    world.connect().await;
    world.sync().await;
    mirror(&world).await;
    crate::activation::every_command(&world).await;
    crate::directory_sync::every_command(&world).await;
    let attention = world
        .call(
            "overview.attention",
            json!({ "organisation": world.organisation }),
        )
        .await;
    assert!(attention["items"].is_array(), "{attention:#}");
    editing(&world).await;
    templates_and_runs(&world).await;
    scheduling(&world).await;
    organisations(&world).await;
    wholesale(&world).await;
    lists_and_backups(&world).await;
    demo(&world).await;

    let known: BTreeSet<String> = COMMANDS.iter().map(|command| command.name.to_owned()).collect();
    let gaps: BTreeSet<String> = GAPS
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(str::to_owned)
        .collect();
    assert_eq!(gaps.len(), ACCEPTED, "the number of gaps may only fall: {gaps:?}");
    let called = world.called();
    assert!(called.is_subset(&known), "{:?}", called.difference(&known));
    let uncalled: BTreeSet<String> = known.difference(&called).cloned().collect();
    assert_eq!(
        uncalled, gaps,
        "commands that are not called, and those that are accepted not to be"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_a_command_is_refused() {
    let world = World::unconnected(Setting::default()).await;
    world
        .refused("organisations.destroy", json!({}), ErrorCode::NotFound)
        .await;
    world
        .refused("runs.get", json!({ "runs": "x" }), ErrorCode::Invalid)
        .await;
    world.refused("runs.get", json!([]), ErrorCode::Invalid).await;
    for (command, request) in [
        ("runs.get", json!({ "run": "nobody" })),
        ("runs.resume", json!({ "run": "nobody" })),
        ("runs.cancel", json!({ "run": "nobody" })),
        ("runs.retry", json!({ "run": "nobody", "rows": null })),
        ("runs.summary", json!({ "run": "nobody" })),
        ("bulkAssignments.get", json!({ "template": "nobody" })),
        ("bulkAssignments.check", json!({ "template": "nobody" })),
        ("bulkAssignments.plan", json!({ "template": "nobody" })),
        ("bulkAssignments.duplicate", json!({ "template": "nobody" })),
        ("organisations.get", json!({ "organisation": "nobody" })),
        ("mirror.sync", json!({ "organisation": "nobody" })),
        ("consent.attempt", json!({ "attempt": "nobody" })),
        ("transactions.get", json!({ "transaction": "nobody" })),
    ] {
        let failure = world.refused(command, request, ErrorCode::NotFound).await;
        assert!(failure.message.ends_with('.'), "{command}: {}", failure.message);
    }
}

async fn settings(world: &World) {
    let info = world.call("app.info", json!({})).await;
    assert_eq!(info["firstRun"], true, "{info:#}");
    let mut preferences = world.call("preferences.get", json!({})).await;
    preferences["theme"] = json!("dark");
    assert_eq!(
        world.call("preferences.set", preferences.clone()).await,
        preferences
    );
    preferences["consentPort"] = json!(80);
    let refused = world
        .refused("preferences.set", preferences, ErrorCode::Invalid)
        .await;
    assert_eq!(refused.field.as_deref(), Some("consentPort"));

    assert_eq!(world.call("vault.status", json!({})).await["state"], "missing");
    world
        .call(
            "vault.create",
            json!({ "keyIn": "passphrase", "passphrase": "one way in" }),
        )
        .await;
    world
        .call(
            "vault.changePassphrase",
            json!({ "old": "one way in", "new": "another way in" }),
        )
        .await;
    world
        .refused(
            "vault.move",
            json!({ "to": "session", "passphrase": null, "newPassphrase": null }),
            ErrorCode::Invalid,
        )
        .await;
    world
        .try_call("vault.unlock", json!({ "passphrase": "one way in" }))
        .await
        .unwrap_err();
    world
        .call("vault.unlock", json!({ "passphrase": "another way in" }))
        .await;
    assert_eq!(world.call("vault.reset", json!({})).await["state"], "missing");
}

async fn mirror(world: &World) {
    let organisation = json!({ "organisation": world.organisation });
    let permissions = world.call("consent.permissions", organisation.clone()).await;
    assert!(!permissions["permissions"].as_array().unwrap().is_empty());
    let status = world.call("mirror.status", organisation.clone()).await;
    assert!(
        status["asOf"].is_string() && status["syncing"].is_null(),
        "{status:#}"
    );
    assert!(
        !world.call("mirror.licences", organisation.clone()).await["licences"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert!(
        !world.call("mirror.locations", organisation).await["locations"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let people = json!({ "organisation": world.organisation, "search": null, "offset": 0, "limit": 5 });
    let people = world.call("mirror.people", people).await;
    assert_eq!(
        people["total"].as_u64().unwrap() as usize,
        world.sandbox.people().len()
    );
}

async fn scheduling(world: &World) {
    world
        .call("consent.refresh", json!({ "organisation": world.organisation }))
        .await;
    let app = world.sandbox.announcement()["service_app"].clone();
    let copied = world.service_app_refresh_token().await;
    let connect = json!({
        "organisation": world.organisation, "clientId": app["client_id"],
        "clientSecret": { "kind": "set", "value": app["client_secret"] },
        "proof": { "kind": "refresh_token", "refreshToken": copied },
    });
    world.call("consent.connectServiceApp", connect).await;
    for command in ["schedules.runNow", "schedules.pause", "schedules.resume"] {
        world.tell_schedule(command, "mirror_sync").await;
    }
    let schedule = world.turn_over("mirror_sync").await;
    let every = json!({ "schedule": schedule["id"], "everyMinutes": 90 });
    world.call("schedules.setEvery", every).await;
    assert!(world.notices().await.is_empty());
    for (command, request) in [
        ("notifications.unshown", json!({})),
        ("notifications.shown", json!({ "ids": [] })),
        ("notifications.dismiss", json!({ "ids": [] })),
    ] {
        world.call(command, request).await;
    }
}

async fn editing(world: &World) {
    let fields = json!({ "name": "Draft", "organisation": null, "location": null, "callingLicence": null, "addOns": [] });
    let template = world
        .call("bulkAssignments.create", json!({ "fields": fields }))
        .await;
    let id = template["id"].clone();
    let of = json!({ "template": id });
    let folder = world.folder.path().join("files");
    std::fs::create_dir(&folder).unwrap();
    let path = folder.join("users.csv");
    std::fs::write(&path, PROBLEMS).unwrap();
    let file = json!({ "kind": "path", "path": path });
    let check = world
        .call(
            "bulkAssignments.addFiles",
            json!({ "template": id, "files": [file] }),
        )
        .await;
    assert!(check["errors"].as_u64().unwrap() >= 2, "{check:#}");
    let extra = json!({ "kind": "content", "name": "more.csv", "base64": "RXh0IEtleSxVc2VyJ3MgTmFtZQo2MTA5LERlZSBGb3gK" });
    world
        .call(
            "bulkAssignments.addFiles",
            json!({ "template": id, "files": [extra] }),
        )
        .await;
    world
        .call(
            "bulkAssignments.removeFile",
            json!({ "template": id, "index": 1 }),
        )
        .await;
    assert_eq!(world.call("bulkAssignments.check", of.clone()).await["rows"], 3);

    let filter = json!({ "problemsOnly": true, "code": null, "search": null });
    let rows = world
        .call(
            "bulkAssignments.rows",
            json!({ "template": id, "filter": filter, "offset": 0, "limit": 10 }),
        )
        .await;
    assert_eq!(rows["total"], 2, "{rows:#}");
    let strip = world
        .call("bulkAssignments.strip", json!({ "template": id, "buckets": 3 }))
        .await;
    assert_eq!(strip["buckets"].as_array().unwrap().len(), 3, "{strip:#}");
    let next = json!({ "template": id, "filter": filter, "after": null, "backwards": false });
    assert!(world.call("bulkAssignments.nextProblem", next).await["found"].is_object());

    let ext_key = |row: u32| json!({ "file": 0, "row": row, "column": "ext_key" });
    let tried = world
        .call(
            "bulkAssignments.tryValue",
            json!({ "template": id, "cell": ext_key(2), "value": "6102" }),
        )
        .await;
    assert_eq!(tried["issues"], json!([]));
    let edited = world
        .call(
            "bulkAssignments.editCell",
            json!({ "template": id, "cell": ext_key(2), "value": "6102" }),
        )
        .await;
    assert_eq!(edited["cells"], 1);
    let fixed = world
        .call(
            "bulkAssignments.fixCell",
            json!({ "template": id, "cell": ext_key(1) }),
        )
        .await;
    assert_eq!(fixed["cells"], 1, "{fixed:#}");
    let fixed = world
        .call(
            "bulkAssignments.fixAll",
            json!({ "template": id, "code": "number_formatted" }),
        )
        .await;
    assert_eq!(
        (&fixed["cells"], &fixed["check"]["errors"]),
        (&json!(1), &json!(0)),
        "{fixed:#}"
    );
    world.call("bulkAssignments.undo", of.clone()).await;
    let redone = world.call("bulkAssignments.redo", of.clone()).await;
    assert_eq!(redone["check"]["errors"], 0);
    let corrected = folder.join("corrected.csv");
    let saved = json!({ "template": id, "file": 0, "path": corrected });
    world.call("bulkAssignments.saveCorrected", saved).await;
    assert!(std::fs::read_to_string(&corrected).unwrap().contains("6101"));
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        PROBLEMS,
        "the file on disk is never written"
    );
    let sample = folder.join("sample.csv");
    world
        .call(
            "bulkAssignments.saveSample",
            json!({ "kind": "name", "path": sample }),
        )
        .await;
    assert!(std::fs::read_to_string(&sample).unwrap().starts_with("Ext Key"));
    world.call("bulkAssignments.delete", of.clone()).await;
    world
        .refused("bulkAssignments.get", of, ErrorCode::NotFound)
        .await;
}

async fn templates_and_runs(world: &World) {
    let rows = world.rows(6);
    let template = world.template(&rows, &Gifts::default()).await;
    let of = json!({ "template": template });
    let stored = world.call("bulkAssignments.get", of.clone()).await;
    assert_eq!(
        (&stored["status"], &stored["totalUsers"]),
        (&json!("draft"), &json!(6)),
        "{stored:#}"
    );
    let fields = json!({
        "name": "Renamed", "organisation": stored["organisation"], "location": stored["location"],
        "callingLicence": stored["callingLicence"], "addOns": [],
    });
    world
        .call(
            "bulkAssignments.update",
            json!({ "template": template, "fields": fields }),
        )
        .await;
    let copy = world.call("bulkAssignments.duplicate", of.clone()).await;
    assert_ne!(copy["id"], stored["id"]);
    world
        .call("bulkAssignments.delete", json!({ "template": copy["id"] }))
        .await;
    let found = world
        .call("bulkAssignments.list", json!({ "search": "Renamed" }))
        .await;
    assert_eq!(found["templates"].as_array().unwrap().len(), 1, "{found:#}");

    let planned = json!({ "template": template, "filter": {"outcome": "assign", "code": null, "search": null}, "offset": 0, "limit": 10 });
    assert_eq!(world.call("bulkAssignments.planRows", planned).await["total"], 6);
    let path = world.folder.path().join("files").join("plan.csv");
    assert_eq!(
        world
            .call(
                "bulkAssignments.savePlan",
                json!({ "template": template, "path": path })
            )
            .await["rows"],
        6
    );

    let run = world.start(&template).await;
    // It may be over before the pause is asked for; then there is nothing to pause or resume.
    match world.try_call("runs.pause", json!({ "run": run })).await {
        Ok(paused) if paused["state"] == "paused" => world.resume(&run).await,
        _ => drop(world.try_call("runs.resume", json!({ "run": run })).await),
    }
    world.completed(&run).await;
    world.truth(&run).await;
    assert_eq!(world.call("runs.active", json!({})).await["runs"], json!([]));
    let filter = json!({ "outcome": null, "code": null, "search": null, "sort": null });
    for kind in ["reimport", "spreadsheet"] {
        let path = world.folder.path().join("files").join(format!("{kind}.csv"));
        let saved = world
            .call(
                "runs.export",
                json!({ "run": run, "path": path, "kind": kind, "filter": filter }),
            )
            .await;
        assert_eq!(saved["rows"], 6);
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 7);
    }
    let log = json!({ "path": world.folder.path().join("audit.jsonl") });
    assert_eq!(world.call("audit.export", log).await["intact"], true);
    let summary = world.call("runs.summary", json!({ "run": run })).await;
    assert!(summary["text"].as_str().unwrap().contains('6'), "{summary:#}");
    world
        .refused("runs.cancel", json!({ "run": run }), ErrorCode::Conflict)
        .await;
    world
        .refused(
            "runs.retry",
            json!({ "run": run, "rows": null }),
            ErrorCode::Conflict,
        )
        .await;
    world.settled().await;
}

async fn organisations(world: &World) {
    let attempt = world.begin_consent("browser").await;
    let cancelled = world
        .call("consent.cancel", json!({ "attempt": attempt["id"] }))
        .await;
    assert_eq!(cancelled["state"]["state"], "cancelled");
    let other = world.register("Southgate").await;
    let mut fields = world.fields("Southgate Ltd");
    fields["notes"] = json!("Moved in spring.");
    let changed = world
        .call(
            "organisations.update",
            json!({ "organisation": other, "fields": fields }),
        )
        .await;
    assert_eq!(
        (&changed["name"], &changed["notes"]),
        (&json!("Southgate Ltd"), &json!("Moved in spring."))
    );
    let started = world
        .call("organisations.checkConnection", json!({ "organisation": other }))
        .await;
    let checked = world
        .transaction_over(started["transaction"].as_str().unwrap())
        .await;
    assert_eq!(checked["state"], "succeeded", "{checked:#}");
    let all = world.call("organisations.list", json!({})).await;
    assert_eq!(all["organisations"].as_array().unwrap().len(), 2);
    world
        .call("organisations.delete", json!({ "organisation": other }))
        .await;
    world
        .refused(
            "organisations.get",
            json!({ "organisation": other }),
            ErrorCode::NotFound,
        )
        .await;
    let of: Value = world
        .call("organisations.get", json!({ "organisation": world.organisation }))
        .await;
    assert_eq!(of["consent"]["state"], "granted", "{of:#}");
}

/// Refused, as the organisation is none of wholesale; what they do otherwise has a file of its own.
async fn wholesale(world: &World) {
    let filter = json!({ "search": null, "status": null, "sort": "status", "descending": false });
    let address = json!({});
    let change = json!({ "externalId": "X", "address": address, "packages": ["webex_suite"] });
    for (command, request) in [
        (
            "wholesale.customers",
            json!({ "filter": filter, "offset": 0, "limit": 10 }),
        ),
        ("wholesale.customer", json!({ "customer": "c" })),
        ("wholesale.sync", json!({})),
        ("wholesale.refresh", json!({ "customer": "c" })),
        ("wholesale.preview", json!({ "customer": "c", "change": change })),
        ("wholesale.update", json!({ "customer": "c", "change": change })),
    ] {
        let mut request = request;
        request["organisation"] = json!(world.organisation);
        let refused = world.refused(command, request, ErrorCode::Conflict).await;
        assert!(
            refused.message.contains("wholesale organisation"),
            "{command}: {refused:?}"
        );
    }
}

async fn lists_and_backups(world: &World) {
    let of = json!({ "organisation": world.organisation });
    let deletion = world.call("organisations.deletion", of).await;
    assert_eq!(deletion["blocked"], Value::Null, "{deletion:#}");
    let away = world.folder.path().join("away");
    std::fs::create_dir(&away).unwrap();
    let list = away.join("list.csv");
    world
        .call("organisations.export", json!({ "path": list, "format": "csv" }))
        .await;
    let source = json!({ "kind": "path", "path": list });
    let plan = world
        .call("organisations.importPreview", json!({ "source": source }))
        .await;
    assert_eq!(plan["entries"][0]["action"], "same", "{plan:#}");
    let imported = world
        .call(
            "organisations.import",
            json!({ "source": source, "update": true }),
        )
        .await;
    assert_eq!(imported["same"], 1, "{imported:#}");
    world
        .refused(
            "transactions.retry",
            json!({ "transaction": imported["transaction"] }),
            ErrorCode::Conflict,
        )
        .await;
    let filter = json!({ "organisation": null, "state": null, "search": null });
    let csv = away.join("transactions.csv");
    let saved = world
        .call(
            "transactions.export",
            json!({ "path": csv, "filter": filter, "kind": "spreadsheet" }),
        )
        .await;
    assert!(saved["rows"].as_u64().unwrap() > 3, "{saved:#}");
    let backup = away.join("backup.db");
    world.call("backups.save", json!({ "path": backup })).await;
    world.call("backups.restore", json!({ "path": backup })).await;
    world.call("backups.cancelRestore", json!({})).await;
    let folders = world.call("app.folders", json!({})).await;
    assert!(folders["data"]["files"].as_u64().unwrap() >= 4, "{folders:#}");
}

async fn demo(world: &World) {
    let opened = world.call("demo.open", json!({})).await;
    let template = world
        .call("bulkAssignments.get", json!({ "template": opened["template"] }))
        .await;
    assert_eq!(template["organisation"], opened["organisation"]);
    world.settled().await;
    world.patchbay.close().await;
}
