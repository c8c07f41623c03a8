//! Warnings.

use super::{Reply, told};
use crate::Patchbay;
use crate::commands::*;
use patchbay_core::notifications;

impl Patchbay {
    pub(crate) async fn notifications_list(&self, _: Nothing) -> Reply<Notices> {
        let inner = &self.inner;
        let notices = told(notifications::list(&inner.db, &inner.vault, inner.clock.now()).await)?;
        Ok(Notices { notices })
    }

    pub(crate) async fn notifications_dismiss(&self, request: NoticeIds) -> Reply<Nothing> {
        let inner = &self.inner;
        told(notifications::dismiss(&inner.db, &inner.vault, inner.clock.as_ref(), &request.ids).await)?;
        Ok(Nothing {})
    }

    pub(crate) async fn notifications_unshown(&self, _: Nothing) -> Reply<Notices> {
        let inner = &self.inner;
        let notices = told(notifications::unshown(&inner.db, &inner.vault, inner.clock.now()).await)?;
        Ok(Notices { notices })
    }

    pub(crate) async fn notifications_shown(&self, request: NoticeIds) -> Reply<Nothing> {
        let inner = &self.inner;
        told(notifications::shown(&inner.db, &inner.vault, inner.clock.as_ref(), &request.ids).await)?;
        Ok(Nothing {})
    }
}
