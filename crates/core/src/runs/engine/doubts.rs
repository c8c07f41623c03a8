//! Items whose request may or may not have been carried out, by the time of their next reading.

use super::super::{Ending, Item};
use std::collections::BTreeMap;
use tokio::time::Instant;

/// An item in doubt.
#[derive(Debug, Clone)]
pub(super) struct Doubt {
    pub item: Item,
    /// Webex's refusal, if that is what came: it stands unless reading shows otherwise.
    pub refusal: Option<Ending>,
    /// Before this moment the request may still be on its way.
    pub resend_at: Instant,
    pub reads: u32,
}

/// Doubts in the order they come due.
#[derive(Debug, Default)]
pub(super) struct Doubts {
    by_due: BTreeMap<(Instant, u32), Doubt>,
}

impl Doubts {
    pub(super) fn add(&mut self, doubt: Doubt, due: Instant) {
        self.by_due.insert((due, doubt.item.row), doubt);
    }

    pub(super) fn take_due(&mut self, now: Instant) -> Option<Doubt> {
        let entry = self.by_due.first_entry()?;
        (entry.key().0 <= now).then(|| entry.remove())
    }

    pub(super) fn next_due(&self) -> Option<Instant> {
        self.by_due.keys().next().map(|(due, _)| *due)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_due.is_empty()
    }

    pub(super) fn into_all(self) -> impl Iterator<Item = Doubt> {
        self.by_due.into_values()
    }
}
