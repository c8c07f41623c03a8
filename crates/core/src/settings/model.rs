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

/// How much room rows and controls take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    #[default]
    Standard,
    Compact,
}

/// Everything that is remembered for the person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Preferences {
    pub theme: Theme,
    pub density: Density,
    /// The organisation the window works in.
    pub organisation: Option<String>,
    /// Port of the one-shot listener for browser consent. Must be in the integration's redirect URI.
    pub consent_port: u16,
    pub single_letter_keys: bool,
    /// Days before a consent ends on which Patchbay warns; each from 1 to 90, at most ten.
    pub warning_days: Vec<u32>,
    /// Whether warnings and ended runs are told on the desktop.
    pub desktop_notifications: bool,
    /// Whether closing the window leaves Patchbay at work in the tray.
    pub keep_in_tray: bool,
    /// Hours between two copies of an organisation that nobody asked for; 0 for never.
    pub sync_every_hours: u32,
    /// Remembered view settings of pages, opaque to the core: page name to JSON text.
    pub views: std::collections::BTreeMap<String, String>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            density: Density::Standard,
            organisation: None,
            consent_port: 14_771,
            single_letter_keys: true,
            warning_days: vec![14, 7, 3, 1],
            desktop_notifications: true,
            keep_in_tray: false,
            sync_every_hours: 24,
            views: Default::default(),
        }
    }
}
