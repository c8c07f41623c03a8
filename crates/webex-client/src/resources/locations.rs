//! Locations, all and those enabled for calling (webex-api reference, section 5).

use serde::Deserialize;

use super::push;
use crate::client::{Query, Webex};
use crate::lenient::{flag, or_default, text};
use crate::page::{PageStyle, Pages};

/// Which locations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocationsQuery {
    /// Part of the name.
    pub name: Option<String>,
    pub org_id: Option<String>,
    /// Locations a page.
    pub max: Option<u32>,
}

/// A location.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Location {
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    #[serde(deserialize_with = "text")]
    pub org_id: Option<String>,
    pub address: Option<Address>,
    #[serde(deserialize_with = "text")]
    pub time_zone: Option<String>,
    #[serde(deserialize_with = "text")]
    pub preferred_language: Option<String>,
    #[serde(deserialize_with = "text")]
    pub latitude: Option<String>,
    #[serde(deserialize_with = "text")]
    pub longitude: Option<String>,
    #[serde(deserialize_with = "text")]
    pub notes: Option<String>,
}

/// A postal address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Address {
    #[serde(deserialize_with = "text")]
    pub address1: Option<String>,
    #[serde(deserialize_with = "text")]
    pub address2: Option<String>,
    #[serde(deserialize_with = "text")]
    pub city: Option<String>,
    #[serde(deserialize_with = "text")]
    pub state: Option<String>,
    #[serde(deserialize_with = "text")]
    pub postal_code: Option<String>,
    #[serde(deserialize_with = "text")]
    pub country: Option<String>,
}

/// A location that is enabled for calling.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TelephonyLocation {
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    #[serde(deserialize_with = "text")]
    pub outside_dial_digit: Option<String>,
    #[serde(deserialize_with = "flag")]
    pub enforce_outside_dial_digit: Option<bool>,
    #[serde(deserialize_with = "text")]
    pub routing_prefix: Option<String>,
    pub calling_line_id: Option<CallingLineId>,
    #[serde(deserialize_with = "flag")]
    pub e911_setup_required: Option<bool>,
}

/// What a call from a location shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CallingLineId {
    #[serde(deserialize_with = "text")]
    pub name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub phone_number: Option<String>,
}

impl LocationsQuery {
    fn parameters(self, most: u32) -> Query {
        let mut query: Query = Vec::new();
        push(&mut query, "name", self.name);
        push(&mut query, "orgId", self.org_id);
        query.push(("max", self.max.unwrap_or(most).max(1).to_string()));
        query
    }
}

impl Webex {
    /// All locations.
    pub fn locations(&self, asked: LocationsQuery) -> Pages<Location> {
        self.list(&["locations"], &asked.parameters(1000), PageStyle::Link, "items")
    }

    /// The locations that can take calling users.
    pub fn telephony_locations(&self, asked: LocationsQuery) -> Pages<TelephonyLocation> {
        let query = asked.parameters(1000);
        self.list(
            &["telephony", "config", "locations"],
            &query,
            PageStyle::Link,
            "locations",
        )
    }
}
