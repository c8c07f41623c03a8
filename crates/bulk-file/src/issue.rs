//! What a finding looks like from outside. The first ten fields are the stable contract of `bulk validate`.

use serde::{Deserialize, Serialize};

use crate::code::{Code, Severity};

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Index of the file in the template.
    pub file: Option<u32>,
    /// Data row, counted from 1 within its file; none for findings about the file.
    pub row: Option<u32>,
    /// Physical line from 1 at which the row begins (for a quote: at which it opened); none as for `row`.
    pub line: Option<u32>,
    /// Heading of the column as the specification spells it; for unknown columns as the file does.
    pub column: Option<String>,
    /// The cell's value as it stands in the file.
    pub value: Option<String>,
    /// The rule.
    pub code: Code,
    /// Whether it stops a run.
    pub severity: Severity,
    /// What is wrong and what to do next, in whole sentences.
    pub message: String,
    /// The other rows of the group, for duplicates and look-alikes, in the template's order; each number counts
    /// within the row's own file, which `related` names at the same position.
    pub related_rows: Vec<u32>,
    /// The value to write instead, where that is certain.
    pub fix: Option<Fix>,
    /// The cell in spreadsheet notation ("B1042"); a `sep=` line is not counted, as spreadsheets do not show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// How the value probably came about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// `related_rows` with file and line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<RowPlace>,
    /// First of the group in the template's order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<RowPlace>,
}

/// A certain correction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What the cell should hold.
    pub value: String,
}

/// A row of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RowPlace {
    /// Index of the file.
    pub file: u32,
    /// Data row from 1.
    pub row: u32,
    /// Physical line from 1.
    pub line: u32,
}

impl Issue {
    /// A finding with nothing but its rule and sentence; the rest is filled in by whoever knows it.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            file: None,
            row: None,
            line: None,
            column: None,
            value: None,
            code,
            severity: code.severity(),
            message: message.into(),
            related_rows: Vec::new(),
            fix: None,
            cell: None,
            cause: None,
            related: Vec::new(),
            first_seen: None,
        }
    }
}

/// Column of a cell: one the rules know, or another by its position from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// Ext Key.
    ExtKey,
    /// User's Name.
    Name,
    /// Identity UUID.
    Uuid,
    /// Number.
    Number,
    /// Any other cell of the row.
    Other(u32),
}

impl Column {
    /// The heading as the specification spells it; none for other columns.
    pub fn heading(self) -> Option<&'static str> {
        match self {
            Column::ExtKey => Some("Ext Key"),
            Column::Name => Some("User's Name"),
            Column::Uuid => Some("Identity UUID"),
            Column::Number => Some("Number"),
            Column::Other(_) => None,
        }
    }
}

/// The two ways of naming a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdentityKind {
    /// Webex's `displayName`.
    Name,
    /// The person's UUID.
    Uuid,
}
