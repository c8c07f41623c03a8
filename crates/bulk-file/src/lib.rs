//! The bulk file: bytes to rows, rows to findings, findings to fixes, fixes to corrected bytes.
//!
//! Pure: no database, no network, no clock, no file system. The rules are those of the specification ("Rules for a
//! bulk file"); each is one [`Code`]. [`Document`] holds the files of one template, from [`Document::open`] over
//! editing to [`Document::corrected`] and [`Document::assignments`].
//!
//! What holds everywhere:
//! * Opening never fails and never panics; whatever is wrong is an [`Issue`].
//! * Nothing is silently repaired: a value that is read otherwise than it stands has a finding that says so.
//! * One code a value, the most specific first; `value_trimmed` may stand beside it. A warning never hides an error:
//!   a formatted number with too few digits is `number_length`.
//! * Cells that were not edited keep their bytes.
//!
//! Where the specification leaves room:
//! * In a row with too many cells only the first column is judged, since the others may be out of place; in a row
//!   that is too short the missing cells are `row_length`, not blank.
//! * A row that fills both identity columns is `identity_mixed`. On a tie of names and UUIDs the column that comes
//!   first in the header wins.
//! * A UUID in the name column counts as a UUID: alone it is mixed, and a file of nothing else is a file of UUIDs.
//! * `number_plus_lost` and `ext_key_lookalike` compare the files of a template; `identity_mixed` looks at each file.
//! * A `(0)` behind a + is the trunk prefix and is left out when a formatted number is read.
//! * A name that runs over lines, one of which begins like a row, is `unclosed_quote`: two quotes of different rows
//!   were taken for a pair.
//! * A + is restored only where another number of the same country and length has one.

mod assignment;
mod check;
mod code;
mod corrected;
mod cross;
mod decode;
mod document;
mod edit;
mod file_issue;
mod header;
mod input;
mod issue;
mod message;
mod outside;
mod overlay;
mod report;
mod row;
mod rules;
mod sample;
mod scan;
mod text;
mod titles;
mod view;
mod worded;
pub mod write;

pub use assignment::{Assignment, Identity};
pub use code::{Code, Severity};
pub use decode::Encoding;
pub use document::Document;
pub use edit::{CellEdit, CellRef, Change, EditGroup};
pub use input::{FileInput, Limits};
pub use issue::{Column, Fix, IdentityKind, Issue, RowPlace};
pub use report::{FileReport, Report};
pub use sample::sample;
pub use text::{Segment, SegmentKind, segments};
pub use titles::fix_label;
pub use view::{CellView, Example, IssueGroup, IssueRef, RowFilter, RowView, RowWindow, Show};
