//! One consent attempt from its beginning to its end.
//!
//! Invariants: only waiting can be cancelled, and a cancelled attempt has freed its port before that is said; an answer
//! with another state than the one that was sent is never exchanged; each attempt ends exactly once.

use super::callback::{Listener, Visit};
use super::clients::Clients;
use super::grant;
use super::model::{AttemptState, Connected, ConsentAttempt};
use super::page::Page;
use super::refusal::Refusal;
use super::store::Facts;
use crate::error::Failure;
use crate::events::Topic;
use crate::transactions::{Open, TransactionState};
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use subtle::ConstantTimeEq as _;
use tokio::sync::{Notify, oneshot, watch};
use webex_client::{ConsentRequest, DeviceAuthorization, Grant, Integration, OAuth, OAuthError};

/// How long a person has in the browser.
pub(super) const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// So many codes are asked for in turn; Webex's live five minutes each.
const DEVICE_CODES: u32 = 6;

/// Steps of the transaction.
pub(super) const STEPS: [&str; 2] = ["Wait for consent", "Fetch and store tokens"];

/// An attempt as the rest of the feature holds it.
#[derive(Debug)]
pub(super) struct Attempt {
    pub shown: watch::Sender<ConsentAttempt>,
    pub cancel: Notify,
    /// Where a browser is expected.
    pub port: Option<u16>,
}

impl Attempt {
    pub(super) fn is_over(&self) -> bool {
        is_over(&self.shown.borrow().state)
    }
}

/// Whether nothing will change any more.
pub(super) fn is_over(state: &AttemptState) -> bool {
    matches!(
        state,
        AttemptState::Granted { .. } | AttemptState::Failed { .. } | AttemptState::Cancelled
    )
}

/// Whether somebody is still being waited for.
pub(super) fn is_waiting(state: &AttemptState) -> bool {
    matches!(
        state,
        AttemptState::WaitingForBrowser { .. } | AttemptState::WaitingForDevice { .. }
    )
}

/// How consent comes.
pub(super) enum Way {
    Browser {
        listener: Listener,
        request: ConsentRequest,
    },
    Device {
        device: DeviceAuthorization,
        /// What was asked for, to ask for another code.
        scopes: Vec<&'static str>,
    },
}

/// Everything an attempt works with.
pub(super) struct Work {
    pub clients: Clients,
    pub facts: Facts,
    pub integration: Integration,
    pub oauth: OAuth,
    pub transaction: Open,
}

/// How an attempt ended.
enum Ending {
    Granted(Connected),
    Refused(Refusal),
    Cancelled,
}

impl Work {
    /// Carries the attempt to its end. True if it was granted.
    pub(super) async fn carry_out(self, attempt: &Attempt, way: Way) -> bool {
        self.note_step(0, TransactionState::Running).await;
        let ending = match way {
            Way::Browser { listener, request } => self.by_browser(attempt, listener, &request).await,
            Way::Device { device, scopes } => self.by_device(attempt, device, &scopes).await,
        };
        let granted = matches!(ending, Ending::Granted(_));
        let (state, closed) = match ending {
            Ending::Granted(connected) => (
                AttemptState::Granted {
                    missing: connected.missing,
                    consented_by: connected.consented_by,
                    unexpected_admin: connected.unexpected_admin,
                },
                (TransactionState::Succeeded, None),
            ),
            Ending::Cancelled => (AttemptState::Cancelled, (TransactionState::Cancelled, None)),
            Ending::Refused(refusal) => {
                tracing::warn!(organisation = %self.facts.id, error = &refusal as &dyn std::error::Error, "no consent");
                let failure = refusal.failure();
                (
                    AttemptState::Failed {
                        failure: failure.clone(),
                    },
                    (TransactionState::Failed, Some(failure)),
                )
            }
        };
        self.close(closed.0, closed.1.as_ref()).await;
        self.show(attempt, state);
        granted
    }

    async fn by_browser(
        &self,
        attempt: &Attempt,
        mut listener: Listener,
        request: &ConsentRequest,
    ) -> Ending {
        let redirected = tokio::time::timeout(PATIENCE, redirected(&mut listener, request));
        let came = tokio::select! {
            biased;
            () = attempt.cancel.notified() => None,
            came = redirected => Some(came.unwrap_or(Err(Refusal::TimedOut))),
        };
        let ending = match came {
            None => Ending::Cancelled,
            Some(Err(refusal)) => Ending::Refused(refusal),
            Some(Ok((code, page))) => {
                listener.stop();
                self.exchanging(attempt).await;
                let exchanged = match self.oauth.exchange(request, &code).await {
                    Ok(grant) => self.accept(&grant).await,
                    Err(error) => Err(Refusal::from_oauth(error, &self.facts.name)),
                };
                // A browser that was closed meanwhile needs no page.
                let _ = page.send(match &exchanged {
                    Ok(brought) => connected(&self.facts.name, brought),
                    Err(refusal) => refusal.page(),
                });
                exchanged.map_or_else(Ending::Refused, Ending::Granted)
            }
        };
        listener.close().await;
        ending
    }

    async fn by_device(
        &self,
        attempt: &Attempt,
        mut device: DeviceAuthorization,
        scopes: &[&'static str],
    ) -> Ending {
        for code in 1..=DEVICE_CODES {
            // Somebody is still there: the one that ran out is replaced.
            let waited = async {
                if code > 1 {
                    device = self.oauth.device_start(scopes).await?;
                    self.show(attempt, waiting(&device, &self.clients));
                }
                self.oauth.device_wait(&device).await
            };
            let waited = tokio::select! {
                biased;
                () = attempt.cancel.notified() => return Ending::Cancelled,
                waited = waited => waited,
            };
            match waited {
                Ok(grant) => {
                    self.exchanging(attempt).await;
                    return self
                        .accept(&grant)
                        .await
                        .map_or_else(Ending::Refused, Ending::Granted);
                }
                Err(OAuthError::Expired) => {}
                Err(error) => return Ending::Refused(Refusal::from_oauth(error, &self.facts.name)),
            }
        }
        Ending::Refused(Refusal::CodeExpired)
    }

    async fn accept(&self, granted: &Grant) -> Result<Connected, Refusal> {
        grant::accept(&self.clients, &self.facts, &self.integration, granted).await
    }

    async fn exchanging(&self, attempt: &Attempt) {
        self.show(attempt, AttemptState::Exchanging);
        self.note_step(0, TransactionState::Succeeded).await;
        self.note_step(1, TransactionState::Running).await;
    }

    fn show(&self, attempt: &Attempt, state: AttemptState) {
        attempt.shown.send_modify(|shown| shown.state = state);
        self.clients.db().events().publish([Topic::Consent]);
    }

    /// A record that cannot be written does not take the consent away.
    async fn note_step(&self, position: usize, state: TransactionState) {
        let done = u32::from(state == TransactionState::Succeeded);
        if let Err(error) = self.transaction.step(position, state, done, Some(1), None).await {
            tracing::warn!(%error, "a step of the consent was not recorded");
        }
    }

    async fn close(&self, state: TransactionState, failure: Option<&Failure>) {
        let tracking_ids: Vec<String> = failure
            .and_then(|failure| failure.tracking_id.clone())
            .into_iter()
            .collect();
        if let Err(error) = self.transaction.close_as(state, failure, &tracking_ids).await {
            tracing::warn!(%error, "the end of the consent was not recorded");
        }
    }
}

/// Waits for the browser that brings the code. Whoever comes with something else is told so here.
async fn redirected(
    listener: &mut Listener,
    request: &ConsentRequest,
) -> Result<(SecretString, oneshot::Sender<Page>), Refusal> {
    while let Some(Visit { query, page }) = listener.visit().await {
        let given = |name: &str| url::form_urlencoded::parse(query.as_bytes()).any(|(key, _)| key == name);
        if !["state", "code", "error"].into_iter().any(given) {
            let _ = page.send(Page::bad(
                "Nothing to see here",
                "Patchbay waits at this address for Webex's answer only.",
            ));
            continue;
        }
        let refusal = if state_is_right(&query, request) {
            match request.read_redirect(&query) {
                Ok(code) => return Ok((code, page)),
                Err(error) => error.into(),
            }
        } else {
            Refusal::WrongState
        };
        let _ = page.send(refusal.page());
        return Err(refusal);
    }
    Err(crate::Error::Ended {
        what: "the listener for the consent",
    }
    .into())
}

/// Compares in a time that does not depend on how much of the state is right.
fn state_is_right(query: &str, request: &ConsentRequest) -> bool {
    let mut states = url::form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == "state");
    match (states.next(), states.next()) {
        (Some((_, state)), None) => state
            .as_bytes()
            .ct_eq(request.state.expose_secret().as_bytes())
            .into(),
        _ => false,
    }
}

/// What is shown while a code is waiting to be entered.
pub(super) fn waiting(device: &DeviceAuthorization, clients: &Clients) -> AttemptState {
    let life = SignedDuration::try_from(device.expires_in).unwrap_or(SignedDuration::ZERO);
    let now = clients.now();
    AttemptState::WaitingForDevice {
        user_code: device.user_code.clone(),
        verification_uri: device.verification_uri.clone(),
        verification_uri_complete: device.verification_uri_complete.clone(),
        expires_at: now.saturating_add(life).unwrap_or(now).to_string(),
    }
}

fn connected(organisation: &str, brought: &Connected) -> Page {
    let mut text = match brought.missing.as_slice() {
        [] => format!("{organisation} is connected to Patchbay."),
        missing => format!(
            "{organisation} is connected to Patchbay. Not granted: {}.",
            missing
                .iter()
                .map(|permission| permission.label.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        ),
    };
    if let Some(admin) = brought.consented_by.as_ref().filter(|_| brought.unexpected_admin) {
        text.push_str(&format!(
            " {admin} consented, not the admin account that is registered."
        ));
    }
    Page::good("Connected", text)
}
