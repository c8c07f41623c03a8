//! What only shows when rows are compared: duplicates, look-alikes, lost plus signs, mixed identities.
//!
//! Keys of right values are compared; users are compared by a hash first and by their written form where hashes meet.
//! Duplicates, look-alikes and plus signs count over the whole template, mixing within each file.

use std::{collections::HashSet, ops::Range};

use crate::{
    check::{Finding, Keys, Spot},
    code::Code,
    issue::IdentityKind,
    rules::{ext_key, identity, number},
};

/// The keys of all rows, one position a row.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyColumns {
    pub ext: Vec<u32>,
    pub identity: Vec<u64>,
    pub number: Vec<u64>,
}

impl KeyColumns {
    pub(crate) fn push(&mut self, keys: Keys) {
        self.ext.push(keys.ext);
        self.identity.push(keys.identity);
        self.number.push(keys.number);
    }

    pub(crate) fn set(&mut self, row: usize, keys: Keys) {
        self.ext[row] = keys.ext;
        self.identity[row] = keys.identity;
        self.number[row] = keys.number;
    }
}

/// A finding with the group of rows it speaks of, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub finding: Finding,
    /// Index into [`Cross::groups`]; `u32::MAX` for none.
    pub group: u32,
}

impl Entry {
    pub(crate) fn alone(finding: Finding) -> Self {
        Self {
            finding,
            group: u32::MAX,
        }
    }
}

/// Numbers with a + by country calling code and length, from which a lost + can be told for certain.
pub(crate) type PlusEvidence = HashSet<(String, usize)>;

#[derive(Clone, Debug, Default)]
pub(crate) struct Cross {
    /// Sorted by row, then [`Spot`].
    pub entries: Vec<Entry>,
    /// Rows of each group, ascending.
    pub groups: Vec<Vec<u32>>,
    /// The kind most rows of each file have.
    pub kinds: Vec<Option<IdentityKind>>,
    /// Rows whose number has its +.
    pub with_plus: u32,
    pub plus_evidence: PlusEvidence,
}

/// A file's rows, and the kind that wins a tie.
#[derive(Clone, Debug)]
pub(crate) struct FileRows {
    pub rows: Range<u32>,
    pub prefers: IdentityKind,
}

/// Compares all rows. `user` gives the written form of a row's user, `spot` the column it stands in.
pub(crate) fn compare(
    keys: &KeyColumns,
    files: &[FileRows],
    user: impl Fn(u32) -> String,
    spot: impl Fn(u32) -> Spot,
) -> Cross {
    let mut cross = Cross::default();
    let mut minority = HashSet::new();
    mixed(keys, files, &spot, &mut cross, &mut minority);
    extensions(keys, &mut cross);
    users(keys, &minority, user, &spot, &mut cross);
    for group in equal(keys.number.iter().map(|k| number::digits_key(*k))) {
        cross.group(group, Spot::Number, Code::NumberDuplicate, 1);
    }
    plus_signs(keys, &mut cross);
    cross.entries.sort_by_key(|e| e.finding);
    cross
}

impl Cross {
    /// One finding for a group, at its member `at`.
    fn group(&mut self, rows: Vec<u32>, spot: Spot, code: Code, at: usize) {
        let Some(row) = rows.get(at).copied() else { return };
        let group = self.groups.len() as u32;
        self.entries.push(Entry {
            finding: Finding { row, spot, code },
            group,
        });
        self.groups.push(rows);
    }
}

/// Groups of positions whose keys are equal and not 0.
fn equal(keys: impl Iterator<Item = u64> + Clone) -> Vec<Vec<u32>> {
    let mut sorted: Vec<u64> = keys.clone().filter(|k| *k != 0).collect();
    sorted.sort_unstable();
    let mut twice: Vec<u64> = sorted.windows(2).filter(|w| w[0] == w[1]).map(|w| w[0]).collect();
    if twice.is_empty() {
        return Vec::new();
    }
    drop(sorted);
    twice.dedup();
    let mut groups: Vec<Vec<u32>> = vec![Vec::new(); twice.len()];
    for (row, key) in keys.enumerate() {
        if let Ok(at) = twice.binary_search(&key) {
            groups[at].push(row as u32);
        }
    }
    groups
}

fn mixed(
    keys: &KeyColumns,
    files: &[FileRows],
    spot: &impl Fn(u32) -> Spot,
    cross: &mut Cross,
    minority: &mut HashSet<u32>,
) {
    for file in files {
        let range = file.rows.start as usize..file.rows.end as usize;
        let (mut names, mut uuids) = (0u32, 0u32);
        for key in &keys.identity[range] {
            if *key != 0 {
                let uuid = u32::from(identity::is_uuid_key(*key));
                uuids += uuid;
                names += 1 - uuid;
            }
        }
        let kind = match names.cmp(&uuids) {
            _ if names + uuids == 0 => None,
            std::cmp::Ordering::Greater => Some(IdentityKind::Name),
            std::cmp::Ordering::Less => Some(IdentityKind::Uuid),
            std::cmp::Ordering::Equal => Some(file.prefers),
        };
        cross.kinds.push(kind);
        if names == 0 || uuids == 0 {
            continue;
        }
        for row in file.rows.clone() {
            let key = keys.identity[row as usize];
            let odd = identity::is_uuid_key(key) != (kind == Some(IdentityKind::Uuid));
            if key != 0 && odd {
                minority.insert(row);
                let finding = Finding {
                    row,
                    spot: spot(row),
                    code: Code::IdentityMixed,
                };
                cross.entries.push(Entry::alone(finding));
            }
        }
    }
}

fn extensions(keys: &KeyColumns, cross: &mut Cross) {
    let words = (ext_key::KEYS as usize).div_ceil(64);
    let (mut seen, mut twice) = (vec![0u64; words], vec![0u64; words]);
    let mut any = false;
    for key in &keys.ext {
        let (word, bit) = (*key as usize / 64, 1u64 << (key % 64));
        any |= *key != 0 && seen[word] & bit != 0;
        twice[word] |= seen[word] & bit;
        seen[word] |= bit;
    }
    if any {
        let mut group_of = vec![u32::MAX; ext_key::KEYS as usize];
        let mut groups: Vec<Vec<u32>> = Vec::new();
        for (row, key) in keys.ext.iter().enumerate() {
            if *key == 0 || twice[*key as usize / 64] & (1 << (key % 64)) == 0 {
                continue;
            }
            let group = &mut group_of[*key as usize];
            if *group == u32::MAX {
                *group = groups.len() as u32;
                groups.push(Vec::new());
            }
            groups[*group as usize].push(row as u32);
        }
        for group in groups {
            cross.group(group, Spot::ExtKey, Code::ExtKeyDuplicate, 1);
        }
    }
    lookalikes(keys, &seen, cross);
}

/// Extensions that mean one number with different leading zeros: the finding stands at the first row whose spelling
/// differs from the one seen before it.
fn lookalikes(keys: &KeyColumns, seen: &[u64], cross: &mut Cross) {
    let has = |key: u32| seen[key as usize / 64] >> (key % 64) & 1;
    let mut alike = HashSet::new();
    for value in 0..10_000u32 {
        let three = if value < 1_000 { has(1 + value) } else { 0 };
        if three + has(1_001 + value) + has(11_001 + value) > 1 {
            alike.insert(value);
        }
    }
    if alike.is_empty() {
        return;
    }
    let value_of = |key: u32| if key == 0 { u32::MAX } else { ext_key::numeric(key) };
    let marked = keys
        .ext
        .iter()
        .map(|k| value_of(*k))
        .map(|v| if alike.contains(&v) { u64::from(v) + 1 } else { 0 });
    for group in equal(marked) {
        let first = keys.ext[group[0] as usize];
        if let Some(at) = group.iter().position(|row| keys.ext[*row as usize] != first) {
            cross.group(group, Spot::ExtKey, Code::ExtKeyLookalike, at);
        }
    }
}

fn users(
    keys: &KeyColumns,
    minority: &HashSet<u32>,
    user: impl Fn(u32) -> String,
    spot: &impl Fn(u32) -> Spot,
    cross: &mut Cross,
) {
    let right = |(row, key): (usize, &u64)| if minority.contains(&(row as u32)) { 0 } else { *key };
    let groups = if minority.is_empty() {
        equal(keys.identity.iter().copied())
    } else {
        equal(keys.identity.iter().enumerate().map(right))
    };
    for group in groups {
        let mut written: Vec<(String, u32)> = group.iter().map(|row| (user(*row), *row)).collect();
        written.sort();
        for same in written.chunk_by(|a, b| a.0 == b.0) {
            let rows: Vec<u32> = same.iter().map(|(_, row)| *row).collect();
            if let Some(second) = rows.get(1).copied() {
                cross.group(rows, spot(second), Code::IdentityDuplicate, 1);
            }
        }
    }
}

fn plus_signs(keys: &KeyColumns, cross: &mut Cross) {
    let numbers = keys.number.iter().filter(|k| **k != 0);
    let (with, without): (u32, u32) = numbers.fold((0, 0), |(w, o), k| {
        if number::has_plus(*k) {
            (w + 1, o)
        } else {
            (w, o + 1)
        }
    });
    cross.with_plus = with;
    if with == 0 || without == 0 {
        return;
    }
    for (row, key) in keys.number.iter().enumerate() {
        if *key == 0 {
        } else if number::has_plus(*key) {
            let digits = number::digits(*key);
            if let Some(country) = country_code(&digits) {
                cross.plus_evidence.insert((country.to_owned(), digits.len()));
            }
        } else {
            let finding = Finding {
                row: row as u32,
                spot: Spot::Number,
                code: Code::NumberPlusLost,
            };
            cross.entries.push(Entry::alone(finding));
        }
    }
}

/// The number with its +, where a number of the same country and length in the template has one.
pub(crate) fn restored_plus(digits: &str, evidence: &PlusEvidence) -> Option<String> {
    let country = country_code(digits)?;
    evidence
        .contains(&(country.to_owned(), digits.len()))
        .then(|| format!("+{digits}"))
}

/// The calling code at the beginning of international digits (ITU-T E.164: one, two or three digits, prefix-free).
fn country_code(digits: &str) -> Option<&str> {
    const TWO: [&str; 44] = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48",
        "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81",
        "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
    ];
    match digits.as_bytes().first()? {
        b'0' => None,
        b'1' | b'7' => digits.get(..1),
        _ => match digits.get(..2) {
            Some(two) if TWO.contains(&two) => Some(two),
            _ => digits.get(..3),
        },
    }
}
