//! Counting the requests of one piece of work among all that pass the same gate.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

tokio::task_local! {
    static TALLY: Arc<Tally>;
}

/// Requests that left and their 429 answers.
#[derive(Debug, Default)]
pub struct Tally {
    requests: AtomicU32,
    throttled: AtomicU32,
}

impl Tally {
    /// Requests that left, each attempt of its own.
    pub fn requests(&self) -> u32 {
        self.requests.load(Ordering::Relaxed)
    }

    /// 429 answers to them.
    pub fn throttled(&self) -> u32 {
        self.throttled.load(Ordering::Relaxed)
    }
}

/// Counts what `work` sends, as far as it sends it itself and not by tasks of its own.
pub async fn counted<F: Future>(tally: Arc<Tally>, work: F) -> F::Output {
    TALLY.scope(tally, work).await
}

pub(crate) fn sent() {
    // Nobody counts: nothing to do.
    let _ = TALLY.try_with(|tally| tally.requests.fetch_add(1, Ordering::Relaxed));
}

/// One that was counted was kept back.
pub(crate) fn unsent() {
    let _ = TALLY.try_with(|tally| tally.requests.fetch_sub(1, Ordering::Relaxed));
}

pub(crate) fn throttled() {
    let _ = TALLY.try_with(|tally| tally.throttled.fetch_add(1, Ordering::Relaxed));
}
