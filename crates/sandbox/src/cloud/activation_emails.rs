//! The job that sends people with an open invitation their mail once more.
//!
//! Invariants: one job at a time; whoever was mailed within 24 hours is left out. A job ends by the sandbox's clock: whoever
//! looks at one settles it first ([`ActivationEmails::settle`]). Reference: section 6.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use super::people::People;
use crate::clock::Clock;

/// Nobody gets two mails within this.
const REST: Duration = Duration::from_secs(86_400);

/// A job.
#[derive(Debug, Clone)]
pub struct Job {
    /// UUID inside its id.
    pub uuid: Uuid,
    /// Who asked for it, by position.
    pub person: usize,
    /// When it was asked for.
    pub created: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// How many were sent.
    pub sent: usize,
    /// UUID and e-mail of those who were mailed within 24 hours.
    pub suppressed: Vec<(Uuid, String)>,
    due: Duration,
}

/// All jobs, and who was mailed when.
#[derive(Debug)]
pub struct ActivationEmails {
    /// In the order they were asked for.
    pub jobs: Vec<Job>,
    /// How long one takes.
    pub takes: Duration,
    /// Position of a person → when the last mail went.
    mailed: HashMap<usize, Timestamp>,
}

impl Default for ActivationEmails {
    fn default() -> Self {
        Self {
            jobs: Vec::new(),
            takes: Duration::from_secs(3),
            mailed: HashMap::new(),
        }
    }
}

impl ActivationEmails {
    /// A mail went to somebody.
    pub fn mail(&mut self, person: usize, at: Timestamp) {
        self.mailed.insert(person, at);
    }

    /// Whether a job is under way.
    #[must_use]
    pub fn running(&self) -> bool {
        self.jobs.last().is_some_and(|job| job.ended.is_none())
    }

    /// Begins a job and answers its position.
    pub fn begin(&mut self, uuid: Uuid, person: usize, clock: &Clock) -> usize {
        self.jobs.push(Job {
            uuid,
            person,
            created: clock.now(),
            ended: None,
            sent: 0,
            suppressed: Vec::new(),
            due: clock.elapsed().saturating_add(self.takes),
        });
        self.jobs.len() - 1
    }

    /// Ends the job that is due; whether one was.
    pub fn settle(&mut self, people: &People, clock: &Clock) -> bool {
        let due = |job: &&mut Job| job.ended.is_none() && job.due <= clock.elapsed();
        let Some(job) = self.jobs.last_mut().filter(due) else {
            return false;
        };
        let now = clock.at(job.due);
        for (at, person) in people.from(0).filter(|(_, p)| p.invite_pending) {
            let mailed = self.mailed.get(&at);
            if mailed.is_some_and(|mailed| now.duration_since(*mailed).unsigned_abs() < REST) {
                job.suppressed.push((person.uuid, person.email.clone()));
            } else {
                job.sent += 1;
                self.mailed.insert(at, now);
            }
        }
        job.ended = Some(now);
        true
    }
}
