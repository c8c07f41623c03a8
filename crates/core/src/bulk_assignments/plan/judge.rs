//! One row against the snapshot: who it is about, and whether extension, number and licences are free.

use super::pools::Pools;
use super::{Item, Scope};
use crate::bulk_assignments::model::PlannedOutcome;
use crate::mirror::snapshot::{NumberFact, PersonFact, Snapshot, digits, id_key, is_calling_name, name_key};
use bulk_file::{Assignment, Identity};
use std::collections::{HashMap, HashSet};

/// What earlier rows of the same plan have taken.
#[derive(Default)]
pub(super) struct Seen<'a> {
    people: HashSet<&'a str>,
    extensions: HashSet<&'a str>,
    numbers: HashSet<&'a str>,
}

/// The snapshot, ready to be asked.
pub(super) struct Index<'a> {
    /// Name of the location, if one is chosen.
    place: &'a str,
    /// None where no location is chosen: what belongs to one is not judged.
    location_key: Option<String>,
    calling_key: Option<String>,
    by_key: HashMap<&'a str, &'a PersonFact>,
    by_name: HashMap<&'a str, Vec<&'a PersonFact>>,
    /// Who holds an extension at the location.
    extensions: HashMap<&'a str, Holder<'a>>,
    /// Inventory by digits, all locations.
    numbers: HashMap<&'a str, &'a NumberFact>,
    /// Digits of the inventory's numbers by the key of who has them.
    numbers_of: HashMap<&'a str, Vec<&'a str>>,
    location_names: HashMap<&'a str, &'a str>,
    calling_licences: HashSet<&'a str>,
}

#[derive(Clone, Copy)]
struct Holder<'a> {
    key: Option<&'a str>,
    name: Option<&'a str>,
    kind: Option<&'a str>,
}

impl Holder<'_> {
    fn words(&self) -> String {
        let kind = self.kind.map(owner_words);
        match (self.name.map(str::trim).filter(|name| !name.is_empty()), kind) {
            (Some(name), Some("a user") | None) => name.to_owned(),
            (Some(name), Some(kind)) => format!("{name}, {kind}"),
            (None, Some(kind)) => kind.to_owned(),
            (None, None) => "somebody".to_owned(),
        }
    }
}

/// Whether somebody or something has the line.
fn is_held(fact: &NumberFact) -> bool {
    fact.owner_key.is_some() || fact.owner_type.is_some() || fact.owner_name.is_some()
}

/// Owner types as people say them; one that is not known is shown as it came.
fn owner_words(kind: &str) -> &str {
    match kind {
        "PEOPLE" => "a user",
        "PLACE" => "a workspace",
        "VIRTUAL_LINE" | "VIRTUAL_PROFILE" => "a virtual line",
        "AUTO_ATTENDANT" => "an auto attendant",
        "CALL_QUEUE" => "a call queue",
        "HUNT_GROUP" => "a hunt group",
        "PAGING_GROUP" | "GROUP_PAGING" => "a paging group",
        "VOICE_MESSAGING" | "VOICEMAIL_GROUP" => "a voicemail",
        "CONTACT_CENTER_LINK" | "CONTACT_CENTER_ADAPTER" => "the contact center",
        "ROUTE_LIST" => "a route list",
        "OFFICE_ANYWHERE" | "BROADWORKS_ANYWHERE" => "an Office Anywhere line",
        "COLLABORATE_BRIDGE" => "a conference bridge",
        other => other,
    }
}

impl<'a> Index<'a> {
    pub(super) fn new(scope: &'a Scope, snapshot: &'a Snapshot) -> Self {
        let location_key = scope.location.as_ref().map(|location| id_key(&location.id));
        let calling_key = scope.calling_licence.as_ref().map(|licence| id_key(&licence.id));
        let mut by_name: HashMap<&str, Vec<&PersonFact>> = HashMap::with_capacity(snapshot.people.len());
        let mut extensions: HashMap<&str, Holder> = HashMap::new();
        for person in &snapshot.people {
            by_name.entry(&person.name_key).or_default().push(person);
            if let Some(extension) = &person.extension
                && person.location_key.is_some()
                && person.location_key == location_key
            {
                let holder = Holder {
                    key: Some(&person.key),
                    name: Some(&person.display_name),
                    kind: Some("PEOPLE"),
                };
                extensions.insert(extension, holder);
            }
        }
        let mut numbers = HashMap::with_capacity(snapshot.numbers.len());
        let mut numbers_of: HashMap<&str, Vec<&str>> = HashMap::new();
        for fact in &snapshot.numbers {
            let at_location = location_key.is_some() && fact.location_key == location_key;
            if let Some(extension) = &fact.extension
                && at_location
                && is_held(fact)
            {
                extensions.entry(extension).or_insert(Holder {
                    key: fact.owner_key.as_deref(),
                    name: fact.owner_name.as_deref(),
                    kind: fact.owner_type.as_deref(),
                });
            }
            if let Some(digits) = fact.digits.as_deref().filter(|digits| !digits.is_empty()) {
                // The location's own line wins over another location's of the same digits.
                if at_location || !numbers.contains_key(digits) {
                    numbers.insert(digits, fact);
                }
                if let Some(owner) = &fact.owner_key {
                    numbers_of.entry(owner).or_default().push(digits);
                }
            }
        }
        Self {
            place: scope
                .location
                .as_ref()
                .map_or("any location", |location| location.name.as_str()),
            by_key: snapshot
                .people
                .iter()
                .map(|person| (person.key.as_str(), person))
                .collect(),
            by_name,
            extensions,
            numbers,
            numbers_of,
            location_names: snapshot
                .locations
                .iter()
                .map(|location| (location.key.as_str(), location.name.as_str()))
                .collect(),
            calling_licences: snapshot
                .licences
                .iter()
                .filter(|licence| {
                    is_calling_name(&licence.name) || Some(&licence.key) == calling_key.as_ref()
                })
                .map(|licence| licence.key.as_str())
                .collect(),
            location_key,
            calling_key,
        }
    }

    pub(super) fn judge(
        &self,
        position: usize,
        assignment: &'a Assignment,
        pools: &mut Pools,
        seen: &mut Seen<'a>,
    ) -> Item {
        let mut item = Item {
            row: u32::try_from(position + 1).unwrap_or(u32::MAX),
            file: assignment.file,
            file_row: assignment.row,
            ext_key: assignment.ext_key.clone(),
            identity: match &assignment.identity {
                Identity::Name(text) | Identity::Uuid(text) => text.clone(),
            },
            number: assignment.number.clone(),
            inventory_number: None,
            person_id: None,
            person_key: None,
            user: None,
            outcome: PlannedOutcome::Skip,
            code: None,
            message: None,
            licences: Vec::new(),
        };
        match self.decide(assignment, pools, seen, &mut item) {
            Ok(outcome) => item.outcome = outcome,
            Err((code, message)) => {
                item.code = Some(code);
                item.message = Some(message);
            }
        }
        item
    }

    fn decide(
        &self,
        assignment: &'a Assignment,
        pools: &mut Pools,
        seen: &mut Seen<'a>,
        item: &mut Item,
    ) -> Result<PlannedOutcome, (&'static str, String)> {
        let person = self.person(&assignment.identity)?;
        item.person_id = Some(person.id.clone());
        item.person_key = Some(person.key.clone());
        item.user = Some(person.display_name.clone());
        if !seen.people.insert(&person.key) {
            return Err((
                "identity_duplicate",
                format!("{} stands in an earlier row of this plan.", person.display_name),
            ));
        }
        let wanted_digits = assignment.number.as_deref().map(digits);
        let has_calling = person
            .licences
            .iter()
            .any(|licence| self.calling_licences.contains(licence.as_str()));
        let same = self.has_all(person, assignment, wanted_digits.as_deref());
        if (has_calling || person.extension.is_some()) && !same {
            return Err(("user_already_assigned", self.present(person)));
        }
        if !seen.extensions.insert(&assignment.ext_key) {
            return Err((
                "ext_key_duplicate",
                format!(
                    "Ext Key {} stands in an earlier row of this plan.",
                    assignment.ext_key
                ),
            ));
        }
        if let Some(wanted) = &wanted_digits {
            let fact = self.number(wanted, assignment.number.as_deref().unwrap_or(wanted), person)?;
            item.inventory_number.clone_from(&fact.phone_number);
            if !fact.digits.as_deref().is_none_or(|digits| {
                seen.numbers
                    .insert(self.numbers.get_key_value(digits).map_or("", |(key, _)| *key))
            }) {
                return Err((
                    "number_duplicate",
                    format!("Number {wanted} stands in an earlier row of this plan."),
                ));
            }
        }
        if !same
            && let Some(holder) = self.extensions.get(assignment.ext_key.as_str())
            && holder.key != Some(person.key.as_str())
        {
            return Err((
                "extension_taken",
                format!(
                    "Extension {} is taken in {}: held by {}. Choose another Ext Key.",
                    assignment.ext_key,
                    self.place,
                    holder.words()
                ),
            ));
        }
        match pools.take(!same, &person.licences) {
            Ok(licences) if same && licences.is_empty() => Ok(PlannedOutcome::AlreadyAssigned),
            Ok(licences) => {
                item.licences = licences;
                Ok(PlannedOutcome::Assign)
            }
            Err((code, licence)) => Err((
                code,
                format!(
                    "{} has no unit left for this row. Buy more units or give fewer rows this licence.",
                    licence.name
                ),
            )),
        }
    }

    fn person(&self, identity: &Identity) -> Result<&'a PersonFact, (&'static str, String)> {
        match identity {
            Identity::Uuid(uuid) => self.by_key.get(uuid.as_str()).copied().ok_or_else(|| {
                ("user_not_found", format!("Webex knows no user with the UUID {uuid} in this organisation. Check the UUID, or sync again."))
            }),
            Identity::Name(name) => match self.by_name.get(name_key(name).as_str()).map_or(&[][..], Vec::as_slice) {
                [] => Err((
                    "user_not_found",
                    format!("Webex knows no user named \"{name}\" in this organisation. The name must be the display name; or use the UUID."),
                )),
                [person] => Ok(person),
                several => {
                    const SHOWN: usize = 5;
                    let mut candidates: Vec<String> = several
                        .iter()
                        .take(SHOWN)
                        .map(|person| format!("{} ({})", person.email.as_deref().unwrap_or("no e-mail"), person.key))
                        .collect();
                    if several.len() > SHOWN {
                        candidates.push(format!("{} more", several.len() - SHOWN));
                    }
                    Err((
                        "user_ambiguous",
                        format!("{} users are named \"{name}\": {}. Use the UUID.", several.len(), candidates.join(", ")),
                    ))
                }
            },
        }
    }

    /// Whether the person already has this licence, location, extension and number.
    fn has_all(&self, person: &PersonFact, assignment: &Assignment, wanted_digits: Option<&str>) -> bool {
        let licence = self
            .calling_key
            .as_ref()
            .is_none_or(|key| person.licences.contains(key));
        let place = self.location_key.is_none() || person.location_key == self.location_key;
        licence
            && place
            && person.extension.as_deref() == Some(assignment.ext_key.as_str())
            && self.has_number(person, wanted_digits)
    }

    /// Whether the wanted number is among those assigned to the person, or none is wanted and none is assigned. One from the
    /// directory that is in no inventory is not assigned.
    fn has_number(&self, person: &PersonFact, wanted: Option<&str>) -> bool {
        let shown = person
            .numbers
            .iter()
            .map(|number| digits(number))
            .filter(|digits| self.numbers.contains_key(digits.as_str()));
        let owned = self.numbers_of.get(person.key.as_str()).into_iter().flatten();
        let mut assigned = shown.chain(owned.map(|digits| (*digits).to_owned()));
        match wanted {
            Some(wanted) => assigned.any(|digits| digits == wanted),
            None => assigned.next().is_none(),
        }
    }

    fn present(&self, person: &PersonFact) -> String {
        let extension = person
            .extension
            .iter()
            .map(|extension| format!("extension {extension}"));
        let mut has: Vec<String> = extension
            .chain(person.numbers.iter().map(|number| format!("number {number}")))
            .collect();
        if has.is_empty() {
            has.push("a calling licence".to_owned());
        }
        let last = has.pop().unwrap_or_default();
        let has = if has.is_empty() {
            last
        } else {
            format!("{} and {last}", has.join(", "))
        };
        let place = person
            .location_key
            .as_deref()
            .and_then(|key| self.location_names.get(key));
        let place = place.map(|name| format!(" in {name}")).unwrap_or_default();
        format!(
            "{} has {has}{place} already. Change it under the user, or leave the row out.",
            person.display_name
        )
    }

    fn number(
        &self,
        wanted: &str,
        shown: &str,
        person: &PersonFact,
    ) -> Result<&'a NumberFact, (&'static str, String)> {
        let place = self.place;
        let Some(fact) = self.numbers.get(wanted).copied() else {
            return Err((
                "number_not_in_inventory",
                format!(
                    "{shown} is not in the inventory of {place}. Add it to the location, or correct the number."
                ),
            ));
        };
        if self.location_key.is_some() && fact.location_key != self.location_key {
            let elsewhere = fact
                .location_key
                .as_deref()
                .and_then(|key| self.location_names.get(key))
                .copied()
                .unwrap_or("another location");
            return Err((
                "number_not_in_inventory",
                format!(
                    "{shown} is not in the inventory of {place}: it belongs to {elsewhere}. Move it, or correct the number."
                ),
            ));
        }
        let taken = fact.owner_key.as_deref().is_some_and(|owner| owner != person.key)
            || (fact.owner_key.is_none() && is_held(fact));
        if taken {
            let holder = Holder {
                key: None,
                name: fact.owner_name.as_deref(),
                kind: fact.owner_type.as_deref(),
            };
            return Err((
                "number_taken",
                format!("{shown} is in use by {}. Choose a free number.", holder.words()),
            ));
        }
        Ok(fact)
    }
}
