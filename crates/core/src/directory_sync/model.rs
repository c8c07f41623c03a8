//! Directory synchronisation of BroadWorks enterprises (product A7). Times are RFC 3339 UTC and Webex's own where they come
//! from Webex.

use crate::organisations::Permission;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What Webex says of the last synchronisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum SyncState {
    Never,
    Running {
        started_at: Option<String>,
    },
    Done {
        ended_at: Option<String>,
    },
    Failed {
        ended_at: Option<String>,
        errors: Vec<SyncError>,
    },
    /// A word nobody knows yet, as it came.
    Unknown {
        status: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SyncError {
    pub code: Option<String>,
    pub description: String,
}

/// What a synchronisation did; None where Webex did not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SyncCounts {
    pub users_added: Option<u32>,
    pub users_updated: Option<u32>,
    pub users_deleted: Option<u32>,
    pub machines_added: Option<u32>,
    pub machines_updated: Option<u32>,
    pub machines_deleted: Option<u32>,
    pub user_contacts_added: Option<u32>,
    pub user_contacts_updated: Option<u32>,
    pub user_contacts_deleted: Option<u32>,
    pub org_contacts_added: Option<u32>,
    pub org_contacts_updated: Option<u32>,
    pub org_contacts_deleted: Option<u32>,
    pub total_users: Option<u32>,
    pub total_machines: Option<u32>,
    pub total_user_contacts: Option<u32>,
    pub total_org_contacts: Option<u32>,
}

/// The last synchronisation that this desktop asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SyncRequest {
    pub at: String,
    pub who: String,
    pub transaction: Option<String>,
    /// Webex has not begun yet, or has not ended.
    pub open: bool,
    /// What Webex tells of the last synchronisation is what came of this request.
    pub own_result: bool,
}

/// Whether a synchronisation can be asked for now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum SyncGate {
    Open,
    /// It can, but ask first: one of these is there.
    Ask {
        /// When somebody else's, or Webex's own, ended: less than 24 hours ago.
        ended_at: Option<String>,
        /// When this desktop asked for one of which it is not known whether Webex still carries it out.
        asked_at: Option<String>,
        /// From then on nobody is asked any more.
        until: String,
    },
    /// Asked for by this desktop, and queued or under way.
    Queued {
        asked_at: String,
    },
    /// Under way, and not followed by this desktop.
    Running {
        started_at: Option<String>,
        /// This desktop asked for it, and looked for its end no longer.
        ours: bool,
    },
    /// Held for 24 hours after the end of a requested one. By Webex's clock.
    Held {
        until: String,
        ended_at: String,
        /// Of the 24 hours, how many seconds are over by Webex's clock.
        elapsed_seconds: u32,
    },
    /// Synchronisation is switched off for the enterprise at Webex.
    SwitchedOff,
    /// It was never looked.
    Unknown,
}

/// One enterprise.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Enterprise {
    pub id: String,
    pub org_id: Option<String>,
    /// Service provider and enterprise, `SP1+acme`.
    pub sp_enterprise_id: String,
    pub enabled: bool,
    pub sync: SyncState,
    pub last_started_at: Option<String>,
    pub last_ended_at: Option<String>,
    pub last_succeeded_at: Option<String>,
    pub tracking_id: Option<String>,
    pub counts: SyncCounts,
    pub request: Option<SyncRequest>,
    pub gate: SyncGate,
    /// Users of it who are provisioned, as copied last; None where that is not known. Without one no synchronisation works.
    pub activated: Option<u32>,
    /// When Webex told this.
    pub as_of: String,
}

/// Whether directory synchronisation can be shown and asked for, and if not, why.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum SyncAvailability {
    /// `trigger` is false where the grant may only look; the missing permissions say why.
    Available {
        trigger: bool,
        missing: Vec<Permission>,
    },
    /// The field "Directory synchronisation enabled" of the organisation is off.
    NotUsed,
    NotConnected {
        reason: String,
    },
    PermissionMissing {
        permissions: Vec<Permission>,
    },
    /// Webex refused, in whole sentences.
    Refused {
        reason: String,
        tracking_id: Option<String>,
    },
    /// Webex lists no enterprise: nobody has been provisioned yet.
    NoEnterprise,
    NotCopied,
}

/// Directory synchronisation of an organisation.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DirectorySync {
    pub organisation: String,
    pub availability: SyncAvailability,
    /// By name.
    pub enterprises: Vec<Enterprise>,
    pub as_of: Option<String>,
    /// Seconds that Webex's clock is ahead of this computer's (behind where negative), when they last met.
    pub clock_ahead_seconds: i32,
}
