//! The natural order of texts: by language-neutral collation (CLDR root), 9 before 10. Pure.

use icu_collator::options::CollatorOptions;
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};
use jiff::Timestamp;
use std::cmp::Ordering;
use std::sync::OnceLock;

/// By what the values of a column are ordered. Orders are total: texts that are only spelled alike are told apart by their
/// bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Natural,
    /// RFC 3339; what is no time stands after all times.
    Time,
}

fn collator() -> Option<&'static CollatorBorrowed<'static>> {
    static COLLATOR: OnceLock<Option<CollatorBorrowed<'static>>> = OnceLock::new();
    COLLATOR
        .get_or_init(|| {
            let mut preferences = CollatorPreferences::default();
            preferences.numeric_ordering = Some(CollationNumericOrdering::True);
            Collator::try_new(preferences, CollatorOptions::default()).ok()
        })
        .as_ref()
}

/// A text's place among others, compared by bytes.
pub(in crate::activation) fn natural_key(text: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(text.len() * 3);
    if let Some(collator) = collator() {
        // Writing into memory has no errors; without a key the text itself decides.
        let Ok(()) = collator.write_sort_key_to(text, &mut key);
    }
    key
}

/// The place of a time; the text decides where it is none.
fn time_key(text: &str) -> (bool, Option<Timestamp>) {
    let time = text.parse().ok();
    (time.is_none(), time)
}

impl Order {
    pub(super) fn compare(self, one: &str, other: &str) -> Ordering {
        let ordering = match (self, collator()) {
            (Self::Natural, Some(collator)) => collator.compare(one, other),
            (Self::Natural, None) => Ordering::Equal,
            (Self::Time, _) => time_key(one).cmp(&time_key(other)),
        };
        ordering.then_with(|| one.cmp(other))
    }

    pub(super) fn sort(self, texts: &mut [&str]) {
        match self {
            Self::Natural => texts.sort_by_cached_key(|text| (natural_key(text), *text)),
            Self::Time => texts.sort_by_cached_key(|text| (time_key(text), *text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted<'a>(order: Order, texts: &[&'a str]) -> Vec<&'a str> {
        let mut texts = texts.to_vec();
        order.sort(&mut texts);
        for pair in texts.windows(2) {
            assert_ne!(order.compare(pair[0], pair[1]), Ordering::Greater, "{pair:?}");
        }
        texts
    }

    #[test]
    fn nine_comes_before_ten_and_umlauts_stand_with_their_letters() {
        assert_eq!(
            sorted(Order::Natural, &["10", "9", "1010", "101", "9a", "007", "7"]),
            ["007", "7", "9", "9a", "10", "101", "1010"]
        );
        assert_eq!(
            sorted(
                Order::Natural,
                &[
                    "Zoë",
                    "Øberg",
                    "zoe",
                    "Ärger",
                    "Anna",
                    "azur",
                    "Ирина",
                    "田中",
                    "Ωmega",
                    "Éloïse",
                    "Floor 10",
                    "Floor 9"
                ]
            ),
            [
                "Anna",
                "Ärger",
                "azur",
                "Éloïse",
                "Floor 9",
                "Floor 10",
                "Øberg",
                "zoe",
                "Zoë",
                "Ωmega",
                "Ирина",
                "田中"
            ]
        );
    }

    #[test]
    fn times_are_ordered_as_times() {
        assert_eq!(
            sorted(
                Order::Time,
                &[
                    "soon",
                    "2026-01-01T00:00:00.5Z",
                    "2026-01-01T00:00:00Z",
                    "2025-12-31T23:59:59.999Z",
                    "2026-01-01T01:00:00+02:00"
                ]
            ),
            [
                "2026-01-01T01:00:00+02:00",
                "2025-12-31T23:59:59.999Z",
                "2026-01-01T00:00:00Z",
                "2026-01-01T00:00:00.5Z",
                "soon"
            ]
        );
    }
}
