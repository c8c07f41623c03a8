//! Licences, their holders, and the one way to assign them (webex-api reference, sections 4.1 and 4.2).

use futures::stream::TryStreamExt as _;
use http::Method;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{given, push};
use crate::client::{Query, Webex};
use crate::error::Error;
use crate::lenient::{number, open_enum, or_default, split_texts, text};
use crate::page::{PageStyle, Pages};

/// A licence of an organisation. The same name may occur several times, one a subscription: pick by id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Licence {
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    /// Units bought; negative means without limit.
    #[serde(deserialize_with = "number")]
    pub total_units: Option<i64>,
    /// Lags behind changes.
    #[serde(deserialize_with = "number")]
    pub consumed_units: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub consumed_by_users: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub consumed_by_workspaces: Option<i64>,
    #[serde(deserialize_with = "text")]
    pub subscription_id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub site_url: Option<String>,
    #[serde(deserialize_with = "text")]
    pub site_type: Option<String>,
}

/// Somebody who holds a licence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LicenceHolder {
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    #[serde(rename = "type")]
    pub kind: Option<LicenceHolderKind>,
    #[serde(deserialize_with = "text")]
    pub display_name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub email: Option<String>,
}

open_enum! {
    /// Whether the holder belongs to the organisation.
    LicenceHolderKind { Internal = "INTERNAL", External = "EXTERNAL" }
}

/// What `PATCH /licenses/users` is asked to do for one person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PatchLicences {
    pub person_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org_id: Option<String>,
    #[serde(rename = "licenses")]
    pub licences: Vec<LicenceOperation>,
}

/// One licence to add or to remove. Removing a calling licence destroys extension, number, voicemail and devices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LicenceOperation {
    pub id: String,
    pub operation: Operation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties: Option<CallingProperties>,
}

/// What is to be done with a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    Add,
    Remove,
}

/// A calling licence needs a number or an extension, and a location when there is no number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallingProperties {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location_id: Option<String>,
    /// E.164.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension: Option<String>,
}

/// What Webex answered. A 2xx proves acceptance only: read the person back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatchAnswer {
    /// 200, or 206 when some licences were not applied; the body does not say which.
    pub status: u16,
    pub person_id: Option<String>,
    pub org_id: Option<String>,
    pub email: Option<String>,
    /// Ids of the licences now held.
    pub licences: Vec<String>,
    pub pending_licences: Vec<String>,
    pub site_urls: Vec<SiteUrl>,
    pub tracking_id: Option<String>,
    pub sent_at: Timestamp,
    pub answered_at: Timestamp,
}

/// A meeting site of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SiteUrl {
    #[serde(deserialize_with = "text")]
    pub site_url: Option<String>,
    #[serde(deserialize_with = "text")]
    pub account_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PatchBody {
    #[serde(default, deserialize_with = "text")]
    person_id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    org_id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    email: Option<String>,
    #[serde(default, deserialize_with = "split_texts")]
    licenses: Vec<String>,
    #[serde(default, deserialize_with = "split_texts")]
    pending_licenses: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    site_urls: Vec<SiteUrl>,
}

impl Webex {
    /// All licences of an organisation (`None`: of the token's own).
    pub async fn licences(&self, org_id: Option<&str>) -> Result<Vec<Licence>, Error> {
        let mut query: Query = Vec::new();
        push(&mut query, "orgId", org_id);
        let pages: Pages<Licence> = self.list(&["licenses"], &query, PageStyle::Single, "items");
        pages
            .try_fold(Vec::new(), async |mut all, page| {
                all.extend(page.items);
                Ok(all)
            })
            .await
    }

    /// Who holds a licence.
    pub fn licence_holders(&self, licence_id: &str) -> Pages<LicenceHolder> {
        let query: Query = vec![
            ("includeAssignedTo", "user".to_owned()),
            ("limit", "300".to_owned()),
        ];
        match given(licence_id, "licence") {
            Ok(id) => self.list(&["licenses", id], &query, PageStyle::Link, "users"),
            Err(error) => Box::pin(futures::stream::once(async { Err(error) })),
        }
    }

    /// Adds and removes licences of one person. Never resent by itself but after a 429 or a refreshed token.
    pub async fn patch_licences(&self, patch: &PatchLicences) -> Result<PatchAnswer, Error> {
        let answer = self
            .send_json(Method::PATCH, &["licenses", "users"], &Vec::new(), Some(patch))
            .await?;
        let body: PatchBody = answer.json()?;
        Ok(PatchAnswer {
            status: answer.status.as_u16(),
            person_id: body.person_id,
            org_id: body.org_id,
            email: body.email,
            licences: body.licenses,
            pending_licences: body.pending_licenses,
            site_urls: body.site_urls,
            tracking_id: answer.tracking_id,
            sent_at: answer.sent_at,
            answered_at: answer.answered_at,
        })
    }
}
