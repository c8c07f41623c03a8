//! Whether a person may be placed at a location with an extension and a number, and with which refusal if not.
//!
//! Codes: 4201 number in use, 4202 extension in use, 4250 number not in the location's inventory, 4410 bad number characters,
//! 4909/4910/4911 bad extension, 8361 reserved number. Reference: section 1.4.

use crate::answer::Answer;
use crate::cloud::Cloud;
use crate::cloud::inventory::Owner;

/// Extensions nobody may have.
const EMERGENCY: &[&str] = &["000", "110", "112", "119", "911", "933", "999"];

/// Why an extension cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtensionProblem {
    /// Other than 2 to 10 digits.
    Length,
    /// Not only digits.
    Digits,
    /// An emergency number.
    Emergency,
    /// Somebody has it.
    Taken(Owner),
}

impl ExtensionProblem {
    /// Webex's code.
    #[must_use]
    pub fn code(self) -> u32 {
        match self {
            Self::Length => 4909,
            Self::Digits => 4910,
            Self::Emergency => 4911,
            Self::Taken(_) => 4202,
        }
    }

    /// Webex's text.
    #[must_use]
    pub fn text(self, extension: &str) -> String {
        match self {
            Self::Length => format!("[Error 4909] Invalid extension or extension length: {extension}."),
            Self::Digits => {
                "[Error 4910] Invalid extension.  The extension can only contain characters 0-9.".to_owned()
            }
            Self::Emergency => {
                "[Error 4911] Invalid extension.  The extension cannot be an emergency number.".to_owned()
            }
            Self::Taken(_) => {
                format!("[Error 4202] The extension is not available. It is already in use: {extension}.")
            }
        }
    }
}

/// Judges the form of an extension.
pub fn extension_form(extension: &str) -> Result<(), ExtensionProblem> {
    if extension.is_empty() || !extension.bytes().all(|b| b.is_ascii_digit()) {
        return Err(ExtensionProblem::Digits);
    }
    if EMERGENCY.contains(&extension) {
        return Err(ExtensionProblem::Emergency);
    }
    if !(2..=10).contains(&extension.len()) {
        return Err(ExtensionProblem::Length);
    }
    Ok(())
}

/// Judges an extension for `owner` at a location.
pub fn extension(
    cloud: &Cloud,
    location: usize,
    extension: &str,
    owner: Option<Owner>,
) -> Result<(), ExtensionProblem> {
    extension_form(extension)?;
    match cloud.inventory.extensions.get(&(location, extension.to_owned())) {
        Some(taken) if Some(taken.owner) != owner => Err(ExtensionProblem::Taken(taken.owner)),
        _ => Ok(()),
    }
}

/// Why a number cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberProblem {
    /// Characters that no number has.
    Characters,
    /// Somebody has it, or it was freed a moment ago.
    Taken,
    /// Reserved.
    Reserved,
    /// Not in the inventory of the location.
    NotHere,
}

impl NumberProblem {
    /// Webex's text.
    #[must_use]
    pub fn text(self, number: &str) -> String {
        match self {
            Self::Characters => format!(
                "[Error 4410] Invalid phone number. The phone number can only contain the characters +, - and 0-9: {number}"
            ),
            Self::Taken => format!("[Error 4201] Phone number already in use: {number}"),
            Self::Reserved => format!("[Error 8361] DN is unavailable : {number}"),
            Self::NotHere => format!("[Error 4250] Number(s) were not added to the location: {number}"),
        }
    }
}

/// Judges a number for `owner` at a location.
pub fn number(
    cloud: &Cloud,
    location: usize,
    number: &str,
    owner: Option<Owner>,
) -> Result<(), NumberProblem> {
    let formed = number
        .bytes()
        .enumerate()
        .all(|(at, b)| b.is_ascii_digit() || (at == 0 && b == b'+') || (at > 0 && b == b'-'));
    if !formed {
        return Err(NumberProblem::Characters);
    }
    let known = cloud
        .inventory
        .numbers
        .get(number)
        .filter(|n| n.location == location);
    let known = known.ok_or(NumberProblem::NotHere)?;
    match known.owner {
        Some(other) if Some(other) != owner => Err(NumberProblem::Taken),
        None if cloud.clock.elapsed() < known.held_until => Err(NumberProblem::Taken),
        _ if known.reserved => Err(NumberProblem::Reserved),
        _ => Ok(()),
    }
}

/// What somebody asked for a person's calling licence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placement {
    /// Position of the location.
    pub location: usize,
    /// Extension.
    pub extension: Option<String>,
    /// Number, E.164.
    pub number: Option<String>,
}

/// Judges a whole placement; the answer is the refusal.
pub fn placement(cloud: &Cloud, wanted: &Placement, person: Option<usize>) -> Result<(), Box<Answer>> {
    let owner = person.map(Owner::Person);
    if let Some(text) = &wanted.extension {
        extension(cloud, wanted.location, text, owner).map_err(|p| refusal(&p.text(text)))?;
    }
    if let Some(text) = &wanted.number {
        number(cloud, wanted.location, text, owner).map_err(|p| refusal(&p.text(text)))?;
    }
    Ok(())
}

/// 400 in the shape of a licence assignment that failed. The published enum of codes has no telephony code: it stands in
/// the text, in brackets.
#[must_use]
pub fn refusal(text: &str) -> Box<Answer> {
    Answer::coded_error(400, "license assignment for user failed", 400, text)
}
