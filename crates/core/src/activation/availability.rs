//! Whether the activation of an organisation can be shown, and where its states come from. Pure.

use super::model::{ActivationAvailability, ActivationSource};
use super::store::Copy;
use crate::mirror::{MirrorKind, MirrorPart};
use crate::organisations::{ConsentState, Organisation, Permission};

/// Which list tells the states of an organisation.
pub fn source_of(organisation: &Organisation) -> ActivationSource {
    if organisation.directory_sync_enabled {
        ActivationSource::Broadworks
    } else if organisation.wholesale {
        ActivationSource::Wholesale
    } else {
        ActivationSource::People
    }
}

/// What reading that list needs.
pub(super) const fn read_scope(source: ActivationSource) -> &'static str {
    match source {
        ActivationSource::Broadworks => "spark-admin:broadworks_subscribers_read",
        ActivationSource::Wholesale => "spark-admin:wholesale_subscribers_read",
        ActivationSource::People => "spark-admin:people_read",
    }
}

/// What sending something to its users needs.
pub(super) const fn write_scope(source: ActivationSource) -> &'static str {
    match source {
        ActivationSource::Broadworks => "spark-admin:broadworks_subscribers_write",
        ActivationSource::Wholesale => "spark-admin:wholesale_subscribers_write",
        ActivationSource::People => "spark-admin:people_write",
    }
}

/// The permission of that scope, where it was certainly not granted.
pub(super) fn refused_permission<'a>(organisation: &'a Organisation, scope: &str) -> Option<&'a Permission> {
    organisation
        .permissions
        .iter()
        .find(|permission| permission.scope == scope && permission.granted == Some(false))
}

/// What stands in the way comes first; `users` are those that were copied.
pub(super) fn availability(
    organisation: &Organisation,
    parts: &[MirrorPart],
    copy: Option<&Copy>,
    users: u32,
) -> ActivationAvailability {
    let source = source_of(organisation);
    match &organisation.consent {
        ConsentState::None => {
            return ActivationAvailability::NotConnected {
                reason: "Nobody has consented yet.".to_owned(),
            };
        }
        ConsentState::Needed { reason, .. } => {
            return ActivationAvailability::NotConnected {
                reason: format!("{}.", reason.trim().trim_end_matches('.')),
            };
        }
        ConsentState::Granted => {}
    }
    if let Some(permission) = refused_permission(organisation, read_scope(source)) {
        return ActivationAvailability::PermissionMissing {
            source,
            permissions: vec![permission.clone()],
        };
    }
    // What was refused of another list says nothing of this one.
    let copy = copy.filter(|copy| copy.source == source);
    if let Some(Copy {
        refused: Some(reason),
        refused_tracking_id,
        ..
    }) = copy
    {
        return ActivationAvailability::Refused {
            source,
            reason: reason.clone(),
            tracking_id: refused_tracking_id.clone(),
        };
    }
    let licences = parts.iter().find(|part| part.kind == MirrorKind::Licences);
    if let (Some(as_of), true) = (
        licences
            .filter(|part| part.count == 0)
            .and_then(|part| part.as_of.clone()),
        users == 0,
    ) {
        return ActivationAvailability::NoLicences { as_of };
    }
    match copy {
        Some(copy) if copy.as_of.is_some() => ActivationAvailability::Available { source },
        _ => ActivationAvailability::NotCopied,
    }
}
