//! The way to Webex, one step at a time, for telling a person where it ends.
//!
//! Invariants: a probe goes the way a client of the same configuration goes, with the same proxy rules and the same
//! certificates; it carries no token; no fault repeats a proxy's password. The one request it sends heeds the gate's hold
//! and imposes one after a 429, but takes no turn.

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, StatusCode, Uri, header};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use jiff::Timestamp;
use tokio::net::TcpStream;
use url::Url;

use crate::certificates::Certificate;
use crate::endpoints::Endpoints;
use crate::error::Error;
use crate::fault::{Fault, fault_of};
use crate::gate::Gate;
use crate::retry_after::RetryAfter;
use crate::send::{retry_after_header, tracking_id};
use crate::transport::{Transport, TransportConfig};
use crate::tunnel;

/// The way of one organisation to the REST base.
pub struct Probe {
    transport: Transport,
    api: Url,
    matcher: Matcher,
    explicit: bool,
    limit: Duration,
}

/// A proxy on the way.
pub struct ProxyOnTheWay {
    /// Without user and password.
    pub shown: String,
    pub host: String,
    pub port: u16,
    /// From the system or the environment, not from the organisation.
    pub from_system: bool,
    /// Whether user and password are sent.
    pub with_password: bool,
    pub(crate) scheme: String,
    pub(crate) authorisation: Option<HeaderValue>,
}

/// What came back on a request without a token.
#[derive(Debug)]
pub struct Heard {
    pub status: u16,
    pub tracking_id: Option<String>,
    /// Whether it carries Webex's mark; what has none is perhaps a page of the network.
    pub from_webex: bool,
    /// Whether it is a page for a browser.
    pub is_page: bool,
    /// Of the server, where the way is TLS.
    pub certificate: Option<Certificate>,
    /// After a 429.
    pub retry_after: Option<Duration>,
}

impl Probe {
    /// Fails like the set-up of a client. Blocks briefly while the platform's certificates are read. `limit` bounds each
    /// step.
    pub fn new(config: &TransportConfig, endpoints: &Endpoints, limit: Duration) -> Result<Self, Error> {
        let explicit = config.http_proxy.is_some() || config.https_proxy.is_some();
        let matcher = if explicit {
            let mut matcher = Matcher::builder();
            if let Some(proxy) = &config.http_proxy {
                matcher = matcher.http(proxy.expose().to_owned());
            }
            if let Some(proxy) = &config.https_proxy {
                matcher = matcher.https(proxy.expose().to_owned());
            }
            matcher.build()
        } else if crate::endpoints::is_loopback(&endpoints.api) {
            Matcher::builder().build()
        } else {
            Matcher::from_system()
        };
        Ok(Self {
            transport: Transport::for_probe(config, endpoints)?,
            api: endpoints.api.clone(),
            matcher,
            explicit,
            limit,
        })
    }

    pub fn host(&self) -> &str {
        self.api.host_str().unwrap_or_default()
    }

    pub fn port(&self) -> u16 {
        self.api.port_or_known_default().unwrap_or(443)
    }

    pub fn is_tls(&self) -> bool {
        self.api.scheme() == "https"
    }

    /// The proxy that the requests go through, if any.
    pub fn proxy(&self) -> Option<ProxyOnTheWay> {
        let target: Uri = self.api.as_str().parse().ok()?;
        Some(ProxyOnTheWay::read(
            &self.matcher.intercept(&target)?,
            !self.explicit,
        ))
    }

    /// Addresses of a host, in the resolver's order.
    pub async fn resolve(&self, host: &str, port: u16) -> Result<Vec<IpAddr>, Fault> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let looked_up = tokio::time::timeout(self.limit, tokio::net::lookup_host((bare, port)));
        let found = match looked_up.await {
            Err(_) => return Err(Fault::TimedOut),
            Ok(Err(error)) => return Err(Fault::NameUnknown(error.to_string())),
            Ok(Ok(found)) => found,
        };
        let mut seen = BTreeSet::new();
        let addresses: Vec<IpAddr> = found
            .map(|address| address.ip())
            .filter(|address| seen.insert(*address))
            .collect();
        if addresses.is_empty() {
            return Err(Fault::NameUnknown("no address".to_owned()));
        }
        Ok(addresses)
    }

    /// Makes a connection and lets it go.
    pub async fn connect(&self, host: &str, port: u16) -> Result<(), Fault> {
        self.stream(host, port).await.map(drop)
    }

    async fn stream(&self, host: &str, port: u16) -> Result<TcpStream, Fault> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        match tokio::time::timeout(self.limit, TcpStream::connect((bare, port))).await {
            Err(_) => Err(Fault::TimedOut),
            Ok(Err(error)) => Err(fault_of(&error)),
            Ok(Ok(stream)) => Ok(stream),
        }
    }

    /// Sends a request without a token through all of it. Webex answers it with 401.
    pub async fn ask(&self, gate: &Arc<Gate>, now: Timestamp, tracking: &str) -> Result<Heard, Fault> {
        let url = crate::endpoints::below(&self.api, ["people", "me"]);
        let request = self
            .transport
            .http
            .get(url)
            .header(header::ACCEPT, "application/json")
            .header("TrackingID", tracking)
            .timeout(self.limit);
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => {
                let fault = fault_of(&error.without_url());
                return Err(self.say_more(fault).await);
            }
        };
        let (status, headers) = (response.status(), response.headers());
        if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            return Err(Fault::ProxyPassword);
        }
        let tracking_id = tracking_id(headers);
        let retry_after = (status == StatusCode::TOO_MANY_REQUESTS).then(|| {
            let asked = RetryAfter::read(retry_after_header(headers), now);
            gate.throttled(&asked, tracking_id.as_deref());
            asked.pause
        });
        Ok(Heard {
            status: status.as_u16(),
            from_webex: tracking_id.is_some(),
            is_page: headers
                .get(header::CONTENT_TYPE)
                .and_then(|kind| kind.to_str().ok())
                .is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/html")),
            tracking_id,
            certificate: response
                .extensions()
                .get::<reqwest::tls::TlsInfo>()
                .and_then(|about| about.peer_certificate())
                .and_then(Certificate::read),
            retry_after,
        })
    }

    /// Why the proxy makes no way, in its own words: the client keeps to itself what it answered.
    async fn say_more(&self, fault: Fault) -> Fault {
        let (Fault::ProxyRefuses(None), Some(proxy)) = (&fault, self.proxy()) else {
            return fault;
        };
        if proxy.scheme != "http" {
            return fault;
        }
        let asked = async {
            let stream = self.stream(&proxy.host, proxy.port).await.ok()?;
            tunnel::ask(
                stream,
                &format!("{}:{}", self.host(), self.port()),
                proxy.authorisation.as_ref(),
            )
            .await
        };
        match tokio::time::timeout(self.limit, asked).await {
            Ok(Some(said)) => Fault::ProxyRefuses(Some(said)),
            _ => fault,
        }
    }
}

impl ProxyOnTheWay {
    fn read(intercept: &Intercept, from_system: bool) -> Self {
        let uri = intercept.uri();
        let scheme = uri.scheme_str().unwrap_or("http").to_owned();
        let host = uri.host().unwrap_or_default().to_owned();
        let port = uri.port_u16().unwrap_or(match scheme.as_str() {
            "https" => 443,
            "http" => 80,
            _ => 1080,
        });
        let with_password = intercept.basic_auth().is_some() || intercept.raw_auth().is_some();
        let user = if with_password { "•••:•••@" } else { "" };
        Self {
            shown: format!("{scheme}://{user}{host}:{port}"),
            authorisation: intercept.basic_auth().cloned(),
            host,
            port,
            from_system,
            with_password,
            scheme,
        }
    }
}

impl fmt::Debug for ProxyOnTheWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyOnTheWay")
            .field("shown", &self.shown)
            .field("from_system", &self.from_system)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probe")
            .field("api", &self.api.as_str())
            .finish_non_exhaustive()
    }
}

/// An error of a socket, told apart by its kind.
pub(crate) fn of_socket(error: &io::Error) -> Option<Fault> {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::ConnectionRefused => Some(Fault::Refused),
        Kind::TimedOut => Some(Fault::TimedOut),
        Kind::NetworkUnreachable | Kind::HostUnreachable | Kind::NetworkDown | Kind::AddrNotAvailable => {
            Some(Fault::Unreachable)
        }
        Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe | Kind::UnexpectedEof => {
            Some(Fault::Dropped)
        }
        _ => None,
    }
}
