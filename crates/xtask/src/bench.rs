//! Start-up time and memory beside a bare window, and the checker's speed. `docs/development.md` says how to read it.

use crate::chore::{Outcome, Problem, built, target};
use crate::process::{Background, cargo, command, found, npm, run};
use crate::setup::{Purpose, setup};
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

const ROWS: u32 = 15_000;
const STARTS: usize = 5;

/// Builds in release and measures.
///
/// # Errors
/// Something does not build or does not run.
pub fn bench() -> Outcome {
    setup(Purpose::Test)?;
    run(&mut npm(&["run", "build"]))?;
    run(&mut cargo(&["build", "--release", "--package", "patchbay-cli"]))?;
    checker(&built("release", "patchbay-cli"))?;
    if !cfg!(target_os = "linux") {
        println!("bench: windows are measured on Linux only");
        return Ok(());
    }
    let windows = [
        "--package",
        "patchbay",
        "--package",
        "bare-window",
        "--features",
        "patchbay/custom-protocol,bare-window/custom-protocol",
    ];
    run(cargo(&["build", "--release"]).args(windows))?;
    println!(
        "{:<14} {:>16} {:>16}",
        "window", "seconds to show", "memory (MiB)"
    );
    for (program, title) in [("bare-window", "Bare window"), ("patchbay", "Patchbay")] {
        let measured = (0..STARTS)
            .map(|_| window(program, title))
            .collect::<Result<Vec<_>, _>>()?;
        let seconds = middle(measured.iter().map(|(took, _)| took.as_secs_f64()));
        let memory = middle(measured.iter().map(|(_, kib)| *kib as f64 / 1024.0));
        println!("{program:<14} {seconds:>16.2} {memory:>16.0}");
    }
    Ok(())
}

/// The median.
fn middle(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn checker(cli: &Path) -> Outcome {
    let mut lines = String::from("Ext Key,User's Name,Number\n");
    for row in 0..ROWS {
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "{},Person Number {row},+4416149{row:05}", 10_000 + row);
    }
    let file = target().join("bench.csv");
    std::fs::write(&file, lines)?;
    let mut seconds = Vec::new();
    for _ in 0..STARTS {
        let begun = Instant::now();
        let checked = command(cli)
            .args(["bulk", "validate", "--format", "json"])
            .arg(&file)
            .output()?;
        if !checked.status.success() {
            return Err(Problem::new(format!(
                "the file of {ROWS} rows should be right: {}",
                String::from_utf8_lossy(&checked.stdout)
            )));
        }
        seconds.push(begun.elapsed().as_secs_f64());
    }
    println!("bulk validate, {ROWS} rows: {:.3} s", middle(seconds.into_iter()));
    Ok(())
}

/// Starts `program` on a display of its own: time until its window is mapped, and what its processes hold then.
fn window(program: &str, title: &str) -> Result<(Duration, u64), Problem> {
    let home = std::env::temp_dir().join(format!("patchbay-bench-{}", std::process::id()));
    std::fs::create_dir_all(&home)?;
    let mut display = Background::start(command("Xvfb").args([
        "-displayfd",
        "1",
        "-screen",
        "0",
        "1400x1000x24",
        "-nolisten",
        "tcp",
    ]))?;
    let number = format!(":{}", display.first_line()?.trim());
    let begun = Instant::now();
    let mut start = command(built("release", program));
    start
        .env("DISPLAY", &number)
        .env("HOME", &home)
        .env("XDG_RUNTIME_DIR", &home)
        .env_remove("WAYLAND_DISPLAY");
    let running = Background::start(&mut start)?;
    let xdotool = found("xdotool").ok_or_else(|| Problem::new("xdotool was not found"))?;
    run(command(xdotool)
        .args(["search", "--sync", "--onlyvisible", "--name", title])
        .env("DISPLAY", &number)
        .stdout(std::process::Stdio::null()))?;
    let took = begun.elapsed();
    // The page is drawn after the window is mapped; memory is read when it has settled.
    std::thread::sleep(Duration::from_secs(3));
    let memory = proportional_memory(running.id());
    drop(running);
    drop(display);
    std::fs::remove_dir_all(&home)?;
    Ok((took, memory))
}

/// KiB of `process` and its descendants, shared pages counted once.
fn proportional_memory(process: u32) -> u64 {
    let own = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    let own = own.lines().find_map(|line| {
        line.strip_prefix("Pss:")?
            .split_whitespace()
            .next()?
            .parse::<u64>()
            .ok()
    });
    let threads = std::fs::read_dir(format!("/proc/{process}/task"))
        .into_iter()
        .flatten()
        .flatten();
    let children =
        threads.map(|thread| std::fs::read_to_string(thread.path().join("children")).unwrap_or_default());
    let below: u64 = children
        .map(|list| {
            list.split_whitespace()
                .filter_map(|id| id.parse().ok())
                .map(proportional_memory)
                .sum::<u64>()
        })
        .sum();
    own.unwrap_or_default() + below
}
