//! The first lines of a file: `sep=`, the delimiter, and which column holds what.
//!
//! A first line in which no known heading occurs is a heading all the same, unless one of its cells looks like data;
//! then the file has no header. Its cells are read in the order of the sample files where that fits, so that its
//! other problems can be told as well; the missing header stays an error.

use crate::{
    issue::Column,
    rules::{artifact, identity, number},
    scan::{self, Form, RawCell},
    text::{str_of, trim},
};

/// What a heading stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heading {
    Known(Column),
    /// A result column of our own report.
    Result,
    Unknown,
}

/// The result columns of our own report; ignored when a report is fed in again.
const RESULTS: [&str; 7] = [
    "Row",
    "Outcome",
    "Code",
    "Message",
    "Tracking ID",
    "Started",
    "Finished",
];

fn heading(name: &str) -> Heading {
    let straight: String = trim(name)
        .chars()
        .map(|c| match c {
            '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{2b9}' | '\u{2bc}' | '\u{ff07}' | '`'
            | '\u{b4}' => '\'',
            c => c,
        })
        .take(32)
        .collect();
    let known = [Column::ExtKey, Column::Name, Column::Uuid, Column::Number];
    for column in known {
        if column
            .heading()
            .is_some_and(|h| h.eq_ignore_ascii_case(&straight))
        {
            return Heading::Known(column);
        }
    }
    if RESULTS.iter().any(|r| r.eq_ignore_ascii_case(&straight)) {
        Heading::Result
    } else {
        Heading::Unknown
    }
}

/// What is wrong with a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    NoHeader { positional: bool },
    Missing { identity: bool },
    Unknown { at: u32 },
    Duplicate { at: u32, first: u32, column: Column },
    Unclosed { at: u32, line: u32 },
}

/// Which cell of a row holds what.
#[derive(Clone, Debug, Default)]
pub(crate) struct Header {
    /// Cells a row may have; none where nothing is known about the columns.
    pub width: Option<u32>,
    /// What parts the cells.
    pub delimiter: u8,
    /// Headings as they stand in the file, trimmed; empty without a header.
    pub names: Vec<String>,
    pub ext_key: Option<u32>,
    pub name: Option<u32>,
    pub uuid: Option<u32>,
    pub number: Option<u32>,
    /// Spreadsheet row of the header.
    pub sheet_row: u32,
    pub problems: Vec<Problem>,
}

impl Header {
    pub(crate) fn at(&self, column: Column) -> Option<u32> {
        match column {
            Column::ExtKey => self.ext_key,
            Column::Name => self.name,
            Column::Uuid => self.uuid,
            Column::Number => self.number,
            Column::Other(at) => Some(at),
        }
    }

    /// The column a cell of a row stands in.
    pub(crate) fn column(&self, at: u32) -> Column {
        [Column::ExtKey, Column::Name, Column::Uuid, Column::Number]
            .into_iter()
            .find(|c| self.at(*c) == Some(at))
            .unwrap_or(Column::Other(at))
    }

    fn slot(&mut self, column: Column) -> Option<&mut Option<u32>> {
        match column {
            Column::ExtKey => Some(&mut self.ext_key),
            Column::Name => Some(&mut self.name),
            Column::Uuid => Some(&mut self.uuid),
            Column::Number => Some(&mut self.number),
            Column::Other(_) => None,
        }
    }
}

/// How the rest of a file is to be read.
#[derive(Clone, Debug)]
pub(crate) struct Opening {
    pub delimiter: u8,
    pub header: Header,
    /// Offset, physical line and spreadsheet row of the first line after the header.
    pub pos: usize,
    pub line: u32,
    pub sheet_row: u32,
}

pub(crate) fn read(text: &[u8]) -> Opening {
    let mut cells = Vec::new();
    let (mut pos, mut line, mut sheet_row) = (0, 1, 1);
    let mut forced = None;
    if let Some((delimiter, next)) = sep_line(text) {
        (forced, pos, line) = (delimiter, next, 2);
    }
    loop {
        let end = text[pos..]
            .iter()
            .position(|b| matches!(b, b'\n' | b'\r'))
            .map_or(text.len(), |at| pos + at);
        let separators =
            |c: char| matches!(c, ',' | ';' | '\t' | '"') || forced.is_some_and(|d| c == char::from(d));
        let blank = str_of(&text[pos..end])
            .split(separators)
            .all(|part| trim(part).is_empty());
        if !blank || end == text.len() {
            if blank {
                let delimiter = forced.unwrap_or(b',');
                let header = Header {
                    sheet_row,
                    delimiter,
                    ..Header::default()
                };
                return Opening {
                    delimiter,
                    header,
                    pos: text.len(),
                    line,
                    sheet_row,
                };
            }
            break;
        }
        pos = if text[end] == b'\r' && text.get(end + 1) == Some(&b'\n') {
            end + 2
        } else {
            end + 1
        };
        line += 1;
        sheet_row += 1;
    }
    let delimiter = forced.unwrap_or_else(|| delimiter(text, pos, &mut cells));
    let record = scan::record(text, pos, delimiter, &mut cells);
    let values: Vec<String> = cells.iter().map(|c| cell_text(text, *c)).collect();
    let kinds: Vec<Heading> = values.iter().map(|v| heading(v)).collect();
    let headed = kinds.iter().any(|k| *k != Heading::Unknown) || !values.iter().any(|v| looks_like_data(v));
    if !headed {
        let header = Header {
            sheet_row,
            delimiter,
            ..positional(&values)
        };
        return Opening {
            delimiter,
            header,
            pos,
            line,
            sheet_row,
        };
    }
    let width = values
        .iter()
        .rposition(|v| !v.is_empty())
        .map_or(0, |last| last + 1);
    let mut header = Header {
        width: Some(width as u32),
        sheet_row,
        delimiter,
        ..Header::default()
    };
    for (at, kind) in kinds.iter().take(width).enumerate() {
        let at = at as u32;
        match kind {
            Heading::Known(column) => {
                let column = *column;
                let Some(slot) = header.slot(column) else { continue };
                match *slot {
                    None => *slot = Some(at),
                    Some(first) => header.problems.push(Problem::Duplicate { at, first, column }),
                }
            }
            Heading::Result => {}
            Heading::Unknown => header.problems.push(Problem::Unknown { at }),
        }
    }
    for (at, cell) in cells.iter().enumerate().filter(|(_, c)| c.form == Form::Unclosed) {
        let before = scan::line_breaks(&text[pos..cell.start as usize]);
        header.problems.push(Problem::Unclosed {
            at: at as u32,
            line: line + before,
        });
    }
    if header.name.is_none() && header.uuid.is_none() {
        header.problems.insert(0, Problem::Missing { identity: true });
    }
    if header.ext_key.is_none() {
        header.problems.insert(0, Problem::Missing { identity: false });
    }
    header.names = values.into_iter().take(width).collect();
    Opening {
        delimiter,
        header,
        pos: record.next,
        line: line + record.lines,
        sheet_row: sheet_row + 1,
    }
}

/// Text of a cell of the first line; a quote that is never closed is told apart from its heading.
fn cell_text(text: &[u8], cell: RawCell) -> String {
    let value = scan::value(text, cell);
    let value = str_of(&value);
    let value = if cell.form == Form::Unclosed {
        value.trim_start_matches('"')
    } else {
        value
    };
    trim(value).to_owned()
}

/// Excel's `sep=;` on the first line: the delimiter where one is named, and the offset behind the line.
fn sep_line(text: &[u8]) -> Option<(Option<u8>, usize)> {
    let end = text
        .iter()
        .position(|b| matches!(b, b'\n' | b'\r'))
        .unwrap_or(text.len());
    let line = trim(str_of(&text[..end]).trim_end_matches(',')).trim_matches('"');
    let raw = str_of(&text[..end]).trim_start_matches(['"', '\u{feff}', ' ']);
    if !line.get(..4).is_some_and(|p| p.eq_ignore_ascii_case("sep=")) {
        return None;
    }
    let rest = raw.get(4..)?;
    let named = rest.bytes().next().filter(|b| b.is_ascii() && *b != b'"');
    if rest
        .chars()
        .skip(1)
        .any(|c| !matches!(c, '"' | ',' | ';' | '\t' | ' '))
    {
        return None;
    }
    let next = match text.get(end) {
        Some(b'\r') if text.get(end + 1) == Some(&b'\n') => end + 2,
        Some(_) => end + 1,
        None => end,
    };
    Some((named, next))
}

/// The delimiter under which the first line has most known headings, then most cells.
fn delimiter(text: &[u8], pos: usize, cells: &mut Vec<RawCell>) -> u8 {
    let mut best = (b',', 0, 0);
    for candidate in [b',', b';', b'\t'] {
        scan::record(text, pos, candidate, cells);
        let known = cells
            .iter()
            .filter(|c| heading(&cell_text(text, **c)) != Heading::Unknown)
            .count();
        if (known, cells.len()) > (best.1, best.2) {
            best = (candidate, known, cells.len());
        }
    }
    best.0
}

/// Whether a cell of the first line is a value rather than a heading: an extension, a number or a UUID, damaged or not.
fn looks_like_data(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 {
        return false;
    }
    let shaped = value
        .chars()
        .all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-.()/='\"Ee".contains(c));
    (shaped && digits * 2 >= value.chars().filter(|c| !c.is_whitespace()).count())
        || identity::parse_uuid(value).is_some()
        || artifact::unwrap(artifact::Kind::Number, value)
            .is_some_and(|(inner, _)| number::unformatted(&inner).is_some())
}

fn positional(values: &[String]) -> Header {
    let filled = values
        .iter()
        .rposition(|v| !v.is_empty())
        .map_or(0, |last| last + 1);
    let fits = (2..=3).contains(&filled)
        && looks_like_data(&values[0])
        && identity::parse_uuid(&values[0]).is_none();
    let mut header = Header {
        problems: vec![Problem::NoHeader { positional: fits }],
        ..Header::default()
    };
    if fits {
        header.width = Some(3);
        header.ext_key = Some(0);
        header.number = Some(2);
        let by_uuid = values.get(1).is_some_and(|v| identity::parse_uuid(v).is_some());
        *(if by_uuid {
            &mut header.uuid
        } else {
            &mut header.name
        }) = Some(1);
    }
    header
}
