//! What an administrator should look at first. Times are RFC 3339 UTC.

use crate::notifications::{Notice, Urgency};
use serde::Serialize;
use ts_rs::TS;

/// What can be done about something that needs attention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum AttentionAction {
    /// Open the warning's own way out.
    Notice {
        notice: Notice,
    },
    OpenActivation,
    /// Activation with only those who are stuck.
    ShowStuck,
    /// Activation with only one state.
    ShowState {
        state: String,
    },
    OpenDirectorySync {
        enterprise: String,
    },
    OpenRun {
        template: Option<String>,
        run: String,
    },
    OpenTransaction {
        transaction: String,
    },
    ShowLicences,
}

/// One thing that needs attention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AttentionItem {
    pub id: String,
    pub urgency: Urgency,
    pub organisation: String,
    pub organisation_name: String,
    /// One line.
    pub title: String,
    /// Whole sentences.
    pub message: String,
    pub action: AttentionAction,
}

/// Everything that needs attention of one organisation, most urgent first.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Attention {
    pub items: Vec<AttentionItem>,
}
