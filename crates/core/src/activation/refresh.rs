//! Asking Webex for one user, or for each of several.
//!
//! What one user has become is written into the copy that readers see. That one of several cannot be read is said, and does not
//! end the others; that nobody can be read any more does.

use super::availability::{read_scope, source_of};
use super::joins::{self, Joins, Told};
use super::model::{ActivationSelection, ActivationSource, ActivationUser};
use super::progress::Gone;
use super::row::Row;
use super::{Activation, Inner, allowed, copy, store};
use crate::error::{Error, Failure, Result};
use crate::events::Topic;
use crate::mirror;
use crate::organisations::Organisation;
use crate::transactions::{self, Open, Opening, TransactionKind, TransactionState, Turn};
use futures::StreamExt as _;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;
use webex_client::{ErrorKind, Priority, Webex};

/// Users asked for at once.
const AT_ONCE: usize = 4;
/// Users written together, and told of together,
const BATCH: u32 = 25;
/// or as many as were answered in this time, so that one that hangs keeps nothing back.
const FLUSH: Duration = Duration::from_secs(1);

/// What asking for one user showed.
#[derive(Debug, Clone)]
pub enum Refreshed {
    There(Box<ActivationUser>),
    /// Webex knows the user no more, or took its licences: it is in the list no more.
    Gone {
        name: String,
    },
}

/// What a user is called.
pub(super) fn called(row: &Row) -> String {
    let names: Vec<&str> = [row.first_name.as_deref(), row.last_name.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    let name = Some(names.join(" ")).filter(|name| !name.is_empty());
    name.or_else(|| row.email.clone())
        .or_else(|| row.service_id.clone())
        .unwrap_or_else(|| row.id.clone())
}

/// What asking for one user showed, for the copy.
struct Asked {
    key: String,
    /// When Webex was asked.
    at: String,
    /// What the user has become; None where it is gone.
    found: Option<Row>,
}

/// Asks for users of one organisation.
struct Asking {
    inner: Arc<Inner>,
    webex: Webex,
    organisation: Organisation,
    source: ActivationSource,
    customers: HashMap<String, String>,
    /// Read when the first user has become somebody else.
    joins: OnceCell<Joins>,
    /// Names alone: a person brings the rest.
    names: OnceCell<Joins>,
}

impl Asking {
    async fn joins(&self) -> Result<&Joins> {
        let (db, id) = (&self.inner.db, &self.organisation.id);
        self.joins
            .get_or_try_init(async || Ok(Joins::new(mirror::directory(db, id).await?)))
            .await
    }

    async fn names(&self) -> Result<&Joins> {
        let (db, id) = (&self.inner.db, &self.organisation.id);
        self.names
            .get_or_try_init(async || Ok(Joins::new(mirror::names(db, id).await?)))
            .await
    }

    async fn ask(&self, row: &Row) -> Result<Asked> {
        let at = self.inner.clock.now().to_string();
        Ok(Asked {
            found: self.look(row, &at).await?,
            key: row.key.clone(),
            at,
        })
    }

    /// What a user has become; None where it is gone.
    async fn look(&self, row: &Row, as_of: &str) -> Result<Option<Row>> {
        let told = match self.source {
            ActivationSource::Broadworks => self.webex.broadworks_subscriber(&row.id).await.map(Told::from),
            ActivationSource::Wholesale => self
                .webex
                .wholesale_subscriber(&row.id)
                .await
                .map(|told| Told::wholesale(told, &self.customers)),
            ActivationSource::People => return self.ask_person(row, as_of).await,
        };
        let told = match told {
            Ok(told) => told,
            Err(error) if *error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(Error::webex(format!("read the activation of {}", called(row)))(
                    error,
                ));
            }
        };
        if let Some(renewed) = joins::renewed(told.clone(), row, as_of) {
            return Ok(Some(renewed));
        }
        let joins = self.joins().await?;
        let by_extension = match joins.by_extension(&told) {
            Some(person) => {
                let (db, id) = (&self.inner.db, &self.organisation.id);
                store::is_alone(db, id, &row.key, &person.key, told.enterprise()).await?
            }
            None => false,
        };
        let joined = if by_extension {
            joins.row_by_extension(told, as_of)
        } else {
            joins.row(told, as_of)
        };
        // The row stays the one that was asked for, however Webex spells its id now.
        Ok(Some(Row {
            key: row.key.clone(),
            ..joined
        }))
    }

    async fn ask_person(&self, row: &Row, as_of: &str) -> Result<Option<Row>> {
        let person = match self.webex.person(&row.id, true).await {
            Ok(person) => mirror::listed(person),
            Err(error) if *error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(Error::webex(format!("read the activation of {}", called(row)))(
                    error,
                ));
            }
        };
        if person.licences.is_empty() {
            return Ok(None);
        }
        let renewed = self.names().await?.person_row(&person, as_of);
        Ok(Some(Row {
            key: row.key.clone(),
            ..renewed
        }))
    }

    /// Keeps what several users have become.
    async fn keep(&self, asked: &[Asked]) -> Result<()> {
        if asked.is_empty() {
            return Ok(());
        }
        let (inner, id) = (&self.inner, &self.organisation.id);
        let now = inner.clock.now().to_string();
        let mut write = inner.db.write().await?;
        inner.uncounted().insert(id.clone());
        for Asked { key, at, found } in asked {
            match found {
                Some(row) => store::put(write.connection(), id, row, at, &now).await?,
                None => store::gone(write.connection(), id, key, at, &now).await?,
            }
        }
        write.touch(Topic::Activation);
        write.commit().await?;
        Ok(())
    }
}

impl Inner {
    /// Counts the day, if users were refreshed since it was counted. It looks at everybody, so it is done once, at the end.
    pub(super) async fn count_day(&self, organisation: &str) -> Result<()> {
        if !self.uncounted().contains(organisation) {
            return Ok(());
        }
        let mut write = self.db.write().await?;
        store::count_day(write.connection(), organisation, &copy::day(self.clock.now())).await?;
        write.touch(Topic::Activation);
        // With the one writer in hand, as where it is set: what is kept from now on is counted anew.
        self.uncounted().remove(organisation);
        let counted = write.commit().await;
        if counted.is_err() {
            self.uncounted().insert(organisation.to_owned());
        }
        Ok(counted?)
    }
}

impl Activation {
    async fn asking(
        &self,
        organisation: Organisation,
        priority: Priority,
        customers: HashMap<String, String>,
    ) -> Result<Asking> {
        let source = source_of(&organisation);
        allowed(&organisation, read_scope(source))?;
        let webex = self.inner.clients.webex_for(&organisation.id).await?;
        Ok(Asking {
            inner: Arc::clone(&self.inner),
            webex: webex.with_priority(priority),
            organisation,
            source,
            customers,
            joins: OnceCell::new(),
            names: OnceCell::new(),
        })
    }

    /// The copy, where it is one of the list that tells the states now.
    async fn same_source(&self, organisation: &Organisation) -> Result<store::Copy> {
        let copy = store::copy(&self.inner.db, &organisation.id).await?;
        copy.filter(|copy| copy.source == source_of(organisation))
            .ok_or_else(|| {
                Error::conflict(format!(
                    "The activation of {} was not copied yet. Refresh all of it first.",
                    organisation.name
                ))
            })
    }

    pub(super) async fn row(&self, organisation: &str, key: &str) -> Result<Row> {
        store::user(&self.inner.db, organisation, key)
            .await?
            .ok_or_else(|| Error::NotFound {
                what: "licensed user",
                id: key.to_owned(),
            })
    }

    /// Asks Webex for one user. `customers` are names of wholesale customers by key.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a user that is not in the copy; what keeps Webex from being asked.
    pub async fn refresh_user(
        &self,
        organisation: &str,
        key: &str,
        customers: HashMap<String, String>,
    ) -> Result<Refreshed> {
        let stored = self.organisation(organisation).await?;
        self.same_source(&stored).await?;
        let row = self.row(organisation, key).await?;
        let name = called(&row);
        let asking = self.asking(stored, Priority::Person, customers).await?;
        let asked = asking.ask(&row).await?;
        asking.keep(&[asked]).await?;
        self.inner.count_day(organisation).await?;
        // Who has asked later may know better.
        match self.user(organisation, key).await {
            Ok(user) => Ok(Refreshed::There(Box::new(user))),
            Err(Error::NotFound { .. }) => Ok(Refreshed::Gone { name }),
            Err(error) => Err(error),
        }
    }

    /// The keys of a selection, in the order of its view.
    async fn keys(&self, organisation: &str, selection: &ActivationSelection) -> Result<Vec<String>> {
        match selection {
            ActivationSelection::Keys { keys } => {
                let mut seen = std::collections::HashSet::new();
                Ok(keys.iter().filter(|key| seen.insert(*key)).cloned().collect())
            }
            ActivationSelection::View { view } => self.keys_of(organisation, view).await,
        }
    }

    /// Begins asking Webex for each of several users; the transaction.
    ///
    /// # Errors
    /// [`Error::Conflict`] while others are asked for, and where the selection is empty; what keeps it from starting.
    pub async fn begin_refresh(
        &self,
        organisation: &str,
        selection: &ActivationSelection,
        customers: HashMap<String, String>,
    ) -> Result<String> {
        let stored = self.organisation(organisation).await?;
        self.same_source(&stored).await?;
        let keys = self.keys(organisation, selection).await?;
        if keys.is_empty() {
            return Err(Error::conflict(
                "Nobody is selected, so there is nobody to refresh. Select users, or change the filters.",
            ));
        }
        let Turn::Free(place) = self.inner.refreshes.turn(organisation, &stored.name).await? else {
            return Err(Error::conflict(format!(
                "Users of {} are being refreshed already. Wait until that is done, or cancel it.",
                stored.name
            )));
        };
        let asking = self.asking(stored, Priority::Bulk, customers).await?;
        let count = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        let users = if count == 1 { "user" } else { "users" };
        let open = transactions::open(
            &self.inner.db,
            Arc::clone(&self.inner.clock),
            Opening {
                kind: TransactionKind::ActivationRefresh,
                title: format!("Refresh of {count} {users} of {}", asking.organisation.name),
                organisation: Some(asking.organisation.id.clone()),
                organisation_name: Some(asking.organisation.name.clone()),
                who: self.inner.who.clone(),
                steps: vec!["Ask Webex for each user".to_owned()],
            },
        )
        .await?;
        let watched = open.clone();
        let activation = self.clone();
        Ok(place.carry_out(open, async move {
            activation.carry_out(&asking, keys, &watched).await
        }))
    }

    async fn carry_out(
        &self,
        asking: &Asking,
        keys: Vec<String>,
        open: &Open,
    ) -> std::result::Result<(), Failure> {
        let total = Some(u32::try_from(keys.len()).unwrap_or(u32::MAX));
        let told = |error: Error| {
            tracing::warn!(
                organisation = asking.organisation.name,
                ?error,
                "the refresh ended"
            );
            error.failure()
        };
        let mut gone = Gone::default();
        let (mut batch, mut unsaid) = (Vec::new(), 0);
        open.step(0, TransactionState::Running, 0, total, None)
            .await
            .map_err(told)?;
        let mut answers = futures::stream::iter(keys)
            .map(|key| async move {
                let row = store::user(&asking.inner.db, &asking.organisation.id, &key).await?;
                // Somebody may have taken it out since it was selected.
                let Some(row) = row else { return Ok(None) };
                let answer = asking.ask(&row).await;
                Ok::<_, Error>(Some((row, answer)))
            })
            .buffer_unordered(AT_ONCE);
        let mut ended = None;
        let mut tick = Box::pin(tokio::time::sleep(FLUSH));
        loop {
            let answer = tokio::select! {
                biased;
                () = &mut tick => None,
                answer = answers.next() => match answer {
                    Some(answer) => Some(answer),
                    None => break,
                },
            };
            let time_is_up = answer.is_none();
            if let Some(answer) = answer {
                gone.asked += 1;
                unsaid += 1;
                match answer.map_err(told)? {
                    None => gone.missing += 1,
                    Some((_, Ok(asked))) => {
                        gone.read(asked.found.is_some());
                        batch.push(asked);
                    }
                    Some((row, Err(error))) => {
                        gone.note(&row, &error);
                        if gone.is_hopeless(&error) {
                            ended = Some(error);
                            break;
                        }
                    }
                }
            }
            if time_is_up {
                tick.set(tokio::time::sleep(FLUSH));
            }
            if unsaid >= BATCH || (time_is_up && unsaid > 0) {
                asking.keep(&batch).await.map_err(told)?;
                batch.clear();
                unsaid = 0;
                open.step(
                    0,
                    TransactionState::Running,
                    gone.asked,
                    total,
                    gone.detail().as_deref(),
                )
                .await
                .map_err(told)?;
            }
        }
        drop(answers);
        asking.keep(&batch).await.map_err(told)?;
        self.inner
            .count_day(&asking.organisation.id)
            .await
            .map_err(told)?;
        let nobody = gone.failures() == (gone.asked - gone.missing) as usize;
        let failure = ended.map(told).or(gone.first.clone().filter(|_| nobody));
        let state = match failure {
            Some(_) => TransactionState::Failed,
            None => TransactionState::Succeeded,
        };
        open.step(0, state, gone.asked, total, gone.detail().as_deref())
            .await
            .map_err(told)?;
        failure.map_or(Ok(()), Err)
    }

    /// Ends the refresh of several users; what was read by then stays.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] where another Patchbay is at it.
    pub async fn cancel_refresh(&self, organisation: &str) -> Result<()> {
        let stored = self.organisation(organisation).await?;
        let stopped = self.inner.refreshes.stop(organisation, &stored.name).await?;
        let counted = self.inner.count_day(organisation).await;
        drop(stopped);
        counted
    }
}
