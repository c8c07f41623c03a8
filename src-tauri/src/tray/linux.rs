//! The tray on Linux: a StatusNotifierItem over the session bus. It needs no library of the system, and says whether the
//! desktop has a tray at all.

use super::{Face, Wish, carry_out, found, lost};
use ksni::menu::StandardItem;
use ksni::{Handle, MenuItem, OfflineReason, Status, ToolTip, TrayMethods};
use tauri::AppHandle;

struct Item {
    app: AppHandle,
    face: Face,
    picture: Vec<ksni::Icon>,
}

/// The item while it is registered.
pub struct Icon(Handle<Item>);

impl Icon {
    /// Registers the item.
    ///
    /// # Errors
    /// There is no session bus, or nobody on it shows a tray.
    pub async fn start(app: &AppHandle, face: &Face) -> Result<Self, ksni::Error> {
        let item = Item {
            app: app.clone(),
            face: face.clone(),
            picture: picture(app),
        };
        item.spawn().await.map(Self)
    }

    pub async fn show(&self, _: &AppHandle, face: &Face) {
        let face = face.clone();
        self.0.update(move |item| item.face = face).await;
    }

    pub async fn stop(self, _: &AppHandle) {
        self.0.shutdown().await;
    }
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        "patchbay".to_owned()
    }

    fn title(&self) -> String {
        "Patchbay".to_owned()
    }

    fn status(&self) -> Status {
        if self.face.urgent {
            Status::NeedsAttention
        } else {
            Status::Active
        }
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        self.picture.clone()
    }

    fn attention_icon_pixmap(&self) -> Vec<ksni::Icon> {
        self.picture.clone()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip {
            title: self.face.sentence(),
            ..ToolTip::default()
        }
    }

    fn activate(&mut self, _: i32, _: i32) {
        carry_out(&self.app, Wish::Open);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let line = |label: String, wish: Wish| {
            StandardItem {
                label,
                activate: Box::new(move |item: &mut Self| carry_out(&item.app, wish)),
                ..StandardItem::default()
            }
            .into()
        };
        let mut menu = vec![line("Open Patchbay".to_owned(), Wish::Open)];
        if !self.face.lines.is_empty() {
            menu.push(MenuItem::Separator);
            // An underscore would mark the letter behind it as a key.
            menu.extend(
                self.face
                    .lines
                    .iter()
                    .map(|said| line(said.replace('_', "__"), Wish::Open)),
            );
        }
        menu.push(MenuItem::Separator);
        menu.push(line("Quit Patchbay".to_owned(), Wish::Quit));
        menu
    }

    fn watcher_online(&self) {
        found(&self.app);
    }

    fn watcher_offline(&self, _: OfflineReason) -> bool {
        lost(&self.app);
        true
    }
}

/// The application's icon, as the protocol wants it: ARGB in network byte order.
fn picture(app: &AppHandle) -> Vec<ksni::Icon> {
    let Some(icon) = app.default_window_icon() else {
        return Vec::new();
    };
    let (Ok(width), Ok(height)) = (i32::try_from(icon.width()), i32::try_from(icon.height())) else {
        return Vec::new();
    };
    let mut data = icon.rgba().to_vec();
    for pixel in data.chunks_exact_mut(4) {
        pixel.rotate_right(1);
    }
    vec![ksni::Icon { width, height, data }]
}
