//! Headings and buttons of the problem list.

use crate::{code::Code, issue::Issue, text::visible};

/// Title and sentence of a rule, with a real finding to quote.
pub(crate) fn of(code: Code, issue: &Issue) -> (String, String) {
    let value = visible(issue.value.as_deref().map(crate::text::trim).unwrap_or_default());
    let (title, sentence) = match code {
        Code::FileTooLarge => ("File is too large", "Split it into files of at most 5 MB."),
        Code::TooManyRows => (
            "Too many rows",
            "A template takes 15,000. Move the rest into another template.",
        ),
        Code::EmptyFile => ("File has no data row", "Add one row for each user."),
        Code::NotText => ("File is no text", "Save it as CSV in UTF-8."),
        Code::EncodingGuessed => (
            "Encoding was assumed",
            "The file is not UTF-8; it was read as Windows-1252. Check names with accents.",
        ),
        Code::MissingColumn => (
            "Column is missing",
            "Every file needs Ext Key, and User's Name or Identity UUID.",
        ),
        Code::UnknownColumn => ("Column is not known", "It is ignored."),
        Code::DuplicateColumn => ("Column stands there twice", "Keep one of them."),
        Code::RowLength => (
            "Row has too many or too few cells",
            "Put quotes around values that hold the delimiter.",
        ),
        Code::BackslashComma => ("Comma is written as \\,", "CSV wants such a value in quotes."),
        Code::UnclosedQuote => (
            "Quote is never closed",
            "Add the closing quote, or take the opening one out.",
        ),
        Code::ExtKeyBlank => (
            "Ext Key is blank",
            "Every user needs an extension of 3 to 5 digits.",
        ),
        Code::ExtKeyNotNumeric => ("Ext Key is not digits only", "Use 3 to 5 digits, 0 to 9."),
        Code::ExtKeyLength => ("Ext Key is not 3 to 5 digits", "Use 3 to 5 digits."),
        Code::ExtKeyDuplicate => ("Ext Key used twice", "Give each user an extension of their own."),
        Code::ExtKeyLookalike => (
            "Ext Keys differ in leading zeros only",
            "They are two extensions; probably one was meant.",
        ),
        Code::IdentityBlank => ("User is blank", "Every row needs one user."),
        Code::IdentityMixed => (
            "Names and UUIDs are mixed",
            "A file names all its users in one way.",
        ),
        Code::IdentityNotUuid => (
            "Identity UUID is no UUID",
            "Use the form 652d2f57-6e3b-4170-8bf9-4f1e98c88b56.",
        ),
        Code::IdentityDuplicate => ("User used twice", "Keep one row for each user."),
        Code::IdentityNormalised => ("UUID is written in another way", "It is read as the plain form."),
        Code::NameIsFormula => (
            "Name begins like a formula",
            "Patchbay takes it as a name; a spreadsheet would compute it.",
        ),
        Code::NumberNotNumeric => (
            "Number is not digits only",
            "Use digits with an optional leading +.",
        ),
        Code::NumberFormatted => ("Number holds spaces or punctuation", "It is read without them."),
        Code::SpreadsheetArtifact => (
            "A spreadsheet wrapped the value",
            "Take off what it put around it.",
        ),
        Code::NumberPlusLost => (
            "Number has lost its leading +",
            "Other numbers in these files have it.",
        ),
        Code::NumberScientific => {
            return (
                format!("Number was turned into {value}"),
                "A spreadsheet dropped digits. Type them again.".to_owned(),
            );
        }
        Code::NumberMultiple => (
            "Cell holds several numbers",
            "A user gets at most one; keep one of them.",
        ),
        Code::NumberLength => ("Number is not 7 to 15 digits", "Use 7 to 15 digits."),
        Code::NumberDuplicate => (
            "Number used twice",
            "A number belongs to one user; keep it in one row.",
        ),
        Code::ValueTrimmed => ("Spaces before or after the value", "It is read without them."),
        // Those of the mirror bring their own sentences.
        Code::RowsShifted => return told("A column seems to have moved alone", issue),
        Code::UserNotFound => return told("Webex does not know the user", issue),
        Code::UserAmbiguous => return told("Several users have this name", issue),
        Code::UserAlreadyAssigned => return told("User already has an extension", issue),
        Code::ExtensionTaken => return told("Extension is taken", issue),
        Code::NumberNotInInventory => return told("Number is not in the location", issue),
        Code::NumberTaken => return told("Number is in use", issue),
        Code::LicencesInsufficient => return told("No calling licence left", issue),
        Code::AddonInsufficient => return told("No add-on licence left", issue),
    };
    (title.to_owned(), sentence.to_owned())
}

fn told(title: &str, issue: &Issue) -> (String, String) {
    (title.to_owned(), issue.message.clone())
}

/// What the button says that applies every certain fix of a rule.
pub fn fix_label(code: Code) -> &'static str {
    match code {
        Code::BackslashComma => "Put in quotes",
        Code::IdentityNormalised => "Write plain UUIDs",
        Code::NumberFormatted => "Keep digits only",
        Code::SpreadsheetArtifact => "Unwrap values",
        Code::NumberPlusLost => "Restore leading +",
        Code::ValueTrimmed => "Trim spaces",
        _ => "Write plain digits",
    }
}
