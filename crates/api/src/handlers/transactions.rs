//! What was done, and the log of who did it.

use super::{Reply, told};
use crate::Patchbay;
use crate::commands::*;
use patchbay_core::audit;
use patchbay_core::bulk_assignments::export::write_file;
use patchbay_core::transactions::{self, Transaction, TransactionWindow};

impl Patchbay {
    pub(crate) async fn audit_export(&self, request: FileSave) -> Reply<AuditSaved> {
        let log = told(audit::export(&self.inner.db).await)?;
        told(write_file(&request.path, log.lines).await)?;
        Ok(AuditSaved {
            path: request.path,
            entries: log.entries,
            intact: log.broken.is_none(),
            broken: log.broken,
        })
    }

    pub(crate) async fn transactions_list(&self, request: TransactionQuery) -> Reply<TransactionWindow> {
        told(transactions::list(&self.inner.db, &request.filter, request.offset, request.limit).await)
    }

    pub(crate) async fn transactions_get(&self, request: TransactionId) -> Reply<Transaction> {
        told(transactions::get(&self.inner.db, &request.transaction).await)
    }
}
