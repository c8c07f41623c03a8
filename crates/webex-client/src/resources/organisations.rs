//! Organisations (webex-api reference, sections 1 and 1.1). More than one in the list means a partner's token; a read-only
//! admin may get an error for the list and finds the organisation in [`Webex::me`].

use futures::stream::TryStreamExt as _;
use serde::Deserialize;

use super::given;
use crate::client::Webex;
use crate::error::Error;
use crate::lenient::{or_default, text};
use crate::page::{PageStyle, Pages};

/// An organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Organisation {
    /// The internal (base64) id.
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    #[serde(deserialize_with = "text")]
    pub display_name: Option<String>,
    /// RFC 3339, as it came.
    #[serde(deserialize_with = "text")]
    pub created: Option<String>,
}

impl Webex {
    /// The organisations the token reaches.
    pub async fn organisations(&self) -> Result<Vec<Organisation>, Error> {
        let pages: Pages<Organisation> =
            self.list(&["organizations"], &Vec::new(), PageStyle::Single, "items");
        pages
            .try_fold(Vec::new(), async |mut all, page| {
                all.extend(page.items);
                Ok(all)
            })
            .await
    }

    /// One organisation, by its plain UUID (Control Hub's id) or its internal id; the answer has the internal one.
    pub async fn organisation(&self, id: &str) -> Result<Organisation, Error> {
        self.get(&["organizations", given(id, "organisation")?], &Vec::new())
            .await
    }
}
