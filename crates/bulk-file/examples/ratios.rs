//! Measures the crate against its yardsticks in one run and prints ratios; nothing is asserted, since times are the
//! machine's. `ratios` builds its files in memory: clean, wrong in three ways, and a document that is edited.

#![allow(clippy::print_stdout)]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use bulk_file::{CellRef, Code, Column, Document, FileInput, Limits};

const ROWS: u32 = 15_000;
const ROUNDS: u32 = 15;

fn main() {
    let clean = file(|n| format!("{},Grace Okafor {n},+4416{}\r\n", 10_000 + n, 10_000_000 + n));
    let wrong = file(|n| format!("1{}, Grace Okafor {n} ,44 16-{n}x\r\n", n % 10));
    let iterate = best(|| iterate(&clean));
    let opened = best(|| drop(black_box(open(&clean))));
    let opened_wrong = best(|| drop(black_box(open(&wrong))));
    let worded = open(&wrong);
    let json = best(|| drop(black_box(serde_json::to_vec(&worded.report()))));
    println!("csv crate, one record reused   1.00   {iterate:?}");
    line("open, clean", opened, iterate);
    line("open, wrong in three ways", opened_wrong, iterate);
    line("its report as JSON", json, iterate);

    for (name, bytes) in [("clean", &clean), ("wrong", &wrong)] {
        let mut document = open(bytes);
        let mut row = 0;
        let edit = best(|| {
            row = row % ROWS + 1;
            let cell = CellRef {
                file: 0,
                row,
                column: Column::ExtKey,
            };
            black_box(document.edit(cell, "777"));
        });
        line(&format!("edit a cell, {name}"), edit, iterate);
        let cell = CellRef {
            file: 0,
            row: 7,
            column: Column::Number,
        };
        let tried = best(|| drop(black_box(document.try_value(cell, "+6512345678"))));
        line(&format!("try a value, {name}"), tried, iterate);
        let listed = best(|| drop(black_box(document.groups())));
        line(&format!("problems by rule, {name}"), listed, iterate);
    }
    let mut document = open(&wrong);
    let start = Instant::now();
    document.fix_all(Code::ValueTrimmed);
    line("fix 15,000 cells", start.elapsed(), iterate);
    let start = Instant::now();
    document.undo();
    line("undo that", start.elapsed(), iterate);
}

fn line(what: &str, time: Duration, yardstick: Duration) {
    println!(
        "{what:<30} {:>5.2}   {time:?}",
        time.as_secs_f64() / yardstick.as_secs_f64()
    );
}

fn file(row: impl Fn(u32) -> String) -> Vec<u8> {
    let rows: String = (0..ROWS).map(row).collect();
    format!("Ext Key,User's Name,Number\r\n{rows}").into_bytes()
}

fn open(bytes: &[u8]) -> Document {
    Document::open(vec![FileInput::new("users.csv", bytes)], Limits::default())
}

fn iterate(bytes: &[u8]) {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        black_box(&record);
    }
}

/// Shortest of several rounds: what the work takes when nothing else runs.
fn best(mut work: impl FnMut()) -> Duration {
    let round = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..ROUNDS).map(round).min().unwrap_or_default()
}
