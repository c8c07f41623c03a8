//! Reading one row of a document as it is now: its cells, its values, its number.

use std::borrow::Cow;

use crate::{
    check::{self, Cells, FileCells, Finding, Keys, Spot},
    document::{Content, Document},
    header::Header,
    overlay::OverlayCells,
    rules::identity,
    scan,
    text::{str_of, trim},
};

impl Document {
    /// Position of the file that holds a row.
    pub(crate) fn file_of(&self, row: u32) -> usize {
        self.files.partition_point(|f| f.rows.end <= row)
    }

    /// Runs `with` on the cells of a row as they are now, with the header and delimiter of its file.
    pub(crate) fn with_row<T>(&self, row: u32, with: impl FnOnce(&Content, &dyn CellsDyn) -> T) -> Option<T> {
        let content = self.files.get(self.file_of(row))?.content.as_ref()?;
        let text = content.decoded.text.bytes();
        match self.edited.get(&row) {
            Some(edit) => Some(with(
                content,
                &OverlayCells {
                    text,
                    cells: &edit.cells,
                },
            )),
            None => {
                let mut cells = Vec::new();
                scan::record(
                    text,
                    *self.starts.get(row as usize)? as usize,
                    content.delimiter,
                    &mut cells,
                );
                Some(with(content, &FileCells { text, cells: &cells }))
            }
        }
    }

    /// Raw value of the column a spot stands for, cells cut apart by `\,` joined.
    pub(crate) fn value(&self, row: u32, spot: Spot) -> Option<String> {
        let column = spot.column()?;
        self.with_row(row, |content, cells| {
            let at = content.header.at(column)? as usize;
            let layout = cells.layout(content.header.width);
            let (first, taken) = layout.cells_of(at);
            if first >= cells.len() {
                return None;
            }
            let bytes = if taken == 1 {
                cells.get(first).into_owned()
            } else {
                cells.join(first, taken, content.delimiter, true)
            };
            Some(str_of(&bytes).to_owned())
        })?
    }

    /// Where the user of a row stands: the filled one of the two columns.
    pub(crate) fn identity_spot(&self, row: u32) -> Spot {
        let filled = |spot| self.value(row, spot).is_some_and(|v| !trim(&v).is_empty());
        let header = self
            .files
            .get(self.file_of(row))
            .and_then(|f| f.content.as_ref())
            .map(|c| &c.header);
        match header {
            Some(header) if header.name.is_some() && (header.uuid.is_none() || filled(Spot::Name)) => {
                Spot::Name
            }
            _ => Spot::Uuid,
        }
    }

    /// A row's user in the form in which users are compared.
    pub(crate) fn user_key(&self, row: u32) -> String {
        let value = self.value(row, self.identity_spot(row)).unwrap_or_default();
        match identity::user(trim(&value)) {
            identity::User::Uuid(uuid) => uuid.to_string(),
            identity::User::Name(name) => identity::fold(name),
        }
    }

    /// Number of a row within its file, from 1, rows that were emptied left out.
    pub(crate) fn row_number(&self, row: u32) -> u32 {
        let first = self.files[self.file_of(row)].rows.start;
        row - first + 1 - self.emptied_between(first, row)
    }

    pub(crate) fn emptied_between(&self, from: u32, to: u32) -> u32 {
        let before = |row| self.emptied.partition_point(|e| *e < row);
        (before(to) - before(from)) as u32
    }

    /// Position of a data row in the document; none where the file or the row does not exist.
    pub(crate) fn position(&self, file: u32, row: u32) -> Option<u32> {
        let rows = self.files.get(file as usize)?.rows.clone();
        let mut at = rows.start.checked_add(row.checked_sub(1)?)?;
        for gone in &self.emptied {
            if rows.contains(gone) && *gone <= at {
                at += 1;
            }
        }
        (at < rows.end).then_some(at)
    }

    /// Checks a row as it is now; none where it is blank.
    pub(crate) fn check_row(
        &self,
        row: u32,
        cells: &OverlayCells<'_>,
        header: &Header,
    ) -> (Keys, Vec<Finding>, bool) {
        let mut findings = Vec::new();
        if check::is_blank(cells) {
            return (Keys::default(), findings, true);
        }
        let keys = check::check(header, cells, row, &mut findings);
        (keys, findings, false)
    }
}

/// [`Cells`] behind a pointer, for the places where speed does not matter.
pub(crate) trait CellsDyn {
    fn len(&self) -> usize;
    fn get(&self, at: usize) -> Cow<'_, [u8]>;
    fn layout(&self, width: Option<u32>) -> check::Layout;
    fn join(&self, first: usize, count: usize, delimiter: u8, keep: bool) -> Vec<u8>;
    fn is_unclosed(&self, at: usize) -> bool;
}

impl<C: Cells> CellsDyn for C {
    fn len(&self) -> usize {
        self.count()
    }

    fn get(&self, at: usize) -> Cow<'_, [u8]> {
        self.value(at)
    }

    fn layout(&self, width: Option<u32>) -> check::Layout {
        check::Layout::of(self, width)
    }

    fn join(&self, first: usize, count: usize, delimiter: u8, keep: bool) -> Vec<u8> {
        check::joined(self, first, count, delimiter, keep)
    }

    fn is_unclosed(&self, at: usize) -> bool {
        self.unclosed(at)
    }
}
