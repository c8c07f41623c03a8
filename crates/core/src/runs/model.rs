//! A run and its items as people see them (product B8, B9).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// State of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    Running,
    /// Stopped on purpose or because it cannot go on; `RunProgress::hold` says why.
    Paused,
    /// Patchbay ended while it ran. Resuming reads back first.
    Interrupted,
    Cancelled,
    Completed,
}

/// How a row ended; `Pending` and `Sending` are still open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    Pending,
    Sending,
    Assigned,
    AlreadyAssigned,
    Failed,
    Skipped,
    Unknown,
}

/// Why a run waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// The person asked for it.
    Person,
    /// Webex asked to slow down (429).
    Throttled,
    /// Webex cannot be reached.
    Network,
    /// Webex answers with errors of its own (5xx).
    WebexTrouble,
    /// The organisation must be connected again.
    Consent,
    /// A licence of the plan has no unit left.
    LicencesExhausted,
    /// The secrets cannot be read.
    Vault,
    /// The ledger cannot be written.
    Disk,
}

/// A wait and how it ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Hold {
    pub reason: HoldReason,
    /// A whole sentence.
    pub message: String,
    pub since: String,
    /// When it ends by itself; None if somebody has to act.
    pub until: Option<String>,
    pub tracking_id: Option<String>,
}

/// Rows done in one stretch of time, for the chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RateSample {
    pub at: String,
    pub per_second: f64,
    pub throttled: bool,
}

/// A run as the strip and the run page show it.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunProgress {
    pub id: String,
    pub template: Option<String>,
    pub name: String,
    pub organisation: String,
    pub organisation_name: String,
    pub state: RunState,
    pub hold: Option<Hold>,
    /// What it is doing: sending, or reading everything once more at the end.
    pub verifying: bool,
    pub rows: u32,
    pub pending: u32,
    pub assigned: u32,
    pub already: u32,
    pub failed: u32,
    pub skipped: u32,
    pub unknown: u32,
    /// Requests sent to Webex so far.
    pub requests: u32,
    /// Answers 429 so far.
    pub throttled: u32,
    pub per_second: Option<f64>,
    pub seconds_left: Option<u32>,
    pub started_at: String,
    pub ended_at: Option<String>,
    pub who: String,
    pub samples: Vec<RateSample>,
    /// Failed and skipped rows by code, biggest first.
    pub causes: Vec<Cause>,
}

/// How many rows ended for one reason.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Cause {
    pub code: String,
    pub title: String,
    pub rows: u32,
    pub outcome: ItemState,
}

/// One line of the report.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportRow {
    /// Position in the run, from 1; rows of several files are counted through.
    pub row: u32,
    pub ext_key: String,
    /// As it stands in the file: a name or a UUID.
    pub identity: String,
    /// Display name in Webex where known.
    pub user: Option<String>,
    pub number: Option<String>,
    pub outcome: ItemState,
    pub code: Option<String>,
    pub message: Option<String>,
    /// HTTP status and Webex code of the last answer, for instance "400 · 4202"; None if nothing was sent.
    pub answer: Option<String>,
    pub tracking_id: Option<String>,
    pub started_at: Option<String>,
    pub finished_at: Option<String>,
}

/// Which rows of a report, and in what order.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportFilter {
    pub outcome: Option<ItemState>,
    pub code: Option<String>,
    pub search: Option<String>,
    pub sort: Option<ReportSort>,
}

/// Sort of the report; natural order for extensions.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportSort {
    pub column: ReportColumn,
    pub descending: bool,
}

/// Columns that can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReportColumn {
    Row,
    ExtKey,
    User,
    Number,
    Outcome,
    Finished,
}

/// A window of report rows.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportWindow {
    pub total: u32,
    pub rows: Vec<ReportRow>,
}

/// Which of the two kinds of export (product: "Exports exist in two kinds").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportKind {
    /// Loss-free, can be fed in again.
    #[default]
    Reimport,
    /// No cell can be taken for a formula.
    Spreadsheet,
}
