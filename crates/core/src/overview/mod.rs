//! What an administrator should look at first.
//!
//! Invariants: nothing is kept here; what needs attention follows from what the features know, by one pure rule
//! ([`attention`]); each item says what is the matter and what to do, and leads there; what is under one item is not under
//! another.

mod attention;
pub mod model;

pub use model::*;

use crate::activation::{Activation, ActivationView};
use crate::clock::Clock;
use crate::db::Db;
use crate::directory_sync::{self, SyncState};
use crate::error::Result;
use crate::runs::{RunState, Runs};
use crate::secrets::Vault;
use crate::transactions::{self, TransactionFilter};
use crate::{mirror, notifications, organisations};
use attention::{Facts, Stuck};
use jiff::SignedDuration;

/// How long something that failed needs attention.
const RECENT: SignedDuration = SignedDuration::from_hours(24);
/// What ended within that time began at most so long before.
const LONGEST: SignedDuration = SignedDuration::from_hours(72);
/// Stuck users that are named.
const NAMED: u32 = 3;
/// Transactions of that time that are looked through, so many at once.
const PAGE: u32 = 1_000;
const PAGES: u32 = 5;

/// Where the facts come from.
pub struct Sources<'a> {
    pub db: &'a Db,
    pub clock: &'a dyn Clock,
    pub vault: &'a Vault,
    pub activation: &'a Activation,
    pub runs: &'a Runs,
}

/// Everything that needs attention of an organisation, most urgent first.
///
/// # Errors
/// [`crate::Error::NotFound`]; when the database cannot be read.
pub async fn attention(sources: &Sources<'_>, organisation: &str) -> Result<Attention> {
    let Sources {
        db,
        clock,
        vault,
        activation,
        runs,
    } = sources;
    let stored = organisations::get(db, vault, organisation).await?;
    let now = clock.now();
    let mut notices = notifications::list(db, vault, now).await?;
    notices.retain(|notice| notice.organisation == stored.id && !notice.dismissed);
    let activated = activation.provisioned(&stored.id).await?;
    let mut enterprises = directory_sync::enterprises(db, *clock, &stored.id, activated.as_ref()).await?;
    // Where nobody synchronises any more, nothing will ever take the place of an old failure.
    enterprises.retain(|enterprise| {
        stored.directory_sync_enabled
            && enterprise.enabled
            && matches!(enterprise.sync, SyncState::Failed { .. })
    });
    let mut waiting = runs.open().await?;
    waiting.retain(|run| {
        run.organisation == stored.id && matches!(run.state, RunState::Paused | RunState::Interrupted)
    });
    let since = now.saturating_sub(RECENT).unwrap_or(now);
    let begun = since.saturating_sub(LONGEST).unwrap_or(since);
    let filter = TransactionFilter {
        organisation: Some(stored.id.clone()),
        since: Some(begun.to_string()),
        ..TransactionFilter::default()
    };
    let mut recent = Vec::new();
    for page in 0..PAGES {
        let window = transactions::list(db, &filter, page * PAGE, PAGE).await?;
        recent.extend(window.transactions);
        if (page + 1) * PAGE >= window.total {
            break;
        }
    }
    let (stuck, in_error) = users(activation, &stored.id).await?;
    let items = attention::items(Facts {
        licences: mirror::licences(db, &stored.id).await?,
        organisation: stored.id,
        organisation_name: stored.name,
        notices,
        enterprises,
        stuck,
        in_error,
        waiting,
        transactions: recent,
        since,
    });
    Ok(Attention { items })
}

/// Users who are stuck, and how many are in error.
async fn users(activation: &Activation, organisation: &str) -> Result<(Stuck, u32)> {
    let status = activation.status(organisation, None).await?;
    let in_error = status
        .states
        .iter()
        .find(|state| state.state == "error")
        .map_or(0, |state| state.count);
    if status.stuck == 0 {
        return Ok((Stuck::default(), in_error));
    }
    let view = ActivationView {
        stuck: true,
        ..ActivationView::default()
    };
    let window = activation.users(organisation, &view, 0, NAMED).await?;
    let names = window
        .users
        .into_iter()
        .map(|user| {
            let name = [user.first_name, user.last_name]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" ");
            Some(name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .or(user.email)
                .or(user.service_id)
                .unwrap_or(user.key)
        })
        .collect();
    let stuck = Stuck {
        count: window.total,
        names,
    };
    Ok((stuck, in_error))
}
