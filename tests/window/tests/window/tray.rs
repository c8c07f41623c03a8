//! Patchbay in the tray: a desktop with a tray is played on this session's bus, since none of the machines that test has one.

use crate::Result;
use crate::app::{Home, wait_for, windows};
use serde_json::json;
use std::sync::{Arc, Mutex};
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, interface, message::Header, proxy};

const TITLE: &str = "Patchbay";

/// The part of a desktop that items of a tray register with.
#[derive(Default, Clone)]
struct Watcher {
    items: Arc<Mutex<Vec<String>>>,
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: &str, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        // An item may register its path instead of its name.
        let name = if service.starts_with('/') {
            sender
        } else {
            service.to_owned()
        };
        self.items
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(name);
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.items
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

#[proxy(
    interface = "org.kde.StatusNotifierItem",
    default_path = "/StatusNotifierItem",
    gen_blocking = false
)]
trait Item {
    fn activate(&self, x: i32, y: i32) -> zbus::Result<()>;
    #[zbus(property)]
    fn title(&self) -> zbus::Result<String>;
    #[zbus(property)]
    fn menu(&self) -> zbus::Result<OwnedObjectPath>;
}

/// A line of a menu: number, properties, lines below it.
type Layout = (
    i32,
    std::collections::HashMap<String, OwnedValue>,
    Vec<OwnedValue>,
);

#[proxy(interface = "com.canonical.dbusmenu", gen_blocking = false)]
trait Menu {
    fn get_layout(&self, parent: i32, depth: i32, properties: &[&str]) -> zbus::Result<(u32, Layout)>;
    fn event(&self, id: i32, event: &str, data: &Value<'_>, timestamp: u32) -> zbus::Result<()>;
}

impl Watcher {
    async fn start() -> Result<(Self, Connection)> {
        let watcher = Self::default();
        let connection = zbus::connection::Builder::session()?
            .name("org.kde.StatusNotifierWatcher")?
            .serve_at("/StatusNotifierWatcher", watcher.clone())?
            .build()
            .await
            .map_err(|error| {
                format!("this test needs a session bus of its own (dbus-run-session): {error}")
            })?;
        Ok((watcher, connection))
    }

    async fn newest(&self) -> Result<String> {
        wait_for("an item in the tray", || {
            self.items.lock().ok().and_then(|items| items.last().cloned())
        })
        .await
    }
}

async fn menu_line(menu: &MenuProxy<'_>, label: &str) -> Result<i32> {
    let (_, (_, _, lines)) = menu.get_layout(0, -1, &[]).await?;
    let mut labels = Vec::new();
    for line in lines {
        let (id, properties, _): Layout = line.try_into()?;
        if let Some(own) = properties
            .get("label")
            .and_then(|label| <&str>::try_from(label).ok())
        {
            if own == label {
                return Ok(id);
            }
            labels.push(own.to_owned());
        }
    }
    Err(format!("the tray's menu has no line {label:?}, but {labels:?}").into())
}

async fn visible(wanted: bool) -> Result<()> {
    let begun = tokio::time::Instant::now();
    while windows(TITLE).await?.is_empty() == wanted {
        if begun.elapsed() > crate::page::PATIENCE {
            return Err(format!(
                "the window is {}",
                if wanted { "not there" } else { "still there" }
            )
            .into());
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    Ok(())
}

#[tokio::test]
async fn started_minimised_patchbay_waits_in_the_tray_until_it_is_opened_or_quit() -> Result<()> {
    let (watcher, connection) = Watcher::start().await?;
    let home = Home::new()?;
    let patchbay = home.start(&["--minimised"])?;
    let item = watcher.newest().await?;
    assert!(windows(TITLE).await?.is_empty(), "nothing is on the screen");
    let tray = ItemProxy::builder(&connection)
        .destination(item.clone())?
        .build()
        .await?;
    assert_eq!(tray.title().await?, TITLE);
    tray.activate(0, 0).await?;
    visible(true).await?;

    let menu = MenuProxy::builder(&connection)
        .destination(item)?
        .path(tray.menu().await?)?
        .build()
        .await?;
    menu_line(&menu, "Open Patchbay").await?;
    let quit = menu_line(&menu, "Quit Patchbay").await?;
    menu.event(quit, "clicked", &Value::from(0), 0).await?;
    let ended = patchbay.wait_with_output().await?;
    assert_eq!(ended.status.code(), Some(0));
    Ok(())
}

#[tokio::test]
async fn without_a_tray_patchbay_started_minimised_comes_up_when_it_is_started_again() -> Result<()> {
    let home = Home::new()?;
    let mut patchbay = home.start(&["--minimised"])?;
    // It opens its database only once it is the one that others give way to; before, the second start would be the first.
    wait_for("the first one's database", || {
        let folders = std::fs::read_dir(home.path("share")).ok()?;
        folders
            .flatten()
            .find(|folder| folder.path().join("patchbay.db").exists())
    })
    .await?;
    // Without a window manager a minimised window is nowhere, so only the second start shows that it is there.
    let begun = tokio::time::Instant::now();
    while windows(TITLE).await?.is_empty() {
        assert!(
            begun.elapsed() < crate::page::PATIENCE,
            "the window did not come up"
        );
        assert!(patchbay.try_wait()?.is_none(), "the first one has ended");
        let second = home.start(&[])?.wait_with_output();
        let second = tokio::time::timeout(crate::page::PATIENCE, second).await??;
        assert_eq!(second.status.code(), Some(0));
    }
    patchbay.kill().await?;
    Ok(())
}

#[tokio::test]
async fn starting_at_login_is_set_and_taken_back() -> Result<()> {
    let home = Home::new()?;
    let page = home.open().await?;
    let ask = "const done = arguments[arguments.length - 1];
        window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).then((reply) => done({ reply }), (refused) => done({ refused }))";
    let call = async |command: &str, request: serde_json::Value| {
        page.client
            .execute_async(ask, vec![json!(command), request])
            .await
    };
    assert_eq!(call("start_at_login", json!({})).await?["reply"], json!(false));
    let set = call("set_start_at_login", json!({ "on": true })).await?;
    assert!(set.get("refused").is_none(), "{set}");
    assert_eq!(call("start_at_login", json!({})).await?["reply"], json!(true));
    let entry = wait_for("the entry of the desktop", || {
        std::fs::read_dir(home.path(".config").join("autostart"))
            .ok()?
            .flatten()
            .next()
            .and_then(|file| std::fs::read_to_string(file.path()).ok())
    })
    .await?;
    assert!(entry.contains("--minimised"), "{entry}");
    call("set_start_at_login", json!({ "on": false })).await?;
    assert_eq!(call("start_at_login", json!({})).await?["reply"], json!(false));
    page.close().await
}
