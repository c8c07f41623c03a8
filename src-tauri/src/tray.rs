//! The tray: Patchbay goes on there while its window is closed, and says how many warnings wait.
//!
//! Opt-in: it is there only where the person keeps Patchbay in the tray or it was started minimised. Invariant: the window is
//! hidden only while a tray can be seen; where the desktop has none, or loses it, the window is shown.

#[cfg_attr(target_os = "linux", path = "tray/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "tray/native.rs")]
mod icon;

use crate::{closing, window};
use patchbay_api::Patchbay;
use patchbay_api::commands::{Commands, Nothing};
use patchbay_core::events::Topic;
use patchbay_core::notifications::{Notice, Urgency};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tauri::{AppHandle, Manager};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

/// Warnings that have a line of their own in the menu.
const LINES: usize = 5;
/// Changes come in bursts.
const PAUSE: Duration = Duration::from_secs(1);

/// What the tray says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Face {
    /// One line for each warning, the most urgent first.
    lines: Vec<String>,
    urgent: bool,
}

impl Face {
    fn of(notices: &[Notice]) -> Self {
        let open: Vec<&Notice> = notices.iter().filter(|notice| !notice.dismissed).collect();
        let mut lines: Vec<String> = open
            .iter()
            .take(LINES)
            .map(|notice| notice.title.clone())
            .collect();
        if open.len() > LINES {
            lines.push(format!("and {} more", open.len() - LINES));
        }
        Self {
            lines,
            urgent: open.iter().any(|notice| notice.urgency == Urgency::Urgent),
        }
    }

    /// The whole in one line, for where there is room for one only.
    fn sentence(&self) -> String {
        match self.lines.as_slice() {
            [] => "Patchbay: nothing needs attention".to_owned(),
            [one] => format!("Patchbay: {one}"),
            several => format!("Patchbay: {}", several.join("; ")),
        }
    }
}

/// Managed state: whether closing the window hides it.
#[derive(Debug)]
pub struct Tray {
    there: AtomicBool,
    wanted: AtomicBool,
    /// Whether there is a window that can be opened from it.
    ready: watch::Sender<bool>,
}

impl Tray {
    /// State for an application that was started minimised, or was not.
    pub fn new(minimised: bool) -> Self {
        Self {
            there: AtomicBool::new(false),
            wanted: AtomicBool::new(minimised),
            ready: watch::Sender::new(false),
        }
    }

    /// The window is made.
    pub fn window_is_made(&self) {
        self.ready.send_replace(true);
    }

    /// Whether the window may be hidden: somebody can open it again.
    pub fn keeps(&self) -> bool {
        self.there.load(Ordering::SeqCst) && self.wanted.load(Ordering::SeqCst)
    }
}

/// Keeps the tray as the settings want it, until the core is gone.
pub async fn keep(patchbay: Patchbay, app: AppHandle, minimised: bool) {
    let mut ready = app.state::<Tray>().ready.subscribe();
    if ready.wait_for(|ready| *ready).await.is_err() {
        return;
    }
    let mut topics = patchbay.events();
    let mut shown: Option<icon::Icon> = None;
    let mut face = Face::default();
    loop {
        let keep = patchbay
            .preferences_get(Nothing {})
            .await
            .is_ok_and(|preferences| preferences.keep_in_tray);
        let wanted = keep || (minimised && !is_visible(&app));
        if let Ok(list) = patchbay.notifications_list(Nothing {}).await {
            let now = Face::of(&list.notices);
            if now != face {
                face = now;
                if let Some(icon) = &shown {
                    icon.show(&app, &face).await;
                }
            }
        }
        let tray = app.state::<Tray>();
        match (wanted, shown.is_some()) {
            (true, false) => match icon::Icon::start(&app, &face).await {
                Ok(icon) => shown = Some(icon),
                Err(error) => {
                    tracing::info!(%error, "the desktop has no tray");
                    if minimised && !is_visible(&app) {
                        window::show_minimised(&app);
                    }
                }
            },
            (false, true) => {
                if let Some(icon) = shown.take() {
                    icon.stop(&app).await;
                }
            }
            _ => {}
        }
        tray.wanted.store(wanted, Ordering::SeqCst);
        tray.there.store(shown.is_some(), Ordering::SeqCst);
        loop {
            match topics.recv().await {
                Ok(Topic::Preferences | Topic::Notifications | Topic::Organisations | Topic::Schedules)
                | Err(RecvError::Lagged(_)) => break,
                Ok(_) => {}
                Err(RecvError::Closed) => return,
            }
        }
        // What happens during the pause is in what is read after it.
        tokio::time::sleep(PAUSE).await;
        topics = topics.resubscribe();
    }
}

fn is_visible(app: &AppHandle) -> bool {
    app.get_webview_window(window::MAIN)
        .is_some_and(|window| window.is_visible().unwrap_or(true))
}

/// What the tray can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Open,
    Quit,
}

fn carry_out(app: &AppHandle, wish: Wish) {
    match wish {
        Wish::Open => window::to_front(app),
        Wish::Quit => closing::begin(app),
    }
}

/// The tray is gone, for instance because the desktop's panel ended: nobody could open a hidden window any more.
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "other trays stay"))]
fn lost(app: &AppHandle) {
    app.state::<Tray>().there.store(false, Ordering::SeqCst);
    if !is_visible(app) {
        window::to_front(app);
    }
}

/// It is back.
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "other trays stay"))]
fn found(app: &AppHandle) {
    app.state::<Tray>().there.store(true, Ordering::SeqCst);
}

#[cfg(test)]
mod tests {
    use super::*;
    use patchbay_core::notifications::NoticeKind;

    fn notice(title: &str, urgency: Urgency, dismissed: bool) -> Notice {
        Notice {
            id: title.to_owned(),
            kind: NoticeKind::ConsentEnds,
            urgency,
            organisation: "o".to_owned(),
            organisation_name: "Kestrel Logistics".to_owned(),
            title: title.to_owned(),
            message: String::new(),
            at: None,
            dismissed,
        }
    }

    #[test]
    fn the_tray_says_what_waits_and_no_more() {
        assert_eq!(
            Face::of(&[]).sentence(),
            "Patchbay: nothing needs attention",
            "an empty list"
        );
        let put_away = Face::of(&[notice("Consent ends", Urgency::Urgent, true)]);
        assert_eq!(put_away, Face::default(), "what was put away is not said");
        let many: Vec<Notice> = (0..9)
            .map(|number| notice(&format!("Warning {number}"), Urgency::Warning, false))
            .collect();
        let face = Face::of(&many);
        assert_eq!(face.lines.len(), LINES + 1);
        assert_eq!(face.lines.last().map(String::as_str), Some("and 4 more"));
        assert!(!face.urgent);
        assert!(Face::of(&[notice("Gone", Urgency::Urgent, false)]).urgent);
    }
}
