//! What is said where, and with which status Patchbay ends.

use patchbay_core::{ErrorCode, Failure};
use std::io::Write;

/// What a shell sees of a tool that was ended by SIGPIPE: 128 and the signal's number. Where there are no signals, a failure.
const READER_GONE: u8 = if cfg!(unix) { 141 } else { 1 };

/// An end before the work was done.
#[derive(Debug)]
pub struct Stop {
    pub status: u8,
    message: String,
}

impl Stop {
    /// What was asked failed.
    pub fn failed(message: impl Into<String>) -> Self {
        Self {
            status: 1,
            message: message.into(),
        }
    }

    /// Wrong arguments, or a path that cannot be opened.
    pub fn wrong(message: impl Into<String>) -> Self {
        Self {
            status: 2,
            message: message.into(),
        }
    }

    /// Standard output could not be written. That its reader has gone away, as `head` does, is nothing to speak of.
    pub fn unwritten(error: &std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self {
                status: READER_GONE,
                message: String::new(),
            };
        }
        Self::failed(format!("Standard output could not be written: {error}."))
    }

    pub fn say(&self) {
        if !self.message.is_empty() {
            tell(&self.message);
        }
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        let mut message = failure.message;
        if let Some(tracking_id) = failure.tracking_id {
            message.push_str(&format!(" (Webex tracking id {tracking_id})"));
        }
        match failure.code {
            ErrorCode::VaultMissing => message.push_str(" On the command line: --vault-passphrase-env VAR."),
            ErrorCode::VaultLocked => message.push_str(
                " On the command line: --vault-passphrase-env VAR with the passphrase of this data folder.",
            ),
            _ => {}
        }
        Self::failed(message)
    }
}

/// A line to standard error. That nobody reads it is no reason to stop.
pub fn tell(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// A count with its noun.
pub fn counted(count: u32, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// A time of Patchbay's, RFC 3339 in UTC, as people read it: to the minute.
pub fn minute(time: &str) -> String {
    match time.parse::<jiff::Timestamp>() {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => time.to_owned(),
    }
}

/// Text to standard output.
///
/// # Errors
/// When the reader is gone.
pub fn print(bytes: &[u8]) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(|error| Stop::unwritten(&error))
}

/// A line to standard output.
///
/// # Errors
/// When the reader is gone.
pub fn print_line(line: &str) -> Result<(), Stop> {
    print(format!("{line}\n").as_bytes())
}
