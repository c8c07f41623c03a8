//! Which organisation it is: the first step after a consent.

use crate::error::{Error, Result};
use crate::transactions::{Open, TransactionState};
use webex_client::{ErrorKind, Webex};

/// Has Webex confirm the id that the consent has brought, as step `position`, and says what Webex calls the organisation.
///
/// # Errors
/// `Conflict` where no consent has brought an id; what Webex said.
pub async fn confirm(
    webex: &Webex,
    name: &str,
    internal_id: Option<&str>,
    open: &Open,
    position: usize,
) -> Result<()> {
    open.step(position, TransactionState::Running, 0, None, None)
        .await?;
    let Some(id) = internal_id else {
        return Err(Error::conflict(format!(
            "Webex has not said which organisation {name} is. Connect it again."
        )));
    };
    let called = match webex.organisation(id).await {
        Ok(found) => found
            .display_name
            .map(|called| format!("Webex calls it {called}.")),
        // The id came with the consent; reading more of the organisation is another permission.
        Err(error) if *error.kind() == ErrorKind::Forbidden => None,
        Err(error) => return Err(Error::webex(format!("resolve the id of {name}"))(error)),
    };
    let detail = called.unwrap_or_else(|| "The consent has brought it.".to_owned());
    open.step(position, TransactionState::Succeeded, 0, None, Some(&detail))
        .await
}
