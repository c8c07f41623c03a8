//! One row: which cell belongs to which column, the verdict on each, and the keys for comparing rows.

use std::borrow::Cow;

use crate::{
    code::Code,
    header::Header,
    issue::Column,
    rules::{Verdict, ext_key, identity, number},
    scan::{self, Form, RawCell},
    text::trim_bytes,
};

/// The part of a row a finding is about. The order is that of findings in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Spot {
    Row,
    ExtKey,
    Name,
    Uuid,
    Number,
}

impl Spot {
    pub(crate) fn column(self) -> Option<Column> {
        match self {
            Spot::Row => None,
            Spot::ExtKey => Some(Column::ExtKey),
            Spot::Name => Some(Column::Name),
            Spot::Uuid => Some(Column::Uuid),
            Spot::Number => Some(Column::Number),
        }
    }

    pub(crate) fn of(column: Column) -> Self {
        match column {
            Column::ExtKey => Spot::ExtKey,
            Column::Name => Spot::Name,
            Column::Uuid => Spot::Uuid,
            Column::Number => Spot::Number,
            Column::Other(_) => Spot::Row,
        }
    }
}

/// A finding that concerns one row alone. `row` counts over all files of the document, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub row: u32,
    pub spot: Spot,
    pub code: Code,
}

/// What rows are compared by; 0 where the value is blank or not right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keys {
    pub ext: u32,
    pub identity: u64,
    pub number: u64,
}

/// The cells of a row, from the file or edited.
pub(crate) trait Cells {
    fn count(&self) -> usize;
    fn value(&self, at: usize) -> Cow<'_, [u8]>;
    /// Unquoted and ending in a backslash.
    fn escapes(&self, at: usize) -> bool;
    fn unclosed(&self, at: usize) -> bool;
}

/// Cells as the file has them.
pub(crate) struct FileCells<'a> {
    pub text: &'a [u8],
    pub cells: &'a [RawCell],
}

impl Cells for FileCells<'_> {
    #[inline]
    fn count(&self) -> usize {
        self.cells.len()
    }

    #[inline]
    fn value(&self, at: usize) -> Cow<'_, [u8]> {
        scan::value(self.text, self.cells[at])
    }

    fn escapes(&self, at: usize) -> bool {
        let cell = self.cells[at];
        cell.form == Form::Bare && cell.end > cell.start && self.text[cell.end as usize - 1] == b'\\'
    }

    #[inline]
    fn unclosed(&self, at: usize) -> bool {
        self.cells[at].form == Form::Unclosed
    }
}

/// Which cells make one value: those that Control Hub's `\,` cut apart belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Cells that end in a backslash and are continued by the next one, ascending.
    pub joins: Vec<u32>,
    /// Whether the row fits its header once they are joined.
    pub certain: bool,
}

impl Layout {
    pub(crate) fn of(cells: &impl Cells, width: Option<u32>) -> Self {
        let count = cells.count();
        let Some(extra) = width
            .and_then(|w| count.checked_sub(w as usize))
            .filter(|e| *e > 0)
        else {
            return Self {
                joins: Vec::new(),
                certain: true,
            };
        };
        let joins: Vec<u32> = (0..count - 1)
            .filter(|at| cells.escapes(*at))
            .map(|at| at as u32)
            .collect();
        let certain = joins.len() <= extra;
        Self { joins, certain }
    }

    /// First cell and number of cells of the value in column `at`.
    pub(crate) fn cells_of(&self, at: usize) -> (usize, usize) {
        if self.joins.is_empty() || !self.certain {
            return (at, 1);
        }
        let mut cell = at;
        for join in &self.joins {
            if *join as usize >= cell {
                break;
            }
            cell += 1;
        }
        let joined = |cell: usize| u32::try_from(cell).is_ok_and(|c| self.joins.binary_search(&c).is_ok());
        let mut taken = 1;
        while joined(cell + taken - 1) {
            taken += 1;
        }
        (cell, taken)
    }

    /// Column that cell `cell` belongs to.
    pub(crate) fn column_of(&self, cell: usize) -> usize {
        if !self.certain {
            return cell;
        }
        cell - self.joins.partition_point(|j| (*j as usize) < cell)
    }
}

/// The value that joined cells mean: `Doe\` and ` Jane` are `Doe, Jane`.
pub(crate) fn joined(cells: &impl Cells, first: usize, count: usize, delimiter: u8, keep: bool) -> Vec<u8> {
    let mut out = cells.value(first).into_owned();
    for at in first + 1..first + count {
        if !keep {
            out.pop();
        }
        out.push(delimiter);
        out.extend_from_slice(&cells.value(at));
    }
    out
}

/// Whether all cells are empty after trimming; such a row is skipped.
pub(crate) fn is_blank(cells: &impl Cells) -> bool {
    (0..cells.count()).all(|at| !cells.unclosed(at) && trim_bytes(&cells.value(at)).is_empty())
}

/// Checks one row that is not blank; findings are appended in the order of [`Spot`].
pub(crate) fn check(header: &Header, cells: &impl Cells, row: u32, out: &mut Vec<Finding>) -> Keys {
    let from = out.len();
    let mut judge = Judge {
        header,
        cells,
        layout: Layout::of(cells, header.width),
        row,
        out,
        short: false,
    };
    let keys = judge.row();
    if judge.short {
        judge.find(Spot::Row, Code::RowLength);
    }
    if out.len() - from > 1 {
        out[from..].sort_unstable();
    }
    keys
}

struct Judge<'a, C: Cells> {
    header: &'a Header,
    cells: &'a C,
    layout: Layout,
    row: u32,
    out: &'a mut Vec<Finding>,
    /// A cell that may not be empty is missing at the end.
    short: bool,
}

/// A value of a row, before its rule has looked at it.
enum Cell<'a> {
    /// The column is not in the header, or the row is too long to tell.
    Absent,
    /// The row ends before it.
    Missing,
    /// Already has its finding.
    Judged,
    Value(Cow<'a, [u8]>),
}

impl<'a, C: Cells> Judge<'a, C> {
    fn find(&mut self, spot: Spot, code: Code) {
        self.out.push(Finding {
            row: self.row,
            spot,
            code,
        });
    }

    fn row(&mut self) -> Keys {
        let count = self.cells.count();
        let mut told = [false; Spot::Number as usize + 1];
        for at in 0..count {
            if self.cells.unclosed(at) {
                let spot = Spot::of(self.header.column(self.layout.column_of(at) as u32));
                if !std::mem::replace(&mut told[spot as usize], true) {
                    self.find(spot, Code::UnclosedQuote);
                }
            }
        }
        let mut aligned = u32::MAX;
        if !self.layout.joins.is_empty() {
            self.backslashes();
        }
        if let Some(width) = self.header.width {
            let (from, _) = self.layout.cells_of(width as usize);
            let surplus = (from..count).any(|at| !trim_bytes(&self.cells.value(at)).is_empty());
            if surplus || !self.layout.certain {
                // Which cell is the one too many is unknown: only the first column is sure to be in its place.
                aligned = 1;
            }
            if surplus && self.layout.certain {
                self.find(Spot::Row, Code::RowLength);
            }
        }
        let ext = self.ext_key(aligned);
        let identity = self.identity(aligned);
        let number = self.number(aligned);
        Keys {
            ext,
            identity,
            number,
        }
    }

    fn backslashes(&mut self) {
        if !self.layout.certain {
            self.find(Spot::Row, Code::BackslashComma);
            return;
        }
        // One finding a column, and one for all columns that no rule knows.
        let mut told = [false; Spot::Number as usize + 1];
        for at in 0..self.layout.joins.len() {
            let column = self.layout.column_of(self.layout.joins[at] as usize);
            let spot = Spot::of(self.header.column(column as u32));
            if !std::mem::replace(&mut told[spot as usize], true) {
                self.find(spot, Code::BackslashComma);
            }
        }
    }

    #[inline]
    fn cell(&self, at: Option<u32>, aligned: u32) -> Cell<'a> {
        let Some(at) = at.filter(|at| *at < aligned) else {
            return Cell::Absent;
        };
        let (first, taken) = self.layout.cells_of(at as usize);
        if first >= self.cells.count() {
            Cell::Missing
        } else if taken > 1 || self.cells.unclosed(first) {
            Cell::Judged
        } else {
            Cell::Value(self.cells.value(first))
        }
    }

    #[inline]
    fn trimmed<'v>(&mut self, spot: Spot, value: &'v [u8]) -> &'v [u8] {
        let trimmed = trim_bytes(value);
        if trimmed.len() != value.len() {
            self.find(spot, Code::ValueTrimmed);
        }
        trimmed
    }

    #[inline]
    fn settle<K>(&mut self, spot: Spot, verdict: Verdict<K>) -> K {
        if let Some(code) = verdict.code {
            self.find(spot, code);
        }
        verdict.key
    }

    fn ext_key(&mut self, aligned: u32) -> u32 {
        match self.cell(self.header.ext_key, aligned) {
            Cell::Value(value) => {
                let trimmed = self.trimmed(Spot::ExtKey, &value);
                self.settle(Spot::ExtKey, ext_key::check(trimmed))
            }
            Cell::Missing => {
                self.short = true;
                0
            }
            Cell::Absent | Cell::Judged => 0,
        }
    }

    fn identity(&mut self, aligned: u32) -> u64 {
        let name = self.cell(self.header.name, aligned);
        let uuid = self.cell(self.header.uuid, aligned);
        let name = self.filled(Spot::Name, name);
        let uuid = self.filled(Spot::Uuid, uuid);
        match (name, uuid) {
            (Filled::Value(name), Filled::No) if takes_in_a_row(&name, self.header.delimiter) => {
                self.find(Spot::Name, Code::UnclosedQuote);
                0
            }
            (Filled::Value(name), Filled::No) => {
                let verdict = identity::check_name(trim_bytes(&name));
                self.settle(Spot::Name, verdict)
            }
            (Filled::No, Filled::Value(uuid)) => {
                let verdict = identity::check_uuid(trim_bytes(&uuid));
                self.settle(Spot::Uuid, verdict)
            }
            (Filled::No, Filled::No) => {
                let spot = self.blank_identity(aligned);
                if let Some(spot) = spot {
                    self.find(spot, Code::IdentityBlank);
                }
                0
            }
            (Filled::Value(_), Filled::Value(_)) => {
                self.find(Spot::Name, Code::IdentityMixed);
                0
            }
            _ => 0,
        }
    }

    /// The identity cell to mark as blank; none where the row has no such cell at all.
    fn blank_identity(&mut self, aligned: u32) -> Option<Spot> {
        let (mut blank, mut missing) = (None, false);
        for (spot, at) in [(Spot::Name, self.header.name), (Spot::Uuid, self.header.uuid)] {
            match self.cell(at, aligned) {
                Cell::Value(_) => blank = blank.or(Some(spot)),
                Cell::Missing => missing = true,
                Cell::Absent | Cell::Judged => {}
            }
        }
        self.short |= missing && blank.is_none();
        blank
    }

    fn filled(&mut self, spot: Spot, cell: Cell<'a>) -> Filled<'a> {
        match cell {
            Cell::Absent | Cell::Missing => Filled::No,
            Cell::Judged => Filled::Judged,
            Cell::Value(value) => {
                if self.trimmed(spot, &value).is_empty() {
                    Filled::No
                } else {
                    Filled::Value(value)
                }
            }
        }
    }

    fn number(&mut self, aligned: u32) -> u64 {
        match self.cell(self.header.number, aligned) {
            Cell::Value(value) => {
                let trimmed = self.trimmed(Spot::Number, &value);
                self.settle(Spot::Number, number::check(trimmed))
            }
            Cell::Missing | Cell::Absent | Cell::Judged => 0,
        }
    }
}

/// Whether a name goes on for lines and one of them begins like a row: 3 to 5 digits and a delimiter. Then two quotes
/// of different rows were taken for a pair, and the rows between them would go unseen.
fn takes_in_a_row(name: &[u8], delimiter: u8) -> bool {
    let mut breaks = name
        .iter()
        .enumerate()
        .filter(|(_, b)| matches!(**b, b'\n' | b'\r'));
    breaks.any(|(at, _)| {
        let line = &name[at + 1..];
        let digits = line.iter().take_while(|b| b.is_ascii_digit()).count();
        (3..=5).contains(&digits) && line.get(digits) == Some(&delimiter)
    })
}

enum Filled<'a> {
    No,
    Judged,
    Value(Cow<'a, [u8]>),
}
