//! Why a consent attempt did not end in a grant.

use super::page::Page;
use crate::error::{Error, ErrorCode, Failure};
use webex_client::{OAuthError, RedirectError};

/// The end of an attempt that brought nothing. Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// The person, or Webex, said no.
    #[error("consent was refused: {error}")]
    Refused {
        error: String,
        description: Option<String>,
        tracking_id: Option<String>,
    },
    /// The answer belongs to something else, or somebody made it up.
    #[error("the answer has the wrong state")]
    WrongState,
    #[error("the answer holds neither a code nor an error")]
    NoCode,
    #[error("nobody consented in time")]
    TimedOut,
    #[error("the device code expired")]
    CodeExpired,
    /// Somebody consented for another organisation than the one that is registered.
    #[error("consented for {consented} but registered is {registered}")]
    WrongOrganisation {
        organisation: String,
        consented: String,
        registered: String,
    },
    /// The organisation was deleted meanwhile.
    #[error("the organisation was deleted")]
    Deleted,
    #[error(transparent)]
    Core(#[from] Error),
}

impl From<crate::db::Error> for Refusal {
    fn from(error: crate::db::Error) -> Self {
        Self::Core(error.into())
    }
}

impl From<RedirectError> for Refusal {
    fn from(error: RedirectError) -> Self {
        match error {
            RedirectError::WrongState => Self::WrongState,
            RedirectError::Refused { error, description } => Self::Refused {
                error,
                description,
                tracking_id: None,
            },
            RedirectError::NoCode => Self::NoCode,
        }
    }
}

impl Refusal {
    /// A token call of the attempt that failed.
    pub(super) fn from_oauth(error: OAuthError, organisation: &str) -> Self {
        match error {
            OAuthError::Refused {
                reason,
                code,
                tracking_id,
                ..
            } => {
                let said = (!reason.trim().is_empty()).then_some(reason);
                // Webex puts the code of a refusal where its sentence belongs.
                let error = code
                    .or_else(|| said.clone().filter(|said| !is_sentence(said)))
                    .unwrap_or_else(|| "refused".to_owned());
                Self::Refused {
                    description: said.filter(|said| *said != error),
                    error,
                    tracking_id,
                }
            }
            OAuthError::Expired => Self::CodeExpired,
            OAuthError::Failed(error) => Self::Core(Error::webex(format!("connect {organisation}"))(error)),
        }
    }

    pub(super) fn failure(&self) -> Failure {
        let plain = |code, message: String, retryable| Failure {
            code,
            message,
            field: None,
            retryable,
            tracking_id: None,
        };
        match self {
            Self::Refused { error, description, tracking_id } => Failure {
                field: (error == "invalid_client").then(|| "clientSecret".to_owned()),
                tracking_id: tracking_id.clone(),
                ..plain(ErrorCode::Refused, refused(error, description.as_deref()), true)
            },
            Self::WrongState => plain(
                ErrorCode::Refused,
                "An answer came that does not belong to this attempt (wrong state), so it was not used and nothing was \
                 changed. Close other consent pages and connect again."
                    .to_owned(),
                true,
            ),
            Self::NoCode => plain(
                ErrorCode::Refused,
                "Webex sent the browser back without a code and without a reason. Nothing was changed; connect again."
                    .to_owned(),
                true,
            ),
            Self::TimedOut => plain(
                ErrorCode::Refused,
                "Nobody consented within 10 minutes, so Patchbay stopped waiting. Nothing was changed; connect again."
                    .to_owned(),
                true,
            ),
            Self::CodeExpired => plain(
                ErrorCode::Refused,
                "The code expired before anybody allowed it. Nothing was changed; ask for a new one.".to_owned(),
                true,
            ),
            Self::WrongOrganisation { organisation, consented, registered } => plain(
                ErrorCode::Conflict,
                format!(
                    "The person consented for organisation {consented}, but {organisation} is registered as {registered}. \
                     Nothing was stored. Sign in as an administrator of {registered}, or correct the organisation account \
                     number."
                ),
                true,
            ),
            Self::Deleted => plain(
                ErrorCode::NotFound,
                "The organisation was deleted while consent was being given. Nothing was stored.".to_owned(),
                false,
            ),
            Self::Core(error) => error.failure(),
        }
    }

    /// What the browser is left with.
    pub(super) fn page(&self) -> Page {
        let title = match self {
            Self::Refused { error, .. } if error == "access_denied" => "Consent was refused",
            Self::WrongState => "This answer was not used",
            Self::WrongOrganisation { .. } => "This is another organisation",
            _ => "Not connected",
        };
        Page::bad(title, self.failure().message)
    }
}

fn refused(error: &str, description: Option<&str>) -> String {
    let said = description
        .map(str::trim)
        .filter(|text| is_sentence(text))
        .map(|text| format!(" Webex says: \"{text}\""))
        .unwrap_or_default();
    match error {
        "access_denied" => format!(
            "Consent was refused in Webex, so nothing was changed. Connect again if it was a slip.{said}"
        ),
        "invalid_client" => format!("{BAD_CLIENT} Nothing was changed. {COMPARE}{said}"),
        "invalid_scope" => format!(
            "Webex refuses a permission that was asked for, so nothing was changed. Tick every permission of the list at the \
             integration, then connect again.{said}"
        ),
        "invalid_grant" => format!(
            "Webex did not accept what the consent brought: it was used before or has run out. Nothing was changed; connect \
             again.{said}"
        ),
        "temporarily_unavailable" | "server_error" => format!(
            "Webex could not handle the consent just now, so nothing was changed. Try again in a few minutes.{said}"
        ),
        _ if said.is_empty() => {
            let word = description.map_or(error, str::trim);
            format!(
                "Webex refused the consent and gave only \"{word}\" as the reason. Nothing was changed; connect again."
            )
        }
        _ => format!("Webex refused the consent, so nothing was changed. Connect again.{said}"),
    }
}

/// What is wrong when Webex does not know the client.
pub(super) const BAD_CLIENT: &str = "Webex does not accept the client id and client secret of the integration: one of them is wrong, or the integration was \
     deleted or its secret made anew.";
/// What to do then.
pub(super) const COMPARE: &str =
    "Compare both with the integration's page at developer.webex.com, enter them again and connect.";

/// Whether it was written for people. Words such as `invalid_client` were not.
pub(super) fn is_sentence(text: &str) -> bool {
    text.contains(char::is_whitespace)
}
