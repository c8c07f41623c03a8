//! The index against the plain way: filter every row, sort what is left.

use super::fold::fold;
use super::order::natural_key;
use super::view::LEVELS;
use super::*;
use crate::activation::model::{ActivationSort, ActivationView};
use proptest::prelude::*;
use std::cmp::Ordering;

const NOW: &str = "2026-03-10T12:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn text(choices: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    prop::option::weighted(0.85, prop::sample::select(choices).prop_map(str::to_owned))
}

const PLACES: &[&str] = &[
    "Aarhus", "Ærø", "Zürich", "Zug", "Floor 9", "Floor 10", "Київ", "東京",
];
const NAMES: &[&str] = &[
    "Søren",
    "soren",
    "Åse",
    "Anna",
    "Éloïse",
    "Eloise",
    "Ирина",
    "田中",
    "Nguyễn",
    "O'Hara",
    "Muller",
    "Müller",
];
const STATES: &[&str] = &[
    "provisioned",
    "pending_email_input",
    "pending_email_validation",
    "pending_user_migration",
    "provisioning",
    "updating",
    "error",
    "half_way",
];
const TIMES: &[&str] = &[
    "2026-03-03T12:00:00Z",
    "2026-03-03T11:59:59.5Z",
    "2026-03-09T00:00:00Z",
    "2020-01-01T00:00:00Z",
    "soon",
];
const NUMBERS: &[&str] = &["9", "10", "0010", "101", "7", "07", "1212", "+45 12", "x9"];

fn row() -> impl Strategy<Value = Row> {
    let texts = (
        text(PLACES),
        text(&["basic", "standard", "premium"]),
        text(&["Webex Calling - Professional", "Webex Calling - Standard"]),
        text(NUMBERS),
        text(NUMBERS),
        text(NAMES),
        text(NAMES),
        text(&[
            "a@x.example",
            "B@x.example",
            "sören@x.example",
            "9@x.example",
            "10@x.example",
            " ",
        ]),
    );
    let rest = (
        0..60_u8,
        prop::sample::select(STATES),
        text(TIMES),
        prop::sample::select(&["2026-03-10T11:00:00Z", "2026-03-10T11:30:00.25Z"][..]),
        any::<bool>(),
    );
    (texts, rest).prop_map(|(texts, (key, state, changed, as_of, failed))| Row {
        key: format!("k{key}"),
        id: String::new(),
        location: texts.0,
        licence: texts.1,
        service_type: texts.2,
        service_id: texts.3.clone(),
        extension: texts.4,
        first_name: texts.5,
        last_name: texts.6,
        email: texts.7,
        state: state.to_owned(),
        last_status_change: changed,
        as_of: as_of.to_owned(),
        errors: failed
            .then(|| ActivationError {
                code: Some("10022".to_owned()),
                description: "taken".to_owned(),
            })
            .into_iter()
            .collect(),
        numbers: texts.3.into_iter().collect(),
        ..Row::default()
    })
}

fn sort() -> impl Strategy<Value = Vec<ActivationSort>> {
    let level = (prop::sample::select(&COLUMNS[..]), any::<bool>())
        .prop_map(|(column, descending)| ActivationSort { column, descending });
    prop::collection::vec(level, 0..6)
}

fn rarely(choices: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    prop::option::weighted(0.15, prop::sample::select(choices).prop_map(str::to_owned))
}

fn view() -> impl Strategy<Value = ActivationView> {
    let whole = (
        rarely(STATES),
        rarely(&["Aarhus", "Zürich", "", "nowhere"]),
        rarely(&["basic", ""]),
        rarely(&["Webex Calling - Standard", ""]),
    );
    let parts = (
        rarely(&["0", " 1 ", ""]),
        rarely(&["1", "zz"]),
        rarely(&["SOREN", "e", "Ъ"]),
        rarely(&["mull", "é"]),
        rarely(&["@x", "SOREN@", "1"]),
    );
    let search = prop::option::weighted(
        0.3,
        prop::sample::select(
            &[
                "soren",
                "pending email",
                "9 anna",
                "zurich basic",
                "  ",
                "half_way",
                "email_input",
                "10 10",
                "東",
            ][..],
        )
        .prop_map(str::to_owned),
    );
    (whole, parts, search, prop::bool::weighted(0.15), sort()).prop_map(
        |(whole, parts, search, stuck, sort)| ActivationView {
            state: whole.0,
            search,
            location: whole.1,
            licence: whole.2,
            service_type: whole.3,
            service_id: parts.0,
            extension: parts.1,
            first_name: parts.2,
            last_name: parts.3,
            email: parts.4,
            stuck,
            sort,
        },
    )
}

/// What the specification says, row by row.
fn is_shown(row: &Row, view: &ActivationView) -> bool {
    let whole = |wanted: &Option<String>, value: Option<&str>| {
        wanted
            .as_deref()
            .is_none_or(|wanted| wanted == value.unwrap_or_default())
    };
    let part = |wanted: &Option<String>, value: Option<&str>| {
        let wanted = fold(wanted.as_deref().unwrap_or_default().trim());
        wanted.is_empty() || value.is_some_and(|value| fold(value).contains(&wanted))
    };
    let searched = fold(view.search.as_deref().unwrap_or_default())
        .split_whitespace()
        .all(|word| {
            view::SEARCHED.iter().any(|column| {
                let value = cell(row, *column).unwrap_or_default();
                fold(value).contains(word)
                    || (*column == ActivationColumn::State && fold(states::label(value)).contains(word))
            })
        });
    whole(&view.state, Some(&row.state))
        && whole(&view.location, row.location.as_deref())
        && whole(&view.licence, row.licence.as_deref())
        && whole(&view.service_type, row.service_type.as_deref())
        && part(&view.service_id, row.service_id.as_deref())
        && part(&view.extension, row.extension.as_deref())
        && part(&view.first_name, row.first_name.as_deref())
        && part(&view.last_name, row.last_name.as_deref())
        && part(&view.email, row.email.as_deref())
        && (!view.stuck || states::is_stuck(&row.state, row.last_status_change.as_deref(), now()))
        && searched
}

fn compare(one: Option<&str>, other: Option<&str>, level: &ActivationSort) -> Ordering {
    let (Some(one), Some(other)) = (one, other) else {
        // Without a value last, whichever way the rest goes.
        return one.is_none().cmp(&other.is_none());
    };
    let time = |text: &str| text.parse::<Timestamp>().ok();
    let ordering = match level.column {
        ActivationColumn::LastStatusChange | ActivationColumn::AsOf => match (time(one), time(other)) {
            (Some(one), Some(other)) => one.cmp(&other),
            (one, other) => one.is_none().cmp(&other.is_none()),
        },
        _ => natural_key(one).cmp(&natural_key(other)),
    };
    let ordering = ordering.then_with(|| one.cmp(other));
    if level.descending {
        ordering.reverse()
    } else {
        ordering
    }
}

fn plain(rows: &[Row], view: &ActivationView) -> Vec<String> {
    let mut shown: Vec<&Row> = rows.iter().filter(|row| is_shown(row, view)).collect();
    shown.sort_by(|one, other| one.key.cmp(&other.key));
    shown.sort_by(|one, other| {
        view.sort
            .iter()
            .take(LEVELS)
            .map(|level| compare(cell(one, level.column), cell(other, level.column), level))
            .find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    shown.into_iter().map(|row| row.key.clone()).collect()
}

fn without_twins(rows: Vec<Row>) -> Vec<Row> {
    let mut last: HashMap<String, Row> = HashMap::new();
    for row in rows {
        last.insert(row.key.clone(), row);
    }
    last.into_values().collect()
}

fn shown(index: &Index, view: &ActivationView) -> Vec<String> {
    let rows = index.view(view, now());
    rows.iter().map(|row| index.key(*row).to_owned()).collect()
}

fn same_as_plain(index: &Index, rows: &[Row], view: &ActivationView) {
    assert_eq!(shown(index, view), plain(rows, view), "{view:?}");
    assert_eq!(index.count() as usize, rows.len());
    let stuck = ActivationView {
        stuck: true,
        ..ActivationView::default()
    };
    assert_eq!(index.stuck(now()) as usize, plain(rows, &stuck).len());
    let not_begun = rows
        .iter()
        .filter(|row| states::has_not_begun(&row.state, row.email.as_deref()));
    assert_eq!(index.not_begun() as usize, not_begun.count());
    for StateCount { state, count } in index.states() {
        assert_eq!(
            rows.iter().filter(|row| row.state == state).count(),
            count as usize
        );
    }
    let choices = index.choices();
    for location in rows.iter().map(|row| row.location.as_deref().unwrap_or_default()) {
        assert!(
            choices.locations.iter().any(|choice| choice == location),
            "{location}"
        );
    }
    for choice in &choices.locations {
        assert!(
            rows.iter()
                .any(|row| row.location.as_deref().unwrap_or_default() == choice),
            "{choice}"
        );
    }
    for row in rows {
        let user = index.user(index.find(&row.key).unwrap(), now());
        assert_eq!(
            (
                &user.state,
                &user.email,
                &user.location,
                &user.errors,
                &user.numbers,
                &user.as_of
            ),
            (
                &row.state,
                &row.email,
                &row.location,
                &row.errors,
                &row.numbers,
                &row.as_of
            )
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_view_is_a_plain_filter_and_sort(
        rows in prop::collection::vec(row(), 0..60),
        views in prop::collection::vec(view(), 1..6),
    ) {
        let index = Index::build(ActivationSource::Broadworks, rows.clone());
        let rows = without_twins(rows);
        for view in &views {
            same_as_plain(&index, &rows, view);
        }
    }

    #[test]
    fn changed_rows_are_followed(
        rows in prop::collection::vec(row(), 1..60),
        changes in prop::collection::vec((row(), prop::bool::weighted(0.3)), 1..30),
        views in prop::collection::vec(view(), 1..4),
    ) {
        let mut index = Index::build(ActivationSource::Broadworks, rows.clone());
        let mut rows: HashMap<String, Row> =
            without_twins(rows).into_iter().map(|row| (row.key.clone(), row)).collect();
        let known: Vec<String> = rows.keys().cloned().collect();
        for (changed, gone) in changes {
            let key = changed.key.clone();
            let followed = if gone {
                rows.remove(&key);
                index.apply(Change::Gone(key.clone()))
            } else {
                if known.contains(&key) {
                    rows.insert(key.clone(), changed.clone());
                }
                index.apply(Change::Put(Box::new(changed)))
            };
            assert_eq!(followed, gone || known.contains(&key));
        }
        let rows: Vec<Row> = rows.into_values().collect();
        for view in &views {
            same_as_plain(&index, &rows, view);
        }
    }
}

#[test]
fn nine_stands_before_ten_and_nobody_without_a_value_first() {
    let rows = [Some("10"), None, Some("9"), Some("101")]
        .into_iter()
        .enumerate()
        .map(|(at, extension)| Row {
            key: format!("k{at}"),
            state: "provisioned".to_owned(),
            extension: extension.map(str::to_owned),
            ..Row::default()
        });
    let index = Index::build(ActivationSource::People, rows.collect());
    let by_extension = |descending| ActivationView {
        sort: vec![ActivationSort {
            column: ActivationColumn::Extension,
            descending,
        }],
        ..ActivationView::default()
    };
    assert_eq!(shown(&index, &by_extension(false)), ["k2", "k0", "k3", "k1"]);
    assert_eq!(shown(&index, &by_extension(true)), ["k3", "k0", "k2", "k1"]);
}
