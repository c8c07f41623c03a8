//! What the mirror says of rows, as findings beside those of the file (product B6): for the check of a template and for
//! files that belong to none. The judgement itself is the plan's.

use super::checks::parse_code;
use super::model::PlannedOutcome;
use super::plan::{self, Judged, Scope, Shift, ShiftedColumn};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::mirror;
use crate::mirror::snapshot::Snapshot;
use bulk_file::{Assignment, Code, Identity, Issue, RowPlace};

/// Judges rows and words what was found. Takes tens of milliseconds for a full template: not for the threads that serve.
pub(super) fn issues(scope: &Scope, assignments: &[Assignment], snapshot: &Snapshot) -> Vec<Issue> {
    let judged = plan::judge(scope, assignments, snapshot);
    let mut issues = of_rows(&judged, assignments);
    issues.extend(
        judged
            .shifted
            .as_ref()
            .and_then(|shift| of_shift(shift, assignments)),
    );
    issues
}

fn of_rows(judged: &Judged, assignments: &[Assignment]) -> Vec<Issue> {
    judged
        .items
        .iter()
        .zip(assignments)
        .filter(|(item, _)| item.outcome == PlannedOutcome::Skip)
        .filter_map(|(item, assignment)| {
            let code = parse_code(item.code?)?;
            let column = match code {
                Code::ExtensionTaken
                | Code::ExtKeyDuplicate
                | Code::LicencesInsufficient
                | Code::AddonInsufficient => EXT_KEY,
                Code::NumberNotInInventory | Code::NumberTaken | Code::NumberDuplicate => NUMBER,
                _ => match assignment.identity {
                    Identity::Name(_) => "User's Name",
                    Identity::Uuid(_) => "Identity UUID",
                },
            };
            let value = match column {
                EXT_KEY => Some(item.ext_key.clone()),
                NUMBER => item.number.clone(),
                _ => Some(item.identity.clone()),
            };
            let issue = Issue::new(code, item.message.clone().unwrap_or_default());
            Some(placed(issue, assignment, column, value))
        })
        .collect()
}

const EXT_KEY: &str = "Ext Key";
const NUMBER: &str = "Number";

fn placed(issue: Issue, at: &Assignment, column: &str, value: Option<String>) -> Issue {
    Issue {
        file: Some(at.file),
        row: Some(at.row),
        line: Some(at.line),
        column: Some(column.to_owned()),
        value,
        ..issue
    }
}

/// One finding for the whole group, at its first row.
fn of_shift(shift: &Shift, assignments: &[Assignment]) -> Option<Issue> {
    let mut rows = shift.items.iter().filter_map(|at| assignments.get(*at));
    let first = rows.next()?;
    let (column, value) = match shift.column {
        ShiftedColumn::ExtKey => (EXT_KEY, Some(first.ext_key.clone())),
        ShiftedColumn::Number => (NUMBER, first.number.clone()),
    };
    let place = |at: &Assignment| RowPlace {
        file: at.file,
        row: at.row,
        line: at.line,
    };
    let related: Vec<RowPlace> = rows.map(place).collect();
    let issue = Issue {
        related_rows: related.iter().map(|place| place.row).collect(),
        related,
        first_seen: Some(place(first)),
        ..Issue::new(Code::RowsShifted, shift_sentence(shift, first.row))
    };
    Some(placed(issue, first, column, value))
}

/// `first` is the row's number in its file.
pub(super) fn shift_sentence(shift: &Shift, first: u32) -> String {
    let what = match shift.column {
        ShiftedColumn::ExtKey => "extension",
        ShiftedColumn::Number => "number",
    };
    let stands = match shift.by {
        Some(1) => "one row below".to_owned(),
        Some(-1) => "one row above".to_owned(),
        Some(by) if by > 0 => format!("{by} rows below"),
        Some(by) => format!("{} rows above", by.abs()),
        None => "in another row".to_owned(),
    };
    format!(
        "{} users have now the {what} that stands {stands}, first in row {first}. One column was probably sorted or moved \
         without the others. Compare the file with its source before starting.",
        shift.items.len()
    )
}

/// What the mirror says against rows of files that belong to no template, and how old the mirror is.
///
/// # Errors
/// `Conflict` when the organisation was never copied.
pub async fn check_against_mirror(
    db: &Db,
    organisation: &str,
    assignments: Vec<Assignment>,
) -> Result<(Vec<Issue>, String)> {
    let snapshot = mirror::snapshot(db, organisation).await?.ok_or_else(|| {
        Error::conflict(
            "Nothing of this organisation has been copied yet. Sync it first, then check against it.",
        )
    })?;
    tokio::task::spawn_blocking(move || {
        let issues = issues(&Scope::default(), &assignments, &snapshot);
        (issues, snapshot.as_of)
    })
    .await
    .map_err(|_| Error::Ended {
        what: "Checking against the mirror",
    })
}
