//! The checker: as a whole process, in instructions beside the `csv` crate, with a hopeless file, with a huge one.

use super::Table;
use super::sample::Sample;
use crate::chore::{Problem, built, target};
use crate::process::{self, command, found};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROWS: u32 = 15_000;
const MANY_ROWS: u32 = 1_000_000;
const TIMES: usize = 21;

pub fn measure(table: &mut Table) -> Result<(), Problem> {
    println!("\nThe checker");
    let clean = file("bench-clean.csv", ROWS, |row| {
        format!("{},Grace Okafor {row},+44161{row:07}", 10_000 + row)
    })?;
    // An extension that is none and stands in many rows, a name with white space around it, a number with letters.
    let wrong = file("bench-wrong.csv", ROWS, |row| {
        format!("1{}, Grace Okafor {row} ,44 16-{row}x", row % 10)
    })?;
    let huge = file("bench-huge.csv", MANY_ROWS, |row| {
        format!("{},Grace Okafor {row},+44{row:09}", 10_000 + row % 90_000)
    })?;
    let cli = built("release", "patchbay-cli");
    let validate = |file: &Path| {
        let mut command = command(&cli);
        command.args(["bulk", "validate", "--format", "json"]).arg(file);
        command
    };

    let cpu_before = cpu_of_children();
    let clean_times = milliseconds(TIMES, || validate(&clean))?;
    let cpu = cpu_of_children().saturating_sub(cpu_before).as_secs_f64() * 1e3 / (TIMES + 1) as f64;
    table.add(
        format!(
            "bulk validate, whole process, {ROWS} rows, {:.2} MB",
            megabytes(&clean)?
        ),
        "25 ms, quiet machine",
        format_args!("{clean_times}, of the processor {cpu:.0} ms"),
    );

    let (iterate, check) = (example("iterate"), example("check"));
    match (
        instructions(command(&iterate).arg(&clean))?,
        instructions(command(&check).arg(&clean))?,
        instructions(command(&check).arg(&wrong))?,
    ) {
        (Some(iterated), Some(checked), Some(hopeless)) => {
            table.add(
                "checking, instructions beside the csv crate's reading",
                "at most 4 times",
                format_args!("{:.2} times", checked as f64 / iterated as f64),
            );
            table.add(
                "every row wrong in three ways, instructions beside clean",
                "at most 2 times",
                format_args!("{:.2} times", hopeless as f64 / checked as f64),
            );
        }
        _ => table.add(
            "checking, instructions beside the csv crate's reading",
            "at most 4 times",
            "not measured: valgrind is not installed",
        ),
    }
    let clean_times = milliseconds(TIMES, || with_file(&check, &clean))?;
    let wrong_times = milliseconds(TIMES, || with_file(&check, &wrong))?;
    table.add(
        "every row wrong in three ways, time beside clean",
        "at most 2 times",
        format_args!("{:.2} times", wrong_times.middle() / clean_times.middle()),
    );

    let unlimited = || {
        let mut command = with_file(&check, &huge);
        command.arg("--unlimited");
        command
    };
    let size = megabytes(&huge)?;
    table.add(
        format!("{MANY_ROWS} rows, {size:.1} MB, whole process"),
        "at most 1 s",
        milliseconds(5, unlimited)?,
    );
    let peak = peak_mib(&mut unlimited())?;
    let allowed = 2.5 * size * 1e6 / f64::from(1 << 20) + 30.0;
    table.add(
        "the same, most memory",
        "2.5 times the file + 30 MiB",
        format_args!("{peak:.0} MiB of {allowed:.0} MiB"),
    );

    for line in process::output(&mut command(example("ratios")))?.lines() {
        if let Some((what, took)) = line.trim().rsplit_once("   ")
            && what.starts_with("edit a cell")
        {
            let what = what.trim_end_matches(|last: char| last.is_ascii_digit() || " .".contains(last));
            table.add(format!("re-check of {ROWS} rows: {what}"), "under 5 ms", took);
        }
    }
    for file in [clean, wrong, huge] {
        std::fs::remove_file(file)?;
    }
    Ok(())
}

fn example(name: &str) -> PathBuf {
    built("release/examples", name)
}

fn with_file(program: &Path, file: &Path) -> Command {
    let mut command = command(program);
    command.arg(file);
    command
}

fn file(name: &str, rows: u32, row: impl Fn(u32) -> String) -> Result<PathBuf, Problem> {
    let mut lines = String::from("Ext Key,User's Name,Number\r\n");
    for number in 0..rows {
        // Writing to a string cannot fail.
        let _ = write!(lines, "{}\r\n", row(number));
    }
    let path = target().join(name);
    std::fs::write(&path, lines)?;
    Ok(path)
}

fn megabytes(file: &Path) -> Result<f64, Problem> {
    Ok(file.metadata()?.len() as f64 / 1e6)
}

/// Wall time of the whole process, after one run that is not counted.
fn milliseconds(times: usize, program: impl Fn() -> Command) -> Result<Sample, Problem> {
    let mut values = Vec::new();
    for _ in 0..=times {
        let mut program = program();
        program.stdout(Stdio::null());
        let begun = Instant::now();
        // What it says of the file is not the question here.
        program.status()?;
        values.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(Sample::new(values.into_iter().skip(1), " ms"))
}

/// Processor time of all processes that were started and have ended; zero where the system does not say.
fn cpu_of_children() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Fields 16 and 17 (proc(5)), counted after the name; hundredths of a second on every Linux there is.
    let fields = stat.rsplit(") ").next().unwrap_or_default();
    let ticks = fields.split_whitespace().skip(13).take(2);
    Duration::from_millis(ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10)
}

/// Instructions as callgrind counts them; `None` without valgrind.
fn instructions(program: &Command) -> Result<Option<u64>, Problem> {
    if found("valgrind").is_none() {
        return Ok(None);
    }
    let mut valgrind = command("valgrind");
    valgrind
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program.get_program())
        .args(program.get_args());
    let said = valgrind.output()?;
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    let collected = said.lines().find_map(|line| line.split_once("Collected : "));
    collected
        .and_then(|(_, count)| count.trim().parse().ok())
        .map(Some)
        .ok_or_else(|| Problem::new(format!("valgrind counted nothing:\n{said}")))
}

/// The most memory that the process ever held at once; it is looked at until it has ended.
fn peak_mib(program: &mut Command) -> Result<f64, Problem> {
    let mut child = program.stdout(Stdio::null()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    while child.try_wait()?.is_none() {
        let now = std::fs::read_to_string(&status).unwrap_or_default();
        let held = now
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .and_then(|kib| kib.trim().trim_end_matches(" kB").parse::<u64>().ok());
        most = most.max(held.unwrap_or_default());
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(most as f64 / 1024.0)
}
