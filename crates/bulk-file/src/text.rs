//! White space and characters without a shape: what is trimmed at the ends of a value, and how it is made visible.

use serde::{Deserialize, Serialize};

/// A stretch of a value as a screen should draw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// The characters themselves, or the label of one that has no shape ("NBSP").
    pub text: String,
    /// How to draw it.
    pub kind: SegmentKind,
}

/// How a [`Segment`] is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentKind {
    /// As it is.
    Plain,
    /// Plain spaces at an end of the value; drawn as dots on a marked ground.
    Space,
    /// One character that cannot be seen; `text` holds its name.
    Invisible,
}

/// Characters without a shape that are not white space: zero-width, bidi marks, fillers.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}')
}

fn trimmable(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_invisible(c)
}

/// The value without white space and invisible characters at its ends.
pub(crate) fn trim(value: &str) -> &str {
    match value.as_bytes() {
        [] => value,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => value,
        _ => value.trim_matches(trimmable),
    }
}

/// [`trim`] on the bytes of valid UTF-8.
#[inline]
pub(crate) fn trim_bytes(value: &[u8]) -> &[u8] {
    match value {
        [] => value,
        [only] if only.is_ascii_graphic() => value,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => value,
        _ => trim_slowly(value),
    }
}

fn trim_slowly(value: &[u8]) -> &[u8] {
    let blank = |b: &u8| *b <= b' ' || *b == 0x7f;
    let start = value.iter().position(|b| !blank(b)).unwrap_or(value.len());
    let end = value
        .iter()
        .rposition(|b| !blank(b))
        .map_or(start, |last| last + 1);
    let inner = &value[start..end];
    match inner {
        [first, .., last] if !first.is_ascii() || !last.is_ascii() => trim(str_of(inner)).as_bytes(),
        _ => inner,
    }
}

/// Cells are cut out of checked UTF-8 at ASCII bytes, so the empty answer cannot occur.
pub(crate) fn str_of(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

fn label(c: char) -> String {
    let name = match c {
        '\t' => "TAB",
        '\n' => "LF",
        '\r' => "CR",
        '\u{a0}' => "NBSP",
        '\u{ad}' => "SHY",
        '\u{200b}' => "ZWSP",
        '\u{200c}' => "ZWNJ",
        '\u{200d}' => "ZWJ",
        '\u{200e}' => "LRM",
        '\u{200f}' => "RLM",
        '\u{202a}' => "LRE",
        '\u{202b}' => "RLE",
        '\u{202c}' => "PDF",
        '\u{202d}' => "LRO",
        '\u{202e}' => "RLO",
        '\u{202f}' => "NNBSP",
        '\u{2060}' => "WJ",
        '\u{2066}' => "LRI",
        '\u{2067}' => "RLI",
        '\u{2068}' => "FSI",
        '\u{2069}' => "PDI",
        '\u{feff}' => "BOM",
        _ => return format!("U+{:04X}", c as u32),
    };
    name.to_owned()
}

/// Cuts a value into stretches, so that nothing in it stays unseen. Joiners between two non-ASCII characters
/// (emoji, Persian, Indic scripts) belong to the writing and stay plain.
pub fn segments(value: &str) -> Vec<Segment> {
    let start = value.len() - value.trim_start_matches(' ').len();
    let end = value.trim_end_matches(' ').len().max(start);
    let mut out: Vec<Segment> = Vec::new();
    let mut push = |text: &str, kind: SegmentKind| match out.last_mut() {
        Some(last) if last.kind == kind && kind != SegmentKind::Invisible => last.text.push_str(text),
        _ => out.push(Segment {
            text: text.to_owned(),
            kind,
        }),
    };
    if start > 0 {
        push(&value[..start], SegmentKind::Space);
    }
    let inner = &value[start..end];
    let mut before = ' ';
    let mut buffer = [0u8; 4];
    let mut rest = inner.chars().peekable();
    while let Some(c) = rest.next() {
        let joins = matches!(c, '\u{200c}' | '\u{200d}')
            && !before.is_ascii()
            && rest.peek().is_some_and(|next| !next.is_ascii());
        let hidden = (c.is_whitespace() && c != ' ') || c.is_control() || (is_invisible(c) && !joins);
        if hidden {
            push(&label(c), SegmentKind::Invisible);
        } else {
            push(c.encode_utf8(&mut buffer), SegmentKind::Plain);
        }
        before = c;
    }
    if end < value.len() {
        push(&value[end..], SegmentKind::Space);
    }
    out
}

/// Longest value quoted in a sentence, in characters.
const QUOTED: usize = 60;

/// The value for a sentence: invisible characters named in angle brackets, spaces at the ends as dots, long values cut.
pub(crate) fn visible(value: &str) -> String {
    if value.len() <= QUOTED
        && value.bytes().all(|b| matches!(b, b' '..=b'~'))
        && !value.starts_with(' ')
        && !value.ends_with(' ')
    {
        return value.to_owned();
    }
    let cut = value.char_indices().nth(QUOTED).map(|(at, _)| at);
    let mut out = String::new();
    for segment in segments(&value[..cut.unwrap_or(value.len())]) {
        match segment.kind {
            SegmentKind::Plain => out.push_str(&segment.text),
            SegmentKind::Space => out.extend(segment.text.chars().map(|_| '·')),
            SegmentKind::Invisible => {
                out.push('<');
                out.push_str(&segment.text);
                out.push('>');
            }
        }
    }
    if cut.is_some() {
        out.push('…');
    }
    out
}
