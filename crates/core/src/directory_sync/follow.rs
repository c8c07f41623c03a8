//! Sending requests and following them until Webex shows the end.
//!
//! Webex queues requests: until it begins, it shows the synchronisation before. How long that takes depends on everybody else's
//! requests, so what was asked for is followed in growing pauses for up to 24 hours ([`gate::LONGEST`]), over a restart as well;
//! then it counts as lost, and is asked about before another one. A lost answer is settled by reading. It is never asked for
//! twice.
//!
//! Trouble that passes, Webex's or this computer's, ends nothing: it is looked again. Where nobody can look until somebody has
//! consented, the request stays open and is left; it is taken up once that is done.

mod ask;
mod ends;

use super::gate::{LONGEST, Progress};
use super::read::{self, Look};
use super::store::Kept;
use super::store::requests::{self, Outcome, Request};
use super::told::at;
use super::{DirectorySyncs, SyncState};
use crate::error::{ErrorCode, Failure, Result, webex_sentence};
use crate::events::Topic;
use crate::transactions::{Open, TransactionState};
use jiff::SignedDuration;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use webex_client::{ErrorKind, Webex};

/// After so long the pauses grow.
const USUAL: SignedDuration = SignedDuration::from_mins(10);
/// How many times longer than usual the pauses grow.
const SLOW: u32 = 10;
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
#[derive(Debug)]
pub(super) enum Ended {
    Over(Failure),
    /// It may still be under way: it stays open, and is taken up later.
    Left(Failure),
}

/// What a look came to.
enum Seen {
    /// Look again; how it stands, in words.
    Still(String),
    /// It was not shown, for a reason that may pass, in words. `refused`: Webex answered.
    Unread {
        why: String,
        refused: bool,
    },
    Over(Result<(), Ended>),
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

/// Whether looking again may help. Where it does not, no client is given out before the reason is out of the way.
fn passes(error: &webex_client::Error) -> bool {
    !matches!(error.kind(), ErrorKind::Consent(_) | ErrorKind::Cancelled)
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
        let (failure, left) = match outcome {
            Ok(()) => (None, false),
            Err(Ended::Over(failure)) => (Some(failure), false),
            Err(Ended::Left(failure)) => (Some(failure), true),
        };
        if let Err(error) = self.end(failure.as_ref(), left).await {
            tracing::error!(?error, "the end of a directory sync could not be kept");
        }
        self.tracking
            .extend(failure.iter().filter_map(|failure| failure.tracking_id.clone()));
        (self.kept.sp_enterprise_id, failure, self.tracking)
    }

    /// Nothing stays open but what is left for later.
    async fn end(&mut self, failure: Option<&Failure>, left: bool) -> Result<()> {
        let mut request = self.request.clone();
        if left {
            request.followed_by = None;
            self.note(request).await?;
        } else if request.outcome.open() {
            let sent = request.outcome != Outcome::Waiting;
            request.stands(if sent { Outcome::Lost } else { Outcome::Refused });
            self.note(request).await?;
        }
        if let Some(failure) = failure {
            self.tell(TransactionState::Failed, &failure.message).await?;
        }
        Ok(())
    }

    async fn tell(&self, state: TransactionState, detail: &str) -> Result<()> {
        self.open.step(self.step, state, 0, None, Some(detail)).await
    }

    /// Keeps how the request stands from now on.
    async fn note(&mut self, request: Request) -> Result<()> {
        let mut write = self.syncs.inner.db.write().await?;
        requests::put(write.connection(), &request).await?;
        write.touch(Topic::DirectorySync);
        write.commit().await?;
        self.request = request;
        Ok(())
    }

    /// The words of a step are worth less than what it is about.
    async fn say(&self, detail: &str) {
        if let Err(error) = self.tell(TransactionState::Running, detail).await {
            tracing::warn!(?error, "how a directory sync stands could not be kept");
        }
    }

    fn failed(&self, code: ErrorCode, message: String) -> Ended {
        Ended::Over(Failure {
            code,
            message,
            field: None,
            retryable: false,
            tracking_id: self.tracking.last().cloned(),
        })
    }

    async fn accepted(&mut self) -> Result<(), Ended> {
        if self.request.outcome == Outcome::Sending {
            let mut request = self.request.clone();
            request.stands(Outcome::Accepted);
            if let Err(error) = self.note(request.clone()).await {
                // As it is kept it is looked for all the same.
                tracing::warn!(?error, "that a directory sync was taken could not be kept");
                self.request = request;
            }
        }
        self.follow().await
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

    /// How long it is since the request, by Webex's clock.
    async fn waited(&self) -> SignedDuration {
        let now = match self.syncs.now(&self.organisation).await {
            Ok(now) => now,
            Err(error) => {
                tracing::warn!(?error, "Webex's clock could not be reckoned");
                self.syncs.inner.clock.now()
            }
        };
        now.duration_since(self.request.asked.at)
    }

    fn next_pause(&self, pause: Duration, slow: bool) -> Duration {
        let many = u32::try_from(self.many.div_ceil(MANY)).unwrap_or(u32::MAX);
        let times = many.saturating_mul(if slow { SLOW } else { 1 });
        self.syncs.inner.pauses.after(pause, times)
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
        if self.request.outcome != Outcome::Running {
            let asked_at = at(self.request.asked.at);
            self.say(&format!(
                "Webex has taken the request of {asked_at}, and has not begun yet."
            ))
            .await;
        }
        loop {
            let seen = match self.step().await {
                Ok(Seen::Over(over)) => return over,
                Ok(seen) => Some(seen),
                Err(error) => {
                    tracing::warn!(
                        ?error,
                        "how a directory sync stands could not be kept; it is looked again"
                    );
                    None
                }
            };
            let waited = self.waited().await;
            let is_long = waited >= LONGEST;
            // Nobody gives up before Webex was heard: it may long be over.
            match seen {
                Some(Seen::Still(_)) if is_long => return Err(self.given_up(waited, None)),
                Some(Seen::Unread { why, refused: true }) if is_long => {
                    return Err(self.given_up(waited, Some(&why)));
                }
                Some(Seen::Still(state)) => self.say(&state).await,
                Some(Seen::Unread { why, .. }) => self.say(&format!("{why} Patchbay goes on looking.")).await,
                Some(Seen::Over(_)) | None => {}
            }
            // Somebody who refreshes ends the wait.
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.look.notified() => {}
            }
            pause = self.next_pause(pause, waited > USUAL);
        }
    }

    /// Looks once. An error is this computer's, and passes.
    async fn step(&mut self) -> Result<Seen> {
        let asked_at = at(self.request.asked.at);
        let before = match self.read().await? {
            Look::There(kept) => std::mem::replace(&mut self.kept, *kept),
            Look::Gone => return Ok(Seen::Over(Err(self.gone()))),
            Look::Trouble(error) if passes(&error) => {
                return Ok(Seen::Unread {
                    why: webex_sentence(&error),
                    refused: error.status().is_some(),
                });
            }
            Look::Trouble(error) => return Ok(Seen::Over(Err(self.left(error)))),
        };
        Ok(Seen::Still(match self.progress() {
            Progress::Over => return Ok(Seen::Over(self.conclude().await?)),
            Progress::Passed => return Ok(Seen::Over(Err(self.passed(before).await?))),
            Progress::Running => {
                self.running().await?;
                let began = self.kept.told.as_ref().and_then(|told| told.started);
                match began {
                    Some(began) => format!(
                        "In progress at Webex since {}. Asked for at {asked_at}.",
                        at(began)
                    ),
                    None => format!("In progress at Webex. Asked for at {asked_at}."),
                }
            }
            Progress::Queued => self.queued(&asked_at),
        }))
    }

    /// What is said while Webex shows neither that it is at work nor an end.
    fn queued(&self, asked_at: &str) -> String {
        let seen_running = self.request.outcome == Outcome::Running;
        match self.kept.told.as_ref() {
            Some(told) if seen_running || self.request.asked.is_its(told) => match &told.state {
                SyncState::Unknown { status } => format!(
                    "Webex shows the status \"{status}\", which Patchbay does not know; it goes on looking. Asked for at {asked_at}."
                ),
                _ => format!(
                    "Webex was at work on it, and shows the synchronisation before again; Patchbay goes on looking. Asked for at \
                     {asked_at}."
                ),
            },
            _ => format!(
                "In Webex's queue since {asked_at}: it has not begun, and shows the synchronisation before."
            ),
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
        let mut request = self.request.clone();
        request.stands(Outcome::Running);
        request.asked.started = started;
        request.asked.tracking_id = told.tracking_id.clone().filter(|_| begun);
        self.note(request).await
    }
}
