//! An error as a test sets it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cloud::wholesale::Remark;

/// An error or a warning: `{"errorCode": 10022, "description": "…"}`, either of both may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErrorText {
    /// Code; a text where it is no number.
    #[serde(default)]
    pub error_code: Value,
    /// Description; empty for none.
    #[serde(default)]
    pub description: String,
}

impl ErrorText {
    /// An error with a number for a code.
    #[must_use]
    pub fn new(code: u32, description: &str) -> Self {
        Self {
            error_code: code.into(),
            description: description.to_owned(),
        }
    }

    /// As the cloud keeps it.
    pub(crate) fn remark(&self) -> Remark {
        let code = match &self.error_code {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Remark::new(&code, &self.description)
    }
}
