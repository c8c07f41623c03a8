//! What a plan is judged by: the mirror of one organisation in memory.

use unicode_normalization::UnicodeNormalization;

/// A person as far as assignments care. Keys compare ids: the UUID inside, or a legacy location's number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonFact {
    pub id: String,
    pub key: String,
    pub display_name: String,
    pub name_key: String,
    pub email: Option<String>,
    pub extension: Option<String>,
    /// All work numbers, the primary one first.
    pub numbers: Vec<String>,
    pub location_key: Option<String>,
    /// Keys of the licences held.
    pub licences: Vec<String>,
}

/// A line of the number inventory: a number, an extension, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberFact {
    pub phone_number: Option<String>,
    pub digits: Option<String>,
    pub extension: Option<String>,
    pub location_key: Option<String>,
    pub owner_key: Option<String>,
    pub owner_type: Option<String>,
    pub owner_name: Option<String>,
}

/// A licence and its units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenceFact {
    pub id: String,
    pub key: String,
    pub name: String,
    /// Below zero means that Webex sets, or tells, no limit.
    pub total: i64,
    pub consumed: i64,
}

impl LicenceFact {
    /// Units that were bought; None where Webex sets, or tells, no limit.
    pub fn units(&self) -> Option<u32> {
        (self.total >= 0).then(|| u32::try_from(self.total).unwrap_or(u32::MAX))
    }

    /// Units that nobody has; None where Webex sets, or tells, no limit.
    pub fn available(&self) -> Option<u32> {
        (self.total >= 0).then(|| u32::try_from((self.total - self.consumed).max(0)).unwrap_or(u32::MAX))
    }
}

/// A location by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocationFact {
    pub id: String,
    pub key: String,
    pub name: String,
    pub calling_enabled: bool,
}

/// Everything a plan looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    pub people: Vec<PersonFact>,
    pub numbers: Vec<NumberFact>,
    pub licences: Vec<LicenceFact>,
    pub locations: Vec<LocationFact>,
    /// The oldest of the parts, RFC 3339.
    pub as_of: String,
}

/// What names are compared by: trimmed, composed (NFC), case-folded.
pub fn name_key(name: &str) -> String {
    // Upper and then lower case folds what lower case alone leaves apart, such as "ß" and "ss".
    name.trim()
        .nfc()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .nfc()
        .collect()
}

/// What numbers are compared by.
pub fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// Whether a licence of this name is offered first as calling licence.
pub fn is_calling_name(name: &str) -> bool {
    name.contains("Calling") && !name.contains("Workspaces")
}

/// What ids are compared by: the UUID inside in lower case, else the last part (a legacy location's number, a licence's
/// organisation and type), else the text itself.
pub fn id_key(id: &str) -> String {
    match webex_client::WebexId::decode(id) {
        Ok(decoded) => uuid::Uuid::try_parse(&decoded.rest)
            .map_or_else(|_| decoded.rest.to_ascii_lowercase(), |uuid| uuid.to_string()),
        Err(_) => uuid::Uuid::try_parse(id).map_or_else(|_| id.to_owned(), |uuid| uuid.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_compare_without_case_and_composition() {
        assert_eq!(name_key(" Zoe\u{301} Strauß "), name_key("ZOÉ STRAUSS"));
        assert_ne!(name_key("Zoe"), name_key("Zoé"));
    }

    #[test]
    fn calling_licences_are_told_by_name() {
        assert!(is_calling_name("Webex Calling - Professional"));
        assert!(!is_calling_name("Webex Calling - Workspaces"));
        assert!(!is_calling_name("Messaging"));
    }
}
