//! The closed vocabulary of rules, and their severities (product.md, "Rules for a bulk file").

use std::fmt;

use serde::{Deserialize, Serialize};

/// Whether a finding stops a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The row cannot be assigned as it is.
    Error,
    /// Worth a look; does not stop a run.
    Warning,
}

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $doc:literal,)*) => {
        /// The rule that a finding is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum Code {
            $(#[doc = $doc] #[serde(rename = $name)] $variant,)*
        }

        impl Code {
            /// Every rule, in the order of the specification.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The name on the wire, in reports and in JSON.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// What a finding of this rule means for a run.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    FileTooLarge "file_too_large" Error "More than 5 MB; the content was not read.",
    TooManyRows "too_many_rows" Error "More than 15,000 data rows over the template's files.",
    EmptyFile "empty_file" Error "No data row.",
    NotText "not_text" Error "NUL or undecodable content.",
    EncodingGuessed "encoding_guessed" Warning "Read as Windows-1252, because it is not UTF-8.",
    MissingColumn "missing_column" Error "A column that every file needs is not in the header, or there is no header.",
    UnknownColumn "unknown_column" Warning "A column that no rule knows; it is ignored.",
    DuplicateColumn "duplicate_column" Error "A known column stands in the header twice.",
    RowLength "row_length" Error "More cells than the header has, or too few.",
    BackslashComma "backslash_comma" Error "A comma inside a value written as `\\,`.",
    UnclosedQuote "unclosed_quote" Error "A quote that opens a cell and is never closed.",
    ExtKeyBlank "ext_key_blank" Error "No extension.",
    ExtKeyNotNumeric "ext_key_not_numeric" Error "Something else than ASCII digits.",
    ExtKeyLength "ext_key_length" Error "Not 3 to 5 digits.",
    ExtKeyDuplicate "ext_key_duplicate" Error "One extension for several rows.",
    ExtKeyLookalike "ext_key_lookalike" Warning "Extensions that differ in leading zeros only.",
    IdentityBlank "identity_blank" Error "Neither a name nor a UUID.",
    IdentityMixed "identity_mixed" Error "Names and UUIDs in one file.",
    IdentityNotUuid "identity_not_uuid" Error "The column says UUID, the value is none.",
    IdentityDuplicate "identity_duplicate" Error "One user in several rows.",
    IdentityNormalised "identity_normalised" Warning "A UUID in another way of writing.",
    NameIsFormula "name_is_formula" Warning "A name that a spreadsheet would take for a formula.",
    NumberNotNumeric "number_not_numeric" Error "Something else than an optional + and digits.",
    NumberFormatted "number_formatted" Warning "Digits with spaces, dashes, dots or brackets.",
    SpreadsheetArtifact "spreadsheet_artifact" Error "What a spreadsheet put around the value.",
    NumberPlusLost "number_plus_lost" Warning "A number without + among numbers with one.",
    NumberScientific "number_scientific" Error "A number in E notation; digits are lost.",
    NumberMultiple "number_multiple" Error "Several numbers in one cell.",
    NumberLength "number_length" Error "Fewer than 7 or more than 15 digits.",
    NumberDuplicate "number_duplicate" Error "One number for several rows.",
    ValueTrimmed "value_trimmed" Warning "White space or invisible characters at the ends.",
    RowsShifted "rows_shifted" Warning "Present values line up with neighbouring rows (needs the mirror).",
    UserNotFound "user_not_found" Error "Nobody of that name or id (needs the mirror).",
    UserAmbiguous "user_ambiguous" Error "Several people of that name (needs the mirror).",
    UserAlreadyAssigned "user_already_assigned" Error "The user has a calling licence (needs the mirror).",
    ExtensionTaken "extension_taken" Error "Somebody has the extension (needs the mirror).",
    NumberNotInInventory "number_not_in_inventory" Error "Not among the location's numbers (needs the mirror).",
    NumberTaken "number_taken" Error "Somebody has the number (needs the mirror).",
    LicencesInsufficient "licences_insufficient" Error "Too few calling licences (needs the mirror).",
    AddonInsufficient "addon_insufficient" Error "Too few licences of an add-on (needs the mirror).",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
