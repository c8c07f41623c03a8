//! What 100,000 licensed users cost: `cargo run --release -p patchbay-tests --example activation_100000 [COUNT]`, or as a part
//! of `cargo xtask bench activation`.
//!
//! The users are copied from pages that are there already, so that Webex's part of an import is left out. Measured is the
//! command `activation.users` as a whole, beside a bare `select … limit 100` of the same table in turn; the index follows a
//! changed row in between where that is said.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "it is a measurement"
)]

use futures::StreamExt as _;
use patchbay_core::activation::{self, Lists};
use patchbay_core::clock::SystemClock;
use patchbay_core::db::Db;
use patchbay_core::events::Events;
use patchbay_core::organisations;
use patchbay_core::secrets::{MemoryKeychain, Vault};
use patchbay_core::transactions::{self, Opening, TransactionKind};
use patchbay_tests::{Setting, World};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Instant;
use webex_client::{BroadworksSubscriber, Page, SubscriberStatus};

const PAGE: usize = 100;
/// Times of one kind.
const TIMES: usize = 60;
const FIRST: [&str; 12] = [
    "Kwame",
    "Søren",
    "Éloïse",
    "Nguyễn",
    "Ирина",
    "Mei",
    "Zoë",
    "Bram",
    "Siobhán",
    "Amara",
    "Lars",
    "Ólafur",
];
const LAST: [&str; 14] = [
    "Asante",
    "Mikkelsen",
    "Marchand",
    "Hà",
    "Ковальчук",
    "田中",
    "de Wit",
    "Gallagher",
    "Öztürk",
    "Nwosu",
    "Bergqvist",
    "O'Hara",
    "Müller",
    "Diallo",
];

/// The n-th of them, with some of everything.
fn subscriber(n: usize) -> BroadworksSubscriber {
    let state = match n % 20 {
        0 => SubscriberStatus::PendingEmailInput,
        1 => SubscriberStatus::PendingEmailValidation,
        2 => SubscriberStatus::Provisioning,
        3 => SubscriberStatus::Error,
        _ => SubscriberStatus::Provisioned,
    };
    let (first, last) = (FIRST[n * 7 % FIRST.len()], LAST[n * 11 % LAST.len()]);
    BroadworksSubscriber {
        id: format!(
            "{:08x}-0000-4000-8000-{n:012x}",
            n.wrapping_mul(2_654_435_761) as u32
        ),
        user_id: Some(format!("{}@sp.example", 20_000_000 + n * 7)),
        sp_enterprise_id: Some(format!("SP1+site-{}", n % 60)),
        first_name: Some(first.to_owned()),
        last_name: Some(format!("{last} {}", n % 900)),
        email: (!n.is_multiple_of(20)).then(|| format!("user.{n}@kestrel.example")),
        primary_phone_number: Some(format!("+1-240-{:03}-{:04}", n / 10_000, n % 10_000)),
        extension: Some((n * 13 % 99_991).to_string()),
        package: Some(["softphone", "basic", "standard", "premium"][n % 4].to_owned()),
        status: Some(state),
        last_status_change: Some(format!(
            "2026-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            n % 12 + 1,
            n % 28 + 1,
            n % 24,
            n / 7 % 60,
            n / 3 % 60,
            n % 1000
        )),
        ..BroadworksSubscriber::default()
    }
}

#[tokio::main]
async fn main() {
    let count: usize = std::env::args()
        .nth(1)
        .map_or(100_000, |text| text.parse().expect("a number"));
    let mut world = World::unconnected(Setting::default()).await;
    let mut fields = world.fields("Partner");
    fields["directorySyncEnabled"] = json!(true);
    let created = world
        .call("organisations.create", json!({ "fields": fields }))
        .await;
    world.organisation = created["id"].as_str().unwrap().to_owned();
    let db = Db::open(world.folder.path(), Events::default()).await.unwrap();
    import(&world, &db, count).await;

    let before = resident();
    let began = Instant::now();
    window(&world, json!({}), 0).await;
    let read = began.elapsed().as_secs_f64();
    println!("the index, read and built once a copy: {read:.2} s");
    if let (Some(before), Some(after)) = (before, resident()) {
        println!(
            "memory: {:.0} MiB more after it (freed pages of the reading included)",
            after.saturating_sub(before) as f64 / 1024.0
        );
    }

    let columns = [
        "location",
        "licence",
        "service_type",
        "service_id",
        "extension",
        "first_name",
        "last_name",
        "email",
        "state",
        "last_status_change",
        "as_of",
    ];
    let sorted = |n: usize| {
        let level = |at: usize| json!({ "column": columns[(n + at) % columns.len()], "descending": (n + at).is_multiple_of(2) });
        (0..=n % 4).map(level).collect::<Value>()
    };
    measure(&world, &db, "first window after a filter", |n| {
        let state = ["provisioned", "error", "pending_email_input"][n % 3];
        let filter = [
            json!({ "state": state, "email": format!("{}", n * 7 % 100) }),
            json!({ "location": format!("SP1+site-{}", n % 60), "sort": sorted(n) }),
            json!({ "extension": format!("{}", n % 100), "licence": "basic", "lastName": "m" }),
        ];
        (filter[n % 3].clone(), 0)
    })
    .await;
    measure(&world, &db, "first window after a search", |n| {
        let words = [
            "soren",
            "muller 7",
            "error",
            "kestrel",
            "e",
            "20000",
            "site-5 basic",
            "田中",
        ];
        let search = format!("{} {}", words[n % words.len()], n % 90);
        (json!({ "search": search, "sort": sorted(n) }), 0)
    })
    .await;
    measure(&world, &db, "first window after a change of the order", |n| {
        (
            json!({ "sort": sorted(n), "search": null, "email": format!("user.{}", n % 2) }),
            0,
        )
    })
    .await;
    measure(
        &world,
        &db,
        "first window of all after a change of the order",
        |n| (json!({ "sort": sorted(n) }), 0),
    )
    .await;
    let scrolled = json!({ "sort": sorted(3) });
    window(&world, scrolled.clone(), 0).await;
    measure(&world, &db, "a window while scrolling", |n| {
        (scrolled.clone(), n * 1_663 % count)
    })
    .await;
    world.patchbay.close().await;
}

/// Copies the users from pages that are there already.
async fn import(world: &World, db: &Db, count: usize) {
    let vault = Vault::open(db.clone(), Arc::new(MemoryKeychain::default()))
        .await
        .unwrap();
    let organisation = organisations::get(db, &vault, &world.organisation).await.unwrap();
    let open = transactions::open(
        db,
        Arc::new(SystemClock),
        Opening {
            kind: TransactionKind::ActivationSync,
            title: "Import".to_owned(),
            organisation: None,
            organisation_name: None,
            who: "nobody".to_owned(),
            steps: vec!["Import".to_owned()],
        },
    )
    .await
    .unwrap();
    let all: Vec<BroadworksSubscriber> = (0..count).map(subscriber).collect();
    let pages: Vec<_> = (1_u32..)
        .zip(all.chunks(PAGE))
        .map(|(number, items)| {
            Ok(Page {
                items: items.to_vec(),
                number,
                not_found_ids: Vec::new(),
                beside: serde_json::Map::default(),
                tracking_id: None,
                clocks: None,
            })
        })
        .collect();
    let requests = pages.len();
    let lists = Lists::Broadworks(futures::stream::iter(pages).boxed());
    let began = Instant::now();
    activation::copy(db, &SystemClock, lists, &organisation, &open, 0)
        .await
        .unwrap();
    let took = began.elapsed().as_secs_f64();
    println!(
        "import of {count} users without Webex's part: {took:.2} s, {:.1} ms a page ({requests} requests)",
        took * 1e3 / requests as f64
    );
    open.close(Ok(()), &[]).await.unwrap();
}

async fn window(world: &World, view: Value, offset: usize) -> Value {
    let query = json!({ "organisation": world.organisation, "view": view, "offset": offset, "limit": 100 });
    world.call("activation.users", query).await
}

/// The command and the bare statement in turn.
async fn measure(world: &World, db: &Db, what: &str, asked: impl Fn(usize) -> (Value, usize)) {
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for n in 0..TIMES {
        let (view, offset) = asked(n);
        let began = Instant::now();
        window(world, view, offset).await;
        ours.push(began.elapsed().as_secs_f64() * 1e3);
        let began = Instant::now();
        let rows = sqlx::query("select * from activation_users where organisation = ? limit 100")
            .bind(&world.organisation)
            .fetch_all(db.read())
            .await
            .unwrap();
        assert_eq!(rows.len(), 100);
        bare.push(began.elapsed().as_secs_f64() * 1e3);
    }
    println!("{what}: {} (bare select: {})", figures(ours), figures(bare));
}

fn figures(mut times: Vec<f64>) -> String {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    format!(
        "p50 {:.1} ms, p95 {:.1} ms, max {:.1} ms",
        at(0.5),
        at(0.95),
        at(1.0)
    )
}

/// Resident memory in KiB, where the system tells it the way Linux does.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_ascii_whitespace().nth(1)?.parse().ok()
}
