//! The list of transactions: filters, search, export, and that many of them do not make it slow (product O11).

use patchbay_core::ErrorCode;
use patchbay_core::db::{Db, FILE_NAME};
use patchbay_core::events::Events;
use patchbay_tests::{Setting, World};
use serde_json::{Value, json};

fn filter(change: impl FnOnce(&mut Value)) -> Value {
    let mut filter = json!({ "organisation": null, "kinds": [], "state": null, "since": null, "until": null, "search": null });
    change(&mut filter);
    filter
}

async fn titles(world: &World, change: impl FnOnce(&mut Value)) -> Vec<String> {
    let list = world
        .call(
            "transactions.list",
            json!({ "filter": filter(change), "offset": 0, "limit": 100 }),
        )
        .await;
    let titles: Vec<String> = list["transactions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|transaction| transaction["title"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(list["total"], titles.len());
    titles
}

/// Rows as an older Patchbay left them, at times of their own.
async fn planted(world: &mut World, rows: &[(&str, &str, &str, &str)]) {
    world.patchbay.close().await;
    let db = Db::open(world.folder.path(), Events::default()).await.unwrap();
    assert!(db.path().ends_with(FILE_NAME));
    let mut write = db.write().await.unwrap();
    for (number, (title, kind, state, started)) in rows.iter().enumerate() {
        sqlx::query(
            "insert into transactions (id, kind, title, who, state, started_at, ended_at, search, tracking_ids)
             values (?, ?, ?, 'ada', ?, ?, ?, lower(?), ?)",
        )
        .bind(format!("planted-{number}"))
        .bind(kind)
        .bind(title)
        .bind(state)
        .bind(started)
        .bind(started)
        .bind(title)
        .bind(format!("[\"TRACK_{number}_ONE\",\"TRACK_{number}_TWO\"]"))
        .execute(write.connection())
        .await
        .unwrap();
    }
    write.commit().await.unwrap();
    db.close().await;
    world.patchbay = world.another().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_narrow_and_add_up() {
    let mut world = World::unconnected(Setting::default()).await;
    planted(
        &mut world,
        &[
            ("Sync of A", "mirror_sync", "succeeded", "2026-03-01T08:00:00Z"),
            ("Sync of B", "mirror_sync", "failed", "2026-03-01T08:00:01.25Z"),
            ("Consent of A", "consent", "failed", "2026-03-01T07:59:59.75Z"),
            ("Report saved", "export", "succeeded", "2026-03-02T00:00:00Z"),
        ],
    )
    .await;
    let organisation = world.register("ÆRØ Søfart").await;
    let all = titles(&world, |_| {}).await;
    assert_eq!(all.len(), 5);
    assert_eq!(all[0], "Organisation ÆRØ Søfart added", "newest first");
    assert_eq!(
        titles(&world, |f| f["kinds"] = json!(["mirror_sync", "export"])).await,
        ["Report saved", "Sync of B", "Sync of A"]
    );
    assert_eq!(
        titles(&world, |f| {
            f["kinds"] = json!(["mirror_sync", "consent"]);
            f["state"] = json!("failed");
        })
        .await,
        ["Sync of B", "Consent of A"]
    );
    // "At or after" and "before", whether or not a time has fractions.
    assert_eq!(
        titles(&world, |f| {
            f["since"] = json!("2026-03-01T08:00:00Z");
            f["until"] = json!("2026-03-02T00:00:00Z");
        })
        .await,
        ["Sync of B", "Sync of A"]
    );
    assert_eq!(
        titles(&world, |f| f["until"] = json!("2026-03-01T09:00:00+01:00")).await,
        ["Consent of A"],
        "another zone's time is the same moment"
    );
    assert_eq!(
        titles(&world, |f| f["organisation"] = json!(organisation)).await,
        ["Organisation ÆRØ Søfart added"]
    );
    assert_eq!(
        titles(&world, |f| f["search"] = json!(" ærø SØFART ")).await,
        ["Organisation ÆRØ Søfart added"],
        "a search knows letters of any script"
    );
    assert_eq!(
        titles(&world, |f| f["search"] = json!("100%")).await,
        Vec::<String>::new()
    );
    let refused = world
        .refused(
            "transactions.list",
            json!({ "filter": filter(|f| f["since"] = json!("yesterday")), "offset": 0, "limit": 10 }),
            ErrorCode::Invalid,
        )
        .await;
    assert_eq!(refused.field.as_deref(), Some("since"));
}

#[tokio::test(flavor = "multi_thread")]
async fn tracking_ids_of_a_failure_are_found_and_exported_whole() {
    let world = World::new().await;
    world.sandbox.add_fault(
        webex_sandbox::Fault::on_path(
            "/v1/licenses",
            patchbay_tests::answer(403, webex_sandbox::When::Before, webex_sandbox::FaultBody::Error),
        )
        .times(None),
    );
    let failed = world.try_sync().await;
    let tracking = failed["trackingIds"][0]
        .as_str()
        .expect("a tracking id")
        .to_owned();
    assert_eq!(
        titles(&world, |f| f["search"] = json!(tracking.to_lowercase())).await,
        ["Sync of Northgate"]
    );
    let path = world.folder.path().join("transactions.csv");
    let saved = world
        .call(
            "transactions.export",
            json!({ "path": path, "filter": filter(|f| f["state"] = json!("failed")), "kind": "reimport" }),
        )
        .await;
    assert_eq!(saved["rows"], 1);
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "Started,Ended,Kind,Title,Organisation,Who,State,Steps,Failure,Code,Tracking IDs,Run,ID"
    );
    assert!(
        lines[1].contains(&tracking)
            && lines[1].contains("403")
            && lines[1].contains("Copy licences: failed"),
        "{}",
        lines[1]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_for_a_spreadsheet_holds_no_formula() {
    let mut world = World::unconnected(Setting::default()).await;
    planted(
        &mut world,
        &[("=HYPERLINK(1)", "export", "succeeded", "2026-03-01T08:00:00Z")],
    )
    .await;
    for (kind, cell, mark) in [
        ("reimport", ",=HYPERLINK(1),", false),
        ("spreadsheet", ",'=HYPERLINK(1),", true),
    ] {
        let path = world.folder.path().join(format!("{kind}.csv"));
        world
            .call(
                "transactions.export",
                json!({ "path": path, "filter": filter(|f| f["search"] = json!("hyperlink")), "kind": kind }),
            )
            .await;
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(bytes.starts_with(b"\xef\xbb\xbf"), mark);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains(cell), "{text}");
        assert!(text.contains("TRACK_0_ONE; TRACK_0_TWO"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_of_a_hundred_thousand_uses_an_index() {
    let mut world = World::unconnected(Setting::default()).await;
    world.patchbay.close().await;
    let db = Db::open(world.folder.path(), Events::default()).await.unwrap();
    let mut write = db.write().await.unwrap();
    sqlx::query(
        "with recursive n (i) as (select 1 union all select i + 1 from n where i < 100000)
         insert into transactions (id, kind, title, organisation, organisation_name, who, state, started_at, search)
         select printf('%08d', i), iif(i % 10 = 0, 'consent', 'mirror_sync'), 'Sync of organisation ' || i, i % 300, 'Org',
           'ada', iif(i % 50 = 0, 'failed', 'succeeded'),
           strftime('%Y-%m-%dT%H:%M:%SZ', 1700000000 + i, 'unixepoch'), 'sync of organisation ' || i from n",
    )
    .execute(write.connection())
    .await
    .unwrap();
    sqlx::query(
        "insert into transaction_steps (transaction_id, position, name, state) select id, 0, 'Copy people', 'succeeded'
         from transactions",
    )
    .execute(write.connection())
    .await
    .unwrap();
    write.commit().await.unwrap();
    // The newest first, by each filter: SQLite walks an index and sorts nothing but ties.
    for (condition, index) in [
        ("1 = 1", "transactions_started"),
        ("organisation = '7'", "transactions_organisation"),
        ("state = 'failed'", "transactions_state"),
    ] {
        let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "explain query plan select id from transactions where {condition} order by started_at desc, id desc limit 200"
        )))
        .fetch_all(db.read())
        .await
        .unwrap();
        let plan: Vec<&str> = plan.iter().map(|row| row.3.as_str()).collect();
        assert!(
            plan.iter().any(|line| line.contains(index)),
            "{condition}: {plan:?}"
        );
        assert!(
            !plan.iter().any(|line| line.contains("TEMP B-TREE")),
            "{condition}: {plan:?}"
        );
    }
    db.close().await;
    world.patchbay = world.another().await;
    for change in [
        json!({}),
        json!({ "organisation": "7" }),
        json!({ "state": "failed" }),
        json!({ "kinds": ["consent", "export"] }),
        json!({ "search": "organisation 99999" }),
    ] {
        let asked = filter(|filter| {
            for (name, value) in change.as_object().unwrap() {
                filter[name] = value.clone();
            }
        });
        let began = std::time::Instant::now();
        let list = world
            .call(
                "transactions.list",
                json!({ "filter": asked, "offset": 0, "limit": 200 }),
            )
            .await;
        // Shown for the figures in docs; nothing depends on the clock.
        eprintln!(
            "{change}: {} of {}, {:?}",
            list["transactions"].as_array().unwrap().len(),
            list["total"],
            began.elapsed()
        );
        assert!(list["total"].as_u64().unwrap() > 0, "{change}");
    }
}
