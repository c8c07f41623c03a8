//! Subscribers of BroadWorks and of wholesale customers (webex-api reference, sections 6 and 8): who is licensed, and how far
//! the activation of each is.

use http::Method;
use serde::Deserialize;

use super::{given, push};
use crate::client::{Query, Webex};
use crate::error::Error;
use crate::lenient::{flag, moment, open_enum, or_default, split_texts, text};
use crate::page::{PageStyle, Pages};
use crate::send::{Answer, Call};

/// Subscribers a page; Webex gives no more.
const PAGE: u32 = 100;

open_enum! {
    /// How far the activation of a subscriber is.
    SubscriberStatus {
        PendingEmailInput = "pending_email_input",
        PendingEmailValidation = "pending_email_validation",
        /// The mail that asks for consent to move a free account was sent.
        PendingUserMigration = "pending_user_migration",
        Provisioning = "provisioning",
        Provisioned = "provisioned",
        Updating = "updating",
        Error = "error",
    }
}

/// Why a subscriber could not be provisioned; the code is a number or a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SubscriberError {
    #[serde(deserialize_with = "text")]
    pub error_code: Option<String>,
    #[serde(deserialize_with = "text")]
    pub description: Option<String>,
}

/// Which subscribers of BroadWorks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BroadworksSubscribersQuery {
    pub sp_enterprise_id: Option<String>,
    pub email: Option<String>,
    /// Any of these; all where there is none.
    pub statuses: Vec<SubscriberStatus>,
    /// Subscribers a page.
    pub max: Option<u32>,
}

/// A subscriber of BroadWorks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BroadworksSubscriber {
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    /// None before it is provisioned.
    #[serde(deserialize_with = "text")]
    pub person_id: Option<String>,
    /// On BroadWorks, `95547321@sp.com`.
    #[serde(deserialize_with = "text")]
    pub user_id: Option<String>,
    /// Service provider and enterprise, `SP1+acme`.
    #[serde(deserialize_with = "text")]
    pub sp_enterprise_id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub first_name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub last_name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub email: Option<String>,
    /// With dashes, as it came.
    #[serde(deserialize_with = "text")]
    pub primary_phone_number: Option<String>,
    #[serde(deserialize_with = "text")]
    pub mobile_phone_number: Option<String>,
    #[serde(deserialize_with = "text")]
    pub extension: Option<String>,
    #[serde(deserialize_with = "text")]
    pub package: Option<String>,
    pub status: Option<SubscriberStatus>,
    #[serde(deserialize_with = "or_default")]
    pub errors: Vec<SubscriberError>,
    /// RFC 3339; a number of milliseconds is turned into it, anything else is as it came.
    #[serde(deserialize_with = "moment")]
    pub last_status_change: Option<String>,
    #[serde(deserialize_with = "moment")]
    pub created: Option<String>,
    #[serde(deserialize_with = "flag")]
    pub self_activated: Option<bool>,
}

/// Which subscribers of wholesale customers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WholesaleSubscribersQuery {
    pub customer_id: Option<String>,
    pub email: Option<String>,
    /// One; all where there is none.
    pub status: Option<SubscriberStatus>,
    /// Subscribers a page.
    pub max: Option<u32>,
}

/// A subscriber of a wholesale customer. The same person is one for each package.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WholesaleSubscriber {
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    #[serde(deserialize_with = "text")]
    pub person_id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub email: Option<String>,
    #[serde(deserialize_with = "text")]
    pub customer_id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub external_customer_id: Option<String>,
    /// On its way out, for `packages`.
    #[serde(deserialize_with = "text")]
    pub package: Option<String>,
    #[serde(deserialize_with = "split_texts")]
    pub packages: Vec<String>,
    pub status: Option<SubscriberStatus>,
    #[serde(deserialize_with = "or_default")]
    pub errors: Vec<SubscriberError>,
    /// RFC 3339; a number of milliseconds is turned into it, anything else is as it came.
    #[serde(deserialize_with = "moment")]
    pub last_status_change: Option<String>,
    #[serde(deserialize_with = "moment")]
    pub created: Option<String>,
}

impl Webex {
    /// Subscribers of BroadWorks, page by page.
    pub fn broadworks_subscribers(&self, asked: BroadworksSubscribersQuery) -> Pages<BroadworksSubscriber> {
        let mut query: Query = Vec::new();
        push(&mut query, "spEnterpriseId", asked.sp_enterprise_id);
        push(&mut query, "email", asked.email);
        if !asked.statuses.is_empty() {
            let statuses: Vec<&str> = asked.statuses.iter().map(SubscriberStatus::as_str).collect();
            query.push(("status", statuses.join(",")));
        }
        query.push(("max", asked.max.unwrap_or(PAGE).max(1).to_string()));
        self.list(&["broadworks", "subscribers"], &query, PageStyle::Link, "items")
    }

    /// One subscriber of BroadWorks.
    pub async fn broadworks_subscriber(&self, id: &str) -> Result<BroadworksSubscriber, Error> {
        let path = ["broadworks", "subscribers", given(id, "subscriber")?];
        self.get(&path, &Vec::new()).await
    }

    /// Subscribers of wholesale customers, page by page.
    pub fn wholesale_subscribers(&self, asked: WholesaleSubscribersQuery) -> Pages<WholesaleSubscriber> {
        let mut query: Query = Vec::new();
        push(&mut query, "customerId", asked.customer_id);
        push(&mut query, "email", asked.email);
        push(&mut query, "status", asked.status);
        // A fixed order, so that what begins meanwhile moves no page.
        query.push(("sortBy", "created".to_owned()));
        query.push(("sortOrder", "ASC".to_owned()));
        query.push(("offset", "0".to_owned()));
        query.push(("max", asked.max.unwrap_or(PAGE).max(1).to_string()));
        self.list(&["wholesale", "subscribers"], &query, PageStyle::Offset, "items")
    }

    /// One subscriber of a wholesale customer.
    pub async fn wholesale_subscriber(&self, id: &str) -> Result<WholesaleSubscriber, Error> {
        let path = ["wholesale", "subscribers", given(id, "subscriber")?];
        self.get(&path, &Vec::new()).await
    }

    /// Sends the mail that asks for consent to move a free account once more; only for somebody in `pending_user_migration`.
    /// Not repeated when the answer is lost: it would be a second mail.
    pub async fn resend_consent_mail(&self, subscriber: &str) -> Result<Answer, Error> {
        let path = [
            "subscribers",
            given(subscriber, "subscriber")?,
            "emails",
            "consentMove",
        ];
        let call = Call::new(Method::POST, self.address(&path, &Vec::new()));
        self.send(&call).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscriber_in_many_dresses() {
        let plain: BroadworksSubscriber = serde_json::from_str(
            r#"{"id":"a","status":"error","selfActivated":false,"lastStatusChange":"2020-03-18T16:05:34Z","extension":"1212",
                "errors":[{"errorCode":"10022","description":"d"}]}"#,
        )
        .unwrap();
        let odd: BroadworksSubscriber = serde_json::from_str(
            r#"{"id":"a","status":"ERROR","selfActivated":"false","lastStatusChange":1584547534000,"extension":1212,
                "errors":[{"errorCode":10022,"description":"d"}],"personId":null,"new":{}}"#,
        )
        .unwrap();
        assert_eq!(plain, odd);
        let text: BroadworksSubscriber = serde_json::from_str(
            r#"{"id":"a","lastStatusChange":"1584547534000","status":"half_way","errors":null}"#,
        )
        .unwrap();
        assert_eq!(text.last_status_change, plain.last_status_change);
        assert_eq!(text.status, Some(SubscriberStatus::Other("half_way".into())));
        let kept: WholesaleSubscriber =
            serde_json::from_str(r#"{"id":"a","lastStatusChange":"yesterday","packages":null}"#).unwrap();
        assert_eq!(kept.last_status_change.as_deref(), Some("yesterday"));
    }
}
