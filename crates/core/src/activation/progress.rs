//! How a refresh of several users goes, and whether it is worth going on.

use super::refresh::called;
use super::row::Row;
use crate::error::{Error, Failure, webex_sentence};
use webex_client::ErrorKind;

/// Failures told one by one.
const TOLD: usize = 10;
/// So many users in a row end it that Webex was not reached for, was busy for or did not allow.
const HOPELESS: usize = 5;

/// How asking for several users has gone.
#[derive(Default)]
pub(super) struct Gone {
    pub asked: u32,
    /// Of these, who had left the copy before Webex was asked.
    pub missing: u32,
    left: u32,
    failed: Vec<String>,
    more_failed: usize,
    pub first: Option<Failure>,
    /// Failures in a row that the next user may well meet, too.
    hopeless: usize,
}

impl Gone {
    pub(super) fn note(&mut self, row: &Row, error: &Error) {
        let why = match error {
            Error::Webex { source, .. } => webex_sentence(source),
            other => other.failure().message,
        };
        tracing::info!(user = row.id, ?error, "a user could not be refreshed");
        if self.failed.len() < TOLD {
            self.failed.push(format!("{}: {why}", called(row)));
        } else {
            self.more_failed += 1;
        }
        let failure = error.failure();
        let forbidden =
            matches!(error, Error::Webex { source, .. } if *source.kind() == ErrorKind::Forbidden);
        self.hopeless = if failure.retryable || forbidden {
            self.hopeless + 1
        } else {
            0
        };
        self.first.get_or_insert(failure);
    }

    /// A user was read.
    pub(super) fn read(&mut self, is_there: bool) {
        self.left += u32::from(!is_there);
        self.hopeless = 0;
    }

    /// Whether the next user will fare no better than this one and those before.
    pub(super) fn is_hopeless(&self, error: &Error) -> bool {
        ends_all(error) || self.hopeless >= HOPELESS
    }

    pub(super) fn failures(&self) -> usize {
        self.failed.len() + self.more_failed
    }

    pub(super) fn detail(&self) -> Option<String> {
        let mut said = Vec::new();
        if self.left > 0 {
            said.push(format!(
                "{} {} no longer at Webex and taken out.",
                self.left,
                if self.left == 1 { "user is" } else { "users are" }
            ));
        }
        if self.failures() > 0 {
            said.push(format!("{} could not be read.", self.failures()));
            said.extend(self.failed.iter().cloned());
            if self.more_failed > 0 {
                said.push(format!("And {} more.", self.more_failed));
            }
        }
        Some(said.join(" ")).filter(|said| !said.is_empty())
    }
}

/// Nobody else will fare better.
fn ends_all(error: &Error) -> bool {
    match error {
        Error::Webex { source, .. } => matches!(
            source.kind(),
            ErrorKind::Consent(_)
                | ErrorKind::Unauthorised
                | ErrorKind::WrongRegion
                | ErrorKind::Config
                | ErrorKind::Cancelled
        ),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(kind: ErrorKind) -> Error {
        Error::webex("read somebody")(webex_client::Error::new(kind, "so"))
    }

    #[test]
    fn failures_in_a_row_that_others_will_meet_too_are_counted() {
        for kind in [
            ErrorKind::Connect,
            ErrorKind::Server,
            ErrorKind::Throttled,
            ErrorKind::Locked,
            ErrorKind::Forbidden,
        ] {
            let error = failure(kind);
            let mut gone = Gone::default();
            for _ in 0..HOPELESS {
                assert!(!gone.is_hopeless(&error));
                gone.note(&Row::default(), &error);
            }
            assert!(gone.is_hopeless(&error), "{error:?}");
            let single = failure(ErrorKind::Refused);
            gone.note(&Row::default(), &single);
            assert!(!gone.is_hopeless(&single), "Webex answers after all");
        }
    }
}
