//! Renewals that somebody sees: those of the schedule, and those a person asks for. Each is a transaction as soon as
//! something is asked of Webex, but for one that is routine: an access token that lives less than a day (those of service apps
//! live an hour) is renewed many times a day, so what the schedule does there is a transaction only where it fails.

use super::clients::Clients;
use super::refresh::Trouble;
use super::store::Facts;
use super::{Consent, store};
use crate::error::{Error, ErrorCode, Failure, Result, webex_sentence};
use crate::events::Topic;
use crate::scheduler;
use crate::transactions::{self, Open, Opening, TransactionKind, TransactionState};
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use webex_client::{Grant, OAuthError};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// When to renew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenewWhen {
    /// If it is time: at the age of seven days and before the end.
    Due,
    Now,
}

/// What became of a renewal.
#[derive(Debug)]
pub struct Renewal {
    /// Why there was nothing to do, in a sentence; None where the tokens were renewed.
    pub fresh: Option<String>,
    /// None where nothing was asked of Webex, and of what is routine.
    pub transaction: Option<String>,
    /// When the next one is due.
    pub next_at: Option<Timestamp>,
}

/// What did not work, with its transaction where Webex was asked.
#[derive(Debug)]
pub struct Unrenewed {
    pub failure: Failure,
    pub transaction: Option<String>,
    /// Nothing went wrong: there is no way to renew, and the access token still works.
    pub works: bool,
}

impl From<Error> for Unrenewed {
    fn from(error: Error) -> Self {
        Self {
            failure: error.failure(),
            transaction: None,
            works: false,
        }
    }
}

impl Consent {
    /// Renews the tokens of an organisation.
    ///
    /// # Errors
    /// See [`Unrenewed`]; a refusal is noted in the organisation.
    pub async fn renew(&self, organisation: &str, when: RenewWhen, who: &str) -> Result<Renewal, Unrenewed> {
        let clients = &self.inner.clients;
        let facts = clients.facts(organisation).await?;
        if let Some(next_at) = due_at(&facts).filter(|due| when == RenewWhen::Due && *due > clients.now())
            && facts.refreshed_at.is_some_and(|at| at <= clients.now())
        {
            return Ok(Renewal {
                fresh: Some("The access token was renewed a short time ago.".to_owned()),
                transaction: None,
                next_at: Some(next_at),
            });
        }
        let tokens = clients.tokens_of(&facts).await?;
        let record = Arc::new(Record::new(who, when == RenewWhen::Due && is_short_lived(&facts)));
        let renewed = tokens.renew(Arc::clone(&record)).await;
        let transaction = record.id();
        match renewed {
            Ok(()) => Ok(Renewal {
                fresh: None,
                transaction,
                next_at: due_at(&clients.facts(organisation).await?),
            }),
            Err(trouble) => Err(Unrenewed {
                failure: failure(&trouble, &facts.name),
                transaction,
                works: matches!(trouble, Trouble::Unrenewable(_)),
            }),
        }
    }

    /// Asks again where a clock that ran ahead has noted that a consent is gone: Webex knows better.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn reconsider(&self, now: Timestamp) -> Result<()> {
        let db = self.inner.clients.db();
        let doubtful = store::refused_after(db, now).await?;
        if doubtful.is_empty() {
            return Ok(());
        }
        let mut write = db.write().await?;
        for organisation in &doubtful {
            store::stands_again(write.connection(), organisation).await?;
        }
        for topic in [Topic::Organisations, Topic::Notifications, Topic::Schedules] {
            write.touch(topic);
        }
        write.commit().await?;
        Ok(())
    }
}

/// Whether the access token is one of those that are renewed many times a day.
fn is_short_lived(facts: &Facts) -> bool {
    match (facts.refreshed_at, facts.access_token_expires_at) {
        (Some(received), Some(end)) => end.duration_since(received) < DAY,
        _ => false,
    }
}

/// When the tokens are to be renewed; None where there is nothing to renew them with.
fn due_at(facts: &Facts) -> Option<Timestamp> {
    facts.refresh_token_since?;
    Some(scheduler::refresh_due_at(
        &facts.id,
        facts.refreshed_at?,
        facts.access_token_expires_at,
    ))
}

fn failure(trouble: &Trouble, organisation: &str) -> Failure {
    match trouble {
        Trouble::Needed(reason) => needed(organisation, reason),
        Trouble::Unrenewable(reason) => Failure {
            message: format!(
                "The tokens of {organisation} cannot be renewed: {}. What is stored works until it ends. Connect it again \
                 before then.",
                reason.trim_end_matches('.')
            ),
            ..needed(organisation, reason)
        },
        Trouble::Webex(error) => Failure {
            code: ErrorCode::Refused,
            message: format!(
                "Patchbay could not renew the tokens of {organisation}. {}",
                webex_sentence(error)
            ),
            field: None,
            retryable: true,
            tracking_id: error.tracking_id().map(str::to_owned),
        },
        Trouble::Here(error) => error.failure(),
    }
}

fn needed(organisation: &str, reason: &str) -> Failure {
    Error::ConsentNeeded {
        organisation: organisation.to_owned(),
        reason: super::clients::sentence(reason),
    }
    .failure()
}

/// The transaction of a renewal, opened when Webex is asked; of a routine one when it fails.
pub(super) struct Record {
    who: String,
    routine: bool,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    open: Option<Open>,
    /// What it is opened with, once Webex was asked.
    asked: Option<Facts>,
    tracking_ids: Vec<String>,
}

impl Record {
    fn new(who: &str, routine: bool) -> Self {
        Self {
            who: who.to_owned(),
            routine,
            kept: Mutex::default(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn id(&self) -> Option<String> {
        self.kept().open.as_ref().map(|open| open.id.clone())
    }

    /// Webex is about to be asked.
    pub(super) async fn begin(&self, clients: &Clients, facts: &Facts) -> Result<()> {
        self.kept().asked = Some(facts.clone());
        if self.routine {
            return Ok(());
        }
        self.open(clients, facts).await
    }

    async fn open(&self, clients: &Clients, facts: &Facts) -> Result<()> {
        let opening = Opening {
            kind: TransactionKind::TokenRefresh,
            title: format!("Token refresh of {}", facts.name),
            organisation: Some(facts.id.clone()),
            organisation_name: Some(facts.name.clone()),
            who: self.who.clone(),
            steps: Vec::new(),
        };
        let open = transactions::open(clients.db(), Arc::clone(clients.core_clock()), opening).await?;
        self.kept().open = Some(open);
        Ok(())
    }

    pub(super) fn note_answer(&self, answer: &Result<Grant, OAuthError>) {
        let tracking_id = match answer {
            Ok(grant) => grant.tracking_id.clone(),
            Err(OAuthError::Refused { tracking_id, .. }) => tracking_id.clone(),
            Err(OAuthError::Failed(error)) => error.tracking_id().map(str::to_owned),
            Err(OAuthError::Expired) => None,
        };
        self.kept().tracking_ids.extend(tracking_id);
    }

    /// A record that cannot be written does not take the tokens away.
    pub(super) async fn close(&self, clients: &Clients, trouble: Option<&Trouble>) {
        let asked = self.kept().asked.clone();
        let Some(facts) = asked else { return };
        if self.id().is_none()
            && trouble.is_some()
            && let Err(error) = self.open(clients, &facts).await
        {
            tracing::warn!(%error, "a renewal that failed was not recorded");
        }
        let (open, tracking_ids) = {
            let kept = self.kept();
            (kept.open.clone(), kept.tracking_ids.clone())
        };
        let Some(open) = open else { return };
        let failure = trouble.map(|trouble| failure(trouble, &facts.name));
        let state = if failure.is_none() {
            TransactionState::Succeeded
        } else {
            TransactionState::Failed
        };
        if let Err(error) = open.close_as(state, failure.as_ref(), &tracking_ids).await {
            tracing::warn!(%error, "the end of a renewal was not recorded");
        }
    }
}
