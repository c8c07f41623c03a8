//! Asking Webex whether extensions and numbers may be used (webex-api reference, section 4.4).
//!
//! A good answer is no promise: an available number may still not be addable.

use http::Method;
use serde::Deserialize;
use serde_json::json;

use super::given;
use crate::client::Webex;
use crate::error::Error;
use crate::lenient::{flag, open_enum, or_default, text};

/// Extensions in one request; no limit is published.
const EXTENSIONS_A_REQUEST: usize = 100;
/// Numbers in one request; no limit is published.
const NUMBERS_A_REQUEST: usize = 10;

open_enum! {
    /// Whether an extension may be used.
    ExtensionState {
        Valid = "VALID",
        Duplicate = "DUPLICATE",
        DuplicateInList = "DUPLICATE_IN_LIST",
        Invalid = "INVALID",
    }
}

open_enum! {
    /// Whether a number may be used.
    NumberCheckState {
        Available = "Available",
        Duplicate = "Duplicate",
        DuplicateInList = "Duplicate In List",
        Invalid = "Invalid",
        Unavailable = "Unavailable",
    }
}

/// What Webex says about each extension, in the order asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExtensionsCheck {
    pub extensions: Vec<ExtensionCheck>,
}

/// What Webex says about one extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionCheck {
    pub asked: String,
    /// As Webex repeats it, possibly normalised.
    pub echoed: Option<String>,
    /// None when Webex did not mention the extension.
    pub state: Option<ExtensionState>,
    pub error_code: Option<String>,
    pub message: Option<String>,
}

/// What Webex says about each number, in the order asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumbersCheck {
    pub numbers: Vec<NumberCheck>,
}

/// What Webex says about one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberCheck {
    pub asked: String,
    pub echoed: Option<String>,
    /// None when Webex did not mention the number.
    pub state: Option<NumberCheckState>,
    pub toll_free_number: Option<bool>,
    pub detail: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExtensionsBody {
    #[serde(default, deserialize_with = "or_default")]
    extension_status: Vec<ExtensionEntry>,
}

#[derive(Deserialize, Clone, Default)]
#[serde(rename_all = "camelCase", default)]
struct ExtensionEntry {
    #[serde(deserialize_with = "text")]
    extension: Option<String>,
    state: Option<ExtensionState>,
    #[serde(deserialize_with = "text")]
    error_code: Option<String>,
    #[serde(deserialize_with = "text")]
    message: Option<String>,
}

#[derive(Deserialize)]
struct NumbersBody {
    #[serde(default, deserialize_with = "or_default", alias = "phoneNumbers")]
    numbers: Vec<NumberEntry>,
}

#[derive(Deserialize, Clone, Default)]
#[serde(rename_all = "camelCase", default)]
struct NumberEntry {
    #[serde(deserialize_with = "text", alias = "phoneNumber")]
    number: Option<String>,
    state: Option<NumberCheckState>,
    #[serde(deserialize_with = "flag")]
    toll_free_number: Option<bool>,
    #[serde(deserialize_with = "or_default")]
    detail: Vec<String>,
}

impl Webex {
    /// Checks extensions at a location (needs telephony_config_write). Sent in portions, so duplicates within the list
    /// are only seen within a portion.
    pub async fn validate_extensions(
        &self,
        location_id: &str,
        extensions: &[impl AsRef<str>],
    ) -> Result<ExtensionsCheck, Error> {
        let location_id = given(location_id, "location")?;
        let path = [
            "telephony",
            "config",
            "locations",
            location_id,
            "actions",
            "validateExtensions",
            "invoke",
        ];
        let mut check = ExtensionsCheck::default();
        for portion in extensions.chunks(EXTENSIONS_A_REQUEST) {
            let asked: Vec<&str> = portion.iter().map(AsRef::as_ref).collect();
            let body = json!({ "extensions": asked });
            let answer = self
                .send_json(Method::POST, &path, &Vec::new(), Some(&body))
                .await?;
            let entries = answer.json::<ExtensionsBody>()?.extension_status;
            let joined = join(&asked, entries, |entry| entry.extension.as_deref());
            check
                .extensions
                .extend(asked.iter().zip(joined).map(|(asked, entry)| ExtensionCheck {
                    asked: (*asked).to_owned(),
                    echoed: entry.extension,
                    state: entry.state,
                    error_code: entry.error_code,
                    message: entry.message,
                }));
        }
        Ok(check)
    }

    /// Checks numbers in the organisation (needs telephony_config_write).
    pub async fn validate_numbers(&self, numbers: &[impl AsRef<str>]) -> Result<NumbersCheck, Error> {
        let path = ["telephony", "config", "actions", "validateNumbers", "invoke"];
        let mut check = NumbersCheck::default();
        for portion in numbers.chunks(NUMBERS_A_REQUEST) {
            let asked: Vec<&str> = portion.iter().map(AsRef::as_ref).collect();
            let body = json!({ "phoneNumbers": asked });
            let answer = self
                .send_json(Method::POST, &path, &Vec::new(), Some(&body))
                .await?;
            let entries = answer.json::<NumbersBody>()?.numbers;
            let joined = join(&asked, entries, |entry| entry.number.as_deref());
            check
                .numbers
                .extend(asked.iter().zip(joined).map(|(asked, entry)| NumberCheck {
                    asked: (*asked).to_owned(),
                    echoed: entry.number,
                    state: entry.state,
                    toll_free_number: entry.toll_free_number,
                    detail: entry.detail,
                }));
        }
        Ok(check)
    }
}

/// One entry for each value asked: by position where the answer is as long as the question (values come back
/// normalised), else by value. What was not mentioned is an empty entry.
fn join<T: Clone + Default>(asked: &[&str], entries: Vec<T>, value: impl Fn(&T) -> Option<&str>) -> Vec<T> {
    if entries.len() == asked.len() {
        let mut by_position = entries;
        let in_place = asked
            .iter()
            .zip(&by_position)
            .filter(|(asked, entry)| value(entry) == Some(asked))
            .count();
        let somewhere = asked
            .iter()
            .filter(|asked| by_position.iter().any(|e| value(e) == Some(asked)))
            .count();
        if in_place < somewhere {
            // Another order: sort by value what can be, keep the rest in the places left over.
            let mut left: Vec<Option<T>> = by_position.into_iter().map(Some).collect();
            let mut sorted: Vec<Option<T>> = asked
                .iter()
                .map(|asked| {
                    left.iter_mut()
                        .find(|entry| entry.as_ref().is_some_and(|entry| value(entry) == Some(asked)))
                        .and_then(Option::take)
                })
                .collect();
            let mut rest = left.into_iter().flatten();
            for place in sorted.iter_mut().filter(|place| place.is_none()) {
                *place = rest.next();
            }
            by_position = sorted.into_iter().map(Option::unwrap_or_default).collect();
        }
        return by_position;
    }
    asked
        .iter()
        .map(|asked| {
            entries
                .iter()
                .find(|entry| value(entry) == Some(asked))
                .cloned()
                .unwrap_or_default()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::join;

    fn joined(asked: &[&str], echoed: &[&str]) -> Vec<String> {
        let entries = echoed
            .iter()
            .map(|text| (*text).to_owned())
            .collect::<Vec<String>>();
        join(asked, entries, |entry| Some(entry.as_str()))
    }

    #[test]
    fn answers_are_joined_by_position_and_by_value() {
        assert_eq!(joined(&["101", "9111"], &["101", "911"]), ["101", "911"]);
        assert_eq!(
            joined(&["101", "102", "9111"], &["102", "911", "101"]),
            ["101", "102", "911"]
        );
        assert_eq!(joined(&["101", "102"], &["102"]), ["", "102"]);
        assert_eq!(joined(&["101", "101"], &["101", "101"]), ["101", "101"]);
    }
}
