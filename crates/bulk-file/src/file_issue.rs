//! Findings about a file as a whole: size, text, encoding, header, number of rows.

use crate::{
    code::Code,
    decode::{Decoded, Encoding, NotText},
    header::{Header, Opening, Problem},
    issue::{Column, Issue},
    message::count,
    text::visible,
};

/// Most headings that one sentence lists.
const LISTED: usize = 12;

fn of(file: u32, code: Code, message: String) -> Issue {
    Issue {
        file: Some(file),
        ..Issue::new(code, message)
    }
}

/// The file's name without its folders.
fn file_name(name: &str) -> String {
    visible(name.rsplit(['/', '\\']).next().unwrap_or(name))
}

/// Digits in groups of three.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

pub(crate) fn too_large(file: u32, name: &str, size: u64, limit: u64) -> Issue {
    let message = format!(
        "{} has {} bytes; a file may have {}. It was not read. Split it into smaller files.",
        file_name(name),
        grouped(size),
        grouped(limit)
    );
    of(file, Code::FileTooLarge, message)
}

pub(crate) fn not_text(file: u32, name: &str, reason: NotText) -> Issue {
    let message = format!("{} is no text file. {}", file_name(name), reason.message);
    Issue {
        cause: reason.cause.map(str::to_owned),
        ..of(file, Code::NotText, message)
    }
}

pub(crate) fn empty(file: u32, name: &str) -> Issue {
    let message = format!("{} has no data row. Add one row for each user.", file_name(name));
    of(file, Code::EmptyFile, message)
}

pub(crate) fn too_many_rows(file: u32, rows: u32, limit: u32, files: usize) -> Issue {
    let holder = if files == 1 {
        "The file has".to_owned()
    } else {
        format!("The {files} files have")
    };
    let message = format!(
        "{holder} {} rows; a template takes {}. Move the rest into another template.",
        grouped(u64::from(rows)),
        grouped(u64::from(limit))
    );
    of(file, Code::TooManyRows, message)
}

/// Findings on encoding and header.
pub(crate) fn of_content(
    file: u32,
    name: &str,
    decoded: &Decoded,
    opening: &Opening,
    has_rows: bool,
) -> Vec<Issue> {
    let mut out = Vec::new();
    if let (Encoding::Windows1252, Some(at)) = (decoded.encoding, decoded.broken_at) {
        let message = format!(
            "{} is UTF-8 for the most part, but byte {at} is not, so it was read as Windows-1252 and its accents are wrong. Correct that place, or save the file as UTF-8 again.",
            file_name(name)
        );
        out.push(Issue {
            cause: Some(
                "parts of two files in different encodings joined, or a character cut in half".to_owned(),
            ),
            ..of(file, Code::EncodingGuessed, message)
        });
    } else if decoded.encoding == Encoding::Windows1252 {
        let message = format!(
            "{} is not UTF-8; it was read as Windows-1252. Check names with accents, or save the file as UTF-8.",
            file_name(name)
        );
        out.push(Issue {
            cause: Some("saved as plain \"CSV\" by a spreadsheet on Windows".to_owned()),
            ..of(file, Code::EncodingGuessed, message)
        });
    }
    let header = &opening.header;
    if header.names.is_empty() && !has_rows {
        return out;
    }
    out.extend(
        header
            .problems
            .iter()
            .map(|problem| of_header(file, header, problem)),
    );
    out
}

fn of_header(file: u32, header: &Header, problem: &Problem) -> Issue {
    let name = |at: u32| header.names.get(at as usize).map_or("", String::as_str);
    let cell = |at: u32| Some(format!("{}{}", letters(at), header.sheet_row));
    match problem {
        Problem::NoHeader { positional } => {
            let mut message = "The file has no header: its first line is data. Put the line \"Ext Key,User's Name,Number\" \
                 or \"Ext Key,Identity UUID,Number\" on top."
                .to_owned();
            if *positional {
                message.push_str(" Until then the columns are read in this order.");
            }
            of(file, Code::MissingColumn, message)
        }
        Problem::Missing { identity } => {
            let wanted = if *identity {
                "User's Name or Identity UUID"
            } else {
                "Ext Key"
            };
            let message = format!(
                "The column {wanted} is missing; found: {}. Add it, or correct its heading.",
                found(header)
            );
            let column = if *identity { Column::Name } else { Column::ExtKey };
            Issue {
                column: column.heading().map(str::to_owned),
                ..of(file, Code::MissingColumn, message)
            }
        }
        Problem::Unknown { at } => {
            let column = name(*at);
            let message = if column.is_empty() {
                format!("Column {} has no heading; it is ignored.", letters(*at))
            } else {
                format!(
                    "Column \"{}\" is none that Patchbay knows; it is ignored.",
                    visible(column)
                )
            };
            Issue {
                column: Some(column.to_owned()),
                value: Some(column.to_owned()),
                cell: cell(*at),
                ..of(file, Code::UnknownColumn, message)
            }
        }
        Problem::Unclosed { at, line } => {
            let message = format!(
                "The quote before \"{}\" in the header, on line {line}, is never closed. Add the closing quote, or take the opening one out.",
                visible(name(*at))
            );
            Issue {
                line: Some(*line),
                column: Some(name(*at).to_owned()),
                cell: cell(*at),
                ..of(file, Code::UnclosedQuote, message)
            }
        }
        Problem::Duplicate { at, first, column } => {
            let heading = column.heading().unwrap_or_default();
            let message = format!(
                "Column {heading} stands in the header twice, at {} and {}. Keep one of them.",
                letters(*first),
                letters(*at)
            );
            Issue {
                column: Some(heading.to_owned()),
                value: Some(name(*at).to_owned()),
                cell: cell(*at),
                ..of(file, Code::DuplicateColumn, message)
            }
        }
    }
}

fn found(header: &Header) -> String {
    let listed: Vec<String> = header
        .names
        .iter()
        .take(LISTED)
        .map(|n| {
            if n.is_empty() {
                "(blank)".to_owned()
            } else {
                format!("\"{}\"", visible(n))
            }
        })
        .collect();
    let more = header.names.len().saturating_sub(LISTED);
    match (listed.len(), more) {
        (0, _) => "nothing".to_owned(),
        (_, 0) => listed.join(", "),
        _ => format!("{} and {}", listed.join(", "), count(more, "more", "more")),
    }
}

/// Letters of a spreadsheet column, from 0: A, B, … Z, AA.
pub(crate) fn letters(at: u32) -> String {
    let mut out = Vec::new();
    let mut rest = u64::from(at) + 1;
    while rest > 0 {
        rest -= 1;
        out.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    out.iter().rev().collect()
}
