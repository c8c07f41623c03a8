//! Numbers, extensions and what owns them.
//!
//! Invariants: a number belongs to one location; an extension is unique in its location; an owner with a number and an
//! extension appears once in the number list, one without a number appears as an extension-only entry.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Cloud;
use super::people::{Alternate, Calling};

/// Who owns a number or an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A person, by position.
    Person(usize),
    /// A feature or workspace, by position.
    Feature(usize),
}

/// Something that is no person but owns numbers or extensions.
#[derive(Debug, Clone)]
pub struct Feature {
    /// Webex id.
    pub id: String,
    /// Owner type as answered: `PLACE`, `HUNT_GROUP`, `GROUP_PAGING`, …; an unknown one is possible.
    pub kind: String,
    /// Name.
    pub name: String,
}

/// A number of the inventory.
#[derive(Debug, Clone)]
pub struct Number {
    /// Location it belongs to.
    pub location: usize,
    /// Active (else inactive).
    pub active: bool,
    /// Owner.
    pub owner: Option<Owner>,
    /// Extension that goes with it.
    pub extension: Option<String>,
    /// `PRIMARY`, `ALTERNATE`, `FAX`, `DNIS`.
    pub usage: &'static str,
    /// Main number of its location.
    pub main: bool,
    /// Toll-free.
    pub toll_free: bool,
    /// Service number.
    pub service: bool,
    /// Reserved.
    pub reserved: bool,
    /// Mobile.
    pub mobile: bool,
    /// Used as emergency location number.
    pub elin: bool,
    /// Was freed and is taken until then.
    pub held_until: Duration,
}

impl Number {
    /// A free, active, ordinary number.
    #[must_use]
    pub fn free(location: usize) -> Self {
        Self {
            location,
            active: true,
            owner: None,
            extension: None,
            usage: "PRIMARY",
            main: false,
            toll_free: false,
            service: false,
            reserved: false,
            mobile: false,
            elin: false,
            held_until: Duration::ZERO,
        }
    }
}

/// An extension in use.
#[derive(Debug, Clone)]
pub struct Extension {
    /// Owner.
    pub owner: Owner,
    /// The owner's number that goes with it.
    pub number: Option<String>,
}

/// The inventory.
#[derive(Debug, Default)]
pub struct Inventory {
    /// E.164 → number, in list order.
    pub numbers: BTreeMap<String, Number>,
    /// (location, extension) → extension, in list order.
    pub extensions: BTreeMap<(usize, String), Extension>,
    /// Features.
    pub features: Vec<Feature>,
}

impl Inventory {
    /// Adds a feature.
    pub fn add_feature(&mut self, id: String, kind: &str, name: &str) -> usize {
        let at = self.features.len();
        self.features.push(Feature {
            id,
            kind: kind.to_owned(),
            name: name.to_owned(),
        });
        at
    }

    /// Takes an extension and a number for an owner. The caller has checked that both are free and known.
    pub fn occupy(
        &mut self,
        owner: Owner,
        location: usize,
        extension: Option<&str>,
        number: Option<&str>,
        usage: &'static str,
    ) {
        if let Some(number) = number
            && let Some(entry) = self.numbers.get_mut(number)
        {
            entry.owner = Some(owner);
            entry.usage = usage;
            entry.extension = extension.map(str::to_owned);
        }
        if let Some(extension) = extension {
            let entry = Extension {
                owner,
                number: number.map(str::to_owned),
            };
            self.extensions.insert((location, extension.to_owned()), entry);
        }
    }

    /// Frees an extension and a number; the number stays held until `held_until`.
    pub fn vacate(
        &mut self,
        location: usize,
        extension: Option<&str>,
        number: Option<&str>,
        held_until: Duration,
    ) {
        if let Some(extension) = extension {
            self.extensions.remove(&(location, extension.to_owned()));
        }
        if let Some(number) = number
            && let Some(entry) = self.numbers.get_mut(number)
        {
            entry.owner = None;
            entry.usage = "PRIMARY";
            entry.extension = None;
            entry.held_until = held_until;
        }
    }
}

impl Cloud {
    /// Places a person at a location with extension and number, replacing what was there.
    pub fn place(
        &mut self,
        person: usize,
        location: usize,
        extension: Option<String>,
        number: Option<String>,
    ) {
        let alternates = self
            .people
            .get(person)
            .and_then(|p| p.calling.clone())
            .map(|c| c.alternates)
            .unwrap_or_default();
        self.unplace_primary(person);
        self.inventory.occupy(
            Owner::Person(person),
            location,
            extension.as_deref(),
            number.as_deref(),
            "PRIMARY",
        );
        self.people.change(person, |p| {
            p.calling = Some(Calling {
                location,
                extension,
                number,
                alternates,
            })
        });
        self.changes += 1;
    }

    /// Removes a person's calling data and frees what it held.
    pub fn unplace(&mut self, person: usize) {
        self.unplace_primary(person);
        let held_until = self.clock.elapsed() + self.release_delay;
        let calling = self.people.change(person, |p| p.calling.take()).flatten();
        if let Some(calling) = calling {
            for alternate in calling.alternates {
                self.inventory.vacate(
                    calling.location,
                    alternate.extension.as_deref(),
                    Some(&alternate.number),
                    held_until,
                );
            }
        }
        self.changes += 1;
    }

    /// Adds an alternate number; checked by the caller.
    pub fn add_alternate(&mut self, person: usize, alternate: Alternate) {
        let Some(location) = self
            .people
            .get(person)
            .and_then(|p| p.calling.as_ref())
            .map(|c| c.location)
        else {
            return;
        };
        let owner = Owner::Person(person);
        self.inventory.occupy(
            owner,
            location,
            alternate.extension.as_deref(),
            Some(&alternate.number),
            "ALTERNATE",
        );
        self.people.change(person, |p| {
            if let Some(calling) = &mut p.calling {
                calling.alternates.push(alternate);
            }
        });
        self.changes += 1;
    }

    /// Removes an alternate number; false when the person has no such one.
    pub fn remove_alternate(&mut self, person: usize, number: &str) -> bool {
        let held_until = self.clock.elapsed() + self.release_delay;
        let removed = self.people.change(person, |p| {
            let calling = p.calling.as_mut()?;
            let at = calling.alternates.iter().position(|a| a.number == number)?;
            Some((calling.location, calling.alternates.remove(at)))
        });
        let Some(Some((location, alternate))) = removed else {
            return false;
        };
        self.inventory.vacate(
            location,
            alternate.extension.as_deref(),
            Some(&alternate.number),
            held_until,
        );
        self.changes += 1;
        true
    }

    fn unplace_primary(&mut self, person: usize) {
        let held_until = self.clock.elapsed() + self.release_delay;
        let calling = self.people.change(person, |p| p.calling.clone()).flatten();
        if let Some(c) = calling {
            self.inventory.vacate(
                c.location,
                c.extension.as_deref(),
                c.number.as_deref(),
                held_until,
            );
        }
    }
}
