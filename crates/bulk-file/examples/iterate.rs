//! The yardstick for `check`: the same bytes read by the `csv` crate into one reused record, and nothing else.
//!
//! `iterate FILE`; compare e.g. `valgrind --tool=callgrind target/release/examples/{iterate,check} FILE`.

#![allow(clippy::print_stdout)]

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("which file?")?;
    let bytes = std::fs::read(path)?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(bytes.as_slice());
    let mut record = csv::ByteRecord::new();
    let (mut rows, mut cells) = (0u64, 0u64);
    while reader.read_byte_record(&mut record)? {
        rows += 1;
        cells += record.len() as u64;
    }
    println!("{rows} rows, {cells} cells");
    Ok(())
}
