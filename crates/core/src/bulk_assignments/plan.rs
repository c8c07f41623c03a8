//! The plan: rows of the file against a snapshot of Webex. Pure.
//!
//! Invariants: every row of the file comes out exactly once, in file order; no person, extension or number is planned
//! twice; a row in conflict with Webex is left out with its code, never bent until it fits.

mod judge;
mod pools;
mod shift;

use super::model::{LicenceChoice, LocationChoice, PlannedOutcome};
use crate::audit::hex;
use crate::mirror::snapshot::Snapshot;
use bulk_file::Assignment;
use judge::{Index, Seen};
use pools::Pools;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shift::shifted;

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
    let index = Index::anywhere(&spec, snapshot);
    let mut pools = Pools::without_limit(&spec);
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
