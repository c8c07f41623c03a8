//! The tray of Windows and the menu bar of macOS.

use super::{Face, Wish, carry_out};
use tauri::menu::{IsMenuItem, Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Wry};

const OPEN: &str = "open";
const QUIT: &str = "quit";

/// The icon while it is shown.
pub struct Icon(TrayIcon);

impl Icon {
    /// Shows the icon.
    ///
    /// # Errors
    /// The system refused.
    pub async fn start(app: &AppHandle, face: &Face) -> tauri::Result<Self> {
        let mut builder = TrayIconBuilder::with_id("patchbay")
            .menu(&menu(app, face)?)
            .tooltip(face.sentence())
            .show_menu_on_left_click(cfg!(target_os = "macos"))
            .on_menu_event(|app, event| {
                let wish = if event.id() == QUIT {
                    Wish::Quit
                } else {
                    Wish::Open
                };
                carry_out(app, wish);
            })
            .on_tray_icon_event(|tray, event| {
                if let TrayIconEvent::DoubleClick {
                    button: MouseButton::Left,
                    ..
                } = event
                {
                    carry_out(tray.app_handle(), Wish::Open);
                }
            });
        if let Some(icon) = app.default_window_icon() {
            builder = builder.icon(icon.clone());
        }
        builder.build(app).map(Self)
    }

    pub async fn show(&self, app: &AppHandle, face: &Face) {
        let changed = menu(app, face)
            .and_then(|menu| self.0.set_menu(Some(menu)))
            .and_then(|()| self.0.set_tooltip(Some(face.sentence())));
        if let Err(error) = changed {
            tracing::warn!(%error, "the tray could not be changed");
        }
    }

    pub async fn stop(self, app: &AppHandle) {
        app.remove_tray_by_id(self.0.id());
    }
}

fn menu(app: &AppHandle, face: &Face) -> tauri::Result<Menu<Wry>> {
    let open = MenuItem::with_id(app, OPEN, "Open Patchbay", true, None::<&str>)?;
    let quit = MenuItem::with_id(app, QUIT, "Quit Patchbay", true, None::<&str>)?;
    let line = PredefinedMenuItem::separator(app)?;
    let mut said = Vec::new();
    for (position, text) in face.lines.iter().enumerate() {
        // An ampersand would mark the letter behind it as a key.
        let text = text.replace('&', "&&");
        said.push(MenuItem::with_id(
            app,
            format!("{OPEN}{position}"),
            text,
            true,
            None::<&str>,
        )?);
    }
    let mut items: Vec<&dyn IsMenuItem<Wry>> = vec![&open, &line];
    items.extend(said.iter().map(|item| item as &dyn IsMenuItem<Wry>));
    let second = PredefinedMenuItem::separator(app)?;
    if !said.is_empty() {
        items.push(&second);
    }
    items.push(&quit);
    Menu::with_items(app, &items)
}
