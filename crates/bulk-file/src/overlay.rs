//! What lies over the cells of an edited row.

use std::borrow::Cow;

use crate::{
    check::Cells,
    scan::{self, Form, RawCell},
};

/// The cells of an edited row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowEdit {
    pub cells: Vec<EditedCell>,
    /// Offset of the row's line end in the file's text.
    pub end: u32,
}

/// A cell of an edited row: what the file has there, and what lies over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EditedCell {
    /// None for a cell added behind the last one.
    pub source: Option<RawCell>,
    /// None where the file's value stands.
    pub value: Option<String>,
}

impl EditedCell {
    pub(crate) fn was_quoted(&self) -> bool {
        self.source
            .is_some_and(|s| matches!(s.form, Form::Quoted | Form::Escaped))
    }
}

/// [`Cells`] of an edited row.
pub(crate) struct OverlayCells<'a> {
    pub text: &'a [u8],
    pub cells: &'a [EditedCell],
}

impl Cells for OverlayCells<'_> {
    fn count(&self) -> usize {
        self.cells.len()
    }

    fn value(&self, at: usize) -> Cow<'_, [u8]> {
        let cell = &self.cells[at];
        match (&cell.value, cell.source) {
            (Some(value), _) => Cow::Borrowed(value.as_bytes()),
            (None, Some(source)) => scan::value(self.text, source),
            (None, None) => Cow::Borrowed(&[]),
        }
    }

    fn escapes(&self, at: usize) -> bool {
        let cell = &self.cells[at];
        match (&cell.value, cell.source) {
            // Written in quotes, see `scan::write_cell`.
            (Some(_), _) => false,
            (None, Some(source)) => {
                source.form == Form::Bare
                    && self.text[source.start as usize..source.end as usize].ends_with(b"\\")
            }
            (None, None) => false,
        }
    }

    fn unclosed(&self, at: usize) -> bool {
        let cell = &self.cells[at];
        cell.value.is_none() && cell.source.is_some_and(|s| s.form == Form::Unclosed)
    }
}
