//! What needs attention.

use super::{Reply, told};
use crate::Patchbay;
use crate::commands::*;
use patchbay_core::overview::{self, Attention, Sources};

impl Patchbay {
    pub(crate) async fn overview_attention(&self, request: OrganisationId) -> Reply<Attention> {
        let inner = &self.inner;
        let sources = Sources {
            db: &inner.db,
            clock: inner.clock.as_ref(),
            vault: &inner.vault,
            activation: &inner.activation,
            runs: &inner.runs,
        };
        told(overview::attention(&sources, &request.organisation).await)
    }
}
