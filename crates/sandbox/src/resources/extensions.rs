//! Validation of extensions, for a location and for the organisation. Reference: section 4.4.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::cloud::inventory::Owner;
use crate::resources::calling_rules::{self, ExtensionProblem};
use crate::resources::telephony_locations;

fn asked(call: &Call) -> Result<Vec<String>, Box<Answer>> {
    let body = call.json()?;
    let list = body["extensions"]
        .as_array()
        .ok_or_else(|| Answer::telephony_error(400, 25008, "Missing Mandatory field name:  extensions"))?;
    Ok(list
        .iter()
        .map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
        .collect())
}

fn verdicts(asked: &[String], judge: impl Fn(&str) -> Result<(), ExtensionProblem>, cloud: &Cloud) -> Answer {
    let mut seen = HashSet::new();
    let mut fine = true;
    let list: Vec<Value> = asked
        .iter()
        .map(|extension| {
            let first = seen.insert(extension.as_str());
            let mut entry = json!({ "extension": extension, "state": "VALID" });
            if let Err(problem) = judge(extension) {
                let taken = matches!(problem, ExtensionProblem::Taken(_));
                entry["state"] = if taken { "DUPLICATE" } else { "INVALID" }.into();
                let (code, text) = words(problem, extension, cloud);
                entry["errorCode"] = code.into();
                entry["message"] = text.into();
            } else if !first {
                entry["state"] = "DUPLICATE_IN_LIST".into();
                entry["errorCode"] = 9498.into();
            }
            fine &= entry["state"] == "VALID";
            entry
        })
        .collect();
    Answer::ok(json!({ "status": if fine { "OK" } else { "ERRORS" }, "extensionStatus": list }))
}

fn words(problem: ExtensionProblem, extension: &str, cloud: &Cloud) -> (u32, String) {
    let kind = match problem {
        ExtensionProblem::Taken(Owner::Feature(f)) => {
            cloud.inventory.features.get(f).map(|f| f.kind.as_str())
        }
        _ => None,
    };
    match kind {
        Some("VIRTUAL_LINE") => (
            59475,
            "The extension is not available. It is already assigned to a virtual extension".to_owned(),
        ),
        _ => (problem.code(), problem.text(extension)),
    }
}

/// `POST /v1/telephony/config/locations/{id}/actions/validateExtensions/invoke`.
pub fn validate_at(id: &str, call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.write(telephony_locations::WRITE)?;
    let (location, _) = telephony_locations::find(id, cloud)?;
    Ok(verdicts(
        &asked(call)?,
        |e| calling_rules::extension(cloud, location, e, None),
        cloud,
    ))
}

/// `POST /v1/telephony/config/actions/validateExtensions/invoke`: form and virtual lines only, not other locations' people.
pub fn validate(call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.read(telephony_locations::READ)?;
    let judge = |extension: &str| {
        calling_rules::extension_form(extension)?;
        (0..cloud.locations.len())
            .filter_map(|l| cloud.inventory.extensions.get(&(l, extension.to_owned())))
            .find(|e| matches!(e.owner, Owner::Feature(f) if cloud.inventory.features[f].kind == "VIRTUAL_LINE"))
            .map_or(Ok(()), |e| Err(ExtensionProblem::Taken(e.owner)))
    };
    Ok(verdicts(&asked(call)?, judge, cloud))
}
