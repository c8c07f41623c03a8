//! Any bytes are answered, and a file that was not edited is saved as it was.

#![no_main]

use bulk_file::{Document, FileInput, Limits, RowFilter};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let document = Document::open(vec![FileInput::new("users.csv", bytes)], Limits::default());
    assert!(serde_json::to_vec(&document.report()).is_ok());
    assert_eq!(document.corrected(0), bytes);
    document.rows(&RowFilter::default(), 0, 100);
    document.groups();
    document.assignments();
});
