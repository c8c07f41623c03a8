//! Enterprises of a BroadWorks partner and their directory synchronisation (webex-api reference, section 7). Webex carries a
//! synchronisation out long after it has accepted the request: its end shows in the status only.

use http::Method;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use super::{given, push};
use crate::client::{Query, Webex};
use crate::clock::Clocks;
use crate::error::Error;
use crate::lenient::{flag, number, open_enum, or_default, text};
use crate::page::{PageStyle, Pages};
use crate::send::{Answer, Call};

/// Enterprises a page, as many as Webex gives.
const PAGE: u32 = 1_000;

/// Which enterprises.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnterprisesQuery {
    /// Service provider and enterprise, `SP1+acme`.
    pub sp_enterprise_id: Option<String>,
    /// The beginning of it.
    pub starts_with: Option<String>,
    /// Enterprises a page.
    pub max: Option<u32>,
}

/// An enterprise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Enterprise {
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    #[serde(deserialize_with = "text")]
    pub org_id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub sp_enterprise_id: Option<String>,
    #[serde(deserialize_with = "text")]
    pub provisioning_id: Option<String>,
    pub broadworks_directory_sync: Option<DirectorySync>,
}

/// The directory synchronisation of an enterprise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DirectorySync {
    #[serde(deserialize_with = "flag")]
    pub enable_dir_sync: Option<bool>,
    pub directory_sync_status: Option<DirectorySyncStatus>,
}

open_enum! {
    /// How the last synchronisation stands. A failure has been seen as `errors` beside any of these.
    SyncStatus {
        NotSynced = "NOT_SYNCED",
        InProgress = "IN_PROGRESS",
        Complete = "COMPLETE",
    }
}

/// What Webex says of the last synchronisation, and of all together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DirectorySyncStatus {
    pub sync_status: Option<SyncStatus>,
    #[serde(deserialize_with = "time")]
    pub last_sync_start_time: Option<Timestamp>,
    #[serde(deserialize_with = "time")]
    pub last_sync_end_time: Option<Timestamp>,
    #[serde(deserialize_with = "time")]
    pub last_successful_sync_time: Option<Timestamp>,
    /// The tracking id of the request that began it, possibly with something added, or one of Webex's own.
    #[serde(deserialize_with = "text")]
    pub last_sync_tracking_id: Option<String>,
    #[serde(deserialize_with = "number")]
    pub users_added: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub users_updated: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub users_deleted: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub machines_added: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub machines_updated: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub machines_deleted: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub user_contacts_added: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub user_contacts_updated: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub user_contacts_deleted: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub org_contacts_added: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub org_contacts_updated: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub org_contacts_deleted: Option<i64>,
    #[serde(rename = "totalExternalUsersInCI", deserialize_with = "number")]
    pub total_external_users: Option<i64>,
    #[serde(rename = "totalExternalMachinesInCI", deserialize_with = "number")]
    pub total_external_machines: Option<i64>,
    #[serde(rename = "totalUserContactsInContactService", deserialize_with = "number")]
    pub total_user_contacts: Option<i64>,
    #[serde(rename = "totalOrgContactsInContactService", deserialize_with = "number")]
    pub total_org_contacts: Option<i64>,
    #[serde(deserialize_with = "or_default")]
    pub errors: Vec<SyncError>,
}

/// Why a synchronisation failed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SyncError {
    /// A number or a text.
    #[serde(deserialize_with = "text")]
    pub error_code: Option<String>,
    #[serde(deserialize_with = "text")]
    pub description: Option<String>,
}

/// The directory synchronisation as Webex told it, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectorySyncAnswer {
    pub sync: DirectorySync,
    /// None where the answer told no time.
    pub clocks: Option<Clocks>,
    pub tracking_id: Option<String>,
}

/// A time, whatever its fraction and offset; one that cannot be read is none.
fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let Some(text) = text(deserializer)? else {
        return Ok(None);
    };
    let read = text.trim().parse();
    if read.is_err() {
        tracing::warn!(text, "a time of a directory synchronisation cannot be read");
    }
    Ok(read.ok())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Enable {
    enable_dir_sync: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Trigger {
    sync_status: &'static str,
}

impl Webex {
    /// Enterprises with what is known of their synchronisation, page by page. One that nobody was provisioned in is not there.
    pub fn enterprises(&self, asked: EnterprisesQuery) -> Pages<Enterprise> {
        let mut query: Query = Vec::new();
        push(&mut query, "spEnterpriseId", asked.sp_enterprise_id);
        push(&mut query, "startsWith", asked.starts_with);
        query.push(("max", asked.max.unwrap_or(PAGE).max(1).to_string()));
        self.list(&["broadworks", "enterprises"], &query, PageStyle::Link, "items")
    }

    /// How the synchronisation of an enterprise stands.
    pub async fn directory_sync(&self, enterprise: &str) -> Result<DirectorySyncAnswer, Error> {
        let call = self.of_enterprise(Method::GET, enterprise)?;
        told(self.send(&call).await?)
    }

    /// Switches synchronisation on or off for an enterprise.
    pub async fn enable_directory_sync(
        &self,
        enterprise: &str,
        enable: bool,
    ) -> Result<DirectorySyncAnswer, Error> {
        let call = self.of_enterprise(Method::PUT, enterprise)?.with_json(&Enable {
            enable_dir_sync: enable,
        })?;
        told(self.send(&call).await?)
    }

    /// Asks for a synchronisation now. Accepted is not begun. It is sent again only when it was certainly not processed: where
    /// the answer is lost, read the status.
    pub async fn trigger_directory_sync(&self, enterprise: &str) -> Result<DirectorySyncAnswer, Error> {
        let call = self
            .of_enterprise(Method::POST, enterprise)?
            .with_json(&Trigger {
                sync_status: "SYNC_NOW",
            })?
            .once();
        let answer = self.send(&call).await?;
        if answer.body.is_empty() {
            return Ok(DirectorySyncAnswer {
                sync: DirectorySync::default(),
                clocks: answer.clocks(),
                tracking_id: answer.tracking_id,
            });
        }
        told(answer)
    }

    fn of_enterprise(&self, method: Method, enterprise: &str) -> Result<Call, Error> {
        let path = [
            "broadworks",
            "enterprises",
            given(enterprise, "enterprise")?,
            "broadworksDirectorySync",
        ];
        Ok(Call::new(method, self.address(&path, &Vec::new())))
    }
}

fn told(answer: Answer) -> Result<DirectorySyncAnswer, Error> {
    Ok(DirectorySyncAnswer {
        sync: answer.json()?,
        clocks: answer.clocks(),
        tracking_id: answer.tracking_id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_in_many_dresses() {
        let enterprise: Enterprise = serde_json::from_str(
            r#"{"id":"e","spEnterpriseId":"SP1+acme","new":1,"broadworksDirectorySync":{"enableDirSync":"true",
                "directorySyncStatus":{"lastSyncStartTime":"2021-04-07T15:26:40.704911Z","lastSyncEndTime":"2021-04-07T17:26:42+02:00",
                "lastSuccessfulSyncTime":"yesterday","syncStatus":"HIBERNATING","usersAdded":"44","usersUpdated":2.0,
                "totalExternalUsersInCI":1077,"orgContactsDeleted":null,"totalOrgContactsInContactService":3,
                "errors":[{"errorCode":6003,"description":"no"},{"errorCode":"X-1"}]}}}"#,
        )
        .unwrap();
        let sync = enterprise.broadworks_directory_sync.unwrap();
        assert_eq!(sync.enable_dir_sync, Some(true));
        let status = sync.directory_sync_status.unwrap();
        assert_eq!(status.sync_status, Some(SyncStatus::Other("HIBERNATING".into())));
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
        assert_eq!(
            time(status.last_sync_start_time).as_deref(),
            Some("2021-04-07T15:26:40.704911Z")
        );
        assert_eq!(
            time(status.last_sync_end_time).as_deref(),
            Some("2021-04-07T15:26:42Z")
        );
        assert_eq!(status.last_successful_sync_time, None);
        assert_eq!(
            (
                status.users_added,
                status.users_updated,
                status.total_external_users,
                status.org_contacts_deleted,
                status.total_org_contacts
            ),
            (Some(44), Some(2), Some(1077), None, Some(3))
        );
        let codes: Vec<_> = status.errors.iter().map(|e| e.error_code.as_deref()).collect();
        assert_eq!(codes, [Some("6003"), Some("X-1")]);
        for bare in [
            r#"{"id":"e"}"#,
            r#"{"id":"e","broadworksDirectorySync":null,"orgId":null}"#,
        ] {
            let enterprise: Enterprise = serde_json::from_str(bare).unwrap();
            assert_eq!(enterprise.broadworks_directory_sync, None);
        }
        let bare: DirectorySync =
            serde_json::from_str(r#"{"enableDirSync":true,"directorySyncStatus":{"errors":null}}"#).unwrap();
        assert_eq!(bare.directory_sync_status, Some(DirectorySyncStatus::default()));
    }
}
