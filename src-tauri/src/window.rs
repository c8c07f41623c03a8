//! The main window: one of it, only our own page in it, its place remembered.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use tauri::plugin::TauriPlugin;
use tauri::webview::WebviewWindowBuilder;
use tauri::{App, AppHandle, Manager, Url, Wry};
use tauri_plugin_window_state::StateFlags;

/// Label of the only window.
pub const MAIN: &str = "main";

const IDENTIFIER: &str = "org.patchbay.Patchbay";

/// Opens the window as configured; hidden where Patchbay starts minimised. It never leaves its own page.
///
/// # Errors
/// The configuration has no such window, or the system cannot open it.
pub fn open(app: &App, minimised: bool) -> tauri::Result<()> {
    let config = app
        .config()
        .app
        .windows
        .iter()
        .find(|window| window.label == MAIN)
        .ok_or(tauri::Error::WindowNotFound)?;
    let server = app.config().build.dev_url.clone().filter(|_| tauri::is_dev());
    WebviewWindowBuilder::from_config(app.handle(), config)?
        .on_navigation(move |url| is_ours(url, server.as_ref()))
        .visible(!minimised)
        .build()?;
    Ok(())
}

/// The page inside the binary, or in development the server that serves it.
fn is_ours(url: &Url, server: Option<&Url>) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri", _) | ("http" | "https", Some("tauri.localhost")) => true,
        ("about", _) => url.path() == "blank",
        _ => server.is_some_and(|server| server.origin() == url.origin()),
    }
}

/// A second start with the same data folder brings the first window to the front instead.
pub fn one_instance(data_dir: Option<&Path>) -> TauriPlugin<Wry> {
    let id = data_dir.map_or_else(
        || IDENTIFIER.to_owned(),
        |folder| {
            let mut hasher = DefaultHasher::new();
            std::path::absolute(folder)
                .unwrap_or_else(|_| folder.to_path_buf())
                .hash(&mut hasher);
            format!("{IDENTIFIER}.Folder{:016x}", hasher.finish())
        },
    );
    tauri_plugin_single_instance::Builder::new()
        .callback(|app, _, _| to_front(app))
        .dbus_id(id)
        .build()
}

/// Size and place, not visibility: a hidden window must not stay hidden.
pub fn remembered_state() -> TauriPlugin<Wry> {
    tauri_plugin_window_state::Builder::new()
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
        .build()
}

/// Shows the window above all others.
pub fn to_front(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN)
        && let Err(error) = window
            .unminimize()
            .and_then(|()| window.show())
            .and_then(|()| window.set_focus())
    {
        tracing::warn!(%error, "the window could not be brought to the front");
    }
}

/// Takes the window off the screen; it goes on behind it.
pub fn hide(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN)
        && let Err(error) = window.hide()
    {
        tracing::warn!(%error, "the window could not be hidden");
    }
}

/// Shows the window as small as the desktop lets it be, where there is no tray to open it from.
pub fn show_minimised(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN)
        && let Err(error) = window.minimize().and_then(|()| window.show())
    {
        tracing::warn!(%error, "the window could not be shown");
    }
}

/// Sets the window's title.
pub fn set_title(app: &AppHandle, title: &str) {
    if let Some(window) = app.get_webview_window(MAIN)
        && let Err(error) = window.set_title(title)
    {
        tracing::warn!(%error, "the window's title could not be set");
    }
}
