//! Windows onto a document: problems by rule, rows as a grid shows them, the way from problem to problem.

use serde::{Deserialize, Serialize};

use crate::{
    check::{Finding, Spot},
    code::{Code, Severity},
    cross::{Entry, restored_plus},
    document::Document,
    edit::CellRef,
    issue::{Column, Fix, Issue},
    outside::Outside,
    rules::{number, plain_digits},
    text::{Segment, segments, str_of, trim},
};

/// Widest row a grid is given cell by cell; of wider ones only the columns the rules know.
const WIDEST: usize = 32;

/// Which rows to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowFilter {
    /// By finding.
    pub show: Show,
    /// Text that one of the row's cells must contain, whatever its case; empty for any.
    pub search: String,
}

/// Rows by what was found in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// Every row.
    #[default]
    All,
    /// Rows with a finding, or in a group that has one.
    Problems,
    /// Rows with a finding of one rule, or in such a group.
    Code(Code),
}

/// Rows of a filtered list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowWindow {
    /// Length of the whole list.
    pub total: u32,
    /// The part that was asked for.
    pub rows: Vec<RowView>,
}

/// A row as a grid shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowView {
    /// Index of the file.
    pub file: u32,
    /// Data row from 1.
    pub row: u32,
    /// Physical line from 1.
    pub line: u32,
    /// Its cells, in the file's order.
    pub cells: Vec<CellView>,
    /// Findings about the row as a whole.
    pub issues: Vec<IssueRef>,
    /// Whether one of its cells was edited.
    pub edited: bool,
}

/// A cell as a grid shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellView {
    /// Its column.
    pub column: Column,
    /// What it holds.
    pub value: String,
    /// The same, with invisible characters marked.
    pub shown: Vec<Segment>,
    /// Findings about it.
    pub issues: Vec<IssueRef>,
    /// Whether it was edited.
    pub edited: bool,
}

/// A finding as a grid needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IssueRef {
    /// The rule.
    pub code: Code,
    /// Whether it stops a run.
    pub severity: Severity,
    /// Set by [`Document::set_outside_issues`].
    pub outside: bool,
    /// The sentence.
    pub message: String,
    /// How it probably came about.
    pub cause: Option<String>,
    /// The certain correction.
    pub fix: Option<Fix>,
    /// The finding stands at another row of its group.
    pub elsewhere: bool,
}

/// All findings of one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IssueGroup {
    /// The rule.
    pub code: Code,
    /// Whether it stops a run.
    pub severity: Severity,
    /// Set by [`Document::set_outside_issues`].
    pub outside: bool,
    /// Cells (or rows, or files) concerned.
    pub count: u32,
    /// A few words.
    pub title: String,
    /// One sentence.
    pub sentence: String,
    /// A real one, as it is and as its fix makes it.
    pub example: Option<Example>,
    /// Label of the button that fixes them all; none where no fix is certain.
    pub fix_label: Option<String>,
    /// Cells that have a certain fix.
    pub fixable: u32,
}

/// A value before and after its fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// As it stands in the file.
    pub before: String,
    /// As the fix writes it; none where no fix is certain.
    pub after: Option<String>,
}

/// A group while it is counted.
struct Group {
    code: Code,
    outside: bool,
    count: u32,
    fixable: u32,
    /// The one to quote.
    issue: Issue,
}

impl Group {
    fn worded(self) -> IssueGroup {
        let (title, sentence) = crate::titles::of(self.code, &self.issue);
        IssueGroup {
            code: self.code,
            severity: self.code.severity(),
            outside: self.outside,
            count: self.count,
            title,
            sentence,
            example: self.issue.value.map(|before| Example {
                before,
                after: self.issue.fix.map(|f| f.value),
            }),
            fix_label: (self.fixable > 0).then(|| crate::titles::fix_label(self.code).to_owned()),
            fixable: self.fixable,
        }
    }
}

impl Document {
    /// Findings by rule: errors before warnings, those of the files before those from outside, biggest first.
    pub fn groups(&self) -> Vec<IssueGroup> {
        let mut first: Vec<Group> = Vec::new();
        let mut add = |issue: &dyn Fn() -> Issue, code: Code, fixable: bool, outside: bool| match first
            .iter_mut()
            .find(|g| g.code == code && g.outside == outside)
        {
            Some(group) => {
                group.count += 1;
                group.fixable += u32::from(fixable);
                if fixable && group.issue.fix.is_none() {
                    group.issue = issue();
                }
            }
            None => first.push(Group {
                code,
                outside,
                count: 1,
                fixable: u32::from(fixable),
                issue: issue(),
            }),
        };
        for file in 0..self.files.len() {
            for issue in self.file_issues(file) {
                add(&|| issue.clone(), issue.code, false, false);
            }
        }
        for entry in &self.index {
            add(
                &|| self.issue(*entry),
                entry.finding.code,
                self.is_fixable(*entry),
                false,
            );
        }
        let of_rows = self.outside.rows.iter().map(Outside::raw);
        for issue in of_rows.chain(&self.outside.whole) {
            add(&|| issue.clone(), issue.code, issue.fix.is_some(), true);
        }
        let mut groups: Vec<IssueGroup> = first.into_iter().map(Group::worded).collect();
        groups.sort_by_key(|g| (g.severity, g.outside, std::cmp::Reverse(g.count), g.code));
        groups
    }

    /// Whether a finding has a certain fix; told without wording it where there may be thousands.
    fn is_fixable(&self, entry: Entry) -> bool {
        let Finding { row, spot, code } = entry.finding;
        match code {
            Code::SpreadsheetArtifact
            | Code::NumberFormatted
            | Code::IdentityNormalised
            | Code::ValueTrimmed => true,
            Code::ExtKeyNotNumeric | Code::NumberNotNumeric => {
                self.value(row, spot)
                    .is_some_and(|v| plain_digits(trim(&v)).is_some())
                    && self.issue(entry).fix.is_some()
            }
            Code::NumberPlusLost => restored_plus(
                &number::digits(self.keys.number[row as usize]),
                &self.cross.plus_evidence,
            )
            .is_some(),
            Code::BackslashComma => self.issue(entry).fix.is_some(),
            _ => false,
        }
    }

    /// A window of the rows that pass a filter.
    pub fn rows(&self, filter: &RowFilter, offset: u32, limit: u32) -> RowWindow {
        let list = self.listed(filter);
        let window = list.iter().skip(offset as usize).take(limit as usize);
        RowWindow {
            total: list.len() as u32,
            rows: window.map(|row| self.row_view(*row)).collect(),
        }
    }

    /// Where a row stands in a filtered list.
    pub fn position_of(&self, file: u32, row: u32, filter: &RowFilter) -> Option<u32> {
        let row = self.position(file, row)?;
        self.listed(filter).binary_search(&row).ok().map(|at| at as u32)
    }

    /// The cell with a finding after (or before) a cell; none at the end. Without a cell: the first (or last).
    pub fn next_problem(&self, after: Option<CellRef>, backwards: bool) -> Option<CellRef> {
        let here = match after {
            Some(cell) => Some((self.position(cell.file, cell.row)?, self.order(cell))),
            None => None,
        };
        let mut spots: Vec<(u32, Spot)> = self
            .index
            .iter()
            .map(|e| (e.finding.row, e.finding.spot))
            .collect();
        spots.extend(
            self.members
                .iter()
                .map(|(row, at)| (*row, self.index[*at as usize].finding.spot)),
        );
        spots.extend(self.outside.rows.iter().map(|o| (o.row, o.spot)));
        let keyed = spots.into_iter().map(|(row, spot)| {
            let column = spot.column().unwrap_or_else(|| self.first_column(row));
            let cell = CellRef {
                file: self.file_of(row) as u32,
                row: self.row_number(row),
                column,
            };
            ((row, self.order(cell)), cell)
        });
        if backwards {
            keyed
                .filter(|(key, _)| here.is_none_or(|h| *key < h))
                .max_by_key(|(key, _)| *key)
                .map(|(_, c)| c)
        } else {
            keyed
                .filter(|(key, _)| here.is_none_or(|h| *key > h))
                .min_by_key(|(key, _)| *key)
                .map(|(_, c)| c)
        }
    }

    fn order(&self, cell: CellRef) -> u32 {
        let content = self
            .files
            .get(cell.file as usize)
            .and_then(|f| f.content.as_ref());
        content.and_then(|c| c.header.at(cell.column)).unwrap_or_default()
    }

    fn first_column(&self, row: u32) -> Column {
        let content = self.files.get(self.file_of(row)).and_then(|f| f.content.as_ref());
        content.map_or(Column::Other(0), |c| c.header.column(0))
    }

    /// Where in the whole document the problems lie: the gravest finding of each of `buckets` equal parts.
    pub fn strip(&self, buckets: u32) -> Vec<Option<Severity>> {
        let mut out = vec![None; buckets as usize];
        let rows = u64::from(self.row_count().max(1));
        let mut mark = |row: u32, severity: Severity| {
            let shown = u64::from(row - self.emptied_between(0, row));
            let at = shown * u64::from(buckets) / rows;
            if let Some(slot) = out.get_mut(at as usize) {
                *slot = Some(slot.map_or(severity, |s: Severity| s.min(severity)));
            }
        };
        for entry in &self.index {
            mark(entry.finding.row, Self::severity(entry));
        }
        for (row, at) in &self.members {
            mark(*row, Self::severity(&self.index[*at as usize]));
        }
        for found in &self.outside.rows {
            mark(found.row, found.raw().severity);
        }
        out
    }

    fn listed(&self, filter: &RowFilter) -> Vec<u32> {
        let wanted = |code: Code| match filter.show {
            Show::All | Show::Problems => true,
            Show::Code(only) => code == only,
        };
        let mut rows: Vec<u32> = if filter.show == Show::All {
            (0..self.starts.len() as u32)
                .filter(|row| self.emptied.binary_search(row).is_err())
                .collect()
        } else {
            let own = self
                .index
                .iter()
                .filter(|e| wanted(e.finding.code))
                .map(|e| e.finding.row);
            let others = self
                .members
                .iter()
                .filter(|(_, at)| wanted(self.index[*at as usize].finding.code));
            let outside = self
                .outside
                .rows
                .iter()
                .filter(|o| wanted(o.raw().code))
                .map(|o| o.row);
            let mut rows: Vec<u32> = own.chain(others.map(|(row, _)| *row)).chain(outside).collect();
            rows.sort_unstable();
            rows.dedup();
            rows
        };
        if !filter.search.is_empty() {
            let needle = filter.search.to_lowercase();
            rows.retain(|row| self.contains(*row, &needle));
        }
        rows
    }

    fn contains(&self, row: u32, needle: &str) -> bool {
        self.with_row(row, |_, cells| {
            (0..cells.len()).any(|at| {
                let value = cells.get(at);
                let value = str_of(&value);
                if value.is_ascii() && needle.is_ascii() {
                    value
                        .as_bytes()
                        .windows(needle.len())
                        .any(|w| w.eq_ignore_ascii_case(needle.as_bytes()))
                } else {
                    value.to_lowercase().contains(needle)
                }
            })
        })
        .unwrap_or_default()
    }

    /// Findings on a cell, those of its groups included.
    pub(crate) fn cell_entries(&self, row: u32, spot: Spot) -> impl Iterator<Item = Entry> + '_ {
        let from = self.members.partition_point(|m| m.0 < row);
        let groups = self.members[from..]
            .iter()
            .take_while(move |m| m.0 == row)
            .map(|m| self.index[m.1 as usize]);
        self.entries_at(row)
            .iter()
            .copied()
            .chain(groups)
            .filter(move |e| e.finding.spot == spot)
    }

    fn row_view(&self, row: u32) -> RowView {
        let place = self.place(row);
        let edit = self.edited.get(&row);
        let mut cells = self
            .with_row(row, |content, cells| {
                let layout = cells.layout(content.header.width);
                let parts = if layout.certain { layout.joins.len() } else { 0 };
                let columns = (cells.len() - parts).max(content.header.width.unwrap_or_default() as usize);
                let mut out = Vec::new();
                for at in 0..columns {
                    let column = content.header.column(at as u32);
                    if columns > WIDEST && matches!(column, Column::Other(_)) {
                        continue;
                    }
                    let (first, taken) = layout.cells_of(at);
                    let value = if first < cells.len() {
                        str_of(&cells.join(first, taken, content.delimiter, true)).to_owned()
                    } else {
                        String::new()
                    };
                    let edited = edit
                        .and_then(|e| e.cells.get(first))
                        .is_some_and(|c| c.value.is_some());
                    out.push(CellView {
                        column,
                        shown: segments(&value),
                        value,
                        issues: Vec::new(),
                        edited,
                    });
                }
                out
            })
            .unwrap_or_default();
        for cell in &mut cells {
            let spot = Spot::of(cell.column);
            if spot != Spot::Row {
                cell.issues = self.refs(row, spot);
            }
        }
        RowView {
            file: place.file,
            row: place.row,
            line: place.line,
            cells,
            issues: self.refs(row, Spot::Row),
            edited: edit.is_some(),
        }
    }

    fn refs(&self, row: u32, spot: Spot) -> Vec<IssueRef> {
        let own = self
            .cell_entries(row, spot)
            .map(|entry| (self.issue(entry), entry.finding.row != row, false));
        let outside = self
            .outside
            .at(row)
            .iter()
            .filter(|o| o.spot == spot)
            .map(|o| (o.raw().clone(), false, true));
        own.chain(outside)
            .map(|(issue, elsewhere, outside)| IssueRef {
                outside,
                code: issue.code,
                severity: issue.severity,
                message: issue.message,
                cause: issue.cause,
                fix: issue.fix.filter(|_| !elsewhere),
                elsewhere,
            })
            .collect()
    }
}
