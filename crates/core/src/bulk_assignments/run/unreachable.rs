//! The work of a run whose organisation cannot be asked.

use super::ending;
use crate::error::webex_sentence;
use crate::runs::engine::{Answer, Found, Work};
use crate::runs::{Ending, Item};
use std::sync::Arc;
use webex_client::{Departure, Error as WebexError, ErrorKind};

/// The work of a run whose organisation cannot be asked: nothing is sent, nothing can be read back.
pub fn unreachable(reason: String) -> Arc<dyn Work> {
    Arc::new(Unreachable { reason })
}

struct Unreachable {
    reason: String,
}

impl Unreachable {
    fn error(&self) -> WebexError {
        WebexError::new(ErrorKind::Consent(self.reason.clone()), self.reason.clone())
    }
}

#[async_trait::async_trait]
impl Work for Unreachable {
    async fn send(&self, _: &Item, _: Departure) -> Result<Answer, WebexError> {
        Err(self.error())
    }

    async fn read(&self, _: &Item) -> Result<Found, WebexError> {
        Err(self.error())
    }

    async fn read_all(&self, _: &[Item]) -> Result<Vec<(u32, Found)>, WebexError> {
        Err(self.error())
    }

    async fn exhausted(&self, _: &Item) -> Result<Option<String>, WebexError> {
        Err(self.error())
    }

    async fn reach(&self) -> Result<(), WebexError> {
        Err(self.error())
    }

    fn refusal(&self, _: &Item, error: &WebexError) -> Ending {
        ending("refused", webex_sentence(error))
    }

    fn gate(&self) -> webex_client::GateState {
        webex_client::GateState::default()
    }
}
