//! Who waits at the gate, in which order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

use super::Priority;
use super::pace::Pace;

/// So many of those whose turn is not yet near look again when somebody goes.
const LOOK_AGAIN: usize = 8;

/// After this many people in a row one waiting bulk request goes first.
const PEOPLE_IN_A_ROW: u32 = 8;

pub(super) struct Queue {
    pub(super) pace: Pace,
    next_ticket: u64,
    people: BTreeMap<u64, Arc<Waiter>>,
    bulk: BTreeMap<u64, Arc<Waiter>>,
    people_in_a_row: u32,
}

#[derive(Default)]
pub(super) struct Waiter {
    pub(super) wake: Notify,
    pub(super) left: AtomicBool,
    /// May take its turn; before that it makes itself ready.
    pub(super) ready: AtomicBool,
}

impl Waiter {
    pub(super) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }
}

fn first_ready(class: &BTreeMap<u64, Arc<Waiter>>) -> Option<(u64, &Arc<Waiter>)> {
    class
        .iter()
        .find(|(_, waiter)| waiter.is_ready())
        .map(|(ticket, waiter)| (*ticket, waiter))
}

impl Queue {
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            pace,
            next_ticket: 0,
            people: BTreeMap::new(),
            bulk: BTreeMap::new(),
            people_in_a_row: 0,
        }
    }

    /// Queues up behind its class; the ticket names the place in it.
    pub(super) fn join(&mut self, priority: Priority, waiter: &Arc<Waiter>) -> u64 {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.class(priority).insert(ticket, Arc::clone(waiter));
        ticket
    }

    /// Takes out whoever goes now.
    pub(super) fn depart(&mut self, priority: Priority, ticket: u64) {
        self.class(priority).remove(&ticket);
        self.people_in_a_row = match priority {
            Priority::Person if !self.bulk.is_empty() => self.people_in_a_row + 1,
            _ => 0,
        };
    }

    /// Whose turn it is.
    pub(super) fn head(&self) -> Option<(Priority, u64, &Arc<Waiter>)> {
        let person = first_ready(&self.people).map(|(ticket, waiter)| (Priority::Person, ticket, waiter));
        let bulk = first_ready(&self.bulk).map(|(ticket, waiter)| (Priority::Bulk, ticket, waiter));
        if self.people_in_a_row >= PEOPLE_IN_A_ROW {
            bulk.or(person)
        } else {
            person.or(bulk)
        }
    }

    /// Tells whose turn it is, and those behind that it may be near.
    pub(super) fn wake_next(&self) {
        if let Some((_, _, waiter)) = self.head() {
            waiter.wake.notify_one();
        }
        let preparing = self.in_order().filter(|waiter| !waiter.is_ready());
        for waiter in preparing.take(LOOK_AGAIN) {
            waiter.wake.notify_one();
        }
    }

    pub(super) fn wake_all(&self) {
        for waiter in self.in_order() {
            waiter.wake.notify_one();
        }
    }

    pub(super) fn in_order(&self) -> impl Iterator<Item = &Arc<Waiter>> {
        self.people.values().chain(self.bulk.values())
    }

    /// How many stand before this one.
    pub(super) fn ahead(&self, priority: Priority, ticket: u64) -> usize {
        match priority {
            Priority::Person => self.people.range(..ticket).count(),
            Priority::Bulk => self.people.len() + self.bulk.range(..ticket).count(),
        }
    }

    pub(super) fn class(&mut self, priority: Priority) -> &mut BTreeMap<u64, Arc<Waiter>> {
        match priority {
            Priority::Person => &mut self.people,
            Priority::Bulk => &mut self.bulk,
        }
    }

    pub(super) fn waiting(&self) -> u32 {
        u32::try_from(self.people.len() + self.bulk.len()).unwrap_or(u32::MAX)
    }
}
