//! Taking tokens back (RFC 7009; webex-api reference, section 2.5).
//!
//! A token the server does not know is answered like one it took back: either way it opens nothing any more.

use secrecy::{ExposeSecret, SecretString};

use super::{OAuth, OAuthError, Payload, refused};

/// Which kind a token is; a hint to the server, no promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenHint {
    AccessToken,
    /// Its access tokens go with it.
    RefreshToken,
}

impl OAuth {
    /// Takes a token back. [`OAuthError::Refused`] means that the integration was not accepted or that the server does not
    /// take back tokens of this kind.
    pub async fn revoke(&self, token: &SecretString, hint: TokenHint) -> Result<(), OAuthError> {
        let hint = match hint {
            TokenHint::AccessToken => "access_token",
            TokenHint::RefreshToken => "refresh_token",
        };
        let form = vec![("token", token.expose_secret()), ("token_type_hint", hint)];
        self.post(&self.endpoints.revoke, &Payload::FormAsClient(form))
            .await
            .map_err(refused)?;
        Ok(())
    }
}
