//! The fields of an organisation as `org add` and `org edit` give them.

use crate::arguments::{OrgAdd, OrgEdit, Region};
use crate::open::from_environment;
use crate::say::Stop;
use patchbay_core::organisations::{
    CaEdit, ContactCenterRegion, Environment, Organisation, OrganisationFields, SecretEdit,
};
use std::path::PathBuf;

/// Those of an organisation that is registered.
pub fn of_new(add: OrgAdd) -> Result<OrganisationFields, Stop> {
    Ok(OrganisationFields {
        name: add.name,
        wholesale: add.wholesale,
        contact_center: add.contact_center.is_some(),
        contact_center_region: add.contact_center.map(region),
        account_number: add.account,
        admin_email: add.admin_email,
        http_proxy: secret(add.http_proxy, add.http_proxy_env, false)?,
        https_proxy: secret(add.https_proxy, add.https_proxy_env, false)?,
        ca_file: authority(add.ca_file, false)?,
        default_calling_behaviour: None,
        email_domain: add.email_domain,
        directory_sync_enabled: add.directory_sync,
        sync_on_create: !add.no_sync,
        notes: add.notes,
        environment: environment(add.base_url, add.government).unwrap_or(Environment::Commercial),
    })
}

/// Those of an organisation that is there, with what is given in the place of what it has. Empty text clears a field.
pub fn changed(before: &Organisation, edit: OrgEdit) -> Result<OrganisationFields, Stop> {
    let text = |given: Option<String>, before: &Option<String>| match given {
        Some(given) if given.trim().is_empty() => None,
        Some(given) => Some(given),
        None => before.clone(),
    };
    let switch = |on: bool, off: bool, before: bool| on || (before && !off);
    // A region alone, as an import may leave it, does not switch it on.
    let contact_center = edit.contact_center.is_some() || (before.contact_center && !edit.no_contact_center);
    let region = match (edit.contact_center.map(region), edit.no_contact_center) {
        (Some(region), _) => Some(region),
        (None, true) => None,
        (None, false) => before.contact_center_region,
    };
    Ok(OrganisationFields {
        name: edit.new_name.unwrap_or_else(|| before.name.clone()),
        wholesale: switch(edit.wholesale, edit.no_wholesale, before.wholesale),
        contact_center,
        contact_center_region: region,
        account_number: text(edit.account, &before.account_number),
        admin_email: text(edit.admin_email, &before.admin_email),
        http_proxy: secret(edit.http_proxy, edit.http_proxy_env, edit.no_http_proxy)?,
        https_proxy: secret(edit.https_proxy, edit.https_proxy_env, edit.no_https_proxy)?,
        ca_file: authority(edit.ca_file, edit.no_ca_file)?,
        default_calling_behaviour: before.default_calling_behaviour,
        email_domain: text(edit.email_domain, &before.email_domain),
        directory_sync_enabled: switch(
            edit.directory_sync,
            edit.no_directory_sync,
            before.directory_sync_enabled,
        ),
        sync_on_create: switch(edit.sync, edit.no_sync, before.sync_on_create),
        notes: text(edit.notes, &before.notes),
        environment: environment(edit.base_url, edit.government)
            .or(edit.commercial.then_some(Environment::Commercial))
            .unwrap_or_else(|| before.environment.clone()),
    })
}

fn secret(given: Option<String>, variable: Option<String>, clear: bool) -> Result<SecretEdit, Stop> {
    Ok(match (given, variable) {
        (Some(value), _) => SecretEdit::Set { value },
        (None, Some(variable)) => SecretEdit::Set {
            value: from_environment(&variable)?,
        },
        (None, None) if clear => SecretEdit::Clear,
        (None, None) => SecretEdit::Keep,
    })
}

fn authority(given: Option<PathBuf>, clear: bool) -> Result<CaEdit, Stop> {
    Ok(match given {
        Some(path) => CaEdit::Path {
            // The path crosses the command table as text.
            path: path.into_os_string().into_string().map_err(|path| {
                Stop::wrong(format!(
                    "The path {} is not Unicode. Copy the CA file to one that is.",
                    path.display()
                ))
            })?,
        },
        None if clear => CaEdit::Clear,
        None => CaEdit::Keep,
    })
}

fn environment(base_url: Option<String>, government: bool) -> Option<Environment> {
    match base_url {
        Some(base_url) => Some(Environment::Custom { base_url }),
        None => government.then_some(Environment::Government),
    }
}

fn region(region: Region) -> ContactCenterRegion {
    match region {
        Region::Us => ContactCenterRegion::Us,
        Region::Anz => ContactCenterRegion::Anz,
        Region::Uk => ContactCenterRegion::Uk,
        Region::EuFrankfurt => ContactCenterRegion::EuFrankfurt,
        Region::Japan => ContactCenterRegion::Japan,
        Region::Canada => ContactCenterRegion::Canada,
        Region::Singapore => ContactCenterRegion::Singapore,
    }
}
