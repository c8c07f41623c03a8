//! The contact center's configuration interface (webex-api reference, section 9): a base a region, and the organisation as
//! a plain UUID. With another form of the id it answers 401, which then says nothing about the token. 300 requests a minute
//! a client id; errors in shape D with `error` as an object.

use http::Method;
use serde::Deserialize;

use super::given;
use crate::client::Webex;
use crate::endpoints::{ContactCenterRegion, below};
use crate::error::{Error, ErrorKind};
use crate::lenient::{number, or_default, text};
use crate::send::Call;

/// A user of the contact center.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContactCenterUser {
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    #[serde(deserialize_with = "text")]
    pub email: Option<String>,
}

/// A page of its users.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ContactCenterUsers {
    #[serde(deserialize_with = "or_default")]
    pub data: Vec<ContactCenterUser>,
    #[serde(deserialize_with = "or_default")]
    pub meta: ContactCenterMeta,
}

/// How much there is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContactCenterMeta {
    #[serde(deserialize_with = "number")]
    pub total_records: Option<i64>,
}

impl Webex {
    /// One page of the contact center's users, counted from 0.
    pub async fn contact_center_users(
        &self,
        region: ContactCenterRegion,
        organisation: &str,
        page: u32,
        page_size: u32,
    ) -> Result<ContactCenterUsers, Error> {
        let organisation = given(organisation, "organisation")?;
        if uuid::Uuid::try_parse(organisation).is_err() {
            return Err(Error::new(
                ErrorKind::Config,
                "the contact center wants the organisation's id as a plain UUID",
            ));
        }
        let base = self.endpoints().contact_center(region);
        let mut url = below(&base, ["organization", organisation, "v2", "user"]);
        url.query_pairs_mut()
            .append_pair("page", &page.to_string())
            .append_pair("pageSize", &page_size.to_string());
        self.send(&Call::new(Method::GET, url)).await?.json()
    }
}
