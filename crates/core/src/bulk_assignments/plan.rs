//! The plan: rows of the file against a snapshot of Webex. Pure.
//!
//! Invariants: every row of the file comes out exactly once, in file order; no person, extension or number is planned
//! twice; a row in conflict with Webex is left out with its code, never bent until it fits.

mod judge;
mod pools;
mod shift;

use super::model::{LicenceChoice, LocationChoice, PlannedOutcome, TemplateFields};
use crate::audit::hex;
use crate::mirror::snapshot::Snapshot;
use bulk_file::Assignment;
use judge::{Index, Seen};
use pools::Pools;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shift::shifted;
pub use shift::{Shift, ShiftedColumn};

/// What every row of a template gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    pub location: LocationChoice,
    pub calling_licence: LicenceChoice,
    pub add_ons: Vec<LicenceChoice>,
}

/// What rows are judged by: a [`Spec`] of which parts may not be chosen yet. What belongs to them is not judged then.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    pub location: Option<LocationChoice>,
    pub calling_licence: Option<LicenceChoice>,
    pub add_ons: Vec<LicenceChoice>,
}

impl From<&Spec> for Scope {
    fn from(spec: &Spec) -> Self {
        Self {
            location: Some(spec.location.clone()),
            calling_licence: Some(spec.calling_licence.clone()),
            add_ons: spec.add_ons.clone(),
        }
    }
}

impl From<&TemplateFields> for Scope {
    fn from(fields: &TemplateFields) -> Self {
        Self {
            location: fields.location.clone(),
            calling_licence: fields.calling_licence.clone(),
            add_ons: fields.add_ons.clone(),
        }
    }
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
    /// None where Webex sets, or tells, no limit.
    pub available: Option<u32>,
}

/// A plan. Never changed after it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub items: Vec<Item>,
    pub needs: Vec<Need>,
    pub shifted: Option<Shift>,
    pub hash: String,
}

/// Makes the plan.
pub fn plan(spec: &Spec, assignments: &[Assignment], snapshot: &Snapshot) -> Planned {
    let judged = judge(&Scope::from(spec), assignments, snapshot);
    Planned {
        hash: hash(spec, &judged.items),
        items: judged.items,
        needs: judged.needs,
        shifted: judged.shifted,
    }
}

/// Rows judged against a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// One a row, in the same order.
    pub items: Vec<Item>,
    pub needs: Vec<Need>,
    pub shifted: Option<Shift>,
}

/// Judges rows: who the users are, whether they, their extensions and numbers are free, and whether licences suffice. The
/// one judgement behind the check of a template, the check of files and the plan.
pub fn judge(scope: &Scope, assignments: &[Assignment], snapshot: &Snapshot) -> Judged {
    let index = Index::new(scope, snapshot);
    let mut pools = Pools::new(scope, snapshot);
    let mut seen = Seen::default();
    let items: Vec<Item> = assignments
        .iter()
        .enumerate()
        .map(|(position, assignment)| index.judge(position, assignment, &mut pools, &mut seen))
        .collect();
    Judged {
        shifted: shifted(scope, &items, snapshot),
        items,
        needs: pools.into_needs(),
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
