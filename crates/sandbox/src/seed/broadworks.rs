//! The subscribers and enterprises of the BroadWorks partner that `demo` and `awkward` are as well.
//!
//! A generator of its own: everything else of a seed is the same with and without them.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::cloud::broadworks::{Details, Fate, PACKAGES, STATES, Subscriber, WebexUser};
use crate::cloud::directory_sync::Enterprise;
use crate::cloud::wholesale::Remark;
use crate::cloud::{Cloud, new_uuid};
use crate::fault::LinkQuirk;

/// Fills `demo`: a subscriber for everybody with calling, three enterprises. Who has not accepted the invitation is not
/// provisioned, and in Sydney nobody is.
pub fn demo(cloud: &mut Cloud) {
    let mut rng = StdRng::seed_from_u64(0x0B0A_0001);
    cloud.broadworks.entitled = true;
    let now = cloud.clock.now();
    let names = ["NGL+northgate-uk", "NGL+northgate-us", "NGL+northgate-anz"];
    for name in names {
        let enterprise = enterprise(&mut rng, name);
        cloud.broadworks.enterprises.list.push(enterprise);
    }
    let everybody: Vec<(usize, usize, bool)> = callers(cloud);
    for (serial, (at, location, invited)) in everybody.into_iter().enumerate() {
        let of = match location {
            0..=2 => 0,
            3 => 1,
            _ => 2,
        };
        let uuid = new_uuid(&mut rng);
        let mut subscriber = of_person(cloud, at, uuid, serial, now);
        let draw = rng.random_range(0..1000);
        let status = match (of, invited) {
            (2, _) if draw < 580 => "pending_email_input",
            (2, _) if draw < 900 => "pending_email_validation",
            (2, _) if draw < 965 => "provisioning",
            (2, _) if draw < 985 => "pending_user_migration",
            (2, _) => "error",
            (_, true) if draw < 420 => "pending_email_input",
            (_, true) if draw < 740 => "pending_email_validation",
            (_, true) if draw < 930 => "provisioning",
            (_, true) => "pending_user_migration",
            (_, false) if draw < 6 => "updating",
            (_, false) if draw < 16 => "error",
            _ => "provisioned",
        };
        mix(&mut subscriber, status, now, &mut rng);
        join(&mut subscriber, &cloud.broadworks.enterprises.list[of]);
        cloud.broadworks.add(subscriber, Duration::ZERO, false);
    }
    let users = |name: &str| {
        let of = cloud.broadworks.from(0);
        of.filter(|(_, s)| s.enterprise.as_deref() == Some(name)).count() as u64
    };
    let (uk, us) = (users(names[0]), users(names[1]));
    let enterprises = &mut cloud.broadworks.enterprises.list;
    synchronised(
        &mut enterprises[0],
        now,
        [75 * 60 + 12, 75 * 60 + 12],
        uk,
        &mut rng,
    );
    synchronised(
        &mut enterprises[1],
        now,
        [50 * 60 + 7, 218 * 60 + 9],
        us,
        &mut rng,
    );
    "FAILED".clone_into(&mut enterprises[1].status);
    enterprises[1].errors = vec![Remark::cluster_unreachable()];
}

/// People with calling, where, and whether they have not accepted the invitation.
fn callers(cloud: &Cloud) -> Vec<(usize, usize, bool)> {
    let calling = cloud
        .people
        .from(0)
        .filter_map(|(at, p)| Some((at, p, p.calling.as_ref()?)));
    calling
        .map(|(at, p, c)| (at, c.location, p.invite_pending))
        .collect()
}

fn join(subscriber: &mut Subscriber, enterprise: &Enterprise) {
    subscriber.enterprise = Some(enterprise.name.as_str().into());
    subscriber.provisioning_id = enterprise.provisioning_id.as_str().into();
}

/// A state with what belongs to it: its package, since when, and how it will end. Three in ten of those that wait have waited
/// for nine days and longer.
fn mix(subscriber: &mut Subscriber, status: &str, now: Timestamp, rng: &mut StdRng) {
    subscriber.details.package = PACKAGES[[2, 2, 2, 3, 3, 1, 1, 0][rng.random_range(0..8)]].into();
    let days = rng.random_range(25..700);
    let minutes = SignedDuration::from_mins(rng.random_range(0..1440));
    subscriber.created = ago(now, SignedDuration::from_hours(24 * days) + minutes);
    let took = SignedDuration::from_mins(rng.random_range(2..600));
    let waited = rng.random_range(0..10) < 3;
    let minutes = match (status, waited) {
        ("provisioning" | "updating", false) => rng.random_range(1..55),
        (_, true) => rng.random_range(9 * 1440..21 * 1440),
        _ => rng.random_range(40..6 * 1440),
    };
    stand(subscriber, status);
    subscriber.changed = if status == "provisioned" {
        subscriber.self_activated = rng.random_range(0..100) < 15;
        subscriber.created.saturating_add(took).unwrap_or(now)
    } else {
        ago(now, SignedDuration::from_mins(minutes))
    };
    if status == "error" {
        subscriber.errors = match rng.random_range(0..4) {
            0 | 1 => vec![Remark::user_id_taken()],
            2 => vec![Remark::maintenance()],
            _ => vec![Remark::new("400", "Extension and Phone Number cannot be blank.")],
        };
    } else if status != "provisioned" && rng.random_range(0..12) == 0 {
        subscriber.fate = Fate::Error;
    }
}

/// Synchronised: the last one ended, and the last one that went well did, so many minutes ago.
fn synchronised(
    enterprise: &mut Enterprise,
    now: Timestamp,
    minutes: [i64; 2],
    users: u64,
    rng: &mut StdRng,
) {
    let [ended, succeeded] = minutes.map(|m| ago(now, SignedDuration::from_mins(m)));
    // Webex has microseconds in these.
    let micros = SignedDuration::from_micros(rng.random_range(100_000..999_999));
    let took = SignedDuration::from_micros(rng.random_range(1_500_000..90_000_000));
    enterprise.ended = Some(ago(ended, micros));
    enterprise.started = Some(ago(ended, micros + took));
    enterprise.succeeded = Some(ago(succeeded, micros));
    "COMPLETE".clone_into(&mut enterprise.status);
    enterprise.tracking = Some(format!("NA_{}", new_uuid(rng)));
    let machines = users / 4;
    enterprise.counts = Some([
        users / 90,
        users / 20,
        users / 200,
        machines / 40,
        machines / 60,
        0,
        users,
        machines,
        users / 90,
        users / 20,
        users / 200,
        0,
        1,
        0,
        users,
        2,
    ]);
}

/// Fills `awkward`: a subscriber for everybody with calling, and what no contract mentions. Its list ends in an empty page for
/// ever.
pub fn awkward(cloud: &mut Cloud) {
    let mut rng = StdRng::seed_from_u64(0x0B0A_0003);
    cloud.broadworks.entitled = true;
    cloud.quirks.links.insert(
        "v1/broadworks/subscribers",
        vec![LinkQuirk::LostFilters, LinkQuirk::EmptyForever],
    );
    cloud
        .quirks
        .links
        .insert("v1/broadworks/enterprises", vec![LinkQuirk::MaxNull]);
    let now = cloud.clock.now();
    for name in ["Søborg+ødegård & søn", "SP1+quirks"] {
        let enterprise = enterprise(&mut rng, name);
        cloud.broadworks.enterprises.list.push(enterprise);
    }
    let odd = &mut cloud.broadworks.enterprises.list;
    synchronised(&mut odd[0], now, [1500, 1500], 0, &mut rng);
    "DREAMING".clone_into(&mut odd[0].status);
    synchronised(&mut odd[1], now, [300, 9000], 80, &mut rng);
    // An end without a beginning, an error without a code that is a number, and the word of one that went well.
    odd[1].started = None;
    odd[1].errors = vec![Remark::new("DIRSYNC-77", ""), Remark::cluster_unreachable()];
    for (serial, (at, _, invited)) in callers(cloud).into_iter().enumerate() {
        let uuid = new_uuid(&mut rng);
        let mut subscriber = of_person(cloud, at, uuid, serial, now);
        let waiting = STATES[serial % 4];
        mix(
            &mut subscriber,
            if invited { waiting } else { "provisioned" },
            now,
            &mut rng,
        );
        join(&mut subscriber, &cloud.broadworks.enterprises.list[serial % 2]);
        odd_one(&mut subscriber, serial);
        cloud.broadworks.add(subscriber, Duration::ZERO, false);
    }
}

/// What is wrong with the subscriber at this place of the awkward list.
fn odd_one(s: &mut Subscriber, serial: usize) {
    let set = |s: &mut Subscriber, status: &str, errors: Vec<Remark>| {
        s.status = status.into();
        s.errors = errors;
    };
    let named = |s: &mut Subscriber, first: &str, last: &str| {
        s.details.first_name = first.into();
        s.details.last_name = last.into();
    };
    let number = |s: &mut Subscriber, number: &str| s.details.number = Some(number.into());
    match serial {
        3 => set(s, "hibernating", Vec::new()),
        5 => set(s, "error", vec![Remark::new("10099", "")]),
        6 => set(
            s,
            "error",
            vec![
                Remark::new("BWKS-7", "Kunne ikke oprettes: „Ødegård“ findes allerede."),
                Remark::user_id_taken(),
            ],
        ),
        7 => set(s, "error", Vec::new()),
        // Provisioned, and what went wrong before is told all the same.
        8 => set(s, "provisioned", vec![Remark::maintenance()]),
        10 => s.enterprise = None,
        12 => s.details.extension = Some("0042".into()),
        13 => s.details.extension = Some("9".into()),
        14 => s.details.extension = Some("10".into()),
        15 => (s.details.extension, s.details.number) = (None, None),
        20 => number(s, "+441164960021"),
        22 => number(s, "tel:+44-116-496-0023;ext=122"),
        24 => number(s, "(0116) 496 0025"),
        26 => number(s, "+44 116 496 0027"),
        28 => number(s, "0044-1164960029"),
        30 | 31 => s.details.user_id = "twice@sp.example".into(),
        40 => named(s, "Åse-Märta", "Ødegård-Łukasiewicz"),
        41 => named(s, "家族", "王"),
        42 => named(s, "ليلى", "حداد"),
        43 => named(s, "=2+5", "\"Q\", Comma"),
        44 => named(s, "Zoe\u{308}", "O’Neill"),
        45 => named(s, "", ""),
        46 => named(s, "Ωμέγα", "Яковлев"),
        50 => s.details.package = "holo_suite".into(),
        51 => s.email = Some("UPPER.Case@QUIRKS.example".into()),
        52 => s.self_activated = true,
        _ => {}
    }
}

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
