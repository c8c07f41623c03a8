//! What may be entered for an organisation (product O1, O2; document 003). Pure.

use super::model::{Environment, OrganisationFields, SecretEdit};
use crate::error::{Error, Result};
use secrecy::SecretString;
use unicode_normalization::UnicodeNormalization;
use webex_client::{Endpoints, EndpointsError, ProxyUrl, WebexId};

/// Longest text, in characters (document 003).
pub const MAX_CHARACTERS: usize = 1_024;

/// Fields as they are stored: trimmed, checked, ids in one form.
#[derive(Debug)]
pub(super) struct Checked {
    pub name: String,
    /// What names are compared by: one organisation has it.
    pub name_key: String,
    /// Control Hub's id as a UUID in lower case.
    pub account_number: Option<String>,
    /// The internal id, where that was what was pasted.
    pub internal_id: Option<String>,
    pub admin_email: Option<String>,
    pub email_domain: Option<String>,
    pub notes: Option<String>,
    pub http_proxy: ProxyEdit,
    pub https_proxy: ProxyEdit,
    pub environment: Environment,
}

/// A change of a proxy that can be carried out.
#[derive(Debug)]
pub(super) enum ProxyEdit {
    Keep,
    Clear,
    Set { masked: String, whole: SecretString },
}

/// What names are compared by: composed, one space between words, without case.
pub fn name_key(name: &str) -> String {
    let composed: String = name.nfc().collect();
    let words: Vec<&str> = composed.split_whitespace().collect();
    words.join(" ").to_lowercase().nfc().collect()
}

/// Checks everything that can be judged without looking at other organisations.
///
/// # Errors
/// [`Error::Invalid`] with the first field that cannot be used.
pub(super) fn check(fields: &OrganisationFields) -> Result<Checked> {
    let name = text("name", "The name", Some(&fields.name))?
        .ok_or_else(|| Error::invalid("name", "The name is empty. Enter the customer's name."))?;
    if name.contains(char::is_control) {
        return Err(Error::invalid(
            "name",
            "The name holds a line break or another control character. Remove it.",
        ));
    }
    if fields.contact_center && fields.contact_center_region.is_none() {
        return Err(Error::invalid(
            "contactCenterRegion",
            "A contact center customer needs its region: it selects the address of the contact center. Choose one.",
        ));
    }
    let (account_number, internal_id) = match text(
        "accountNumber",
        "The organisation account number",
        fields.account_number.as_deref(),
    )? {
        Some(given) => account(&given).map(|(uuid, internal)| (Some(uuid), internal))?,
        None => (None, None),
    };
    let admin_email = text("adminEmail", "The e-mail address", fields.admin_email.as_deref())?;
    if let Some(address) = &admin_email {
        email(address)?;
    }
    let email_domain = text("emailDomain", "The e-mail domain", fields.email_domain.as_deref())?;
    if let Some(given) = &email_domain
        && let Some(why) = fault_in_domain(given)
    {
        return Err(Error::invalid(
            "emailDomain",
            format!("The e-mail domain \"{}\" {why}.", shown(given)),
        ));
    }
    Ok(Checked {
        name_key: name_key(&name),
        name,
        account_number,
        internal_id,
        admin_email,
        email_domain,
        notes: text("notes", "The notes", fields.notes.as_deref())?,
        http_proxy: proxy("httpProxy", "HTTP proxy", &fields.http_proxy)?,
        https_proxy: proxy("httpsProxy", "HTTPS proxy", &fields.https_proxy)?,
        environment: environment(&fields.environment)?,
    })
}

/// Trimmed; None where nothing is left.
fn text(field: &'static str, what: &str, given: Option<&str>) -> Result<Option<String>> {
    let Some(given) = given.map(str::trim).filter(|given| !given.is_empty()) else {
        return Ok(None);
    };
    let length = given.chars().count();
    if length > MAX_CHARACTERS {
        return Err(Error::invalid(
            field,
            format!("{what} has {length} characters. At most {MAX_CHARACTERS} fit; shorten it."),
        ));
    }
    if given.contains('\0') {
        return Err(Error::invalid(
            field,
            format!("{what} holds an invisible NUL character. Enter it anew."),
        ));
    }
    Ok(Some(given.to_owned()))
}

/// Control Hub's UUID, and the internal id where that was pasted.
pub(super) fn account(given: &str) -> Result<(String, Option<String>)> {
    let wrong = |why: &str| {
        Error::invalid(
            "accountNumber",
            format!(
                "The organisation account number \"{}\" {why}. Control Hub shows it under Management, Account as \
                 Organization ID.",
                shown(given)
            ),
        )
    };
    let id = WebexId::decode(given).map_err(|_| wrong("is neither a UUID nor an id of Webex"))?;
    if !id.may_be("ORGANIZATION") {
        let kind = id.kind.as_deref().unwrap_or("object").to_lowercase();
        return Err(wrong(&format!("is the id of a {kind}, not of an organisation")));
    }
    let uuid = id.uuid().ok_or_else(|| wrong("holds no UUID"))?;
    if uuid.is_nil() {
        return Err(wrong("is all zeros"));
    }
    let internal = id.kind.is_some().then(|| id.as_str().to_owned());
    Ok((uuid.hyphenated().to_string(), internal))
}

/// Whether mail could reach the address: it is for information only, so only what is certainly wrong is refused.
fn email(address: &str) -> Result<()> {
    let wrong = |why: &str| {
        Error::invalid(
            "adminEmail",
            format!(
                "The e-mail address \"{}\" {why}. Write name@domain.",
                shown(address)
            ),
        )
    };
    if address.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(wrong("holds a space"));
    }
    let Some((local, domain)) = address.rsplit_once('@') else {
        return Err(wrong("has no @"));
    };
    if local.is_empty() {
        return Err(wrong("has nothing before the @"));
    }
    if local.contains('@') && !local.starts_with('"') {
        return Err(wrong("has more than one @"));
    }
    fault_in_domain(domain).map_or(Ok(()), |why| Err(wrong(&format!("has a domain that {why}"))))
}

/// What is wrong with a domain; it completes "the domain …".
fn fault_in_domain(domain: &str) -> Option<&'static str> {
    if domain.contains('@') {
        return Some("holds an @; write only what stands behind it");
    }
    let Ok(url::Host::Domain(ascii)) = url::Host::parse(domain) else {
        return Some("is no domain name");
    };
    let labels: Vec<&str> = ascii.split('.').collect();
    if labels.len() < 2 {
        return Some("has no dot");
    }
    let right = |label: &&str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (ascii.len() > 253 || !labels.iter().all(right)).then_some("is no domain name")
}

fn proxy(field: &'static str, what: &str, edit: &SecretEdit) -> Result<ProxyEdit> {
    let value = match edit {
        SecretEdit::Keep => return Ok(ProxyEdit::Keep),
        SecretEdit::Clear => return Ok(ProxyEdit::Clear),
        SecretEdit::Set { value } if value.trim().is_empty() => return Ok(ProxyEdit::Clear),
        SecretEdit::Set { value } => value.trim(),
    };
    if value.chars().count() > MAX_CHARACTERS {
        return Err(Error::invalid(
            field,
            format!("The {what} has more than {MAX_CHARACTERS} characters. Shorten it."),
        ));
    }
    let proxy = ProxyUrl::parse(value).map_err(|error| {
        Error::invalid(
            field,
            format!(
                "The {} of the {what} is wrong: {}. Write http(s)://[user:password@]host:port.",
                error.part, error.why
            ),
        )
    })?;
    Ok(ProxyEdit::Set {
        masked: proxy.to_string(),
        whole: proxy.expose().into(),
    })
}

fn environment(given: &Environment) -> Result<Environment> {
    let Environment::Custom { base_url } = given else {
        return Ok(given.clone());
    };
    let wrong = |message: String| Error::invalid("environment", message);
    let base = text("environment", "The base address", Some(base_url))?.ok_or_else(|| {
        wrong("The base address is empty. Write it like https://webexapis.com/v1.".to_owned())
    })?;
    let endpoints = Endpoints::custom(&base).map_err(|error| {
        wrong(match error {
            EndpointsError::NotAnAddress { given, why } => format!(
                "The base address \"{}\" cannot be read: {why}. Write it like https://webexapis.com/v1.",
                shown(&given)
            ),
            EndpointsError::Scheme { given } => {
                format!("The base address \"{}\" must begin with https://.", shown(&given))
            }
            EndpointsError::Insecure { host } => format!(
                "The base address must begin with https:// because tokens travel over it. Plain http is only accepted for \
                 this computer (127.0.0.1, localhost), and {host} is elsewhere."
            ),
            EndpointsError::Extras { given } => format!(
                "The base address may hold neither user, query nor fragment. Write \"{}\" up to its path.",
                shown(&given)
            ),
        })
    })?;
    // The client would add a missing version; what is stored is what the person sees, so it is asked for instead.
    let written = base.trim_end_matches('/');
    if !written.ends_with("/v1") {
        return Err(wrong(format!(
            "The base address \"{}\" must end in /v1. Write {}/v1 if that is what was meant.",
            shown(&base),
            shown(written)
        )));
    }
    Ok(Environment::Custom {
        base_url: endpoints.api.as_str().trim_end_matches('/').to_owned(),
    })
}

/// As much of a wrong value as helps to recognise it.
pub(super) fn shown(value: &str) -> String {
    const MOST: usize = 80;
    let mut text: String = value
        .chars()
        .take(MOST)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if value.chars().count() > MOST {
        text.push('…');
    }
    text
}
