//! Killed at random points again and again, a run loses no row and doubles none.
//!
//! `PATCHBAY_FULL=1` kills 200 times instead of 20; `PATCHBAY_SEED=N` repeats what was printed.

use crate::support::assigning::{applied, as_text, counts, report_equals_state};
use crate::support::files::{Row, by_name, by_uuid, field, rows};
use crate::support::{Desk, Running, SandboxProcess};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::Value;
use std::collections::HashSet;
use std::time::Duration;

/// Data folders at work side by side: what a resume has to wait for is time, not the machine.
const LANES: u64 = 4;
const ROWS: usize = 300;

#[test]
fn a_run_survives_being_killed_anywhere() {
    let full = std::env::var("PATCHBAY_FULL").is_ok_and(|full| full == "1");
    let seed = std::env::var("PATCHBAY_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(20_261_122);
    let kills = if full { 200 } else { 20 };
    eprintln!("PATCHBAY_SEED={seed}, {kills} kills in {LANES} data folders");
    let lanes: Vec<_> = (0..LANES)
        .map(|lane| {
            let quota = kills / LANES as usize;
            std::thread::spawn(move || {
                let mut random = StdRng::seed_from_u64(seed ^ lane);
                let mut done = 0;
                while done < quota {
                    done += round(&mut random, quota - done, lane % 2 == 0);
                }
                done
            })
        })
        .collect();
    let killed: usize = lanes
        .into_iter()
        .map(|lane| lane.join().expect("no lane lost or doubled a row"))
        .sum();
    assert_eq!(killed, kills);
}

/// One run from a fresh sandbox to its completion, killed at most `most` times: how often it was.
fn round(random: &mut StdRng, most: usize, named: bool) -> usize {
    let sandbox = SandboxProcess::serve(&["--auto-consent", "--rate", "150"]);
    let desk = Desk::connected(&sandbox);
    let rows = rows(&sandbox, 0, ROWS);
    let file = desk.file("people.csv", if named { by_name(&rows) } else { by_uuid(&rows) });
    let start = desk.run_arguments(&sandbox, &[&file], &[]);
    let mut run: Option<String> = None;
    let mut kills = 0;
    while kills < most {
        let mut running = match &run {
            None => desk.start(&as_text(&start)),
            Some(run) => desk.start(&["bulk", "resume", run]),
        };
        let killed = kill_somewhere(&mut running, random, run.is_none());
        let ended = if killed { running.kill() } else { running.wait() };
        if run.is_none() {
            run = ended.text().split_once('\n').map(|(run, _)| run.to_owned());
            if run.is_none() {
                run = desk.runs().first().map(|(run, ..)| run.clone());
            }
        }
        if ended.status.code().is_some() {
            assert_eq!(ended.code(), 0, "{}", ended.err);
            break;
        }
        kills += 1;
        if let Some(run) = &run {
            let [(listed, state, count)] = &desk.runs()[..] else {
                panic!("one run")
            };
            assert_eq!((listed, *count), (run, ROWS as u64));
            assert!(matches!(state.as_str(), "interrupted" | "completed"), "{state}");
        }
    }
    let result = match &run {
        None => desk
            .run(&[as_text(&start), vec!["--format", "json"]].concat())
            .expect(0)
            .json(),
        Some(run) => desk
            .run(&["bulk", "resume", run, "--format", "json"])
            .expect(0)
            .json(),
    };
    complete(&sandbox, &desk, &rows, &result);
    kills
}

/// Waits for a random moment of the process's life; false if it ended before.
fn kill_somewhere(running: &mut Running, random: &mut StdRng, first: bool) -> bool {
    // Mostly while it assigns, sometimes while it opens, copies or plans.
    if !first || random.random_bool(0.8) {
        let begun = |running: &Running| running.out_so_far().contains('\n').then_some(());
        running.until("run id", begun);
    }
    std::thread::sleep(Duration::from_millis(random.random_range(0..600)));
    !running.has_ended()
}

fn complete(sandbox: &SandboxProcess, desk: &Desk, rows: &[Row], result: &Value) {
    let run = field(result, "run");
    assert_eq!(counts(result), [ROWS as u64, ROWS as u64, 0, 0, 0, 0]);
    let [(_, state, _)] = &desk.runs()[..] else {
        panic!("one run")
    };
    assert_eq!(state, "completed");
    let journal = sandbox.assignments();
    let times = applied(&journal);
    assert_eq!(times.len(), rows.len());
    assert!(
        rows.iter().all(|row| times.get(&row.email) == Some(&1)),
        "each user exactly once: {times:?}"
    );
    let mut done = HashSet::new();
    for entry in &journal {
        let person = field(entry, "person");
        assert!(
            !done.contains(person),
            "no request for a row that is done: {entry}"
        );
        if entry["applied"] == true {
            done.insert(person);
        }
    }
    report_equals_state(sandbox, &desk.report(run), rows);
}
