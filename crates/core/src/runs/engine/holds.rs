//! Why a run waits or stops, in words.

use super::super::ledger::LedgerError;
use super::super::{Hold, HoldReason};
use super::{Engine, Sending, WebexError, is_sealed};
use crate::error::webex_sentence;
use webex_client::ErrorKind;

impl Engine {
    pub(super) fn note_trouble(&self, state: &mut Sending, error: &WebexError) {
        let reason = trouble_reason(error);
        if state.trouble.worse(
            reason,
            webex_sentence(error),
            error.tracking_id(),
            self.clock.now(),
        ) {
            self.stop(state, reason, error);
        }
    }

    pub(super) fn stop(&self, state: &mut Sending, reason: HoldReason, error: &WebexError) {
        if state.stop.is_none() {
            state.stop = Some(self.hold_of(reason, error));
        }
    }

    /// Why the run stops because of `error`, and what to do about it.
    pub(super) fn hold_of(&self, reason: HoldReason, error: &WebexError) -> Hold {
        let next = match reason {
            // The sentence before says what to do first.
            HoldReason::Consent | HoldReason::Vault => "Then resume. No row was lost.",
            _ => "Resume when it works again. No row was lost.",
        };
        self.hold_for(
            reason,
            &format!("{} {next}", webex_sentence(error)),
            error.tracking_id(),
        )
    }

    pub(super) fn own_fault(&self) -> Hold {
        self.hold_for(
            HoldReason::WebexTrouble,
            "Patchbay met a fault of its own while it worked on a row; the log says more. No row was lost: resume, and what was on its way is read back.",
            None,
        )
    }

    pub(super) fn disk_hold(&self, error: &LedgerError) -> Hold {
        let why = match error.0.as_deref() {
            Some(error) if error.is_storage() => "the disk is full or the data folder is read-only",
            _ => "the database refused",
        };
        self.hold_for(
            HoldReason::Disk,
            &format!("The ledger cannot be written: {why}. Nothing more is sent. Make room, then resume: what was on its way is read back."),
            None,
        )
    }

    pub(super) fn hold_for(&self, reason: HoldReason, message: &str, tracking_id: Option<&str>) -> Hold {
        Hold {
            reason,
            message: message.to_owned(),
            since: self.clock.now().to_string(),
            until: None,
            tracking_id: tracking_id.map(str::to_owned),
        }
    }

    /// What is shown while the run waits without being paused.
    pub(super) fn hold(&self, state: &Sending) -> Option<Hold> {
        if let Some(hold) = &state.stop {
            return Some(hold.clone());
        }
        if let Some(hold) = state.trouble.hold() {
            return Some(hold);
        }
        let gate = self.work.gate();
        let until = gate.held_until.filter(|until| *until > self.clock.now())?;
        let last = gate.last_hold.as_ref();
        Some(Hold {
            reason: HoldReason::Throttled,
            message: "Webex asked us to slow down (429). Waiting requests are repeated; none is lost."
                .to_owned(),
            since: last
                .map_or_else(|| self.clock.now(), |hold| hold.since)
                .to_string(),
            until: Some(until.to_string()),
            tracking_id: last.and_then(|hold| hold.tracking_id.clone()),
        })
    }
}

/// Whether it is the way to Webex, Webex itself, or this side's locked secrets.
pub(super) fn trouble_reason(error: &WebexError) -> HoldReason {
    match error.kind() {
        ErrorKind::Connect | ErrorKind::Dropped | ErrorKind::TimedOut => HoldReason::Network,
        _ if is_sealed(error) => HoldReason::Vault,
        _ => HoldReason::WebexTrouble,
    }
}
