//! The gate of an organisation, over a restart.
//!
//! Invariant: a new hold is written as soon as it is imposed, a learnt rate when it has settled.

use super::store;
use crate::db::Db;
use crate::error::Result;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use webex_client::{Clock, Gate, GateConfig, GateState};

/// How long a learnt rate may stay unwritten.
const RATE_DEBOUNCE: Duration = Duration::from_secs(5);

/// The gate of an organisation as it was left. Its state is kept from now on.
pub(super) async fn restored(db: Db, organisation: &str, clock: Arc<dyn Clock>) -> Result<Arc<Gate>> {
    let mut connection = db.read().acquire().await?;
    let (held_until, learned_rate) = store::gate(&mut connection, organisation).await?;
    drop(connection);
    let gate = Gate::new(GateConfig::new(Arc::clone(&clock)));
    if held_until.is_some() || learned_rate.is_some() {
        gate.restore(held_until.unwrap_or_else(|| clock.now()), learned_rate);
    }
    let kept = Kept {
        held_until,
        learned_rate,
    };
    tokio::spawn(keep(db, organisation.to_owned(), gate.subscribe(), kept));
    Ok(gate)
}

/// What lies in the database of a gate.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Kept {
    held_until: Option<Timestamp>,
    learned_rate: Option<f64>,
}

impl Kept {
    fn of(state: &GateState) -> Self {
        Self {
            // A hold that was passed is not taken back: restoring it later does nothing.
            held_until: state.last_hold.as_ref().map(|hold| hold.until),
            learned_rate: state.learned_rate,
        }
    }

    /// Whether the learnt rates differ by more than wavering.
    fn rate_moved(&self, other: &Self) -> bool {
        match (self.learned_rate, other.learned_rate) {
            (Some(one), Some(other)) => (one - other).abs() > one.abs() * 0.05,
            (one, other) => one.is_some() != other.is_some(),
        }
    }
}

/// Writes a gate's state: a new hold at once, a learnt rate when it has settled. Ends with the gate.
async fn keep(db: Db, organisation: String, mut state: watch::Receiver<GateState>, mut kept: Kept) {
    loop {
        let now = Kept::of(&state.borrow_and_update());
        let new_hold = now.held_until.is_some() && now.held_until != kept.held_until;
        if !new_hold && !now.rate_moved(&kept) {
            if state.changed().await.is_err() {
                return;
            }
            continue;
        }
        if !new_hold {
            let settled = tokio::time::sleep(RATE_DEBOUNCE);
            tokio::pin!(settled);
            loop {
                tokio::select! {
                    () = &mut settled => break,
                    changed = state.changed() => {
                        let hold = Kept::of(&state.borrow_and_update()).held_until;
                        if changed.is_err() || hold != now.held_until {
                            break;
                        }
                    }
                }
            }
        }
        let latest = Kept::of(&state.borrow_and_update());
        let written = async {
            let mut write = db.write().await?;
            store::put_gate(
                write.connection(),
                &organisation,
                latest.held_until,
                latest.learned_rate,
            )
            .await?;
            write.commit().await
        };
        if let Err(error) = written.await {
            tracing::warn!(%organisation, %error, "the state of the rate gate could not be kept");
        }
        // Also after a failure, so that a full disk is not written to without end.
        kept = latest;
        if state.has_changed().is_err() {
            return;
        }
    }
}
