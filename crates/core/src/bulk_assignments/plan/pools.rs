//! Licence units while the rows of a plan are gone through, in file order.

use super::{Need, Scope};
use crate::bulk_assignments::model::LicenceChoice;
use crate::mirror::snapshot::{LicenceFact, Snapshot, id_key};

/// Licence units left while the rows are gone through.
pub(super) struct Pools {
    /// None where no calling licence is chosen: none runs out then.
    calling: Option<Pool>,
    add_ons: Vec<Pool>,
}

struct Pool {
    licence: LicenceChoice,
    key: String,
    /// None where there is no limit.
    available: Option<u32>,
    left: Option<u32>,
    needed: u32,
}

impl Pool {
    fn new(licence: &LicenceChoice, snapshot: &Snapshot) -> Self {
        let key = id_key(&licence.id);
        let available = snapshot
            .licences
            .iter()
            .find(|fact| fact.key == key)
            .map_or(Some(0), LicenceFact::available);
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
    pub(super) fn new(scope: &Scope, snapshot: &Snapshot) -> Self {
        Self {
            calling: scope
                .calling_licence
                .as_ref()
                .map(|licence| Pool::new(licence, snapshot)),
            add_ons: scope
                .add_ons
                .iter()
                .map(|licence| Pool::new(licence, snapshot))
                .collect(),
        }
    }

    /// Takes a unit of each, or none of them and the code and name of the licence that has too few.
    pub(super) fn take(
        &mut self,
        calling: bool,
        held: &[String],
    ) -> Result<Vec<LicenceChoice>, (&'static str, LicenceChoice)> {
        let mut wanted: Vec<(&'static str, &mut Pool)> = Vec::new();
        if calling && let Some(pool) = &mut self.calling {
            wanted.push(("licences_insufficient", pool));
        }
        for pool in &mut self.add_ons {
            if !held.contains(&pool.key) {
                wanted.push(("addon_insufficient", pool));
            }
        }
        for (_, pool) in &mut wanted {
            pool.needed += 1;
        }
        if let Some((code, pool)) = wanted.iter().find(|(_, pool)| pool.left == Some(0)) {
            return Err((*code, pool.licence.clone()));
        }
        Ok(wanted
            .into_iter()
            .map(|(_, pool)| {
                pool.left = pool.left.map(|left| left - 1);
                pool.licence.clone()
            })
            .collect())
    }

    pub(super) fn into_needs(self) -> Vec<Need> {
        self.calling
            .into_iter()
            .chain(self.add_ons)
            .map(|pool| Need {
                licence: pool.licence,
                needed: pool.needed,
                available: pool.available,
            })
            .collect()
    }
}
