//! What Webex tells, as Patchbay keeps it, and in words. Pure.

use super::gate::Told;
use super::{SyncCounts, SyncError, SyncState};
use jiff::Timestamp;
use webex_client::{DirectorySyncStatus, SyncStatus};

/// The state counts as Webex's page does: under way before all, then what went wrong, then the word.
pub(super) fn read(status: DirectorySyncStatus, told_at: Timestamp) -> Told {
    let errors: Vec<SyncError> = status
        .errors
        .into_iter()
        .map(|error| SyncError {
            code: error.error_code,
            description: error.description.unwrap_or_default(),
        })
        .collect();
    let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
    let ended_at = time(status.last_sync_end_time);
    let state = match status.sync_status {
        Some(SyncStatus::InProgress) => SyncState::Running {
            started_at: time(status.last_sync_start_time),
        },
        _ if !errors.is_empty() => SyncState::Failed { ended_at, errors },
        Some(SyncStatus::Complete) => SyncState::Done { ended_at },
        Some(SyncStatus::NotSynced) => SyncState::Never,
        Some(SyncStatus::Other(status)) => SyncState::Unknown { status },
        None => SyncState::Unknown {
            status: String::new(),
        },
    };
    let count = |count: Option<i64>| count.map(|count| u32::try_from(count.max(0)).unwrap_or(u32::MAX));
    Told {
        state,
        started: status.last_sync_start_time,
        ended: status.last_sync_end_time,
        succeeded: status.last_successful_sync_time,
        tracking_id: status.last_sync_tracking_id,
        counts: SyncCounts {
            users_added: count(status.users_added),
            users_updated: count(status.users_updated),
            users_deleted: count(status.users_deleted),
            machines_added: count(status.machines_added),
            machines_updated: count(status.machines_updated),
            machines_deleted: count(status.machines_deleted),
            user_contacts_added: count(status.user_contacts_added),
            user_contacts_updated: count(status.user_contacts_updated),
            user_contacts_deleted: count(status.user_contacts_deleted),
            org_contacts_added: count(status.org_contacts_added),
            org_contacts_updated: count(status.org_contacts_updated),
            org_contacts_deleted: count(status.org_contacts_deleted),
            total_users: count(status.total_external_users),
            total_machines: count(status.total_external_machines),
            total_user_contacts: count(status.total_user_contacts),
            total_org_contacts: count(status.total_org_contacts),
        },
        told_at,
    }
}

/// A time as sentences have it.
pub(super) fn at(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// "44 users added, 2 updated, 0 deleted; …", as far as Webex told.
pub(super) fn counts(counts: &SyncCounts) -> String {
    let group = |name: &str, [added, updated, deleted]: [Option<u32>; 3]| {
        let parts: Vec<String> = [(added, "added"), (updated, "updated"), (deleted, "deleted")]
            .into_iter()
            .filter_map(|(count, done)| Some(format!("{} {done}", count?)))
            .collect();
        (!parts.is_empty()).then(|| format!("{name}: {}", parts.join(", ")))
    };
    let groups = [
        group(
            "Users",
            [counts.users_added, counts.users_updated, counts.users_deleted],
        ),
        group(
            "devices",
            [
                counts.machines_added,
                counts.machines_updated,
                counts.machines_deleted,
            ],
        ),
        group(
            "user contacts",
            [
                counts.user_contacts_added,
                counts.user_contacts_updated,
                counts.user_contacts_deleted,
            ],
        ),
        group(
            "organisation contacts",
            [
                counts.org_contacts_added,
                counts.org_contacts_updated,
                counts.org_contacts_deleted,
            ],
        ),
    ];
    let groups: Vec<String> = groups.into_iter().flatten().collect();
    if groups.is_empty() {
        "Webex told no counts.".to_owned()
    } else {
        format!("{}.", groups.join("; "))
    }
}

/// Errors as sentences, with their codes.
pub(crate) fn sentences(errors: &[SyncError]) -> String {
    let sentence = |error: &SyncError| {
        let text = error.description.trim().trim_end_matches('.');
        match (&error.code, text) {
            (Some(code), "") => format!("Error {code}, without a reason."),
            (Some(code), text) => format!("{text} (error {code})."),
            (None, "") => "No reason was given.".to_owned(),
            (None, text) => format!("{text}."),
        }
    };
    errors.iter().map(sentence).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(json: &str) -> Told {
        read(serde_json::from_str(json).unwrap(), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn the_state_is_decided_in_this_order() {
        let state = |json: &str| serde_json::to_value(told(json).state).unwrap()["state"].to_string();
        let errors = r#""errors":[{"errorCode":6003,"description":"no"}]"#;
        for (word, bare, with_errors) in [
            ("NOT_SYNCED", "never", "failed"),
            ("IN_PROGRESS", "running", "running"),
            ("COMPLETE", "done", "failed"),
            ("FAILED", "unknown", "failed"),
        ] {
            assert_eq!(
                state(&format!(r#"{{"syncStatus":"{word}"}}"#)),
                format!("{bare:?}")
            );
            assert_eq!(
                state(&format!(r#"{{"syncStatus":"{word}",{errors}}}"#)),
                format!("{with_errors:?}")
            );
        }
        assert_eq!(
            told(r#"{"syncStatus":"Hibernating"}"#).state,
            SyncState::Unknown {
                status: "Hibernating".to_owned()
            }
        );
        assert_eq!(state("{}"), "\"unknown\"");
    }

    #[test]
    fn counts_and_errors_in_words() {
        let told = told(
            r#"{"usersAdded":44,"usersUpdated":0,"machinesDeleted":-3,"totalExternalUsersInCI":99999999999,
                "errors":[{"errorCode":6003,"description":"No way to the cluster."},{"errorCode":1},{"description":"x"},{}]}"#,
        );
        assert_eq!(
            counts(&told.counts),
            "Users: 44 added, 0 updated; devices: 0 deleted."
        );
        assert_eq!(told.counts.total_users, Some(u32::MAX));
        assert_eq!(counts(&SyncCounts::default()), "Webex told no counts.");
        let SyncState::Failed { errors, .. } = told.state else {
            panic!("{:?}", told.state);
        };
        assert_eq!(
            sentences(&errors),
            "No way to the cluster (error 6003). Error 1, without a reason. x. No reason was given."
        );
    }
}
