//! What the person has set.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Colours of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

/// Everything that is remembered for the person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Preferences {
    pub theme: Theme,
    /// The organisation the window works in.
    pub organisation: Option<String>,
    /// Port of the one-shot listener for browser consent. Must be in the integration's redirect URI.
    pub consent_port: u16,
    pub single_letter_keys: bool,
    /// Remembered view settings of pages, opaque to the core: page name to JSON text.
    pub views: std::collections::BTreeMap<String, String>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            organisation: None,
            consent_port: 14_771,
            single_letter_keys: true,
            views: Default::default(),
        }
    }
}
