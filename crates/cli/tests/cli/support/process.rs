//! Children with a bound on their life: what they print is read while they run, and dropping one ends it.

use serde_json::Value;
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// No command of a test may take longer, however busy the machine is.
pub const LIMIT: Duration = Duration::from_secs(150);
/// How often a bounded wait looks.
const LOOK: Duration = Duration::from_millis(15);

/// A command line that begins with the binary under test and inherits none of Patchbay's variables.
pub fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_patchbay-cli"));
    command
        .env_remove("PATCHBAY_DATA_DIR")
        .env_remove("PATCHBAY_LOG")
        .env_remove("BROWSER");
    command
}

/// How a command ended and what it printed.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    pub out: Vec<u8>,
    pub err: String,
}

impl Ended {
    /// Exit status; -1 when a signal ended it.
    pub fn code(&self) -> i32 {
        self.status.code().unwrap_or(-1)
    }

    /// Asserts the exit status, showing both streams where it is another.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.code(),
            code,
            "standard output:\n{}\nstandard error:\n{}",
            String::from_utf8_lossy(&self.out),
            self.err
        );
        self
    }

    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.out).expect("standard output is UTF-8")
    }

    /// Standard output as exactly one JSON value on one line.
    #[track_caller]
    pub fn json(&self) -> Value {
        let text = self.text();
        assert_eq!(
            text.lines().count(),
            1,
            "one line of JSON and nothing else: {text:?}; standard error: {}",
            self.err
        );
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text:?}"))
    }
}

type Printed = Arc<Mutex<Vec<u8>>>;

fn held(bytes: &Printed) -> MutexGuard<'_, Vec<u8>> {
    bytes.lock().unwrap_or_else(PoisonError::into_inner)
}

fn drain(mut from: impl Read + Send + 'static) -> (Printed, JoinHandle<()>) {
    let bytes = Printed::default();
    let into = Arc::clone(&bytes);
    let thread = std::thread::spawn(move || {
        let mut part = [0; 8192];
        while let Ok(read) = from.read(&mut part) {
            if read == 0 {
                break;
            }
            held(&into).extend_from_slice(&part[..read]);
        }
    });
    (bytes, thread)
}

/// A child at work.
pub struct Running {
    child: Child,
    out: Printed,
    err: Printed,
    threads: Vec<JoinHandle<()>>,
}

impl Running {
    /// Starts `command` with nothing on its standard input.
    pub fn start(command: &mut Command) -> Self {
        Self::start_with(command.stdin(Stdio::null()))
    }

    /// Starts `command` with a pipe on its standard input.
    pub fn start_piped(command: &mut Command) -> (Self, ChildStdin) {
        let mut running = Self::start_with(command.stdin(Stdio::piped()));
        let stdin = running.child.stdin.take().expect("standard input is a pipe");
        (running, stdin)
    }

    fn start_with(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the child starts");
        let (out, first) = drain(child.stdout.take().expect("standard output is a pipe"));
        let (err, second) = drain(child.stderr.take().expect("standard error is a pipe"));
        Self {
            child,
            out,
            err,
            threads: vec![first, second],
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has printed to standard error so far.
    pub fn err_so_far(&self) -> String {
        String::from_utf8_lossy(&held(&self.err)).into_owned()
    }

    /// What it has printed to standard output so far.
    pub fn out_so_far(&self) -> String {
        String::from_utf8_lossy(&held(&self.out)).into_owned()
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("the child can be asked").is_some()
    }

    /// Waits until `seen` gives something, or panics with what was printed.
    #[track_caller]
    pub fn until<T>(&mut self, what: &str, mut seen: impl FnMut(&Self) -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = seen(self) {
                return found;
            }
            let ended = self.has_ended();
            assert!(
                !ended && begun.elapsed() < LIMIT,
                "no {what}; ended: {ended}; standard output: {}; standard error: {}",
                self.out_so_far(),
                self.err_so_far()
            );
            std::thread::sleep(LOOK);
        }
    }

    /// Kills it as the system does when memory runs out: nothing can be tidied up.
    pub fn kill(mut self) -> Ended {
        self.child.kill().expect("the child can be killed");
        self.wait()
    }

    /// Sends a signal by name, such as `INT`.
    #[cfg(unix)]
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.id().to_string())
            .status()
            .expect("kill runs");
        assert!(status.success(), "kill -{name} {}", self.id());
    }

    /// Waits for its end.
    #[track_caller]
    pub fn wait(mut self) -> Ended {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("the child can be asked") {
                break status;
            }
            if begun.elapsed() >= LIMIT {
                let _ = self.child.kill();
                panic!(
                    "not done after {LIMIT:?}; standard output: {}; standard error: {}",
                    self.out_so_far(),
                    self.err_so_far()
                );
            }
            std::thread::sleep(LOOK);
        };
        for thread in self.threads.drain(..) {
            thread.join().expect("the reader ends with the child");
        }
        let out = std::mem::take(&mut *held(&self.out));
        Ended {
            status,
            out,
            err: self.err_so_far(),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Runs a command to its end.
#[track_caller]
pub fn run(command: &mut Command) -> Ended {
    Running::start(command).wait()
}

/// Runs a command with something on its standard input.
#[track_caller]
pub fn run_with_input(command: &mut Command, input: &[u8]) -> Ended {
    let (running, mut stdin) = Running::start_piped(command);
    // A child that does not read its input may have gone already.
    let _ = stdin.write_all(input);
    drop(stdin);
    running.wait()
}
