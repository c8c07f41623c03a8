//! Findings that need more than the files: what the mirror says of rows, kept beside the document's own.
//!
//! They are kept by the row's place in the document, so a row that moves takes its findings along. A row that is edited
//! loses them, since they were said of what it held before; where rows vanish or come back, all of them go.

use std::sync::Arc;

use crate::{
    check::Spot,
    code::Severity,
    document::Document,
    file_issue::letters,
    issue::{Column, Issue},
};

/// A finding about a row.
#[derive(Clone, Debug)]
pub(crate) struct Outside {
    pub row: u32,
    pub spot: Spot,
    issue: Issue,
}

impl Outside {
    pub(crate) fn raw(&self) -> &Issue {
        &self.issue
    }
}

/// All findings from outside.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outsides {
    /// By row and part of it.
    pub rows: Vec<Outside>,
    /// Of no row.
    pub whole: Vec<Issue>,
}

impl Outsides {
    pub(crate) fn at(&self, row: u32) -> &[Outside] {
        let from = self.rows.partition_point(|found| found.row < row);
        let to = self.rows.partition_point(|found| found.row <= row);
        &self.rows[from..to]
    }

    fn severities(&self) -> impl Iterator<Item = Severity> + '_ {
        let rows = self.rows.iter().map(|found| found.issue.severity);
        rows.chain(self.whole.iter().map(|issue| issue.severity))
    }

    pub(crate) fn count(&self, severity: Severity) -> u32 {
        self.severities().filter(|each| *each == severity).count() as u32
    }
}

impl Document {
    /// Adds findings that need more than the files (the mirror's); they replace earlier ones. One about a row that does not
    /// exist is dropped.
    pub fn set_outside_issues(&mut self, issues: Vec<Issue>) {
        let mut found = Outsides::default();
        for issue in issues {
            match (issue.file, issue.row) {
                (Some(file), Some(row)) => {
                    let spot = spot_of(&issue);
                    if let Some(row) = self.position(file, row) {
                        found.rows.push(Outside { row, spot, issue });
                    }
                }
                _ => found.whole.push(issue),
            }
        }
        found.rows.sort_by_key(|found| (found.row, found.spot));
        self.outside = Arc::new(found);
        self.version += 1;
    }

    /// Drops the findings set by [`Document::set_outside_issues`].
    pub fn clear_outside_issues(&mut self) {
        self.set_outside_issues(Vec::new());
    }

    /// Errors and warnings set by [`Document::set_outside_issues`].
    pub fn outside_counts(&self) -> (u32, u32) {
        (
            self.outside.count(Severity::Error),
            self.outside.count(Severity::Warning),
        )
    }

    /// The finding as things stand now: with the row's number, line and cell.
    pub(crate) fn outside_issue(&self, found: &Outside) -> Issue {
        let place = self.place(found.row);
        Issue {
            file: Some(place.file),
            row: Some(place.row),
            line: Some(place.line),
            cell: found
                .spot
                .column()
                .and_then(|column| self.cell_of(found.row, column)),
            ..found.issue.clone()
        }
    }

    /// Spreadsheet notation of a row's cell.
    fn cell_of(&self, row: u32, column: Column) -> Option<String> {
        let sheet_row = self.sheet_rows[row as usize];
        self.with_row(row, |content, cells| {
            let at = content.header.at(column)? as usize;
            let (first, _) = cells.layout(content.header.width).cells_of(at);
            Some(format!("{}{sheet_row}", letters(first as u32)))
        })?
    }

    /// Rows hold something else now; `moved` when some vanished or came back.
    pub(crate) fn forget_outside(&mut self, changed: &[u32], moved: bool) {
        if moved {
            self.outside = Arc::default();
        } else if changed.iter().any(|row| !self.outside.at(*row).is_empty()) {
            Arc::make_mut(&mut self.outside)
                .rows
                .retain(|found| changed.binary_search(&found.row).is_err());
        }
    }
}

fn spot_of(issue: &Issue) -> Spot {
    [Column::ExtKey, Column::Name, Column::Uuid, Column::Number]
        .into_iter()
        .find(|column| column.heading().is_some() && column.heading() == issue.column.as_deref())
        .map_or(Spot::Row, Spot::of)
}
