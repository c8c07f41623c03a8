//! Where access tokens come from. The client never stores or refreshes one itself.
//!
//! Invariant: refreshes are single-flight, and that is the implementor's duty; the client asks once for a refresh
//! after a 401 and repeats the request once.

use futures::future::BoxFuture;
use secrecy::SecretString;

use crate::error::Error;

/// One organisation's access token, kept fresh by the owner of the grant.
pub trait TokenSource: Send + Sync {
    /// The access token to send now.
    fn access_token(&self) -> BoxFuture<'_, Result<SecretString, TokenError>>;

    /// Called after Webex answered 401 to `dead`. Returns another token; when `dead` is no longer the current one
    /// (somebody else has refreshed meanwhile), the current one without a further refresh.
    fn refresh_after_401<'a>(
        &'a self,
        dead: &'a SecretString,
    ) -> BoxFuture<'a, Result<SecretString, TokenError>>;
}

/// Why no access token can be had.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Webex refused the refresh token, or there is none: an admin must consent again.
    #[error("consent is needed: {reason}")]
    ConsentNeeded { reason: String },
    /// The token endpoint could not be reached or did not answer properly; the grant may still be good.
    #[error("no access token could be obtained")]
    Unavailable(#[source] Box<Error>),
}
