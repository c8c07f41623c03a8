//! Customers of a wholesale organisation (product O10; webex-api reference, section 8). Times are RFC 3339 UTC.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A postal address as Webex keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    pub address_line1: Option<String>,
    pub address_line2: Option<String>,
    pub city: Option<String>,
    pub state_or_province: Option<String>,
    pub zip_or_postal_code: Option<String>,
    /// Two letters of ISO 3166-1.
    pub country: Option<String>,
}

/// A warning or error of Webex. The code is text: numbers and words have been seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Remark {
    pub code: Option<String>,
    pub description: String,
}

/// How one package of a customer stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PackageDetail {
    pub name: String,
    /// `provisioned`, `provisioning`, `deleting`, `error`, or a word Patchbay does not know.
    pub status: String,
    pub warnings: Vec<Remark>,
    pub errors: Vec<Remark>,
}

/// A customer, as Webex told it last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    pub id: String,
    /// None before it is provisioned.
    pub org_id: Option<String>,
    /// Joined by Patchbay: Webex does not tell it with the customer.
    pub org_name: Option<String>,
    pub external_id: Option<String>,
    pub address: Option<Address>,
    /// `provisioned`, `provisioned_with_errors`, `provisioning`, `updating`, `deleting`, `error`, `pending_rpl_review`, or a
    /// word Patchbay does not know.
    pub status: String,
    pub packages: Vec<String>,
    pub resource_details: Vec<PackageDetail>,
    pub errors: Vec<Remark>,
    pub as_of: String,
    /// The transaction that follows a change of this customer until it is settled.
    pub followed_by: Option<String>,
}

/// By what customers are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CustomerSort {
    #[default]
    OrgName,
    ExternalId,
    Status,
}

/// Which customers to list.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CustomerFilter {
    /// Matches id, org id, name, external id, city and packages.
    pub search: Option<String>,
    pub status: Option<String>,
    pub sort: CustomerSort,
    pub descending: bool,
}

/// A window of customers.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CustomerWindow {
    pub total: u32,
    pub customers: Vec<Customer>,
    /// When the list was copied as a whole; None before the first copy.
    pub as_of: Option<String>,
    /// All statuses there are, with how many customers have each.
    pub statuses: Vec<StatusCount>,
    /// The transaction of the copy that is under way.
    pub syncing: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatusCount {
    pub status: String,
    pub customers: u32,
}

/// What may be changed of a customer. The list of packages is the whole one: what is not in it is taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CustomerChange {
    pub external_id: String,
    pub address: Address,
    pub packages: Vec<String>,
}

/// What a change would do, before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangePreview {
    pub packages_added: Vec<String>,
    pub packages_removed: Vec<String>,
    /// In whole sentences: what Webex will take away from the customer.
    pub destroys: Vec<String>,
    pub details_changed: bool,
    /// What Webex's own check found wrong; empty where it found nothing.
    pub problems: Vec<Remark>,
    /// What Webex said in favour, and why the check could not be made where it could not.
    pub remarks: Vec<Remark>,
}
