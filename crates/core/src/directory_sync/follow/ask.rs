//! Sending a request, and settling whether one whose answer is missing has arrived.

use super::{Ended, Member, passes};
use crate::audit;
use crate::directory_sync::failure;
use crate::directory_sync::gate::{LONGEST, Progress};
use crate::directory_sync::read::Look;
use crate::directory_sync::store::requests::{self, Outcome};
use crate::error::{Error, ErrorCode, Result, webex_sentence};
use webex_client::Sent;

/// Looks that must not show a request whose answer is missing before nobody looks any more: some minutes in growing pauses,
/// enough for a request that Webex begins at once. For one in its queue nothing is.
const LOOKS: u32 = 12;
/// Said where nothing shows what became of a request.
const UNKNOWN: &str = " Webex does not show it so far: it may not have arrived, or wait in Webex's queue, which can last hours. \
    Refresh now and then to see whether it begins; Patchbay asks before it is asked for again.";

impl Member {
    /// Durable before the request leaves, with who asks in the log of who did what.
    async fn about_to_send(&mut self) -> Result<()> {
        let inner = &self.syncs.inner;
        let mut request = self.request.clone();
        request.stands(Outcome::Sending);
        let mut write = inner.db.write().await?;
        requests::put(write.connection(), &request).await?;
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
        self.request = request;
        Ok(())
    }

    pub(super) async fn ask(&mut self) -> Result<(), Ended> {
        self.say("Asking Webex.").await;
        // Written first: found so after a crash, it is looked for and not sent.
        if let Err(error) = self.about_to_send().await {
            tracing::warn!(?error, "a directory sync was not asked for");
            let mut unsent = failure(&error);
            unsent.message.push_str(" Nothing was sent.");
            return Err(Ended::Over(unsent));
        }
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
                if let Ok(Look::There(kept)) = self.read().await {
                    self.kept = *kept;
                }
                Err(self.refused(error).await)
            }
            Sent::InDoubt => {
                self.say(&format!(
                    "{} Looking whether it has arrived.",
                    webex_sentence(&error)
                ))
                .await;
                if self.arrived().await? {
                    return self.accepted().await;
                }
                let mut lost = failure(&Error::webex(format!(
                    "ask for a synchronisation of {}",
                    self.name()
                ))(error));
                lost.message.push_str(UNKNOWN);
                Err(Ended::Over(lost))
            }
        }
    }

    fn track(&mut self, tracking_id: Option<String>) {
        self.request.asked.sent_tracking_id.clone_from(&tracking_id);
        self.tracking.extend(tracking_id);
    }

    async fn refused(&mut self, error: webex_client::Error) -> Ended {
        let mut request = self.request.clone();
        request.stands(Outcome::Refused);
        if let Err(error) = self.note(request.clone()).await {
            // Found open, it is looked for: that keeps the gate shut, and no more.
            tracing::error!(?error, "the refusal of a directory sync could not be kept");
            self.request = request;
        }
        let mut refused = failure(&Error::webex(format!(
            "ask for a synchronisation of {}",
            self.name()
        ))(error));
        refused.message.push_str(" Nothing was begun.");
        Ended::Over(refused)
    }

    pub(super) async fn go_on(&mut self) -> Result<(), Ended> {
        self.say("Looking how it stands.").await;
        if self.request.outcome == Outcome::Sending && !self.arrived().await? {
            return Err(self.failed(
                ErrorCode::Conflict,
                format!(
                    "Patchbay ended while it asked for a synchronisation of {}.{UNKNOWN}",
                    self.name()
                ),
            ));
        }
        self.accepted().await
    }

    /// Looks whether a request whose answer is missing has arrived. Nobody shortens that: what Webex has queued it shows late.
    async fn arrived(&mut self) -> Result<bool, Ended> {
        let mut pause = self.syncs.inner.pauses.first;
        let mut looks = 0;
        loop {
            match self.read().await {
                Ok(Look::There(kept)) => {
                    self.kept = *kept;
                    if self.progress() != Progress::Queued {
                        return Ok(true);
                    }
                    looks += 1;
                }
                Ok(Look::Gone) => return Err(self.gone()),
                Ok(Look::Trouble(error)) if passes(&error) => {
                    self.say(&format!(
                        "{} Patchbay goes on looking whether the request has arrived.",
                        webex_sentence(&error)
                    ))
                    .await;
                }
                Ok(Look::Trouble(error)) => return Err(self.left(error)),
                Err(error) => tracing::warn!(?error, "whether a request has arrived could not be kept"),
            }
            if looks >= LOOKS || self.waited().await >= LONGEST {
                return Ok(false);
            }
            tokio::time::sleep(pause).await;
            pause = self.next_pause(pause, true);
        }
    }
}
