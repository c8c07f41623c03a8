//! What a refusal of `PATCH /licenses/users` means for its row (Webex API reference, section 4.2).

use super::{ending, gone};
use crate::error::webex_sentence;
use crate::runs::{Ending, Item};
use webex_client::{Error as WebexError, ErrorKind};

/// How the row of a request that Webex refused ends; `place` is the location's name.
pub(super) fn of(item: &Item, place: &str, error: &WebexError) -> Ending {
    let code = error.webex_code().map(bare_code);
    let reasons = error.codes().iter().map(|detail| detail.description.as_str());
    let text = std::iter::once(error.message())
        .chain(reasons)
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    let (ours, message) = match code.as_deref() {
        Some("4202") => (
            "extension_taken",
            format!(
                "Extension {} is taken in {place}. Choose another Ext Key.",
                item.ext_key
            ),
        ),
        Some("59475" | "9495" | "9498") => (
            "extension_taken",
            format!(
                "Extension {} is in use in {place}. Choose another Ext Key.",
                item.ext_key
            ),
        ),
        Some("4201" | "8361") => (
            "number_taken",
            format!(
                "Number {} is already in use. Choose a free number.",
                item.number.as_deref().unwrap_or_default()
            ),
        ),
        Some("4250") => (
            "number_not_in_inventory",
            format!(
                "Number {} is not free in {place}. Add it to the location, or choose another.",
                item.number.as_deref().unwrap_or_default()
            ),
        ),
        Some("4909" | "4910" | "4911") => (
            "extension_refused",
            format!(
                "Webex refuses extension {}: {} Choose another Ext Key.",
                item.ext_key,
                webex_sentence(error)
            ),
        ),
        Some("4003" | "4007") => {
            return Ending {
                status: error.status(),
                ..gone(item)
            };
        }
        Some(code) if is_licence_conflict(code) => ("licence_conflict", webex_sentence(error)),
        _ if *error.kind() == ErrorKind::NotFound => return gone(item),
        _ if *error.kind() == ErrorKind::Forbidden => ("forbidden", webex_sentence(error)),
        _ if text.contains("extension")
            && (text.contains("use") || text.contains("taken") || text.contains("duplicate")) =>
        {
            (
                "extension_taken",
                format!(
                    "Extension {} is taken in {place}. Choose another Ext Key.",
                    item.ext_key
                ),
            )
        }
        _ if says_no_units(&text) => ("licences_insufficient", webex_sentence(error)),
        _ => ("refused", webex_sentence(error)),
    };
    Ending {
        status: error.status(),
        webex_code: error.webex_code().map(str::to_owned),
        tracking_id: error.tracking_id().map(str::to_owned),
        ..ending(ours, message)
    }
}

/// `WXC-4201` and `4201` are one code.
fn bare_code(code: &str) -> String {
    code.rsplit('-').next().unwrap_or(code).to_owned()
}

/// Refusals that say that the licences do not go together for this user.
fn is_licence_conflict(code: &str) -> bool {
    matches!(
        code,
        "400112"
            | "400404"
            | "400406"
            | "400407"
            | "400408"
            | "400410"
            | "400413"
            | "700003"
            | "700004"
            | "700005"
            | "700006"
    )
}

/// Whether a refusal speaks of licences that have run out. Webex has no code of its own for it.
fn says_no_units(text: &str) -> bool {
    let about_licences =
        text.contains("license") || text.contains("licence") || text.contains("subscription");
    let run_out = [
        "not available",
        "no available",
        "insufficient",
        "not enough",
        "exceed",
        "exhausted",
        "no more",
        "units are available",
        "run out",
    ];
    about_licences && run_out.iter().any(|words| text.contains(words))
}

#[cfg(test)]
mod tests {
    use super::says_no_units;

    #[test]
    fn exhausted_licences_are_told_by_their_words() {
        assert!(says_no_units("no license units are available for: webex calling"));
        assert!(says_no_units("insufficient licenses to complete the request"));
        assert!(!says_no_units("license not recognized abc"));
        assert!(!says_no_units("extension 101 is not available"));
    }
}
