//! A list as CSV and as JSON.

use super::entry::{FIELDS, Values};
use crate::error::{Error, Result};
use bulk_file::write::{Kind, Writer};
use serde_json::{Map, Value, json};

/// The version of the JSON list; one that is higher is refused.
pub(super) const VERSION: u64 = 1;
/// What says that a JSON file is such a list.
pub(super) const MARK: &str = "organisations";

const PROXIES: &str = "Proxies are listed without user and password, and no client secret or token is in this file. \
                       Enter proxy passwords again after an import, and connect the organisations.";

pub(super) fn csv(entries: &[Values]) -> Result<Vec<u8>> {
    // Memory does not fail; the error is there because the writer is generic.
    let failed = |_| Error::Ended {
        what: "Writing the list",
    };
    let mut writer = Writer::new(Kind::Reimport);
    writer
        .row(FIELDS.iter().map(|field| field.heading))
        .map_err(failed)?;
    for entry in entries {
        let cells = FIELDS
            .iter()
            .map(|field| entry.get(field.name).map_or("", String::as_str));
        writer.row(cells).map_err(failed)?;
    }
    writer.finish().map_err(failed)
}

pub(super) fn json(entries: &[Values]) -> Result<Vec<u8>> {
    let organisations: Vec<Value> = entries
        .iter()
        .map(|entry| {
            let members: Map<String, Value> = FIELDS
                .iter()
                .filter_map(|field| {
                    let value = entry.get(field.name)?;
                    let value = if field.is_flag {
                        json!(value == "yes")
                    } else {
                        json!(value)
                    };
                    Some((field.name.to_owned(), value))
                })
                .collect();
            Value::Object(members)
        })
        .collect();
    let list =
        json!({ "patchbay": MARK, "version": VERSION, "note": PROXIES, "organisations": organisations });
    let mut bytes = serde_json::to_vec_pretty(&list).map_err(|_| Error::Ended {
        what: "Writing the list",
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}
