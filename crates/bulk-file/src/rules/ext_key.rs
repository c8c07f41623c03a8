//! Ext Key: 3 to 5 ASCII digits.

use super::{Verdict, artifact};
use crate::{code::Code, text::str_of};

/// Keys are 1 + the position among all right values: 3 digits, then 4, then 5. Value and length can be read back.
pub(crate) const KEYS: u32 = 1 + 1_000 + 10_000 + 100_000;

pub(crate) fn check(trimmed: &[u8]) -> Verdict<u32> {
    let mut value: u32 = 0;
    for b in trimmed {
        if !b.is_ascii_digit() {
            let wrapped = artifact::unwrap(artifact::Kind::ExtKey, str_of(trimmed)).is_some();
            return Verdict::wrong(if wrapped {
                Code::SpreadsheetArtifact
            } else {
                Code::ExtKeyNotNumeric
            });
        }
        value = value.wrapping_mul(10).wrapping_add(u32::from(b - b'0'));
    }
    match trimmed.len() {
        0 => Verdict::wrong(Code::ExtKeyBlank),
        3 => Verdict::right(1 + value),
        4 => Verdict::right(1 + 1_000 + value),
        5 => Verdict::right(1 + 11_000 + value),
        _ => Verdict::wrong(Code::ExtKeyLength),
    }
}

/// The number a key stands for, leading zeros dropped.
pub(crate) fn numeric(key: u32) -> u32 {
    match key {
        0..=1_000 => key.saturating_sub(1),
        1_001..=11_000 => key - 1_001,
        _ => key - 11_001,
    }
}
