//! The parts every seed is built from: locations, licences, number blocks, features, people.

use rand::Rng;
use uuid::Uuid;

use super::names::Names;
use crate::cloud::inventory::{Number, Owner};
use crate::cloud::licences::{Licence, LicenceKind};
use crate::cloud::people::Person;
use crate::cloud::{CallingLocation, Cloud, Location, Pstn};
use crate::ids;

/// A location to be.
pub struct Place {
    /// Name.
    pub name: &'static str,
    /// address1, city, state, postal code, country.
    pub address: [&'static str; 5],
    /// Time zone.
    pub time_zone: &'static str,
    /// Language.
    pub language: &'static str,
    /// Latitude, longitude.
    pub position: [&'static str; 2],
    /// Routing prefix and PSTN, when it can take calling users.
    pub calling: Option<(&'static str, Option<Pstn>)>,
}

/// Adds a location and answers its position.
pub fn location(cloud: &mut Cloud, place: &Place) -> usize {
    let rest = cloud.new_uuid().to_string();
    let calling = place.calling.map(|(prefix, pstn)| CallingLocation {
        routing_prefix: prefix.to_owned(),
        outside_dial_digit: "9".to_owned(),
        main_number: None,
        announcement_language: place.language.to_lowercase(),
        pstn,
    });
    cloud.locations.push(Location {
        id: ids::encode("us", "LOCATION", &rest),
        rest,
        name: place.name.to_owned(),
        address: place.address.map(str::to_owned),
        time_zone: place.time_zone.to_owned(),
        language: place.language.to_owned(),
        position: place.position.map(str::to_owned),
        calling,
    });
    cloud.locations.len() - 1
}

/// Adds a licence and answers its position.
pub fn licence(
    cloud: &mut Cloud,
    name: &str,
    kind: LicenceKind,
    code: &str,
    total: u64,
    subscription: &str,
) -> usize {
    let unique = cloud.new_uuid();
    let rest = format!("{}:{code}_{unique}", cloud.organisation.uuid);
    let id = ids::encode("us", "LICENSE", &rest);
    cloud
        .licences
        .push(Licence::new(rest, id, name, kind, total, subscription));
    cloud.licences.len() - 1
}

/// Adds a block of numbers: prefix and the digits after it, counted with leading zeros. The first becomes the main number of
/// a location that has none; every fifteenth is inactive.
pub fn block(cloud: &mut Cloud, location: usize, prefix: &str, width: usize, range: std::ops::Range<u32>) {
    for n in range {
        let digits = format!("{prefix}{n:0width$}");
        let mut number = Number {
            active: n % 15 != 7,
            ..Number::free(location)
        };
        if let Some(calling) = cloud.locations[location].calling.as_mut()
            && calling.main_number.is_none()
        {
            calling.main_number = Some(digits.clone());
            number.main = true;
            number.active = true;
        }
        cloud.inventory.numbers.insert(digits, number);
    }
}

/// Adds a feature with an extension and perhaps a number.
pub fn feature(
    cloud: &mut Cloud,
    location: usize,
    kind: &str,
    name: &str,
    extension: &str,
    number: Option<&str>,
) {
    let uuid = cloud.new_uuid();
    let at = cloud
        .inventory
        .add_feature(ids::encode("us", kind, &uuid.to_string()), kind, name);
    cloud
        .inventory
        .occupy(Owner::Feature(at), location, Some(extension), number, "PRIMARY");
}

/// The features every calling location has: extensions that belong to nobody who is a person.
pub fn features(cloud: &mut Cloud, location: usize, first_extension: u32) {
    let town = cloud.locations[location].address[1].clone();
    let main = cloud.locations[location]
        .calling
        .as_ref()
        .and_then(|c| c.main_number.clone());
    let kinds = [
        ("AUTO_ATTENDANT", "Reception", main.as_deref()),
        ("HUNT_GROUP", "Sales hunt group", None),
        ("CALL_QUEUE", "Support queue", None),
        ("VIRTUAL_LINE", "Overflow line", None),
        ("PLACE", "Lobby phone", None),
        ("PLACE", "Canteen phone", None),
        ("PLACE", "Meeting room 1", None),
        ("GROUP_PAGING", "Warehouse paging", None),
        ("VOICE_MESSAGING", "Voice portal", None),
        ("VOICEMAIL_GROUP", "Shared voicemail", None),
        ("ROUTE_LIST", "Trunk route list", None),
        ("CONTACT_CENTER_LINK", "Contact centre link", None),
    ];
    for (n, (kind, name, number)) in kinds.into_iter().enumerate() {
        let extension = (first_extension + n as u32).to_string();
        feature(
            cloud,
            location,
            kind,
            &format!("{town} {name}"),
            &extension,
            number,
        );
    }
}

const TITLES: &[&str] = &[
    "Planner",
    "Dispatcher",
    "Analyst",
    "Engineer",
    "Nurse",
    "Team Lead",
    "Accountant",
    "Buyer",
    "Coordinator",
    "Consultant",
];
const DEPARTMENTS: &[&str] = &[
    "Operations",
    "Finance",
    "Sales",
    "Support",
    "People",
    "IT",
    "Warehouse",
    "Legal",
    "Marketing",
];

/// Adds a person without licences. Nine in a hundred have not accepted the invitation.
pub fn person(cloud: &mut Cloud, names: &mut Names, domain: &str) -> usize {
    let name = names.next(&mut cloud.rng);
    let uuid = cloud.new_uuid();
    named_person(
        cloud,
        uuid,
        &name.first,
        &name.last,
        &name.display,
        &format!("{}@{domain}", name.slug),
    )
}

/// Adds a person of this name.
pub fn named_person(
    cloud: &mut Cloud,
    uuid: Uuid,
    first: &str,
    last: &str,
    display: &str,
    email: &str,
) -> usize {
    let rng = &mut cloud.rng;
    let pending = rng.random_range(0..100) < 9;
    let (month, day, hour) = (
        rng.random_range(1..=12),
        rng.random_range(1..=28),
        rng.random_range(7..=18),
    );
    let year = rng.random_range(2019..=2025);
    let created = format!("{year}-{month:02}-{day:02}T{hour:02}:14:26.000Z");
    let title = TITLES[rng.random_range(0..TITLES.len())];
    let department = DEPARTMENTS[rng.random_range(0..DEPARTMENTS.len())];
    let mobile =
        (rng.random_range(0..12) == 0).then(|| format!("+447700900{:03}", rng.random_range(0..1000)));
    let status = if pending {
        "pending"
    } else {
        ["active", "inactive", "meeting", "OutOfOffice", "call"][rng.random_range(0..5)]
    };
    cloud.people.add(Person {
        uuid,
        id: ids::encode("us", "PEOPLE", &uuid.to_string()),
        email: email.to_owned(),
        display_name: display.to_owned(),
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        title: title.to_owned(),
        department: department.to_owned(),
        last_modified: created.clone(),
        last_activity: (!pending).then(|| "2026-10-30T16:40:02.000Z".to_owned()),
        created,
        status: status.to_owned(),
        invite_pending: pending,
        login_enabled: true,
        roles: Vec::new(),
        licences: Vec::new(),
        site_urls: Vec::new(),
        mobile,
        calling: None,
    })
}

/// Gives licences at the seed: the counters start with them.
pub fn hold(cloud: &mut Cloud, person: usize, licences: &[usize]) {
    for licence in licences {
        cloud.licences[*licence].holders.insert(person);
    }
    cloud
        .people
        .change(person, |p| p.licences.extend_from_slice(licences));
}
