//! Checks one file and prints its counts, or with `--json` its whole report. Used for measuring against
//! `iterate` and for looking at a file without the application.
//!
//! `check FILE [--json] [--unlimited]`

#![allow(clippy::print_stdout)]

use std::{error::Error, io::Read, sync::Arc};

use bulk_file::{Document, FileInput, Limits};

fn main() -> Result<(), Box<dyn Error>> {
    let mut path = None;
    let (mut json, mut limits) = (false, Limits::default());
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--json" => json = true,
            "--unlimited" => limits = Limits::none(),
            _ => path = Some(argument),
        }
    }
    let path = path.ok_or("which file?")?;
    let document = Document::open(vec![FileInput::new(path.clone(), read(&path)?)], limits);
    if json {
        println!("{}", serde_json::to_string_pretty(&document.report())?);
    } else {
        println!(
            "{} rows, {} errors, {} warnings",
            document.row_count(),
            document.errors(),
            document.warnings()
        );
    }
    Ok(())
}

/// The file's bytes without a second copy of them.
fn read(path: &str) -> Result<Arc<[u8]>, Box<dyn Error>> {
    let mut file = std::fs::File::open(path)?;
    let size = usize::try_from(file.metadata()?.len())?;
    let mut bytes: Arc<[u8]> = std::iter::repeat_n(0, size).collect();
    let buffer = Arc::get_mut(&mut bytes).ok_or("shared")?;
    file.read_exact(buffer)?;
    Ok(bytes)
}
