//! The listener Webex's redirect comes to: on 127.0.0.1 only, for one consent, gone afterwards.

use super::page::Page;
use crate::error::{Error, Result};
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// The path of the redirect URI.
pub(super) const PATH: &str = "/callback";

/// How long the last page may take to reach the browser.
const FAREWELL: Duration = Duration::from_secs(2);

/// A browser that came back, waiting for its page.
pub(super) struct Visit {
    /// The query of the redirect, without `?`.
    pub query: String,
    pub page: oneshot::Sender<Page>,
}

/// A listener that takes redirects until it is closed or dropped.
pub(super) struct Listener {
    visits: mpsc::Receiver<Visit>,
    /// Dropped or used, it ends the server; the port is free then.
    close: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
    port: u16,
}

impl Listener {
    /// Takes the port; 0 takes any.
    ///
    /// # Errors
    /// [`Error::PortBusy`].
    pub(super) async fn bind(port: u16) -> Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
            .await
            .map_err(|source| Error::PortBusy { port, source })?;
        let port = listener
            .local_addr()
            .map_err(|source| Error::PortBusy { port, source })?
            .port();
        let (visit, visits) = mpsc::channel(4);
        let (close, closed) = oneshot::channel::<()>();
        let router = Router::new()
            .route(PATH, get(visited))
            .fallback(elsewhere)
            .with_state(visit);
        let server = tokio::spawn(async move {
            let served = axum::serve(listener, router).with_graceful_shutdown(async {
                let _ = closed.await;
            });
            if let Err(error) = served.await {
                tracing::warn!(%error, "the listener for the consent ended");
            }
        });
        Ok(Self {
            visits,
            close: Some(close),
            server,
            port,
        })
    }

    /// The port that was taken.
    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// The redirect URI as it must stand at the integration.
    pub(super) fn redirect_uri(&self) -> String {
        format!("http://127.0.0.1:{}{PATH}", self.port)
    }

    /// The next browser that comes to the path.
    pub(super) async fn visit(&mut self) -> Option<Visit> {
        self.visits.recv().await
    }

    /// Takes nobody any more; pages that were promised still go out.
    pub(super) fn stop(&mut self) {
        if let Some(close) = self.close.take() {
            let _ = close.send(());
        }
        self.visits.close();
    }

    /// Frees the port, after the last page went out or a short while.
    pub(super) async fn close(mut self) {
        self.stop();
        if tokio::time::timeout(FAREWELL, &mut self.server).await.is_err() {
            tracing::debug!("a browser kept its connection open");
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn visited(State(visit): State<mpsc::Sender<Visit>>, RawQuery(query): RawQuery) -> Response {
    let (page, promised) = oneshot::channel();
    let came = Visit {
        query: query.unwrap_or_default(),
        page,
    };
    let over = || {
        Page::bad(
            "Nothing to do here",
            "This consent is over. Begin a new one in Patchbay if it is needed.",
        )
    };
    let page = match visit.send(came).await {
        Ok(()) => promised.await.unwrap_or_else(|_| over()),
        Err(_) => over(),
    };
    answer(StatusCode::OK, &page)
}

async fn elsewhere() -> Response {
    let page = Page::bad(
        "Nothing to see here",
        "Patchbay waits at this address for Webex's answer only.",
    );
    answer(StatusCode::NOT_FOUND, &page)
}

fn answer(status: StatusCode, page: &Page) -> Response {
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ),
        (header::CONNECTION, "close"),
    ];
    (status, headers, Html(page.html())).into_response()
}
