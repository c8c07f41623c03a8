//! Desktop notifications: a run that ended, or that waits for somebody, while nobody looked at the window; and warnings.

use patchbay_api::Patchbay;
use patchbay_api::commands::{Commands, Nothing, NoticeIds, RunId};
use patchbay_core::Failure;
use patchbay_core::events::Topic;
use patchbay_core::notifications::Notice;
use patchbay_core::runs::{RunProgress, RunState};
use std::collections::BTreeSet;
use std::time::Duration;
use tauri::{AppHandle, Manager};
use tauri_plugin_notification::NotificationExt;
use tokio::sync::broadcast::error::RecvError;

/// Runs publish often while they work; their ends are seen soon enough.
const PAUSE: Duration = Duration::from_secs(1);

/// Warnings that are told one by one; more of them are told together.
const ONE_BY_ONE: usize = 3;

/// Tells warnings the desktop has not shown yet, until the core is gone.
pub async fn warn(patchbay: Patchbay, app: AppHandle) {
    let mut topics = patchbay.events();
    loop {
        if let Err(failure) = tell_warnings(&patchbay, &app).await {
            tracing::warn!(message = failure.message, "warnings could not be told");
        }
        loop {
            match topics.recv().await {
                Ok(Topic::Notifications | Topic::Organisations | Topic::Schedules | Topic::Preferences)
                | Err(RecvError::Lagged(_)) => break,
                Ok(_) => {}
                Err(RecvError::Closed) => return,
            }
        }
        tokio::time::sleep(PAUSE).await;
        topics = topics.resubscribe();
    }
}

async fn tell_warnings(patchbay: &Patchbay, app: &AppHandle) -> Result<(), Failure> {
    if !patchbay.preferences_get(Nothing {}).await?.desktop_notifications {
        return Ok(());
    }
    let notices = patchbay.notifications_unshown(Nothing {}).await?.notices;
    let told: Vec<String> = if notices.len() > ONE_BY_ONE {
        let (title, body) = together(&notices);
        if tell(app, &title, &body) {
            notices.into_iter().map(|notice| notice.id).collect()
        } else {
            Vec::new()
        }
    } else {
        notices
            .into_iter()
            .filter(|notice| tell(app, &notice.title, &notice.message))
            .map(|notice| notice.id)
            .collect()
    };
    if !told.is_empty() {
        patchbay.notifications_shown(NoticeIds { ids: told }).await?;
    }
    Ok(())
}

/// Several warnings as one: the first few by name.
fn together(notices: &[Notice]) -> (String, String) {
    let first: Vec<&str> = notices
        .iter()
        .take(ONE_BY_ONE)
        .map(|notice| notice.title.as_str())
        .collect();
    (
        format!("{} warnings of Patchbay", notices.len()),
        format!("{}, and {} more.", first.join(", "), notices.len() - first.len()),
    )
}

/// Watches runs until the core is gone.
pub async fn watch(patchbay: Patchbay, app: AppHandle) {
    let mut topics = patchbay.events();
    let mut running = BTreeSet::new();
    loop {
        match topics.recv().await {
            Ok(Topic::Runs) | Err(RecvError::Lagged(_)) => {}
            Ok(_) => continue,
            Err(RecvError::Closed) => return,
        }
        // What happens during the pause is in what is read after it.
        tokio::time::sleep(PAUSE).await;
        topics = topics.resubscribe();
        let Ok(open) = patchbay.runs_active(Nothing {}).await else {
            continue;
        };
        let now: BTreeSet<String> = open
            .runs
            .iter()
            .filter(|run| run.state == RunState::Running)
            .map(|run| run.id.clone())
            .collect();
        for run in running.difference(&now) {
            if let Ok(run) = patchbay.runs_get(RunId { run: run.clone() }).await
                && let Some((title, body)) = words(&run)
            {
                tell(&app, &title, &body);
            }
        }
        running = now;
    }
}

/// Title and text, or nothing where the person stopped the run and so knows.
fn words(run: &RunProgress) -> Option<(String, String)> {
    match (run.state, &run.hold) {
        (RunState::Completed, _) => {
            let assigned = run.assigned + run.already;
            let counts = format!(
                "{assigned} of {} assigned, {} failed, {} unknown.",
                run.rows, run.failed, run.unknown
            );
            Some((format!("{} has ended", run.name), counts))
        }
        (RunState::Paused, Some(hold)) if hold.reason != patchbay_core::runs::HoldReason::Person => {
            Some((format!("{} is paused", run.name), hold.message.clone()))
        }
        _ => None,
    }
}

/// Whether the desktop shows it: not while somebody looks at the window, which says it too.
fn tell(app: &AppHandle, title: &str, body: &str) -> bool {
    let looks = app
        .get_webview_window(crate::window::MAIN)
        .is_some_and(|window| window.is_focused().unwrap_or(false));
    if looks {
        return false;
    }
    match app.notification().builder().title(title).body(body).show() {
        Ok(()) => true,
        Err(error) => {
            tracing::info!(%error, "the desktop shows no notifications");
            false
        }
    }
}
