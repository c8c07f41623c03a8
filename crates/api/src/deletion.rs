//! Deleting an organisation (product O9): what it takes away, and doing it across everything that belongs to one.
//!
//! Invariants: with revoking, Webex takes the tokens back first, and where it does not, nothing is deleted; that no run
//! is open is judged in the write that deletes; a copy at work here is stopped, one of another process keeps the organisation,
//! and none begins meanwhile.

use crate::Patchbay;
use patchbay_core::organisations::{self, Deletion};
use patchbay_core::scheduler::model::ScheduleFilter;
use patchbay_core::secrets::field::{ACCESS_TOKEN, REFRESH_TOKEN};
use patchbay_core::transactions::{self, Open, Opening, TransactionKind, TransactionState};
use patchbay_core::{Error, Failure, Result, audit, bulk_assignments, mirror, runs};
use std::sync::Arc;

const TAKE_BACK: &str = "Take the tokens back at Webex";
const DELETE: &str = "Delete what is on this computer";

impl Patchbay {
    /// What deleting the organisation would take away, and whether it can be done now.
    pub(crate) async fn deletion(&self, id: &str) -> Result<Deletion> {
        let inner = &self.inner;
        let organisation = organisations::get(&inner.db, &inner.vault, id).await?;
        let parts = mirror::status(&inner.db, id, None).await?.parts;
        let count = |kind| {
            parts
                .iter()
                .find(|part| part.kind == kind)
                .map_or(0, |part| part.count)
        };
        let templates = bulk_assignments::list(&inner.db, &inner.runs, None)
            .await?
            .into_iter()
            .filter(|template| template.organisation.as_deref() == Some(id))
            .count();
        let of_it = ScheduleFilter {
            organisation: Some(id.to_owned()),
            ..ScheduleFilter::default()
        };
        let schedules = inner
            .scheduler
            .list(self.work().as_ref(), &of_it, 0, 1)
            .await?
            .total;
        let has_tokens = inner
            .vault
            .held()
            .await?
            .get(id)
            .is_some_and(|fields| fields.contains(ACCESS_TOKEN) || fields.contains(REFRESH_TOKEN));
        Ok(Deletion {
            people: count(mirror::MirrorKind::People),
            numbers: count(mirror::MirrorKind::Numbers),
            templates: u32::try_from(templates).unwrap_or(u32::MAX),
            reports: runs::ended_of(&inner.db, id).await?,
            schedules,
            has_tokens,
            blocked: self
                .open_run_of(id)
                .await?
                .map(|run| blocked(&run, &organisation.name)),
            name: organisation.name,
        })
    }

    async fn open_run_of(&self, id: &str) -> Result<Option<String>> {
        let open = self.inner.runs.open().await?;
        Ok(open
            .into_iter()
            .find(|run| run.organisation == id)
            .map(|run| run.name))
    }

    /// Deletes the organisation; whether Webex took its tokens back.
    pub(crate) async fn delete_organisation(
        &self,
        id: &str,
        revoke: bool,
    ) -> std::result::Result<bool, Failure> {
        let told = |error: Error| {
            tracing::warn!(organisation = id, ?error, "the organisation was not deleted");
            error.failure()
        };
        let inner = &self.inner;
        let organisation = organisations::get(&inner.db, &inner.vault, id)
            .await
            .map_err(told)?;
        if let Some(run) = self.open_run_of(id).await.map_err(told)? {
            return Err(told(Error::conflict(blocked(&run, &organisation.name))));
        }
        let elsewhere = inner.syncs.is_elsewhere(id)
            || inner.wholesale.is_elsewhere(id)
            || inner.activation.is_elsewhere(id)
            || inner.directory_syncs.is_elsewhere(id).await.map_err(told)?;
        if elsewhere {
            return Err(told(Error::conflict(format!(
                "Another Patchbay on this data folder is at work on {}. Wait until that is done or close it, then delete the organisation.",
                organisation.name
            ))));
        }
        let steps = if revoke {
            vec![TAKE_BACK, DELETE]
        } else {
            vec![DELETE]
        };
        let open = transactions::open(
            &inner.db,
            Arc::clone(&inner.clock),
            Opening {
                kind: TransactionKind::OrganisationRemoved,
                title: format!("Deletion of {}", organisation.name),
                organisation: Some(organisation.id.clone()),
                organisation_name: Some(organisation.name.clone()),
                who: inner.who.clone(),
                steps: steps.into_iter().map(str::to_owned).collect(),
            },
        )
        .await
        .map_err(told)?;
        let done = self.carry_out_deletion(&organisation, revoke, &open).await;
        if let Err(failure) = &done {
            let tracking: Vec<String> = failure.tracking_id.iter().cloned().collect();
            if let Err(error) = open.close(Err(failure), &tracking).await {
                tracing::error!(?error, "the transaction of a deletion could not be closed");
            }
        }
        done
    }

    async fn carry_out_deletion(
        &self,
        organisation: &organisations::Organisation,
        revoke: bool,
        open: &Open,
    ) -> std::result::Result<bool, Failure> {
        let told = |error: Error| {
            tracing::warn!(
                organisation = organisation.id,
                ?error,
                "the organisation was not deleted"
            );
            error.failure()
        };
        let mut revoked = false;
        if revoke {
            open.step(0, TransactionState::Running, 0, None, None)
                .await
                .map_err(told)?;
            revoked = self
                .inner
                .consent
                .revoke(&organisation.id)
                .await
                .map_err(|error| {
                    let mut failure = told(error);
                    failure.message.push_str(
                        " Nothing was deleted. Try again, or delete it without taking the tokens back.",
                    );
                    failure
                })?;
            let detail = (!revoked).then_some("There were no tokens on this computer.");
            open.step(0, TransactionState::Succeeded, 0, None, detail)
                .await
                .map_err(told)?;
        }
        open.step(usize::from(revoke), TransactionState::Running, 0, None, None)
            .await
            .map_err(told)?;
        self.delete_here(organisation, revoked, open)
            .await
            .map_err(told)?;
        Ok(revoked)
    }

    async fn delete_here(
        &self,
        organisation: &organisations::Organisation,
        revoked: bool,
        open: &Open,
    ) -> Result<()> {
        let inner = &self.inner;
        let id = organisation.id.as_str();
        inner.consent.end_attempt(id).await;
        let sync = inner.syncs.stop(id, &organisation.name).await?;
        let copy = inner.wholesale.stop_copy(id, &organisation.name).await?;
        let activation = inner.activation.stop(id, &organisation.name).await?;
        let _directory_syncs = inner.directory_syncs.stop(id).await;
        let mut write = inner.db.write().await?;
        if let Some(run) = runs::open_of(&mut write, id).await? {
            return Err(Error::conflict(blocked(&run, &organisation.name)));
        }
        organisations::delete(&mut write, &inner.vault, id).await?;
        let context = audit::Context {
            who: inner.who.clone(),
            organisation: Some(id.to_owned()),
        };
        audit::append(
            &mut write,
            inner.clock.as_ref(),
            &context,
            "organisation_removed",
            &serde_json::json!({ "name": organisation.name, "revoked": revoked }),
        )
        .await?;
        let now = inner.clock.now().to_string();
        transactions::close_in(&mut write, &now, &open.id, TransactionState::Succeeded, None).await?;
        write.commit().await?;
        sync.forget();
        copy.forget();
        activation.into_iter().for_each(transactions::Stopped::forget);
        inner.consent.forget(id).await;
        Ok(())
    }
}

fn blocked(run: &str, organisation: &str) -> String {
    format!(
        "The run \"{run}\" of {organisation} has not ended. Finish or cancel it, then delete the organisation."
    )
}
