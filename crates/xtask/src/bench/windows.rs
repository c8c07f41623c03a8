//! Patchbay's window beside an empty one: how long until it stands there, and what it holds then.
//!
//! The display is one of its own whose picture lies in a file (`Xvfb -fbdir`). A window stands there when that picture
//! has changed for the last time: what is drawn by then has asked the core, so the page can be used. Both are started
//! in turn; the ratio is taken pair by pair.

use super::Table;
use super::sample::Sample;
use crate::chore::{Problem, built};
use crate::process::{Background, command, run};
use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

const PAIRS: usize = 9;
/// A picture that stays the same so long is finished.
const STILL: Duration = Duration::from_millis(1500);
const PATIENCE: Duration = Duration::from_secs(30);

pub fn measure(table: &mut Table) -> Result<(), Problem> {
    println!("\nThe window beside a bare one");
    let folder = std::env::temp_dir().join(format!("patchbay-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let measured = pairs(&folder);
    std::fs::remove_dir_all(&folder)?;
    let pairs = measured?;
    let each = |pick: fn(&[Stand; 2]) -> f64, unit| Sample::new(pairs.iter().map(pick), unit);
    table.add(
        "start to usable beside a bare window",
        "at most 1.15 times",
        format_args!(
            "{}; {} beside {}",
            each(|[bare, ours]| ours.seconds / bare.seconds, " times"),
            each(|[_, ours]| ours.seconds, " s"),
            each(|[bare, _]| bare.seconds, " s")
        ),
    );
    table.add(
        "idle memory beside a bare window",
        "at most 1.25 times",
        format_args!(
            "{}; {} beside {}",
            each(|[bare, ours]| ours.mib / bare.mib, " times"),
            each(|[_, ours]| ours.mib, " MiB"),
            each(|[bare, _]| bare.mib, " MiB")
        ),
    );
    Ok(())
}

/// What a start gave.
struct Stand {
    seconds: f64,
    mib: f64,
}

/// Bare window and Patchbay in turn; the first pair, which makes the data folder, is not counted.
fn pairs(folder: &Path) -> Result<Vec<[Stand; 2]>, Problem> {
    let mut xvfb = command("Xvfb");
    xvfb.args(["-displayfd", "1", "-nolisten", "tcp"])
        .args(["-screen", "0", "1400x1000x24", "-fbdir"])
        .arg(folder);
    let mut display = Background::start(&mut xvfb)?;
    let number = format!(":{}", display.first_line()?.trim());
    let picture = Picture {
        file: File::open(folder.join("Xvfb_screen0"))?,
    };
    let mut pairs = Vec::new();
    for _ in 0..=PAIRS {
        let bare = stand("bare-window", &number, &picture, folder)?;
        let ours = stand("patchbay", &number, &picture, folder)?;
        pairs.push([bare, ours]);
    }
    pairs.remove(0);
    Ok(pairs)
}

fn stand(program: &str, display: &str, picture: &Picture, folder: &Path) -> Result<Stand, Problem> {
    let home = folder.join(program);
    std::fs::create_dir_all(&home)?;
    let mut start = command(built("release", program));
    start
        .env("DISPLAY", display)
        .env("HOME", &home)
        .env("XDG_RUNTIME_DIR", &home);
    for name in [
        "WAYLAND_DISPLAY",
        "DBUS_SESSION_BUS_ADDRESS",
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
    ] {
        start.env_remove(name);
    }
    let empty = picture.sample()?;
    let begun = Instant::now();
    let running = Background::start(&mut start)?;
    let (mut last, mut changed) = (empty.clone(), None);
    loop {
        let now = picture.sample()?;
        if now != last {
            changed = Some(begun.elapsed());
            last = now;
        }
        if changed.is_some_and(|changed| begun.elapsed() - changed > STILL) {
            break;
        }
        if begun.elapsed() > PATIENCE {
            return Err(Problem::new(format!(
                "{program} drew nothing, or did not stop drawing, within {} s",
                PATIENCE.as_secs()
            )));
        }
        std::thread::sleep(Duration::from_millis(4));
    }
    let kib = proportional_memory(running.id());
    // Asked to end, as at the end of a session; the display is empty again afterwards.
    run(command("kill").args(["-TERM", &running.id().to_string()]))?;
    let asked = Instant::now();
    while (picture.sample()? != empty || proportional_memory(running.id()) > 0) && asked.elapsed() < PATIENCE
    {
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(Stand {
        seconds: changed.unwrap_or_default().as_secs_f64(),
        mib: kib as f64 / 1024.0,
    })
}

/// The display's picture.
struct Picture {
    file: File,
}

impl Picture {
    /// Some lines of it, spread over the whole: reading all of it often would slow down what is measured.
    #[cfg(unix)]
    fn sample(&self) -> Result<Vec<u8>, Problem> {
        use std::os::unix::fs::FileExt;
        const LINES: u64 = 100;
        const LINE: u64 = 1400 * 4;
        let size = self.file.metadata()?.len();
        let mut sample = vec![0; (LINES * LINE) as usize];
        for (line, bytes) in sample.chunks_exact_mut(LINE as usize).enumerate() {
            let from = (size - LINE) / LINES * line as u64;
            self.file.read_exact_at(bytes, from)?;
        }
        Ok(sample)
    }

    #[cfg(not(unix))]
    fn sample(&self) -> Result<Vec<u8>, Problem> {
        Err(Problem::new("windows are measured on Linux only"))
    }
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
