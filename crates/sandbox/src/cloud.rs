//! The state of the simulated cloud: one organisation with its people, licences, locations and numbers.
//!
//! Invariants: every change goes through a method that keeps the indexes true and raises [`Cloud::changes`], by which the
//! journal knows whether a request was applied. Objects are addressed by position; positions are never reused.

pub mod activation_emails;
pub mod broadworks;
pub mod directory_sync;
pub mod inventory;
pub mod licences;
pub mod people;
pub mod wholesale;

use std::collections::HashMap;
use std::time::Duration;

use rand::Rng;
use rand::rngs::StdRng;
use uuid::Uuid;

use crate::clock::Clock;
use crate::fault::{Faults, LinkQuirk};
use crate::ids;
use crate::journal::Journal;
use crate::oauth::tokens::Tokens;
use crate::throttle::{Throttle, Wait};
use activation_emails::ActivationEmails;
use broadworks::BroadWorks;
use inventory::Inventory;
use licences::Licence;
use people::People;
use wholesale::Wholesale;

/// The organisation.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// Control Hub's id.
    pub uuid: Uuid,
    /// The API's id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Creation time, RFC 3339.
    pub created: String,
    /// Domain of its SIP addresses.
    pub sip_domain: String,
    /// Its meeting site.
    pub site_url: String,
}

/// An admin role.
#[derive(Debug, Clone)]
pub struct Role {
    /// Webex id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// What its holder may do here.
    pub power: Power,
}

/// What a person may do through the admin API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Power {
    /// Nothing.
    #[default]
    None,
    /// Read.
    Read,
    /// Read and write.
    Write,
}

/// How a location reaches the telephone network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pstn {
    /// Premises-based.
    LocalGateway,
    /// A provider that is not integrated.
    NonIntegrated,
    /// An integrated provider: numbers may not be changed by the API.
    Integrated,
    /// Cisco's own plan: numbers may not be changed by the API.
    CiscoPlan,
}

impl Pstn {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 4] = [
        Self::LocalGateway,
        Self::NonIntegrated,
        Self::Integrated,
        Self::CiscoPlan,
    ];

    /// `pstnConnectionType`.
    #[must_use]
    pub fn wire(self) -> &'static str {
        match self {
            Self::LocalGateway => "LOCAL_GATEWAY",
            Self::NonIntegrated => "NON_INTEGRATED_CCP",
            Self::Integrated => "INTEGRATED_CCP",
            Self::CiscoPlan => "CISCO_PSTN",
        }
    }

    /// `displayName`.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::LocalGateway => "Premises-based PSTN",
            Self::NonIntegrated => "Northbridge Telecom (non-integrated)",
            Self::Integrated => "SI CCP Bandwidth",
            Self::CiscoPlan => "Cisco Calling Plan",
        }
    }

    /// Numbers may be added and deleted through the API.
    #[must_use]
    pub fn open(self) -> bool {
        matches!(self, Self::LocalGateway | Self::NonIntegrated)
    }

    /// Webex id of the connection.
    #[must_use]
    pub fn id(self) -> String {
        ids::encode(
            "us",
            "PSTN_CONNECTION",
            &Uuid::from_u128(0x51de_489c_aa60_4c25_9af6_cc4c_b171_7000 + self as u128).to_string(),
        )
    }
}

/// What a calling-enabled location has in addition.
#[derive(Debug, Clone)]
pub struct CallingLocation {
    /// Routing prefix before extensions; empty for none.
    pub routing_prefix: String,
    /// Digit for an outside line.
    pub outside_dial_digit: String,
    /// Main number.
    pub main_number: Option<String>,
    /// Announcement language, lower case.
    pub announcement_language: String,
    /// PSTN connection, if one is configured.
    pub pstn: Option<Pstn>,
}

/// A location.
#[derive(Debug, Clone)]
pub struct Location {
    /// UUID, or the number of a legacy location.
    pub rest: String,
    /// Webex id.
    pub id: String,
    /// Name.
    pub name: String,
    /// address1, city, state, postalCode, country.
    pub address: [String; 5],
    /// Time zone name.
    pub time_zone: String,
    /// Preferred language, e.g. `en_GB`.
    pub language: String,
    /// Latitude and longitude as text.
    pub position: [String; 2],
    /// Set when the location can take calling users.
    pub calling: Option<CallingLocation>,
}

/// Spoilt behaviour a seed has from the start.
#[derive(Debug, Clone, Default)]
pub struct Quirks {
    /// Endpoint (path without `/v1/`, ids as `*`) → what its links do.
    pub links: HashMap<&'static str, Vec<LinkQuirk>>,
    /// `invitePending` and `loginEnabled` as text.
    pub text_booleans: bool,
    /// `licenses` and `roles` joined into one string.
    pub joined_lists: bool,
    /// Licence refusals say plain 400 and leave the code in the text.
    pub plain_codes: bool,
}

/// Everything.
#[derive(Debug)]
pub struct Cloud {
    /// Time.
    pub clock: Clock,
    /// Source of new ids.
    pub rng: StdRng,
    /// The organisation.
    pub organisation: Organisation,
    /// Roles.
    pub roles: Vec<Role>,
    /// Locations.
    pub locations: Vec<Location>,
    /// Licences.
    pub licences: Vec<Licence>,
    /// People.
    pub people: People,
    /// Numbers, extensions and what owns them.
    pub inventory: Inventory,
    /// Customers, where the organisation is a wholesale partner.
    pub wholesale: Wholesale,
    /// Invitations that are mailed once more.
    pub activation_emails: ActivationEmails,
    /// Subscribers and enterprises, where the organisation is a BroadWorks partner.
    pub broadworks: BroadWorks,
    /// Spoilt behaviour of the seed.
    pub quirks: Quirks,
    /// Tokens, codes, device requests.
    pub tokens: Tokens,
    /// Faults in force.
    pub faults: Faults,
    /// What was asked.
    pub journal: Journal,
    /// Rate limit.
    pub throttle: Throttle,
    /// Licence counters are this far behind.
    pub counter_lag: Duration,
    /// A number that was freed stays taken so long.
    pub release_delay: Duration,
    /// Requests before this moment ignore a `Retry-After`.
    pub wait: Option<Wait>,
    /// Rises with every change of state.
    pub changes: u64,
}

impl Cloud {
    /// A new random UUID of the seeded generator.
    pub fn new_uuid(&mut self) -> Uuid {
        new_uuid(&mut self.rng)
    }

    /// Position of the location with this id text; a plain UUID is accepted too.
    pub fn location(&self, text: &str) -> Result<Option<usize>, ids::IdProblem> {
        let rest = match Uuid::parse_str(text) {
            Ok(uuid) => uuid.to_string(),
            Err(_) => ids::expect(text, "LOCATION")?,
        };
        Ok(self
            .locations
            .iter()
            .position(|l| l.rest.eq_ignore_ascii_case(&rest)))
    }

    /// Position of the licence with this id text.
    pub fn licence(&self, text: &str) -> Result<Option<usize>, ids::IdProblem> {
        let rest = ids::expect(text, "LICENSE")?;
        Ok(self
            .licences
            .iter()
            .position(|l| l.rest.eq_ignore_ascii_case(&rest)))
    }

    /// Position of the person with this id text.
    pub fn person(&self, text: &str) -> Result<Option<usize>, ids::IdProblem> {
        Ok(self.people.by_uuid(ids::expect_uuid(text, "PEOPLE")?))
    }

    /// Whether an `orgId` (UUID or Webex id) means this organisation.
    #[must_use]
    pub fn is_own(&self, text: &str) -> bool {
        let uuid = Uuid::parse_str(text)
            .ok()
            .or_else(|| ids::expect_uuid(text, "ORGANIZATION").ok());
        uuid == Some(self.organisation.uuid)
    }

    /// What a person may do: the strongest of the roles held.
    #[must_use]
    pub fn power(&self, person: usize) -> Power {
        let held = self
            .people
            .get(person)
            .map(|p| p.roles.as_slice())
            .unwrap_or_default();
        held.iter()
            .filter_map(|r| self.roles.get(*r))
            .map(|r| r.power)
            .max()
            .unwrap_or_default()
    }
}

/// A random UUID.
pub fn new_uuid(rng: &mut StdRng) -> Uuid {
    uuid::Builder::from_random_bytes(rng.random()).into_uuid()
}
