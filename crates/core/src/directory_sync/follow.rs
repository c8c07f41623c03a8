//! Sending requests and following them until Webex shows the end.
//!
//! Webex queues requests: until it begins, it shows the synchronisation before. How long that takes depends on everybody else's
//! requests, so what was asked for is followed in growing pauses for up to 24 hours ([`gate::LONGEST`]), over a restart as well;
//! then it counts as lost, and may be asked for again. A lost answer is settled by reading. It is never asked for twice.

use super::gate::{LONGEST, Progress};
use super::read::{self, Look};
use super::store::Kept;
use super::store::requests::{self, Outcome, Request};
use super::told::{at, counts, sentences};
use super::{DirectorySyncs, SyncState, failure};
use crate::audit;
use crate::error::{Error, ErrorCode, Failure, Result, webex_sentence};
use crate::events::Topic;
use crate::transactions::{Open, TransactionState};
use jiff::SignedDuration;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use webex_client::{ErrorKind, Sent, Webex};

/// After so long the pauses grow.
const USUAL: SignedDuration = SignedDuration::from_mins(10);
/// Looks that must not show a request whose answer is missing before it counts as not taken.
const LOOKS: u32 = 8;
/// From so many enterprises on each is looked at less often.
const MANY: usize = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    /// From the beginning.
    Ask,
    /// What a Patchbay before has sent, or was about to send.
    GoOn,
}

/// One enterprise of a transaction.
pub(super) struct Member {
    pub syncs: DirectorySyncs,
    pub webex: Webex,
    pub open: Open,
    pub organisation: String,
    /// Its step of the transaction.
    pub step: usize,
    /// How many enterprises the transaction has.
    pub many: usize,
    pub request: Request,
    /// As it was seen last.
    pub kept: Kept,
    pub look: Arc<Notify>,
    pub tracking: Vec<String>,
}

/// How following ended other than well.
pub(super) struct Ended(Failure);

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        tracing::warn!(?error, "a directory synchronisation ended");
        Self(failure(&error))
    }
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

/// Carries out what a transaction is to do, and closes it.
pub(super) async fn all(open: &Open, members: Vec<Member>, task: Task) {
    let many = members.len();
    let over = futures::future::join_all(members.into_iter().map(|member| member.carry_out(task))).await;
    let (mut failed, mut tracking) = (Vec::new(), Vec::new());
    for (name, failure, ids) in over {
        for id in ids {
            if !tracking.contains(&id) {
                tracking.push(id);
            }
        }
        failed.extend(failure.map(|failure| (name, failure)));
    }
    let failure = match (many, failed.as_slice()) {
        (_, []) => None,
        (1, [(_, failure)]) => Some(failure.clone()),
        (_, [(_, first), ..]) => {
            let sentences: Vec<&str> = failed
                .iter()
                .take(3)
                .map(|(_, failure)| failure.message.as_str())
                .collect();
            let names: Vec<&str> = failed.iter().skip(3).map(|(name, _)| name.as_str()).collect();
            let others = match names.len() {
                0 => String::new(),
                count => format!(" And {count} more: {}.", names.join(", ")),
            };
            Some(Failure {
                message: format!(
                    "{} of {many} enterprises were not synchronised. {}{others}",
                    failed.len(),
                    sentences.join(" ")
                ),
                ..first.clone()
            })
        }
    };
    if let Err(error) = open.close(failure.as_ref().map_or(Ok(()), Err), &tracking).await {
        tracing::error!(?error, "the transaction of a directory sync could not be closed");
    }
}

/// Whether looking again may help without anybody doing something.
fn passes(error: &webex_client::Error) -> bool {
    !matches!(
        error.kind(),
        ErrorKind::Consent(_)
            | ErrorKind::Unauthorised
            | ErrorKind::Forbidden
            | ErrorKind::WrongRegion
            | ErrorKind::Config
            | ErrorKind::Cancelled
    )
}

impl Member {
    fn name(&self) -> &str {
        &self.kept.sp_enterprise_id
    }

    /// Name, how it failed, tracking ids.
    async fn carry_out(mut self, task: Task) -> (String, Option<Failure>, Vec<String>) {
        let outcome = match task {
            Task::Ask => self.ask().await,
            Task::GoOn => self.go_on().await,
        };
        let failure = outcome.err().map(|Ended(failure)| failure);
        if let Err(error) = self.end(failure.as_ref()).await {
            tracing::error!(?error, "the end of a directory sync could not be kept");
        }
        self.tracking
            .extend(failure.iter().filter_map(|failure| failure.tracking_id.clone()));
        (self.kept.sp_enterprise_id, failure, self.tracking)
    }

    /// Nothing stays open.
    async fn end(&mut self, failure: Option<&Failure>) -> Result<()> {
        if self.request.outcome.open() {
            let sent = self.request.outcome != Outcome::Waiting;
            self.request.outcome = if sent { Outcome::Lost } else { Outcome::Refused };
            self.note().await?;
        }
        if let Some(failure) = failure {
            self.tell(TransactionState::Failed, &failure.message).await?;
        }
        Ok(())
    }

    async fn tell(&self, state: TransactionState, detail: &str) -> Result<()> {
        self.open.step(self.step, state, 0, None, Some(detail)).await
    }

    /// Keeps how the request stands.
    async fn note(&mut self) -> Result<()> {
        self.request.asked.open = self.request.outcome.open();
        self.request.asked.refused = self.request.outcome == Outcome::Refused;
        let mut write = self.syncs.inner.db.write().await?;
        requests::put(write.connection(), &self.request).await?;
        write.touch(Topic::DirectorySync);
        write.commit().await?;
        Ok(())
    }

    fn failed(&self, code: ErrorCode, message: String) -> Ended {
        Ended(Failure {
            code,
            message,
            field: None,
            retryable: false,
            tracking_id: self.tracking.last().cloned(),
        })
    }

    /// Durable before the request leaves, with who asks in the log of who did what.
    async fn about_to_send(&mut self) -> Result<()> {
        let inner = &self.syncs.inner;
        self.request.outcome = Outcome::Sending;
        let mut write = inner.db.write().await?;
        requests::put(write.connection(), &self.request).await?;
        let detail = serde_json::json!({ "enterprise": self.kept.sp_enterprise_id, "id": self.kept.id });
        audit::append(
            &mut write,
            inner.clock.as_ref(),
            &self.syncs.context(&self.organisation),
            "directory_sync_requested",
            &detail,
        )
        .await?;
        write.commit().await?;
        Ok(())
    }

    async fn ask(&mut self) -> Result<(), Ended> {
        self.tell(TransactionState::Running, "Asking Webex.").await?;
        // Written first: found so after a crash, it is looked for and not sent.
        let departing = self.about_to_send().await;
        if departing.is_err() {
            self.request.outcome = Outcome::Waiting;
        }
        departing?;
        let error = match self.webex.trigger_directory_sync(&self.kept.id).await {
            Ok(answer) => {
                self.track(answer.tracking_id);
                return self.accepted().await;
            }
            Err(error) => error,
        };
        tracing::info!(%error, "a request to synchronise was not answered well");
        self.track(error.tracking_id().map(str::to_owned));
        match error.sent() {
            Sent::No => Err(self.refused(error).await),
            Sent::Yes => {
                // How it stands is shown with the refusal; it may be why.
                if let Look::There(kept) = self.read().await? {
                    self.kept = *kept;
                }
                Err(self.refused(error).await)
            }
            Sent::InDoubt => {
                self.tell(
                    TransactionState::Running,
                    &format!("{} Looking whether it has arrived.", webex_sentence(&error)),
                )
                .await?;
                if self.arrived().await? {
                    return self.accepted().await;
                }
                let mut lost = failure(&Error::webex(format!(
                    "ask for a synchronisation of {}",
                    self.name()
                ))(error));
                lost.message.push_str(
                    " Webex does not show it either, so it has most likely not arrived. Ask again if it is still wanted.",
                );
                Err(lost.into())
            }
        }
    }

    fn track(&mut self, tracking_id: Option<String>) {
        self.request.asked.sent_tracking_id.clone_from(&tracking_id);
        self.tracking.extend(tracking_id);
    }

    async fn refused(&mut self, error: webex_client::Error) -> Ended {
        self.request.outcome = Outcome::Refused;
        if let Err(error) = self.note().await {
            return error.into();
        }
        let mut refused = failure(&Error::webex(format!(
            "ask for a synchronisation of {}",
            self.name()
        ))(error));
        refused.message.push_str(" Nothing was begun.");
        refused.into()
    }

    async fn accepted(&mut self) -> Result<(), Ended> {
        if self.request.outcome == Outcome::Sending {
            self.request.outcome = Outcome::Accepted;
            self.note().await?;
        }
        self.follow().await
    }

    async fn go_on(&mut self) -> Result<(), Ended> {
        self.tell(TransactionState::Running, "Looking how it stands.")
            .await?;
        if self.request.outcome == Outcome::Sending && !self.arrived().await? {
            return Err(self.failed(
                ErrorCode::Conflict,
                format!(
                    "Patchbay ended while it asked for a synchronisation of {}, and Webex does not show one: it has most likely \
                     not been asked for. Ask again if it is still wanted.",
                    self.name()
                ),
            ));
        }
        self.accepted().await
    }

    async fn read(&self) -> Result<Look> {
        let inner = &self.syncs.inner;
        read::one(
            &inner.db,
            inner.clock.as_ref(),
            &self.webex,
            &self.organisation,
            &self.kept,
        )
        .await
    }

    /// Looks whether a request whose answer is missing has arrived.
    async fn arrived(&mut self) -> Result<bool, Ended> {
        let mut pause = self.syncs.inner.pauses.first;
        let (mut looks, mut troubles) = (0, 0);
        loop {
            match self.read().await? {
                Look::There(kept) => {
                    self.kept = *kept;
                    if self.progress() != Progress::Queued {
                        return Ok(true);
                    }
                    looks += 1;
                }
                Look::Gone => return Err(self.gone()),
                Look::Trouble(error) if passes(&error) && troubles < LOOKS * 4 => troubles += 1,
                Look::Trouble(error) => return Err(self.lost(error)),
            }
            if looks >= LOOKS {
                return Ok(false);
            }
            self.pause(&mut pause, false).await;
        }
    }

    /// Waits before the next look; somebody who refreshes ends the wait.
    async fn pause(&self, pause: &mut Duration, slow: bool) {
        tokio::select! {
            () = tokio::time::sleep(*pause) => {}
            () = self.look.notified() => {}
        }
        let many = u32::try_from(self.many.div_ceil(MANY)).unwrap_or(u32::MAX);
        *pause = self
            .syncs
            .inner
            .pauses
            .after(*pause, many * if slow { 10 } else { 1 });
    }

    fn progress(&self) -> Progress {
        let seen_running = self.request.outcome == Outcome::Running;
        self.kept.told.as_ref().map_or(Progress::Queued, |told| {
            self.request.asked.progress(told, seen_running)
        })
    }

    /// Looks until it is over.
    async fn follow(&mut self) -> Result<(), Ended> {
        let mut pause = self.syncs.inner.pauses.first;
        let asked_at = at(self.request.asked.at);
        self.tell(
            TransactionState::Running,
            &format!("Webex has taken the request of {asked_at}, and has not begun yet."),
        )
        .await?;
        loop {
            let state = match self.read().await? {
                Look::There(kept) => {
                    self.kept = *kept;
                    match self.progress() {
                        Progress::Over => return self.conclude().await,
                        Progress::Running => {
                            self.running().await?;
                            let began = self.kept.told.as_ref().and_then(|told| told.started);
                            match began {
                                Some(began) => {
                                    format!(
                                        "In progress at Webex since {}. Asked for at {asked_at}.",
                                        at(began)
                                    )
                                }
                                None => format!("In progress at Webex. Asked for at {asked_at}."),
                            }
                        }
                        Progress::Queued => format!(
                            "In Webex's queue since {asked_at}: it has not begun, and shows the synchronisation before."
                        ),
                    }
                }
                Look::Gone => return Err(self.gone()),
                Look::Trouble(error) if passes(&error) => {
                    format!("{} Patchbay goes on looking.", webex_sentence(&error))
                }
                Look::Trouble(error) => return Err(self.lost(error)),
            };
            let now = self.syncs.now(&self.organisation).await?;
            let waited = now.duration_since(self.request.asked.at);
            if waited >= LONGEST {
                return Err(self.given_up(waited));
            }
            self.tell(TransactionState::Running, &state).await?;
            self.pause(&mut pause, waited > USUAL).await;
        }
    }

    async fn running(&mut self) -> Result<()> {
        let Some(told) = self.kept.told.as_ref() else {
            return Ok(());
        };
        // Before it begins in earnest Webex may still show the times of the one before.
        let begun = told.is_after(&self.request.asked.before);
        let started = told.started.filter(|_| begun);
        let known = self.request.outcome == Outcome::Running && self.request.asked.started == started;
        if known {
            return Ok(());
        }
        self.request.outcome = Outcome::Running;
        self.request.asked.started = started;
        self.request.asked.tracking_id = told.tracking_id.clone().filter(|_| begun);
        self.note().await
    }

    /// Webex shows its end.
    async fn conclude(&mut self) -> Result<(), Ended> {
        let Some(told) = self.kept.told.clone() else {
            return Ok(());
        };
        let asked = &mut self.request.asked;
        asked.ended = asked.holds_from(&told);
        if told.is_after(&asked.before) {
            asked.started = told.started;
            asked.tracking_id.clone_from(&told.tracking_id);
        }
        let succeeded = match &told.state {
            SyncState::Failed { .. } => false,
            SyncState::Unknown { .. } => told
                .succeeded
                .is_some_and(|succeeded| told.started.is_some_and(|started| succeeded >= started)),
            _ => true,
        };
        self.request.outcome = if succeeded {
            Outcome::Succeeded
        } else {
            Outcome::Failed
        };
        self.note().await?;
        let ended = told
            .own_end(&self.request.asked.before)
            .map_or_else(String::new, |ended| format!(" at {}", at(ended)));
        if succeeded {
            let detail = format!("Completed{ended}. {}", counts(&told.counts));
            self.tell(TransactionState::Succeeded, &detail).await?;
            return Ok(());
        }
        let why = match &told.state {
            SyncState::Failed { errors, .. } => sentences(errors),
            SyncState::Unknown { status } => {
                format!("Webex ended it with the word \"{status}\", which Patchbay does not know.")
            }
            _ => String::new(),
        };
        let again = match self.request.asked.ended {
            Some(_) => "It can be asked for again 24 hours after it ended",
            None => "It can be asked for again",
        };
        Err(self.failed(
            ErrorCode::Refused,
            format!(
                "The directory sync of {} failed{ended}. {why} {again}, once the reason is out of the way; ask Cisco with the \
                 tracking id if it stays.",
                self.name()
            ),
        ))
    }

    fn gone(&self) -> Ended {
        self.failed(
            ErrorCode::NotFound,
            format!(
                "Webex does not know the enterprise {} any more. It was taken out of the list.",
                self.name()
            ),
        )
    }

    /// Webex does not let us look any more.
    fn lost(&self, error: webex_client::Error) -> Ended {
        let needs_consent = matches!(error.kind(), ErrorKind::Consent(_) | ErrorKind::Unauthorised);
        let mut lost = failure(&Error::webex(format!(
            "follow the directory sync of {}",
            self.name()
        ))(error));
        lost.message.push_str(if needs_consent {
            " It was asked for: refresh once the organisation is connected again."
        } else {
            " It was asked for: refresh to see how it ended."
        });
        lost.into()
    }

    fn given_up(&self, waited: SignedDuration) -> Ended {
        let stands = match self.kept.told.as_ref().map(|told| &told.state) {
            Some(SyncState::Running { .. }) => "still shows it in progress".to_owned(),
            Some(SyncState::Unknown { status }) => {
                format!("shows the status \"{status}\", which Patchbay does not know")
            }
            _ => "still shows the synchronisation before".to_owned(),
        };
        self.failed(
            ErrorCode::Refused,
            format!(
                "Webex has taken the request to synchronise {} and after {} hours {stands}. Patchbay stops looking: refresh to see \
                 how it ends, or ask again when Webex is not at work on it.",
                self.name(),
                waited.as_hours()
            ),
        )
    }
}
