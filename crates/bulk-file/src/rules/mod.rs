//! One value, one verdict. Each rule looks at the trimmed value and gives at most one code, the most specific first;
//! with it a key by which equal values of right cells are found.

pub(crate) mod artifact;
pub(crate) mod ext_key;
pub(crate) mod identity;
pub(crate) mod number;

use crate::code::Code;

/// Verdict on one value: its code, and its key where the value is right (0 where it is not, or is blank).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict<K> {
    pub code: Option<Code>,
    pub key: K,
}

impl<K: Default> Verdict<K> {
    pub(crate) fn wrong(code: Code) -> Self {
        Self {
            code: Some(code),
            key: K::default(),
        }
    }

    pub(crate) fn right(key: K) -> Self {
        Self { code: None, key }
    }

    pub(crate) fn warned(code: Code, key: K) -> Self {
        Self {
            code: Some(code),
            key,
        }
    }
}

/// The ASCII digits that a value means when it is written in another script's digits (full-width, Arabic-Indic) or
/// holds invisible characters; none when it is anything else, or plain already.
pub(crate) fn plain_digits(value: &str) -> Option<String> {
    let mut changed = false;
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '0'..='9' | '+' => out.push(c),
            '\u{ff0b}' => {
                changed = true;
                out.push('+');
            }
            c if crate::text::is_invisible(c) => changed = true,
            c => {
                changed = true;
                out.push(char::from(b'0' + digit_of(c)?));
            }
        }
    }
    changed.then_some(out)
}

/// Value of a decimal digit of the scripts that keyboards and spreadsheets produce.
fn digit_of(c: char) -> Option<u8> {
    let zero = match c {
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        '\u{966}'..='\u{96f}' => 0x966,
        '\u{9e6}'..='\u{9ef}' => 0x9e6,
        '\u{e50}'..='\u{e59}' => 0xe50,
        '\u{ff10}'..='\u{ff19}' => 0xff10,
        _ => return None,
    };
    u8::try_from(c as u32 - zero).ok()
}
