//! The work of a run: one `PATCH /licenses/users` a row (Webex API reference, section 4.2), and reading back what it did.

use super::plan::Spec;
use crate::error::webex_sentence;
use crate::mirror::person_fact;
use crate::mirror::snapshot::{PersonFact, digits, id_key};
use crate::runs::engine::{Answer, Found, Work};
use crate::runs::{Ending, Item};
use futures::TryStreamExt;
use std::collections::HashMap;
use std::sync::Arc;
use webex_client::{
    CallingProperties, Departure, Error as WebexError, ErrorKind, LicenceOperation, Operation, PatchLicences,
    PeopleQuery, Webex,
};

struct Assigning {
    webex: Webex,
    spec: Spec,
    /// The organisation's API id.
    org_id: Option<String>,
}

/// The work of a run with this specification.
pub fn work(webex: Webex, spec: Spec, org_id: Option<String>) -> Arc<dyn Work> {
    Arc::new(Assigning { webex, spec, org_id })
}

impl Assigning {
    fn request(&self, item: &Item) -> Result<PatchLicences, WebexError> {
        let Some(person_id) = item.person_id.clone() else {
            return Err(WebexError::new(ErrorKind::Config, "the row has no user"));
        };
        let licences = item
            .licences
            .iter()
            .map(|id| LicenceOperation {
                id: id.clone(),
                operation: Operation::Add,
                properties: self.is_calling(id).then(|| CallingProperties {
                    location_id: Some(self.spec.location.id.clone()),
                    phone_number: item.inventory_number.clone(),
                    extension: Some(item.ext_key.clone()),
                }),
            })
            .collect();
        Ok(PatchLicences {
            person_id,
            org_id: self.org_id.clone(),
            licences,
        })
    }

    fn is_calling(&self, licence: &str) -> bool {
        licence == self.spec.calling_licence.id
    }

    fn name_of(&self, licence: &str) -> String {
        std::iter::once(&self.spec.calling_licence)
            .chain(&self.spec.add_ons)
            .find(|choice| choice.id == licence)
            .map_or_else(|| licence.to_owned(), |choice| choice.name.clone())
    }

    /// Compares a person with what the row was to give.
    fn compare(&self, item: &Item, person: &PersonFact) -> Found {
        let missing: Vec<&String> = item
            .licences
            .iter()
            .filter(|id| !person.licences.contains(&id_key(id)))
            .collect();
        let calling = item.licences.iter().find(|id| self.is_calling(id));
        if let Some(calling) = calling {
            let here = person.location_key.as_deref() == Some(id_key(&self.spec.location.id).as_str());
            let extension = person.extension.as_deref() == Some(item.ext_key.as_str());
            let wanted = item.inventory_number.as_deref().map(digits);
            let number = person
                .number
                .as_deref()
                .map(digits)
                .filter(|digits| !digits.is_empty());
            // A number alone may come from the directory: it is no assignment.
            let nothing = person.extension.is_none() && (missing.contains(&calling) || number.is_none());
            if missing.contains(&calling) && nothing {
                return Found::NotApplied;
            }
            let as_wanted = here && extension;
            if !(nothing || as_wanted) {
                return Found::Otherwise(other_extension(person));
            }
            if missing.contains(&calling) || nothing {
                // Licence without extension, or the other way round: what Webex shows in between.
                return Found::NotApplied;
            }
            if wanted.is_some() && number != wanted {
                let message = format!(
                    "Extension {} was given, but not number {}.",
                    item.ext_key,
                    item.number.as_deref().unwrap_or_default()
                );
                return Found::Partly(ending("number_not_given", message));
            }
        } else if missing.len() == item.licences.len() {
            return Found::NotApplied;
        }
        if missing.is_empty() {
            return Found::Applied;
        }
        let names: Vec<String> = missing.iter().map(|id| self.name_of(id)).collect();
        let given = if calling.is_some() {
            format!("Extension {} was given, but not ", item.ext_key)
        } else {
            "Not given: ".to_owned()
        };
        Found::Partly(ending(
            "licences_incomplete",
            format!("{given}{}. Retry the row when a unit is free.", names.join(", ")),
        ))
    }
}

fn ending(code: &str, message: impl Into<String>) -> Ending {
    Ending {
        code: Some(code.to_owned()),
        message: Some(message.into()),
        ..Ending::default()
    }
}

fn other_extension(person: &PersonFact) -> Ending {
    let has = match (&person.extension, &person.number) {
        (Some(extension), _) => format!("extension {extension}"),
        (None, Some(number)) => format!("number {number}"),
        (None, None) => "another extension".to_owned(),
    };
    ending(
        "changed_meanwhile",
        format!(
            "{} has {has} now: somebody else changed the user.",
            person.display_name
        ),
    )
}

fn gone(item: &Item) -> Ending {
    let who = item.user.as_deref().unwrap_or(&item.identity);
    ending(
        "user_not_found",
        format!("Webex does not know {who} any more. The user may have been deleted since the plan."),
    )
}

#[async_trait::async_trait]
impl Work for Assigning {
    async fn send(&self, item: &Item, departure: Departure) -> Result<Answer, WebexError> {
        let answer = self
            .webex
            .with_departure(departure)
            .patch_licences(&self.request(item)?)
            .await?;
        let held: Vec<String> = answer.licences.iter().map(|id| id_key(id)).collect();
        let ending = Ending {
            status: Some(answer.status),
            tracking_id: answer.tracking_id,
            ..Ending::default()
        };
        let complete = answer.status == 200 && item.licences.iter().all(|id| held.contains(&id_key(id)));
        Ok(if complete {
            Answer::Applied(ending)
        } else {
            Answer::Incomplete(ending)
        })
    }

    async fn read(&self, item: &Item) -> Result<Found, WebexError> {
        let Some(id) = &item.person_id else {
            return Ok(Found::Otherwise(gone(item)));
        };
        match self.webex.person(id, true).await {
            Ok(person) => Ok(self.compare(item, &person_fact(&person))),
            Err(error) if *error.kind() == ErrorKind::NotFound => Ok(Found::Otherwise(gone(item))),
            Err(error) => Err(error),
        }
    }

    async fn read_all(&self, items: &[Item]) -> Result<Vec<(u32, Found)>, WebexError> {
        let asked = PeopleQuery {
            calling_data: true,
            ids: items.iter().filter_map(|item| item.person_id.clone()).collect(),
            org_id: self.org_id.clone(),
            max: Some(100),
            ..PeopleQuery::default()
        };
        let mut people: HashMap<String, PersonFact> = HashMap::with_capacity(items.len());
        {
            let mut pages = std::pin::pin!(self.webex.people(asked));
            while let Some(page) = pages.try_next().await? {
                people.extend(
                    page.items
                        .iter()
                        .map(person_fact)
                        .map(|person| (person.key.clone(), person)),
                );
            }
        }
        Ok(items
            .iter()
            .map(|item| {
                let person = item.person_key.as_ref().and_then(|key| people.get(key));
                (
                    item.row,
                    person.map_or_else(
                        || Found::Otherwise(gone(item)),
                        |person| self.compare(item, person),
                    ),
                )
            })
            .collect())
    }

    async fn exhausted(&self, item: &Item) -> Result<Option<String>, WebexError> {
        let licences = self.webex.licences(self.org_id.as_deref()).await?;
        Ok(item.licences.iter().find_map(|wanted| {
            let key = id_key(wanted);
            let licence = licences.iter().find(|licence| id_key(&licence.id) == key)?;
            let (total, consumed) = (licence.total_units?, licence.consumed_units?);
            (total >= 0 && consumed >= total).then(|| self.name_of(wanted))
        }))
    }

    async fn reach(&self) -> Result<(), WebexError> {
        self.webex.licences(self.org_id.as_deref()).await.map(|_| ())
    }

    fn refusal(&self, item: &Item, error: &WebexError) -> Ending {
        let place = &self.spec.location.name;
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

    fn gate(&self) -> webex_client::GateState {
        self.webex.gate().snapshot()
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

/// The work of a run whose organisation cannot be asked: nothing is sent, nothing can be read back.
pub fn unreachable(reason: String) -> Arc<dyn Work> {
    Arc::new(Unreachable { reason })
}

struct Unreachable {
    reason: String,
}

impl Unreachable {
    fn error(&self) -> WebexError {
        WebexError::new(ErrorKind::Consent(self.reason.clone()), self.reason.clone())
    }
}

#[async_trait::async_trait]
impl Work for Unreachable {
    async fn send(&self, _: &Item, _: Departure) -> Result<Answer, WebexError> {
        Err(self.error())
    }

    async fn read(&self, _: &Item) -> Result<Found, WebexError> {
        Err(self.error())
    }

    async fn read_all(&self, _: &[Item]) -> Result<Vec<(u32, Found)>, WebexError> {
        Err(self.error())
    }

    async fn exhausted(&self, _: &Item) -> Result<Option<String>, WebexError> {
        Err(self.error())
    }

    async fn reach(&self) -> Result<(), WebexError> {
        Err(self.error())
    }

    fn refusal(&self, _: &Item, error: &WebexError) -> Ending {
        ending("refused", webex_sentence(error))
    }

    fn gate(&self) -> webex_client::GateState {
        webex_client::GateState::default()
    }
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
