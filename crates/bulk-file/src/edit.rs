//! Editing: cells get other values, rows are checked again one by one, the comparison of rows is repeated from their
//! keys. The text of the file never changes; what was edited lies over it.
//!
//! A file keeps the reading it was opened with (encoding, delimiter, header or none). A row whose cells were all
//! emptied is no data row any more, and the rows below it move up, just as if the corrected file were opened.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    check::{Cells, Finding, Keys, Spot},
    code::Code,
    document::Document,
    issue::{Column, Issue},
    overlay::{EditedCell, OverlayCells, RowEdit},
    row::CellsDyn,
    scan::{self, Form, RawCell},
};

/// A cell of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CellRef {
    /// Index of the file.
    pub file: u32,
    /// Data row from 1.
    pub row: u32,
    /// Column.
    pub column: Column,
}

/// A cell and its new value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellEdit {
    /// The cell, with the row's number at the time of the edit.
    #[serde(flatten)]
    pub cell: CellRef,
    /// What it holds now.
    pub value: String,
}

/// Edits that were made, and are undone, together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditGroup {
    /// The rule whose fix it was; none for a value that was typed.
    pub fixed: Option<Code>,
    /// The cells.
    pub cells: Vec<CellEdit>,
}

/// What a change did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Version of the document after it.
    pub version: u64,
    /// Cells that hold another value now.
    pub cells: u32,
    /// Edits that name no cell of this document, or whose value holds NUL, which no text file may; nothing was done
    /// for them.
    pub refused: u32,
    /// Findings after it.
    pub errors: u32,
    /// Findings after it.
    pub warnings: u32,
}

/// Rows before and after one group of edits.
#[derive(Clone, Debug)]
struct Step {
    group: EditGroup,
    before: Vec<(u32, Option<RowEdit>)>,
    after: Vec<(u32, Option<RowEdit>)>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    /// Groups that hold, oldest first; `steps` has the same length.
    groups: Vec<EditGroup>,
    steps: Vec<Step>,
    undone: Vec<Step>,
}

impl Document {
    /// Gives a cell another value and checks what that touches.
    pub fn edit(&mut self, cell: CellRef, value: &str) -> Change {
        self.apply(EditGroup {
            fixed: None,
            cells: vec![CellEdit {
                cell,
                value: value.to_owned(),
            }],
        })
    }

    /// What the rules would say about the cell if it held `value`; nothing is changed.
    pub fn try_value(&self, cell: CellRef, value: &str) -> Vec<Issue> {
        let Some(row) = self.position(cell.file, cell.row) else {
            return Vec::new();
        };
        let mut trial = Self {
            history: History::default(),
            ..self.clone()
        };
        trial.edit(cell, value);
        trial
            .cell_entries(row, Spot::of(cell.column))
            .map(|e| trial.issue(e))
            .collect()
    }

    /// Applies the certain fix of a cell: that of its rule, else that of its white space.
    pub fn fix(&mut self, cell: CellRef) -> Option<Change> {
        let row = self.position(cell.file, cell.row)?;
        let spot = Spot::of(cell.column);
        let fixes: Vec<(Code, CellEdit)> = self
            .entries_at(row)
            .iter()
            .filter(|e| e.finding.spot == spot || e.finding.spot == Spot::Row)
            .filter_map(|e| Some((e.finding.code, self.fix_of(e.finding)?)))
            .collect();
        let (code, edit) = fixes
            .iter()
            .find(|(code, _)| *code != Code::ValueTrimmed)
            .or(fixes.first())
            .cloned()?;
        Some(self.apply(EditGroup {
            fixed: Some(code),
            cells: vec![edit],
        }))
    }

    /// Applies every certain fix of a rule, as one group.
    pub fn fix_all(&mut self, code: Code) -> Change {
        // Very seldom what is put right shows where the other values of its row stand, and these what is wrong with them:
        // that is a group of its own, for its rows are counted anew.
        const ROUNDS: usize = 8;
        let mut change = self.change(0, 0);
        for _ in 0..ROUNDS {
            let cells: Vec<CellEdit> = self
                .index
                .iter()
                .filter(|e| e.finding.code == code)
                .filter_map(|e| self.fix_of(e.finding))
                .collect();
            if cells.is_empty() {
                break;
            }
            let round = self.apply(EditGroup {
                fixed: Some(code),
                cells,
            });
            change = Change {
                cells: change.cells + round.cells,
                refused: change.refused + round.refused,
                ..round
            };
            if round.cells == 0 {
                break;
            }
        }
        change
    }

    fn fix_of(&self, finding: Finding) -> Option<CellEdit> {
        let issue = self.issue(crate::cross::Entry::alone(finding));
        let column = self.subject(crate::cross::Entry::alone(finding)).0?;
        let cell = CellRef {
            file: issue.file?,
            row: issue.row?,
            column,
        };
        Some(CellEdit {
            cell,
            value: issue.fix?.value,
        })
    }

    /// Takes back the last group of edits.
    pub fn undo(&mut self) -> Option<Change> {
        let step = self.history.steps.pop()?;
        self.history.groups.pop();
        let cells = step.group.cells.len() as u32;
        self.install(step.before.clone());
        self.history.undone.push(step);
        Some(self.change(cells, 0))
    }

    /// Makes the last group again that was taken back.
    pub fn redo(&mut self) -> Option<Change> {
        let step = self.history.undone.pop()?;
        let cells = step.group.cells.len() as u32;
        self.install(step.after.clone());
        self.history.groups.push(step.group.clone());
        self.history.steps.push(step);
        Some(self.change(cells, 0))
    }

    /// The edits that hold, oldest first. Stored and given to [`Document::replay`], they bring a newly opened document
    /// to the same state.
    pub fn edits(&self) -> &[EditGroup] {
        &self.history.groups
    }

    /// What [`Document::redo`] would make again.
    pub fn undone(&self) -> Option<&EditGroup> {
        self.history.undone.last().map(|step| &step.group)
    }

    /// Makes stored edits on a newly opened document.
    pub fn replay(&mut self, groups: &[EditGroup]) -> Change {
        let (mut cells, mut refused) = (0, 0);
        for group in groups {
            let change = self.apply(group.clone());
            cells += change.cells;
            refused += change.refused;
        }
        self.change(cells, refused)
    }

    fn change(&self, cells: u32, refused: u32) -> Change {
        Change {
            version: self.version,
            cells,
            refused,
            errors: self.errors(),
            warnings: self.warnings(),
        }
    }

    fn apply(&mut self, group: EditGroup) -> Change {
        let mut rows: BTreeMap<u32, RowEdit> = BTreeMap::new();
        let (mut cells, mut refused) = (0, 0);
        for edit in &group.cells {
            match self.overlay(edit, &mut rows) {
                Some(true) => cells += 1,
                Some(false) => {}
                None => refused += 1,
            }
        }
        if cells == 0 {
            return self.change(0, refused);
        }
        let after: Vec<(u32, Option<RowEdit>)> = rows
            .into_iter()
            .map(|(row, edit)| {
                let untouched = edit.cells.iter().all(|c| c.value.is_none() && c.source.is_some());
                (row, (!untouched).then_some(edit))
            })
            .collect();
        let before = after
            .iter()
            .map(|(row, _)| (*row, self.edited.get(row).cloned()))
            .collect();
        self.install(after.clone());
        self.history.undone.clear();
        self.history.groups.push(group.clone());
        self.history.steps.push(Step { group, before, after });
        self.change(cells, refused)
    }

    /// Lays one edit over its row; says whether the value is another one, none where it is refused.
    fn overlay(&self, edit: &CellEdit, rows: &mut BTreeMap<u32, RowEdit>) -> Option<bool> {
        if edit.value.contains('\0') {
            return None;
        }
        let row = self.position(edit.cell.file, edit.cell.row)?;
        let content = self.files.get(edit.cell.file as usize)?.content.as_ref()?;
        let text = content.decoded.text.bytes();
        let at = content.header.at(edit.cell.column)? as usize;
        let current = match rows.remove(&row) {
            Some(edited) => edited,
            None => self.row_edit(row)?,
        };
        let width = content.header.width;
        let overlay = OverlayCells {
            text,
            cells: &current.cells,
        };
        let layout = overlay.layout(width);
        let (first, taken) = layout.cells_of(at);
        let mut next = current.clone();
        let known = at < width.unwrap_or_default() as usize || first < current.cells.len();
        let held = (first < current.cells.len()).then(|| match taken {
            1 => overlay.value(first).into_owned(),
            _ => overlay.join(first, taken, content.delimiter, true),
        });
        let unclosed = first < current.cells.len() && overlay.unclosed(first);
        let same = held.as_deref().unwrap_or_default() == edit.value.as_bytes() && !(taken > 1 || unclosed);
        if !known || same {
            rows.insert(row, current);
            return known.then_some(false);
        }
        while next.cells.len() <= first {
            next.cells.push(EditedCell {
                source: None,
                value: None,
            });
        }
        if taken > 1 {
            let last = next.cells[first + taken - 1].source;
            if let (Some(source), Some(last)) = (next.cells[first].source, last) {
                let merged = RawCell {
                    start: source.start,
                    end: last.end,
                    form: Form::Bare,
                };
                next.cells[first].source = Some(merged);
            }
            next.cells.drain(first + 1..first + taken);
        }
        let cell = &mut next.cells[first];
        let original = cell.source.filter(|s| s.form != Form::Unclosed && taken == 1);
        let back = original.is_some_and(|s| *scan::value(text, s) == *edit.value.as_bytes());
        cell.value = (!back).then(|| edit.value.clone());
        rows.insert(row, next);
        Some(true)
    }

    /// The row as it is now, ready to be laid over.
    fn row_edit(&self, row: u32) -> Option<RowEdit> {
        if let Some(edit) = self.edited.get(&row) {
            return Some(edit.clone());
        }
        let content = self.files.get(self.file_of(row))?.content.as_ref()?;
        let mut cells = Vec::new();
        let start = *self.starts.get(row as usize)? as usize;
        let record = scan::record(content.decoded.text.bytes(), start, content.delimiter, &mut cells);
        let cells = cells
            .into_iter()
            .map(|c| EditedCell {
                source: Some(c),
                value: None,
            })
            .collect();
        Some(RowEdit {
            cells,
            end: record.end as u32,
        })
    }

    /// Puts rows into a state, checks them and compares all rows again.
    fn install(&mut self, rows: Vec<(u32, Option<RowEdit>)>) {
        let mut findings: Vec<Finding> = Vec::new();
        let mut shifts: Vec<(u32, i64)> = Vec::new();
        let changed: Vec<u32> = rows.iter().map(|(row, _)| *row).collect();
        let emptied = self.emptied.clone();
        for (row, edit) in rows {
            let lines = self.inner_lines(row);
            match edit {
                Some(edit) => self.edited.insert(row, edit),
                None => self.edited.remove(&row),
            };
            let shift = i64::from(self.inner_lines(row)) - i64::from(lines);
            if shift != 0 {
                shifts.push((row, shift));
            }
            let (keys, found, blank) = self.recheck(row);
            self.keys.set(row as usize, keys);
            findings.extend(found);
            match (self.emptied.binary_search(&row), blank) {
                (Err(at), true) => self.emptied.insert(at, row),
                (Ok(at), false) => {
                    self.emptied.remove(at);
                }
                _ => {}
            }
        }
        self.shift_lines(&shifts);
        self.local.retain(|f| changed.binary_search(&f.row).is_err());
        self.local.extend(findings);
        self.local.sort();
        self.compare();
        self.forget_outside(&changed, emptied != self.emptied);
        self.version += 1;
    }

    fn recheck(&self, row: u32) -> (Keys, Vec<Finding>, bool) {
        let nothing = (Keys::default(), Vec::new(), false);
        let Some(content) = self.files.get(self.file_of(row)).and_then(|f| f.content.as_ref()) else {
            return nothing;
        };
        let Some(edit) = self.row_edit(row) else {
            return nothing;
        };
        let overlay = OverlayCells {
            text: content.decoded.text.bytes(),
            cells: &edit.cells,
        };
        self.check_row(row, &overlay, &content.header)
    }

    /// Line breaks inside the cells of a row.
    fn inner_lines(&self, row: u32) -> u32 {
        self.with_row(row, |_, cells| {
            (0..cells.len())
                .filter(|at| !cells.is_unclosed(*at))
                .map(|at| scan::line_breaks(&cells.get(at)))
                .sum()
        })
        .unwrap_or_default()
    }

    fn shift_lines(&mut self, shifts: &[(u32, i64)]) {
        let Some((first, _)) = shifts.first().copied() else {
            return;
        };
        let mut next = shifts.iter().peekable();
        let mut total = 0;
        let mut file = self.file_of(first);
        for row in first..self.lines.len() as u32 {
            if row >= self.files[file].rows.end {
                file = self.file_of(row);
                total = 0;
            }
            let line = i64::from(self.lines[row as usize]) + total;
            self.lines[row as usize] = u32::try_from(line).unwrap_or(u32::MAX);
            while let Some((_, shift)) = next.next_if(|(at, _)| *at == row) {
                total += shift;
            }
        }
    }
}
