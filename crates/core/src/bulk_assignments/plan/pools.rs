//! Licence units while the rows of a plan are gone through, in file order.

use super::{Need, Spec};
use crate::bulk_assignments::model::LicenceChoice;
use crate::mirror::snapshot::{LicenceFact, Snapshot, id_key};

/// Licence units left while the rows are gone through.
pub(super) struct Pools {
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
    pub(super) fn new(spec: &Spec, snapshot: &Snapshot) -> Self {
        Self {
            calling: Pool::new(&spec.calling_licence, snapshot),
            add_ons: spec
                .add_ons
                .iter()
                .map(|licence| Pool::new(licence, snapshot))
                .collect(),
        }
    }

    /// Where no licence is chosen, none runs out.
    pub(super) fn without_limit(spec: &Spec) -> Self {
        let licence = spec.calling_licence.clone();
        let calling = Pool {
            key: String::new(),
            licence,
            available: u32::MAX,
            left: u32::MAX,
            needed: 0,
        };
        Self {
            calling,
            add_ons: Vec::new(),
        }
    }

    /// Takes a unit of each, or none of them and the code and name of the licence that has too few.
    pub(super) fn take(
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

    pub(super) fn into_needs(self) -> Vec<Need> {
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
