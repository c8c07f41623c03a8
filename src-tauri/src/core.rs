//! The core of Patchbay as the shell's state: opening, open, or failed to open.

use crate::{logs, notices, topics, tray};
use patchbay_api::{KeychainChoice, OpenOptions, Patchbay};
use patchbay_core::runs::engine::Timing;
use patchbay_core::{ErrorCode, Failure};
use std::path::PathBuf;
use std::sync::Arc;
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogKind};
use tokio::sync::watch;

/// Managed state: what commands wait for.
#[derive(Clone)]
pub struct Core {
    opened: watch::Receiver<Option<Result<Patchbay, Failure>>>,
}

impl Core {
    /// The application, as soon as it is open.
    ///
    /// # Errors
    /// What kept it from opening.
    pub async fn patchbay(&self) -> Result<Patchbay, Failure> {
        let mut opened = self.opened.clone();
        match opened.wait_for(Option::is_some).await {
            Ok(found) => found
                .clone()
                .unwrap_or_else(|| Err(internal("Patchbay did not finish opening."))),
            Err(_) => Err(internal(
                "Patchbay stopped while it was opening. Start it again; the log says more.",
            )),
        }
    }

    /// The application if it is open by now.
    pub fn open_now(&self) -> Option<Patchbay> {
        self.opened
            .borrow()
            .as_ref()
            .and_then(|opened| opened.as_ref().ok().cloned())
    }
}

/// Begins to open the core and manages it as [`Core`].
///
/// # Errors
/// The platform names no application data folder.
pub fn start(app: &AppHandle, data_dir: Option<PathBuf>, minimised: bool) -> tauri::Result<()> {
    let data_dir = match data_dir {
        Some(chosen) => chosen,
        None => app.path().app_data_dir()?,
    };
    logs::start(&data_dir);
    let (tell, opened) = watch::channel(None);
    app.manage(Core { opened });
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let outcome = open(data_dir).await;
        match &outcome {
            Ok(patchbay) => {
                tauri::async_runtime::spawn(topics::forward(patchbay.events(), app.clone()));
                tauri::async_runtime::spawn(notices::watch(patchbay.clone(), app.clone()));
                tauri::async_runtime::spawn(notices::warn(patchbay.clone(), app.clone()));
                tauri::async_runtime::spawn(tray::keep(patchbay.clone(), app.clone(), minimised));
            }
            Err(failure) => say(&app, failure),
        }
        // Fails only when the application is already gone.
        let _ = tell.send(Some(outcome));
    });
    Ok(())
}

async fn open(data_dir: PathBuf) -> Result<Patchbay, Failure> {
    // A task of its own, so that even a bug in the core ends as a sentence on the screen.
    let opening = tauri::async_runtime::spawn(Patchbay::open(OpenOptions {
        log_dir: logs::folder(&data_dir),
        data_dir,
        keychain: KeychainChoice::System,
        clock: Arc::new(patchbay_core::clock::SystemClock),
        timing: Timing::default(),
        background: true,
    }));
    match opening.await {
        Ok(outcome) => outcome,
        Err(error) => {
            tracing::error!(%error, "opening ended early");
            Err(internal(
                "Patchbay could not open because of a fault of its own. The log says more.",
            ))
        }
    }
}

/// The only thing on the screen is the reason; closing it ends Patchbay with status 1.
fn say(app: &AppHandle, failure: &Failure) {
    tracing::error!(code = ?failure.code, message = failure.message, "the core did not open");
    crate::complain(&failure.message);
    let (app, message) = (app.clone(), failure.message.clone());
    // On the main thread the window is there: opening it is part of the start that runs on it.
    let asked = app.clone().run_on_main_thread(move || {
        if let Some(window) = app.get_webview_window(crate::window::MAIN)
            && let Err(error) = window.hide()
        {
            tracing::warn!(%error, "the window could not be hidden");
        }
        let ending = app.clone();
        app.dialog()
            .message(message)
            .title("Patchbay cannot start")
            .kind(MessageDialogKind::Error)
            .buttons(MessageDialogButtons::OkCustom("Close Patchbay".into()))
            .show(move |_| ending.exit(1));
    });
    if let Err(error) = asked {
        tracing::error!(%error, "the reason could not be shown");
    }
}

/// A failure of the shell itself.
pub fn internal(message: &str) -> Failure {
    Failure {
        code: ErrorCode::Internal,
        message: message.into(),
        field: None,
        retryable: false,
        tracking_id: None,
    }
}
