//! People (webex-api reference, section 4.1). Without calling data there is no extension, no location and no number.

use futures::stream::{self, StreamExt as _};
use serde::Deserialize;

use super::{given, push};
use crate::client::{Query, Webex};
use crate::error::Error;
use crate::lenient::{flag, open_enum, or_default, split_texts, text};
use crate::page::{PageStyle, Pages};

/// Ids one request may name.
const IDS_A_REQUEST: usize = 85;

/// Which people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleQuery {
    /// With extension, location and numbers; slower.
    pub calling_data: bool,
    /// Beginning of the display name.
    pub display_name: Option<String>,
    pub email: Option<String>,
    /// Any number; sent in portions of 85.
    pub ids: Vec<String>,
    /// Needs `calling_data`.
    pub location_id: Option<String>,
    pub org_id: Option<String>,
    /// People a page; 100 at most, 50 with a location. Webex cuts it silently.
    pub max: Option<u32>,
}

/// A person.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Person {
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    #[serde(deserialize_with = "split_texts")]
    pub emails: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    pub phone_numbers: Vec<PhoneNumber>,
    /// Without the routing prefix.
    #[serde(deserialize_with = "text")]
    pub extension: Option<String>,
    #[serde(deserialize_with = "text")]
    pub location_id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub display_name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub first_name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub last_name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub org_id: Option<String>,
    #[serde(deserialize_with = "split_texts")]
    pub roles: Vec<String>,
    /// Ids of the licences held.
    #[serde(rename = "licenses", deserialize_with = "split_texts")]
    pub licences: Vec<String>,
    #[serde(deserialize_with = "text")]
    pub department: Option<String>,
    #[serde(deserialize_with = "text")]
    pub title: Option<String>,
    /// RFC 3339, as it came.
    #[serde(deserialize_with = "text")]
    pub created: Option<String>,
    /// RFC 3339, as it came.
    #[serde(deserialize_with = "text")]
    pub last_modified: Option<String>,
    /// RFC 3339, as it came.
    #[serde(deserialize_with = "text")]
    pub last_activity: Option<String>,
    #[serde(deserialize_with = "split_texts")]
    pub site_urls: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    pub sip_addresses: Vec<SipAddress>,
    pub status: Option<PersonStatus>,
    #[serde(deserialize_with = "flag")]
    pub invite_pending: Option<bool>,
    #[serde(deserialize_with = "flag")]
    pub login_enabled: Option<bool>,
    #[serde(rename = "type", deserialize_with = "text")]
    pub kind: Option<String>,
}

impl Person {
    /// The work number, if there is one.
    pub fn work_number(&self) -> Option<&str> {
        self.phone_numbers
            .iter()
            .find(|number| number.kind == Some(PhoneNumberKind::Work))
            .and_then(|number| number.value.as_deref())
    }
}

/// A number of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PhoneNumber {
    #[serde(rename = "type")]
    pub kind: Option<PhoneNumberKind>,
    #[serde(deserialize_with = "text")]
    pub value: Option<String>,
    #[serde(deserialize_with = "flag")]
    pub primary: Option<bool>,
}

/// A SIP address of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct SipAddress {
    #[serde(rename = "type", deserialize_with = "text")]
    pub kind: Option<String>,
    #[serde(deserialize_with = "text")]
    pub value: Option<String>,
    #[serde(deserialize_with = "flag")]
    pub primary: Option<bool>,
}

open_enum! {
    /// What a number of a person is for.
    PhoneNumberKind {
        Work = "work",
        /// Routing prefix and extension.
        WorkExtension = "work_extension",
        Mobile = "mobile",
        Fax = "fax",
        Enterprise = "enterprise",
        /// Comes back without its +.
        Alternate1 = "alternate1",
        /// Comes back without its +.
        Alternate2 = "alternate2",
    }
}

open_enum! {
    /// Presence of a person; `pending` has never logged in.
    PersonStatus {
        Active = "active",
        Call = "call",
        DoNotDisturb = "DoNotDisturb",
        Inactive = "inactive",
        Meeting = "meeting",
        OutOfOffice = "OutOfOffice",
        Pending = "pending",
        Presenting = "presenting",
        Unknown = "unknown",
    }
}

impl Webex {
    /// The people of an organisation, or those asked for by id (unknown ids come as `not_found_ids`).
    pub fn people(&self, asked: PeopleQuery) -> Pages<Person> {
        let mut query: Query = Vec::new();
        if asked.calling_data {
            query.push(("callingData", "true".to_owned()));
        }
        push(&mut query, "displayName", asked.display_name);
        push(&mut query, "email", asked.email);
        push(&mut query, "locationId", asked.location_id.as_ref());
        push(&mut query, "orgId", asked.org_id);
        let most = if asked.location_id.is_some() { 50 } else { 100 };
        query.push(("max", asked.max.unwrap_or(most).max(1).to_string()));
        // Presence is what Webex throttles people lists for.
        query.push(("excludeStatus", "true".to_owned()));
        if asked.ids.is_empty() {
            return self.list(&["people"], &query, PageStyle::Link, "items");
        }
        let webex = self.clone();
        let portions: Vec<String> = asked.ids.chunks(IDS_A_REQUEST).map(|ids| ids.join(",")).collect();
        stream::iter(portions)
            .flat_map(move |ids| {
                let mut query = query.clone();
                query.push(("id", ids));
                webex.list(&["people"], &query, PageStyle::Link, "items")
            })
            .boxed()
    }

    /// One person.
    pub async fn person(&self, id: &str, calling_data: bool) -> Result<Person, Error> {
        let query: Query = vec![("callingData", calling_data.to_string())];
        self.get(&["people", given(id, "person")?], &query).await
    }

    /// The admin the token belongs to.
    pub async fn me(&self) -> Result<Person, Error> {
        self.get(&["people", "me"], &Vec::new()).await
    }
}
