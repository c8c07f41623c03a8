//! What changed, said after it was committed.
//!
//! A [`Topic`] names a set of things somebody may be looking at. `db::Write` collects topics while a transaction
//! is open and hands them to [`Events::publish`] only when it has committed, so nobody hears of a write that was
//! rolled back. The UI's cache listens to topics; nothing polls.

use serde::Serialize;
use tokio::sync::broadcast;
use ts_rs::TS;

/// A set of things that can change. Every command declares the topics it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// The list of organisations, a field of one, or its consent.
    Organisations,
    /// A running consent attempt.
    Consent,
    /// The local copy of people, licences, roles, locations and numbers.
    Mirror,
    /// Templates, their files, edits and checks.
    BulkAssignments,
    /// State, counts and rows of runs.
    Runs,
    /// Transactions and their steps.
    Transactions,
    /// What the person has set.
    Preferences,
    /// Whether secrets can be read.
    Vault,
    /// What runs by itself.
    Schedules,
    /// Warnings.
    Notifications,
    /// Customers of wholesale organisations.
    Wholesale,
    /// How far licensed users are.
    Activation,
    /// Directory synchronisation of enterprises.
    DirectorySync,
    /// A backup that waits for the next start.
    Backups,
}

/// The one broadcast of topics of a running Patchbay.
#[derive(Debug, Clone)]
pub struct Events {
    sender: broadcast::Sender<Topic>,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            sender: broadcast::channel(1024).0,
        }
    }
}

impl Events {
    /// Tells everybody who listens. Call only after the change is durable.
    pub fn publish(&self, topics: impl IntoIterator<Item = Topic>) {
        for topic in topics {
            // An error means that nobody listens, which is fine.
            let _ = self.sender.send(topic);
        }
    }

    /// A receiver of everything published from now on. A slow one is told that it lagged and must re-read.
    pub fn subscribe(&self) -> broadcast::Receiver<Topic> {
        self.sender.subscribe()
    }
}
