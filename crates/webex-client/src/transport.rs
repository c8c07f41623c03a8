//! The only place that builds HTTP clients.
//!
//! Invariants: one TLS provider (ring, installed once), the platform's certificate verifier, redirects never followed,
//! no automatic resending below this crate's own rules.

use std::fmt;
use std::sync::Once;
use std::time::Duration;

use http::Method;

use crate::endpoints::{Endpoints, is_loopback};
use crate::error::{Error, ErrorKind};
pub use crate::proxy::{ProxyPart, ProxyUrl, ProxyUrlError};

/// How one organisation reaches Webex.
#[derive(Debug, Clone, PartialEq)]
pub struct TransportConfig {
    /// For `http://` addresses. With neither proxy set, the system's proxy is used.
    pub http_proxy: Option<ProxyUrl>,
    /// For `https://` addresses.
    pub https_proxy: Option<ProxyUrl>,
    /// Further certificate authorities, PEM, beside the platform's.
    pub extra_ca_pem: Option<Vec<u8>>,
    /// Limit of a GET from sending to the last byte.
    pub read_timeout: Duration,
    /// Limit of every other method.
    pub write_timeout: Duration,
    pub connect_timeout: Duration,
    pub user_agent: String,
}

impl Default for TransportConfig {
    fn default() -> Self {
        Self {
            http_proxy: None,
            https_proxy: None,
            extra_ca_pem: None,
            read_timeout: Duration::from_secs(60),
            write_timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            user_agent: concat!("Patchbay/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// A built client and its limits. Clones share connections and certificates, so organisations that are reached the same way
/// can share one.
#[derive(Clone)]
pub struct Transport {
    pub(crate) http: reqwest::Client,
    read_timeout: Duration,
    write_timeout: Duration,
}

impl Transport {
    /// Fails with [`ErrorKind::Config`] when proxy, certificates or TLS cannot be set up. Blocks briefly while the platform's
    /// certificates are read. Fits all endpoints that are alike in [`Endpoints::is_loopback`].
    pub fn new(config: &TransportConfig, endpoints: &Endpoints) -> Result<Self, Error> {
        Self::set_up(config, endpoints, |builder| builder)
    }

    /// The same way, with answers that carry the server's certificate and a connection of its own for each request.
    pub(crate) fn for_probe(config: &TransportConfig, endpoints: &Endpoints) -> Result<Self, Error> {
        Self::set_up(config, endpoints, |builder| {
            builder.tls_info(true).pool_max_idle_per_host(0)
        })
    }

    fn set_up(
        config: &TransportConfig,
        endpoints: &Endpoints,
        finish: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> Result<Self, Error> {
        install_tls();
        let config_error = |message: String| Error::new(ErrorKind::Config, message);
        #[expect(clippy::disallowed_methods, reason = "this is the one place")]
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(config.connect_timeout)
            .user_agent(&config.user_agent)
            .pool_idle_timeout(Duration::from_secs(50));
        for (proxy, make) in [
            (
                &config.http_proxy,
                reqwest::Proxy::http as fn(String) -> reqwest::Result<reqwest::Proxy>,
            ),
            (&config.https_proxy, reqwest::Proxy::https),
        ] {
            if let Some(proxy) = proxy {
                // The source is left out: it may repeat the address with its password.
                let made = make(proxy.expose().to_owned())
                    .map_err(|_| config_error(format!("the proxy {proxy} was not accepted")))?;
                builder = builder.proxy(made);
            }
        }
        if config.http_proxy.is_none() && config.https_proxy.is_none() && is_loopback(&endpoints.api) {
            // A system proxy cannot reach this computer's own loopback.
            builder = builder.no_proxy();
        }
        if let Some(pem) = &config.extra_ca_pem {
            let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(|error| {
                config_error("the extra CA file is not PEM".to_owned()).with_source(error)
            })?;
            if certificates.is_empty() {
                return Err(config_error("the extra CA file holds no certificate".to_owned()));
            }
            builder = builder.tls_certs_merge(certificates);
        }
        let http = finish(builder).build().map_err(|error| {
            config_error("the HTTP client could not be set up".to_owned()).with_source(error.without_url())
        })?;
        Ok(Self {
            http,
            read_timeout: config.read_timeout,
            write_timeout: config.write_timeout,
        })
    }

    /// The limit for one request of this method.
    pub(crate) fn limit(&self, method: &Method) -> Duration {
        if method == Method::GET || method == Method::HEAD {
            self.read_timeout
        } else {
            self.write_timeout
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("read_timeout", &self.read_timeout)
            .finish_non_exhaustive()
    }
}

/// Installs the TLS provider; later calls do nothing. A provider that stands already is left alone.
fn install_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// What went wrong below HTTP. The address is left out: queries hold names and e-mail addresses.
pub(crate) fn transport_error(error: reqwest::Error, limit: Duration) -> Error {
    let error = error.without_url();
    let (kind, message) = if error.is_connect() {
        (
            ErrorKind::Connect,
            "no connection to Webex could be made".to_owned(),
        )
    } else if error.is_builder() {
        (
            ErrorKind::Config,
            "the request could not be put together".to_owned(),
        )
    } else if error.is_timeout() {
        (
            ErrorKind::TimedOut,
            format!("Webex did not answer within {} s", limit.as_secs_f64()),
        )
    } else {
        (
            ErrorKind::Dropped,
            "the connection ended before Webex had answered".to_owned(),
        )
    };
    Error::new(kind, message).with_source(error)
}
