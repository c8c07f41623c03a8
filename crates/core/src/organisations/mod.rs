//! The organisations Patchbay knows (product O1 to O3, O9).
//!
//! Invariants: a name belongs to one organisation, compared without case and spacing; everything an organisation owns
//! (mirror, templates, secrets, gate) goes with it in one write; a proxy is stored sealed and shown masked. The state of a
//! consent is written by the consent feature and only shown here.

pub(crate) mod authority;
pub mod lists;
pub mod model;
pub mod scopes;
mod store;
mod validate;

pub use model::*;
pub use validate::{MAX_CHARACTERS, name_key};

use crate::clock::Clock;
use crate::db::{Db, Write};
use crate::error::{Error, Result};
use crate::events::Topic;
use crate::ids;
use crate::secrets::Vault;
use crate::secrets::field::{ACCESS_TOKEN, CLIENT_SECRET, HTTP_PROXY, HTTPS_PROXY, REFRESH_TOKEN};
use std::collections::BTreeSet;
use store::Row;
use validate::ProxyEdit;

const TOKENS_GONE: &str = "Its tokens are not stored on this computer any more";

/// All organisations, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(db: &Db, vault: &Vault) -> Result<Vec<Organisation>> {
    let rows = store::all(db).await?;
    let held = vault.held().await?;
    let nothing = BTreeSet::new();
    rows.into_iter()
        .map(|row| {
            let fields = held.get(&row.id).unwrap_or(&nothing);
            shown(row, fields)
        })
        .collect()
}

/// One organisation.
///
/// # Errors
/// [`Error::NotFound`]; when the database cannot be read.
pub async fn get(db: &Db, vault: &Vault, id: &str) -> Result<Organisation> {
    let row = store::one(db, id).await?.ok_or_else(|| not_found(id))?;
    let held = vault.held().await?;
    shown(row, held.get(id).unwrap_or(&BTreeSet::new()))
}

/// The organisation of that name: spelled exactly, else without regard to case and spacing.
///
/// # Errors
/// [`Error::NotFound`] naming what there is; [`Error::Conflict`] naming the candidates of an ambiguous name.
pub async fn find_by_name(db: &Db, vault: &Vault, name: &str) -> Result<Organisation> {
    let organisations = list(db, vault).await?;
    let wanted = name_key(name);
    let mut found: Vec<&Organisation> = organisations
        .iter()
        .filter(|organisation| organisation.name == name.trim())
        .collect();
    if found.is_empty() {
        found = organisations
            .iter()
            .filter(|organisation| name_key(&organisation.name) == wanted)
            .collect();
    }
    if found.is_empty() {
        // Ids are what lists print in scripts.
        found = organisations
            .iter()
            .filter(|organisation| organisation.id == name.trim())
            .collect();
    }
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Error::NotFound {
            what: "organisation",
            id: named(name, &organisations),
        }),
        several => Err(Error::conflict(format!(
            "\"{name}\" names {} organisations: {}. Use the id of the one you mean.",
            several.len(),
            several
                .iter()
                .map(|organisation| format!("{} ({})", organisation.name, organisation.id))
                .collect::<Vec<_>>()
                .join(", ")
        ))),
    }
}

/// Registers an organisation; its id. Nothing is asked of Webex.
///
/// # Errors
/// [`Error::Invalid`] with the field; a vault that cannot seal a proxy; when the database cannot be written.
pub async fn create(
    write: &mut Write,
    vault: &Vault,
    clock: &dyn Clock,
    fields: &OrganisationFields,
) -> Result<String> {
    let checked = validate::check(fields)?;
    let authority = authority::read(&fields.ca_file, clock.now()).await?;
    free_name(write, &checked, None).await?;
    let id = ids::new_id();
    store::insert(
        write.connection(),
        &id,
        &clock.now().to_string(),
        fields,
        &checked,
    )
    .await?;
    seal_proxies(write, vault, &id, &checked).await?;
    store::authority(write.connection(), &id, &authority).await?;
    write.touch(Topic::Organisations);
    Ok(id)
}

/// Changes what was entered; a client that was built before is built anew when it is next asked for.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] for an account number or environment other than the one that consented;
/// otherwise as [`create`].
pub async fn update(
    write: &mut Write,
    vault: &Vault,
    clock: &dyn Clock,
    id: &str,
    fields: &OrganisationFields,
) -> Result<()> {
    let checked = validate::check(fields)?;
    let authority = authority::read(&fields.ca_file, clock.now()).await?;
    let before = store::one_in(write.connection(), id)
        .await?
        .ok_or_else(|| not_found(id))?;
    free_name(write, &checked, Some(id)).await?;
    stays_itself(&before, &checked)?;
    let resolved = before
        .internal_id
        .as_deref()
        .filter(|_| before.consent_state != "none");
    // The id Webex has given stays; before a consent it is what was pasted.
    let internal_id = resolved
        .map(str::to_owned)
        .or_else(|| checked.internal_id.clone());
    store::update(write.connection(), id, fields, &checked, internal_id.as_deref()).await?;
    seal_proxies(write, vault, id, &checked).await?;
    store::authority(write.connection(), id, &authority).await?;
    write.touch(Topic::Organisations);
    Ok(())
}

/// What consented is not turned into another organisation by an edit.
fn stays_itself(before: &Row, checked: &validate::Checked) -> Result<()> {
    let connected = before.consent_state != "none";
    let environment = store::environment(before)?;
    if connected && environment != checked.environment {
        return Err(Error::invalid(
            "environment",
            format!(
                "{} is connected where it is. Its tokens are worth nothing elsewhere: register it a second time instead.",
                before.name
            ),
        ));
    }
    let resolved = before.internal_id.as_deref().filter(|_| connected);
    if let (Some(resolved), Some(given)) = (resolved, &checked.account_number)
        && !webex_client::same_object(resolved, given)
    {
        return Err(Error::invalid(
            "accountNumber",
            format!(
                "{} is connected as another organisation than {given}. Register that one separately, or leave the number \
                 as it is.",
                before.name
            ),
        ));
    }
    Ok(())
}

/// Removes the organisation with its mirror, templates, gate and secrets; reports of past runs stay. Whether a run of it
/// is at work is the caller's to refuse, in the same write.
///
/// # Errors
/// [`Error::NotFound`]; when the database cannot be written.
pub async fn delete(write: &mut Write, vault: &Vault, id: &str) -> Result<()> {
    if !store::delete(write.connection(), id).await? {
        return Err(not_found(id));
    }
    vault.forget_session(id);
    for topic in [Topic::Organisations, Topic::Mirror, Topic::BulkAssignments] {
        write.touch(topic);
    }
    Ok(())
}

/// Notes that the mirror of the organisation is complete as of `at`.
///
/// # Errors
/// When the database cannot be written.
pub async fn synced(write: &mut Write, id: &str, at: jiff::Timestamp, now: jiff::Timestamp) -> Result<()> {
    store::synced(write.connection(), id, &at.to_string(), &now.to_string()).await?;
    write.touch(Topic::Organisations);
    Ok(())
}

/// Whether somebody else consented than the admin account that is registered. E-mail addresses are compared without case;
/// nothing is unexpected where one of them is not known.
pub fn unexpected_admin(registered: Option<&str>, consented: Option<&str>) -> bool {
    match (registered, consented) {
        (Some(registered), Some(consented)) => {
            !registered.trim().is_empty()
                && registered.trim().to_lowercase() != consented.trim().to_lowercase()
        }
        _ => false,
    }
}

fn not_found(id: &str) -> Error {
    Error::NotFound {
        what: "organisation",
        id: id.to_owned(),
    }
}

/// The name that was asked for and, where they are few, those there are.
fn named(name: &str, organisations: &[Organisation]) -> String {
    const FEW: usize = 10;
    let known: Vec<String> = organisations
        .iter()
        .take(FEW)
        .map(|organisation| format!("\"{}\"", organisation.name))
        .collect();
    match (known.is_empty(), organisations.len() > FEW) {
        (true, _) => format!("\"{name}\" (none is registered)"),
        (false, false) => format!("\"{name}\" (registered: {})", known.join(", ")),
        (false, true) => format!(
            "\"{name}\" (registered: {}, and {} more)",
            known.join(", "),
            organisations.len() - FEW
        ),
    }
}

async fn free_name(write: &mut Write, checked: &validate::Checked, own: Option<&str>) -> Result<()> {
    match store::with_name_key(write.connection(), &checked.name_key).await? {
        Some((id, name)) if Some(id.as_str()) != own => Err(Error::invalid(
            "name",
            format!(
                "There is an organisation {name} already. Names are compared without case; choose another one."
            ),
        )),
        _ => Ok(()),
    }
}

async fn seal_proxies(write: &mut Write, vault: &Vault, id: &str, checked: &validate::Checked) -> Result<()> {
    for (field, edit) in [
        (HTTP_PROXY, &checked.http_proxy),
        (HTTPS_PROXY, &checked.https_proxy),
    ] {
        match edit {
            ProxyEdit::Keep => continue,
            ProxyEdit::Clear => {
                vault.forget(write, id, field).await?;
                store::mask_proxy(write.connection(), id, field == HTTPS_PROXY, None).await?;
            }
            ProxyEdit::Set { masked, whole } => {
                vault.seal(write, id, field, whole).await?;
                store::mask_proxy(write.connection(), id, field == HTTPS_PROXY, Some(masked)).await?;
            }
        }
    }
    Ok(())
}

/// The organisation as people see it. `fields` are the secrets that are stored.
fn shown(row: Row, fields: &BTreeSet<String>) -> Result<Organisation> {
    let environment = store::environment(&row)?;
    let granted = store::granted(&row)?;
    let consented = row.consent_state != "none";
    let has_tokens = fields.contains(ACCESS_TOKEN) || fields.contains(REFRESH_TOKEN);
    let consent = match (row.consent_state.as_str(), has_tokens) {
        ("none", _) => ConsentState::None,
        // Kept in memory only by a Patchbay that has ended, or given up with the vault.
        ("granted", false) => ConsentState::Needed {
            reason: TOKENS_GONE.to_owned(),
            since: row
                .refreshed_at
                .clone()
                .or_else(|| row.consented_at.clone())
                .unwrap_or_default(),
        },
        ("granted", true) => ConsentState::Granted,
        _ => ConsentState::Needed {
            reason: row.consent_reason.clone().unwrap_or_default(),
            since: row.consent_since.clone().unwrap_or_default(),
        },
    };
    let wish = scopes::Wish {
        wholesale: row.wholesale,
        contact_center: row.contact_center,
        broadworks: row.directory_sync_enabled,
    };
    let permissions = if consented {
        scopes::compare(wish, granted.as_deref())
    } else {
        Vec::new()
    };
    let unexpected_admin = unexpected_admin(row.admin_email.as_deref(), row.consented_by.as_deref());
    Ok(Organisation {
        refreshes: store::refreshes(&row)?,
        contact_center_region: store::region(&row)?,
        default_calling_behaviour: store::behaviour(&row)?,
        id: row.id,
        name: row.name,
        wholesale: row.wholesale,
        contact_center: row.contact_center,
        account_number: row.account_number,
        internal_id: row.internal_id,
        admin_email: row.admin_email,
        http_proxy: row.http_proxy_masked,
        https_proxy: row.https_proxy_masked,
        ca_file: authority::shown(row.ca_name, row.ca_pem.as_deref()),
        email_domain: row.email_domain,
        directory_sync_enabled: row.directory_sync_enabled,
        sync_on_create: row.sync_on_create,
        notes: row.notes,
        environment,
        consent,
        client_id: row.client_id,
        has_client_secret: fields.contains(CLIENT_SECRET),
        access_token_expires_at: row.access_token_expires_at,
        refresh_token_expires_at: row.refresh_token_expires_at,
        consented_at: row.consented_at,
        consented_by: row.consented_by,
        unexpected_admin,
        refresh_token_since: row.refresh_token_since,
        refreshed_at: row.refreshed_at,
        permissions,
        last_sync_at: row.last_sync_at,
        created_at: row.created_at,
    })
}
