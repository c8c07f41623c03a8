//! The subscribers and enterprises of the BroadWorks partner that `demo` and `awkward` are as well.
//!
//! A generator of its own: everything else of a seed is the same with and without them.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::cloud::broadworks::{Details, PACKAGES, Subscriber, WebexUser};
use crate::cloud::directory_sync::Enterprise;
use crate::cloud::wholesale::Remark;
use crate::cloud::{Cloud, new_uuid};

/// Adds an enterprise that was never synchronised.
pub fn add_enterprise(cloud: &mut Cloud, name: &str) {
    let mut rng = StdRng::seed_from_u64(0x0B0A_0E00 + cloud.broadworks.enterprises.list.len() as u64);
    let enterprise = enterprise(&mut rng, name);
    cloud.broadworks.entitled = true;
    cloud.broadworks.enterprises.list.push(enterprise);
    cloud.changes += 1;
}

fn enterprise(rng: &mut StdRng, name: &str) -> Enterprise {
    let (uuid, organisation) = (new_uuid(rng), new_uuid(rng));
    let provisioning_id = URL_SAFE_NO_PAD.encode(format!("{}:{}", new_uuid(rng), new_uuid(rng)));
    Enterprise::new(uuid, organisation, name, &provisioning_id)
}

const FIRST: [&str; 12] = [
    "Ada", "Bram", "Chidi", "Dilnoza", "Émile", "Fatima", "Goran", "Hana", "Ines", "Jun", "Kwame", "Łucja",
];
const LAST: [&str; 11] = [
    "Achterberg",
    "Bąk",
    "Calder",
    "Diallo",
    "Eriksen",
    "Fujita",
    "Gill",
    "Hale",
    "Ibarra",
    "Jónsdóttir",
    "Kaya",
];

/// Adds subscribers for lists of any length: of people with calling first who are none yet, of people elsewhere after that.
/// Eight in ten are provisioned; the others are in all states.
pub fn add(cloud: &mut Cloud, count: usize) {
    if cloud.broadworks.enterprises.list.is_empty() {
        add_enterprise(cloud, "SP1+many");
    }
    cloud.broadworks.entitled = true;
    let mut rng = StdRng::seed_from_u64(0x0B0A_00FF + cloud.broadworks.count() as u64);
    let known = cloud.broadworks.people();
    let callers: Vec<usize> = cloud
        .people
        .from(0)
        .filter(|(at, p)| p.calling.is_some() && !known.contains(at))
        .map(|(at, _)| at)
        .take(count)
        .collect();
    let enterprise = &cloud.broadworks.enterprises.list[0];
    let of: (Arc<str>, Arc<str>) = (
        enterprise.name.as_str().into(),
        enterprise.provisioning_id.as_str().into(),
    );
    let packages = PACKAGES.map(Arc::<str>::from);
    let (first, last) = (FIRST.map(Arc::<str>::from), LAST.map(Arc::<str>::from));
    let (now, elapsed) = (cloud.clock.now(), cloud.clock.elapsed());
    let before = cloud.broadworks.count();
    for n in 0..count {
        let uuid = new_uuid(&mut rng);
        let serial = before + n;
        let mut subscriber = match callers.get(n) {
            Some(at) => of_person(cloud, *at, uuid, serial, now),
            None => {
                let extension = (rng.random_range(100..1_000_000_u32)).to_string();
                let details = Details {
                    user_id: user_id(serial),
                    first_name: Arc::clone(&first[rng.random_range(0..first.len())]),
                    last_name: Arc::clone(&last[rng.random_range(0..last.len())]),
                    number: None,
                    mobile: None,
                    extension: Some(extension.into()),
                    package: Arc::clone(&packages[2]),
                };
                let person = WebexUser::Elsewhere(new_uuid(&mut rng));
                let mut new = Subscriber::new(uuid, details, person, "provisioned", now);
                new.email = Some(format!("u{serial}@many.example").into());
                new
            }
        };
        subscriber.details.package = Arc::clone(&packages[rng.random_range(0..packages.len())]);
        subscriber.enterprise = Some(Arc::clone(&of.0));
        subscriber.provisioning_id = Arc::clone(&of.1);
        let days = rng.random_range(1..400);
        subscriber.created = ago(now, SignedDuration::from_hours(24 * days));
        subscriber.changed = subscriber.created;
        let draw = rng.random_range(0..100);
        if let Some(status) = match draw {
            0..=6 => Some("pending_email_input"),
            7..=11 => Some("pending_email_validation"),
            12..=14 => Some("provisioning"),
            15 => Some("pending_user_migration"),
            16 | 17 => Some("updating"),
            18 | 19 => Some("error"),
            _ => None,
        } {
            stand(&mut subscriber, status);
        }
        cloud.broadworks.add(subscriber, elapsed, false);
    }
    cloud.changes += 1;
}

/// What belongs to a state: no e-mail where it waits for one, a reason where it failed.
fn stand(subscriber: &mut Subscriber, status: &str) {
    subscriber.status = status.into();
    match status {
        "pending_email_input" => subscriber.email = None,
        "error" => subscriber.errors = vec![Remark::user_id_taken()],
        _ => {}
    }
}

fn ago(now: Timestamp, back: SignedDuration) -> Timestamp {
    now.saturating_sub(back).unwrap_or(Timestamp::MIN)
}

fn user_id(serial: usize) -> Arc<str> {
    format!("{}@sp.example", 20_000_000 + serial * 7).into()
}

/// The subscriber of a person with calling.
fn of_person(cloud: &Cloud, at: usize, uuid: uuid::Uuid, serial: usize, now: Timestamp) -> Subscriber {
    let person = cloud.people.get(at);
    let text = |text: Option<&str>| text.unwrap_or_default().into();
    let calling = person.and_then(|p| p.calling.as_ref());
    let dashed = |number: Option<&str>| number.map(|number| dashed(number).into());
    let details = Details {
        user_id: user_id(serial),
        first_name: text(person.map(|p| p.first_name.as_str())),
        last_name: text(person.map(|p| p.last_name.as_str())),
        number: dashed(calling.and_then(|c| c.number.as_deref())),
        mobile: dashed(person.and_then(|p| p.mobile.as_deref())),
        extension: calling.and_then(|c| c.extension.as_deref()).map(Into::into),
        package: PACKAGES[2].into(),
    };
    let mut subscriber = Subscriber::new(uuid, details, WebexUser::Person(at), "provisioned", now);
    subscriber.email = person.map(|p| p.email.as_str().into());
    subscriber
}

/// A number with dashes, as BroadWorks writes it: country, then groups of three, the rest last.
fn dashed(e164: &str) -> String {
    let country = ["+44", "+61", "+33", "+1"]
        .into_iter()
        .find(|c| e164.starts_with(c));
    let Some((country, rest)) = country.and_then(|c| Some((c, e164.strip_prefix(c)?))) else {
        return e164.to_owned();
    };
    match (rest.get(..3), rest.get(3..6), rest.get(6..)) {
        (Some(area), Some(group), Some(line)) if !line.is_empty() => {
            format!("{country}-{area}-{group}-{line}")
        }
        _ => format!("{country}-{rest}"),
    }
}
