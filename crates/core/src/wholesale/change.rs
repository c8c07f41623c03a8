//! Changes of customers from their beginning, and those that an ended Patchbay left.

use super::follow::Following;
use super::store::unsettled::{self, Left};
use super::words::called;
use super::{CustomerChange, Followed, WRITE, Wholesale, lock, rules, store};
use crate::error::{Error, Result};
use crate::events::Topic;
use crate::mirror::snapshot::id_key;
use crate::organisations::Organisation;
use crate::transactions::{self, Open, Opening, TransactionKind};
use std::sync::Arc;
use tokio::sync::Notify;

/// The steps of a change.
const STEPS: [&str; 4] = [
    "Read the customer",
    "Have Webex check the change",
    "Send the change",
    "Follow it until Webex has settled it",
];
/// The steps of a change that a Patchbay before has sent.
const STEPS_LEFT: [&str; 2] = ["Read the customer", "Follow it until Webex has settled it"];
impl Wholesale {
    /// Begins a change; its transaction, which follows it until Webex has settled it.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the field; [`Error::Conflict`] where nothing would change or another change of the customer is
    /// still followed; what keeps Webex from being asked. Nothing was sent then.
    pub async fn begin_update(&self, organisation: &str, id: &str, change: CustomerChange) -> Result<String> {
        let inner = &self.inner;
        let stored = self.partner(organisation, Some(WRITE)).await?;
        let before = self.customer(organisation, id).await?;
        self.check(organisation, &before, &change).await?;
        let problems = rules::package_problems(&change.packages);
        if !problems.is_empty() {
            return Err(Error::invalid("packages", problems.join(" ")));
        }
        let name = called(&before);
        if rules::difference(&before, &change).is_empty() {
            return Err(Error::conflict(format!(
                "{name} is as you want it already. Nothing was sent."
            )));
        }
        let webex = self.webex(&stored.id).await?;
        let key = id_key(&before.id);
        let _turn = inner.turn.lock().await;
        self.refuse_second(organisation, &key, &name).await?;
        let open = self
            .open(
                &stored,
                format!("Change of {name}"),
                STEPS.map(str::to_owned).to_vec(),
            )
            .await?;
        let mut write = inner.db.write().await?;
        if unsettled::follower(write.connection(), organisation, &key)
            .await?
            .is_some()
        {
            // Another process was quicker.
            drop(write);
            let refusal = Error::conflict(format!(
                "Another change of {name} has begun just now. Nothing was sent."
            ));
            open.close(Err(&refusal.failure()), &[]).await?;
            return Err(refusal);
        }
        unsettled::begin(write.connection(), organisation, &key, &open.id, &change).await?;
        write.touch(Topic::Wholesale);
        write.commit().await?;
        let transaction = open.id.clone();
        let following = Following::new(self.clone(), webex, open, stored, before, change, STEPS.len() - 1);
        self.spawn(following, Task::Change);
        Ok(transaction)
    }

    async fn refuse_second(&self, organisation: &str, key: &str, name: &str) -> Result<()> {
        let mut read = self.inner.db.read().acquire().await?;
        let follower = unsettled::follower(&mut read, organisation, key).await?;
        drop(read);
        let Some(transaction) = follower else {
            return Ok(());
        };
        let transaction = transactions::get(&self.inner.db, &transaction).await?;
        Err(Error::conflict(format!(
            "A change of {name} is still under way: \"{}\", begun {}. Wait until it is settled; the transaction says how far it is.",
            transaction.title, transaction.started_at
        )))
    }

    async fn open(&self, stored: &Organisation, title: String, steps: Vec<String>) -> Result<Open> {
        let opening = Opening {
            kind: TransactionKind::WholesaleChange,
            title,
            organisation: Some(stored.id.clone()),
            organisation_name: Some(stored.name.clone()),
            who: self.inner.who.clone(),
            steps,
        };
        transactions::open(&self.inner.db, Arc::clone(&self.inner.clock), opening).await
    }

    /// Follows the changes that an ended Patchbay left, of one organisation or of all. Those whose organisation cannot be
    /// asked now are left for the next time.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn take_up(&self, organisation: Option<&str>) -> Result<()> {
        let all = unsettled::left(&self.inner.db, organisation).await?;
        if all.is_empty() {
            return Ok(());
        }
        let _turn = self.inner.turn.lock().await;
        for left in all {
            let able = async {
                let stored = self.partner(&left.organisation, Some(WRITE)).await?;
                let webex = self.webex(&stored.id).await?;
                Ok::<_, Error>((stored, webex))
            };
            let (stored, webex) = match able.await {
                Ok(able) => able,
                Err(error) => {
                    tracing::info!(customer = left.customer, %error, "a change cannot be followed now");
                    continue;
                }
            };
            let known = store::customer(&self.inner.db, &left.organisation, &left.customer).await?;
            // Without a copy of it there is only its id to ask by.
            let Some(before) = known else {
                tracing::info!(
                    customer = left.customer,
                    "a customer whose change was left is gone"
                );
                self.forget(&left).await?;
                continue;
            };
            let open = self
                .open(
                    &stored,
                    format!("Change of {}, followed after a restart", called(&before)),
                    STEPS_LEFT.map(str::to_owned).to_vec(),
                )
                .await?;
            let mut write = self.inner.db.write().await?;
            if !unsettled::take(write.connection(), &left, &open.id).await? {
                drop(write);
                let taken = Error::conflict("Another Patchbay follows this change.");
                open.close(Err(&taken.failure()), &[]).await?;
                continue;
            }
            write.touch(Topic::Wholesale);
            write.commit().await?;
            let following = Following::new(
                self.clone(),
                webex,
                open,
                stored,
                before,
                left.change,
                STEPS_LEFT.len() - 1,
            );
            self.spawn(
                following,
                Task::Left {
                    accepted: left.accepted,
                },
            );
        }
        Ok(())
    }

    async fn forget(&self, left: &Left) -> Result<()> {
        let mut write = self.inner.db.write().await?;
        // Taken under a name nobody has, then settled.
        let nobody = crate::ids::new_id();
        unsettled::take(write.connection(), left, &nobody).await?;
        unsettled::settled(write.connection(), &nobody).await?;
        write.commit().await?;
        Ok(())
    }

    fn spawn(&self, mut following: Following, task: Task) {
        let wholesale = self.clone();
        let transaction = following.open.id.clone();
        let look = Arc::new(Notify::new());
        following.woken = Arc::clone(&look);
        // Held until the task is listed, so that it cannot end before.
        let mut changes = lock(&self.inner.changes);
        let id = transaction.clone();
        let handle = tokio::spawn(async move {
            let outcome = match task {
                Task::Change => following.carry_out().await,
                Task::Left { accepted } => following.go_on(accepted).await,
            };
            if let Err(error) = following.end(outcome).await {
                tracing::error!(?error, "the end of a change could not be kept");
            }
            lock(&wholesale.inner.changes).remove(&id);
            wholesale
                .inner
                .db
                .events()
                .publish([Topic::Wholesale, Topic::Transactions]);
        });
        changes.insert(transaction, Followed { look, task: handle });
    }
}

enum Task {
    Change,
    Left { accepted: bool },
}
