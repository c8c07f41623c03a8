//! The local copy of what Webex holds (product: mirror), with "as of" times.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is mirrored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MirrorKind {
    Roles,
    Licences,
    Locations,
    People,
    Numbers,
}

impl MirrorKind {
    /// In the order they are fetched.
    pub const ALL: [Self; 5] = [
        Self::Licences,
        Self::Locations,
        Self::People,
        Self::Numbers,
        Self::Roles,
    ];

    /// The name in the database, on the wire of the command table and in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Roles => "roles",
            Self::Licences => "licences",
            Self::Locations => "locations",
            Self::People => "people",
            Self::Numbers => "numbers",
        }
    }
}

/// How old one part of the mirror is.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MirrorPart {
    pub kind: MirrorKind,
    pub count: u32,
    /// When the last complete copy was begun; None if there never was one.
    pub as_of: Option<String>,
}

/// The mirror of one organisation.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MirrorStatus {
    pub organisation: String,
    pub parts: Vec<MirrorPart>,
    /// The oldest of the parts; None if one was never copied.
    pub as_of: Option<String>,
    /// The transaction of a running sync.
    pub syncing: Option<String>,
}

/// A licence of the organisation.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Licence {
    pub id: String,
    pub name: String,
    /// None where Webex sets, or tells, no limit.
    pub total: Option<u32>,
    pub consumed: u32,
    /// Total less consumed, never below zero; None where there is no limit.
    pub available: Option<u32>,
    /// The subscription tells licences of one name apart.
    pub subscription: Option<String>,
    /// Named "… Calling …" and not "… Workspaces": offered first as calling licence.
    pub calling: bool,
}

/// A location of the organisation.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    pub id: String,
    pub name: String,
    /// Only these can take calling users.
    pub calling_enabled: bool,
    pub routing_prefix: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    /// Numbers in its inventory that nobody has.
    pub free_numbers: u32,
}

/// A person as grids show them.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    pub id: String,
    pub uuid: String,
    pub display_name: String,
    pub email: Option<String>,
    pub extension: Option<String>,
    /// All work numbers, the primary one first.
    pub numbers: Vec<String>,
    pub location: Option<String>,
}

/// A window of a filtered and sorted list.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PeopleWindow {
    pub total: u32,
    pub people: Vec<Person>,
}
