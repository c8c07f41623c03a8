//! Following a change until Webex has settled it.
//!
//! The reference client waits two minutes. Patchbay says after that time that it takes longer than usual, and goes on looking in
//! longer pauses. An answer that shows the customer as it was before means that Webex has not begun yet.

use super::store::unsettled;
use super::words::{called, package_name, remarks};
use super::{Customer, CustomerChange, Look, Wholesale, failure, rules};
use crate::error::{Error, ErrorCode, Failure, Result, webex_sentence};
use crate::events::Topic;
use crate::organisations::Organisation;
use crate::transactions::{Open, TransactionState};
use jiff::SignedDuration;
use rules::Stand;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use webex_client::{ErrorKind, Webex};

/// How long a change usually takes at most.
const USUAL: SignedDuration = SignedDuration::from_mins(2);
/// A status Patchbay does not know is not followed longer.
const UNKNOWN: SignedDuration = SignedDuration::from_mins(15);
/// Nothing is followed longer.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// Looks that must agree when Webex was never seen at work.
const LOOKS: u32 = 3;

/// Whether looking again may help without anybody doing something: also when a sign-in page stands in the way for a while.
pub(super) fn passes(error: &webex_client::Error) -> bool {
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

/// How following ended other than well.
pub(super) struct Ended(Failure);

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        tracing::warn!(?error, "a change of a customer ended");
        Self(failure(&error))
    }
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

/// A change and whoever follows it.
pub(super) struct Following {
    pub wholesale: Wholesale,
    pub webex: Webex,
    pub open: Open,
    pub organisation: Organisation,
    /// As it was seen last.
    pub customer: Customer,
    pub change: CustomerChange,
    pub woken: Arc<Notify>,
    /// The step of the transaction that follows.
    step: usize,
    name: String,
    tracking: Vec<String>,
}

impl Following {
    pub(super) fn new(
        wholesale: Wholesale,
        webex: Webex,
        open: Open,
        organisation: Organisation,
        customer: Customer,
        change: CustomerChange,
        step: usize,
    ) -> Self {
        Self {
            name: called(&customer),
            wholesale,
            webex,
            open,
            organisation,
            customer,
            change,
            woken: Arc::default(),
            step,
            tracking: Vec::new(),
        }
    }

    /// What the customer is called.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn track(&mut self, tracking_id: Option<String>) {
        self.tracking.extend(tracking_id);
    }

    pub(super) fn refused(&self, message: String) -> Failure {
        self.failed(ErrorCode::Refused, message)
    }

    pub(super) fn failed(&self, code: ErrorCode, message: String) -> Failure {
        Failure {
            code,
            message,
            field: None,
            retryable: false,
            tracking_id: self.tracking.last().cloned(),
        }
    }

    pub(super) async fn look(&self) -> Result<Look> {
        self.wholesale
            .look(&self.webex, &self.organisation.id, &self.customer.id)
            .await
    }

    /// Waits before the next look; somebody who refreshes the customer ends the wait.
    pub(super) async fn pause(&self, pause: &mut Duration, slow: bool) {
        tokio::select! {
            () = tokio::time::sleep(*pause) => {}
            () = self.woken.notified() => {}
        }
        *pause = self
            .wholesale
            .inner
            .pauses
            .after(*pause, if slow { 10 } else { 1 });
    }

    /// Looks until the change is settled.
    pub(super) async fn follow(&mut self) -> Result<(), Ended> {
        let clock = Arc::clone(&self.wholesale.inner.clock);
        let began = clock.now();
        let mut pause = self.wholesale.inner.pauses.first;
        let (mut looks, mut at_work) = (0, false);
        self.tell(TransactionState::Running, looks, "Webex has accepted the change.")
            .await?;
        loop {
            let answer = self.look().await?;
            looks += 1;
            let waited = clock.now().duration_since(began);
            let state = match answer {
                Look::There(customer) => {
                    self.customer = *customer;
                    at_work |= rules::stand(&self.customer.status) == Stand::UnderWay;
                    match self.settled(at_work, waited, looks) {
                        Some(outcome) => return self.conclude(outcome, looks).await,
                        None => self.in_words(),
                    }
                }
                Look::Gone => {
                    return Err(self
                        .failed(
                            ErrorCode::NotFound,
                            format!(
                                "Webex had accepted the change of {}, but the customer is gone: somebody has removed it. It was \
                                 taken out of the list.",
                                self.name
                            ),
                        )
                        .into());
                }
                Look::Trouble(error) if passes(&error) => {
                    format!("{} Patchbay goes on looking.", webex_sentence(&error))
                }
                Look::Trouble(error) => return Err(self.lost(error).into()),
            };
            let slow = waited > USUAL;
            let detail = match slow {
                true => format!(
                    "{state} This takes longer than usual ({} minutes so far); Patchbay goes on looking.",
                    waited.as_mins()
                ),
                false => state,
            };
            if let Some(failure) = self.given_up(waited) {
                return Err(failure.into());
            }
            self.tell(TransactionState::Running, looks, &detail).await?;
            self.pause(&mut pause, slow).await;
        }
    }

    async fn tell(&self, state: TransactionState, looks: u32, detail: &str) -> Result<()> {
        self.open.step(self.step, state, looks, None, Some(detail)).await
    }

    fn in_words(&self) -> String {
        match self.customer.status.as_str() {
            "pending_rpl_review" => {
                "Webex compares the customer with the list of denied parties. This can take days.".to_owned()
            }
            status => format!("Webex is at work: {status}."),
        }
    }

    /// How the change has ended; None while it has not.
    fn settled(&self, at_work: bool, waited: SignedDuration, looks: u32) -> Option<Stand> {
        let stand = rules::stand(&self.customer.status);
        if matches!(stand, Stand::UnderWay | Stand::Unknown) {
            return None;
        }
        // Until Webex begins it shows the customer as it was, with the status from before.
        let as_asked = rules::difference(&self.customer, &self.change).is_empty()
            && !rules::packages_under_way(&self.customer);
        let ended = at_work || (looks >= LOOKS && (as_asked || waited > USUAL));
        ended.then_some(stand)
    }

    async fn conclude(&self, stand: Stand, looks: u32) -> Result<(), Ended> {
        let said = remarks(&self.customer).join(" ");
        let missing: Vec<String> = rules::outstanding(&self.customer, &self.change)
            .iter()
            .map(|name| package_name(name))
            .collect();
        match stand {
            Stand::Provisioned if missing.is_empty() => {
                let detail = format!("Webex has carried it out. {said}");
                self.tell(TransactionState::Succeeded, looks, detail.trim_end()).await?;
                Ok(())
            }
            Stand::Provisioned => Err(self
                .refused(format!(
                    "Webex calls {} provisioned, but these packages are not as you wanted them: {}. {said} Refresh the customer, \
                     and change it again if that stays so.",
                    self.name,
                    missing.join(", ")
                ))
                .into()),
            Stand::WithErrors => Err(self
                .refused(format!(
                    "Webex has changed {}, but not without errors. {said} What was changed stays; when the reason is out of the \
                     way, save the change again.",
                    self.name
                ))
                .into()),
            _ => Err(self
                .refused(format!(
                    "Webex could not carry out the change of {}. {said} Correct it and save again, or ask Cisco with the tracking id.",
                    self.name
                ))
                .into()),
        }
    }

    /// Webex does not let us look any more.
    fn lost(&self, error: webex_client::Error) -> Failure {
        let needs_consent = matches!(error.kind(), ErrorKind::Consent(_) | ErrorKind::Unauthorised);
        let mut lost = failure(&Error::webex(format!("follow the change of {}", self.name))(
            error,
        ));
        lost.message.push_str(if needs_consent {
            " Webex has accepted the change: refresh the customer once the organisation is connected again."
        } else {
            " Webex has accepted the change: refresh the customer to see how it ended."
        });
        lost
    }

    fn given_up(&self, waited: SignedDuration) -> Option<Failure> {
        let unknown = rules::stand(&self.customer.status) == Stand::Unknown;
        if waited <= if unknown { UNKNOWN } else { LONGEST } {
            return None;
        }
        Some(self.refused(format!(
            "Webex has accepted the change of {} and after {} hours still shows the status {}{}. Patchbay stops looking; refresh \
             the customer to see how it ends.",
            self.name,
            waited.as_hours().max(1),
            self.customer.status,
            if unknown { ", which Patchbay does not know" } else { "" },
        )))
    }

    /// Closes the transaction, and the customer may be changed again.
    pub(super) async fn end(&mut self, outcome: Result<(), Ended>) -> Result<()> {
        let mut tracking = std::mem::take(&mut self.tracking);
        let failure = outcome.err().map(|Ended(failure)| failure);
        if let Some(last) = failure.as_ref().and_then(|failure| failure.tracking_id.clone())
            && !tracking.contains(&last)
        {
            tracking.push(last);
        }
        let mut write = self.wholesale.inner.db.write().await?;
        unsettled::settled(write.connection(), &self.open.id).await?;
        write.touch(Topic::Wholesale);
        write.commit().await?;
        self.open
            .close(failure.as_ref().map_or(Ok(()), Err), &tracking)
            .await
    }
}
