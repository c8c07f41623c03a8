//! When a synchronisation may be asked for (product A7). Pure.
//!
//! Webex keeps no hold; this desktop does, from what Webex tells and from its own requests. All times are Webex's, `now` too.
//!
//! * Held for 24 hours of 3,600 seconds after the end of a synchronisation that this desktop asked for. Not a calendar day: no
//!   time zone and no change to daylight saving time touches it.
//! * The synchronisation that Webex tells of is ours where its tracking id is that of our request (Webex adds a number to it),
//!   or, since Webex may use one of its own, where it is another one than stood there before our request: it began later. Two
//!   desktops that ask at the same moment both hold; that is the safe side.
//! * Of two ends that belong to one request the later one holds: what was taken for its own was another one's, which Webex
//!   carried out before it.
//! * One that failed holds as well where Webex told an end of its own for it: Webex has then carried the request out to its
//!   end. Where Webex told no end it has not completed, and it may be asked for again once the reason is out of the way.
//! * A success without an end holds from the last moment known to lie before its end, so never too long.
//! * An end that is later than the moment at which Webex told it is counted from that moment. So nothing is held for longer
//!   than 24 hours after Webex first told the end, whatever is wrong with its times.
//! * An end that belongs to no request of ours is another administrator's or Webex's own: ask, for the same 24 hours.
//! * A request that is not over after [`LONGEST`] no longer stands in the way. Where nothing that Webex tells shows what became
//!   of it, Webex may still carry it out: ask, for [`DOUBT`] after it was made.

use super::{SyncCounts, SyncGate, SyncState};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// After a requested synchronisation, by Webex's clock.
pub(super) const HOLD: SignedDuration = SignedDuration::from_hours(24);
/// A request is followed no longer than this after it was asked.
pub(super) const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// A request of which nothing is known is asked about for so long after it was made: [`LONGEST`] after it was given up at last.
const DOUBT: SignedDuration = SignedDuration::from_hours(48);

/// What Webex told of the last synchronisation of an enterprise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told {
    pub state: SyncState,
    pub started: Option<Timestamp>,
    pub ended: Option<Timestamp>,
    pub succeeded: Option<Timestamp>,
    pub tracking_id: Option<String>,
    pub counts: SyncCounts,
    /// When Webex told it.
    pub told_at: Timestamp,
}

impl Told {
    /// Nothing was told.
    pub(super) fn nothing(told_at: Timestamp) -> Self {
        Self {
            state: SyncState::Never,
            started: None,
            ended: None,
            succeeded: None,
            tracking_id: None,
            counts: SyncCounts::default(),
            told_at,
        }
    }

    fn running(&self) -> bool {
        matches!(self.state, SyncState::Running { .. })
    }

    /// The end Webex told, of whichever synchronisation, where none is under way now.
    fn last_end(&self) -> Option<Timestamp> {
        let bare = match self.state {
            SyncState::Running { .. } | SyncState::Never => return None,
            SyncState::Done { .. } => self.succeeded.or(self.started),
            SyncState::Failed { .. } | SyncState::Unknown { .. } => None,
        };
        self.ended.or(bare)
    }

    /// The end of the synchronisation that is told of now, if Webex told one: not that of the one before.
    pub(super) fn own_end(&self, before: &Self) -> Option<Timestamp> {
        if self.running() || self.state == SyncState::Never {
            return None;
        }
        let own = |end: &Timestamp| {
            self.started.is_none_or(|started| *end >= started)
                && before.ended.is_none_or(|previous| *end > previous)
        };
        self.ended.filter(own)
    }

    /// Whether another synchronisation is told of than before.
    pub(super) fn is_after(&self, before: &Self) -> bool {
        let failed_anew = matches!(self.state, SyncState::Failed { .. }) && self.state != before.state;
        match (self.started, before.started) {
            (Some(now), Some(then)) if now != then => now > then,
            (Some(_), Some(_)) => failed_anew,
            (Some(_), None) => self.state != SyncState::Never,
            (None, _) => {
                let later = match (self.ended, before.ended) {
                    (Some(now), Some(then)) => now > then,
                    (Some(_), None) => true,
                    (None, _) => false,
                };
                let renamed = self.tracking_id.is_some()
                    && before.tracking_id.is_some()
                    && self.tracking_id != before.tracking_id;
                later || renamed || failed_anew
            }
        }
    }
}

/// One request of this desktop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub at: Timestamp,
    /// It may be queued or under way.
    pub open: bool,
    /// Webex did not take it.
    pub refused: bool,
    /// Nobody looks for it any more, and what became of it is not known.
    pub lost: bool,
    /// That of the request.
    pub sent_tracking_id: Option<String>,
    /// What stood there before it.
    pub before: Told,
    /// What Webex told of the synchronisation that came of it.
    pub started: Option<Timestamp>,
    pub tracking_id: Option<String>,
    /// Its end as far as it holds, see the module.
    pub ended: Option<Timestamp>,
}

/// How far a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// Webex shows what it showed before.
    Queued,
    Running,
    Over,
    /// It had begun, and Webex has begun another one since: its end is not shown any more.
    Passed,
}

/// Webex adds something of its own to the tracking id of a request.
fn same_tracking_id(told: Option<&str>, sent: Option<&str>) -> bool {
    let (Some(told), Some(sent)) = (told, sent) else {
        return false;
    };
    !sent.is_empty()
        && told
            .strip_prefix(sent)
            .is_some_and(|rest| !rest.starts_with(|first: char| first.is_ascii_alphanumeric()))
}

impl Asked {
    /// Whether the synchronisation that is told of came of this request.
    pub(super) fn is_its(&self, told: &Told) -> bool {
        if same_tracking_id(told.tracking_id.as_deref(), self.sent_tracking_id.as_deref()) {
            return true;
        }
        if self.refused {
            return false;
        }
        if self.started.is_some() || self.tracking_id.is_some() {
            return (self.started.is_some() && told.started == self.started)
                || (told.started.is_none()
                    && self.tracking_id.is_some()
                    && told.tracking_id == self.tracking_id);
        }
        // Webex begins what was asked for within the time in which it is followed; later it is another one's.
        let in_time = told
            .started
            .or(told.ended)
            .is_none_or(|began| began.duration_since(self.at) <= LONGEST);
        in_time && told.is_after(&self.before)
    }

    /// How far it is. `seen_running`: an earlier look has shown Webex at work on it.
    pub(super) fn progress(&self, told: &Told, seen_running: bool) -> Progress {
        if self.passed(told) {
            return Progress::Passed;
        }
        let bare = told.started.is_none() && told.ended.is_none() && told.tracking_id.is_none();
        let over = match told.state {
            SyncState::Running { .. } => return Progress::Running,
            SyncState::Never => false,
            SyncState::Done { .. } | SyncState::Failed { .. } => self.is_its(told) || (seen_running && bare),
            // A word nobody knows may mean that it is under way.
            SyncState::Unknown { .. } => self.is_its(told) && told.own_end(&self.before).is_some(),
        };
        if over { Progress::Over } else { Progress::Queued }
    }

    /// Whether Webex tells of one that began after this one had.
    fn passed(&self, told: &Told) -> bool {
        let later = match (told.started, self.started) {
            (Some(now), Some(ours)) => now > ours,
            _ => false,
        };
        let named_alike = (told.tracking_id.is_some() && told.tracking_id == self.tracking_id)
            || same_tracking_id(told.tracking_id.as_deref(), self.sent_tracking_id.as_deref());
        later && told.state != SyncState::Never && !named_alike
    }

    /// Whether Webex may still carry it out, though nobody looks for it any more.
    fn in_doubt(&self, told: &Told, now: Timestamp) -> bool {
        let given_up = self.lost || (self.open && now.duration_since(self.at) >= LONGEST);
        let unsettled = !told.is_after(&self.before)
            // A word nobody knows may mean that it is under way.
            || (matches!(told.state, SyncState::Unknown { .. }) && told.own_end(&self.before).is_none());
        given_up && unsettled && now.duration_since(self.at) < DOUBT
    }

    /// From when on the end of its synchronisation holds; None where it has not completed.
    pub(super) fn holds_from(&self, told: &Told) -> Option<Timestamp> {
        let own = |time: &Timestamp| told.started.is_none_or(|started| *time >= started);
        let new = |time: &Timestamp| Some(*time) != self.before.succeeded;
        let end = told.own_end(&self.before).or_else(|| match told.state {
            SyncState::Done { .. } => told
                .succeeded
                .filter(|time| own(time) && new(time))
                .or(told.started)
                .or(Some(self.at)),
            _ => None,
        })?;
        Some(end.min(told.told_at))
    }
}

/// Whether a synchronisation can be asked for. `told` is None where it was never looked; `asked` in any order.
pub(super) fn gate(enabled: bool, told: Option<&Told>, asked: &[Asked], now: Timestamp) -> SyncGate {
    let open = asked
        .iter()
        .filter(|asked| asked.open && now.duration_since(asked.at) < LONGEST)
        .max_by_key(|asked| asked.at);
    if let Some(open) = open {
        return SyncGate::Queued {
            asked_at: open.at.to_string(),
        };
    }
    if !enabled {
        return SyncGate::SwitchedOff;
    }
    let Some(told) = told else {
        return SyncGate::Unknown;
    };
    if told.running() {
        return SyncGate::Running {
            started_at: told.started.map(|started| started.to_string()),
            ours: asked.iter().any(|asked| asked.is_its(told)),
        };
    }
    let ours = |asked: &Asked| {
        let shown = if asked.is_its(told) {
            asked.holds_from(told)
        } else {
            None
        };
        match (asked.ended, shown) {
            // What was taken for its own was another one's, which Webex carried out before.
            (Some(ended), Some(shown)) if told.started != asked.started => Some(ended.max(shown)),
            (ended, shown) => ended.or(shown),
        }
    };
    let held = asked
        .iter()
        .filter_map(ours)
        .max()
        .filter(|ended| now.duration_since(*ended) < HOLD);
    if let Some(ended) = held {
        let elapsed = now.duration_since(ended).as_secs().max(0);
        return SyncGate::Held {
            until: later(ended),
            ended_at: ended.to_string(),
            elapsed_seconds: u32::try_from(elapsed).unwrap_or(u32::MAX),
        };
    }
    let doubt = asked
        .iter()
        .filter(|asked| asked.in_doubt(told, now))
        .map(|asked| asked.at)
        .max();
    if let Some(asked_at) = doubt {
        return SyncGate::Ask {
            ended_at: None,
            asked_at: Some(asked_at.to_string()),
            until: asked_at
                .saturating_add(DOUBT)
                .unwrap_or(Timestamp::MAX)
                .to_string(),
        };
    }
    let of_ours = |end: Timestamp| {
        asked.iter().any(|asked| {
            asked.ended == Some(end) || (asked.is_its(told) && told.own_end(&asked.before).is_some())
        })
    };
    let foreign = told
        .last_end()
        .map(|end| end.min(told.told_at))
        .filter(|end| !of_ours(*end) && now.duration_since(*end) < HOLD);
    match foreign {
        Some(ended) => SyncGate::Ask {
            ended_at: Some(ended.to_string()),
            asked_at: None,
            until: later(ended),
        },
        None => SyncGate::Open,
    }
}

fn later(ended: Timestamp) -> String {
    ended.saturating_add(HOLD).unwrap_or(Timestamp::MAX).to_string()
}

#[cfg(test)]
mod tests;
