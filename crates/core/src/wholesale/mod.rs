//! Customers of a wholesale organisation (product O10).
//!
//! Invariants: a list is replaced whole or not at all; of two observations of a customer the one begun later counts; a change
//! is sent once, with the whole list of packages, and only onto what the person has seen; a customer has one change at a time,
//! in every process on this data folder; what was sent is followed until Webex has settled it, over a restart as well.
//!
//! Webex carries a change out long after it has accepted it. That is why a change ends by what the customer shows, never by
//! the answer to the request.

mod change;
mod check;
mod copy;
mod follow;
pub mod model;
mod rules;
mod send;
mod store;
mod words;

pub use copy::{STEPS as COPY_STEPS, sync};
pub use model::*;

use crate::clock::{Clock, Pauses};
use crate::consent::Clients;
use crate::db::Db;
use crate::error::{Error, Failure, Result};
use crate::events::Topic;
use crate::organisations::{self, Organisation};
use crate::secrets::Vault;
use crate::transactions::{
    self, Joined, Opening, Stopped, TransactionKind, TransactionState, Turn, UnderWay,
};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use webex_client::{ErrorKind, Priority, Webex};
use words::called;

const READ: &str = "spark-admin:wholesale_customers_read";
const WRITE: &str = "spark-admin:wholesale_customers_write";

/// The wholesale customers of a running Patchbay. Cheap to clone; clones are the same.
#[derive(Clone)]
pub struct Wholesale {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    vault: Vault,
    clients: Clients,
    who: String,
    pauses: Pauses,
    copies: UnderWay,
    /// By transaction.
    changes: Mutex<HashMap<String, Followed>>,
    /// Held while a change is begun or taken up.
    turn: tokio::sync::Mutex<()>,
}

struct Followed {
    /// Ends the present pause.
    look: Arc<Notify>,
    task: JoinHandle<()>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forgets who followed changes: for a Patchbay that is alone on its data folder, before anything else.
///
/// # Errors
/// When the database cannot be written.
pub async fn sweep(db: &Db) -> Result<()> {
    let mut write = db.write().await?;
    store::unsettled::leave(write.connection(), None).await?;
    write.commit().await?;
    Ok(())
}

/// What the customers of an organisation are called, by key: the name of their organisation, else the external id.
///
/// # Errors
/// When the database cannot be read.
pub async fn names(db: &Db, organisation: &str) -> Result<HashMap<String, String>> {
    store::names(db, organisation).await
}

/// The face of an error for people: where Webex does not allow it, with the way out.
pub fn failure(error: &Error) -> Failure {
    let mut failure = error.failure();
    if let Error::Webex { source, .. } = error
        && *source.kind() == ErrorKind::Forbidden
    {
        failure.message.push_str(
            " The organisation must be a wholesale partner (entitlement wxc-wholesale), and the administrator who consented \
             must be allowed to manage its customers. Check both in Partner Hub, then connect it again under Organisations.",
        );
    }
    failure
}

impl Wholesale {
    /// Nothing is under way.
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        vault: Vault,
        clients: Clients,
        who: String,
        pauses: Pauses,
    ) -> Self {
        let copies = UnderWay::new(
            db.clone(),
            Arc::clone(&clock),
            "wholesale",
            &[TransactionKind::WholesaleSync],
            &[Topic::Wholesale],
        );
        let inner = Inner {
            db,
            clock,
            vault,
            clients,
            who,
            pauses,
            copies,
            changes: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// A window of the copied customers, at most 1,000.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] where the organisation is none of wholesale.
    pub async fn customers(
        &self,
        organisation: &str,
        filter: &CustomerFilter,
        offset: u32,
        limit: u32,
    ) -> Result<CustomerWindow> {
        self.partner(organisation, None).await?;
        let db = &self.inner.db;
        let (total, customers) = store::window(db, organisation, filter, offset, limit.min(1_000)).await?;
        let (_, as_of) = store::copy(db, organisation).await?;
        Ok(CustomerWindow {
            total,
            customers,
            as_of,
            statuses: store::statuses(db, organisation).await?,
            syncing: self.syncing(organisation),
        })
    }

    /// One copied customer, by its id.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] where the organisation is none of wholesale.
    pub async fn customer(&self, organisation: &str, id: &str) -> Result<Customer> {
        self.partner(organisation, None).await?;
        store::customer(&self.inner.db, organisation, id)
            .await?
            .ok_or_else(|| Error::NotFound {
                what: "wholesale customer",
                id: id.to_owned(),
            })
    }

    /// The organisation, where it may do what `scope` stands for.
    async fn partner(&self, organisation: &str, scope: Option<&str>) -> Result<Organisation> {
        let stored = organisations::get(&self.inner.db, &self.inner.vault, organisation).await?;
        if !stored.wholesale {
            return Err(Error::conflict(format!(
                "{} is not registered as a wholesale organisation, so it has no customers here. Switch on \"Wholesale customer\" \
                 among its fields under Organisations, then connect it again.",
                stored.name
            )));
        }
        let refused = stored
            .permissions
            .iter()
            .find(|permission| Some(permission.scope.as_str()) == scope && permission.granted == Some(false));
        if let Some(permission) = refused {
            return Err(Error::ConsentNeeded {
                reason: format!("The permission \"{}\" was not granted.", permission.label),
                organisation: stored.name,
            });
        }
        Ok(stored)
    }

    /// The transaction of the copy that is under way.
    pub fn syncing(&self, organisation: &str) -> Option<String> {
        self.inner.copies.current(organisation)
    }

    /// Waits until no copy of the organisation's customers is under way.
    pub async fn wait(&self, organisation: &str) {
        self.inner.copies.wait(organisation).await;
    }

    /// Stops the copy of an organisation that is about to be deleted. None begins while the answer lives.
    ///
    /// # Errors
    /// [`Error::Conflict`] where another process is at it.
    pub async fn stop_copy(&self, organisation: &str, called: &str) -> Result<Stopped<'_>> {
        self.inner.copies.stop(organisation, called).await
    }

    /// Whether another process on the data folder copies the customers.
    pub fn is_elsewhere(&self, organisation: &str) -> bool {
        self.inner.copies.is_elsewhere(organisation)
    }

    /// Begins a copy of the customers, or joins the one under way; its transaction.
    ///
    /// # Errors
    /// What keeps it from starting: not of wholesale, a permission or the consent missing, a vault that is locked.
    pub async fn begin_sync(&self, organisation: &str) -> Result<Joined> {
        let stored = self.partner(organisation, Some(READ)).await?;
        let place = match self.inner.copies.turn(organisation, &stored.name).await? {
            Turn::Free(place) => place,
            Turn::Taken(joined) => return Ok(joined),
        };
        let webex = self.inner.clients.webex_for(&stored.id).await?;
        let open = transactions::open(
            &self.inner.db,
            Arc::clone(&self.inner.clock),
            Opening {
                kind: TransactionKind::WholesaleSync,
                title: format!("Copy of the customers of {}", stored.name),
                organisation: Some(stored.id.clone()),
                organisation_name: Some(stored.name.clone()),
                who: self.inner.who.clone(),
                steps: COPY_STEPS.map(str::to_owned).to_vec(),
            },
        )
        .await?;
        let (inner, watched) = (Arc::clone(&self.inner), open.clone());
        let transaction = place.carry_out(open, async move {
            let clock = inner.clock.as_ref();
            let copied = sync(&inner.db, clock, &webex, &stored.id, &stored.name, &watched, 0).await;
            copied.map_err(|error| {
                tracing::warn!(
                    organisation = stored.name,
                    ?error,
                    "the customers were not copied"
                );
                failure(&error)
            })
        });
        Ok(Joined::begun(transaction))
    }

    /// Asks Webex for one customer.
    ///
    /// # Errors
    /// [`Error::NotFound`] where Webex has it no more, which takes it out of the copy; what keeps Webex from being asked.
    pub async fn refresh(&self, organisation: &str, id: &str) -> Result<Customer> {
        let stored = self.partner(organisation, Some(READ)).await?;
        let webex = self.webex(&stored.id).await?;
        let known = self.customer(organisation, id).await.ok();
        let name = known.as_ref().map_or_else(|| id.to_owned(), called);
        let found = match self.look(&webex, organisation, id).await? {
            Look::There(customer) => *customer,
            Look::Gone => {
                return Err(Error::NotFound {
                    what: "wholesale customer",
                    id: name,
                });
            }
            Look::Trouble(error) => {
                return Err(Error::webex(format!("read the wholesale customer {name}"))(error));
            }
        };
        // What is known stays where Webex does not tell it.
        if let Some(org_id) = &found.org_id
            && let Ok(org) = webex.organisation(org_id).await
            && let Some(org_name) = org.display_name
            && found.org_name.as_ref() != Some(&org_name)
        {
            let mut write = self.inner.db.write().await?;
            let named = store::Named {
                key: crate::mirror::snapshot::id_key(&found.id),
                org_id: org_id.clone(),
                org_name: None,
            };
            store::name(write.connection(), organisation, &named, &org_name).await?;
            write.touch(Topic::Wholesale);
            write.commit().await?;
        }
        // Whoever follows it need not wait to see the same.
        if let Some(transaction) = &found.followed_by
            && let Some(followed) = lock(&self.inner.changes).get(transaction)
        {
            followed.look.notify_one();
        }
        self.customer(organisation, id).await
    }

    /// The client, for somebody at the screen.
    async fn webex(&self, organisation: &str) -> Result<Webex> {
        let webex = self.inner.clients.webex_for(organisation).await?;
        Ok(webex.with_priority(Priority::Person))
    }

    /// Reads a customer and keeps what it shows.
    async fn look(&self, webex: &Webex, organisation: &str, id: &str) -> Result<Look> {
        let db = &self.inner.db;
        let mut write = db.write().await?;
        let observed = store::observe(write.connection(), organisation).await?;
        write.commit().await?;
        let as_of = self.inner.clock.now().to_string();
        match webex.wholesale_customer(id).await {
            Ok(customer) => {
                let customer = copy::seen(customer, &as_of);
                let mut write = db.write().await?;
                store::put(write.connection(), organisation, observed, &customer).await?;
                write.touch(Topic::Wholesale);
                write.commit().await?;
                // With the name that is known of it.
                let kept = store::customer(db, organisation, &customer.id).await?;
                let (org_name, followed_by) = kept
                    .map(|kept| (kept.org_name, kept.followed_by))
                    .unwrap_or_default();
                Ok(Look::There(Box::new(Customer {
                    org_name,
                    followed_by,
                    ..customer
                })))
            }
            Err(error) if *error.kind() == ErrorKind::NotFound => {
                let mut write = db.write().await?;
                store::gone(
                    write.connection(),
                    organisation,
                    observed,
                    &crate::mirror::snapshot::id_key(id),
                )
                .await?;
                write.touch(Topic::Wholesale);
                write.commit().await?;
                Ok(Look::Gone)
            }
            Err(error) => Ok(Look::Trouble(error)),
        }
    }

    /// Leaves every copy and every change that is followed; the next Patchbay takes the changes up. Their transactions are
    /// interrupted.
    pub async fn stop(&self) {
        self.inner.copies.close().await;
        let changes: Vec<(String, Followed)> = lock(&self.inner.changes).drain().collect();
        for (transaction, change) in changes {
            change.task.abort();
            // Ends with the abort, unless it has ended already.
            if change.task.await.is_err()
                && let Err(error) = self.leave(&transaction).await
            {
                tracing::warn!(transaction, ?error, "what is under way could not be left");
            }
        }
    }

    async fn leave(&self, transaction: &str) -> Result<()> {
        let inner = &self.inner;
        let mut write = inner.db.write().await?;
        store::unsettled::leave(write.connection(), Some(transaction)).await?;
        write.touch(Topic::Wholesale);
        write.commit().await?;
        transactions::Open::again(&inner.db, Arc::clone(&inner.clock), transaction.to_owned())
            .close_as(TransactionState::Interrupted, None, &[])
            .await
    }
}

/// What looking at a customer showed.
enum Look {
    There(Box<Customer>),
    Gone,
    Trouble(webex_client::Error),
}
