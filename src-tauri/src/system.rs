//! What the page may ask of the operating system beside links and dialogs: starting at login, a restart, a folder.

use crate::closing;
use crate::core::{Core, internal};
use patchbay_api::commands::{Commands, Nothing};
use patchbay_core::Failure;
use serde::Deserialize;
use tauri::{AppHandle, State};
use tauri_plugin_autostart::ManagerExt;
use tauri_plugin_opener::OpenerExt;

/// A folder of Patchbay's own.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnFolder {
    Data,
    Logs,
}

/// Whether Patchbay starts when the person logs in; none where the system does not tell.
#[tauri::command]
pub async fn start_at_login(app: AppHandle) -> Option<bool> {
    match app.autolaunch().is_enabled() {
        Ok(enabled) => Some(enabled),
        Err(error) => {
            tracing::info!(%error, "the system does not tell whether Patchbay starts at login");
            None
        }
    }
}

/// Lets Patchbay start when the person logs in, minimised, or not any more.
///
/// # Errors
/// `internal` when the system refuses.
#[tauri::command]
pub async fn set_start_at_login(app: AppHandle, on: bool) -> Result<(), Failure> {
    let autostart = app.autolaunch();
    let done = if on {
        autostart.enable()
    } else if autostart.is_enabled().unwrap_or(true) {
        autostart.disable()
    } else {
        Ok(())
    };
    done.map_err(|error| {
        tracing::warn!(%error, on, "starting at login could not be set");
        internal(&format!(
            "The system did not let Patchbay {} its start at login: {error}. Set it in the system's own settings.",
            if on { "set" } else { "remove" }
        ))
    })
}

/// Ends Patchbay in order and starts it again.
#[tauri::command]
pub async fn restart(app: AppHandle) {
    closing::begin_again(&app);
}

/// Shows a folder of Patchbay's own in the system's file manager.
///
/// # Errors
/// What kept the core from opening; `internal` when the system has no program for it.
#[tauri::command]
pub async fn open_folder(app: AppHandle, core: State<'_, Core>, which: OwnFolder) -> Result<(), Failure> {
    let info = core.patchbay().await?.app_info(Nothing {}).await?;
    let path = match which {
        OwnFolder::Data => info.data_dir,
        OwnFolder::Logs => info.log_dir,
    };
    app.opener().open_path(&path, None::<&str>).map_err(|error| {
        tracing::warn!(%error, path, "a folder could not be opened");
        internal(&format!(
            "The system could not open {path}. Copy the path and open it in a file manager."
        ))
    })
}
