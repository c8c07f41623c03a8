//! The job that sends activation mails to everybody of an organisation who has not accepted the invitation (webex-api
//! reference, section 6). Webex runs one an organisation at a time.

use futures::TryStreamExt as _;
use http::Method;
use serde::Deserialize;

use super::given;
use crate::client::{Query, Webex};
use crate::error::Error;
use crate::lenient::{number, open_enum, or_default, text};
use crate::page::PageStyle;
use crate::send::Call;

open_enum! {
    /// How a job of Webex stands.
    JobStatus {
        Starting = "STARTING",
        Started = "STARTED",
        Stopping = "STOPPING",
        Stopped = "STOPPED",
        Completed = "COMPLETED",
        Failed = "FAILED",
        Abandoned = "ABANDONED",
        Unknown = "UNKNOWN",
    }
}

/// The job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ActivationMailsJob {
    #[serde(deserialize_with = "or_default")]
    pub id: String,
    #[serde(deserialize_with = "text")]
    pub tracking_id: Option<String>,
    pub latest_execution_status: Option<JobStatus>,
    pub latest_execution_exit_code: Option<JobStatus>,
    #[serde(deserialize_with = "or_default")]
    pub counts: ActivationMailCounts,
}

impl ActivationMailsJob {
    /// Webex does nothing more on it. A word nobody knows does not end it.
    pub fn is_over(&self) -> bool {
        matches!(
            self.latest_execution_status,
            Some(JobStatus::Completed | JobStatus::Failed | JobStatus::Stopped | JobStatus::Abandoned)
        )
    }
}

/// What the job has done so far; None where Webex did not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ActivationMailCounts {
    #[serde(rename = "userResendInviteSent", deserialize_with = "number")]
    pub sent: Option<i64>,
    #[serde(rename = "userResendInviteFailed", deserialize_with = "number")]
    pub failed: Option<i64>,
    #[serde(rename = "userResendInviteSkipped", deserialize_with = "number")]
    pub skipped: Option<i64>,
    #[serde(rename = "totalUsers", deserialize_with = "number")]
    pub total: Option<i64>,
}

/// Why one user got no mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ActivationMailError {
    #[serde(deserialize_with = "text")]
    pub tracking_id: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub error: ActivationMailErrorBody,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ActivationMailErrorBody {
    #[serde(deserialize_with = "text")]
    pub key: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub message: Vec<ActivationMailErrorMessage>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ActivationMailErrorMessage {
    /// `ATLAS-600199`: mailed within the last 24 hours already.
    #[serde(deserialize_with = "text")]
    pub code: Option<String>,
    #[serde(deserialize_with = "text")]
    pub description: Option<String>,
}

impl Webex {
    /// Has Webex begin the job. Not repeated when the answer is lost: it would mail everybody twice.
    pub async fn send_activation_mails(&self, organisation: &str) -> Result<ActivationMailsJob, Error> {
        let path = self.activation_mails(organisation)?;
        let call = Call::new(Method::POST, self.address(&path, &Vec::new()));
        self.send(&call).await?.json()
    }

    /// How the job stands.
    pub async fn activation_mails_status(
        &self,
        organisation: &str,
        job: &str,
    ) -> Result<ActivationMailsJob, Error> {
        let base = self.activation_mails(organisation)?;
        let path: Vec<&str> = base.into_iter().chain([given(job, "job")?, "status"]).collect();
        self.get(&path, &Vec::new()).await
    }

    /// Who got no mail and why, as far as the job has come; at most `most`.
    pub async fn activation_mails_errors(
        &self,
        organisation: &str,
        job: &str,
        most: usize,
    ) -> Result<Vec<ActivationMailError>, Error> {
        let base = self.activation_mails(organisation)?;
        let path: Vec<&str> = base.into_iter().chain([given(job, "job")?, "errors"]).collect();
        let query: Query = vec![("max", "50".to_owned())];
        let mut pages = self.list(&path, &query, PageStyle::Link, "items");
        let mut errors = Vec::new();
        while let Some(page) = pages.try_next().await? {
            errors.extend(page.items);
            if errors.len() >= most {
                errors.truncate(most);
                break;
            }
        }
        Ok(errors)
    }

    fn activation_mails<'a>(&self, organisation: &'a str) -> Result<[&'a str; 5], Error> {
        Ok([
            "identity",
            "organizations",
            given(organisation, "organisation")?,
            "jobs",
            "sendActivationEmails",
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_nobody_knows_does_not_end_a_job() {
        let job = |status: &str| -> ActivationMailsJob {
            serde_json::from_value(serde_json::json!({
                "id": "j", "latestExecutionStatus": status, "counts": { "userResendInviteSent": "3", "totalUsers": 4 }
            }))
            .unwrap()
        };
        for over in ["COMPLETED", "failed", "STOPPED", "ABANDONED"] {
            assert!(job(over).is_over(), "{over}");
        }
        for open in ["STARTED", "STARTING", "RESTING"] {
            assert!(!job(open).is_over(), "{open}");
        }
        assert_eq!(job("STARTED").counts.sent, Some(3));
    }
}
