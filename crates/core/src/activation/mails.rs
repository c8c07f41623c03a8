//! What gets users on: the mail that asks for consent to move, and activation mails for the whole organisation.
//!
//! Neither is sent twice when an answer is lost. The second is a job of Webex, which is followed to its end and whose counts
//! are told.

use super::availability::{source_of, write_scope};
use super::model::{ActivationSource, Nudge};
use super::{Activation, allowed, refresh::called, states};
use crate::audit;
use crate::error::{Error, ErrorCode, Failure, Result, webex_sentence};
use crate::organisations::Organisation;
use crate::transactions::{self, Open, Opening, TransactionKind, TransactionState, Turn};
use jiff::SignedDuration;
use std::collections::BTreeMap;
use std::sync::Arc;
use webex_client::{ActivationMailError, ActivationMailsJob, ErrorKind, JobStatus, Priority, Sent, Webex};

/// The steps of a job.
const STEPS: [&str; 2] = [
    "Ask Webex to send activation mails",
    "Wait until Webex has sent them",
];
/// Nothing is followed longer.
const LONGEST: SignedDuration = SignedDuration::from_hours(6);
/// Errors of a job that are read.
const ERRORS: usize = 500;
/// Reasons that are told.
const REASONS: usize = 5;
/// Mailed within the last 24 hours already.
const MAILED: &str = "ATLAS-600199";

fn refused(message: String, tracking_id: Option<String>) -> Failure {
    Failure {
        code: ErrorCode::Refused,
        message,
        field: None,
        retryable: false,
        tracking_id,
    }
}

/// Why what was to be sent was not. Where the answer was lost it may have been sent all the same: `in_doubt` says so and what to
/// do, and it is not offered again.
fn unsent(doing: String, in_doubt: &str, error: webex_client::Error) -> Failure {
    let (lost, said) = (error.sent() == Sent::InDoubt, webex_sentence(&error));
    let mut failure = Error::webex(doing)(error).failure();
    if lost {
        failure.message = format!("{said} {in_doubt}");
        failure.retryable = false;
    }
    failure
}

/// What Webex did, in sentences.
fn in_words(job: &ActivationMailsJob, errors: &[ActivationMailError]) -> String {
    let counts = &job.counts;
    let mut said = Vec::new();
    let known = [
        (counts.sent, "sent"),
        (counts.skipped, "skipped"),
        (counts.failed, "failed"),
    ];
    let known: Vec<String> = known
        .into_iter()
        .filter_map(|(count, what)| Some(format!("{} {what}", count?)))
        .collect();
    if !known.is_empty() {
        let of = counts
            .total
            .map(|total| format!(" of {total}"))
            .unwrap_or_default();
        said.push(format!("{}{of}.", known.join(", ")));
    }
    let mut reasons: BTreeMap<String, u32> = BTreeMap::new();
    let mut mailed = 0;
    for message in errors.iter().flat_map(|error| &error.error.message) {
        if message.code.as_deref() == Some(MAILED) {
            mailed += 1;
            continue;
        }
        let code = message.code.as_deref().unwrap_or("no code");
        let description = message.description.as_deref().unwrap_or("Webex gave no reason.");
        *reasons.entry(format!("{code}: {description}")).or_default() += 1;
    }
    // Of the rest of a long list nothing is known.
    let is_cut = errors.len() >= ERRORS;
    if mailed > 0 {
        let least = if is_cut { "At least " } else { "" };
        let users = if mailed == 1 { "user was" } else { "users were" };
        said.push(format!(
            "{least}{mailed} {users} left out, because they had an invitation within the last 24 hours already ({MAILED})."
        ));
    }
    let more = reasons.len().saturating_sub(REASONS);
    said.extend(
        reasons
            .into_iter()
            .take(REASONS)
            .map(|(reason, count)| match (count, is_cut) {
                (1, false) => reason,
                (_, false) => format!("{count} × {reason}"),
                (_, true) => format!("At least {count} × {reason}"),
            }),
    );
    if more > 0 {
        said.push(format!("And {more} other reasons."));
    }
    said.join(" ")
}

impl Activation {
    async fn mailing(&self, organisation: &Organisation) -> Result<Webex> {
        allowed(organisation, write_scope(source_of(organisation)))?;
        let webex = self.inner.clients.webex_for(&organisation.id).await?;
        Ok(webex.with_priority(Priority::Person))
    }

    async fn audit(&self, organisation: &Organisation, what: &str, detail: &serde_json::Value) -> Result<()> {
        let inner = &self.inner;
        let mut write = inner.db.write().await?;
        let context = audit::Context {
            who: inner.who.clone(),
            organisation: Some(organisation.id.clone()),
        };
        audit::append(&mut write, inner.clock.as_ref(), &context, what, detail).await?;
        write.commit().await?;
        Ok(())
    }

    /// Sends the mail that asks a user for consent to move a free account once more.
    ///
    /// # Errors
    /// [`ErrorCode::Conflict`] where the user does not wait for it; what Webex says. Where its answer was lost, that the mail may
    /// have been sent all the same.
    pub async fn send_consent_mail(&self, organisation: &str, key: &str) -> std::result::Result<(), Failure> {
        let told = |error: Error| {
            tracing::warn!(?error, "no consent mail was sent");
            error.failure()
        };
        let (webex, id, name, open) = self.open_consent_mail(organisation, key).await.map_err(told)?;
        let sent = match open.step(0, TransactionState::Running, 0, None, None).await {
            Ok(()) => webex.resend_consent_mail(&id).await.map_err(|error| {
                tracing::warn!(?error, "a consent mail failed");
                let in_doubt = format!(
                    "The consent mail to {name} may have been sent all the same. Ask the user, or look in Control Hub, before it \
                     is sent again."
                );
                unsent(
                    format!("have the consent mail sent to {name}"),
                    &in_doubt,
                    error,
                )
            }),
            Err(error) => Err(told(error)),
        };
        let (outcome, tracking) = match sent {
            Ok(answer) => (Ok(()), answer.tracking_id),
            Err(failure) => {
                let tracking = failure.tracking_id.clone();
                (Err(failure), tracking)
            }
        };
        let tracking: Vec<String> = tracking.into_iter().collect();
        // What became of the mail is known, and stays so if it cannot be written down.
        if let Err(error) = open.close(outcome.as_ref().copied(), &tracking).await {
            tracing::error!(?error, "the transaction of a consent mail could not be closed");
        }
        outcome
    }

    /// A consent mail that may be sent: by whom, the id of the subscriber, what the user is called, and its transaction.
    async fn open_consent_mail(
        &self,
        organisation: &str,
        key: &str,
    ) -> Result<(Webex, String, String, Open)> {
        let stored = self.organisation(organisation).await?;
        let source = source_of(&stored);
        let row = self.row(organisation, key).await?;
        let name = called(&row);
        if states::nudge(&row.state, source) != Some(Nudge::ConsentMail) {
            let state = states::label(&row.state);
            let why = match source {
                ActivationSource::People => "such a mail exists for subscribers only".to_owned(),
                _ => {
                    format!("the state is {state}, and Webex sends it in the state Pending User Consent only")
                }
            };
            return Err(Error::conflict(format!(
                "No consent mail was sent to {name}: {why}. Refresh the user if the state may have changed."
            )));
        }
        let webex = self.mailing(&stored).await?;
        // Before it leaves: who asked for a mail is known even where the answer is not.
        let detail = serde_json::json!({ "subscriber": row.id });
        self.audit(&stored, "consent_mail_sent", &detail).await?;
        let open = transactions::open(
            &self.inner.db,
            Arc::clone(&self.inner.clock),
            Opening {
                kind: TransactionKind::ActivationMails,
                title: format!("Consent mail to {name}"),
                organisation: Some(stored.id.clone()),
                organisation_name: Some(stored.name.clone()),
                who: self.inner.who.clone(),
                steps: vec!["Ask Webex to send it".to_owned()],
            },
        )
        .await?;
        Ok((webex, row.id, name, open))
    }

    /// Has Webex send activation mails to everybody of the organisation who has not accepted; the transaction that follows it.
    ///
    /// # Errors
    /// [`Error::Conflict`] while that is under way; what keeps it from starting.
    pub async fn begin_activation_mails(&self, organisation: &str) -> Result<String> {
        let stored = self.organisation(organisation).await?;
        let source = source_of(&stored);
        if source != ActivationSource::People {
            return Err(Error::conflict(format!(
                "Webex sends activation mails to people who were invited, and the users of {} are subscribers. Send the consent \
                 mail to those in the state Pending User Consent.",
                stored.name
            )));
        }
        let Some(id) = stored.internal_id.clone() else {
            return Err(Error::conflict(format!(
                "Webex has not said which organisation {} is. Connect it again.",
                stored.name
            )));
        };
        let Turn::Free(place) = self.inner.mails.turn(organisation, &stored.name).await? else {
            return Err(Error::conflict(format!(
                "Activation mails of {} are being sent already. Wait until that is done.",
                stored.name
            )));
        };
        let webex = self.mailing(&stored).await?;
        let open = transactions::open(
            &self.inner.db,
            Arc::clone(&self.inner.clock),
            Opening {
                kind: TransactionKind::ActivationMails,
                title: format!("Activation mails of {}", stored.name),
                organisation: Some(stored.id.clone()),
                organisation_name: Some(stored.name.clone()),
                who: self.inner.who.clone(),
                steps: STEPS.map(str::to_owned).to_vec(),
            },
        )
        .await?;
        let watched = open.clone();
        let activation = self.clone();
        Ok(place.carry_out(open, async move {
            activation.mail(&webex, &stored, &id, &watched).await
        }))
    }

    async fn mail(
        &self,
        webex: &Webex,
        stored: &Organisation,
        id: &str,
        open: &Open,
    ) -> std::result::Result<(), Failure> {
        let told = |error: Error| {
            tracing::warn!(
                organisation = stored.name,
                ?error,
                "activation mails were not sent"
            );
            error.failure()
        };
        open.step(0, TransactionState::Running, 0, None, None)
            .await
            .map_err(told)?;
        self.audit(
            stored,
            "activation_mails_sent",
            &serde_json::json!({ "orgId": id }),
        )
        .await
        .map_err(told)?;
        let job = match webex.send_activation_mails(id).await {
            Ok(job) => job,
            Err(error) => {
                let running = error.status() == Some(409) || *error.kind() == ErrorKind::Locked;
                tracing::warn!(organisation = stored.name, ?error, "activation mails failed");
                let in_doubt = format!(
                    "Activation mails to the users of {} may have been sent all the same. Ask one of them, or look in Control Hub, \
                     before they are sent again.",
                    stored.name
                );
                let mut failure = unsent(
                    format!("have activation mails sent to the users of {}", stored.name),
                    &in_doubt,
                    error,
                );
                if running {
                    failure.message.push_str(
                        " Webex does this once at a time for an organisation. Wait until the other one is done.",
                    );
                }
                return Err(failure);
            }
        };
        show(open, 0, TransactionState::Succeeded, (0, None), None).await;
        let job = self.follow(webex, stored, id, job, open).await?;
        let errors = match webex.activation_mails_errors(id, &job.id, ERRORS).await {
            Ok(errors) => errors,
            Err(error) => {
                tracing::info!(?error, "the errors of a job could not be read");
                Vec::new()
            }
        };
        let said = in_words(&job, &errors);
        let failed = job.latest_execution_status != Some(JobStatus::Completed)
            || job.latest_execution_exit_code == Some(JobStatus::Failed);
        let state = if failed {
            TransactionState::Failed
        } else {
            TransactionState::Succeeded
        };
        show(open, 1, state, progress(&job), Some(&said)).await;
        if !failed {
            return Ok(());
        }
        let status = job.latest_execution_status.map_or_else(
            || "without a status".to_owned(),
            |status| format!("with the status {status}"),
        );
        Err(refused(
            format!(
                "Webex ended the sending of activation mails of {} {status}. {said} Users who got one have it. Send them \
                 again for the others: Webex leaves out whoever was mailed within the last 24 hours.",
                stored.name
            ),
            job.tracking_id,
        ))
    }

    /// Looks until Webex is done.
    async fn follow(
        &self,
        webex: &Webex,
        stored: &Organisation,
        id: &str,
        mut job: ActivationMailsJob,
        open: &Open,
    ) -> std::result::Result<ActivationMailsJob, Failure> {
        let (began, mut pause) = (self.inner.clock.now(), self.inner.pauses.first);
        let name = job.id.clone();
        while !job.is_over() {
            show(open, 1, TransactionState::Running, progress(&job), None).await;
            if self.inner.clock.now().duration_since(began) > LONGEST {
                return Err(refused(
                    format!(
                        "Webex has been sending activation mails of {} for {} hours and is not done. Patchbay stops looking; the \
                         mails go on without it.",
                        stored.name,
                        LONGEST.as_hours()
                    ),
                    job.tracking_id,
                ));
            }
            tokio::time::sleep(pause).await;
            pause = self.inner.pauses.after(pause, 1);
            match webex.activation_mails_status(id, &name).await {
                Ok(now) => {
                    job = ActivationMailsJob {
                        tracking_id: now.tracking_id.clone().or(job.tracking_id),
                        id: name.clone(),
                        ..now
                    };
                }
                Err(error) if passes(&error) => {
                    let detail = format!("{} Patchbay goes on looking.", webex_sentence(&error));
                    show(open, 1, TransactionState::Running, progress(&job), Some(&detail)).await;
                }
                Err(error) => {
                    let doing = format!("follow the activation mails of {}", stored.name);
                    let mut failure = Error::webex(doing)(error).failure();
                    failure
                        .message
                        .push_str(" Webex goes on sending them all the same.");
                    return Err(failure);
                }
            }
        }
        Ok(job)
    }
}

/// Shows how far the job is. From when Webex has taken it on, the words are worth less than the mails: it goes on without them.
async fn show(
    open: &Open,
    step: usize,
    state: TransactionState,
    (done, total): (u32, Option<u32>),
    detail: Option<&str>,
) {
    if let Err(error) = open.step(step, state, done, total, detail).await {
        tracing::warn!(?error, "how far activation mails are could not be kept");
    }
}

/// Whether looking again may help.
fn passes(error: &webex_client::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Connect
            | ErrorKind::Dropped
            | ErrorKind::TimedOut
            | ErrorKind::Throttled
            | ErrorKind::Server
            | ErrorKind::Locked
    )
}

fn progress(job: &ActivationMailsJob) -> (u32, Option<u32>) {
    let number = |count: Option<i64>| count.and_then(|count| u32::try_from(count).ok());
    let counts = &job.counts;
    let done = [counts.sent, counts.failed, counts.skipped]
        .into_iter()
        .filter_map(number)
        .sum();
    (done, number(counts.total).filter(|total| *total > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_reasons_are_told_in_words() {
        let job: ActivationMailsJob = serde_json::from_value(serde_json::json!({
            "counts": { "userResendInviteSent": 3, "userResendInviteFailed": 1, "userResendInviteSkipped": 2, "totalUsers": 6 }
        }))
        .unwrap();
        let error = |code: &str| -> ActivationMailError {
            serde_json::from_value(
                serde_json::json!({ "error": { "message": [{ "code": code, "description": "so" }] } }),
            )
            .unwrap()
        };
        assert_eq!(
            in_words(&job, &[error(MAILED), error("X-1"), error(MAILED), error("X-1")]),
            "3 sent, 2 skipped, 1 failed of 6. 2 users were left out, because they had an invitation within the last 24 hours \
             already (ATLAS-600199). 2 × X-1: so"
        );
        assert_eq!(in_words(&ActivationMailsJob::default(), &[]), "");
        let cut: Vec<ActivationMailError> = (0..ERRORS).map(|_| error(MAILED)).collect();
        let said = in_words(&job, &cut);
        assert!(said.contains("At least 500 users were left out"), "{said}");
    }
}
