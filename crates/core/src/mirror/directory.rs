//! The people of an organisation with the names of what they have, for whoever joins with them.

use std::collections::HashMap;

/// A person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    pub id: String,
    /// What ids are compared by.
    pub key: String,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub extension: Option<String>,
    /// All work numbers, the primary one first.
    pub numbers: Vec<String>,
    pub location_key: Option<String>,
    /// Keys of the licences held.
    pub licences: Vec<String>,
    pub invite_pending: bool,
    /// Webex's word for the presence; `pending` has never logged in.
    pub status: Option<String>,
}

/// Everybody, and the names of licences and locations by key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory {
    pub people: Vec<Listed>,
    pub licences: HashMap<String, String>,
    pub locations: HashMap<String, String>,
    /// When the copy of the people was begun; None if there never was one.
    pub as_of: Option<String>,
}
