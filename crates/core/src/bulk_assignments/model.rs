//! Templates, their check and their plan as people see them (product B1 to B7).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Status of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TemplateStatus {
    Draft,
    InProgress,
    Completed,
}

/// A licence chosen for a template. The name is kept so that it can be shown without the mirror.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LicenceChoice {
    pub id: String,
    pub name: String,
}

/// A location chosen for a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LocationChoice {
    pub id: String,
    pub name: String,
}

/// What a person enters for a template. Organisation, location and licence may come later.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TemplateFields {
    pub name: String,
    pub organisation: Option<String>,
    pub location: Option<LocationChoice>,
    pub calling_licence: Option<LicenceChoice>,
    pub add_ons: Vec<LicenceChoice>,
}

/// A template in the list.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    pub id: String,
    pub name: String,
    pub organisation: Option<String>,
    pub organisation_name: Option<String>,
    pub location: Option<LocationChoice>,
    pub calling_licence: Option<LicenceChoice>,
    pub add_ons: Vec<LicenceChoice>,
    pub total_users: u32,
    pub status: TemplateStatus,
    /// The latest run.
    pub run: Option<String>,
    /// Done and all rows of the latest run, for the bar.
    pub run_done: u32,
    pub run_rows: u32,
    pub files: Vec<TemplateFile>,
    pub created_at: String,
    pub changed_at: String,
}

/// A file of a template. Its bytes are kept in the database; the file on disk is never written.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TemplateFile {
    /// Position among the template's files, from 0.
    pub index: u32,
    pub name: String,
    /// Where it was read from; None when it was dropped as content.
    pub path: Option<String>,
    pub bytes: u32,
    pub sha256: String,
    /// The file on disk now differs from what was read, or is gone.
    pub changed_on_disk: bool,
}

/// Where a file to be added comes from.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FileSource {
    /// An absolute path, from the picker or a drop on the window.
    Path { path: String },
    /// Content, where the host gives no path (a browser).
    Content { name: String, base64: String },
}

/// How bad a problem is. Errors block the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Error,
    Warning,
}

/// What a problem was found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum IssueSource {
    /// The files alone. Its errors block the plan.
    File,
    /// The copy of Webex. Its errors leave rows out of a run.
    Mirror,
}

/// What the copy of Webex says of a template's rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum MirrorCheck {
    /// The template has no organisation: only the files are judged.
    NoOrganisation,
    /// The organisation was never copied completely.
    NoCopy,
    /// The judgement is under way. What is shown of the copy is what was found before the last change.
    Judging { as_of: String },
    /// Every row without an error of the file was judged by the copy of that time.
    Judged {
        as_of: String,
        errors: u32,
        warnings: u32,
    },
    /// The copy could not be read.
    Failed { message: String },
}

/// Columns of a bulk file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CellColumn {
    ExtKey,
    UserName,
    IdentityUuid,
    Number,
}

/// One cell of a template's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CellRef {
    pub file: u32,
    /// Data row of the file, from 1.
    pub row: u32,
    pub column: CellColumn,
}

/// A finding of the check.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Issue {
    pub file: Option<u32>,
    pub row: Option<u32>,
    /// Physical line of the file, from 1.
    pub line: Option<u32>,
    pub column: Option<CellColumn>,
    /// The spreadsheet cell, for instance "B1042".
    pub cell: Option<String>,
    /// The value with invisible characters made visible.
    pub value: Option<String>,
    /// Rule code of product.md, for instance "ext_key_duplicate".
    pub code: String,
    pub severity: Severity,
    pub source: IssueSource,
    /// A whole sentence.
    pub message: String,
    pub related_rows: Vec<u32>,
    /// What a click would write, where it is certain.
    pub fix: Option<String>,
    /// The verb on the button: "Restore +", "Trim".
    pub fix_label: Option<String>,
}

/// All findings of one rule.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IssueGroup {
    pub code: String,
    pub severity: Severity,
    pub source: IssueSource,
    /// Cells, or files for file-level rules.
    pub count: u32,
    pub title: String,
    pub sentence: String,
    /// A real value of the file and what it would become.
    pub example_before: Option<String>,
    pub example_after: Option<String>,
    /// How many of the cells have a certain fix.
    pub fixable: u32,
    pub fix_label: Option<String>,
}

/// Facts about one file as it was read.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileFacts {
    pub name: String,
    pub bytes: u32,
    pub encoding: String,
    pub delimiter: String,
    pub columns: Vec<String>,
    pub rows: u32,
}

/// The check of a template.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    pub template: String,
    /// Grows with every edit.
    pub version: u32,
    pub files: Vec<FileFacts>,
    /// "name", "uuid" or None where it is not clear.
    pub identity: Option<String>,
    pub rows: u32,
    pub max_rows: u32,
    pub max_bytes: u32,
    /// Rows with a finding, whatever it was found by.
    pub problem_rows: u32,
    /// Of the files alone: while there is one, there is no plan.
    pub errors: u32,
    /// Of the files alone.
    pub warnings: u32,
    pub groups: Vec<IssueGroup>,
    /// Issues of no row: header, encoding, size.
    pub file_issues: Vec<Issue>,
    /// The last change and what taking it back would do, for instance "Fixed: 12 phone formats".
    pub undo: Option<String>,
    pub redo: Option<String>,
    pub mirror: MirrorCheck,
}

/// A stretch of a cell's text.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Segment {
    pub text: String,
    /// Spaces at the ends and invisible characters: drawn marked. `text` is then a visible stand-in.
    pub marked: bool,
    /// What the marked characters are, for the screen reader: "2 spaces", "no-break space".
    pub label: Option<String>,
}

/// A cell in the grid.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckedCell {
    pub column: CellColumn,
    pub value: String,
    pub segments: Vec<Segment>,
    pub severity: Option<Severity>,
    pub edited: bool,
}

/// A row in the grid.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckedRow {
    pub file: u32,
    pub row: u32,
    pub line: u32,
    pub cells: Vec<CheckedCell>,
    pub issues: Vec<Issue>,
}

/// Which rows of the grid.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckFilter {
    pub problems_only: bool,
    pub code: Option<String>,
    pub search: Option<String>,
}

/// A window of the grid.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckedRows {
    pub total: u32,
    /// The version of the check these rows belong to.
    pub version: u32,
    pub columns: Vec<CellColumn>,
    pub rows: Vec<CheckedRow>,
}

/// A cell and where it stands in the filtered grid.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FoundCell {
    pub cell: CellRef,
    /// Position under the filter, from 0.
    pub position: u32,
}

/// What a change did.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EditDone {
    /// How many cells changed.
    pub cells: u32,
    pub check: Check,
}

/// What will happen to one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PlannedOutcome {
    /// The user gets extension, number and licences.
    Assign,
    /// The user has all of it already: no request.
    AlreadyAssigned,
    /// In conflict with Webex: left out.
    Skip,
}

/// One row of the plan.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlannedRow {
    /// Position in the plan, from 1.
    pub row: u32,
    pub file: u32,
    /// Data row in its file.
    pub file_row: u32,
    pub ext_key: String,
    /// As in the file.
    pub identity: String,
    pub user: Option<String>,
    /// As in the file.
    pub number: Option<String>,
    /// The inventory number it became.
    pub inventory_number: Option<String>,
    pub outcome: PlannedOutcome,
    pub code: Option<String>,
    pub message: Option<String>,
    /// Names of the licences it will get.
    pub licences: Vec<String>,
}

/// How many units of a licence a plan takes.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LicenceNeed {
    pub licence: LicenceChoice,
    pub needed: u32,
    /// None where Webex sets, or tells, no limit.
    pub available: Option<u32>,
    pub sufficient: bool,
}

/// Rows in conflict with Webex for one reason.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConflictGroup {
    pub code: String,
    pub title: String,
    pub count: u32,
    /// The first three.
    pub rows: Vec<PlannedRow>,
}

/// The plan of a template against the mirror. Nothing has been changed.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    pub template: String,
    /// Identifies exactly this plan; starting asks for it.
    pub hash: String,
    /// Age of the mirror it was made from.
    pub as_of: String,
    pub rows: u32,
    pub to_assign: u32,
    pub already: u32,
    pub left_out: u32,
    pub licences: Vec<LicenceNeed>,
    pub conflicts: Vec<ConflictGroup>,
    /// Things that look wrong though every row is right: `rows_shifted`.
    pub warnings: Vec<Issue>,
    pub per_second: f64,
    pub seconds: u32,
    /// Why it cannot be started; None if it can.
    pub obstacle: Option<String>,
    /// Other runs of the organisation that are at work.
    pub running: u32,
}

/// Which rows of a plan.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanFilter {
    pub outcome: Option<PlannedOutcome>,
    pub code: Option<String>,
    pub search: Option<String>,
}

/// A window of the plan.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlannedRows {
    pub total: u32,
    pub rows: Vec<PlannedRow>,
}

/// What one kind of sample file is keyed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SampleKind {
    Name,
    Uuid,
}
