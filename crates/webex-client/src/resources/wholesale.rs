//! Customers of a wholesale partner (webex-api reference, section 8). Provisioning is asynchronous: an accepted change shows
//! its end in the customer's status only. The organisation's name is not told with a customer.

use http::Method;
use serde::{Deserialize, Serialize};

use super::{given, push};
use crate::client::{Query, Webex};
use crate::error::Error;
use crate::lenient::{open_enum, or_default, split_texts, text};
use crate::page::{PageStyle, Pages};
use crate::send::{Answer, Call};

/// Customers a page; Webex clamps it silently.
const PAGE: u32 = 100;

/// Which customers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WholesaleCustomersQuery {
    pub external_id: Option<String>,
    pub org_id: Option<String>,
    /// Any of these; all where there is none.
    pub statuses: Vec<CustomerStatus>,
    /// Customers a page.
    pub max: Option<u32>,
}

open_enum! {
    /// How a customer stands.
    CustomerStatus {
        Provisioned = "provisioned",
        ProvisionedWithErrors = "provisioned_with_errors",
        Provisioning = "provisioning",
        Updating = "updating",
        Deleting = "deleting",
        Error = "error",
        /// A check against the list of denied parties.
        PendingRplReview = "pending_rpl_review",
    }
}

open_enum! {
    /// How a package of a customer stands. `Error` is seen with warnings alone, and `Provisioned` with warnings.
    WholesalePackageStatus {
        Provisioned = "provisioned",
        Provisioning = "provisioning",
        Deleting = "deleting",
        Error = "error",
    }
}

/// A customer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WholesaleCustomer {
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    /// None before it is provisioned.
    #[serde(deserialize_with = "text")]
    pub org_id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub external_id: Option<String>,
    pub address: Option<WholesaleAddress>,
    pub status: Option<CustomerStatus>,
    /// Names of packages; the list of those that exist grows.
    #[serde(deserialize_with = "split_texts")]
    pub packages: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    pub resource_details: WholesaleResources,
    #[serde(deserialize_with = "or_default")]
    pub errors: Vec<WholesaleRemark>,
}

/// A billing address, read and sent. What is absent is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WholesaleAddress {
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub address_line1: Option<String>,
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub address_line2: Option<String>,
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub state_or_province: Option<String>,
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub zip_or_postal_code: Option<String>,
    /// Two letters of ISO 3166-1.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// What stands under `resourceDetails`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct WholesaleResources {
    #[serde(deserialize_with = "or_default")]
    pub packages: Vec<WholesalePackage>,
}

/// How one package stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WholesalePackage {
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    pub status: Option<WholesalePackageStatus>,
    #[serde(deserialize_with = "or_default")]
    pub warnings: Vec<WholesaleRemark>,
    #[serde(deserialize_with = "or_default")]
    pub errors: Vec<WholesaleRemark>,
    /// Only where they were asked for.
    #[serde(deserialize_with = "split_texts")]
    pub license_ids: Vec<String>,
}

/// A warning, an error or a piece of information with its code, a number or a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WholesaleRemark {
    #[serde(deserialize_with = "text", alias = "infoCode")]
    pub error_code: Option<String>,
    #[serde(deserialize_with = "text")]
    pub description: Option<String>,
}

/// A change of a customer. `packages` is the whole list: Webex takes away what is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WholesaleChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    pub packages: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<WholesaleAddress>,
}

/// What Webex is to check without doing it. An external id counts as that of a new customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WholesaleCheck {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    pub packages: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<WholesaleAddress>,
}

/// What Webex's check found. Most failures come as an error answer instead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct WholesaleVerdict {
    #[serde(deserialize_with = "text")]
    pub message: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub info: Vec<WholesaleRemark>,
    #[serde(deserialize_with = "or_default")]
    pub errors: Vec<WholesaleRemark>,
}

impl Webex {
    /// Customers, page by page.
    pub fn wholesale_customers(&self, asked: WholesaleCustomersQuery) -> Pages<WholesaleCustomer> {
        let mut query: Query = Vec::new();
        push(&mut query, "externalId", asked.external_id);
        push(&mut query, "orgId", asked.org_id);
        for status in asked.statuses {
            query.push(("status", status.to_string()));
        }
        query.push(("offset", "0".to_owned()));
        query.push(("max", asked.max.unwrap_or(PAGE).max(1).to_string()));
        self.list(&["wholesale", "customers"], &query, PageStyle::Offset, "items")
    }

    /// One customer.
    pub async fn wholesale_customer(&self, id: &str) -> Result<WholesaleCustomer, Error> {
        let path = ["wholesale", "customers", given(id, "customer")?];
        self.get(&path, &Vec::new()).await
    }

    /// Asks for a change; accepted is not carried out. Unlike other PUTs it is not repeated when the answer is lost: a second
    /// one would find the customer in change and be refused. Read the customer before sending it again.
    pub async fn update_wholesale_customer(
        &self,
        id: &str,
        change: &WholesaleChange,
    ) -> Result<Answer, Error> {
        let path = ["wholesale", "customers", given(id, "customer")?];
        let call = Call::new(Method::PUT, self.address(&path, &Vec::new()))
            .with_json(change)?
            .once();
        self.send(&call).await
    }

    /// Has Webex check what could be sent. Nothing is changed.
    pub async fn check_wholesale_customer(&self, check: &WholesaleCheck) -> Result<WholesaleVerdict, Error> {
        self.send_json(
            Method::POST,
            &["wholesale", "customers", "validate"],
            &Vec::new(),
            Some(check),
        )
        .await?
        .json()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_in_many_dresses() {
        let customer: WholesaleCustomer = serde_json::from_str(
            r#"{"id":"a","orgId":null,"externalId":77,"status":"Hibernating","packages":["webex_calling","holo"],
                "resourceDetails":{"packages":[{"name":"holo","status":"half","warnings":[{"errorCode":2560,"description":"w"},
                {"errorCode":"WHS-1"}],"errors":null}]},"errors":[{"errorCode":"10022","description":"e"}],"new":1}"#,
        )
        .unwrap();
        assert_eq!(customer.external_id.as_deref(), Some("77"));
        assert_eq!(customer.status, Some(CustomerStatus::Other("Hibernating".into())));
        let package = &customer.resource_details.packages[0];
        let codes: Vec<_> = package.warnings.iter().map(|w| w.error_code.as_deref()).collect();
        assert_eq!(codes, [Some("2560"), Some("WHS-1")]);
        for bare in [
            r#"{"id":"a"}"#,
            r#"{"id":"a","resourceDetails":null,"errors":null,"packages":null}"#,
        ] {
            let customer: WholesaleCustomer = serde_json::from_str(bare).unwrap();
            assert_eq!(
                customer,
                WholesaleCustomer {
                    id: "a".into(),
                    ..WholesaleCustomer::default()
                }
            );
        }
        let verdict: WholesaleVerdict =
            serde_json::from_str(r#"{"message":"success","info":[{"infoCode":100,"description":"fine"}]}"#)
                .unwrap();
        assert_eq!(verdict.info[0].error_code.as_deref(), Some("100"));
    }

    #[test]
    fn what_is_absent_is_not_sent() {
        let change = WholesaleChange {
            external_id: None,
            packages: vec!["webex_suite".into()],
            address: Some(WholesaleAddress {
                city: Some("Aarhus".into()),
                ..WholesaleAddress::default()
            }),
        };
        let sent = serde_json::to_value(change).unwrap();
        assert_eq!(
            sent,
            serde_json::json!({ "packages": ["webex_suite"], "address": { "city": "Aarhus" } })
        );
    }
}
