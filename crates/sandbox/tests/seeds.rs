//! Seeds: the same each time, consistent in themselves, and what the library promises about them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::json;
use support::{HERE, awkward, demo, start};
use webex_sandbox::{Config, Seed};

#[tokio::test]
async fn the_same_seed_starts_the_same() {
    for seed in [Seed::Demo, Seed::Awkward] {
        let (a, b) = (
            start(Config {
                seed,
                ..Config::default()
            })
            .await,
            start(Config {
                seed,
                ..Config::default()
            })
            .await,
        );
        assert_eq!(a.sandbox.people(), b.sandbox.people());
        assert_eq!(a.sandbox.numbers(), b.sandbox.numbers());
        let subscribers = |wire: &support::Wire| -> Vec<_> {
            let all = wire.sandbox.subscribers().into_iter();
            all.map(|s| (s.id, s.user_id, s.person, s.status, s.email, s.errors))
                .collect()
        };
        assert_eq!(subscribers(&a), subscribers(&b));
        assert_eq!(
            (a.token.clone(), a.sandbox.client_secret()),
            (b.token.clone(), b.sandbox.client_secret())
        );
        assert_eq!(a.sandbox.sample_csv(), b.sandbox.sample_csv());
    }
    assert_eq!("large".parse(), Ok(Seed::Large));
    assert!(
        "huge"
            .parse::<Seed>()
            .unwrap_err()
            .to_string()
            .contains("demo, large or awkward")
    );
}

#[tokio::test]
async fn every_extension_and_number_of_a_seed_is_consistent() {
    for seed in [Seed::Demo, Seed::Awkward, Seed::Large] {
        let wire = start(Config {
            seed,
            ..Config::default()
        })
        .await;
        let (people, numbers) = (wire.sandbox.people(), wire.sandbox.numbers());
        let mut extensions = HashSet::new();
        for entry in numbers.iter().filter(|n| n.extension.is_some()) {
            assert!(
                extensions.insert((entry.location.clone(), entry.extension.clone())),
                "{seed}: {entry:?} twice"
            );
        }
        let emails: HashSet<String> = people.iter().map(|p| p.email.to_lowercase()).collect();
        assert_eq!(emails.len(), people.len(), "{seed}: e-mails are unique");
        for person in people.iter().filter(|p| p.location.is_some()) {
            assert!(
                extensions.contains(&(person.location.clone().unwrap(), person.extension.clone())),
                "{seed}: {person:?}"
            );
        }
        for licence in wire.sandbox.licences() {
            assert!(licence.consumed <= licence.total, "{seed}: {licence:?}");
        }
        if seed == Seed::Large {
            assert_eq!(
                (
                    people.len(),
                    people.iter().filter(|p| p.location.is_none()).count()
                ),
                (50_000, 20_000)
            );
        }
        if seed != Seed::Awkward {
            let names: HashSet<&str> = people.iter().map(|p| p.display_name.as_str()).collect();
            assert_eq!(names.len(), people.len(), "{seed}: display names are unique");
        }
    }
}

#[tokio::test]
async fn the_sample_file_fits_the_demo_seed() {
    let wire = demo().await;
    let text = String::from_utf8(wire.sandbox.sample_csv()).unwrap();
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!((lines[0], lines.len()), ("Ext Key,User's Name,Number", 301));
    let free: HashSet<String> = wire.free_numbers(HERE).into_iter().collect();
    let names: HashSet<String> = wire
        .sandbox
        .people()
        .into_iter()
        .filter(|p| p.location.is_none())
        .map(|p| p.display_name)
        .collect();
    let right = lines[1..].iter().filter(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        names.contains(cells[1]) && (cells[2].is_empty() || free.contains(cells[2]))
    });
    assert!(right.count() >= 285, "the planted problems are few");
    let units: u64 = wire
        .sandbox
        .licences()
        .iter()
        .filter(|l| l.name == support::PROFESSIONAL)
        .map(|l| l.total - l.consumed)
        .min()
        .unwrap();
    assert!(units >= 300, "300 rows fit either subscription");
}

#[tokio::test]
async fn a_freed_number_rests_in_the_awkward_seed() {
    let wire = awkward().await;
    let caller = wire
        .sandbox
        .people()
        .into_iter()
        .find(|p| p.number.is_some())
        .unwrap();
    let licence = caller
        .licences
        .iter()
        .zip(&caller.licence_names)
        .find(|(_, n)| n.starts_with("Webex Calling"))
        .unwrap()
        .0
        .clone();
    let place = json!([{ "id": licence, "properties": { "locationId": caller.location, "phoneNumber": caller.number } }]);
    assert_eq!(
        wire.patch(&caller.id, json!([{ "id": licence, "operation": "remove" }]))
            .await
            .status,
        200
    );
    let who = wire.plain()[5].clone();
    assert_eq!(wire.patch(&who, place.clone()).await.status, 400);
    wire.sandbox.advance(std::time::Duration::from_secs(11));
    assert_eq!(wire.patch(&who, place).await.status, 200);
}

#[tokio::test]
async fn a_stopped_sandbox_answers_nobody() {
    let wire = demo().await;
    let url = wire.url("/people/me");
    assert_eq!(wire.get("/people/me").await.status, 200);
    let (http, token) = (wire.http.clone(), wire.token.clone());
    wire.sandbox.stop().await;
    assert!(http.get(url).bearer_auth(token).send().await.is_err());
}

/// How many subscribers of a seed are in each state.
fn states(wire: &support::Wire) -> BTreeMap<String, usize> {
    let mut states = BTreeMap::new();
    for subscriber in wire.sandbox.subscribers() {
        *states.entry(subscriber.status).or_default() += 1;
    }
    states
}

#[tokio::test]
async fn the_demo_seed_has_a_subscriber_for_everybody_with_calling() {
    let wire = demo().await;
    let people = wire.sandbox.people();
    let callers: HashSet<&str> = people
        .iter()
        .filter(|p| p.location.is_some())
        .map(|p| p.id.as_str())
        .collect();
    let subscribers = wire.sandbox.subscribers();
    let theirs: HashSet<&str> = subscribers.iter().filter_map(|s| s.person.as_deref()).collect();
    assert_eq!((theirs, subscribers.len()), (callers.clone(), callers.len()));
    let states = states(&wire);
    assert_eq!(states.len(), 7);
    let provisioned = states["provisioned"] * 100 / subscribers.len();
    assert!((77..=83).contains(&provisioned), "{states:?}");
    assert!(
        states["error"] >= 10 && states["pending_email_input"] > 100,
        "{states:?}"
    );
    let errors: HashSet<&String> = subscribers.iter().flat_map(|s| &s.errors).collect();
    assert_eq!(errors.len(), 3, "{errors:?}");
    let by_id: HashMap<&str, &webex_sandbox::PersonView> =
        people.iter().map(|p| (p.id.as_str(), p)).collect();
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    for subscriber in &subscribers {
        let person = by_id[subscriber.person.as_deref().unwrap()];
        assert_eq!(subscriber.extension, person.extension);
        assert_eq!(
            subscriber.number.as_deref().map(digits),
            person.number.as_deref().map(digits)
        );
        assert_eq!(
            subscriber.email.is_none(),
            subscriber.status == "pending_email_input"
        );
    }
    let now = wire.get("/people/me").await;
    let now = jiff::fmt::rfc2822::parse(now.header("date").unwrap())
        .unwrap()
        .timestamp();
    let long = subscribers.iter().filter(|s| {
        let changed: jiff::Timestamp = s.changed.parse().unwrap();
        s.status != "provisioned" && now.duration_since(changed).as_hours() >= 9 * 24
    });
    assert!(long.count() > 30, "some have waited for nine days");
}

#[tokio::test]
async fn the_awkward_seed_has_subscribers_nobody_expects() {
    let wire = awkward().await;
    let states = states(&wire);
    assert_eq!(states["hibernating"], 1, "{states:?}");
    let all = wire.sandbox.subscribers();
    let any = |is: fn(&webex_sandbox::SubscriberView) -> bool| all.iter().any(is);
    assert!(any(|s| s.enterprise.is_none()));
    assert!(any(|s| s.extension.as_deref() == Some("0042")));
    assert!(any(|s| s.errors == ["10099"]));
    assert!(any(|s| s.number.as_deref() == Some("(0116) 496 0025")));
    assert!(any(|s| s.last_name == "حداد") && any(|s| s.last_name.starts_with('Ø')));
    assert_eq!(all.iter().filter(|s| s.user_id == "twice@sp.example").count(), 2);
    // The list ends in an empty page whose `next` leads to itself.
    let mut url = "/broadworks/subscribers?max=40".to_owned();
    let mut listed = 0;
    loop {
        let got = wire.get(&url).await;
        let page = got.json()["items"].as_array().unwrap().len();
        url = got.next().unwrap();
        listed += page;
        if page == 0 {
            break;
        }
    }
    assert_eq!(listed, all.len());
    assert!(wire.get(&url).await.next().is_some());
    let enterprises = wire.sandbox.enterprises();
    assert_eq!(enterprises[0].status, "DREAMING");
}

#[tokio::test]
async fn large_is_no_partner_and_every_seed_has_open_invitations() {
    for seed in [Seed::Demo, Seed::Awkward, Seed::Large] {
        let wire = start(Config {
            seed,
            ..Config::default()
        })
        .await;
        let refused = seed == Seed::Large;
        for path in ["/broadworks/subscribers", "/broadworks/enterprises"] {
            assert_eq!(wire.get(path).await.status == 403, refused, "{seed} {path}");
        }
        let people = wire.sandbox.people();
        let open = people.iter().filter(|p| p.invite_pending).count();
        assert!(open > 5 && open < people.len() / 5, "{seed}: {open}");
    }
}
