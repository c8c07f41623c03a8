//! Leaving: running work is paused durably first.
//!
//! The ledger survives a kill, so the wait is a courtesy with a limit: whoever closes a second time leaves at once.

use crate::core::Core;
use crate::window;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tauri::{AppHandle, Manager};

/// Longer than a write may take, so that a request under way can still be settled.
const PATIENCE: Duration = Duration::from_secs(40);

static BEGUN: AtomicBool = AtomicBool::new(false);

/// Pauses what runs, then ends the application.
pub fn begin(app: &AppHandle) {
    end(app, |app| app.exit(0));
}

/// Pauses what runs, then starts the application anew.
pub fn begin_again(app: &AppHandle) {
    end(app, AppHandle::request_restart);
}

fn end(app: &AppHandle, leave: fn(&AppHandle)) {
    let patchbay = app.try_state::<Core>().and_then(|core| core.open_now());
    let Some(patchbay) = patchbay.filter(|_| !BEGUN.swap(true, Ordering::SeqCst)) else {
        leave(app);
        return;
    };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if patchbay.is_working().await.unwrap_or(true) {
            window::set_title(&app, "Patchbay: pausing what runs, close again to leave at once");
        }
        if tokio::time::timeout(PATIENCE, patchbay.close()).await.is_err() {
            tracing::warn!("work did not pause in time; what was under way is read back at the next start");
        }
        leave(&app);
    });
}

/// The end of a session and Ctrl C in a terminal are a close like any other.
pub fn on_signals(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        match asked_to_end().await {
            Ok(()) => begin(&app),
            Err(error) => tracing::warn!(%error, "signals cannot be heard"),
        }
    });
}

#[cfg(unix)]
async fn asked_to_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        pressed = tokio::signal::ctrl_c() => pressed,
    }
}

#[cfg(not(unix))]
async fn asked_to_end() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
