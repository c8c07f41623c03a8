//! The work of a run: one `PATCH /licenses/users` a row (Webex API reference, section 4.2), and reading back what it did.

mod refusal;
mod unreachable;

use super::plan::Spec;
use crate::error::Result as CoreResult;
use crate::mirror::person_fact;
use crate::mirror::snapshot::{PersonFact, digits, id_key};
use crate::runs::engine::{Answer, Found, Work};
use crate::runs::{Ending, Item, ItemState, Runs};
use futures::TryStreamExt;
use std::collections::HashMap;
use std::sync::Arc;
use webex_client::{
    CallingProperties, Departure, Error as WebexError, ErrorKind, LicenceOperation, Operation, PatchLicences,
    PeopleQuery, Webex,
};

pub(super) use unreachable::unreachable;

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

/// Codes of rows of which a part was given.
const NUMBER_NOT_GIVEN: &str = "number_not_given";
const LICENCES_INCOMPLETE: &str = "licences_incomplete";

/// What is sent for a row; None for a row without user.
fn request(spec: &Spec, org_id: Option<&str>, item: &Item) -> Option<PatchLicences> {
    let licences = item
        .licences
        .iter()
        .map(|id| LicenceOperation {
            id: id.clone(),
            operation: Operation::Add,
            properties: (*id == spec.calling_licence.id).then(|| CallingProperties {
                location_id: Some(spec.location.id.clone()),
                phone_number: item.inventory_number.clone(),
                extension: Some(item.ext_key.clone()),
            }),
        })
        .collect();
    Some(PatchLicences {
        person_id: item.person_id.clone()?,
        org_id: org_id.map(str::to_owned),
        licences,
    })
}

/// What the runs of an organisation have sent and know the end of, in the order it was sent. A simulated Webex that has
/// forgotten it is told again by this.
///
/// # Errors
/// When the database cannot be read.
pub async fn carried_out(runs: &Runs, organisation: &str) -> CoreResult<Vec<PatchLicences>> {
    let mut sent: Vec<(String, PatchLicences)> = Vec::new();
    for progress in runs.list().await? {
        if progress.organisation != organisation {
            continue;
        }
        let (spec, items) = runs
            .over(&progress.id, &[ItemState::Assigned, ItemState::Failed])
            .await?;
        let spec = read_spec(&progress.id, &spec)?;
        let again = items
            .iter()
            .filter(|item| has_changed_webex(item))
            .filter_map(|item| {
                let at = item.sent_at.clone()?;
                Some((at, request(&spec, None, item)?))
            });
        sent.extend(again);
    }
    // RFC 3339 of one clock: the text's order is the time's. Rows of one moment keep their order in the run.
    sent.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(sent.into_iter().map(|(_, request)| request).collect())
}

/// Whether the row's request did something: also one that failed may have given a part.
fn has_changed_webex(item: &Item) -> bool {
    item.state == ItemState::Assigned
        || matches!(item.code.as_deref(), Some(NUMBER_NOT_GIVEN | LICENCES_INCOMPLETE))
}

/// The specification a run was made by.
pub(super) fn read_spec(run: &str, text: &str) -> CoreResult<Spec> {
    serde_json::from_str(text).map_err(|error| {
        crate::db::Error::Corrupt {
            table: "runs",
            id: run.to_owned(),
            what: error.to_string(),
        }
        .into()
    })
}

impl Assigning {
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
            let numbers: Vec<String> = person
                .numbers
                .iter()
                .map(|number| digits(number))
                .filter(|digits| !digits.is_empty())
                .collect();
            // A number alone may come from the directory: it is no assignment.
            let nothing = person.extension.is_none() && (missing.contains(&calling) || numbers.is_empty());
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
            if wanted.is_some_and(|wanted| !numbers.contains(&wanted)) {
                let message = format!(
                    "Extension {} was given, but not number {}.",
                    item.ext_key,
                    item.number.as_deref().unwrap_or_default()
                );
                return Found::Partly(ending(NUMBER_NOT_GIVEN, message));
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
            LICENCES_INCOMPLETE,
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
    let has = match (&person.extension, person.numbers.first()) {
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
        let request = request(&self.spec, self.org_id.as_deref(), item)
            .ok_or_else(|| WebexError::new(ErrorKind::Config, "the row has no user"))?;
        let answer = self
            .webex
            .with_departure(departure)
            .patch_licences(&request)
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
        refusal::of(item, &self.spec.location.name, error)
    }

    fn gate(&self) -> webex_client::GateState {
        self.webex.gate().snapshot()
    }
}
