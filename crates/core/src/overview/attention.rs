//! What needs attention. Pure.

use super::{AttentionAction, AttentionItem};
use crate::activation::STUCK_DAYS;
use crate::directory_sync::{self, Enterprise, SyncGate, SyncState};
use crate::error::ErrorCode;
use crate::mirror::Licence;
use crate::notifications::{Notice, NoticeKind, Urgency};
use crate::runs::{HoldReason, RunProgress, RunState};
use crate::transactions::{Transaction, TransactionKind, TransactionState};
use jiff::Timestamp;
use std::collections::HashSet;

/// What is known of an organisation.
pub(super) struct Facts {
    pub organisation: String,
    pub organisation_name: String,
    /// Not put away.
    pub notices: Vec<Notice>,
    /// Whose last synchronisation failed.
    pub enterprises: Vec<Enterprise>,
    pub stuck: Stuck,
    pub in_error: u32,
    /// Runs that are paused or interrupted.
    pub waiting: Vec<RunProgress>,
    /// Newest first, and from when on one that ended needs attention.
    pub transactions: Vec<Transaction>,
    pub since: Timestamp,
    pub licences: Vec<Licence>,
}

/// Users who have waited too long, with the names of the first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Stuck {
    pub count: u32,
    pub names: Vec<String>,
}

/// Most urgent first; what is equally urgent in the order of this function.
pub(super) fn items(facts: Facts) -> Vec<AttentionItem> {
    let item = |id: String, urgency, title: String, message: String, action| AttentionItem {
        id,
        urgency,
        organisation: facts.organisation.clone(),
        organisation_name: facts.organisation_name.clone(),
        title,
        message,
        action,
    };
    let mut items = Vec::new();
    for notice in &facts.notices {
        items.push(item(
            format!("notice:{}", notice.id),
            notice.urgency,
            notice.title.clone(),
            notice.message.clone(),
            AttentionAction::Notice {
                notice: notice.clone(),
            },
        ));
    }
    for enterprise in &facts.enterprises {
        if let Some((title, message)) = failed_sync(enterprise) {
            items.push(item(
                format!("directory_sync:{}", enterprise.id),
                Urgency::Warning,
                title,
                message,
                AttentionAction::OpenDirectorySync {
                    enterprise: enterprise.id.clone(),
                },
            ));
        }
    }
    for run in &facts.waiting {
        let (urgency, title, message) = waiting(run);
        items.push(item(
            format!("run:{}", run.id),
            urgency,
            title,
            message,
            AttentionAction::OpenRun {
                template: run.template.clone(),
                run: run.id.clone(),
            },
        ));
    }
    if facts.stuck.count > 0 {
        let (title, message) = stuck(&facts.stuck);
        items.push(item(
            "stuck".to_owned(),
            Urgency::Warning,
            title,
            message,
            AttentionAction::ShowStuck,
        ));
    }
    if facts.in_error > 0 {
        let (users, them) = match facts.in_error {
            1 => ("1 user".to_owned(), "them"),
            count => (format!("{count} users"), "each of them"),
        };
        items.push(item(
            "error".to_owned(),
            Urgency::Warning,
            format!("{users} in error"),
            format!(
                "Webex could not activate {them}. Its reasons stand with the user: put them right, then refresh the status."
            ),
            AttentionAction::ShowState {
                state: "error".to_owned(),
            },
        ));
    }
    for transaction in uncovered(&facts) {
        items.push(item(
            format!("transaction:{}", transaction.id),
            Urgency::Warning,
            format!("Failed: {}", transaction.title),
            transaction.failure.as_ref().map_or_else(
                || "It did not succeed. The transaction says how far it came.".to_owned(),
                |failure| failure.message.clone(),
            ),
            AttentionAction::OpenTransaction {
                transaction: transaction.id.clone(),
            },
        ));
    }
    for licence in &facts.licences {
        if let Some((urgency, title, message)) = running_short(licence) {
            items.push(item(
                format!("licence:{}", licence.id),
                urgency,
                title,
                message,
                AttentionAction::ShowLicences,
            ));
        }
    }
    items.sort_by_key(|item| std::cmp::Reverse(item.urgency));
    items
}

fn failed_sync(enterprise: &Enterprise) -> Option<(String, String)> {
    let SyncState::Failed { errors, .. } = &enterprise.sync else {
        return None;
    };
    let next = match (&enterprise.gate, enterprise.activated) {
        (SyncGate::Queued { .. } | SyncGate::Running { .. }, _) => {
            "It has been asked for again; wait until it is over."
        }
        (_, Some(0)) => {
            "No user of the enterprise is activated yet, and without one no synchronisation works: get one of them on first."
        }
        (SyncGate::Held { .. }, _) => {
            "Put the reason right meanwhile: it can be asked for again 24 hours after it ended."
        }
        _ => "Put the reason right, then synchronise again.",
    };
    Some((
        format!("Directory sync of {} failed", enterprise.sp_enterprise_id),
        format!("{} {next}", directory_sync::sentences(errors)),
    ))
}

fn waiting(run: &RunProgress) -> (Urgency, String, String) {
    if run.state == RunState::Interrupted {
        return (
            Urgency::Warning,
            format!("{} was interrupted", run.name),
            "Patchbay ended while it ran. Open it and resume it: what was under way is read back first."
                .to_owned(),
        );
    }
    let title = format!("{} is paused", run.name);
    let Some(hold) = &run.hold else {
        return (
            Urgency::Info,
            title,
            "Open it and resume it, or cancel it.".to_owned(),
        );
    };
    let urgency = match (hold.reason, &hold.until) {
        (HoldReason::Person, _) | (_, Some(_)) => Urgency::Info,
        (HoldReason::Consent | HoldReason::Vault | HoldReason::Disk, None) => Urgency::Urgent,
        _ => Urgency::Warning,
    };
    let next = match (hold.reason, &hold.until) {
        (_, Some(_)) => "It goes on by itself.",
        (HoldReason::Person, None) => "Open it and resume it, or cancel it.",
        (_, None) => "When the reason is out of the way, open it and resume it.",
    };
    (urgency, title, format!("{} {next}", hold.message))
}

fn stuck(stuck: &Stuck) -> (String, String) {
    let named = u32::try_from(stuck.names.len()).unwrap_or(u32::MAX);
    let others = match stuck.count.saturating_sub(named) {
        0 => String::new(),
        1 => " and 1 more".to_owned(),
        count => format!(" and {count} more"),
    };
    let (title, have) = match stuck.count {
        1 => ("1 user is stuck".to_owned(), "has"),
        count => (format!("{count} users are stuck"), "have"),
    };
    let message = format!(
        "{}{others} {have} waited in one state for more than {STUCK_DAYS} days. Look at what each waits for, and send the mail again \
         or ask them.",
        stuck.names.join(", ")
    );
    (title, message)
}

/// None where enough is left, or no limit is known.
fn running_short(licence: &Licence) -> Option<(Urgency, String, String)> {
    let (total, available) = (licence.total.filter(|total| *total > 0)?, licence.available?);
    let of = licence
        .subscription
        .as_ref()
        .map_or_else(String::new, |subscription| {
            format!(" (subscription {subscription})")
        });
    let message = |whom: &str| format!("{} of {total} are assigned{of}. {whom}", licence.consumed);
    if available == 0 {
        return Some((
            Urgency::Warning,
            format!("No {} is left", licence.name),
            message("Nobody else can be given one: take it from somebody who does not need it, or buy more."),
        ));
    }
    (u64::from(available) * 10 < u64::from(total)).then(|| {
        (
            Urgency::Info,
            format!("{available} of {total} {} left", licence.name),
            message("Before a bulk assignment, look whether that is enough, or buy more."),
        )
    })
}

/// Failed transactions that nothing else tells of: not tried again since, and under no other item.
fn uncovered(facts: &Facts) -> Vec<&Transaction> {
    let mut later: HashSet<(TransactionKind, &str)> = HashSet::new();
    let consent_told = facts
        .notices
        .iter()
        .any(|notice| notice.kind == NoticeKind::ConsentNeeded);
    facts
        .transactions
        .iter()
        .filter(|transaction| {
            // Newest first: the first of a title is how it stands.
            let newest = later.insert((transaction.kind, transaction.title.as_str()));
            newest && transaction.state == TransactionState::Failed
        })
        .filter(|transaction| {
            // An end that cannot be read hides nothing.
            let ended = transaction.ended_at.as_deref();
            ended
                .and_then(|ended| ended.parse::<Timestamp>().ok())
                .is_none_or(|ended| ended >= facts.since)
        })
        .filter(|transaction| {
            let of_consent = matches!(
                transaction.kind,
                TransactionKind::Consent | TransactionKind::TokenRefresh
            ) || transaction
                .failure
                .as_ref()
                .is_some_and(|failure| failure.code == ErrorCode::ConsentNeeded);
            let of_run = transaction
                .run
                .as_ref()
                .is_some_and(|run| facts.waiting.iter().any(|waiting| waiting.id == *run));
            let of_sync = facts.enterprises.iter().any(|enterprise| {
                // Only its own result: a refusal since is not told by an older failure.
                let request = enterprise.request.as_ref().filter(|request| request.own_result);
                request.and_then(|request| request.transaction.as_ref()) == Some(&transaction.id)
            });
            !(of_run || of_sync || (of_consent && consent_told))
        })
        .collect()
}

#[cfg(test)]
mod tests;
