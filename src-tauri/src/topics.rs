//! The `topics` event: what changed, at most ten times a second.
//!
//! The first change is told at once; what follows within a tenth of a second is told together. Nothing is lost: a
//! receiver that fell behind tells every topic there is.

use patchbay_api::commands::COMMANDS;
use patchbay_core::events::Topic;
use std::collections::BTreeSet;
use std::time::Duration;
use tauri::{AppHandle, Emitter};
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// Name of the event; its payload is a list of topics.
pub const EVENT: &str = "topics";

const PAUSE: Duration = Duration::from_millis(100);

/// Tells the page until the core is gone.
pub async fn forward(mut topics: Receiver<Topic>, app: AppHandle) {
    while let Some(mut changed) = next(&mut topics).await {
        while let Ok(topic) = topics.try_recv() {
            changed.insert(topic);
        }
        if let Err(error) = app.emit(EVENT, &changed) {
            tracing::warn!(%error, "the page could not be told what changed");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Waits for a change; `None` when there will be none any more.
async fn next(topics: &mut Receiver<Topic>) -> Option<BTreeSet<Topic>> {
    match topics.recv().await {
        Ok(topic) => Some(BTreeSet::from([topic])),
        Err(RecvError::Lagged(_)) => Some(
            COMMANDS
                .iter()
                .flat_map(|command| command.reads)
                .copied()
                .collect(),
        ),
        Err(RecvError::Closed) => None,
    }
}
