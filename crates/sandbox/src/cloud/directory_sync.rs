//! BroadWorks enterprises and the synchronisation of their directories.
//!
//! Invariant: what was asked for begins and ends later, by the sandbox's clock or by a number of reads; whoever looks at an
//! enterprise settles it first ([`Enterprises::settle`]). Reference: section 7.

use std::collections::HashSet;
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use super::wholesale::Remark;
use crate::clock::Clock;
use crate::ids;

/// Where a count of a synchronisation stands in [`Enterprise::counts`], by the name the wire has for it.
pub const COUNTS: [&str; 16] = [
    "usersAdded",
    "usersUpdated",
    "usersDeleted",
    "machinesAdded",
    "machinesUpdated",
    "machinesDeleted",
    "totalExternalUsersInCI",
    "totalExternalMachinesInCI",
    "userContactsAdded",
    "userContactsUpdated",
    "userContactsDeleted",
    "orgContactsAdded",
    "orgContactsUpdated",
    "orgContactsDeleted",
    "totalUserContactsInContactService",
    "totalOrgContactsInContactService",
];

/// What happens where no user of an enterprise is provisioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NobodyProvisioned {
    /// The synchronisation is accepted and ends with an error.
    #[default]
    Fails,
    /// It is refused with 400.
    Refused,
}

/// How a synchronisation will end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// `COMPLETE`.
    Complete,
    /// Errors, and the status word of the cloud for that.
    Failed(Vec<Remark>),
    /// It never ends.
    Never,
}

/// A synchronisation that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// When it begins, on the sandbox's clock.
    begins: Duration,
    /// When it ends.
    ends: Duration,
    /// Reads until it ends all the same.
    reads: Option<u32>,
    begun: bool,
    ending: Ending,
    tracking: String,
}

/// An enterprise.
#[derive(Debug, Clone)]
pub struct Enterprise {
    /// UUID inside the id.
    pub uuid: Uuid,
    /// UUID of its organisation.
    pub organisation: Uuid,
    /// Service provider and enterprise.
    pub name: String,
    /// Template.
    pub provisioning_id: String,
    /// Directory synchronisation is on.
    pub enabled: bool,
    /// Status word.
    pub status: String,
    /// Beginning of the last synchronisation.
    pub started: Option<Timestamp>,
    /// End of the last one.
    pub ended: Option<Timestamp>,
    /// End of the last one without errors.
    pub succeeded: Option<Timestamp>,
    /// Tracking id of the last one.
    pub tracking: Option<String>,
    /// In the order of [`COUNTS`]; `None` before the first one.
    pub counts: Option<[u64; 16]>,
    /// Errors of the last one.
    pub errors: Vec<Remark>,
    /// How the next one ends, where a test has said so.
    pub next_ending: Option<Ending>,
    /// External users who were synchronised one by one.
    pub external_users: HashSet<String>,
    /// What is queued or under way.
    pub sync: Option<Request>,
}

impl Enterprise {
    /// One that was never synchronised.
    #[must_use]
    pub fn new(uuid: Uuid, organisation: Uuid, name: &str, provisioning_id: &str) -> Self {
        Self {
            uuid,
            organisation,
            name: name.to_owned(),
            provisioning_id: provisioning_id.to_owned(),
            enabled: true,
            status: "NOT_SYNCED".to_owned(),
            started: None,
            ended: None,
            succeeded: None,
            tracking: None,
            counts: None,
            errors: Vec::new(),
            next_ending: None,
            external_users: HashSet::new(),
            sync: None,
        }
    }

    /// Webex id.
    #[must_use]
    pub fn id(&self) -> String {
        ids::encode("us", "ENTERPRISE", &self.uuid.to_string())
    }

    fn begin(&mut self, at: Timestamp) {
        if let Some(sync) = &mut self.sync {
            sync.begun = true;
            self.status = "IN_PROGRESS".to_owned();
            self.started = Some(at);
            self.tracking = Some(sync.tracking.clone());
            self.errors.clear();
        }
    }

    fn end(&mut self, at: Timestamp, failed_word: &str, users: u64) {
        let Some(sync) = self.sync.take() else { return };
        self.ended = Some(at);
        match sync.ending {
            Ending::Failed(errors) => {
                failed_word.clone_into(&mut self.status);
                self.errors = errors;
                let totals = self.counts.unwrap_or_default();
                let kept = |n: usize| COUNTS[n].starts_with("total");
                self.counts = Some(std::array::from_fn(|n| if kept(n) { totals[n] } else { 0 }));
            }
            _ => {
                "COMPLETE".clone_into(&mut self.status);
                self.succeeded = Some(at);
                self.counts = Some(self.counted(users));
            }
        }
    }

    /// What a synchronisation finds when so many users are in the enterprise's directory: all of them the first time, and
    /// what has come or gone afterwards.
    fn counted(&self, users: u64) -> [u64; 16] {
        let before = self.counts.unwrap_or_default();
        let (known, machines_known) = (before[6], before[7]);
        let machines = users / 4;
        let (added, deleted) = (users.saturating_sub(known), known.saturating_sub(users));
        let updated = known.min(users) / 20;
        [
            added,
            updated,
            deleted,
            machines.saturating_sub(machines_known),
            machines_known.min(machines) / 10,
            machines_known.saturating_sub(machines),
            users,
            machines,
            users.saturating_sub(before[14]),
            updated,
            deleted,
            2_u64.saturating_sub(before[15]),
            0,
            before[15].saturating_sub(2),
            users,
            2,
        ]
    }
}

/// All enterprises, and how synchronisation behaves.
#[derive(Debug)]
pub struct Enterprises {
    /// In the order they were made.
    pub list: Vec<Enterprise>,
    /// How long one waits before it begins; its status is the old one till then.
    pub queue: Duration,
    /// How long it takes from there.
    pub takes: Duration,
    /// After so many reads of the enterprise it has ended in any case.
    pub reads: Option<u32>,
    /// The status word of one that failed.
    pub failed_word: String,
    /// What happens where nobody is provisioned.
    pub nobody_provisioned: NobodyProvisioned,
    /// A trigger is refused for 24 hours after the end of the last one.
    pub refuse_within_a_day: bool,
}

impl Default for Enterprises {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            queue: Duration::ZERO,
            takes: Duration::from_secs(20),
            reads: None,
            failed_word: "FAILED".to_owned(),
            nobody_provisioned: NobodyProvisioned::default(),
            refuse_within_a_day: false,
        }
    }
}

impl Enterprises {
    /// Position of a Webex id of kind ENTERPRISE.
    pub fn position(&self, text: &str) -> Result<Option<usize>, ids::IdProblem> {
        let uuid = ids::expect_uuid(text, "ENTERPRISE")?;
        Ok(self.list.iter().position(|e| e.uuid == uuid))
    }

    /// Position of a Webex id or a name.
    #[must_use]
    pub fn known_as(&self, which: &str) -> Option<usize> {
        let by_name = self.list.iter().position(|e| e.name == which);
        by_name.or_else(|| self.position(which).ok().flatten())
    }

    /// Queues a synchronisation, or begins it at once where there is no queue. `tracking` becomes its tracking id.
    pub fn ask(&mut self, at: usize, clock: &Clock, ending: Ending, tracking: String) {
        let now = clock.elapsed();
        let (begins, reads) = (now.saturating_add(self.queue), self.reads);
        let ends = begins.saturating_add(self.takes);
        if let Some(enterprise) = self.list.get_mut(at) {
            let ending = enterprise.next_ending.take().unwrap_or(ending);
            enterprise.sync = Some(Request {
                begins,
                ends,
                reads,
                begun: false,
                ending,
                tracking,
            });
        }
        if self.queue.is_zero()
            && let Some(enterprise) = self.list.get_mut(at)
        {
            enterprise.begin(clock.at(now));
        }
    }

    /// Begins and ends what is due; whether anything was. `users` tells how many users an enterprise's directory has.
    pub fn settle(&mut self, clock: &Clock, users: impl Fn(&str) -> u64) -> bool {
        let now = clock.elapsed();
        let mut any = false;
        for enterprise in &mut self.list {
            let Some(sync) = &enterprise.sync else { continue };
            let (begins, ends, ending) = (sync.begins, sync.ends, sync.ending.clone());
            let read_out = sync.reads == Some(0);
            if !sync.begun && (begins <= now || read_out) {
                enterprise.begin(clock.at(begins.min(now)));
                any = true;
            }
            if ending != Ending::Never && (ends <= now || read_out) {
                let users = users(&enterprise.name);
                enterprise.end(clock.at(ends.min(now)), &self.failed_word, users);
                any = true;
            }
        }
        any
    }

    /// Somebody has read this enterprise.
    pub fn was_read(&mut self, at: usize) {
        let sync = self.list.get_mut(at).and_then(|e| e.sync.as_mut());
        if let Some(reads) = sync.and_then(|s| s.reads.as_mut()) {
            *reads = reads.saturating_sub(1);
        }
    }
}
