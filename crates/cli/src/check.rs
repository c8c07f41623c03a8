//! `org check`: the way to Webex, step by step, one line a step.

use crate::say::{Stop, print_line};
use patchbay_api::Patchbay;
use patchbay_api::commands::{Commands as _, OrganisationId, TransactionId};
use patchbay_core::transactions::TransactionState;

/// Checks the way and waits for the end; each step is printed when it is over.
pub async fn carry_out(patchbay: &Patchbay, organisation: &str) -> Result<(), Stop> {
    let mut topics = patchbay.events();
    let started = patchbay
        .organisations_check_connection(OrganisationId {
            organisation: organisation.to_owned(),
        })
        .await?;
    let mut told = 0;
    loop {
        let transaction = patchbay
            .transactions_get(TransactionId {
                transaction: started.transaction.clone(),
            })
            .await?;
        let over = transaction.state != TransactionState::Running;
        for step in transaction.steps.iter().skip(told) {
            let word = match step.state {
                TransactionState::Running => break,
                TransactionState::Succeeded => "ok",
                TransactionState::Failed => "failed",
                TransactionState::Cancelled | TransactionState::Interrupted => "-",
            };
            print_line(&format!(
                "{:<15} {word:<7} {}",
                step.name,
                step.detail.as_deref().unwrap_or_default()
            ))?;
            told += 1;
        }
        match transaction.state {
            TransactionState::Succeeded => return Ok(()),
            _ if over => {
                return Err(match transaction.failure {
                    Some(failure) => failure.into(),
                    None => Stop::failed("The check was cut off."),
                });
            }
            _ => {}
        }
        // A lagging receiver is told so at once, which is as good as a topic.
        let _ = topics.recv().await;
    }
}
