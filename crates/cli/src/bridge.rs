//! The bridge: the user interface and the command table on loopback, for browser tests and work on the UI.
//!
//! `POST /rpc` takes `{"command", "request"}` and answers `{"reply"}` or, with status 422, `{"failure"}`;
//! `GET /events` is a stream of topic lists. Both want the token that the printed address carries.

use crate::arguments::Bridge;
use crate::open::Place;
use crate::say::{Stop, print_line};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures::{Stream, StreamExt};
use patchbay_api::Patchbay;
use patchbay_api::commands::{COMMANDS, dispatch};
use patchbay_core::events::Topic;
use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tokio_stream::wrappers::BroadcastStream;

/// As in the window; connections only to the bridge itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

struct Served {
    patchbay: Patchbay,
    token: String,
    ui: PathBuf,
}

pub async fn serve(place: &Place, arguments: Bridge) -> Result<ExitCode, Stop> {
    let patchbay = place.open_with(true).await?;
    let token = arguments.token.unwrap_or_else(patchbay_core::ids::new_id);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", arguments.port))
        .await
        .map_err(|error| {
            Stop::failed(format!(
                "The bridge cannot listen on port {}: {error}.",
                arguments.port
            ))
        })?;
    let address = listener
        .local_addr()
        .map_err(|error| Stop::failed(format!("The bridge has no address: {error}.")))?;
    let served = Arc::new(Served {
        patchbay: patchbay.clone(),
        token: token.clone(),
        ui: arguments.ui,
    });
    let router = Router::new()
        .route("/rpc", post(rpc))
        .route("/events", get(events))
        .fallback(file)
        .layer(axum::extract::DefaultBodyLimit::max(64 * 1024 * 1024))
        .with_state(served);
    print_line(
        &serde_json::json!({ "url": format!("http://{address}/?token={token}"), "token": token }).to_string(),
    )?;
    // Listeners of events stay as long as their pages; the end of the process ends them.
    tokio::select! {
        outcome = axum::serve(listener, router).into_future() => {
            outcome.map_err(|error| Stop::failed(format!("The bridge stopped: {error}.")))?;
        }
        () = crate::sandbox::wait_for_stop() => {}
    }
    patchbay.close().await;
    Ok(ExitCode::SUCCESS)
}

#[derive(serde::Deserialize)]
struct Call {
    command: String,
    #[serde(default)]
    request: serde_json::Value,
}

async fn rpc(State(served): State<Arc<Served>>, headers: HeaderMap, body: Bytes) -> Response {
    if headers
        .get("x-bridge-token")
        .and_then(|token| token.to_str().ok())
        != Some(&served.token)
    {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let call: Call = match serde_json::from_slice(&body) {
        Ok(call) => call,
        Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    };
    match dispatch(&served.patchbay, &call.command, call.request).await {
        Ok(reply) => axum::Json(serde_json::json!({ "reply": reply })).into_response(),
        Err(failure) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            axum::Json(serde_json::json!({ "failure": failure })),
        )
            .into_response(),
    }
}

async fn events(State(served): State<Arc<Served>>, Query(query): Query<HashMap<String, String>>) -> Response {
    if query.get("token") != Some(&served.token) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    Sse::new(topics(&served.patchbay))
        .keep_alive(KeepAlive::default())
        .into_response()
}

/// Lists of topics, at most ten a second; after a lag, all there are.
fn topics(patchbay: &Patchbay) -> impl Stream<Item = Result<Event, Infallible>> + Send + use<> {
    let all = || COMMANDS.iter().flat_map(|command| command.reads).copied();
    let changes = BroadcastStream::new(patchbay.events()).map(move |topic| match topic {
        Ok(topic) => BTreeSet::from([topic]),
        Err(_) => all().collect::<BTreeSet<Topic>>(),
    });
    changes.ready_chunks(1024).then(|changes| async move {
        let topics: BTreeSet<Topic> = changes.into_iter().flatten().collect();
        let event = Event::default().json_data(&topics).unwrap_or_default();
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        Ok(event)
    })
}

async fn file(State(served): State<Arc<Served>>, uri: Uri) -> Response {
    let wanted = Path::new(uri.path().trim_start_matches('/'));
    if !wanted
        .components()
        .all(|part| matches!(part, Component::Normal(_)))
    {
        return StatusCode::NOT_FOUND.into_response();
    }
    let path = if wanted.as_os_str().is_empty() {
        served.ui.join("index.html")
    } else {
        served.ui.join(wanted)
    };
    match tokio::fs::read(&path).await {
        Ok(bytes) => {
            let kind = match path.extension().and_then(|extension| extension.to_str()) {
                Some("html") => "text/html; charset=utf-8",
                Some("js") => "text/javascript; charset=utf-8",
                Some("css") => "text/css; charset=utf-8",
                Some("svg") => "image/svg+xml",
                Some("woff2") => "font/woff2",
                Some("json") => "application/json",
                Some("png") => "image/png",
                Some("ico") => "image/x-icon",
                Some("txt") => "text/plain; charset=utf-8",
                _ => "application/octet-stream",
            };
            (
                [
                    (header::CONTENT_TYPE, kind),
                    (header::CONTENT_SECURITY_POLICY, POLICY),
                    (header::CACHE_CONTROL, "no-store"),
                ],
                bytes,
            )
                .into_response()
        }
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
