//! Sending a change.
//!
//! The list of packages is the whole one, so it is only sent onto what the person has seen: the customer is read first, and one
//! that somebody else has changed meanwhile is refused. A lost answer is settled by reading the customer; it is sent again only
//! when several looks have shown that it did not arrive.

use super::check::{check_at_webex, sentences};
use super::follow::{Ended, Following, passes};
use super::store::unsettled::{self, Phase};
use super::{Look, failure, rules};
use crate::audit;
use crate::error::{Error, ErrorCode, Failure, Result, webex_sentence};
use crate::transactions::TransactionState;
use webex_client::Sent;

/// Looks that must not show a change before it may be sent again.
const LOOKS: u32 = 4;
/// Times a change is sent in all, when its answers get lost.
const SENDINGS: u32 = 3;

/// What shows that a change has arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evidence {
    /// The customer is as asked for, or Webex is at work on it.
    AtWork,
    /// The customer is as asked for.
    AsAsked,
}

impl Following {
    /// A change from its beginning.
    pub(super) async fn carry_out(&mut self) -> Result<(), Ended> {
        self.open
            .step(0, TransactionState::Running, 0, None, None)
            .await?;
        self.unchanged_since_seen().await?;
        self.open
            .step(0, TransactionState::Succeeded, 0, None, None)
            .await?;

        self.open
            .step(1, TransactionState::Running, 0, None, None)
            .await?;
        let (problems, remarks) = check_at_webex(&self.webex, &self.customer, &self.change).await?;
        if !problems.is_empty() {
            return Err(self
                .refused(format!(
                    "Webex's check refused the change of {}, so nothing was sent. {} Correct it and save again.",
                    self.name(),
                    sentences(&problems)
                ))
                .into());
        }
        let said = Some(sentences(&remarks)).filter(|said| !said.is_empty());
        self.open
            .step(1, TransactionState::Succeeded, 0, None, said.as_deref())
            .await?;

        self.send().await?;
        self.follow().await
    }

    /// A change that a Patchbay before has sent, or was about to send.
    pub(super) async fn go_on(&mut self, accepted: bool) -> Result<(), Ended> {
        self.open
            .step(0, TransactionState::Running, 0, None, None)
            .await?;
        if !accepted && !self.arrived(Evidence::AtWork, 0).await? {
            return Err(self
                .failed(
                    ErrorCode::Conflict,
                    format!(
                        "Patchbay ended while a change of {} was being sent, and Webex does not show it: nothing was changed. \
                         Make the change again if it is still wanted.",
                        self.name()
                    ),
                )
                .into());
        }
        self.phase(Phase::Accepted).await?;
        self.open
            .step(0, TransactionState::Succeeded, 0, None, None)
            .await?;
        self.follow().await
    }

    /// Refuses to send onto something else than what the person saw.
    async fn unchanged_since_seen(&mut self) -> Result<(), Ended> {
        let now = match self.look().await? {
            Look::There(now) => *now,
            Look::Gone => {
                return Err(self
                    .failed(
                        ErrorCode::NotFound,
                        format!(
                            "Webex has the customer {} no more. Nothing was sent.",
                            self.name()
                        ),
                    )
                    .into());
            }
            Look::Trouble(error) => {
                return Err(
                    Error::webex(format!("read the wholesale customer {}", self.name()))(error).into(),
                );
            }
        };
        let seen = std::mem::replace(&mut self.customer, now);
        if rules::stand(&self.customer.status) == rules::Stand::UnderWay {
            return Err(self
                .failed(
                    ErrorCode::Conflict,
                    format!(
                        "Webex is still at work on {} (status {}). Nothing was sent. Try again when that has ended.",
                        self.name(),
                        self.customer.status
                    ),
                )
                .into());
        }
        if !rules::same(&seen, &self.customer) {
            return Err(self
                .failed(
                    ErrorCode::Conflict,
                    format!(
                        "Somebody else has changed {} since you saw it. Nothing was sent, because your list of packages would \
                         take theirs away. Look at what is there now, then change it again.",
                        self.name()
                    ),
                )
                .into());
        }
        Ok(())
    }

    /// Sends the change until it is known to be accepted.
    async fn send(&mut self) -> Result<(), Ended> {
        const STEP: usize = 2;
        self.open
            .step(STEP, TransactionState::Running, 0, None, None)
            .await?;
        self.about_to_send().await?;
        let wire = rules::to_wire(&self.change);
        for sending in 1..=SENDINGS {
            let error = match self
                .webex
                .update_wholesale_customer(&self.customer.id, &wire)
                .await
            {
                Ok(answer) => {
                    self.track(answer.tracking_id);
                    return self.accepted(STEP, sending).await;
                }
                Err(error) => error,
            };
            self.track(error.tracking_id().map(str::to_owned));
            tracing::info!(%error, sending, "a change of a customer was not answered well");
            if error.sent() == Sent::No {
                if sending == 1 {
                    return Err(self.not_sent(error).into());
                }
                // An earlier one may have arrived after all.
            } else {
                let detail = format!("{} Looking whether it has arrived.", webex_sentence(&error));
                self.open
                    .step(STEP, TransactionState::Running, sending, None, Some(&detail))
                    .await?;
            }
            // Webex has answered no before now and yet done it. Work on the customer alone proves nothing then: it may be why.
            let refused = error.sent() == Sent::Yes && sending == 1;
            let evidence = if refused {
                Evidence::AsAsked
            } else {
                Evidence::AtWork
            };
            let from = if refused { LOOKS - 1 } else { 0 };
            if self.arrived(evidence, from).await? {
                return self.accepted(STEP, sending).await;
            }
            if error.sent() != Sent::InDoubt || sending == SENDINGS {
                return Err(self.not_sent(error).into());
            }
        }
        Ok(())
    }

    async fn accepted(&mut self, step: usize, sendings: u32) -> Result<(), Ended> {
        self.phase(Phase::Accepted).await?;
        self.open
            .step(step, TransactionState::Succeeded, sendings, Some(sendings), None)
            .await?;
        Ok(())
    }

    /// An answer that says that nothing has happened, or several looks that show it.
    fn not_sent(&mut self, error: webex_client::Error) -> Failure {
        let mut refused = failure(&Error::webex(format!("change {}", self.name()))(error));
        refused.message.push_str(" Nothing was changed.");
        refused
    }

    /// Durable before the request leaves, with what is asked for in the log of who did what.
    async fn about_to_send(&mut self) -> Result<()> {
        let inner = &self.wholesale.inner;
        let mut write = inner.db.write().await?;
        unsettled::phase(write.connection(), &self.open.id, Phase::Sending).await?;
        let context = audit::Context {
            who: inner.who.clone(),
            organisation: Some(self.organisation.id.clone()),
        };
        let detail = serde_json::json!({
            "customer": self.customer.id,
            "packages": self.change.packages,
            "externalId": self.change.external_id,
            "address": self.change.address,
            "packagesBefore": self.customer.packages,
        });
        audit::append(
            &mut write,
            inner.clock.as_ref(),
            &context,
            "wholesale_customer_changed",
            &detail,
        )
        .await?;
        write.commit().await?;
        Ok(())
    }

    async fn phase(&self, phase: Phase) -> Result<()> {
        let mut write = self.wholesale.inner.db.write().await?;
        unsettled::phase(write.connection(), &self.open.id, phase).await?;
        write.commit().await?;
        Ok(())
    }

    /// Looks whether a change whose answer is missing has arrived.
    async fn arrived(&mut self, evidence: Evidence, from: u32) -> Result<bool, Ended> {
        let mut pause = self.wholesale.inner.pauses.first;
        let mut looks = from;
        let mut last = None;
        let mut troubles = 0;
        while looks < LOOKS {
            match self.look().await? {
                Look::There(customer) => {
                    self.customer = *customer;
                    let arrived = rules::difference(&self.customer, &self.change).is_empty()
                        || (evidence == Evidence::AtWork
                            && rules::stand(&self.customer.status) == rules::Stand::UnderWay);
                    if arrived {
                        return Ok(true);
                    }
                    looks += 1;
                }
                Look::Gone => return Ok(false),
                Look::Trouble(error) if passes(&error) && troubles < LOOKS * 4 => {
                    troubles += 1;
                    last = Some(error);
                }
                Look::Trouble(error) => {
                    last = Some(error);
                    break;
                }
            }
            if looks < LOOKS {
                self.pause(&mut pause, false).await;
            }
        }
        match last {
            Some(error) if looks < LOOKS => {
                let mut unknown = failure(&Error::webex(format!(
                    "find out whether Webex has taken the change of {}",
                    self.name()
                ))(error));
                unknown
                    .message
                    .push_str(" Refresh the customer before you change it again.");
                Err(unknown.into())
            }
            _ => Ok(false),
        }
    }
}
