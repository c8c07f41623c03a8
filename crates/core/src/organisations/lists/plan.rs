//! What a list means for the organisations that are there. Pure.

use super::super::authority;
use super::super::model::{CaEdit, Environment, ImportAction, ImportEntry, OrganisationFields, SecretEdit};
use super::super::store::{self, Row};
use super::super::validate::{self, Checked};
use super::entry::{self, Given, is_stored_proxy};
use super::read::Line;
use crate::error::{Error, Result};
use base64::Engine as _;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What an entry leads to.
#[derive(Debug)]
pub(super) struct Planned {
    pub entry: ImportEntry,
    /// None where nothing is to be done.
    pub deed: Option<Deed>,
}

/// Fields to be stored, for an organisation that is there or a new one.
#[derive(Debug)]
pub(super) struct Deed {
    pub id: Option<String>,
    pub fields: OrganisationFields,
}

/// Plans each entry against the rows and the entries before it. Without `update`, what is there keeps its name.
///
/// # Errors
/// When a row contradicts itself.
pub(super) fn plan(rows: &[Row], lines: &[Line], update: bool, now: Timestamp) -> Result<Vec<Planned>> {
    let mut planner = Planner {
        rows,
        update,
        now,
        names: rows
            .iter()
            .map(|row| (row.name_key(), Owner::Stored(row.id.clone())))
            .collect(),
        matched: BTreeMap::new(),
        accounts: BTreeMap::new(),
    };
    lines.iter().map(|line| planner.line(line)).collect()
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Owner {
    Stored(String),
    Line(u32),
}

struct Planner<'a> {
    rows: &'a [Row],
    update: bool,
    /// A certificate authority whose time is over is refused.
    now: Timestamp,
    /// Who has a name, as far as the entries are planned.
    names: BTreeMap<String, Owner>,
    /// Which line speaks of a stored organisation.
    matched: BTreeMap<String, u32>,
    /// Which line makes an organisation of this number and environment.
    accounts: BTreeMap<(String, String), u32>,
}

/// What is planned for one entry that can be used.
struct Use<'a> {
    row: Option<&'a Row>,
    fields: OrganisationFields,
    checked: Checked,
    changes: Vec<String>,
}

impl<'a> Planner<'a> {
    fn line(&mut self, line: &Line) -> Result<Planned> {
        let shown = line
            .values
            .as_ref()
            .ok()
            .and_then(|values| values.get("name").or_else(|| values.get("accountNumber")))
            .map(|name| validate::shown(name.trim()))
            .unwrap_or_default();
        let usable = match &line.values {
            Ok(values) => entry::given(values).and_then(|given| self.usable(line.number, &given)),
            Err(message) => Err(Error::invalid(None, message.clone())),
        };
        let Use {
            row,
            fields,
            checked,
            changes,
        } = match usable {
            Ok(usable) => usable,
            Err(Error::Invalid { field, message }) => {
                return Ok(Planned {
                    entry: ImportEntry {
                        line: line.number,
                        name: shown,
                        action: ImportAction::Refuse,
                        changes: Vec::new(),
                        field: field.map(str::to_owned),
                        message: Some(message),
                    },
                    deed: None,
                });
            }
            Err(error) => return Err(error),
        };
        let action = match row {
            None => ImportAction::Create,
            Some(_) if changes.is_empty() => ImportAction::Same,
            Some(_) => ImportAction::Update,
        };
        self.take(line.number, row, &checked, action);
        let entry = ImportEntry {
            line: line.number,
            name: checked.name,
            action,
            changes,
            field: None,
            message: None,
        };
        let deed = (action != ImportAction::Same).then(|| Deed {
            id: row.map(|row| row.id.clone()),
            fields,
        });
        Ok(Planned { entry, deed })
    }

    /// Notes what the entry stands for, so that those after it are judged by it.
    fn take(&mut self, line: u32, row: Option<&Row>, checked: &Checked, action: ImportAction) {
        match row {
            Some(row) => {
                self.matched.insert(row.id.clone(), line);
                if action == ImportAction::Update && self.update {
                    self.names.remove(&row.name_key());
                    self.names
                        .insert(checked.name_key.clone(), Owner::Stored(row.id.clone()));
                }
            }
            None => {
                self.names.insert(checked.name_key.clone(), Owner::Line(line));
            }
        }
        if let Some(number) = &checked.account_number {
            self.accounts
                .insert((number.clone(), place(&checked.environment)), line);
        }
    }

    fn usable(&self, line: u32, given: &Given) -> Result<Use<'a>> {
        let row = self.stored(given)?;
        if let Some((name, pem)) = &given.ca {
            authority::judge(name, pem.as_bytes(), self.now)?;
        }
        if let Some(row) = row
            && let Some(before) = self.matched.get(&row.id)
        {
            return Err(Error::invalid(
                "name",
                format!(
                    "{} stands on line {before} already. Remove one of the two entries.",
                    row.name
                ),
            ));
        }
        let fields = merged(row, given)?;
        let checked = validate::check(&fields)?;
        if let Some(row) = row {
            super::super::stays_itself(row, &checked)?;
        }
        if let Some(number) = &checked.account_number
            && let Some(before) = self.accounts.get(&(number.clone(), place(&checked.environment)))
            && *before != line
        {
            return Err(Error::invalid(
                "accountNumber",
                format!(
                    "Line {before} has the organisation account number {number} already. Remove one of the two entries."
                ),
            ));
        }
        let own = row.map(|row| Owner::Stored(row.id.clone()));
        match self.names.get(&checked.name_key) {
            Some(owner) if Some(owner) != own.as_ref() => {
                let message = match owner {
                    Owner::Line(before) => {
                        format!(
                            "Line {before} has the name {} already. Names are compared without case.",
                            checked.name
                        )
                    }
                    Owner::Stored(_) => format!(
                        "There is another organisation {} already. Names are compared without case; choose another one.",
                        checked.name
                    ),
                };
                return Err(Error::invalid("name", message));
            }
            _ => {}
        }
        let changes = match row {
            Some(row) => changes(row, &fields, &checked)?,
            None => Vec::new(),
        };
        Ok(Use {
            row,
            fields,
            checked,
            changes,
        })
    }

    /// The stored organisation an entry speaks of: by account number, else by name.
    fn stored(&self, given: &Given) -> Result<Option<&'a Row>> {
        let account = given
            .account_number
            .as_deref()
            .map(|number| validate::account(number).map(|(uuid, _)| uuid))
            .transpose()?;
        let name_key = given.name.as_deref().map(validate::name_key);
        let named = |row: &&'a Row| name_key.as_ref().is_some_and(|key| *key == row.name_key());
        if let Some(account) = &account {
            let mut same = Vec::new();
            for row in self.rows {
                let elsewhere = match &given.environment {
                    Some(environment) => place(environment) != place(&store::environment(row)?),
                    None => false,
                };
                if row.account_number.as_ref() == Some(account) && !elsewhere {
                    same.push(row);
                }
            }
            match same.as_slice() {
                [one] => return Ok(Some(one)),
                [] => {}
                several => match several.iter().copied().find(named) {
                    Some(one) => return Ok(Some(one)),
                    None => {
                        let names: Vec<&str> = several.iter().map(|row| row.name.as_str()).collect();
                        return Err(Error::invalid(
                            "accountNumber",
                            format!(
                                "Several organisations here have this organisation account number: {}. Name the one that is meant.",
                                names.join(", ")
                            ),
                        ));
                    }
                },
            }
        }
        let row = self.rows.iter().find(named);
        if let (Some(row), Some(account)) = (row, &account)
            && row
                .account_number
                .as_ref()
                .is_some_and(|stored| stored != account)
        {
            return Err(Error::invalid(
                "accountNumber",
                format!(
                    "{} is registered here with another organisation account number ({}). Correct the number, or give this \
                     organisation another name.",
                    row.name,
                    row.account_number.as_deref().unwrap_or_default()
                ),
            ));
        }
        Ok(row)
    }
}

/// What tells environments apart.
fn place(environment: &Environment) -> String {
    match environment {
        Environment::Commercial => "commercial".to_owned(),
        Environment::Government => "government".to_owned(),
        Environment::Demo => "demo".to_owned(),
        Environment::Custom { base_url } => base_url.trim_end_matches('/').to_lowercase(),
    }
}

/// What is stored with what is given laid over it.
fn merged(row: Option<&Row>, given: &Given) -> Result<OrganisationFields> {
    let proxy = |value: &Option<String>, masked: Option<&str>| match value {
        Some(value) if !is_stored_proxy(value, masked) => SecretEdit::Set { value: value.clone() },
        _ => SecretEdit::Keep,
    };
    let text = |value: &Option<String>, stored: Option<&String>| value.clone().or_else(|| stored.cloned());
    let ca_file = match &given.ca {
        Some((name, pem)) if row.is_none_or(|row| !same_certificates(row.ca_pem.as_deref(), pem)) => {
            CaEdit::Content {
                name: name.clone(),
                base64: base64::engine::general_purpose::STANDARD.encode(pem),
            }
        }
        _ => CaEdit::Keep,
    };
    Ok(OrganisationFields {
        name: text(&given.name, row.map(|row| &row.name)).unwrap_or_default(),
        wholesale: given.wholesale.unwrap_or(row.is_some_and(|row| row.wholesale)),
        contact_center: given
            .contact_center
            .unwrap_or(row.is_some_and(|row| row.contact_center)),
        contact_center_region: match (given.contact_center_region, row) {
            (Some(region), _) => Some(region),
            (None, Some(row)) => store::region(row)?,
            (None, None) => None,
        },
        account_number: text(
            &given.account_number,
            row.and_then(|row| row.account_number.as_ref()),
        ),
        admin_email: text(&given.admin_email, row.and_then(|row| row.admin_email.as_ref())),
        http_proxy: proxy(
            &given.http_proxy,
            row.and_then(|row| row.http_proxy_masked.as_deref()),
        ),
        https_proxy: proxy(
            &given.https_proxy,
            row.and_then(|row| row.https_proxy_masked.as_deref()),
        ),
        ca_file,
        default_calling_behaviour: match (given.default_calling_behaviour, row) {
            (Some(behaviour), _) => Some(behaviour),
            (None, Some(row)) => store::behaviour(row)?,
            (None, None) => None,
        },
        email_domain: text(&given.email_domain, row.and_then(|row| row.email_domain.as_ref())),
        directory_sync_enabled: given
            .directory_sync_enabled
            .unwrap_or(row.is_some_and(|row| row.directory_sync_enabled)),
        sync_on_create: given
            .sync_on_create
            .unwrap_or(row.is_none_or(|row| row.sync_on_create)),
        notes: text(&given.notes, row.and_then(|row| row.notes.as_ref())),
        environment: match (&given.environment, row) {
            (Some(environment), _) => environment.clone(),
            (None, Some(row)) => store::environment(row)?,
            (None, None) => Environment::Commercial,
        },
    })
}

/// Whether the certificates are the same; how they are broken into lines does not matter.
fn same_certificates(stored: Option<&str>, given: &str) -> bool {
    let bare = |pem: &str| pem.split_whitespace().collect::<String>();
    stored.is_some_and(|stored| bare(stored) == bare(given))
}

/// Names of the fields that would be another after this.
fn changes(row: &Row, fields: &OrganisationFields, checked: &Checked) -> Result<Vec<String>> {
    let different = [
        ("name", row.name != checked.name),
        ("wholesale", row.wholesale != fields.wholesale),
        ("contactCenter", row.contact_center != fields.contact_center),
        (
            "contactCenterRegion",
            store::region(row)? != fields.contact_center_region,
        ),
        ("accountNumber", row.account_number != checked.account_number),
        ("adminEmail", row.admin_email != checked.admin_email),
        ("httpProxy", !matches!(fields.http_proxy, SecretEdit::Keep)),
        ("httpsProxy", !matches!(fields.https_proxy, SecretEdit::Keep)),
        ("caFile", !matches!(fields.ca_file, CaEdit::Keep)),
        (
            "defaultCallingBehaviour",
            store::behaviour(row)? != fields.default_calling_behaviour,
        ),
        ("emailDomain", row.email_domain != checked.email_domain),
        (
            "directorySyncEnabled",
            row.directory_sync_enabled != fields.directory_sync_enabled,
        ),
        ("syncOnCreate", row.sync_on_create != fields.sync_on_create),
        ("notes", row.notes != checked.notes),
        ("environment", store::environment(row)? != checked.environment),
    ];
    Ok(different
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(name, _)| name.to_owned())
        .collect())
}

impl Row {
    fn name_key(&self) -> String {
        validate::name_key(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::{bare_proxy, is_stored_proxy};

    #[test]
    fn a_proxy_leaves_without_its_password() {
        assert_eq!(
            bare_proxy("http://•••:•••@proxy.example:3128"),
            "http://proxy.example:3128"
        );
        assert_eq!(
            bare_proxy("https://proxy.example:8443"),
            "https://proxy.example:8443"
        );
        assert!(is_stored_proxy(
            "http://proxy.example:3128/",
            Some("http://•••:•••@proxy.example:3128")
        ));
        assert!(!is_stored_proxy(
            "http://a:b@proxy.example:3128",
            Some("http://•••:•••@proxy.example:3128")
        ));
    }
}
