//! A person's numbers: `GET /v1/people/{id}/features/numbers`, `PUT /v1/telephony/config/people/{id}/numbers`.
//! Reference: section 4.3.

use serde_json::{Value, json};

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::cloud::people::{Alternate, Calling};
use crate::resources::calling_rules::{self, Placement};
use crate::resources::{people, telephony_locations};

fn calling<'a>(id: &str, cloud: &'a Cloud) -> Result<(usize, &'a Calling), Box<Answer>> {
    let at = people::find(id, cloud)?;
    let calling = cloud.people.get(at).and_then(|p| p.calling.as_ref());
    Ok((
        at,
        calling.ok_or_else(|| {
            Answer::telephony_error(404, 4008, "User is not found or has no Webex Calling license.")
        })?,
    ))
}

/// `GET /v1/people/{id}/features/numbers`.
pub fn get(id: &str, call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.read(&["spark-admin:people_read", "spark-admin:telephony_config_read"])?;
    let e164 = call.flag("preferE164Format")?.unwrap_or(false);
    let (_, calling) = calling(id, cloud)?;
    let prefix = cloud.locations[calling.location]
        .calling
        .as_ref()
        .map(|c| c.routing_prefix.clone())
        .unwrap_or_default();
    let entry = |primary: bool, number: Option<&str>, extension: Option<&str>, ring: &str| -> Value {
        let mut body = json!({ "primary": primary, "ringPattern": ring });
        if let Some(number) = number {
            body["directNumber"] = if e164 {
                number.into()
            } else {
                number.trim_start_matches('+').into()
            };
        }
        if let Some(extension) = extension {
            body["extension"] = extension.into();
            body["routingPrefix"] = prefix.as_str().into();
            body["esn"] = format!("{prefix}{extension}").into();
        }
        body
    };
    let mut numbers = vec![entry(
        true,
        calling.number.as_deref(),
        calling.extension.as_deref(),
        "NORMAL",
    )];
    numbers.extend(
        calling
            .alternates
            .iter()
            .map(|a| entry(false, Some(&a.number), a.extension.as_deref(), &a.ring_pattern)),
    );
    Ok(Answer::ok(
        json!({ "distinctiveRingEnabled": true, "phoneNumbers": numbers }),
    ))
}

/// `PUT /v1/telephony/config/people/{id}/numbers`: adds and deletes alternates.
pub fn change(id: &str, call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    access.write(telephony_locations::WRITE)?;
    let (at, calling) = calling(id, cloud)?;
    let location = calling.location;
    let body = call.json()?;
    let entries = body["phoneNumbers"]
        .as_array()
        .cloned()
        .ok_or_else(|| Answer::telephony_error(400, 25008, "Missing Mandatory field name:  phoneNumbers"))?;
    for entry in &entries {
        let field = |name: &str| entry[name].as_str().filter(|v| !v.is_empty()).map(str::to_owned);
        let number = field("directNumber").ok_or_else(|| {
            Answer::telephony_error(400, 25008, "Missing Mandatory field name:  directNumber")
        })?;
        if entry["primary"].as_bool() == Some(true) {
            return Err(Answer::telephony_error(
                400,
                25024,
                "Invalid field value: primary number cannot be changed here",
            ));
        }
        match entry["action"].as_str() {
            Some("ADD") => {
                let wanted = Placement {
                    location,
                    extension: field("extension"),
                    number: Some(number.clone()),
                };
                calling_rules::placement(cloud, &wanted, None)?;
                let ring_pattern = field("ringPattern").unwrap_or_else(|| "NORMAL".to_owned());
                cloud.add_alternate(
                    at,
                    Alternate {
                        number,
                        extension: wanted.extension,
                        ring_pattern,
                    },
                );
            }
            Some("DELETE") => {
                if !cloud.remove_alternate(at, &number) {
                    return Err(Answer::telephony_error(
                        400,
                        25024,
                        &format!("Invalid field value: {number} is not an alternate number of this user"),
                    ));
                }
            }
            _ => return Err(Answer::telephony_error(400, 25024, "Invalid field value: action")),
        }
    }
    cloud.touch(at);
    Ok(Answer::empty(204))
}
