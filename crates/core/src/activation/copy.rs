//! Copying how far everybody is.
//!
//! A copy is written beside the present one, a few hundred rows at a time, and becomes the present one when it was read to its
//! end. What it is joined with is read from the mirror once. That Webex refuses the list is kept and shown, and no failure of
//! the sync that this is a part of.

use super::availability::{read_scope, refused_permission, source_of};
use super::joining::Joining;
use super::joins::{Joins, Told};
use super::model::ActivationSource;
use super::row::Seen;
use super::store::{self, Begun};
use crate::clock::Clock;
use crate::db::Db;
use crate::error::{Error, Result, is_refused_list, refused_list_sentence};
use crate::events::Topic;
use crate::mirror;
use crate::organisations::Organisation;
use crate::transactions::{Open, TransactionState};
use futures::TryStreamExt as _;
use jiff::Timestamp;
use std::collections::HashMap;
use webex_client::{
    BroadworksSubscriber, BroadworksSubscribersQuery, Pages, Webex, WholesaleSubscriber,
    WholesaleSubscribersQuery,
};

/// The step of a copy. Its title is how a later Patchbay finds out what the step was.
pub const STEP: &str = "Copy activation";
/// Rows written together.
const BATCH: usize = 500;

/// The list that tells the states, as it comes in.
pub enum Lists {
    Broadworks(Pages<BroadworksSubscriber>),
    /// With names of wholesale customers by key.
    Wholesale(Pages<WholesaleSubscriber>, HashMap<String, String>),
    /// They come with the mirror, which has just read them.
    People,
}

impl Lists {
    /// The list of an organisation. `customers` are names of wholesale customers by key.
    pub fn of(webex: &Webex, organisation: &Organisation, customers: HashMap<String, String>) -> Self {
        match source_of(organisation) {
            ActivationSource::Broadworks => {
                Self::Broadworks(webex.broadworks_subscribers(BroadworksSubscribersQuery::default()))
            }
            ActivationSource::Wholesale => Self::Wholesale(
                webex.wholesale_subscribers(WholesaleSubscribersQuery::default()),
                customers,
            ),
            ActivationSource::People => Self::People,
        }
    }

    const fn source(&self) -> ActivationSource {
        match self {
            Self::Broadworks(_) => ActivationSource::Broadworks,
            Self::Wholesale(..) => ActivationSource::Wholesale,
            Self::People => ActivationSource::People,
        }
    }
}

/// Copies everybody as step `step` of `open`.
///
/// # Errors
/// When the list cannot be read to its end: the copy before stays. A refusal is none.
pub async fn copy(
    db: &Db,
    clock: &dyn Clock,
    lists: Lists,
    organisation: &Organisation,
    open: &Open,
    step: usize,
) -> Result<()> {
    let source = lists.source();
    open.step(step, TransactionState::Running, 0, None, None).await?;
    if let Some(permission) = refused_permission(organisation, read_scope(source)) {
        let detail = format!(
            "Left out: the permission \"{}\" was not granted. Connect the organisation again to grant it.",
            permission.label
        );
        return open
            .step(step, TransactionState::Succeeded, 0, None, Some(&detail))
            .await;
    }
    let joins = Joins::new(mirror::directory(db, &organisation.id).await?);
    let mut write = db.write().await?;
    let begun = store::reserve(write.connection(), &organisation.id, source).await?;
    write.commit().await?;
    let copying = Copying {
        db,
        clock,
        organisation,
        source,
        as_of: clock.now().to_string(),
        begun,
        open,
        step,
        joins,
    };
    let outcome = match copying.read(lists).await {
        Ok(as_of) => copying.switch(&as_of).await,
        Err(Error::Webex { source, .. }) if is_refused_list(&source) => {
            return copying.refused(&source).await;
        }
        Err(error) => Err(error),
    };
    if outcome.is_err() {
        copying.drop_unseen().await;
    }
    outcome
}

struct Copying<'a> {
    db: &'a Db,
    clock: &'a dyn Clock,
    organisation: &'a Organisation,
    source: ActivationSource,
    as_of: String,
    begun: Begun,
    open: &'a Open,
    step: usize,
    joins: Joins,
}

impl Copying<'_> {
    /// Reads everybody; as of when.
    async fn read(&self, lists: Lists) -> Result<String> {
        match lists {
            Lists::Broadworks(pages) => {
                self.pages(pages, Told::from).await?;
            }
            Lists::Wholesale(pages, customers) => {
                self.pages(pages, |told| Told::wholesale(told, &customers))
                    .await?;
            }
            Lists::People => {
                let Some(as_of) = self.joins.as_of() else {
                    return Err(Error::conflict(format!(
                        "The people of {} were never copied. Sync the organisation, which copies their activation as well.",
                        self.organisation.name
                    )));
                };
                // The mirror does not know when it read whom: none was read before its copy began.
                let seen: Vec<Seen> = self
                    .joins
                    .people(as_of)
                    .into_iter()
                    .map(|row| Seen {
                        row,
                        seen_at: as_of.to_owned(),
                    })
                    .collect();
                let mut done = 0;
                for rows in seen.chunks(BATCH) {
                    self.write(rows, &mut done).await?;
                }
                return Ok(as_of.to_owned());
            }
        }
        Ok(self.as_of.clone())
    }

    async fn pages<T>(&self, mut pages: Pages<T>, told: impl Fn(T) -> Told) -> Result<()> {
        let doing = || Error::webex(format!("read the subscribers of {}", self.organisation.name));
        let mut joining = Joining::new(&self.joins, &self.as_of);
        let (mut batch, mut done) = (Vec::with_capacity(BATCH * 2), 0);
        loop {
            let asked = self.clock.now().to_string();
            let Some(page) = pages.try_next().await.map_err(doing())? else {
                break;
            };
            for item in page.items {
                batch.extend(joining.row(told(item), &asked));
            }
            if batch.len() >= BATCH {
                self.write(&batch, &mut done).await?;
                batch.clear();
            }
        }
        batch.extend(joining.rest());
        for rows in batch.chunks(BATCH) {
            self.write(rows, &mut done).await?;
        }
        Ok(())
    }

    async fn write(&self, rows: &[Seen], done: &mut u32) -> Result<()> {
        let mut write = self.db.write().await?;
        store::insert(
            write.connection(),
            &self.organisation.id,
            self.begun.generation,
            rows,
        )
        .await?;
        write.commit().await?;
        *done += u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let total = self.begun.before.map(|before| before.max(*done));
        self.open
            .step(self.step, TransactionState::Running, *done, total, None)
            .await
    }

    async fn switch(&self, as_of: &str) -> Result<()> {
        let mut write = self.db.write().await?;
        let (id, now) = (&self.organisation.id, self.clock.now());
        let at = now.to_string();
        store::switch(write.connection(), id, self.begun, self.source, as_of, &at).await?;
        let count = store::count_day(write.connection(), id, &day(now)).await?;
        write.touch(Topic::Activation);
        write.commit().await?;
        self.open
            .step(self.step, TransactionState::Succeeded, count, Some(count), None)
            .await
    }

    async fn refused(&self, error: &webex_client::Error) -> Result<()> {
        let reason = refusal(self.source, error);
        tracing::warn!(
            organisation = self.organisation.name,
            ?error,
            "Webex refused the activation"
        );
        let mut write = self.db.write().await?;
        store::refuse(
            write.connection(),
            &self.organisation.id,
            self.source,
            &reason,
            error.tracking_id(),
        )
        .await?;
        write.touch(Topic::Activation);
        write.commit().await?;
        self.drop_unseen().await;
        self.open
            .step(self.step, TransactionState::Succeeded, 0, None, Some(&reason))
            .await
    }

    /// What nobody will see needs no room. Left over it is harmless.
    async fn drop_unseen(&self) {
        let dropped = async {
            let mut write = self.db.write().await?;
            store::drop_unseen(write.connection(), &self.organisation.id, self.begun.generation).await?;
            write.commit().await?;
            Ok::<_, Error>(())
        };
        if let Err(error) = dropped.await {
            tracing::debug!(?error, "a copy that failed was not cleared away");
        }
    }
}

/// The day in UTC.
pub(super) fn day(now: Timestamp) -> String {
    now.strftime("%Y-%m-%d").to_string()
}

/// Why Webex does not show a list, with the way out.
fn refusal(source: ActivationSource, error: &webex_client::Error) -> String {
    let way_out = match source {
        ActivationSource::Broadworks => {
            "The administrator who consented must be a partner administrator of a BroadWorks service provider. Check the role in \
             Partner Hub, then connect the organisation again."
        }
        ActivationSource::Wholesale => {
            "The organisation must be a wholesale partner (entitlement wxc-wholesale), and the administrator who consented must \
             be allowed to see its subscribers. Check both in Partner Hub, then connect it again."
        }
        ActivationSource::People => {
            "The administrator who consented must be allowed to read users. Check the role in Control Hub, then connect the \
             organisation again."
        }
    };
    format!("{} {way_out}", refused_list_sentence(error))
}
