//! Whether directory synchronisation can be shown and asked for (product A7). Pure.

use super::SyncAvailability;
use crate::organisations::{ConsentState, Organisation, Permission};

pub(super) const READ: &str = "spark-admin:broadworks_enterprises_read";
pub(super) const WRITE: &str = "spark-admin:broadworks_enterprises_write";

/// What the copy says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Copied {
    pub ever: bool,
    pub enterprises: usize,
    /// Webex's refusal of the last list, in sentences, with its tracking id.
    pub refused: Option<(String, Option<String>)>,
}

/// Permissions of this scope that were certainly not granted.
pub(super) fn missing(organisation: &Organisation, scope: &str) -> Vec<Permission> {
    organisation
        .permissions
        .iter()
        .filter(|permission| permission.scope == scope && permission.granted == Some(false))
        .cloned()
        .collect()
}

/// What stands in the way first is told first. What was copied before is shown in any case.
pub(super) fn availability(organisation: &Organisation, copied: &Copied) -> SyncAvailability {
    if !organisation.directory_sync_enabled {
        return SyncAvailability::NotUsed;
    }
    match &organisation.consent {
        ConsentState::None => {
            return SyncAvailability::NotConnected {
                reason: "Nobody has consented yet.".to_owned(),
            };
        }
        ConsentState::Needed { reason, .. } => {
            return SyncAvailability::NotConnected {
                reason: reason.clone(),
            };
        }
        ConsentState::Granted => {}
    }
    let unread = missing(organisation, READ);
    if !unread.is_empty() {
        return SyncAvailability::PermissionMissing { permissions: unread };
    }
    if let Some((reason, tracking_id)) = &copied.refused {
        return SyncAvailability::Refused {
            reason: reason.clone(),
            tracking_id: tracking_id.clone(),
        };
    }
    match copied {
        Copied { ever: false, .. } => SyncAvailability::NotCopied,
        Copied { enterprises: 0, .. } => SyncAvailability::NoEnterprise,
        _ => {
            let missing = missing(organisation, WRITE);
            SyncAvailability::Available {
                trigger: missing.is_empty(),
                missing,
            }
        }
    }
}
