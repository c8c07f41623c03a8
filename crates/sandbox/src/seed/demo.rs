//! The demo seed: about 2,400 people in six locations, five of them with calling, about 600 people without it.

use rand::Rng;

use super::blueprint::{self, Place};
use super::names::Names;
use crate::cloud::inventory::Number;
use crate::cloud::licences::LicenceKind as Kind;
use crate::cloud::{Cloud, Pstn};

const DOMAIN: &str = "northgate.example";

/// Location and how its calling users are numbered.
struct Site {
    place: Place,
    people: usize,
    first_extension: u32,
    blocks: &'static [(&'static str, usize, u32, u32)],
}

/// Position of the location the sample file is for.
pub const SAMPLE_LOCATION: usize = 0;

fn sites() -> Vec<Site> {
    let uk = |name, street, city, postcode, position, calling| Place {
        name,
        address: [street, city, "England", postcode, "GB"],
        time_zone: "Europe/London",
        language: "en_GB",
        position,
        calling,
    };
    vec![
        Site {
            place: uk(
                "Manchester Deansgate",
                "201 Deansgate",
                "Manchester",
                "M3 3NW",
                ["53.4776", "-2.2500"],
                Some(("801", Some(Pstn::LocalGateway))),
            ),
            people: 700,
            first_extension: 2000,
            blocks: &[("+441614960", 3, 0, 1000)],
        },
        Site {
            place: uk(
                "London Southwark",
                "88 Great Suffolk Street",
                "London",
                "SE1 0BE",
                ["51.5030", "-0.1010"],
                Some(("802", Some(Pstn::NonIntegrated))),
            ),
            people: 500,
            first_extension: 2000,
            blocks: &[("+442079460", 3, 0, 1000)],
        },
        Site {
            place: uk(
                "Leeds Wellington Place",
                "5 Wellington Place",
                "Leeds",
                "LS1 4AP",
                ["53.7950", "-1.5560"],
                Some(("803", Some(Pstn::LocalGateway))),
            ),
            people: 250,
            first_extension: 3000,
            blocks: &[("+441134960", 3, 0, 600)],
        },
        Site {
            place: Place {
                name: "Denver Union Station",
                address: ["1701 Wynkoop Street", "Denver", "CO", "80202", "US"],
                time_zone: "America/Denver",
                language: "en_US",
                position: ["39.7527", "-104.9998"],
                calling: Some(("804", Some(Pstn::Integrated))),
            },
            people: 150,
            first_extension: 4000,
            blocks: &[("+130355501", 2, 0, 100), ("+172055501", 2, 0, 100)],
        },
        Site {
            place: Place {
                name: "Sydney Barangaroo",
                address: ["300 Barangaroo Avenue", "Sydney", "NSW", "2000", "AU"],
                time_zone: "Australia/Sydney",
                language: "en_AU",
                position: ["-33.8610", "151.2020"],
                calling: Some(("805", Some(Pstn::CiscoPlan))),
            },
            people: 190,
            first_extension: 500,
            blocks: &[("+6125550", 4, 1000, 1400)],
        },
        Site {
            place: Place {
                name: "Ghent Warehouse",
                address: ["Vliegtuiglaan 5", "Ghent", "East Flanders", "9000", "BE"],
                time_zone: "Europe/Brussels",
                language: "nl_BE",
                position: ["51.0870", "3.7480"],
                calling: None,
            },
            people: 0,
            first_extension: 0,
            blocks: &[],
        },
    ]
}

/// Positions of the demo's licences.
struct Licences {
    professional: [usize; 2],
    standard: usize,
    messaging: usize,
    meetings: usize,
    recording: usize,
    attendant: usize,
    experience: usize,
}

fn licences(cloud: &mut Cloud) -> Licences {
    let (sub1, sub2) = ("Sub-northgate-2023-A", "Sub-northgate-2025-B");
    let professional = blueprint::licence(
        cloud,
        "Webex Calling - Professional",
        Kind::Professional,
        "BCSTD",
        1600,
        sub1,
    );
    let second = blueprint::licence(
        cloud,
        "Webex Calling - Professional",
        Kind::Professional,
        "BCSTD",
        900,
        sub2,
    );
    let standard = blueprint::licence(
        cloud,
        "Webex Calling - Standard",
        Kind::Standard,
        "BCBAS",
        300,
        sub1,
    );
    let workspaces = blueprint::licence(
        cloud,
        "Webex Calling - Workspaces",
        Kind::Workspaces,
        "BCCA",
        120,
        sub1,
    );
    let recording = blueprint::licence(cloud, "Call Recording", Kind::Plain, "WCREC", 800, sub1);
    let attendant = blueprint::licence(
        cloud,
        "Webex Attendant Console",
        Kind::AttendantConsole,
        "WXAC",
        60,
        sub1,
    );
    let experience = blueprint::licence(
        cloud,
        "Customer Experience - Essential",
        Kind::CustomerExperience,
        "CXE",
        450,
        sub1,
    );
    let messaging = blueprint::licence(cloud, "Advanced Messaging", Kind::Messaging, "MS", 3000, sub1);
    let meetings = blueprint::licence(
        cloud,
        "Meeting - Webex Meetings Suite",
        Kind::Meetings,
        "EE",
        3000,
        sub1,
    );
    cloud.licences[meetings].site_url = Some(cloud.organisation.site_url.clone());
    cloud.licences[workspaces].elsewhere = 40;
    let calls = blueprint::licence(
        cloud,
        "Call on Webex (1:1 call, non-PSTN)",
        Kind::Plain,
        "UCPREM",
        3000,
        sub1,
    );
    cloud.licences[calls].elsewhere = 0;
    Licences {
        professional: [professional, second],
        standard,
        messaging,
        meetings,
        recording,
        attendant,
        experience,
    }
}

/// Fills the cloud.
pub fn fill(cloud: &mut Cloud) {
    let l = licences(cloud);
    let mut names = Names::default();
    let basic = [l.messaging, l.meetings];
    let mut places = Vec::new();
    for site in sites() {
        let at = blueprint::location(cloud, &site.place);
        for (prefix, width, from, to) in site.blocks {
            blueprint::block(cloud, at, prefix, *width, *from..*to);
        }
        if site.place.calling.is_some() {
            blueprint::features(
                cloud,
                at,
                5000 - if site.first_extension < 1000 { 4100 } else { 20 },
            );
            places.push((at, site.people, site.first_extension));
        }
    }
    special_numbers(cloud);
    for (n, role) in [0, 1, 2, 4, 0].into_iter().enumerate() {
        let admin = blueprint::person(cloud, &mut names, DOMAIN);
        blueprint::hold(cloud, admin, &basic);
        let email = ["admin", "auditor", "user.admin", "helpdesk", "second.admin"][n];
        cloud.people.change(admin, |p| {
            p.roles = vec![role];
            p.email = format!("{email}@{DOMAIN}");
            p.status = "active".to_owned();
            p.invite_pending = false;
        });
    }
    let mut callers = 0;
    for (location, people, first_extension) in places {
        let free: Vec<String> = cloud
            .inventory
            .numbers
            .iter()
            .filter(|(_, n)| n.location == location && n.active && n.owner.is_none())
            .map(|(d, _)| d.clone())
            .collect();
        let mut free = free.into_iter();
        for n in 0..people {
            let person = blueprint::person(cloud, &mut names, DOMAIN);
            blueprint::hold(cloud, person, &basic);
            let (extension, number) = (
                Some((first_extension + n as u32).to_string()),
                if n % 5 < 2 { None } else { free.next() },
            );
            let calling = match callers % 17 {
                0 | 1 => l.standard,
                2..=6 => l.professional[1],
                _ => l.professional[0],
            };
            blueprint::hold(cloud, person, &[calling]);
            if calling != l.standard {
                add_ons(cloud, person, &l);
            }
            cloud.place(person, location, extension, number);
            callers += 1;
        }
    }
    for _ in 0..600 {
        let person = blueprint::person(cloud, &mut names, DOMAIN);
        blueprint::hold(cloud, person, &basic);
    }
}

/// Numbers of other kinds, so that every counter of the number list has something to count.
fn special_numbers(cloud: &mut Cloud) {
    let mut change = |digits: &str, change: fn(&mut Number)| {
        if let Some(number) = cloud.inventory.numbers.get_mut(digits) {
            change(number);
        }
    };
    for n in 990..996 {
        change(&format!("+442079460{n}"), |n| n.service = true);
    }
    change("+442079460996", |n| n.reserved = true);
    change("+442079460997", |n| n.elin = true);
    cloud.inventory.numbers.insert(
        "+448081570100".to_owned(),
        Number {
            toll_free: true,
            ..Number::free(1)
        },
    );
    cloud.inventory.numbers.insert(
        "+447700900900".to_owned(),
        Number {
            mobile: true,
            ..Number::free(1)
        },
    );
    for n in 980..988 {
        let name = format!("Contact centre entry {}", n - 979);
        blueprint::feature(
            cloud,
            1,
            "CONTACT_CENTER_LINK",
            &name,
            &(3800 + n).to_string(),
            Some(&format!("+442079460{n}")),
        );
    }
}

fn add_ons(cloud: &mut Cloud, person: usize, l: &Licences) {
    if cloud.rng.random_range(0..10) == 0 {
        blueprint::hold(cloud, person, &[l.recording]);
    }
    // Nearly used up: three units are left.
    if cloud.licences[l.attendant].free() > 3 && cloud.rng.random_range(0..12) == 0 {
        blueprint::hold(cloud, person, &[l.attendant]);
    }
    if cloud.rng.random_range(0..25) == 0 {
        blueprint::hold(cloud, person, &[l.experience]);
    }
}
