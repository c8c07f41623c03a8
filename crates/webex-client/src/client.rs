//! The client of one organisation: everything it needs to send, cheap to clone.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::clock::{Clock, Ids};
use crate::endpoints::Endpoints;
use crate::error::Error;
use crate::gate::{Gate, Priority};
use crate::send::{Answer, Call};
use crate::tokens::TokenSource;
use crate::transport::{Transport, TransportConfig};

/// Webex, as one organisation sees it.
#[derive(Clone)]
pub struct Webex {
    shared: Arc<Shared>,
    priority: Priority,
    departure: Option<Departure>,
}

/// Is told how a request leaves and comes back, for each attempt.
pub trait Leaving: Send + Sync {
    /// Makes durable what must be so before the request may have an effect. Awaited when its turn at the gate is near, and
    /// again when a hold came between or its turn did not come within a second. An error keeps it from leaving.
    fn prepare(&self) -> BoxFuture<'static, Result<(), Error>>;
    /// It leaves now.
    fn leaves(&self);
    /// Webex certainly did not process this attempt: it was refused (401, 429) or kept back. Another may follow.
    fn returned(&self);
}

/// See [`Leaving`].
pub type Departure = Arc<dyn Leaving>;

struct Shared {
    endpoints: Endpoints,
    transport: Transport,
    tokens: Arc<dyn TokenSource>,
    gate: Arc<Gate>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// Query parameters in order; a name may occur several times.
pub type Query = Vec<(&'static str, String)>;

impl Webex {
    /// Fails with [`crate::ErrorKind::Config`] when proxy, certificates or TLS cannot be set up. Blocks briefly while the
    /// platform's certificates are read. The priority is [`Priority::Bulk`].
    pub fn new(
        endpoints: Endpoints,
        transport: TransportConfig,
        tokens: Arc<dyn TokenSource>,
        gate: Arc<Gate>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, Error> {
        let transport = Transport::new(&transport, &endpoints)?;
        Ok(Self::over(endpoints, transport, tokens, gate, clock, ids))
    }

    /// As [`Webex::new`], over a transport that others may use too.
    pub fn over(
        endpoints: Endpoints,
        transport: Transport,
        tokens: Arc<dyn TokenSource>,
        gate: Arc<Gate>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self {
            shared: Arc::new(Shared {
                endpoints,
                transport,
                tokens,
                gate,
                clock,
                ids,
            }),
            priority: Priority::default(),
            departure: None,
        }
    }

    /// The same client on behalf of somebody at the screen, or of bulk work.
    pub fn with_priority(&self, priority: Priority) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            priority,
            departure: self.departure.clone(),
        }
    }

    /// The same client, with `departure` told of each attempt.
    pub fn with_departure(&self, departure: Departure) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            priority: self.priority,
            departure: Some(departure),
        }
    }

    pub(crate) fn departure(&self) -> Option<&Departure> {
        self.departure.as_ref()
    }

    pub fn endpoints(&self) -> &Endpoints {
        &self.shared.endpoints
    }

    pub fn gate(&self) -> &Arc<Gate> {
        &self.shared.gate
    }

    pub fn priority(&self) -> Priority {
        self.priority
    }

    /// Reads one object below the REST base, for endpoints without a method of their own. `path` holds the segments.
    pub async fn get<T: DeserializeOwned>(&self, path: &[&str], query: &Query) -> Result<T, Error> {
        self.send(&Call::new(Method::GET, self.address(path, query)))
            .await?
            .json()
    }

    /// Sends a JSON body below the REST base, under the rules for resending of `method`.
    pub async fn send_json<B: Serialize + ?Sized>(
        &self,
        method: Method,
        path: &[&str],
        query: &Query,
        body: Option<&B>,
    ) -> Result<Answer, Error> {
        let mut call = Call::new(method, self.address(path, query));
        if let Some(body) = body {
            call = call.with_json(&body)?;
        }
        self.send(&call).await
    }

    /// Deletes below the REST base. That it is gone already after an attempt that went unanswered is a success.
    pub async fn delete(&self, path: &[&str], query: &Query) -> Result<Answer, Error> {
        self.send_json::<()>(Method::DELETE, path, query, None).await
    }

    pub(crate) fn address(&self, path: &[&str], query: &Query) -> Url {
        let mut url = self.shared.endpoints.below_api(path.iter().copied());
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.shared.transport
    }

    pub(crate) fn tokens(&self) -> &dyn TokenSource {
        self.shared.tokens.as_ref()
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.shared.clock.as_ref()
    }

    pub(crate) fn ids(&self) -> &dyn Ids {
        self.shared.ids.as_ref()
    }
}

impl fmt::Debug for Webex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webex")
            .field("api", &self.shared.endpoints.api.as_str())
            .field("priority", &self.priority)
            .finish_non_exhaustive()
    }
}
