//! The large seed: 50,000 people, 20,000 of them without calling, in twenty locations with 130,000 numbers.
//!
//! Numbers come from the ranges Australia and France keep for fiction, which are wide enough.

use super::blueprint::{self, Place};
use super::names::Names;
use crate::cloud::licences::LicenceKind as Kind;
use crate::cloud::{Cloud, Pstn};

const DOMAIN: &str = "meridian.example";
const PEOPLE: usize = 50_000;
const CALLERS: usize = 30_000;

/// Name, city, country, time zone, language, routing prefix, number block of ten thousand (or half of it).
type Site = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    (u32, u32),
);

const SITES: &[Site] = &[
    (
        "Sydney Central",
        "Sydney",
        "AU",
        "Australia/Sydney",
        "en_AU",
        "8101",
        "+6125550",
        (0, 10000),
    ),
    (
        "Sydney North",
        "Chatswood",
        "AU",
        "Australia/Sydney",
        "en_AU",
        "8102",
        "+6127010",
        (0, 5000),
    ),
    (
        "Canberra Civic",
        "Canberra",
        "AU",
        "Australia/Sydney",
        "en_AU",
        "8103",
        "+6127010",
        (5000, 10000),
    ),
    (
        "Melbourne Docklands",
        "Melbourne",
        "AU",
        "Australia/Melbourne",
        "en_AU",
        "8104",
        "+6135550",
        (0, 10000),
    ),
    (
        "Melbourne East",
        "Box Hill",
        "AU",
        "Australia/Melbourne",
        "en_AU",
        "8105",
        "+6137010",
        (0, 5000),
    ),
    (
        "Hobart Waterfront",
        "Hobart",
        "AU",
        "Australia/Hobart",
        "en_AU",
        "8106",
        "+6137010",
        (5000, 10000),
    ),
    (
        "Brisbane Southbank",
        "Brisbane",
        "AU",
        "Australia/Brisbane",
        "en_AU",
        "8107",
        "+6175550",
        (0, 10000),
    ),
    (
        "Cairns Esplanade",
        "Cairns",
        "AU",
        "Australia/Brisbane",
        "en_AU",
        "8108",
        "+6177010",
        (0, 5000),
    ),
    (
        "Townsville Strand",
        "Townsville",
        "AU",
        "Australia/Brisbane",
        "en_AU",
        "8109",
        "+6177010",
        (5000, 10000),
    ),
    (
        "Perth Riverside",
        "Perth",
        "AU",
        "Australia/Perth",
        "en_AU",
        "8110",
        "+6185550",
        (0, 10000),
    ),
    (
        "Adelaide Rundle",
        "Adelaide",
        "AU",
        "Australia/Adelaide",
        "en_AU",
        "8111",
        "+6187010",
        (0, 5000),
    ),
    (
        "Darwin Harbour",
        "Darwin",
        "AU",
        "Australia/Darwin",
        "en_AU",
        "8112",
        "+6187010",
        (5000, 10000),
    ),
    (
        "Paris La Défense",
        "Paris",
        "FR",
        "Europe/Paris",
        "fr_FR",
        "8113",
        "+3319900",
        (0, 5000),
    ),
    (
        "Paris Bercy",
        "Paris",
        "FR",
        "Europe/Paris",
        "fr_FR",
        "8114",
        "+3319900",
        (5000, 10000),
    ),
    (
        "Nantes Île de Nantes",
        "Nantes",
        "FR",
        "Europe/Paris",
        "fr_FR",
        "8115",
        "+3326191",
        (0, 5000),
    ),
    (
        "Rennes Gare",
        "Rennes",
        "FR",
        "Europe/Paris",
        "fr_FR",
        "8116",
        "+3326191",
        (5000, 10000),
    ),
    (
        "Strasbourg Kléber",
        "Strasbourg",
        "FR",
        "Europe/Paris",
        "fr_FR",
        "8117",
        "+3335301",
        (0, 10000),
    ),
    (
        "Marseille Joliette",
        "Marseille",
        "FR",
        "Europe/Paris",
        "fr_FR",
        "8118",
        "+3346571",
        (0, 10000),
    ),
    (
        "Toulouse Compans",
        "Toulouse",
        "FR",
        "Europe/Paris",
        "fr_FR",
        "8119",
        "+3353649",
        (0, 10000),
    ),
    (
        "Lyon Depot",
        "Lyon",
        "FR",
        "Europe/Paris",
        "fr_FR",
        "",
        "",
        (0, 0),
    ),
];

/// Fills the cloud.
pub fn fill(cloud: &mut Cloud) {
    let sub = ["Sub-meridian-01", "Sub-meridian-02"];
    let first = blueprint::licence(
        cloud,
        "Webex Calling - Professional",
        Kind::Professional,
        "BCSTD",
        35_000,
        sub[0],
    );
    let second = blueprint::licence(
        cloud,
        "Webex Calling - Professional",
        Kind::Professional,
        "BCSTD",
        20_000,
        sub[1],
    );
    let standard = blueprint::licence(
        cloud,
        "Webex Calling - Standard",
        Kind::Standard,
        "BCBAS",
        6_000,
        sub[0],
    );
    let workspaces = blueprint::licence(
        cloud,
        "Webex Calling - Workspaces",
        Kind::Workspaces,
        "BCCA",
        2_000,
        sub[0],
    );
    cloud.licences[workspaces].elsewhere = 900;
    let recording = blueprint::licence(cloud, "Call Recording", Kind::Plain, "WCREC", 40_000, sub[0]);
    blueprint::licence(
        cloud,
        "Webex Attendant Console",
        Kind::AttendantConsole,
        "WXAC",
        300,
        sub[0],
    );
    blueprint::licence(
        cloud,
        "Customer Experience - Essential",
        Kind::CustomerExperience,
        "CXE",
        2_000,
        sub[0],
    );
    let messaging = blueprint::licence(cloud, "Advanced Messaging", Kind::Messaging, "MS", 60_000, sub[0]);
    let meetings = blueprint::licence(
        cloud,
        "Meeting - Webex Meetings Suite",
        Kind::Meetings,
        "EE",
        60_000,
        sub[0],
    );
    cloud.licences[meetings].site_url = Some(cloud.organisation.site_url.clone());

    let mut free = Vec::new();
    for site in SITES {
        let (name, city, country, time_zone, language, prefix, block, (from, to)) = *site;
        let calling = (!prefix.is_empty()).then_some((prefix, Some(Pstn::LocalGateway)));
        let place = Place {
            name,
            address: ["1 Main Street", city, "", "1000", country],
            time_zone,
            language,
            position: ["0.0", "0.0"],
            calling,
        };
        let at = blueprint::location(cloud, &place);
        if calling.is_some() {
            blueprint::block(cloud, at, block, 4, from..to);
            blueprint::features(cloud, at, 9000);
            let own = cloud
                .inventory
                .numbers
                .range(format!("{block}{from:04}")..=format!("{block}{:04}", to - 1));
            free.push((
                at,
                own.filter(|(_, n)| n.active && n.owner.is_none())
                    .map(|(d, _)| d.clone())
                    .collect::<Vec<_>>()
                    .into_iter(),
                10_000,
            ));
        }
    }
    let mut names = Names::default();
    for n in 0..PEOPLE {
        let person = blueprint::person(cloud, &mut names, DOMAIN);
        blueprint::hold(cloud, person, &[messaging, meetings]);
        if n == 0 {
            cloud.people.change(person, |p| {
                p.roles = vec![0];
                p.email = format!("admin@{DOMAIN}");
            });
        }
        // Three in five, evenly over the list.
        if n * CALLERS / PEOPLE != (n + 1) * CALLERS / PEOPLE {
            let calling = match n % 11 {
                0 => standard,
                1..=4 => second,
                _ => first,
            };
            blueprint::hold(cloud, person, &[calling]);
            if n % 7 == 0 {
                blueprint::hold(cloud, person, &[recording]);
            }
            let sites = free.len();
            let (location, numbers, extension) = &mut free[n % sites];
            *extension += 1;
            let number = if n % 3 == 0 { None } else { numbers.next() };
            let (location, extension) = (*location, extension.to_string());
            cloud.place(person, location, Some(extension), number);
        }
    }
}
