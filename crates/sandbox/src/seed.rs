//! What the cloud is filled with: fixed data and a seeded generator, so every start is the same.

mod awkward;
mod blueprint;
pub mod broadworks;
mod demo;
mod large;
mod names;
pub mod sample;
mod sentinels;
pub mod wholesale;

pub(crate) use demo::SAMPLE_LOCATION;

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rand::SeedableRng;
use rand::rngs::StdRng;
use uuid::Uuid;

use crate::clock::{Clock, wire_time};
use crate::cloud::activation_emails::ActivationEmails;
use crate::cloud::broadworks::BroadWorks;
use crate::cloud::inventory::Inventory;
use crate::cloud::people::People;
use crate::cloud::wholesale::Wholesale;
use crate::cloud::{Cloud, Organisation, Power, Quirks, Role};
use crate::fault::Faults;
use crate::ids;
use crate::journal::Journal;
use crate::oauth::scopes;
use crate::oauth::tokens::{Client, Grant, GrantKind, Tokens};
use crate::throttle::Throttle;
use crate::{Config, Printed, Seed};

/// The redirect URI that is announced.
pub const REDIRECT_URI: &str = "http://127.0.0.1:14771/callback";
/// Ports for which redirect URIs are registered.
const REDIRECT_PORTS: std::ops::RangeInclusive<u16> = 14771..=14790;
/// Life of the printed token: ten years.
const LONG: u64 = 315_360_000;

/// Fills a cloud.
pub fn plant(config: &Config) -> (Cloud, Printed) {
    let mut cloud = empty(config);
    match config.seed {
        Seed::Demo => {
            demo::fill(&mut cloud);
            wholesale::demo(&mut cloud);
            broadworks::demo(&mut cloud);
        }
        Seed::Large => large::fill(&mut cloud),
        Seed::Awkward => {
            awkward::fill(&mut cloud);
            wholesale::awkward(&mut cloud);
            broadworks::awkward(&mut cloud);
        }
    }
    mailed(&mut cloud);
    let admin = crate::oauth::authorize::first_admin(&cloud);
    let printed = admit_admin(&mut cloud, admin);
    cloud.changes = 0;
    (cloud, printed)
}

/// Every seventh of those who have not accepted the invitation was mailed five hours ago.
fn mailed(cloud: &mut Cloud) {
    let at = cloud.clock.now().saturating_sub(SignedDuration::from_hours(5));
    let at = at.unwrap_or(Timestamp::MIN);
    let invited = cloud.people.from(0).filter(|(_, p)| p.invite_pending);
    for (person, _) in invited.step_by(7) {
        cloud.activation_emails.mail(person, at);
    }
}

fn empty(config: &Config) -> Cloud {
    let mut rng = StdRng::seed_from_u64(match config.seed {
        Seed::Demo => 0x5EED_0001,
        Seed::Large => 0x5EED_0002,
        Seed::Awkward => 0x5EED_0003,
    });
    let (name, domain) = match config.seed {
        Seed::Demo => ("Northgate Logistics", "northgate.example"),
        Seed::Large => ("Meridian Health Group", "meridian.example"),
        Seed::Awkward => ("Ødegård & Søn “Quirks” Ltd", "quirks.example"),
    };
    let uuid = crate::cloud::new_uuid(&mut rng);
    let organisation = Organisation {
        uuid,
        id: ids::encode("us", "ORGANIZATION", &uuid.to_string()),
        name: name.to_owned(),
        created: "2019-04-02T08:15:30.000Z".to_owned(),
        sip_domain: domain.to_owned(),
        site_url: format!("meet.{domain}"),
    };
    Cloud {
        clock: Clock::start(),
        tokens: tokens(config, &mut rng),
        rng,
        organisation,
        roles: roles(),
        locations: Vec::new(),
        licences: Vec::new(),
        people: People::default(),
        inventory: Inventory::default(),
        wholesale: Wholesale::default(),
        broadworks: BroadWorks::default(),
        activation_emails: ActivationEmails::default(),
        quirks: Quirks {
            links: HashMap::new(),
            ..Quirks::default()
        },
        faults: Faults::default(),
        journal: Journal::default(),
        throttle: Throttle::new(config.rate, config.refuse_every),
        counter_lag: Duration::ZERO,
        release_delay: Duration::ZERO,
        wait: None,
        changes: 0,
    }
}

fn roles() -> Vec<Role> {
    let role = |rest: &str, name: &str, power| Role {
        id: ids::encode("us", "ROLE", rest),
        name: name.to_owned(),
        power,
    };
    let numbered = |n: u128, name, power| {
        role(
            &Uuid::from_u128(0x96ab_c2aa_3dcc_41e5_a152_fe34_819c_d000 + n).to_string(),
            name,
            power,
        )
    };
    vec![
        numbered(1, "Full Administrator", Power::Write),
        numbered(2, "Read-only Administrator", Power::Read),
        numbered(3, "User and Device Administrator", Power::Write),
        numbered(4, "Device Administrator", Power::Read),
        numbered(5, "Help Desk Administrator", Power::Read),
        numbered(6, "Compliance Officer", Power::None),
        numbered(7, "Location Administrator", Power::Write),
        role(
            "atlas-portal.partner.salesadmin",
            "Sales Full Administrator",
            Power::Read,
        ),
    ]
}

fn tokens(config: &Config, rng: &mut StdRng) -> Tokens {
    let mut client = |name: &str, service_app| {
        let part = |rng: &mut StdRng| crate::cloud::new_uuid(rng).simple().to_string();
        let id = format!("C{}{}", part(rng), part(rng));
        let secret = format!("{}{}", part(rng), part(rng));
        let application = ids::encode("us", "APPLICATION", &id);
        Client {
            id,
            secret,
            name: name.to_owned(),
            application,
            service_app,
        }
    };
    let clients = vec![
        client("Patchbay (simulated integration)", false),
        client("Patchbay (simulated service app)", true),
    ];
    let redirect_uris = REDIRECT_PORTS
        .flat_map(|port| ["127.0.0.1", "localhost"].map(|host| format!("http://{host}:{port}/callback")))
        .collect::<BTreeSet<_>>();
    Tokens {
        clients,
        redirect_uris,
        access_seconds: config.access_token_seconds,
        refresh_seconds: config.refresh_token_seconds,
        auto_consent: config.auto_consent,
        ..Tokens::default()
    }
}

fn admit_admin(cloud: &mut Cloud, admin: usize) -> Printed {
    let uuid = cloud.new_uuid();
    let created = wire_time(cloud.clock.now());
    let grant = Grant {
        uuid,
        client: 0,
        person: admin,
        scopes: scopes::all().collect(),
        kind: GrantKind::Admin,
        refresh: None,
        created,
    };
    let organisation = cloud.organisation.uuid;
    cloud.tokens.grants.insert(uuid, grant);
    let access_token = cloud
        .tokens
        .issue(&mut cloud.rng, organisation, Duration::ZERO, uuid, LONG);
    let app = &cloud.tokens.clients[1];
    Printed {
        access_token,
        service_app: [app.application.clone(), app.id.clone(), app.secret.clone()],
    }
}
