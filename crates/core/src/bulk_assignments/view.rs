//! From documents to what the window shows.

use super::checks::parse_code;
use super::{
    CellColumn, CellRef, Check, CheckFilter, CheckedCell, CheckedRow, CheckedRows, FileFacts, Issue,
    IssueGroup, IssueSource, MAX_BYTES, MAX_ROWS, MirrorCheck, Segment, Severity,
};
use crate::error::{Error, Result};
use bulk_file::{Code, Column, Document, EditGroup, RowFilter, SegmentKind, Show};

pub(super) fn severity(severity: bulk_file::Severity) -> Severity {
    match severity {
        bulk_file::Severity::Error => Severity::Error,
        bulk_file::Severity::Warning => Severity::Warning,
    }
}

pub(super) fn code(text: &str) -> Result<Code> {
    parse_code(text).ok_or_else(|| Error::invalid("code", format!("There is no rule {text}.")))
}

const fn source(outside: bool) -> IssueSource {
    if outside {
        IssueSource::Mirror
    } else {
        IssueSource::File
    }
}

pub(super) fn filter(filter: &CheckFilter) -> Result<RowFilter> {
    let show = match &filter.code {
        Some(text) => Show::Code(code(text)?),
        None if filter.problems_only => Show::Problems,
        None => Show::All,
    };
    Ok(RowFilter {
        show,
        search: filter
            .search
            .as_deref()
            .map(str::trim)
            .unwrap_or_default()
            .to_owned(),
    })
}

pub(super) fn cell_in(cell: CellRef) -> bulk_file::CellRef {
    let column = match cell.column {
        CellColumn::ExtKey => Column::ExtKey,
        CellColumn::UserName => Column::Name,
        CellColumn::IdentityUuid => Column::Uuid,
        CellColumn::Number => Column::Number,
    };
    bulk_file::CellRef {
        file: cell.file,
        row: cell.row,
        column,
    }
}

/// None for a column the rules do not know.
pub(super) fn cell_out(cell: bulk_file::CellRef) -> Option<CellRef> {
    Some(CellRef {
        file: cell.file,
        row: cell.row,
        column: column(cell.column)?,
    })
}

const fn column(column: Column) -> Option<CellColumn> {
    match column {
        Column::ExtKey => Some(CellColumn::ExtKey),
        Column::Name => Some(CellColumn::UserName),
        Column::Uuid => Some(CellColumn::IdentityUuid),
        Column::Number => Some(CellColumn::Number),
        Column::Other(_) => None,
    }
}

fn named_column(heading: &str) -> Option<CellColumn> {
    [Column::ExtKey, Column::Name, Column::Uuid, Column::Number]
        .into_iter()
        .find(|known| known.heading() == Some(heading))
        .and_then(column)
}

/// A value with its invisible characters made visible.
fn visible(value: &str) -> String {
    bulk_file::segments(value)
        .into_iter()
        .map(|segment| match segment.kind {
            SegmentKind::Plain => segment.text,
            SegmentKind::Space => "·".repeat(segment.text.chars().count()),
            SegmentKind::Invisible => format!("⟨{}⟩", segment.text),
        })
        .collect()
}

pub(super) fn issue(document: &Document, issue: bulk_file::Issue, source: IssueSource) -> Issue {
    let fix_label = issue
        .fix
        .as_ref()
        .map(|_| bulk_file::fix_label(issue.code).to_owned());
    let file_level = issue.row.is_none();
    let message = match (&issue.file, file_level && document.file_count() > 1) {
        (Some(file), true) => {
            let name = document
                .report()
                .files
                .get(*file as usize)
                .map(|file| file.path.clone())
                .unwrap_or_default();
            format!("{name}: {}", issue.message)
        }
        _ => issue.message,
    };
    Issue {
        file: issue.file,
        row: issue.row,
        line: issue.line,
        column: issue.column.as_deref().and_then(named_column),
        cell: issue.cell,
        value: issue.value.as_deref().map(visible),
        code: issue.code.as_str().to_owned(),
        severity: severity(issue.severity),
        source,
        message,
        related_rows: issue.related_rows,
        fix: issue.fix.map(|fix| fix.value),
        fix_label,
    }
}

/// A change in the words of the undo line.
fn described(group: &EditGroup) -> String {
    let cells = group.cells.len();
    match (group.fixed, cells) {
        (Some(code), 1) => format!("Fixed 1 cell: {}", bulk_file::fix_label(code)),
        (Some(code), cells) => format!("Fixed {cells} cells: {}", bulk_file::fix_label(code)),
        (None, 1) => "Edited 1 cell".to_owned(),
        (None, cells) => format!("Edited {cells} cells"),
    }
}

pub(super) fn check(template: &str, version: u32, document: &Document, mirror: MirrorCheck) -> Check {
    let report = document.report();
    let problems = RowFilter {
        show: Show::Problems,
        search: String::new(),
    };
    let groups = document.groups().into_iter().map(|group| {
        let (example_before, example_after) = group.example.map_or((None, None), |example| {
            (
                Some(visible(&example.before)),
                example.after.as_deref().map(visible),
            )
        });
        IssueGroup {
            code: group.code.as_str().to_owned(),
            severity: severity(group.severity),
            source: source(group.outside),
            count: group.count,
            title: group.title,
            sentence: group.sentence,
            example_before,
            example_after,
            fixable: group.fixable,
            fix_label: group.fix_label,
        }
    });
    Check {
        template: template.to_owned(),
        version,
        files: report
            .files
            .iter()
            .map(|file| FileFacts {
                name: file.path.clone(),
                bytes: u32::try_from(file.bytes).unwrap_or(u32::MAX),
                encoding: file.encoding.map_or_else(
                    || "not text".to_owned(),
                    |encoding| {
                        if file.bom && encoding == bulk_file::Encoding::Utf8 {
                            "UTF-8 with BOM".to_owned()
                        } else {
                            encoding.name().to_owned()
                        }
                    },
                ),
                delimiter: file.delimiter.clone().unwrap_or_default(),
                columns: file.columns.clone(),
                rows: file.rows,
            })
            .collect(),
        identity: document.identity().map(|identity| match identity {
            bulk_file::IdentityKind::Name => "name".to_owned(),
            bulk_file::IdentityKind::Uuid => "uuid".to_owned(),
        }),
        rows: document.row_count(),
        max_rows: MAX_ROWS,
        max_bytes: u32::try_from(MAX_BYTES).unwrap_or(u32::MAX),
        problem_rows: document.rows(&problems, 0, 0).total,
        errors: document.own_errors(),
        warnings: document.own_warnings(),
        groups: groups.collect(),
        file_issues: document
            .issues_of_files()
            .map(|found| issue(document, found, IssueSource::File))
            .collect(),
        undo: document.edits().last().map(described),
        redo: document.undone().map(described),
        mirror,
    }
}

pub(super) fn rows(
    version: u32,
    document: &Document,
    filter: &RowFilter,
    offset: u32,
    limit: u32,
) -> CheckedRows {
    let window = document.rows(filter, offset, limit);
    let mut columns: Vec<CellColumn> = Vec::new();
    let rows = window
        .rows
        .into_iter()
        .map(|row| {
            let mut issues: Vec<Issue> = row
                .issues
                .iter()
                .map(|found| row_issue(row.file, row.row, row.line, None, found))
                .collect();
            let mut cells = Vec::with_capacity(row.cells.len());
            for cell in row.cells {
                let Some(column) = column(cell.column) else {
                    continue;
                };
                if !columns.contains(&column) {
                    columns.push(column);
                }
                issues.extend(
                    cell.issues
                        .iter()
                        .map(|found| row_issue(row.file, row.row, row.line, Some(column), found)),
                );
                cells.push(CheckedCell {
                    column,
                    segments: cell.shown.into_iter().map(segment).collect(),
                    severity: cell
                        .issues
                        .iter()
                        .map(|issue| severity(issue.severity))
                        .min_by_key(|severity| *severity as u8),
                    edited: cell.edited,
                    value: cell.value,
                });
            }
            CheckedRow {
                file: row.file,
                row: row.row,
                line: row.line,
                cells,
                issues,
            }
        })
        .collect();
    if columns.is_empty() {
        columns = vec![CellColumn::ExtKey, CellColumn::UserName, CellColumn::Number];
    }
    CheckedRows {
        total: window.total,
        version,
        columns,
        rows,
    }
}

fn row_issue(
    file: u32,
    row: u32,
    line: u32,
    column: Option<CellColumn>,
    found: &bulk_file::IssueRef,
) -> Issue {
    Issue {
        file: Some(file),
        row: Some(row),
        line: Some(line),
        column,
        cell: None,
        value: None,
        code: found.code.as_str().to_owned(),
        severity: severity(found.severity),
        source: source(found.outside),
        message: found.message.clone(),
        related_rows: Vec::new(),
        fix: found.fix.as_ref().map(|fix| fix.value.clone()),
        fix_label: found
            .fix
            .as_ref()
            .map(|_| bulk_file::fix_label(found.code).to_owned()),
    }
}

fn segment(segment: bulk_file::Segment) -> Segment {
    match segment.kind {
        SegmentKind::Plain => Segment {
            text: segment.text,
            marked: false,
            label: None,
        },
        SegmentKind::Space => {
            let count = segment.text.chars().count();
            let label = if count == 1 {
                "1 space".to_owned()
            } else {
                format!("{count} spaces")
            };
            Segment {
                text: "·".repeat(count),
                marked: true,
                label: Some(label),
            }
        }
        SegmentKind::Invisible => Segment {
            label: Some(segment.text.clone()),
            text: segment.text,
            marked: true,
        },
    }
}
