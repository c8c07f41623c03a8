//! One organisation as a list has it: names of fields, and what may stand in them. Pure.

use super::super::model::{CallingBehaviour, ContactCenterRegion, Environment};
use super::super::store::{self, Row};
use super::super::validate;
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use webex_client::ProxyUrl;

/// A field of a list.
#[derive(Debug)]
pub(super) struct Field {
    /// Member of a JSON list, and what refusals name.
    pub name: &'static str,
    /// Column of a CSV list.
    pub heading: &'static str,
    /// What the same is called elsewhere, folded.
    also: &'static [&'static str],
    /// Written as true and false in JSON.
    pub is_flag: bool,
}

const fn text(name: &'static str, heading: &'static str, also: &'static [&'static str]) -> Field {
    Field {
        name,
        heading,
        also,
        is_flag: false,
    }
}

const fn flag(name: &'static str, heading: &'static str, also: &'static [&'static str]) -> Field {
    Field {
        name,
        heading,
        also,
        is_flag: true,
    }
}

/// All fields, in the order they are written.
pub(super) const FIELDS: &[Field] = &[
    text("name", "Name", &["customername"]),
    text(
        "accountNumber",
        "Organisation account number",
        &["organizationaccountnumber", "accountnumberexternal"],
    ),
    text(
        "internalId",
        "Organisation account number (internal)",
        &["organizationaccountnumberinternal", "organisationidinternal"],
    ),
    text("adminEmail", "Admin account e-mail", &["accountemail"]),
    flag("wholesale", "Wholesale customer", &["wholesalestatus"]),
    flag(
        "contactCenter",
        "Contact center customer",
        &["webexcontactcenter"],
    ),
    text(
        "contactCenterRegion",
        "Contact center region",
        &["baseurlsetting"],
    ),
    text(
        "httpProxy",
        "HTTP proxy (without user and password)",
        &["httpproxy"],
    ),
    text(
        "httpsProxy",
        "HTTPS proxy (without user and password)",
        &["httpsproxy"],
    ),
    text("caFile", "CA file", &["cafilename"]),
    text("caCertificates", "CA certificates", &[]),
    text(
        "defaultCallingBehaviour",
        "Default calling behaviour",
        &["defaultcallingbehavior"],
    ),
    text(
        "emailDomain",
        "E-mail domain for hybrid calling in workspaces",
        &["emaildomain"],
    ),
    flag(
        "directorySyncEnabled",
        "Directory synchronisation enabled",
        &[
            "directorysynchronizationenabled",
            "dirsyncenabled",
            "directorysync",
        ],
    ),
    flag("syncOnCreate", "Sync on create", &["sync"]),
    text("notes", "Notes", &["pleasenote"]),
    text("environment", "Environment", &[]),
];

/// The field a heading or member means.
pub(super) fn field(heading: &str) -> Option<&'static Field> {
    let key = folded(heading);
    FIELDS.iter().find(|field| {
        folded(field.heading) == key || folded(field.name) == key || field.also.contains(&key.as_str())
    })
}

/// Letters and digits alone, in lower case: "E-mail domain" and `emailDomain` are the same.
fn folded(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The values of one entry as they stand in the file; what is empty is not mentioned.
pub(super) type Values = BTreeMap<&'static str, String>;

/// What a file says of one organisation. None is "not mentioned", never "none".
#[derive(Debug, Default, Clone)]
pub(super) struct Given {
    pub name: Option<String>,
    pub account_number: Option<String>,
    pub admin_email: Option<String>,
    pub wholesale: Option<bool>,
    pub contact_center: Option<bool>,
    pub contact_center_region: Option<ContactCenterRegion>,
    pub http_proxy: Option<String>,
    pub https_proxy: Option<String>,
    /// Name and PEM text.
    pub ca: Option<(String, String)>,
    pub default_calling_behaviour: Option<CallingBehaviour>,
    pub email_domain: Option<String>,
    pub directory_sync_enabled: Option<bool>,
    pub sync_on_create: Option<bool>,
    pub notes: Option<String>,
    pub environment: Option<Environment>,
}

const REGIONS: [(ContactCenterRegion, &str, &str); 7] = [
    (ContactCenterRegion::Us, "us", "US"),
    (ContactCenterRegion::Anz, "anz", "ANZ"),
    (ContactCenterRegion::Uk, "uk", "UK"),
    (ContactCenterRegion::EuFrankfurt, "eu_frankfurt", "EU (Frankfurt)"),
    (ContactCenterRegion::Japan, "japan", "Japan"),
    (ContactCenterRegion::Canada, "canada", "Canada"),
    (ContactCenterRegion::Singapore, "singapore", "Singapore"),
];

const BEHAVIOURS: [(CallingBehaviour, &str, &str); 4] = [
    (CallingBehaviour::WebexApp, "webex_app", "Calling in Webex App"),
    (
        CallingBehaviour::WebexAppUnifiedCm,
        "webex_app_unified_cm",
        "Calling in Webex App (Unified CM)",
    ),
    (CallingBehaviour::Jabber, "jabber", "Cisco Jabber app"),
    (CallingBehaviour::ThirdParty, "third_party", "Third-Party app"),
];

/// One of a closed list, by its name on the command table or as people say it.
fn choice<T: Copy>(field: &'static str, what: &str, choices: &[(T, &str, &str)], given: &str) -> Result<T> {
    let wanted = folded(given);
    let found = choices
        .iter()
        .find(|(_, name, label)| folded(name) == wanted || folded(label) == wanted);
    found.map(|(value, _, _)| *value).ok_or_else(|| {
        let labels: Vec<&str> = choices.iter().map(|(_, _, label)| *label).collect();
        Error::invalid(
            field,
            format!(
                "{what} \"{}\" is none of: {}.",
                validate::shown(given),
                labels.join("; ")
            ),
        )
    })
}

fn yes_or_no(field: &'static Field, given: &str) -> Result<bool> {
    match given.trim().to_lowercase().as_str() {
        "yes" | "true" | "1" | "y" | "on" => Ok(true),
        "no" | "false" | "0" | "n" | "off" => Ok(false),
        _ => Err(Error::invalid(
            field.name,
            format!(
                "{} must be yes or no; \"{}\" is neither.",
                field.heading,
                validate::shown(given)
            ),
        )),
    }
}

fn environment(given: &str) -> Result<Environment> {
    match given.trim().to_lowercase().as_str() {
        "commercial" => Ok(Environment::Commercial),
        "government" => Ok(Environment::Government),
        "demo" => Err(Error::invalid(
            "environment",
            "The demo organisation lives in one Patchbay alone and is not imported. Open it where it is wanted.",
        )),
        _ => Ok(Environment::Custom {
            base_url: given.trim().to_owned(),
        }),
    }
}

/// The values with their meaning.
///
/// # Errors
/// [`Error::Invalid`] with the first field that cannot be used.
pub(super) fn given(values: &Values) -> Result<Given> {
    let value = |name: &str| {
        values
            .get(name)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    };
    let flag = |name: &str| match (FIELDS.iter().find(|field| field.name == name), value(name)) {
        (Some(field), Some(value)) => yes_or_no(field, &value).map(Some),
        _ => Ok(None),
    };
    let ca = match value("caCertificates") {
        Some(pem) => Some((
            value("caFile").unwrap_or_else(|| "certificates.pem".to_owned()),
            pem,
        )),
        None if value("caFile").is_some() => {
            return Err(Error::invalid(
                "caFile",
                "A CA file is named, but its certificates are not in the list. Leave the name out, or put the text of the \
                 file (PEM) into CA certificates.",
            ));
        }
        None => None,
    };
    Ok(Given {
        name: value("name"),
        // Some accounts show only the internal id; it says the same.
        account_number: value("accountNumber").or_else(|| value("internalId")),
        admin_email: value("adminEmail"),
        wholesale: flag("wholesale")?,
        contact_center: flag("contactCenter")?,
        contact_center_region: value("contactCenterRegion")
            .map(|given| {
                choice(
                    "contactCenterRegion",
                    "The contact center region",
                    &REGIONS,
                    &given,
                )
            })
            .transpose()?,
        http_proxy: value("httpProxy"),
        https_proxy: value("httpsProxy"),
        ca,
        default_calling_behaviour: value("defaultCallingBehaviour")
            .map(|given| {
                choice(
                    "defaultCallingBehaviour",
                    "The default calling behaviour",
                    &BEHAVIOURS,
                    &given,
                )
            })
            .transpose()?,
        email_domain: value("emailDomain"),
        directory_sync_enabled: flag("directorySyncEnabled")?,
        sync_on_create: flag("syncOnCreate")?,
        notes: value("notes"),
        environment: value("environment")
            .map(|given| environment(&given))
            .transpose()?,
    })
}

/// A proxy as it may leave: without user and password.
pub(super) fn bare_proxy(masked: &str) -> String {
    match (masked.split_once("://"), masked.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, place))) => format!("{scheme}://{place}"),
        _ => masked.to_owned(),
    }
}

/// Whether the proxy of a file is the stored one, as far as a file without password can tell.
pub(super) fn is_stored_proxy(given: &str, masked: Option<&str>) -> bool {
    ProxyUrl::parse(given.trim())
        .is_ok_and(|proxy| masked.is_some_and(|masked| bare_proxy(masked) == proxy.expose()))
}

/// What is written of a stored organisation; None for the demo organisation.
///
/// # Errors
/// When the row contradicts itself.
pub(super) fn of_row(row: &Row) -> Result<Option<Values>> {
    let environment = match store::environment(row)? {
        Environment::Demo => return Ok(None),
        Environment::Commercial => "commercial".to_owned(),
        Environment::Government => "government".to_owned(),
        Environment::Custom { base_url } => base_url,
    };
    let yes = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
    let region = store::region(row)?.and_then(|region| {
        REGIONS
            .iter()
            .find(|(value, _, _)| *value == region)
            .map(|(_, _, label)| (*label).to_owned())
    });
    let behaviour = store::behaviour(row)?.and_then(|behaviour| {
        BEHAVIOURS
            .iter()
            .find(|(value, _, _)| *value == behaviour)
            .map(|(_, _, label)| (*label).to_owned())
    });
    let ca = row.ca_pem.as_deref();
    let values = [
        ("name", Some(row.name.clone())),
        ("accountNumber", row.account_number.clone()),
        ("internalId", row.internal_id.clone()),
        ("adminEmail", row.admin_email.clone()),
        ("wholesale", Some(yes(row.wholesale))),
        ("contactCenter", Some(yes(row.contact_center))),
        ("contactCenterRegion", region),
        ("httpProxy", row.http_proxy_masked.as_deref().map(bare_proxy)),
        ("httpsProxy", row.https_proxy_masked.as_deref().map(bare_proxy)),
        ("caFile", row.ca_name.clone().filter(|_| ca.is_some())),
        ("caCertificates", ca.map(str::to_owned)),
        ("defaultCallingBehaviour", behaviour),
        ("emailDomain", row.email_domain.clone()),
        ("directorySyncEnabled", Some(yes(row.directory_sync_enabled))),
        ("syncOnCreate", Some(yes(row.sync_on_create))),
        ("notes", row.notes.clone()),
        ("environment", Some(environment)),
    ];
    Ok(Some(
        values
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect(),
    ))
}
