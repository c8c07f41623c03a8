//! `org customers`: the copied customers of a wholesale organisation.

use crate::arguments::{Customers, Format};
use crate::open::{organisation, tell_elsewhere, until_over};
use crate::say::{Stop, print_line, tell};
use patchbay_api::Patchbay;
use patchbay_api::commands::{Commands as _, CustomerQuery, OrganisationId};
use patchbay_core::wholesale::{Customer, CustomerFilter};

/// Customers asked for at once.
const WINDOW: u32 = 1_000;

pub async fn list(patchbay: &Patchbay, asked: Customers) -> Result<(), Stop> {
    let organisation = organisation(patchbay, &asked.name).await?;
    if asked.sync {
        let topics = patchbay.events();
        let started = patchbay
            .wholesale_sync(OrganisationId {
                organisation: organisation.id.clone(),
            })
            .await?;
        tell_elsewhere(&started, &organisation.name);
        until_over(patchbay, topics, started.transaction).await?;
    }
    let filter = CustomerFilter {
        search: asked.search,
        status: asked.status,
        ..CustomerFilter::default()
    };
    let mut customers: Vec<Customer> = Vec::new();
    let as_of = loop {
        let query = CustomerQuery {
            organisation: organisation.id.clone(),
            filter: filter.clone(),
            offset: u32::try_from(customers.len()).unwrap_or(u32::MAX),
            limit: WINDOW,
        };
        let window = patchbay.wholesale_customers(query).await?;
        let whole = window.customers.len() < WINDOW as usize;
        customers.extend(window.customers);
        if whole {
            break window.as_of;
        }
    };
    if as_of.is_none() {
        tell("The customers were never copied. Copy them by --sync.");
    }
    match asked.format {
        Format::Json => print_line(&serde_json::json!({ "asOf": as_of, "customers": customers }).to_string()),
        Format::Text if customers.is_empty() => print_line("No customer."),
        Format::Text => {
            for customer in customers {
                print_line(&format!(
                    "{}  {}  {}  {}",
                    customer.external_id.as_deref().unwrap_or("-"),
                    customer.org_name.as_deref().unwrap_or("(no name)"),
                    customer.status,
                    customer.packages.join(", ")
                ))?;
            }
            Ok(())
        }
    }
}
