//! How far each licensed user is with Webex (product A1 to A6). Times are RFC 3339 UTC.

use crate::organisations::Permission;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which list of Webex tells the states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ActivationSource {
    /// Subscribers of BroadWorks.
    Broadworks,
    /// Subscribers of wholesale customers.
    Wholesale,
    /// People of the organisation, with whether their invitation is open.
    People,
}

/// Whether the activation of an organisation can be shown, and if not, why and what to do.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ActivationAvailability {
    Available {
        source: ActivationSource,
    },
    /// Nobody has consented, or Webex took the consent back. What was copied before is still shown.
    NotConnected {
        reason: String,
    },
    /// The grant may not read what tells the states. What was copied before is still shown.
    PermissionMissing {
        source: ActivationSource,
        permissions: Vec<Permission>,
    },
    /// Webex itself refused the list, in whole sentences: no entitlement, or an administrator who may not see it.
    Refused {
        source: ActivationSource,
        reason: String,
        tracking_id: Option<String>,
    },
    /// The organisation was copied, and has no Webex licence.
    NoLicences {
        as_of: String,
    },
    /// It was never copied.
    NotCopied,
}

/// How many users are in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StateCount {
    /// Webex's word: `provisioned`, `pending_email_input`, `pending_email_validation`, `pending_user_migration`,
    /// `provisioning`, `updating`, `error`, or one nobody knows yet.
    pub state: String,
    pub count: u32,
}

/// What the columns with closed sets can be filtered by, in the order of the grid's sort.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActivationChoices {
    /// An empty text stands for users without one.
    pub locations: Vec<String>,
    pub licences: Vec<String>,
    pub service_types: Vec<String>,
}

/// Where the activation of an organisation stands as a whole.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActivationStatus {
    pub organisation: String,
    pub availability: ActivationAvailability,
    /// When the last whole copy was begun.
    pub as_of: Option<String>,
    pub total: u32,
    /// The four named states always, in the order of the way; then any other that somebody has.
    pub states: Vec<StateCount>,
    /// Without an e-mail address, or in `pending_email_input`: they have not begun and have not installed the app.
    pub not_begun: u32,
    /// On the way (`pending_email_validation`, `pending_user_migration`, `provisioning`, `updating`), and in one state for longer
    /// than [`STUCK_DAYS`].
    pub stuck: u32,
    pub choices: ActivationChoices,
    /// The transaction of a copy of all that is under way.
    pub syncing: Option<String>,
    /// The transaction of a refresh of several users that is under way.
    pub refreshing: Option<String>,
}

/// Days in one state after which somebody who is on the way is called stuck.
pub const STUCK_DAYS: u32 = 7;

/// A column of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ActivationColumn {
    Location,
    /// "Webex License".
    Licence,
    ServiceType,
    ServiceId,
    Extension,
    FirstName,
    LastName,
    Email,
    /// "Webex Email Validation".
    State,
    LastStatusChange,
    AsOf,
}

/// One level of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActivationSort {
    pub column: ActivationColumn,
    pub descending: bool,
}

/// Which users, in which order. Everything that is set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct ActivationView {
    pub state: Option<String>,
    /// Every word of it in some column but the times, whatever its case and accents.
    pub search: Option<String>,
    /// The whole value; an empty text for users without one.
    pub location: Option<String>,
    pub licence: Option<String>,
    pub service_type: Option<String>,
    /// Part of the value, whatever its case and accents.
    pub service_id: Option<String>,
    pub extension: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    /// Only those who are stuck.
    pub stuck: bool,
    /// First level first; at most four. Natural order (9 before 10); users without the value last, also where it descends.
    pub sort: Vec<ActivationSort>,
}

/// What Webex says went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActivationError {
    pub code: Option<String>,
    pub description: String,
}

/// What can be sent to somebody to get them on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Nudge {
    /// The mail that asks for consent to move a free account.
    ConsentMail,
    /// The invitation; Webex sends it to everybody of the organisation who has not accepted.
    ActivationMail,
}

/// One licensed user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActivationUser {
    /// Of the subscriber, or of the person where people are the source.
    pub key: String,
    pub location: Option<String>,
    pub licence: Option<String>,
    pub service_type: Option<String>,
    pub service_id: Option<String>,
    pub extension: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    /// Webex's word.
    pub state: String,
    pub errors: Vec<ActivationError>,
    pub last_status_change: Option<String>,
    /// Service provider and enterprise of BroadWorks, or the wholesale customer.
    pub enterprise: Option<String>,
    pub numbers: Vec<String>,
    pub self_activated: Option<bool>,
    pub stuck: bool,
    pub nudge: Option<Nudge>,
    /// When Webex told this.
    pub as_of: String,
}

/// A window of users.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActivationWindow {
    pub total: u32,
    pub users: Vec<ActivationUser>,
}

/// Which users something is done with.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ActivationSelection {
    Keys {
        keys: Vec<String>,
    },
    /// Everybody whom the view shows, in its order.
    View {
        view: ActivationView,
    },
}

/// The counts of one day, as they were last known on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActivationDay {
    /// UTC, `2026-11-19`.
    pub day: String,
    pub total: u32,
    /// Users with an e-mail address who are past `pending_email_input`.
    pub email_entered: u32,
    /// Past `pending_email_validation` and `pending_user_migration` as well.
    pub email_validated: u32,
    pub provisioned: u32,
}
