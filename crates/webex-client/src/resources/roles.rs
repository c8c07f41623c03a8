//! Roles (webex-api reference, section 4.1).

use futures::stream::TryStreamExt as _;
use serde::Deserialize;

use crate::client::Webex;
use crate::error::Error;
use crate::lenient::or_default;
use crate::page::{PageStyle, Pages};

/// A role a person may have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Role {
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    #[serde(deserialize_with = "or_default")]
    pub name: String,
}

impl Webex {
    /// All roles.
    pub async fn roles(&self) -> Result<Vec<Role>, Error> {
        let pages: Pages<Role> = self.list(&["roles"], &Vec::new(), PageStyle::Single, "items");
        pages
            .try_fold(Vec::new(), async |mut all, page| {
                all.extend(page.items);
                Ok(all)
            })
            .await
    }
}
