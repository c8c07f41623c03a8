//! Editing says what opening the corrected file says. Input: a value, a line feed, the rows of a file.

#![no_main]

use bulk_file::{CellRef, Code, Column, Document, FileInput, Issue, Limits};
use libfuzzer_sys::fuzz_target;

fn open(bytes: &[u8]) -> Document {
    Document::open(vec![FileInput::new("users.csv", bytes)], Limits::default())
}

fuzz_target!(|input: (u8, u8, String, String)| {
    let (row, column, value, rows) = input;
    let mut document = open(format!("Ext Key,User's Name,Number\n{rows}").as_bytes());
    if document.issues().any(|i| matches!(i.code, Code::UnclosedQuote | Code::NotText)) || value.contains('\0') {
        return;
    }
    let column = [Column::ExtKey, Column::Name, Column::Number, Column::Other(3)][usize::from(column % 4)];
    document.edit(CellRef { file: 0, row: u32::from(row), column }, &value);
    let again = open(&document.corrected(0));
    assert_eq!(document.issues().collect::<Vec<Issue>>(), again.issues().collect::<Vec<Issue>>());
    while document.undo().is_some() {}
    assert_eq!(document.corrected(0), format!("Ext Key,User's Name,Number\n{rows}").as_bytes());
});
