//! Syncs of the mirror: at most one an organisation at a time, each a transaction.

use patchbay_core::clock::Clock;
use patchbay_core::consent::Clients;
use patchbay_core::db::Db;
use patchbay_core::events::Topic;
use patchbay_core::mirror::{self, MirrorKind};
use patchbay_core::secrets::Vault;
use patchbay_core::transactions::{self, Opening, TransactionKind};
use patchbay_core::{Result, organisations};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

#[derive(Clone)]
pub(crate) struct Syncs {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    vault: Vault,
    clients: Clients,
    who: String,
    under_way: Mutex<HashMap<String, UnderWay>>,
    /// Held while it is looked whether one is under way.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct UnderWay {
    transaction: String,
    over: watch::Receiver<bool>,
}

impl Syncs {
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>, vault: Vault, clients: Clients, who: String) -> Self {
        let inner = Inner {
            db,
            clock,
            vault,
            clients,
            who,
            under_way: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<String, UnderWay>> {
        self.inner
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The transaction of the sync that is under way.
    pub(crate) fn current(&self, organisation: &str) -> Option<String> {
        self.under_way()
            .get(organisation)
            .map(|under_way| under_way.transaction.clone())
    }

    /// Begins a sync, or joins the one under way; its transaction.
    pub(crate) async fn begin(&self, organisation: &str) -> Result<String> {
        let _turn = self.inner.turn.lock().await;
        if let Some(transaction) = self.current(organisation) {
            return Ok(transaction);
        }
        let stored = organisations::get(&self.inner.db, &self.inner.vault, organisation).await?;
        // What keeps it from starting is said at once, not by a failed transaction.
        self.inner.clients.webex_for(organisation).await?;
        let open = transactions::open(
            &self.inner.db,
            Arc::clone(&self.inner.clock),
            Opening {
                kind: TransactionKind::MirrorSync,
                title: format!("Sync of {}", stored.name),
                organisation: Some(stored.id.clone()),
                organisation_name: Some(stored.name.clone()),
                who: self.inner.who.clone(),
                steps: MirrorKind::ALL
                    .iter()
                    .map(|kind| format!("Copy {}", kind.name()))
                    .collect(),
            },
        )
        .await?;
        let (ending, over) = watch::channel(false);
        let transaction = open.id.clone();
        self.under_way().insert(
            stored.id.clone(),
            UnderWay {
                transaction: transaction.clone(),
                over,
            },
        );
        self.inner.db.events().publish([Topic::Mirror]);
        let syncs = self.clone();
        tokio::spawn(async move {
            let outcome = syncs.carry_out(&stored, &open).await;
            let failure = outcome.as_ref().err().map(patchbay_core::Error::failure);
            if let Err(error) = &outcome {
                tracing::warn!(organisation = stored.name, ?error, "the sync failed");
            }
            let tracking: Vec<String> = failure
                .iter()
                .filter_map(|failure| failure.tracking_id.clone())
                .collect();
            if let Err(error) = open.close(failure.as_ref().map_or(Ok(()), Err), &tracking).await {
                tracing::error!(?error, "the transaction of a sync could not be closed");
            }
            syncs.under_way().remove(&stored.id);
            syncs.inner.db.events().publish([Topic::Mirror]);
            ending.send_replace(true);
        });
        Ok(transaction)
    }

    async fn carry_out(&self, stored: &organisations::Organisation, open: &transactions::Open) -> Result<()> {
        let webex = self.inner.clients.webex_for(&stored.id).await?;
        let (db, clock) = (&self.inner.db, self.inner.clock.as_ref());
        let began = clock.now();
        mirror::sync_watched(
            db,
            clock,
            &webex,
            &stored.id,
            stored.internal_id.as_deref(),
            &MirrorKind::ALL,
            open,
            0,
        )
        .await?;
        let mut write = db.write().await?;
        organisations::synced(&mut write, &stored.id, began).await?;
        write.commit().await?;
        Ok(())
    }

    /// Waits until no sync of the organisation is under way.
    pub(crate) async fn wait(&self, organisation: &str) {
        let over = self
            .under_way()
            .get(organisation)
            .map(|under_way| under_way.over.clone());
        if let Some(mut over) = over {
            // An error means that the sync's task is gone, and with it the sync.
            let _ = over.wait_for(|over| *over).await;
        }
    }
}
