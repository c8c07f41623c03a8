//! The awkward seed: about 200 people and everything the reference warns of.

use std::collections::HashMap;
use std::time::Duration;

use super::blueprint::{self, Place};
use super::names::Names;
use super::sentinels;
use crate::cloud::inventory::Number;
use crate::cloud::licences::LicenceKind as Kind;
use crate::cloud::people::Alternate;
use crate::cloud::{Cloud, Pstn, Quirks};
use crate::fault::LinkQuirk;
use crate::ids;

const DOMAIN: &str = "quirks.example";

/// Fills the cloud.
pub fn fill(cloud: &mut Cloud) {
    cloud.quirks = Quirks {
        links: HashMap::from([
            ("v1/people", vec![LinkQuirk::LostFilters, LinkQuirk::MaxNull]),
            ("v1/locations", vec![LinkQuirk::MaxNull]),
            ("v1/licenses/*", vec![LinkQuirk::EmptyForever]),
            ("v1/telephony/config/numbers", vec![LinkQuirk::MaxNull]),
            ("v1/telephony/config/locations", vec![LinkQuirk::Doubled]),
            (
                "v1/wholesale/customers",
                vec![LinkQuirk::LostFilters, LinkQuirk::EmptyForever],
            ),
            (
                "v1/telephony/config/locations/*/availableNumbers",
                vec![LinkQuirk::ForeignHost],
            ),
        ]),
        text_booleans: true,
        joined_lists: true,
        plain_codes: true,
    };
    cloud.counter_lag = Duration::from_secs(60);
    cloud.release_delay = Duration::from_secs(10);

    let professional = blueprint::licence(
        cloud,
        "Webex Calling - Professional",
        Kind::Professional,
        "BCSTD",
        90,
        "Sub-quirks-1",
    );
    let twin = blueprint::licence(
        cloud,
        "Webex Calling - Professional",
        Kind::Professional,
        "BCSTD",
        60,
        "Sub-quirks-2",
    );
    let basic = blueprint::licence(
        cloud,
        "Webex Calling - Basic",
        Kind::Standard,
        "BCBAS",
        20,
        "Sub-quirks-1",
    );
    blueprint::licence(
        cloud,
        "Webex Calling - Workspaces",
        Kind::Workspaces,
        "BCCA",
        10,
        "Sub-quirks-1",
    );
    let console = blueprint::licence(
        cloud,
        "Webex Attendant Console",
        Kind::AttendantConsole,
        "WXAC",
        2,
        "Sub-quirks-1",
    );
    blueprint::licence(
        cloud,
        "Customer Experience - Essential",
        Kind::CustomerExperience,
        "CXE",
        5,
        "Sub-quirks-1",
    );
    let messaging = blueprint::licence(
        cloud,
        "Advanced Messaging",
        Kind::Messaging,
        "MS",
        300,
        "Sub-quirks-1",
    );
    let share = blueprint::licence(
        cloud,
        "Screen Share",
        Kind::ScreenShare,
        "SS",
        300,
        "Sub-quirks-1",
    );
    blueprint::licence(
        cloud,
        "Jabber Messenger",
        Kind::Messenger,
        "MSGR",
        300,
        "Sub-quirks-1",
    );
    let everybody = [messaging, share];

    let main = blueprint::location(
        cloud,
        &place("Søborg “Hovedkontor”", Some(("", Some(Pstn::LocalGateway)))),
    );
    let legacy = blueprint::location(
        cloud,
        &place("Old Town (legacy)", Some(("77", Some(Pstn::NonIntegrated)))),
    );
    let twin_place = blueprint::location(cloud, &place("old town (LEGACY)", Some(("78", None))));
    blueprint::location(cloud, &place("Storage, unit 5", None));
    rename_location(cloud, legacy, "63715", "us");
    let rest = cloud.locations[twin_place].rest.clone();
    rename_location(cloud, twin_place, &rest, "urn:TEAM:us-east-1_int13");

    blueprint::block(cloud, main, "+441164960", 3, 0..260);
    blueprint::block(cloud, legacy, "+441174960", 3, 0..120);
    blueprint::block(cloud, twin_place, "+441184960", 3, 0..40);
    for (digits, change) in [
        (
            "+441164960250",
            (|n: &mut Number| n.reserved = true) as fn(&mut Number),
        ),
        ("+441164960251", |n| n.service = true),
        ("+441164960252", |n| n.elin = true),
    ] {
        if let Some(number) = cloud.inventory.numbers.get_mut(digits) {
            change(number);
        }
    }
    cloud.inventory.numbers.insert(
        "+448081570001".to_owned(),
        Number {
            toll_free: true,
            ..Number::free(main)
        },
    );
    cloud.inventory.numbers.insert(
        "+447700900123".to_owned(),
        Number {
            mobile: true,
            ..Number::free(main)
        },
    );
    for location in [main, legacy, twin_place] {
        blueprint::features(cloud, location, 700);
    }
    blueprint::feature(
        cloud,
        main,
        "HOLOGRAPHIC_DESK",
        "Owner type nobody knows",
        "799",
        None,
    );

    let admin = person(cloud, "Åse", "Ødegård", "Åse Ødegård", "admin");
    cloud.people.change(admin, |p| p.roles = vec![0, 7]);
    let reader = person(cloud, "Read", "Only", "Read Only", "auditor");
    cloud.people.change(reader, |p| p.roles = vec![1]);
    blueprint::hold(cloud, admin, &everybody);
    blueprint::hold(cloud, reader, &everybody);

    let mut names = Names::default();
    for n in 0..90_u32 {
        let at = blueprint::person(cloud, &mut names, DOMAIN);
        blueprint::hold(cloud, at, &everybody);
        blueprint::hold(
            cloud,
            at,
            &[[professional, professional, professional, twin, twin, twin, basic][(n % 7) as usize]],
        );
        let (location, block, first) = if n < 70 {
            (main, "+441164960", 100)
        } else {
            (legacy, "+441174960", 100)
        };
        let number = (n % 2 == 0)
            .then(|| format!("{block}{:03}", n + 1))
            .filter(|d| cloud.inventory.numbers.get(d).is_some_and(|x| x.owner.is_none()));
        cloud.place(at, location, Some((first + n).to_string()), number);
        if n % 20 == 4 {
            let number = format!("{block}{:03}", if n < 70 { 200 + n } else { 110 });
            cloud.add_alternate(
                at,
                Alternate {
                    number,
                    extension: Some((300 + n).to_string()),
                    ring_pattern: "LONG_LONG".to_owned(),
                },
            );
        }
        if n == 9 {
            blueprint::hold(cloud, at, &[console]);
        }
    }
    clashing(cloud, &everybody);
    for _ in 0..80 {
        let at = blueprint::person(cloud, &mut names, DOMAIN);
        blueprint::hold(cloud, at, &everybody);
    }
    strange(cloud, &everybody);
    sentinels::add(cloud, DOMAIN, &everybody);
    pad(cloud);
}

fn place(name: &'static str, calling: Option<(&'static str, Option<Pstn>)>) -> Place {
    Place {
        name,
        address: ["Bag Elefanterne 3", "Søborg", "", "2860", "DK"],
        time_zone: "Europe/Copenhagen",
        language: "da_DK",
        position: ["55.7370", "12.5090"],
        calling,
    }
}

fn person(cloud: &mut Cloud, first: &str, last: &str, display: &str, local: &str) -> usize {
    let uuid = cloud.new_uuid();
    blueprint::named_person(cloud, uuid, first, last, display, &format!("{local}@{DOMAIN}"))
}

fn rename_location(cloud: &mut Cloud, at: usize, rest: &str, cluster: &str) {
    let location = &mut cloud.locations[at];
    rest.clone_into(&mut location.rest);
    location.id = ids::encode(cluster, "LOCATION", rest);
}

/// Display names that clash: the same, in another case, with another normal form, with spaces around.
fn clashing(cloud: &mut Cloud, everybody: &[usize]) {
    let clashes = [
        ("Chris", "Lee", "Chris Lee", "chris.lee"),
        ("Chris", "Lee", "Chris Lee", "chris.lee2"),
        ("chris", "lee", "chris lee", "c.lee"),
        ("Zoe\u{308}", "Smith", "Zoe\u{308} Smith", "zoe.smith"),
        ("Zoë", "Smith", "Zoë Smith", "zoe.smith2"),
        ("Pat", "Morgan", "Pat Morgan ", "pat.morgan"),
        ("Pat", "Morgan", "Pat  Morgan", "pat.morgan2"),
        ("Ann", "O’Neill", "Ann O’Neill", "ann.oneill"),
        ("Ann", "O'Neill", "Ann O'Neill", "ann.oneill2"),
    ];
    for (first, last, display, local) in clashes {
        let at = person(cloud, first, last, display, local);
        blueprint::hold(cloud, at, everybody);
    }
}

/// Values that no schema names, and text that is dangerous somewhere.
fn strange(cloud: &mut Cloud, everybody: &[usize]) {
    let at = person(cloud, "", "", "=HYPERLINK(\"http://x.example\")", "formula");
    blueprint::hold(cloud, at, everybody);
    let at = person(cloud, "Comma", "Quote", "Quote \"Q\", Comma", "comma.quote");
    blueprint::hold(cloud, at, everybody);
    let at = person(cloud, "家族", "王", "王 家族 👩\u{200d}👩\u{200d}👧", "family");
    blueprint::hold(cloud, at, everybody);
    let at = person(cloud, "ليلى", "حداد", "ليلى حداد", "layla.haddad.ar");
    blueprint::hold(cloud, at, everybody);
    let at = person(cloud, "Hologram", "Status", "Hologram Status", "hologram");
    blueprint::hold(cloud, at, everybody);
    cloud.people.change(at, |p| p.status = "hologram".to_owned());
}

/// A third of the people have padded ids, some of another cluster.
fn pad(cloud: &mut Cloud) {
    let all: Vec<usize> = cloud.people.from(0).map(|(at, _)| at).collect();
    for at in all {
        cloud.people.change(at, |p| {
            let rest = p.uuid.to_string();
            match at % 3 {
                0 => {
                    let plain = ids::encode("us", "PEOPLE", &rest);
                    p.id = format!("{plain}{}", "=".repeat((4 - plain.len() % 4) % 4));
                }
                1 => p.id = ids::encode("urn:TEAM:eu-central-1_k", "PEOPLE", &rest),
                _ => {}
            }
        });
    }
}
