//! Transactions as CSV, in the order of the list.

use super::{Step, Transaction, TransactionFilter, restriction, store};
use crate::db::Db;
use crate::error::{Error, Result};
use bulk_file::write::{Kind, Writer};

const PAGE: u32 = 1_000;

const HEADER: [&str; 13] = [
    "Started",
    "Ended",
    "Kind",
    "Title",
    "Organisation",
    "Who",
    "State",
    "Steps",
    "Failure",
    "Code",
    "Tracking IDs",
    "Run",
    "ID",
];

/// All transactions the filter lets through, and how many they are. What begins meanwhile is not among them.
///
/// # Errors
/// `Invalid` for a time that is none; when the database cannot be read.
pub async fn csv(db: &Db, filter: &TransactionFilter, kind: Kind) -> Result<(Vec<u8>, u32)> {
    // Memory does not fail; the error is there because the writer is generic.
    let failed = |_| Error::Ended {
        what: "Writing the CSV",
    };
    let restriction = restriction(filter)?;
    let mut writer = Writer::new(kind);
    writer.row(HEADER).map_err(failed)?;
    let mut snapshot = db.read().begin().await?;
    let mut rows = 0;
    loop {
        let page = store::window(&mut snapshot, &restriction, rows, PAGE).await?;
        let last = page.len() < PAGE as usize;
        for transaction in page {
            writer.row(line(transaction)).map_err(failed)?;
            rows += 1;
        }
        if last {
            break;
        }
    }
    snapshot.rollback().await?;
    Ok((writer.finish().map_err(failed)?, rows))
}

fn line(transaction: Transaction) -> [String; 13] {
    let steps: Vec<String> = transaction.steps.iter().map(summary).collect();
    let (message, code) = transaction
        .failure
        .map(|failure| (failure.message, store::name(&failure.code)))
        .unwrap_or_default();
    [
        transaction.started_at,
        transaction.ended_at.unwrap_or_default(),
        store::name(&transaction.kind),
        transaction.title,
        transaction.organisation_name.unwrap_or_default(),
        transaction.who,
        store::name(&transaction.state),
        steps.join("; "),
        message,
        code,
        transaction.tracking_ids.join("; "),
        transaction.run.unwrap_or_default(),
        transaction.id,
    ]
}

fn summary(step: &Step) -> String {
    let count = match step.total {
        Some(total) => format!(", {} of {}", step.done, total.max(step.done)),
        None if step.done > 0 => format!(", {}", step.done),
        None => String::new(),
    };
    let detail = step
        .detail
        .as_ref()
        .map(|detail| format!(" ({detail})"))
        .unwrap_or_default();
    format!("{}: {}{count}{detail}", step.name, store::name(&step.state))
}
