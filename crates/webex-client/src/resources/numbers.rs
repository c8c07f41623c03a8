//! The inventory of numbers and extensions (webex-api reference, section 5).

use futures::stream::StreamExt as _;
use serde::Deserialize;
use serde_json::Value;

use super::push;
use crate::client::{Query, Webex};
use crate::error::{Error, ErrorKind};
use crate::lenient::{flag, number, open_enum, split_texts, text};
use crate::page::{Page, PageStyle, Pages};

/// Which numbers. Webex refuses `number_type` EXTENSION, or `reserved_number`, together with `available`, `assigned` or
/// `state`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumbersQuery {
    pub org_id: Option<String>,
    pub location_id: Option<String>,
    /// Part of the number.
    pub phone_number: Option<String>,
    pub extension: Option<String>,
    pub available: Option<bool>,
    pub assigned: Option<bool>,
    pub owner_name: Option<String>,
    pub owner_id: Option<String>,
    pub owner_type: Option<OwnerType>,
    pub number_type: Option<NumberType>,
    pub phone_number_type: Option<PhoneNumberType>,
    pub state: Option<NumberState>,
    pub toll_free_numbers: Option<bool>,
    pub service_number: Option<bool>,
    pub reserved_number: Option<bool>,
    /// With the counts of [`NumberCounts`].
    pub details: bool,
    /// Numbers a page; 2000 at most.
    pub max: Option<u32>,
}

/// A number, an extension, or both. At least one of the two is there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Number {
    /// None for an extension without a number.
    #[serde(deserialize_with = "text")]
    pub phone_number: Option<String>,
    #[serde(deserialize_with = "text")]
    pub extension: Option<String>,
    #[serde(deserialize_with = "text")]
    pub routing_prefix: Option<String>,
    /// Routing prefix and extension.
    #[serde(deserialize_with = "text")]
    pub esn: Option<String>,
    pub state: Option<NumberState>,
    pub phone_number_type: Option<PhoneNumberType>,
    #[serde(deserialize_with = "flag")]
    pub main_number: Option<bool>,
    #[serde(deserialize_with = "split_texts")]
    pub included_telephony_types: Vec<String>,
    #[serde(deserialize_with = "text")]
    pub mobile_network: Option<String>,
    #[serde(deserialize_with = "text")]
    pub routing_profile: Option<String>,
    #[serde(deserialize_with = "flag")]
    pub toll_free_number: Option<bool>,
    #[serde(deserialize_with = "flag")]
    pub is_service_number: Option<bool>,
    #[serde(deserialize_with = "flag")]
    pub is_reserved_number: Option<bool>,
    #[serde(deserialize_with = "flag")]
    pub elin_enabled: Option<bool>,
    pub location: Option<NumberLocation>,
    /// None while nobody has it.
    pub owner: Option<NumberOwner>,
}

/// Where a number lies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct NumberLocation {
    #[serde(deserialize_with = "text")]
    pub id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub name: Option<String>,
}

/// Who has a number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NumberOwner {
    #[serde(deserialize_with = "text")]
    pub id: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<OwnerType>,
    #[serde(deserialize_with = "text")]
    pub first_name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub last_name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub display_name: Option<String>,
}

/// What `details=true` adds: the counters of a usage report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NumberCounts {
    #[serde(deserialize_with = "number")]
    pub assigned: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub un_assigned: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub in_active: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub extension_only: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub toll_free_numbers: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub total: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub mobile_number: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub service_number: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub reserved_number: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub elin: Option<i64>,
}

open_enum! {
    /// What has a number. Query and answer spell two of them differently; both spellings are read and written right.
    OwnerType {
        People = "PEOPLE",
        Place = "PLACE",
        VirtualLine = "VIRTUAL_LINE",
        AutoAttendant = "AUTO_ATTENDANT",
        CallQueue = "CALL_QUEUE",
        HuntGroup = "HUNT_GROUP",
        VoiceMessaging = "VOICE_MESSAGING",
        ContactCenterLink = "CONTACT_CENTER_LINK",
        ContactCenterAdapter = "CONTACT_CENTER_ADAPTER",
        RouteList = "ROUTE_LIST",
        VoicemailGroup = "VOICEMAIL_GROUP",
        CollaborateBridge = "COLLABORATE_BRIDGE",
        /// `PAGING_GROUP` in a query.
        GroupPaging = "GROUP_PAGING",
        /// `BROADWORKS_ANYWHERE` in a query.
        OfficeAnywhere = "OFFICE_ANYWHERE",
    }
}

impl OwnerType {
    /// As a query spells it.
    fn in_query(&self) -> &str {
        match self {
            Self::GroupPaging => "PAGING_GROUP",
            Self::OfficeAnywhere => "BROADWORKS_ANYWHERE",
            other => other.as_str(),
        }
    }
}

open_enum! {
    /// Numbers or extensions without a number.
    NumberType { Number = "NUMBER", Extension = "EXTENSION" }
}

open_enum! {
    /// What a number is to its owner.
    PhoneNumberType {
        Primary = "PRIMARY",
        Alternate = "ALTERNATE",
        Fax = "FAX",
        Dnis = "DNIS",
        Default = "Default",
    }
}

open_enum! {
    /// Whether a number can be called.
    NumberState { Active = "ACTIVE", Inactive = "INACTIVE", Default = "Default" }
}

impl Page<Number> {
    /// The counts, where the page was asked for with `details` and Webex sent them.
    pub fn counts(&self) -> Option<NumberCounts> {
        let count = self.beside.get("count").filter(|count| count.is_object())?;
        serde_json::from_value(Value::clone(count)).ok()
    }
}

impl NumbersQuery {
    fn parameters(self) -> Query {
        let mut query: Query = Vec::new();
        push(&mut query, "orgId", self.org_id);
        push(&mut query, "locationId", self.location_id);
        push(&mut query, "phoneNumber", self.phone_number);
        push(&mut query, "extension", self.extension);
        push(&mut query, "available", self.available);
        push(&mut query, "assigned", self.assigned);
        push(&mut query, "ownerName", self.owner_name);
        push(&mut query, "ownerId", self.owner_id);
        push(
            &mut query,
            "ownerType",
            self.owner_type.as_ref().map(OwnerType::in_query),
        );
        push(&mut query, "numberType", self.number_type);
        push(&mut query, "phoneNumberType", self.phone_number_type);
        push(&mut query, "state", self.state);
        push(&mut query, "tollFreeNumbers", self.toll_free_numbers);
        push(&mut query, "serviceNumber", self.service_number);
        push(&mut query, "reservedNumber", self.reserved_number);
        push(&mut query, "details", self.details.then_some(true));
        query.push(("max", self.max.unwrap_or(2000).max(1).to_string()));
        query.push(("start", "0".to_owned()));
        query
    }
}

impl Webex {
    /// Numbers and extensions.
    pub fn numbers(&self, asked: NumbersQuery) -> Pages<Number> {
        let query = asked.parameters();
        self.list(
            &["telephony", "config", "numbers"],
            &query,
            PageStyle::Link,
            "phoneNumbers",
        )
    }

    /// Only the counts, in one request.
    pub async fn number_counts(&self, asked: NumbersQuery) -> Result<NumberCounts, Error> {
        let mut pages = self.numbers(NumbersQuery {
            details: true,
            max: Some(1),
            ..asked
        });
        let page = pages.next().await.transpose()?;
        page.and_then(|page| page.counts()).ok_or_else(|| {
            Error::new(
                ErrorKind::UnexpectedAnswer,
                "Webex sent no counts with its numbers",
            )
        })
    }
}
