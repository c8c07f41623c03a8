//! Consent and tokens (webex-api reference, section 2): code with PKCE, refresh, device grant, service app.
//!
//! Invariants: secrets are `SecretString` and never part of an error; a token call waits out a hold of the
//! organisation's gate and imposes one after a 429, but takes no turn, as a request in flight may be waiting for it.
//!
//! The `oauth2` crate makes the authorize address, state and PKCE pair. The token calls are made directly: pending comes
//! as HTTP 428, refusals come in Webex's own error shapes, and one of the four calls takes JSON.

mod device;
mod grant;
mod revoke;

use std::fmt;
use std::sync::Arc;

use http::{HeaderValue, Method, StatusCode, header};
use oauth2::basic::BasicClient;
use oauth2::{AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, RedirectUrl, Scope};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::clock::{Clock, Ids};
use crate::endpoints::Endpoints;
use crate::error::{Error, ErrorKind};
use crate::gate::Gate;
use crate::retry_after::RetryAfter;
use crate::send::{Answer, read_body, retry_after_header, tracking_id};
use crate::transport::{Transport, TransportConfig, transport_error};

pub use device::{DeviceAuthorization, DevicePoll};
pub use grant::Grant;
pub use revoke::TokenHint;

/// 429 answers one token call waits out.
const THROTTLES: u32 = 5;

/// The customer's own integration. Webex has no public clients: the secret is mandatory even with PKCE.
#[derive(Clone)]
pub struct Integration {
    pub client_id: String,
    pub client_secret: SecretString,
}

impl fmt::Debug for Integration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Integration")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// A consent that is about to be asked for in a browser. Keep it until the redirect comes.
pub struct ConsentRequest {
    /// To be opened in the browser.
    pub url: Url,
    /// Must come back unchanged.
    pub state: SecretString,
    /// Goes into the exchange.
    pub verifier: SecretString,
    pub redirect_uri: String,
}

/// Why a redirect brought no code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RedirectError {
    /// The redirect belongs to another consent, or somebody made it up.
    #[error("the answer does not belong to the consent that was asked for (wrong state)")]
    WrongState,
    /// The person, or Webex, said no.
    #[error("consent was refused: {error}{}", description.as_deref().map(|d| format!(" ({d})")).unwrap_or_default())]
    Refused {
        error: String,
        description: Option<String>,
    },
    #[error("the answer holds neither a code nor an error")]
    NoCode,
}

/// Why there is no grant.
#[derive(Debug, thiserror::Error)]
pub enum OAuthError {
    /// Webex understood and said no (400, 401): the code, refresh token, device code or the integration itself is no
    /// good. For a refresh this means that an admin must consent again.
    #[error("Webex refused: {reason}")]
    Refused {
        reason: String,
        /// `invalid_grant`, `invalid_client`, `access_denied`, … where Webex said one.
        code: Option<String>,
        status: Option<u16>,
        tracking_id: Option<String>,
    },
    /// The device code ran out before anybody entered it.
    #[error("the device code has expired; ask for a new one")]
    Expired,
    /// Anything else; the grant may still be good.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// The OAuth calls of one integration at one Webex cloud.
#[derive(Clone)]
pub struct OAuth {
    endpoints: Endpoints,
    integration: Integration,
    transport: Transport,
    gate: Arc<Gate>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// How a token call is authenticated and what it carries.
enum Payload<'a> {
    Form(Vec<(&'a str, &'a str)>),
    FormAsClient(Vec<(&'a str, &'a str)>),
    JsonAsBearer(serde_json::Value, &'a SecretString),
}

impl OAuth {
    /// Token calls use the organisation's proxy and certificates, and its gate's hold.
    pub fn new(
        endpoints: Endpoints,
        transport: TransportConfig,
        integration: Integration,
        gate: Arc<Gate>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, Error> {
        let transport = Transport::new(&transport, &endpoints)?;
        Ok(Self::over(endpoints, transport, integration, gate, clock, ids))
    }

    /// As [`OAuth::new`], over a transport that others may use too.
    pub fn over(
        endpoints: Endpoints,
        transport: Transport,
        integration: Integration,
        gate: Arc<Gate>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self {
            endpoints,
            integration,
            transport,
            gate,
            clock,
            ids,
        }
    }

    /// Makes the authorize address with a fresh state and PKCE pair (S256). `redirect_uri` must be registered at the
    /// integration, letter by letter.
    pub fn consent_request(
        &self,
        redirect_uri: &str,
        scopes: &[impl AsRef<str>],
        login_hint: Option<&str>,
    ) -> Result<ConsentRequest, Error> {
        let wrong = |what: &str, error: url::ParseError| {
            Error::new(ErrorKind::Config, format!("{what} is not an address")).with_source(error)
        };
        let authorize = AuthUrl::new(self.endpoints.authorize.to_string())
            .map_err(|error| wrong("the authorize address", error))?;
        let redirect =
            RedirectUrl::new(redirect_uri.to_owned()).map_err(|error| wrong("the redirect URI", error))?;
        let client = BasicClient::new(ClientId::new(self.integration.client_id.clone()))
            .set_auth_uri(authorize)
            .set_redirect_uri(redirect);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client
            .authorize_url(CsrfToken::new_random)
            .add_scopes(scopes.iter().map(|scope| Scope::new(scope.as_ref().to_owned())))
            .set_pkce_challenge(challenge);
        if let Some(hint) = login_hint {
            request = request.add_extra_param("login_hint", hint);
        }
        let (url, state) = request.url();
        Ok(ConsentRequest {
            url,
            state: SecretString::from(state.into_secret()),
            verifier: SecretString::from(verifier.into_secret()),
            redirect_uri: redirect_uri.to_owned(),
        })
    }

    /// Exchanges the code of a redirect.
    pub async fn exchange(&self, request: &ConsentRequest, code: &SecretString) -> Result<Grant, OAuthError> {
        let form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", self.integration.client_id.as_str()),
            ("client_secret", self.integration.client_secret.expose_secret()),
            ("code", code.expose_secret()),
            ("redirect_uri", request.redirect_uri.as_str()),
            ("code_verifier", request.verifier.expose_secret()),
        ];
        self.grant(&self.endpoints.token, Payload::Form(form)).await
    }

    /// Refreshes. The answer may hold no refresh token: keep the old one and its expiry then. A different one must be
    /// kept durably before the access token is used.
    pub async fn refresh(&self, refresh_token: &SecretString) -> Result<Grant, OAuthError> {
        let form = vec![
            ("grant_type", "refresh_token"),
            ("client_id", self.integration.client_id.as_str()),
            ("client_secret", self.integration.client_secret.expose_secret()),
            ("refresh_token", refresh_token.expose_secret()),
        ];
        self.grant(&self.endpoints.token, Payload::Form(form)).await
    }

    /// Tokens of a service app that an admin of `target_org_id` has authorised. The integration of this value is the
    /// service app's; `access_token` belongs to an integration that holds `spark:applications_token`. HTTP 403 (not
    /// authorised yet) and 404 (unknown app) come as [`OAuthError::Failed`].
    pub async fn service_app_token(
        &self,
        application_id: &str,
        target_org_id: &str,
        access_token: &SecretString,
    ) -> Result<Grant, OAuthError> {
        if application_id.trim().is_empty() {
            return Err(Error::new(ErrorKind::Config, "no application id was given").into());
        }
        let url = self
            .endpoints
            .below_api(["applications", application_id.trim(), "token"]);
        let body = serde_json::json!({
            "clientId": self.integration.client_id,
            "clientSecret": self.integration.client_secret.expose_secret(),
            "targetOrgId": target_org_id,
        });
        self.grant(&url, Payload::JsonAsBearer(body, access_token)).await
    }

    async fn grant(&self, url: &Url, payload: Payload<'_>) -> Result<Grant, OAuthError> {
        let answer = self.post(url, &payload).await.map_err(refused)?;
        Ok(Grant::read(&answer)?)
    }

    /// One token call; a 429 is waited out a few times.
    async fn post(&self, url: &Url, payload: &Payload<'_>) -> Result<Answer, Error> {
        let mut throttles = 0;
        loop {
            self.gate.pass_hold().await;
            match self.post_once(url, payload).await {
                Err(error) if *error.kind() == ErrorKind::Throttled && throttles + 1 < THROTTLES => {
                    throttles += 1
                }
                result => return result,
            }
        }
    }

    async fn post_once(&self, url: &Url, payload: &Payload<'_>) -> Result<Answer, Error> {
        let sent_id = format!("PATCHBAY_{}", self.ids.uuid());
        let limit = self.transport.limit(&Method::POST);
        let request = self
            .transport
            .http
            .post(url.clone())
            .header(header::ACCEPT, "application/json")
            .header("TrackingID", &sent_id)
            .timeout(limit);
        let request = match payload {
            Payload::Form(form) => request.form(form),
            Payload::FormAsClient(form) => request
                .basic_auth(
                    &self.integration.client_id,
                    Some(self.integration.client_secret.expose_secret()),
                )
                .form(form),
            Payload::JsonAsBearer(body, token) => {
                let mut bearer =
                    HeaderValue::try_from(format!("Bearer {}", token.expose_secret())).map_err(|_| {
                        Error::new(
                            ErrorKind::Config,
                            "the access token holds characters no header may hold",
                        )
                    })?;
                bearer.set_sensitive(true);
                request.header(header::AUTHORIZATION, bearer).json(body)
            }
        };
        let sent_at = self.clock.now();
        let response = request
            .send()
            .await
            .map_err(|error| transport_error(error, limit).with_tracking(Some(sent_id.clone())))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let answered_id = tracking_id(&headers);
        let now = self.clock.now();
        let header = retry_after_header(&headers);
        let retry_after = (status == StatusCode::TOO_MANY_REQUESTS).then(|| RetryAfter::read(header, now));
        if let Some(retry_after) = &retry_after {
            self.gate.throttled(retry_after, answered_id.as_deref());
        }
        let body = read_body(response, limit).await;
        let tracking_id = answered_id.clone().or_else(|| Some(sent_id.clone()));
        if status.is_success() {
            let body = body.map_err(|error| error.with_tracking(tracking_id.clone()))?;
            return Ok(Answer {
                status,
                headers,
                body,
                tracking_id,
                sent_at,
                answered_at: self.clock.now(),
            });
        }
        let error = Error::from_answer(status, &headers, &body.unwrap_or_default(), answered_id)
            .with_retry_after(retry_after.map(|asked| asked.pause));
        Err(if error.tracking_id().is_none() {
            error.with_tracking(Some(sent_id))
        } else {
            error
        })
    }
}

impl ConsentRequest {
    /// Reads the query of the redirect (with or without `?`).
    pub fn read_redirect(&self, query: &str) -> Result<SecretString, RedirectError> {
        let query = query.strip_prefix('?').unwrap_or(query);
        let value = |name: &str| {
            url::form_urlencoded::parse(query.as_bytes())
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
                .filter(|value| !value.is_empty())
        };
        if value("state").as_deref() != Some(self.state.expose_secret()) {
            return Err(RedirectError::WrongState);
        }
        if let Some(error) = value("error") {
            return Err(RedirectError::Refused {
                error,
                description: value("error_description"),
            });
        }
        value("code").map(SecretString::from).ok_or(RedirectError::NoCode)
    }
}

impl fmt::Debug for ConsentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsentRequest")
            .field("redirect_uri", &self.redirect_uri)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for OAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth")
            .field("integration", &self.integration)
            .finish_non_exhaustive()
    }
}

/// 400 and 401 of a token call are refusals where Webex says them; everything else leaves the grant as it was, also a page
/// that a network puts in the way.
fn refused(error: Error) -> OAuthError {
    let is_page = error
        .body()
        .is_some_and(|body| body.trim_start().starts_with('<'));
    match error.status() {
        Some(status @ (400 | 401)) if is_page => Error::new(
            ErrorKind::UnexpectedAnswer,
            format!("a page came in place of the token answer (HTTP {status})"),
        )
        .with_tracking(error.tracking_id().map(str::to_owned))
        .into(),
        Some(400 | 401) => OAuthError::Refused {
            reason: error.message().to_owned(),
            code: error.webex_code().map(str::to_owned),
            status: error.status(),
            tracking_id: error.tracking_id().map(str::to_owned),
        },
        _ => OAuthError::Failed(error),
    }
}
