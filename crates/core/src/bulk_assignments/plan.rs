//! The plan: rows of the file against a snapshot of Webex. Pure.
//!
//! Invariants: every row of the file comes out exactly once, in file order; no person, extension or number is planned
//! twice; a row in conflict with Webex is left out with its code, never bent until it fits.

use super::model::{LicenceChoice, LocationChoice, PlannedOutcome};
use crate::audit::hex;
use crate::mirror::snapshot::{
    LicenceFact, NumberFact, PersonFact, Snapshot, digits, id_key, is_calling_name, name_key,
};
use bulk_file::{Assignment, Identity};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

/// What every row of a template gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    pub location: LocationChoice,
    pub calling_licence: LicenceChoice,
    pub add_ons: Vec<LicenceChoice>,
}

/// What is to happen to one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// From 1, counted through all files.
    pub row: u32,
    pub file: u32,
    pub file_row: u32,
    pub ext_key: String,
    pub identity: String,
    pub number: Option<String>,
    pub inventory_number: Option<String>,
    pub person_id: Option<String>,
    pub person_key: Option<String>,
    pub user: Option<String>,
    pub outcome: PlannedOutcome,
    pub code: Option<&'static str>,
    pub message: Option<String>,
    /// Licences to add; the calling licence, if among them, is first.
    pub licences: Vec<LicenceChoice>,
}

/// Units of a licence that a plan takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    pub licence: LicenceChoice,
    /// What all rows would take if there were enough.
    pub needed: u32,
    pub available: u32,
}

/// A plan. Never changed after it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub items: Vec<Item>,
    pub needs: Vec<Need>,
    /// How many rows of the file have their neighbour's number, if that looks like a column sorted alone.
    pub shifted: Option<Shift>,
    pub hash: String,
}

/// Signs that one column was sorted without the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// Rows whose user has the number that stands `by` rows away.
    pub rows: u32,
    pub by: i32,
    /// The first such row.
    pub first: u32,
}

/// Makes the plan.
pub fn plan(spec: &Spec, assignments: &[Assignment], snapshot: &Snapshot) -> Planned {
    let index = Index::new(spec, snapshot);
    let mut pools = Pools::new(spec, snapshot);
    let mut seen = Seen::default();
    let items: Vec<Item> = assignments
        .iter()
        .enumerate()
        .map(|(position, assignment)| index.judge(position, assignment, &mut pools, &mut seen))
        .collect();
    let shifted = shifted(&items, snapshot);
    let hash = hash(spec, &items);
    Planned {
        items,
        needs: pools.into_needs(),
        shifted,
        hash,
    }
}

/// What can be said of rows before a location and licences are chosen: who the users are, whether they are free, and
/// whether the numbers are.
pub fn check(assignments: &[Assignment], snapshot: &Snapshot) -> Planned {
    let nowhere = LocationChoice {
        id: String::new(),
        name: "any location".to_owned(),
    };
    let none = LicenceChoice {
        id: String::new(),
        name: String::new(),
    };
    let spec = Spec {
        location: nowhere,
        calling_licence: none,
        add_ons: Vec::new(),
    };
    let index = Index {
        anywhere: true,
        ..Index::new(&spec, snapshot)
    };
    let mut pools = Pools::new(&spec, snapshot);
    pools.calling.left = u32::MAX;
    let mut seen = Seen::default();
    let items: Vec<Item> = assignments
        .iter()
        .enumerate()
        .map(|(position, assignment)| index.judge(position, assignment, &mut pools, &mut seen))
        .collect();
    let shifted = shifted(&items, snapshot);
    Planned {
        hash: hash(&spec, &items),
        needs: Vec::new(),
        items,
        shifted,
    }
}

/// Identifies a plan by everything it would do.
fn hash(spec: &Spec, items: &[Item]) -> String {
    let mut hash = Sha256::new();
    let mut field = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    };
    field(&serde_json::to_string(spec).unwrap_or_default());
    for item in items {
        field(&item.ext_key);
        field(&item.identity);
        field(item.person_key.as_deref().unwrap_or(""));
        field(item.inventory_number.as_deref().unwrap_or(""));
        field(match item.outcome {
            PlannedOutcome::Assign => "assign",
            PlannedOutcome::AlreadyAssigned => "already_assigned",
            PlannedOutcome::Skip => item.code.unwrap_or("skip"),
        });
        for licence in &item.licences {
            field(&licence.id);
        }
    }
    hex(&hash.finalize())
}

/// What earlier rows of the same plan have taken.
#[derive(Default)]
struct Seen<'a> {
    people: HashSet<&'a str>,
    extensions: HashSet<&'a str>,
    numbers: HashSet<&'a str>,
}

/// Licence units left while the rows are gone through.
struct Pools {
    calling: Pool,
    add_ons: Vec<Pool>,
}

struct Pool {
    licence: LicenceChoice,
    key: String,
    available: u32,
    left: u32,
    needed: u32,
}

impl Pool {
    fn new(licence: &LicenceChoice, snapshot: &Snapshot) -> Self {
        let key = id_key(&licence.id);
        let available = snapshot
            .licences
            .iter()
            .find(|fact| fact.key == key)
            .map_or(0, LicenceFact::available);
        Self {
            licence: licence.clone(),
            key,
            available,
            left: available,
            needed: 0,
        }
    }
}

impl Pools {
    fn new(spec: &Spec, snapshot: &Snapshot) -> Self {
        Self {
            calling: Pool::new(&spec.calling_licence, snapshot),
            add_ons: spec
                .add_ons
                .iter()
                .map(|licence| Pool::new(licence, snapshot))
                .collect(),
        }
    }

    /// Takes a unit of each, or none of them and the code and name of the licence that has too few.
    fn take(
        &mut self,
        calling: bool,
        held: &[String],
    ) -> Result<Vec<LicenceChoice>, (&'static str, LicenceChoice)> {
        let mut wanted: Vec<(&'static str, &mut Pool)> = Vec::new();
        if calling {
            wanted.push(("licences_insufficient", &mut self.calling));
        }
        for pool in &mut self.add_ons {
            if !held.contains(&pool.key) {
                wanted.push(("addon_insufficient", pool));
            }
        }
        for (_, pool) in &mut wanted {
            pool.needed += 1;
        }
        if let Some((code, pool)) = wanted.iter().find(|(_, pool)| pool.left == 0) {
            return Err((*code, pool.licence.clone()));
        }
        Ok(wanted
            .into_iter()
            .map(|(_, pool)| {
                pool.left -= 1;
                pool.licence.clone()
            })
            .collect())
    }

    fn into_needs(self) -> Vec<Need> {
        std::iter::once(self.calling)
            .chain(self.add_ons)
            .map(|pool| Need {
                licence: pool.licence,
                needed: pool.needed,
                available: pool.available,
            })
            .collect()
    }
}

/// The snapshot, ready to be asked.
struct Index<'a> {
    spec: &'a Spec,
    /// No location was chosen: what belongs to one is not judged.
    anywhere: bool,
    location_key: String,
    calling_key: String,
    by_key: HashMap<&'a str, &'a PersonFact>,
    by_name: HashMap<&'a str, Vec<&'a PersonFact>>,
    /// Who holds an extension at the location.
    extensions: HashMap<&'a str, Holder<'a>>,
    /// Inventory by digits, all locations.
    numbers: HashMap<&'a str, &'a NumberFact>,
    number_of: HashMap<&'a str, &'a str>,
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
    fn new(spec: &'a Spec, snapshot: &'a Snapshot) -> Self {
        let location_key = id_key(&spec.location.id);
        let calling_key = id_key(&spec.calling_licence.id);
        let mut by_name: HashMap<&str, Vec<&PersonFact>> = HashMap::with_capacity(snapshot.people.len());
        let mut extensions: HashMap<&str, Holder> = HashMap::new();
        for person in &snapshot.people {
            by_name.entry(&person.name_key).or_default().push(person);
            if let (Some(extension), Some(at)) = (&person.extension, &person.location_key)
                && *at == location_key
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
        let mut number_of = HashMap::new();
        for fact in &snapshot.numbers {
            let at_location = fact.location_key.as_deref() == Some(location_key.as_str());
            if let Some(extension) = &fact.extension
                && at_location
                && (fact.owner_key.is_some() || fact.owner_type.is_some())
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
                    number_of.entry(owner.as_str()).or_insert(digits);
                }
            }
        }
        Self {
            spec,
            anywhere: false,
            by_key: snapshot
                .people
                .iter()
                .map(|person| (person.key.as_str(), person))
                .collect(),
            by_name,
            extensions,
            numbers,
            number_of,
            location_names: snapshot
                .locations
                .iter()
                .map(|location| (location.key.as_str(), location.name.as_str()))
                .collect(),
            calling_licences: snapshot
                .licences
                .iter()
                .filter(|licence| is_calling_name(&licence.name) || licence.key == calling_key)
                .map(|licence| licence.key.as_str())
                .collect(),
            location_key,
            calling_key,
        }
    }

    fn judge(
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
                    self.spec.location.name,
                    holder.words()
                ),
            ));
        }
        match pools.take(!same, &person.licences) {
            Ok(licences) if licences.is_empty() => Ok(PlannedOutcome::AlreadyAssigned),
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
        let present = self.present_digits(person);
        (self.anywhere || person.licences.contains(&self.calling_key))
            && (self.anywhere || person.location_key.as_deref() == Some(self.location_key.as_str()))
            && person.extension.as_deref() == Some(assignment.ext_key.as_str())
            && present.as_deref() == wanted_digits
    }

    fn present_digits(&self, person: &PersonFact) -> Option<String> {
        person
            .number
            .as_deref()
            .map(digits)
            .filter(|digits| !digits.is_empty())
            .or_else(|| {
                self.number_of
                    .get(person.key.as_str())
                    .map(|digits| (*digits).to_owned())
            })
    }

    fn present(&self, person: &PersonFact) -> String {
        let mut has: Vec<String> = Vec::new();
        if let Some(extension) = &person.extension {
            has.push(format!("extension {extension}"));
        }
        if let Some(number) = &person.number {
            has.push(format!("number {number}"));
        }
        if has.is_empty() {
            has.push("a calling licence".to_owned());
        }
        let place = person
            .location_key
            .as_deref()
            .and_then(|key| self.location_names.get(key));
        let place = place.map(|name| format!(" in {name}")).unwrap_or_default();
        format!(
            "{} has {}{place} already. Change it under the user, or leave the row out.",
            person.display_name,
            has.join(" and ")
        )
    }

    fn number(
        &self,
        wanted: &str,
        shown: &str,
        person: &PersonFact,
    ) -> Result<&'a NumberFact, (&'static str, String)> {
        let place = &self.spec.location.name;
        let Some(fact) = self.numbers.get(wanted).copied() else {
            return Err((
                "number_not_in_inventory",
                format!(
                    "{shown} is not in the inventory of {place}. Add it to the location, or correct the number."
                ),
            ));
        };
        if !self.anywhere && fact.location_key.as_deref() != Some(self.location_key.as_str()) {
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
            || (fact.owner_key.is_none() && fact.owner_type.is_some());
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

/// Looks for a column that was sorted alone: many users whose present number stands a few rows away.
fn shifted(items: &[Item], snapshot: &Snapshot) -> Option<Shift> {
    const FURTHEST: i32 = 3;
    const FEWEST: u32 = 3;
    let mut present: HashMap<&str, String> = HashMap::new();
    for fact in &snapshot.numbers {
        if let (Some(owner), Some(digits)) = (&fact.owner_key, &fact.digits) {
            present.entry(owner).or_insert_with(|| digits.clone());
        }
    }
    for person in &snapshot.people {
        if let Some(number) = &person.number {
            present.insert(&person.key, digits(number));
        }
    }
    let in_file: Vec<Option<String>> = items
        .iter()
        .map(|item| item.number.as_deref().map(digits))
        .collect();
    let mut counts: HashMap<i32, (u32, u32)> = HashMap::new();
    for (position, item) in items.iter().enumerate() {
        let Some(number) = item.person_key.as_deref().and_then(|key| present.get(key)) else {
            continue;
        };
        for by in -FURTHEST..=FURTHEST {
            let Some(other) = i32::try_from(position)
                .ok()
                .and_then(|position| usize::try_from(position + by).ok())
            else {
                continue;
            };
            if in_file.get(other).and_then(Option::as_ref) == Some(number) {
                counts.entry(by).or_insert((0, item.row)).0 += 1;
            }
        }
    }
    let in_place = counts.get(&0).map_or(0, |(rows, _)| *rows);
    let (by, (rows, first)) = counts
        .into_iter()
        .filter(|(by, _)| *by != 0)
        .max_by_key(|(by, (rows, _))| (*rows, -by.abs(), *by))?;
    (rows >= FEWEST && rows > in_place).then_some(Shift { rows, by, first })
}
