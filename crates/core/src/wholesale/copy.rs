//! Copying the customers of an organisation, and the names of their organisations.
//!
//! The list is written at once when it was read to its end, so readers never see half of it. Names come from Webex's list of
//! organisations, in one request with each copy, so that one that was changed follows; only those that are in no list and not
//! known are asked for one by one. A name that cannot be read is asked for again by the next copy.

use super::store::{self, Named};
use super::{Address, Customer, PackageDetail, Remark};
use crate::clock::Clock;
use crate::db::Db;
use crate::error::{Error, Result, webex_sentence};
use crate::events::Topic;
use crate::mirror::snapshot::id_key;
use crate::transactions::{Open, TransactionState};
use futures::{StreamExt as _, TryStreamExt as _};
use std::collections::HashMap;
use webex_client::{
    ErrorKind, Webex, WholesaleAddress, WholesaleCustomer, WholesaleCustomersQuery, WholesaleRemark,
};

/// The steps of a copy.
pub const STEPS: [&str; 2] = ["Copy customers", "Read names of organisations"];
/// Names asked for at once.
const AT_ONCE: usize = 4;
/// Names written together.
const BATCH: usize = 25;
/// After so many refusals and not one name the rest is not asked.
const REFUSALS: usize = 5;

/// Copies all customers as two steps of `open`, the first of them at `first`. `called` is the organisation.
///
/// # Errors
/// When the list cannot be read to its end: the copy before stays. Names that cannot be read are no error.
pub async fn sync(
    db: &Db,
    clock: &dyn Clock,
    webex: &Webex,
    organisation: &str,
    called: &str,
    open: &Open,
    first: usize,
) -> Result<()> {
    let (before, _) = store::copy(db, organisation).await?;
    let before = Some(before).filter(|count| *count > 0);
    open.step(first, TransactionState::Running, 0, before, None)
        .await?;
    let mut write = db.write().await?;
    let observed = store::observe(write.connection(), organisation).await?;
    write.commit().await?;
    let as_of = clock.now().to_string();
    let mut pages = webex.wholesale_customers(WholesaleCustomersQuery::default());
    let mut customers = Vec::new();
    while let Some(page) = pages
        .try_next()
        .await
        .map_err(Error::webex(format!("read the wholesale customers of {called}")))?
    {
        customers.extend(page.items.into_iter().map(|customer| seen(customer, &as_of)));
        let done = count(customers.len());
        open.step(
            first,
            TransactionState::Running,
            done,
            before.map(|before| before.max(done)),
            None,
        )
        .await?;
    }
    let mut write = db.write().await?;
    for customer in &customers {
        store::put(write.connection(), organisation, observed, customer).await?;
    }
    store::copied(write.connection(), organisation, observed, &as_of).await?;
    write.touch(Topic::Wholesale);
    write.commit().await?;
    let done = count(customers.len());
    open.step(first, TransactionState::Succeeded, done, Some(done), None)
        .await?;
    names(db, webex, organisation, open, first + 1).await
}

async fn names(db: &Db, webex: &Webex, organisation: &str, open: &Open, step: usize) -> Result<()> {
    let customers = store::named(db, organisation).await?;
    open.step(step, TransactionState::Running, 0, None, None).await?;
    let listed = if customers.is_empty() {
        HashMap::new()
    } else {
        listed(webex).await
    };
    let (mut named, mut missing) = (Vec::new(), Vec::new());
    for customer in customers {
        match listed.get(&id_key(&customer.org_id)) {
            Some(name) if customer.org_name.as_ref() != Some(name) => named.push((customer, name.clone())),
            None if customer.org_name.is_none() => missing.push(customer),
            _ => {}
        }
    }
    let total = count(named.len() + missing.len());
    let mut done = 0;
    for batch in named.chunks(BATCH * 20) {
        done += keep(db, organisation, batch).await?;
        open.step(step, TransactionState::Running, done, Some(total), None)
            .await?;
    }
    let mut asked = futures::stream::iter(missing)
        .map(|customer| async move {
            let answer = webex.organisation(&customer.org_id).await;
            (customer, answer)
        })
        .buffer_unordered(AT_ONCE);
    let (mut batch, mut refusals, mut trouble) = (Vec::with_capacity(BATCH), 0, None);
    while let Some((customer, answer)) = asked.next().await {
        match answer.map(|organisation| organisation.display_name) {
            Ok(Some(name)) => batch.push((customer, name)),
            Ok(None) => {}
            Err(error) => {
                tracing::debug!(organisation = customer.org_id, %error, "the name of a customer's organisation could not be read");
                let lost = matches!(error.kind(), ErrorKind::Forbidden | ErrorKind::NotFound);
                refusals += usize::from(lost);
                trouble = Some(webex_sentence(&error));
                if !lost || (refusals >= REFUSALS && done == 0 && batch.is_empty()) {
                    break;
                }
            }
        }
        if batch.len() >= BATCH {
            done += keep(db, organisation, &batch).await?;
            batch.clear();
            open.step(step, TransactionState::Running, done, Some(total), None)
                .await?;
        }
    }
    drop(asked);
    done += keep(db, organisation, &batch).await?;
    let detail = (done < total).then(|| {
        let why = trouble.unwrap_or_else(|| "Webex told none.".to_owned());
        format!("{} not known. {why}", total - done)
    });
    open.step(
        step,
        TransactionState::Succeeded,
        done,
        Some(total),
        detail.as_deref(),
    )
    .await
}

/// Names by key, from one request; a partner's list holds its customers.
async fn listed(webex: &Webex) -> HashMap<String, String> {
    match webex.organisations().await {
        Ok(organisations) => organisations
            .into_iter()
            .filter_map(|one| Some((id_key(&one.id), one.display_name?)))
            .collect(),
        Err(error) => {
            tracing::debug!(%error, "the organisations could not be listed");
            HashMap::new()
        }
    }
}

async fn keep(db: &Db, organisation: &str, names: &[(Named, String)]) -> Result<u32> {
    if names.is_empty() {
        return Ok(0);
    }
    let mut write = db.write().await?;
    for (customer, name) in names {
        store::name(write.connection(), organisation, customer, name).await?;
    }
    write.touch(Topic::Wholesale);
    write.commit().await?;
    Ok(count(names.len()))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A customer as Patchbay keeps it; its organisation's name is joined by the store.
pub(super) fn seen(customer: WholesaleCustomer, as_of: &str) -> Customer {
    let text = |status: Option<String>| status.unwrap_or_else(|| "unknown".to_owned());
    Customer {
        id: customer.id,
        org_id: customer.org_id,
        org_name: None,
        external_id: customer.external_id,
        address: customer.address.map(address),
        status: text(customer.status.map(|status| status.to_string())),
        packages: customer.packages,
        resource_details: customer
            .resource_details
            .packages
            .into_iter()
            .map(|package| PackageDetail {
                name: package.name,
                status: text(package.status.map(|status| status.to_string())),
                warnings: remarks(package.warnings),
                errors: remarks(package.errors),
            })
            .collect(),
        errors: remarks(customer.errors),
        as_of: as_of.to_owned(),
        followed_by: None,
    }
}

/// Webex's remarks as Patchbay keeps them.
pub(super) fn remarks(remarks: Vec<WholesaleRemark>) -> Vec<Remark> {
    remarks
        .into_iter()
        .map(|remark| Remark {
            code: remark.error_code,
            description: remark.description.unwrap_or_default(),
        })
        .collect()
}

fn address(address: WholesaleAddress) -> Address {
    Address {
        address_line1: address.address_line1,
        address_line2: address.address_line2,
        city: address.city,
        state_or_province: address.state_or_province,
        zip_or_postal_code: address.zip_or_postal_code,
        country: address.country,
    }
}
