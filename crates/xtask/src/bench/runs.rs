//! Whole runs by the command line against the simulated Webex: without a limit, and with one.

use super::Table;
use crate::chore::{Problem, built, target};
use crate::headless::{ORGANISATION, Order, Rehearsal, Webex, text};
use crate::process::{output, run};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;

const ROWS: usize = 15_000;
const LIMITED_ROWS: usize = 3_000;
const LIMIT: usize = 100;

pub fn measure(table: &mut Table) -> Result<(), Problem> {
    println!("\nRuns against the simulated Webex");
    let free = carried_out(ROWS, &[])?;
    table.add(
        format!("run of {ROWS} rows without a limit"),
        "bounded by Webex",
        format_args!("{:.0} s, {:.0} rows a second", free.seconds, free.a_second()),
    );
    table.add(
        "the same, requests for a row",
        "1",
        format_args!("{:.3}", free.of_rows("requests")),
    );
    let limit = LIMIT.to_string();
    let limited = carried_out(LIMITED_ROWS, &["--rate", &limit])?;
    table.add(
        format!("run of {LIMITED_ROWS} rows at {LIMIT} requests a second, beside rows / limit"),
        "at most 1.05 times",
        format_args!(
            "{:.3} times",
            limited.seconds / (LIMITED_ROWS as f64 / LIMIT as f64)
        ),
    );
    table.add(
        "the same, answers 429 for a row",
        "at most 1 %",
        format_args!("{:.2} %", limited.of_rows("throttled") * 100.0),
    );
    table.add(
        "the same, rows that failed",
        "0",
        LIMITED_ROWS as u64 - limited.count("assigned"),
    );
    Ok(())
}

/// A run that has ended.
struct Run {
    rows: usize,
    /// From the first row's start to the last one's end.
    seconds: f64,
    ended: Value,
}

impl Run {
    fn a_second(&self) -> f64 {
        self.rows as f64 / self.seconds
    }

    fn count(&self, field: &str) -> u64 {
        self.ended[field].as_u64().unwrap_or_default()
    }

    fn of_rows(&self, field: &str) -> f64 {
        self.count(field) as f64 / self.rows as f64
    }
}

fn carried_out(rows: usize, options: &[&str]) -> Result<Run, Problem> {
    let folder = target().join(format!("bench-run-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = carry_out(rows, options, &folder);
    std::fs::remove_dir_all(&folder)?;
    outcome
}

fn carry_out(rows: usize, options: &[&str], folder: &Path) -> Result<Run, Problem> {
    let mut serve = vec!["--seed", "large"];
    serve.extend(options);
    let rehearsal = Rehearsal::start(&built("release", "patchbay-cli"), folder, &serve)?;
    rehearsal.connect()?;
    run(rehearsal
        .patchbay(&["org", "sync", ORGANISATION])
        .stderr(std::process::Stdio::null()))?;
    let order = order(&Webex::new(&rehearsal.announced)?, rows, folder)?;
    let ended = rehearsal.carry_out(&order)?;
    let report = output(&mut rehearsal.patchbay(&["bulk", "report", &text(&ended, "run")?]))?;
    Ok(Run {
        rows,
        seconds: lasted(&report)?,
        ended,
    })
}

/// People without calling, by their ids, with an extension each.
fn order(webex: &Webex, rows: usize, folder: &Path) -> Result<Order, Problem> {
    let people = webex.list("people?callingData=true&max=1000", "items")?;
    let mut lines = String::from("Ext Key,Identity UUID,Number\n");
    let without_calling = people.iter().filter(|person| person.get("locationId").is_none());
    let mut found = 0;
    for person in without_calling.take(rows) {
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "{},{},", 40_000 + found, uuid(&text(person, "id")?)?);
        found += 1;
    }
    if found < rows {
        return Err(Problem::new(format!("only {found} people are without calling")));
    }
    let file = folder.join("people.csv");
    std::fs::write(&file, lines)?;
    let locations = webex.list("telephony/config/locations", "locations")?;
    let location = locations
        .first()
        .ok_or_else(|| Problem::new("the simulated Webex has no location"))?;
    Ok(Order {
        file,
        location: text(location, "name")?,
        licence: webex.calling_licence(rows)?,
    })
}

/// The UUID at the end of a Webex id, which is base64 of `ciscospark://…/PEOPLE/<uuid>`.
fn uuid(id: &str) -> Result<String, Problem> {
    let odd = || Problem::new(format!("{id} is not the id of a person"));
    let plain = BASE64_STANDARD_NO_PAD
        .decode(id.trim_end_matches('='))
        .map_err(|_| odd())?;
    let plain = String::from_utf8(plain).map_err(|_| odd())?;
    plain
        .rsplit_once('/')
        .map(|(_, uuid)| uuid.to_owned())
        .ok_or_else(odd)
}

/// Seconds from the earliest `Started` to the latest `Finished` of a report.
fn lasted(report: &str) -> Result<f64, Problem> {
    let mut times = report
        .lines()
        .skip(1)
        .flat_map(|line| line.rsplit(',').take(2))
        .filter_map(seconds_of_day);
    let first = times
        .next()
        .ok_or_else(|| Problem::new("the report tells no times"))?;
    let (least, most) = times.fold((first, first), |(least, most), time| {
        (least.min(time), most.max(time))
    });
    Ok(most - least)
}

/// `2026-01-31T12:00:01.5Z` as seconds since its midnight.
fn seconds_of_day(time: &str) -> Option<f64> {
    let (_, time) = time.trim().strip_suffix('Z')?.split_once('T')?;
    let mut parts = time.split(':').map(str::parse::<f64>);
    match (parts.next()?, parts.next()?, parts.next()?) {
        (Ok(hours), Ok(minutes), Ok(seconds)) => Some((hours * 60.0 + minutes) * 60.0 + seconds),
        _ => None,
    }
}
