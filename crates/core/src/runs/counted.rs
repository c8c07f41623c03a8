//! The requests of one run, told apart from everything else that passes the organisation's gate.

use super::engine::{Answer, Found, Work};
use super::{Ending, Item};
use std::sync::Arc;
use webex_client::{Departure, Error, GateState, Tally, counted};

/// Some work, and what it sent.
pub(super) struct Counted {
    work: Arc<dyn Work>,
    tally: Arc<Tally>,
}

impl Counted {
    pub(super) fn new(work: Arc<dyn Work>, tally: Arc<Tally>) -> Self {
        Self { work, tally }
    }

    async fn count<T>(&self, work: impl Future<Output = T>) -> T {
        counted(Arc::clone(&self.tally), work).await
    }
}

#[async_trait::async_trait]
impl Work for Counted {
    async fn send(&self, item: &Item, departure: Departure) -> Result<Answer, Error> {
        self.count(self.work.send(item, departure)).await
    }

    async fn read(&self, item: &Item) -> Result<Found, Error> {
        self.count(self.work.read(item)).await
    }

    async fn read_all(&self, items: &[Item]) -> Result<Vec<(u32, Found)>, Error> {
        self.count(self.work.read_all(items)).await
    }

    async fn exhausted(&self, item: &Item) -> Result<Option<String>, Error> {
        self.count(self.work.exhausted(item)).await
    }

    async fn reach(&self) -> Result<(), Error> {
        self.count(self.work.reach()).await
    }

    fn refusal(&self, item: &Item, error: &Error) -> Ending {
        self.work.refusal(item, error)
    }

    fn gate(&self) -> GateState {
        self.work.gate()
    }
}
