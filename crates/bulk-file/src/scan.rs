//! Text to cells. Hand-written, because the rules need what the `csv` crate does not keep: the bytes of each cell as
//! they stand, the physical line, and the place where a quote opened that nobody closed.
//!
//! Reading follows RFC 4180 as spreadsheets do: a cell is quoted when its first character is `"`, `""` inside is one
//! quote, text after the closing quote belongs to the cell, a quote elsewhere is a character. CRLF, LF and CR end a
//! line. A quote that is never closed, or whose partner is found lines later in the middle of a cell, is read as a
//! character of its cell, so that one slip does not swallow the rows below it.
//!
//! Reading one record depends on nothing before it: it can be repeated from the offset of its first byte.

use std::borrow::Cow;

/// One cell: offsets into the text, quotes included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RawCell {
    pub start: u32,
    pub end: u32,
    pub form: Form,
}

/// How a cell is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Bare,
    /// Quoted, the value is what stands between the quotes.
    Quoted,
    /// Quoted, with doubled quotes inside or text behind the closing one.
    Escaped,
    /// The quote at its beginning is never closed.
    Unclosed,
}

/// Where a record ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    /// First byte after the line end.
    pub next: usize,
    /// Physical lines the record takes.
    pub lines: u32,
    /// Offset of its line end.
    pub end: usize,
}

/// Reads the record that begins at `pos` into `cells` (cleared first).
pub(crate) fn record(text: &[u8], mut pos: usize, delimiter: u8, cells: &mut Vec<RawCell>) -> Record {
    cells.clear();
    let mut inner_lines = 0;
    loop {
        let start = pos;
        let form = if text.get(pos) == Some(&b'"') {
            let (end, form) = quoted(text, pos, delimiter);
            pos = end;
            if form != Form::Unclosed {
                inner_lines += line_breaks(&text[start..end]);
            }
            form
        } else {
            pos = bare_end(text, pos, delimiter);
            Form::Bare
        };
        cells.push(RawCell {
            start: start as u32,
            end: pos as u32,
            form,
        });
        match text.get(pos) {
            Some(&b) if b == delimiter => pos += 1,
            Some(b'\r') if text.get(pos + 1) == Some(&b'\n') => {
                return Record {
                    next: pos + 2,
                    lines: inner_lines + 1,
                    end: pos,
                };
            }
            Some(_) => {
                return Record {
                    next: pos + 1,
                    lines: inner_lines + 1,
                    end: pos,
                };
            }
            None => {
                return Record {
                    next: pos,
                    lines: inner_lines + 1,
                    end: pos,
                };
            }
        }
    }
}

#[inline]
fn bare_end(text: &[u8], pos: usize, delimiter: u8) -> usize {
    let rest = text.get(pos..).unwrap_or_default();
    for (at, b) in rest.iter().enumerate() {
        if *b == delimiter || (*b <= b'\r' && matches!(*b, b'\n' | b'\r')) {
            return pos + at;
        }
    }
    text.len()
}

/// End and form of the cell whose opening quote stands at `start`.
fn quoted(text: &[u8], start: usize, delimiter: u8) -> (usize, Form) {
    let mut from = start + 1;
    let mut form = Form::Quoted;
    let close = loop {
        let Some(at) = memchr::memchr(b'"', &text[from..]) else {
            return (bare_end(text, start, delimiter), Form::Unclosed);
        };
        if text.get(from + at + 1) != Some(&b'"') {
            break from + at;
        }
        form = Form::Escaped;
        from += at + 2;
    };
    let end = bare_end(text, close + 1, delimiter);
    if end == close + 1 {
        return (end, form);
    }
    let spills = memchr::memchr2(b'\n', b'\r', &text[start..close]).is_some();
    if spills && text[close + 1..end].iter().any(|b| *b != b' ') {
        return (bare_end(text, start, delimiter), Form::Unclosed);
    }
    (end, Form::Escaped)
}

/// Line breaks in `text`; CRLF is one.
pub(crate) fn line_breaks(text: &[u8]) -> u32 {
    let mut count = 0;
    for at in memchr::memchr2_iter(b'\n', b'\r', text) {
        if text[at] == b'\r' || at == 0 || text[at - 1] != b'\r' {
            count += 1;
        }
    }
    count
}

/// The value of a cell: quotes taken off.
#[inline]
pub(crate) fn value(text: &[u8], cell: RawCell) -> Cow<'_, [u8]> {
    let raw = &text[cell.start as usize..cell.end as usize];
    match cell.form {
        Form::Bare | Form::Unclosed => Cow::Borrowed(raw),
        Form::Quoted => Cow::Borrowed(&raw[1..raw.len() - 1]),
        Form::Escaped => Cow::Owned(unescaped(raw)),
    }
}

fn unescaped(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = &raw[1..];
    let mut inside = true;
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (inside && *first == b'"', tail) {
            (true, [b'"', after @ ..]) => {
                out.push(b'"');
                rest = after;
            }
            (true, _) => inside = false,
            (false, _) => out.push(*first),
        }
    }
    out
}

/// A value written as a cell, quoted where it must be or where the cell was quoted before; also where it ends in a
/// backslash, which would otherwise be taken for one that cuts the value apart.
pub(crate) fn write_cell(out: &mut Vec<u8>, value: &str, delimiter: u8, was_quoted: bool) {
    let must = value.starts_with('\u{feff}')
        || value.ends_with('\\')
        || value
            .bytes()
            .any(|b| b == delimiter || matches!(b, b'"' | b'\n' | b'\r'));
    if !must && !was_quoted {
        out.extend_from_slice(value.as_bytes());
        return;
    }
    out.push(b'"');
    for b in value.bytes() {
        if b == b'"' {
            out.push(b'"');
        }
        out.push(b);
    }
    out.push(b'"');
}
