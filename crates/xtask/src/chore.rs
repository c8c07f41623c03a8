//! What all chores share: where the repository is, and how one fails.

use std::fmt;
use std::path::PathBuf;

/// Why a chore stopped: a sentence for whoever called it.
#[derive(Debug)]
pub struct Problem(String);

impl Problem {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        Self(format!("an answer was not the JSON it should be: {error}"))
    }
}

/// How chores end.
pub type Outcome = Result<(), Problem>;

/// The repository's root.
pub fn root() -> PathBuf {
    let above = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    above.canonicalize().unwrap_or(above)
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// A program that cargo has built in the `debug` or `release` profile.
pub fn built(profile: &str, name: &str) -> PathBuf {
    target()
        .join(profile)
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
