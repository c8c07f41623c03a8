//! Filters, search and order together, against the plain way.

use super::*;
use std::cmp::Ordering;

fn text<'a>(user: &'a Value, name: &str) -> &'a str {
    user[name].as_str().unwrap_or_default()
}

/// Numbers by value, the rest by letters; enough for what is compared here.
fn natural(one: &str, other: &str) -> Ordering {
    match (one.parse::<u64>(), other.parse::<u64>()) {
        (Ok(one), Ok(other)) => one.cmp(&other),
        _ => one.cmp(other),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_search_and_order_hold_together() {
    let world = partner(300).await;
    let all = users(&world, json!({})).await;
    let by_extension = json!([{ "column": "extension", "descending": false }]);
    let sorted = users(&world, json!({ "sort": by_extension })).await;
    assert_eq!(sorted.len(), all.len());
    for pair in sorted.windows(2) {
        let (one, other) = (text(&pair[0], "extension"), text(&pair[1], "extension"));
        assert!(
            other.is_empty() || natural(one, other) != Ordering::Greater,
            "{one} before {other}"
        );
    }
    let longest = sorted
        .iter()
        .map(|user| text(user, "extension").len())
        .max()
        .unwrap();
    let shortest = sorted
        .iter()
        .map(|user| text(user, "extension").len())
        .filter(|length| *length > 0)
        .min();
    assert!(
        shortest.unwrap() < longest,
        "the natural order has something to show"
    );

    let some = &all[0];
    let package = text(some, "licence");
    let part = &text(some, "lastName")[..2];
    let view = json!({
        "licence": package, "lastName": part.to_uppercase(), "search": text(some, "serviceId"),
        "sort": [{ "column": "state", "descending": true }, { "column": "service_id", "descending": false }],
    });
    let found = users(&world, view).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0]["key"], some["key"]);

    let view = json!({
        "licence": package,
        "sort": [{ "column": "state", "descending": true }, { "column": "service_id", "descending": false }],
    });
    let found = users(&world, view.clone()).await;
    let mut plain: Vec<&Value> = all
        .iter()
        .filter(|user| text(user, "licence") == package)
        .collect();
    plain.sort_by(|one, other| {
        text(other, "state")
            .cmp(text(one, "state"))
            .then_with(|| natural(text(one, "serviceId"), text(other, "serviceId")))
    });
    let keys = |users: &[&Value]| users.iter().map(|user| user["key"].clone()).collect::<Vec<_>>();
    assert_eq!(keys(&found.iter().collect::<Vec<_>>()), keys(&plain));

    // Windows of the same view.
    let mut windows = Vec::new();
    for offset in (0..plain.len() as u32).step_by(7) {
        let window = window(&world, view.clone(), offset, 7).await;
        assert_eq!(window["total"], plain.len());
        windows.extend(window["users"].as_array().unwrap().clone());
    }
    assert_eq!(windows, found);
    let beyond = window(&world, view, 10_000, 7).await;
    assert_eq!(beyond["users"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_found_and_ordered_whatever_their_script() {
    let world = connected(12).await;
    let names = [
        "Søren",
        "Éloïse",
        "Ирина",
        "田中",
        "zoe",
        "Zoë",
        "Ärger",
        "Anna",
        "Muller",
        "Müller",
        "Øberg",
        "9",
    ];
    for (subscriber, name) in world.sandbox.subscribers().iter().zip(names) {
        let named = SubscriberChange {
            last_name: Some(name.to_owned()),
            ..SubscriberChange::default()
        };
        change(&world, subscriber, &named);
    }
    world.sync().await;
    let ordered = |users: Vec<Value>| -> Vec<String> {
        users
            .iter()
            .map(|user| text(user, "lastName").to_owned())
            .collect()
    };
    let sort = |descending: bool| json!({ "sort": [{ "column": "last_name", "descending": descending }] });
    let up = ordered(users(&world, sort(false)).await);
    assert_eq!(
        up,
        [
            "9",
            "Anna",
            "Ärger",
            "Éloïse",
            "Muller",
            "Müller",
            "Øberg",
            "Søren",
            "zoe",
            "Zoë",
            "Ирина",
            "田中"
        ]
    );
    let mut down = ordered(users(&world, sort(true)).await);
    down.reverse();
    assert_eq!(down, up);
    for (typed, found) in [
        ("soren", "Søren"),
        ("ELOISE", "Éloïse"),
        ("ирина", "Ирина"),
        ("田", "田中"),
        ("oberg", "Øberg"),
    ] {
        let part = ordered(users(&world, json!({ "lastName": typed })).await);
        assert_eq!(part, [found], "{typed}");
        let anywhere = ordered(users(&world, json!({ "search": typed })).await);
        assert!(anywhere.contains(&found.to_owned()), "{typed}: {anywhere:?}");
    }
    assert_eq!(users(&world, json!({ "lastName": "muller" })).await.len(), 2);
    assert_eq!(
        users(&world, json!({ "search": "pending_nothing" })).await.len(),
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_chosen_is_what_somebody_has() {
    let world = partner(120).await;
    let choices = status(&world).await["choices"].clone();
    let all = users(&world, json!({})).await;
    for (choice, column, filter) in [
        ("locations", "location", "location"),
        ("licences", "licence", "licence"),
        ("serviceTypes", "serviceType", "serviceType"),
    ] {
        let mut sum = 0;
        for value in choices[choice].as_array().unwrap() {
            let found = users(&world, json!({ filter: value })).await;
            assert!(!found.is_empty(), "{column} {value}");
            assert!(
                found
                    .iter()
                    .all(|user| text(user, column) == value.as_str().unwrap())
            );
            sum += found.len();
        }
        assert_eq!(
            sum,
            all.len(),
            "everybody is behind one choice of {column}: {choices:#}"
        );
    }
}
