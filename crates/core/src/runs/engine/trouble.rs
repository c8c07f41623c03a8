//! Trouble that is not a row's: the network is gone, or Webex fails. Growing pauses, then giving up. Pure but for the
//! monotonic clock.

use super::super::{Hold, HoldReason};
use super::Timing;
use jiff::Timestamp;
use std::time::Duration;
use tokio::time::Instant;

/// Answers in doubt in a row that count as trouble of Webex rather than of a row.
const FAULTS: u32 = 10;

#[derive(Debug)]
pub(super) struct Trouble {
    timing: Timing,
    /// Pauses since the last success of a request.
    level: u32,
    faults: u32,
    /// When the first fault after the last success came.
    since: Option<Instant>,
    active: Option<Active>,
}

#[derive(Debug)]
struct Active {
    reason: HoldReason,
    sentence: String,
    tracking_id: Option<String>,
    since: Timestamp,
    probe_at: Instant,
    until: Timestamp,
}

impl Trouble {
    pub(super) fn new(timing: Timing) -> Self {
        Self {
            timing,
            level: 0,
            faults: 0,
            since: None,
            active: None,
        }
    }

    /// A request succeeded.
    pub(super) fn over(&mut self) {
        (self.level, self.faults, self.since, self.active) = (0, 0, None, None);
    }

    /// Webex answers again. Whether requests succeed is still to be seen, so the next pause goes on growing.
    pub(super) fn reached(&mut self) {
        self.active = None;
    }

    /// A request ended in doubt; true when so many did in a row that all should wait.
    pub(super) fn fault(&mut self) -> bool {
        self.faults += 1;
        self.since.get_or_insert_with(Instant::now);
        self.faults >= FAULTS
    }

    /// Notes trouble; true when it has lasted longer than there is patience.
    pub(super) fn worse(
        &mut self,
        reason: HoldReason,
        sentence: String,
        tracking_id: Option<&str>,
        now: Timestamp,
    ) -> bool {
        let since = *self.since.get_or_insert_with(Instant::now);
        let clock = Instant::now();
        // Requests under way at the same moment meet the same trouble: one pause for all of them.
        if self.active.as_ref().is_none_or(|active| active.probe_at <= clock) {
            let pause = self.pause(self.level);
            self.level += 1;
            let began = self.active.as_ref().map_or(now, |active| active.since);
            self.active = Some(Active {
                reason,
                sentence,
                tracking_id: tracking_id.map(str::to_owned),
                since: began,
                probe_at: clock + pause,
                until: now.saturating_add(pause).unwrap_or(now),
            });
        }
        clock.duration_since(since) > self.timing.patience
    }

    pub(super) fn probe_at(&self) -> Option<Instant> {
        self.active.as_ref().map(|active| active.probe_at)
    }

    /// The pause before try number `tries`, counted from 0.
    pub(super) fn pause(&self, tries: u32) -> Duration {
        self.timing
            .first_pause
            .saturating_mul(1 << tries.min(16))
            .min(self.timing.longest_pause)
    }

    pub(super) fn hold(&self) -> Option<Hold> {
        self.active.as_ref().map(|active| Hold {
            reason: active.reason,
            message: format!(
                "{} Patchbay tries again by itself; no row is lost.",
                active.sentence
            ),
            since: active.since.to_string(),
            until: Some(active.until.to_string()),
            tracking_id: active.tracking_id.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worse(trouble: &mut Trouble) -> bool {
        trouble.worse(
            HoldReason::Network,
            "It is gone.".to_owned(),
            None,
            Timestamp::UNIX_EPOCH,
        )
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_and_patience_ends() {
        let mut trouble = Trouble::new(Timing {
            patience: Duration::from_secs(60),
            ..Timing::default()
        });
        let mut pauses = Vec::new();
        let gave_up = loop {
            if worse(&mut trouble) {
                break true;
            }
            let at = trouble.probe_at().unwrap();
            pauses.push(at.duration_since(Instant::now()).as_secs());
            tokio::time::sleep_until(at).await;
            if pauses.len() > 50 {
                break false;
            }
        };
        assert!(gave_up);
        assert_eq!(pauses[..6], [1, 2, 4, 8, 16, 30]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_not_yet_success() {
        let mut trouble = Trouble::new(Timing::default());
        worse(&mut trouble);
        tokio::time::sleep_until(trouble.probe_at().unwrap()).await;
        trouble.reached();
        assert!(trouble.probe_at().is_none());
        worse(&mut trouble);
        assert_eq!(
            trouble
                .probe_at()
                .unwrap()
                .duration_since(Instant::now())
                .as_secs(),
            2
        );
        trouble.over();
        worse(&mut trouble);
        assert_eq!(
            trouble
                .probe_at()
                .unwrap()
                .duration_since(Instant::now())
                .as_secs(),
            1
        );
    }
}
