//! Bytes to text. UTF-8 is not copied; UTF-16 needs its byte order mark; what is neither is read as Windows-1252,
//! unless it holds bytes which Windows-1252 does not define. Every reading can be reversed to the same bytes.

use std::sync::Arc;

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::{Deserialize, Serialize};

/// How the characters of a file are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8, with or without byte order mark.
    #[serde(rename = "UTF-8")]
    Utf8,
    /// UTF-16, low byte first, with byte order mark.
    #[serde(rename = "UTF-16LE")]
    Utf16Le,
    /// UTF-16, high byte first, with byte order mark.
    #[serde(rename = "UTF-16BE")]
    Utf16Be,
    /// Windows-1252, assumed.
    #[serde(rename = "Windows-1252")]
    Windows1252,
}

impl Encoding {
    /// As people and the report write it.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le => "UTF-16LE",
            Encoding::Utf16Be => "UTF-16BE",
            Encoding::Windows1252 => "Windows-1252",
        }
    }
}

/// Text of a file as UTF-8, without byte order mark.
#[derive(Clone, Debug)]
pub(crate) enum Text {
    Shared { bytes: Arc<[u8]>, from: usize },
    Owned(Arc<[u8]>),
}

impl Text {
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Text::Shared { bytes, from } => &bytes[*from..],
            Text::Owned(bytes) => bytes,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Decoded {
    pub text: Text,
    pub encoding: Encoding,
    pub bom: bool,
    /// First byte (from 1) that is not UTF-8, in a file that is UTF-8 for the most part.
    pub broken_at: Option<usize>,
}

/// Why bytes are not text, as a sentence without the file's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotText {
    pub message: String,
    pub cause: Option<&'static str>,
}

fn not_text(message: impl Into<String>, cause: Option<&'static str>) -> NotText {
    NotText {
        message: message.into(),
        cause,
    }
}

/// Containers that people save or rename as .csv: what they are, by their first bytes.
fn container(bytes: &[u8]) -> Option<&'static str> {
    let has = |needle: &[u8]| memchr::memmem::find(bytes, needle).is_some();
    if bytes.starts_with(b"PK\x03\x04") {
        return Some(if has(b"opendocument.spreadsheet") {
            "an .ods workbook"
        } else if has(b"xl/") || has(b"[Content_Types].xml") {
            "an .xlsx workbook"
        } else {
            "a ZIP archive, as .xlsx workbooks are"
        });
    }
    let known: [(&[u8], &str); 5] = [
        (b"PK\x05\x06", "an empty ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an .xls workbook"),
        (b"%PDF-", "a PDF document"),
        (b"\x1f\x8b", "a compressed .gz file"),
        (b"7z\xbc\xaf\x27\x1c", "a .7z archive"),
    ];
    known
        .iter()
        .find(|(magic, _)| bytes.starts_with(magic))
        .map(|(_, what)| *what)
}

pub(crate) fn decode(bytes: &Arc<[u8]>) -> Result<Decoded, NotText> {
    if let Some(what) = container(bytes) {
        return Err(not_text(
            format!("It is {what}. Open it in a spreadsheet and save it as \"CSV UTF-8\"."),
            Some("renamed to .csv instead of saved as CSV"),
        ));
    }
    if bytes.starts_with(b"\xff\xfe\0\0") || bytes.starts_with(b"\0\0\xfe\xff") {
        return Err(not_text(
            "The file is stored as UTF-32. Save it as UTF-8.",
            Some("stored as UTF-32"),
        ));
    }
    if let Some(body) = bytes.strip_prefix(b"\xff\xfe") {
        return utf16(body, Encoding::Utf16Le);
    }
    if let Some(body) = bytes.strip_prefix(b"\xfe\xff") {
        return utf16(body, Encoding::Utf16Be);
    }
    let from = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let body = &bytes[from..];
    if let Some(at) = memchr::memchr(0, body) {
        let cause = (body.get(1) == Some(&0) || body.first() == Some(&0))
            .then_some("stored as UTF-16 without a byte order mark");
        return Err(not_text(
            format!(
                "Byte {} is NUL, which no text holds. Save the file as CSV in UTF-8.",
                from + at + 1
            ),
            cause,
        ));
    }
    match std::str::from_utf8(body) {
        Ok(_) => Ok(Decoded {
            text: Text::Shared {
                bytes: Arc::clone(bytes),
                from,
            },
            encoding: Encoding::Utf8,
            bom: from > 0,
            broken_at: None,
        }),
        Err(error) if from > 0 => Err(not_text(
            format!(
                "The file says it is UTF-8, but byte {} is not. Save it as UTF-8 again.",
                from + error.valid_up_to() + 1
            ),
            Some("parts of two files in different encodings joined"),
        )),
        Err(error) => windows_1252(body, error.valid_up_to()),
    }
}

fn windows_1252(body: &[u8], first: usize) -> Result<Decoded, NotText> {
    if let Some(at) = body
        .iter()
        .position(|b| matches!(b, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d))
    {
        return Err(not_text(
            format!(
                "Byte {} is not UTF-8 and byte {} (0x{:02X}) is not Windows-1252. Save the file as UTF-8.",
                first + 1,
                at + 1,
                body[at]
            ),
            Some("stored in another encoding, such as Shift JIS, GBK or a Mac one"),
        ));
    }
    let (mut whole, mut broken) = (0usize, 0usize);
    for chunk in body.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    let broken_at = (whole > broken).then_some(first + 1);
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(body);
    let text = Text::Owned(Arc::from(text.into_owned().into_bytes()));
    Ok(Decoded {
        text,
        encoding: Encoding::Windows1252,
        bom: false,
        broken_at,
    })
}

fn utf16(body: &[u8], encoding: Encoding) -> Result<Decoded, NotText> {
    let codec = if encoding == Encoding::Utf16Le {
        UTF_16LE
    } else {
        UTF_16BE
    };
    if body.len() % 2 == 1 {
        return Err(not_text(
            "The file is UTF-16 and ends in the middle of a character. Save it as UTF-8.",
            Some("cut off while it was copied"),
        ));
    }
    let Some(text) = codec.decode_without_bom_handling_and_without_replacement(body) else {
        return Err(not_text(
            "The file says it is UTF-16, but holds half characters. Save it as UTF-8.",
            Some("changed by a program that took it for another encoding"),
        ));
    };
    if let Some(at) = memchr::memchr(0, text.as_bytes()) {
        let ahead = String::from_utf8_lossy(&text.as_bytes()[..at])
            .encode_utf16()
            .count();
        return Err(not_text(
            format!(
                "Character {} is NUL, which no text holds. Save the file as CSV in UTF-8.",
                ahead + 1
            ),
            None,
        ));
    }
    let text = Text::Owned(Arc::from(text.into_owned().into_bytes()));
    Ok(Decoded {
        text,
        encoding,
        bom: true,
        broken_at: None,
    })
}

/// Text back to bytes. Where Windows-1252 lacks a character, or would be taken for UTF-8 when it is read again,
/// the whole file becomes UTF-8 with a byte order mark: nothing is lost, and it reads the same everywhere.
pub(crate) fn encode(text: &str, encoding: Encoding, bom: bool) -> (Vec<u8>, Encoding) {
    match encoding {
        Encoding::Utf8 => {
            let mut out = Vec::with_capacity(text.len() + 3);
            if bom {
                out.extend_from_slice(b"\xef\xbb\xbf");
            }
            out.extend_from_slice(text.as_bytes());
            (out, Encoding::Utf8)
        }
        Encoding::Utf16Le => {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            (units.flat_map(u16::to_le_bytes).collect(), encoding)
        }
        Encoding::Utf16Be => {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            (units.flat_map(u16::to_be_bytes).collect(), encoding)
        }
        Encoding::Windows1252 => {
            let (bytes, _, unmappable) = WINDOWS_1252.encode(text);
            let undefined = text.chars().any(|c| ('\u{80}'..='\u{9f}').contains(&c));
            let taken_for_utf8 = !text.is_ascii() && std::str::from_utf8(&bytes).is_ok();
            if unmappable || undefined || taken_for_utf8 {
                encode(text, Encoding::Utf8, true)
            } else {
                (bytes.into_owned(), encoding)
            }
        }
    }
}
