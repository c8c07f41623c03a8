//! What was done, and the log of who did it.

use super::{Reply, told};
use crate::Patchbay;
use crate::commands::*;
use bulk_file::write::Kind;
use patchbay_core::bulk_assignments::export::write_file;
use patchbay_core::runs::ExportKind;
use patchbay_core::transactions::{self, Transaction, TransactionFilter, TransactionWindow};
use patchbay_core::{Failure, Result, audit};

impl Patchbay {
    async fn export_transactions(&self, request: &TransactionsExport) -> Result<u32> {
        let (bytes, rows) = self.transactions_as_csv(&request.filter, request.kind).await?;
        write_file(&request.path, bytes).await?;
        self.record_export(format!("List of transactions saved, {rows} rows"), None)
            .await?;
        Ok(rows)
    }

    async fn transactions_as_csv(
        &self,
        filter: &TransactionFilter,
        kind: ExportKind,
    ) -> Result<(Vec<u8>, u32)> {
        let kind = match kind {
            ExportKind::Reimport => Kind::Reimport,
            ExportKind::Spreadsheet => Kind::Spreadsheet,
        };
        transactions::csv(&self.inner.db, filter, kind).await
    }

    /// The transactions as CSV. They can be many, so they do not cross the command table.
    ///
    /// # Errors
    /// When a time of the filter is none, or the database cannot be read.
    pub async fn transactions_csv(
        &self,
        filter: &TransactionFilter,
        kind: ExportKind,
    ) -> std::result::Result<Vec<u8>, Failure> {
        told(self.transactions_as_csv(filter, kind).await).map(|(bytes, _)| bytes)
    }
}

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

    pub(crate) async fn transactions_retry(&self, request: TransactionId) -> Reply<TransactionStarted> {
        let transaction = told(self.inner.syncs.retry(&request.transaction).await)?;
        Ok(TransactionStarted { transaction })
    }

    pub(crate) async fn transactions_export(&self, request: TransactionsExport) -> Reply<Saved> {
        let rows = told(self.export_transactions(&request).await)?;
        Ok(Saved {
            path: request.path,
            rows,
        })
    }
}
