//! What has been consented to, and taking it back (webex-api reference, sections 2.2 and 2.5).

use futures::stream::TryStreamExt as _;
use serde::Deserialize;

use super::{given, push};
use crate::client::{Query, Webex};
use crate::error::Error;
use crate::lenient::{number, open_enum, or_default, text};
use crate::page::{PageStyle, Pages};

/// One grant or token of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Authorization {
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    #[serde(deserialize_with = "text")]
    pub application_id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub application_name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub person_id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub client_id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub created: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<AuthorizationKind>,
}

open_enum! {
    /// Deleting a refresh authorization kills its access tokens.
    AuthorizationKind { Refresh = "refresh", Access = "access" }
}

/// Whose authorizations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorizationOwner {
    PersonId(String),
    PersonEmail(String),
}

/// When the presented token ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct TokenExpiry {
    /// Epoch milliseconds.
    #[serde(deserialize_with = "number", default)]
    pub exp: Option<i64>,
}

impl Webex {
    /// The authorizations of a person (scope identity:tokens_read).
    pub async fn authorizations(&self, owner: &AuthorizationOwner) -> Result<Vec<Authorization>, Error> {
        let query: Query = vec![match owner {
            AuthorizationOwner::PersonId(id) => ("personId", id.clone()),
            AuthorizationOwner::PersonEmail(email) => ("personEmail", email.clone()),
        }];
        let pages: Pages<Authorization> = self.list(&["authorizations"], &query, PageStyle::Single, "items");
        pages
            .try_fold(Vec::new(), async |mut all, page| {
                all.extend(page.items);
                Ok(all)
            })
            .await
    }

    /// Revokes one authorization (scope identity:tokens_write).
    pub async fn delete_authorization(&self, id: &str) -> Result<(), Error> {
        self.delete(&["authorizations", given(id, "authorization")?], &Vec::new())
            .await
            .map(drop)
    }

    /// Revokes everything an integration was granted in an organisation.
    pub async fn delete_authorizations_of(&self, client_id: &str, org_id: Option<&str>) -> Result<(), Error> {
        let mut query: Query = vec![("clientId", given(client_id, "client")?.to_owned())];
        push(&mut query, "orgId", org_id);
        self.delete(&["authorizations"], &query).await.map(drop)
    }

    /// When the presented token ends, as Webex sees it.
    pub async fn token_expiry(&self) -> Result<TokenExpiry, Error> {
        self.get(&["authorizations", "tokenExpiry"], &Vec::new()).await
    }
}
