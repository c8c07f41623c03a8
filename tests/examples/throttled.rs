//! Runs against a limited Webex over real sockets: how long they take beside rows / limit, and how often they are refused;
//! the first time, and again by a Patchbay that was started anew. With `--ledger` the same run with its data on a disk and
//! in memory: the difference is what the durable ledger (`synchronous=FULL`) costs.
//!
//! `cargo run --release -p patchbay-tests --example throttled -- [--ledger] [RATE:ROWS …]`

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement fails by panicking, and measures real time and prints it"
)]

use patchbay_core::runs::engine::Timing;
use patchbay_tests::{Setting, World};
use std::time::{Duration, Instant};
use webex_sandbox::Config;

struct Figures {
    seconds: f64,
    /// From the first request of the run to its last.
    at_work: f64,
    assigned: u64,
    requests: u64,
    refused: u64,
    early: usize,
}

async fn world(rate: f64) -> World {
    let setting = Setting {
        config: Config {
            auto_consent: true,
            rate: Some(rate),
            ..Config::default()
        },
        timing: Timing::default(),
    };
    World::with(setting).await
}

/// Carries out `rows` rows of people without calling.
async fn carry_out(world: &World, rows: usize, rate: f64) -> Figures {
    world.sandbox.clear_journal();
    let template = world
        .template(&world.rows(rows), &patchbay_tests::Gifts::default())
        .await;
    let began = Instant::now();
    let run = world.start(&template).await;
    let mut events = world.patchbay.events();
    let progress = loop {
        let progress = world.progress(&run).await;
        if progress["state"] != "running" {
            break progress;
        }
        let patience = Duration::from_secs_f64(rows as f64 / rate + 600.0);
        let _ = tokio::time::timeout(patience, events.recv()).await;
    };
    let journal = world.journal();
    let at = |entry: &webex_sandbox::JournalEntry| entry.at.parse::<jiff::Timestamp>().unwrap();
    let whole = at(journal.last().unwrap())
        .duration_since(at(&journal[0]))
        .as_secs_f64();
    Figures {
        seconds: began.elapsed().as_secs_f64(),
        at_work: whole,
        assigned: progress["assigned"].as_u64().unwrap(),
        requests: progress["requests"].as_u64().unwrap(),
        refused: progress["throttled"].as_u64().unwrap(),
        early: journal.iter().filter(|entry| entry.early).count(),
    }
}

async fn first_and_second(rate: f64, rows: usize) {
    let mut world = world(rate).await;
    // The demo organisation has 600 people without calling.
    let again = 600_usize.saturating_sub(rows).min(rows);
    for (name, rows) in [("first", rows), ("second", again)] {
        if rows == 0 {
            continue;
        }
        let figures = carry_out(&world, rows, rate).await;
        print(name, rate, rows, &figures);
        world.restart().await;
    }
}

fn print(name: &str, rate: f64, rows: usize, figures: &Figures) {
    println!(
        "{name:>8} {rate:>6} {rows:>6} {:>8.2} {:>8.2} {:>7.3} {:>9} {:>8} {:>7.2} {:>6}{}",
        figures.seconds,
        figures.at_work,
        figures.at_work / (rows as f64 / rate),
        figures.requests,
        figures.refused,
        figures.refused as f64 * 100.0 / rows as f64,
        figures.early,
        if figures.assigned as usize == rows {
            ""
        } else {
            "  NOT ALL ASSIGNED"
        }
    );
}

/// One run of this program with its temporary folders in `place`.
fn elsewhere(place: &str, case: &str) -> f64 {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .env("TMPDIR", place)
        .args(["--once", case])
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .expect("seconds")
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let cases: Vec<&String> = arguments
        .iter()
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let parse = |case: &str| {
        let (rate, rows) = case.split_once(':').expect("RATE:ROWS");
        (rate.parse::<f64>().unwrap(), rows.parse::<usize>().unwrap())
    };
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    if has("--once") {
        let (rate, rows) = parse(cases[0]);
        println!("{}", carry_out(&world(rate).await, rows, rate).await.at_work);
        return;
    }
    if has("--ledger") {
        let case = cases.first().map_or("50:500", |case| case.as_str());
        let (disk, memory) = (
            elsewhere(&std::env::temp_dir().to_string_lossy(), case),
            elsewhere("/dev/shm", case),
        );
        println!(
            "ledger {case}: {disk:.2} s on disk, {memory:.2} s in memory: {:+.2} %",
            (disk / memory - 1.0) * 100.0
        );
        return;
    }
    println!(
        "{:>8} {:>6} {:>6} {:>8} {:>8} {:>7} {:>9} {:>8} {:>7} {:>6}",
        "run", "limit", "rows", "seconds", "at work", "ratio", "requests", "refused", "%", "early"
    );
    for case in cases {
        let (rate, rows) = parse(case);
        first_and_second(rate, rows).await;
    }
}
