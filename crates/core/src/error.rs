//! One error with two faces.
//!
//! [`Failure`] is what a person reads: a closed code, a sentence that names the object and the next step. The
//! source chain, with Webex's tracking id, is for the log. A [`ErrorCode`] exists only if the UI or the CLI
//! branches on it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Codes the UI and the CLI branch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// What was entered cannot be used; `field` says which.
    Invalid,
    NotFound,
    /// The object is in a state that does not allow it.
    Conflict,
    /// The organisation must be connected (again).
    ConsentNeeded,
    /// Secrets are sealed and the key is not at hand: ask for the passphrase.
    VaultLocked,
    /// There is neither keychain nor passphrase yet: ask how to keep secrets.
    VaultMissing,
    /// Webex could not be reached.
    Unreachable,
    /// Webex understood and said no.
    Refused,
    /// A file or folder cannot be read or written.
    File,
    /// The database cannot be written: disk full or read-only.
    Storage,
    /// The database was written by a newer Patchbay.
    DatabaseNewer,
    /// The consent port is taken by another program.
    PortBusy,
    /// What the plan was made from has changed: show the new plan.
    PlanDrifted,
    /// Something that should not happen; the log says more.
    Internal,
}

/// An error as it crosses the command table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    pub code: ErrorCode,
    /// Whole sentences: which object, what happened, what to do next.
    pub message: String,
    /// The input field it belongs to, in camelCase.
    pub field: Option<String>,
    pub retryable: bool,
    pub tracking_id: Option<String>,
}

/// What went wrong in a feature. Each variant is what a person can conclude, not where it came from.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was entered cannot be used. `message` is a whole sentence; `field` is the input, in camelCase.
    #[error("{message}")]
    Invalid {
        field: Option<&'static str>,
        message: String,
    },
    #[error("there is no {what} {id}")]
    NotFound { what: &'static str, id: String },
    /// The object's state does not allow it. A whole sentence with the next step.
    #[error("{message}")]
    Conflict { message: String },
    /// The organisation must be connected before this can be done.
    #[error("{organisation} needs consent: {reason}")]
    ConsentNeeded { organisation: String, reason: String },
    /// Webex did not do what was asked. `doing` completes "Patchbay could not …".
    #[error("could not {doing}")]
    Webex {
        doing: String,
        source: Box<webex_client::Error>,
    },
    #[error("could not {doing} {path}")]
    File {
        doing: &'static str,
        path: std::path::PathBuf,
        source: std::io::Error,
    },
    #[error("the port {port} on this computer is taken")]
    PortBusy { port: u16, source: std::io::Error },
    /// What the plan was made from has changed since it was seen.
    #[error("{message}")]
    PlanDrifted { message: String },
    #[error(transparent)]
    Database(#[from] crate::db::Error),
    #[error(transparent)]
    Secrets(#[from] crate::secrets::Error),
    /// A background task ended without an answer.
    #[error("{what} ended unexpectedly")]
    Ended { what: &'static str },
}

/// Shorthand for the features of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

impl Error {
    /// An input that cannot be used.
    pub fn invalid(field: impl Into<Option<&'static str>>, message: impl Into<String>) -> Self {
        Self::Invalid {
            field: field.into(),
            message: message.into(),
        }
    }

    /// A state that does not allow what was asked.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::Conflict {
            message: message.into(),
        }
    }

    /// A call to Webex that failed while Patchbay tried to `doing`.
    pub fn webex(doing: impl Into<String>) -> impl FnOnce(webex_client::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Webex {
            doing,
            source: Box::new(source),
        }
    }

    /// The face for people.
    pub fn failure(&self) -> Failure {
        let (code, message, retryable) = self.presentation();
        let field = match self {
            Self::Invalid { field, .. } => field.map(str::to_owned),
            _ => None,
        };
        let tracking_id = match self {
            Self::Webex { source, .. } => source.tracking_id().map(str::to_owned),
            _ => None,
        };
        Failure {
            code,
            message,
            field,
            retryable,
            tracking_id,
        }
    }

    fn presentation(&self) -> (ErrorCode, String, bool) {
        match self {
            Self::Invalid { message, .. } => (ErrorCode::Invalid, message.clone(), false),
            Self::NotFound { what, id } => (
                ErrorCode::NotFound,
                format!("There is no {what} {id}. It may have been deleted in another window."),
                false,
            ),
            Self::Conflict { message } => (ErrorCode::Conflict, message.clone(), false),
            Self::ConsentNeeded { organisation, reason } => (
                ErrorCode::ConsentNeeded,
                format!(
                    "{organisation} must be connected to Webex before this can be done: {reason} Connect it under Organisations."
                ),
                false,
            ),
            Self::Webex { doing, source } => {
                let (code, retryable) = webex_code(source);
                (
                    code,
                    format!("Patchbay could not {doing}. {}", webex_sentence(source)),
                    retryable,
                )
            }
            Self::File { doing, path, source } => (
                ErrorCode::File,
                format!(
                    "Patchbay could not {doing} {}: {}.",
                    path.display(),
                    io_words(source)
                ),
                true,
            ),
            Self::PortBusy { port, .. } => (
                ErrorCode::PortBusy,
                format!(
                    "Port {port} on this computer is taken by another program, so Webex could not send the consent back. \
                     Close that program, choose another port in Settings (it must be a redirect URI of the integration), \
                     or connect with a device code."
                ),
                true,
            ),
            Self::PlanDrifted { message } => (ErrorCode::PlanDrifted, message.clone(), true),
            Self::Database(error) => database(error),
            Self::Secrets(error) => error.presentation(),
            Self::Ended { what } => (
                ErrorCode::Internal,
                format!("{what} ended unexpectedly. The log in Patchbay's log folder says more."),
                true,
            ),
        }
    }
}

fn database(error: &crate::db::Error) -> (ErrorCode, String, bool) {
    use crate::db::Error as Db;
    match error {
        Db::Newer { path, .. } => (
            ErrorCode::DatabaseNewer,
            format!(
                "The database {} was written by a newer Patchbay. Nothing was changed. Install that version again, \
                 or start with another data folder.",
                path.display()
            ),
            false,
        ),
        Db::Folder { path, source } => (
            ErrorCode::Storage,
            format!("The data folder {} cannot be used: {}. Check its permissions.", path.display(), io_words(source)),
            true,
        ),
        Db::Corrupt { table, id, what } => (
            ErrorCode::Internal,
            format!("Entry {id} of {table} in the database contradicts itself ({what}). Nothing was changed; a support bundle helps to find out why."),
            false,
        ),
        error if error.is_storage() => (
            ErrorCode::Storage,
            "The data folder cannot be written: the disk is full or the folder is read-only. Nothing was half-written. \
             Make room or correct the permissions, then do it again."
                .to_owned(),
            true,
        ),
        Db::Damaged { path, .. } => (
            ErrorCode::Storage,
            format!(
                "The database {} cannot be read: it is damaged or not one of Patchbay's. Nothing was changed. \
                 Put a backup in its place, or start with another data folder.",
                path.display()
            ),
            false,
        ),
        Db::Backup { .. } | Db::Migration(_) | Db::Query(_) => {
            (ErrorCode::Internal, "The database refused. Nothing was changed; the log in Patchbay's log folder says more.".to_owned(), true)
        }
    }
}

/// Which code a failed call to Webex has, and whether trying again makes sense.
fn webex_code(error: &webex_client::Error) -> (ErrorCode, bool) {
    use webex_client::ErrorKind as Kind;
    match error.kind() {
        Kind::Consent(_) | Kind::Unauthorised => (ErrorCode::ConsentNeeded, false),
        Kind::Connect | Kind::Dropped | Kind::TimedOut => (ErrorCode::Unreachable, true),
        Kind::Throttled | Kind::Server | Kind::Locked | Kind::Incomplete => (ErrorCode::Refused, true),
        _ => (ErrorCode::Refused, false),
    }
}

/// What Webex said, as one or two sentences.
pub fn webex_sentence(error: &webex_client::Error) -> String {
    use webex_client::ErrorKind as Kind;
    match error.kind() {
        Kind::Connect => unconnected(error),
        Kind::Dropped => "The connection to Webex broke before an answer came.".to_owned(),
        Kind::TimedOut => "Webex did not answer in time.".to_owned(),
        Kind::Throttled => "Webex asked us to slow down (429).".to_owned(),
        Kind::Consent(reason) => format!("The consent is gone: {reason}. Connect the organisation again."),
        Kind::Unauthorised => {
            "Webex refused the access token (401). Connect the organisation again.".to_owned()
        }
        Kind::Forbidden => format!("Webex does not allow it (403): {}", said(error)),
        Kind::NotFound => format!("Webex does not know it (404): {}", said(error)),
        Kind::Server => format!(
            "Webex has a problem of its own ({}).",
            error.status().unwrap_or(500)
        ),
        Kind::Locked => "Webex has locked it for the moment (423). Try again later.".to_owned(),
        Kind::WrongRegion => format!(
            "Webex serves this organisation from another region (451): {}",
            said(error)
        ),
        Kind::Incomplete => "Webex ended a list early, so the copy would not be complete.".to_owned(),
        Kind::ForeignLink => {
            "Webex pointed to an address of another host for the next page; it was not followed.".to_owned()
        }
        Kind::UnexpectedAnswer => {
            "What answered is not Webex as we know it; a proxy or a sign-in page may stand between."
                .to_owned()
        }
        // Our own sentence: the vault is locked, the proxy wrong, the demo not running.
        Kind::Config => said(error),
        _ => format!("Webex said: {}", said(error)),
    }
}

/// Whether Webex shows no list to whoever has consented, by saying so (403) or by refusing a token that is fresh (401), as it
/// does where the organisation is not entitled. A consent that is gone is another error.
pub(crate) fn is_refused_list(error: &webex_client::Error) -> bool {
    use webex_client::ErrorKind as Kind;
    matches!(error.kind(), Kind::Forbidden | Kind::Unauthorised)
}

/// Why Webex shows no list, as one sentence. The way out is the list's.
pub(crate) fn refused_list_sentence(error: &webex_client::Error) -> String {
    match error.kind() {
        webex_client::ErrorKind::Unauthorised => {
            "Webex refuses this list although the token is fresh (401).".to_owned()
        }
        _ => webex_sentence(error),
    }
}

/// Why there was no connection, as far as it is not the network's.
fn unconnected(error: &webex_client::Error) -> String {
    use webex_client::{CertificateFault, Fault};
    let whose = |of_proxy| if of_proxy { "the proxy" } else { "Webex" };
    match error.fault() {
        Some(Fault::ProxyPassword) => {
            "The proxy does not accept this user and password (407). Correct the proxy of the organisation."
                .to_owned()
        }
        Some(Fault::ProxyRefuses(_)) => {
            "The proxy makes no connection to Webex. Check the connection of the organisation to see why."
                .to_owned()
        }
        Some(Fault::Certificate {
            of_proxy,
            fault: CertificateFault::UnknownIssuer,
        }) => format!(
            "The TLS certificate of {} was issued by an authority that this computer does not trust. Where the network has \
             one of its own, add its CA file to the organisation.",
            whose(of_proxy)
        ),
        Some(Fault::Certificate { of_proxy, .. }) => format!(
            "The TLS certificate of {} is not accepted. Check the connection of the organisation to see why.",
            whose(of_proxy)
        ),
        _ => {
            "Webex cannot be reached from this computer. Check the network, the proxy and the VPN.".to_owned()
        }
    }
}

/// Webex's own words, closed with a full stop: the reasons where it gives any, else the heading.
fn said(error: &webex_client::Error) -> String {
    let mut reasons: Vec<&str> = Vec::new();
    for detail in error.codes() {
        let reason = without_code(&detail.description);
        if !reason.is_empty() && !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    let text = if reasons.is_empty() {
        error.message().trim().to_owned()
    } else {
        reasons.join(" ")
    };
    if text.is_empty() {
        return format!("nothing more (status {}).", error.status().unwrap_or_default());
    }
    if text.ends_with(['.', '!', '?']) {
        text
    } else {
        format!("{text}.")
    }
}

/// `[Error 4202] The extension …` without the code, which is shown beside.
fn without_code(text: &str) -> &str {
    let text = text.trim();
    match text.strip_prefix("[Error ").and_then(|rest| rest.split_once(']')) {
        Some((_, rest)) => rest.trim(),
        None => text,
    }
}

/// An operating system's error in words.
pub fn io_words(error: &std::io::Error) -> String {
    use std::io::ErrorKind as Kind;
    match error.kind() {
        Kind::NotFound => "it is not there (any more)".to_owned(),
        Kind::PermissionDenied => "permission is denied".to_owned(),
        Kind::IsADirectory => "it is a folder, not a file".to_owned(),
        Kind::StorageFull => "the disk is full".to_owned(),
        Kind::QuotaExceeded => "the disk quota is used up".to_owned(),
        Kind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
        Kind::NotADirectory => "a part of the path is not a folder".to_owned(),
        Kind::AlreadyExists => "a file of that name is in the way".to_owned(),
        Kind::InvalidFilename => "the name is too long or holds characters no file may have".to_owned(),
        Kind::ResourceBusy => "another program uses it".to_owned(),
        _ => error.to_string(),
    }
}
