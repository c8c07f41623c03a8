//! Webex over HTTP: OAuth, paging, rate gate, retries, typed resources.
//!
//! No database and no types of the application. Everything that could differ between two runs comes in as an argument:
//! the clock ([`Clock`]), ids ([`Ids`]), tokens ([`TokenSource`]), the gate ([`Gate`]), addresses ([`Endpoints`]) and
//! the way there ([`TransportConfig`]). Delays use `tokio::time`.
//!
//! Invariants: one gate per organisation and nothing passes it by; POST and PATCH are resent only after a 429 and once
//! after a 401 and its refresh; every error is one [`Error`] that keeps Webex's tracking id; values Webex may add one
//! day are kept as they come.

mod certificates;
mod client;
mod clock;
mod counted;
mod endpoints;
mod error;
mod fault;
mod gate;
mod ids;
mod lenient;
mod link;
mod oauth;
mod page;
mod probe;
mod proxy;
mod resources;
mod retry_after;
mod send;
mod tokens;
mod transport;
mod tunnel;

pub use certificates::{AuthoritiesError, Authority, Certificate, read_authorities};
pub use client::{Departure, Leaving, Query, Webex};
pub use clock::{Clock, Clocks, Ids};
pub use counted::{Tally, counted};
pub use endpoints::{ContactCenterRegion, Endpoints, EndpointsError};
pub use error::{Error, ErrorDetail, ErrorKind, KEPT_BODY, Sent};
pub use fault::{CertificateFault, Fault, fault_of};
pub use gate::{Gate, GateConfig, GateState, Hold, Place, Priority};
pub use ids::{WebexId, WebexIdError, same_object};
pub use oauth::{
    ConsentRequest, DeviceAuthorization, DevicePoll, Grant, Integration, OAuth, OAuthError, RedirectError,
    TokenHint,
};
pub use page::{MOST_PAGES, Page, PageStyle, Pages};
pub use probe::{Heard, Probe, ProxyOnTheWay};
pub use resources::*;
pub use retry_after::RetryAfter;
pub use send::Answer;
pub use tokens::{TokenError, TokenSource};
pub use transport::{ProxyPart, ProxyUrl, ProxyUrlError, Transport, TransportConfig};
