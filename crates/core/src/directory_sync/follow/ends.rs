//! How following a request ends, and what is said of it.

use super::{Ended, Member};
use crate::directory_sync::store::Kept;
use crate::directory_sync::store::requests::Outcome;
use crate::directory_sync::told::{at, counts, sentences};
use crate::directory_sync::{SyncState, failure};
use crate::error::{Error, ErrorCode, Result};
use crate::transactions::TransactionState;
use jiff::SignedDuration;
use webex_client::ErrorKind;

impl Member {
    /// Webex shows its end.
    pub(super) async fn conclude(&mut self) -> Result<Result<(), Ended>> {
        let Some(told) = self.kept.told.clone() else {
            return Ok(Ok(()));
        };
        let mut request = self.request.clone();
        let asked = &mut request.asked;
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
        request.stands(if succeeded {
            Outcome::Succeeded
        } else {
            Outcome::Failed
        });
        self.note(request).await?;
        let ended = told
            .own_end(&self.request.asked.before)
            .map_or_else(String::new, |ended| format!(" at {}", at(ended)));
        if succeeded {
            let detail = format!("Completed{ended}. {}", counts(&told.counts));
            if let Err(error) = self.tell(TransactionState::Succeeded, &detail).await {
                tracing::warn!(?error, "the end of a directory sync could not be told");
            }
            return Ok(Ok(()));
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
        Ok(Err(self.failed(
            ErrorCode::Refused,
            format!(
                "The directory sync of {} failed{ended}. {why} {again}, once the reason is out of the way; ask Cisco with the \
                 tracking id if it stays.",
                self.name()
            ),
        )))
    }

    /// Webex tells of another one since. `before`: as it was seen the last time, which lies before the end that nobody saw:
    /// it holds from there, so never too long.
    pub(super) async fn passed(&mut self, before: Kept) -> Result<Ended> {
        let mut request = self.request.clone();
        let asked = &mut request.asked;
        let seen = before.told.filter(|told| asked.is_its(told));
        // Webex tells its time in whole seconds.
        asked.ended = seen.map(|told| told.told_at).max(asked.started);
        request.stands(Outcome::Lost);
        self.note(request).await?;
        let since = self
            .kept
            .told
            .as_ref()
            .and_then(|told| told.started)
            .map_or_else(String::new, |began| format!(" at {}", at(began)));
        Ok(self.failed(
            ErrorCode::Conflict,
            format!(
                "Webex has begun another synchronisation of {}{since}. How the one asked for at {} ended is no longer shown.",
                self.name(),
                at(self.request.asked.at)
            ),
        ))
    }

    pub(super) fn gone(&self) -> Ended {
        self.failed(
            ErrorCode::NotFound,
            format!(
                "Webex does not know the enterprise {} any more. It was taken out of the list.",
                self.name()
            ),
        )
    }

    /// Nobody can look now.
    pub(super) fn left(&self, error: webex_client::Error) -> Ended {
        let needs_consent = matches!(error.kind(), ErrorKind::Consent(_));
        let mut left = failure(&Error::webex(format!(
            "follow the directory sync of {}",
            self.name()
        ))(error));
        left.message.push_str(if needs_consent {
            " It was asked for, and counts as under way. Connect the organisation again: it is followed on then."
        } else {
            " It was asked for, and counts as under way. Refresh: it is followed on then."
        });
        Ended::Left(left)
    }

    /// `unread`: why Webex does not show how it stands.
    pub(super) fn given_up(&self, waited: SignedDuration, unread: Option<&str>) -> Ended {
        let stands = match (unread, self.kept.told.as_ref().map(|told| &told.state)) {
            (Some(why), _) => format!("does not show how it stands. {why}"),
            (None, Some(SyncState::Running { .. })) => "still shows it in progress.".to_owned(),
            (None, Some(SyncState::Unknown { status })) => {
                format!("shows the status \"{status}\", which Patchbay does not know.")
            }
            (None, _) => "still shows the synchronisation before.".to_owned(),
        };
        self.failed(
            ErrorCode::Refused,
            format!(
                "Webex has taken the request to synchronise {} and after {} hours {stands} Patchbay stops looking: refresh to see \
                 how it ends, or ask again when Webex is not at work on it.",
                self.name(),
                waited.as_hours()
            ),
        )
    }
}
