//! What a change would do, and what speaks against it: Patchbay's own rules, and Webex's check.

use super::copy::remarks;
use super::words::{called, sentence};
use super::{ChangePreview, Customer, CustomerChange, Remark, WRITE, Wholesale, rules, store};
use crate::error::{Error, Result, webex_sentence};
use webex_client::{ErrorKind, Webex, WholesaleCheck};

impl Wholesale {
    /// What a change would do. Nothing is changed.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the field; what keeps Webex from being asked.
    pub async fn preview(
        &self,
        organisation: &str,
        id: &str,
        change: &CustomerChange,
    ) -> Result<ChangePreview> {
        let stored = self.partner(organisation, Some(WRITE)).await?;
        let before = self.customer(organisation, id).await?;
        self.check(organisation, &before, change).await?;
        let difference = rules::difference(&before, change);
        let local = rules::package_problems(&change.packages);
        let (problems, remarks) = if !local.is_empty() {
            let said = |description| Remark {
                code: None,
                description,
            };
            (local.into_iter().map(said).collect(), Vec::new())
        } else if difference.is_empty() {
            (Vec::new(), Vec::new())
        } else {
            check_at_webex(&self.webex(&stored.id).await?, &before, change).await?
        };
        Ok(ChangePreview {
            destroys: rules::destroys(&called(&before), &difference),
            packages_added: difference.added,
            packages_removed: difference.removed,
            details_changed: difference.details,
            problems,
            remarks,
        })
    }

    /// Refuses fields that cannot be sent.
    pub(super) async fn check(
        &self,
        organisation: &str,
        before: &Customer,
        change: &CustomerChange,
    ) -> Result<()> {
        rules::check_details(before, change)?;
        let external_id = rules::given(Some(&change.external_id));
        let Some(external_id) =
            external_id.filter(|id| Some(*id) != rules::given(before.external_id.as_deref()))
        else {
            return Ok(());
        };
        match store::with_external_id(&self.inner.db, organisation, &before.id, external_id).await? {
            Some(other) => Err(Error::invalid(
                "externalId",
                format!(
                    "{} has the external id {external_id} already. Choose another one.",
                    called(&other)
                ),
            )),
            None => Ok(()),
        }
    }
}

/// What Webex's own check found wrong, and what it said besides. The external id is named only where it is new: the check is
/// for customers to be, and the id of one that is there would be taken.
pub(super) async fn check_at_webex(
    webex: &Webex,
    before: &Customer,
    change: &CustomerChange,
) -> Result<(Vec<Remark>, Vec<Remark>)> {
    let wire = rules::to_wire(change);
    let check = WholesaleCheck {
        org_id: before.org_id.clone(),
        external_id: wire
            .external_id
            .filter(|id| Some(id.as_str()) != rules::given(before.external_id.as_deref())),
        packages: wire.packages,
        address: wire.address,
    };
    match webex.check_wholesale_customer(&check).await {
        Ok(verdict) => Ok((remarks(verdict.errors), remarks(verdict.info))),
        Err(error) if *error.kind() == ErrorKind::Refused && !error.retryable() => {
            Ok((reasons(&error), Vec::new()))
        }
        Err(error) if matches!(error.kind(), ErrorKind::Consent(_) | ErrorKind::Unauthorised) => Err(
            Error::webex(format!("have the change of {} checked", called(before)))(error),
        ),
        Err(error) => {
            let description = format!("Webex's own check could not be made. {}", webex_sentence(&error));
            Ok((
                Vec::new(),
                vec![Remark {
                    code: None,
                    description,
                }],
            ))
        }
    }
}

/// Webex's reasons of a refusal.
fn reasons(error: &webex_client::Error) -> Vec<Remark> {
    let mut reasons: Vec<Remark> = error
        .codes()
        .iter()
        .filter(|detail| !detail.description.trim().is_empty())
        .map(|detail| Remark {
            code: detail.code.clone(),
            description: detail.description.clone(),
        })
        .collect();
    if reasons.is_empty() {
        reasons.push(Remark {
            code: error.status().map(|status| status.to_string()),
            description: error.message().to_owned(),
        });
    }
    reasons
}

pub(super) fn sentences(remarks: &[Remark]) -> String {
    remarks.iter().map(sentence).collect::<Vec<_>>().join(" ")
}
