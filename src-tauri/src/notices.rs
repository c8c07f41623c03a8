//! Desktop notifications: a run that ended, or that waits for somebody, while nobody looked at the window.

use patchbay_api::Patchbay;
use patchbay_api::commands::{Commands, Nothing, RunId};
use patchbay_core::events::Topic;
use patchbay_core::runs::{RunProgress, RunState};
use std::collections::BTreeSet;
use std::time::Duration;
use tauri::{AppHandle, Manager};
use tauri_plugin_notification::NotificationExt;
use tokio::sync::broadcast::error::RecvError;

/// Runs publish often while they work; their ends are seen soon enough.
const PAUSE: Duration = Duration::from_secs(1);

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

fn tell(app: &AppHandle, title: &str, body: &str) {
    let looks = app
        .get_webview_window(crate::window::MAIN)
        .is_some_and(|window| window.is_focused().unwrap_or(false));
    if looks {
        return;
    }
    if let Err(error) = app.notification().builder().title(title).body(body).show() {
        tracing::info!(%error, "the desktop shows no notifications");
    }
}
