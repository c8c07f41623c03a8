//! The number list, free numbers, and validation of numbers. Reference: sections 4.4 and 5.
//!
//! The list holds every number of the inventory in the order of its digits, then every extension whose owner has no number.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::cloud::inventory::{Number, Owner};
use crate::ids;
use crate::paging::{self, Style};
use crate::resources::telephony_locations;

/// One line of the list.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    digits: Option<&'a str>,
    number: Option<&'a Number>,
    extension: Option<&'a str>,
    location: usize,
    owner: Option<Owner>,
}

fn lines(cloud: &Cloud) -> impl Iterator<Item = Line<'_>> {
    let inventory = &cloud.inventory;
    let numbers = inventory
        .numbers
        .iter()
        .map(|(digits, number)| line(digits, number));
    let bare = inventory
        .extensions
        .iter()
        .filter(|(_, e)| e.number.is_none())
        .map(|((location, extension), e)| Line {
            digits: None,
            number: None,
            extension: Some(extension),
            location: *location,
            owner: Some(e.owner),
        });
    numbers.chain(bare)
}

fn line<'a>(digits: &'a str, number: &'a Number) -> Line<'a> {
    let extension = number.extension.as_deref();
    Line {
        digits: Some(digits),
        number: Some(number),
        extension,
        location: number.location,
        owner: number.owner,
    }
}

/// The owner on the wire: id, type, first and last name.
fn owner(cloud: &Cloud, owner: Owner) -> Option<(String, String, String, String)> {
    match owner {
        Owner::Person(at) => {
            let p = cloud.people.get(at)?;
            Some((
                p.id.clone(),
                "PEOPLE".to_owned(),
                p.first_name.clone(),
                p.last_name.clone(),
            ))
        }
        Owner::Feature(at) => {
            let f = cloud.inventory.features.get(at)?;
            Some((f.id.clone(), f.kind.clone(), f.name.clone(), String::new()))
        }
    }
}

fn wire(cloud: &Cloud, line: Line<'_>) -> Value {
    let location = &cloud.locations[line.location];
    let n = line.number;
    let mut body = json!({
        "state": if n.is_none_or(|n| n.active) { "ACTIVE" } else { "INACTIVE" },
        "phoneNumberType": n.map_or("PRIMARY", |n| n.usage),
        "mainNumber": n.is_some_and(|n| n.main),
        "includedTelephonyTypes": if n.is_some_and(|n| n.mobile) { "MOBILE_NUMBER" } else { "PSTN_NUMBER" },
        "tollFreeNumber": n.is_some_and(|n| n.toll_free),
        "isServiceNumber": n.is_some_and(|n| n.service),
        "elinEnabled": n.is_some_and(|n| n.elin),
        "isReservedNumber": n.is_some_and(|n| n.reserved),
        "location": { "id": location.id, "name": location.name },
    });
    match (line.digits, line.owner) {
        (Some(digits), _) => body["phoneNumber"] = digits.into(),
        // Extension-only lines come both ways: an empty number for people, none for anything else.
        (None, Some(Owner::Person(_))) => body["phoneNumber"] = "".into(),
        _ => {}
    }
    if let Some(extension) = line.extension {
        let prefix = location
            .calling
            .as_ref()
            .map(|c| c.routing_prefix.as_str())
            .unwrap_or_default();
        body["extension"] = extension.into();
        if !prefix.is_empty() {
            body["routingPrefix"] = prefix.into();
        }
        body["esn"] = format!("{prefix}{extension}").into();
    }
    if let Some((id, kind, first, last)) = line.owner.and_then(|o| owner(cloud, o)) {
        body["owner"] = json!({ "id": id, "type": kind, "firstName": first });
        if !last.is_empty() {
            body["owner"]["lastName"] = last.into();
        }
    }
    body
}

/// The filters of a request.
#[derive(Debug, Default)]
struct Filter {
    location: Option<usize>,
    digits: Option<String>,
    extension: Option<String>,
    assigned: Option<bool>,
    active: Option<bool>,
    bare_only: Option<bool>,
    usage: Option<String>,
    owner_type: Option<String>,
    owner_id: Option<String>,
    owner_name: Option<String>,
    toll_free: Option<bool>,
    service: Option<bool>,
    reserved: Option<bool>,
    elin: Option<bool>,
    mobile: Option<bool>,
}

impl Filter {
    fn read(call: &Call, cloud: &Cloud) -> Result<Self, Box<Answer>> {
        let text = |name: &str| call.param(name).map(str::to_owned);
        let bad = |name: &str| Answer::telephony_error(400, 25024, &format!("Invalid field value: {name}"));
        let bare_only = match call.param("numberType") {
            None => None,
            Some("EXTENSION") => Some(true),
            Some("NUMBER") => Some(false),
            Some(_) => return Err(bad("numberType")),
        };
        let (available, assigned) = (call.flag("available")?, call.flag("assigned")?);
        let active = match call.param("state") {
            None | Some("Default") => None,
            Some("ACTIVE") => Some(true),
            Some("INACTIVE") => Some(false),
            Some(_) => return Err(bad("state")),
        };
        let reserved = call.flag("reservedNumber")?;
        if bare_only == Some(true)
            && (available.is_some() || assigned.is_some() || call.param("state").is_some())
        {
            return Err(Answer::telephony_error(
                400,
                25024,
                "numberType EXTENSION cannot be used along with available, assigned or state.",
            ));
        }
        if reserved.is_some() && (available.is_some() || assigned.is_some()) {
            return Err(Answer::telephony_error(
                400,
                25024,
                "reservedNumber cannot be used along with available or assigned.",
            ));
        }
        let mobile = match call.param("includedTelephonyTypes") {
            None => None,
            Some("MOBILE_NUMBER") => Some(true),
            Some("PSTN_NUMBER") => Some(false),
            Some(_) => return Err(bad("includedTelephonyTypes")),
        };
        let location = match call.param("locationId") {
            Some(id) => Some(
                cloud
                    .location(id)
                    .map_err(Answer::id_problem)?
                    .ok_or_else(|| Answer::telephony_error(404, 4152, "Location not found."))?,
            ),
            None => None,
        };
        let owner_type = text("ownerType").map(|t| match t.as_str() {
            "PAGING_GROUP" => "GROUP_PAGING".to_owned(),
            "BROADWORKS_ANYWHERE" => "OFFICE_ANYWHERE".to_owned(),
            _ => t,
        });
        let owner_id = text("ownerId").map(|id| ids::decode(&id).map_or(id, |i| i.rest).to_lowercase());
        Ok(Self {
            location,
            digits: text("phoneNumber"),
            extension: text("extension"),
            assigned: assigned.or(available.map(|a| !a)),
            active,
            bare_only,
            usage: text("phoneNumberType").filter(|t| t != "Default"),
            owner_type,
            owner_id,
            owner_name: text("ownerName").map(|n| n.to_lowercase()),
            toll_free: call.flag("tollFreeNumbers")?,
            service: call.flag("serviceNumber")?,
            reserved,
            elin: call.flag("elinEnabled")?,
            mobile,
        })
    }

    fn keeps(&self, cloud: &Cloud, line: &Line<'_>) -> bool {
        let n = line.number;
        let only_numbers = self.assigned.is_some() || self.active.is_some() || self.usage.is_some();
        self.location.is_none_or(|l| l == line.location)
            && !(only_numbers && n.is_none())
            && self.bare_only.is_none_or(|bare| bare == n.is_none())
            && self.assigned.is_none_or(|a| a == line.owner.is_some())
            && self.active.is_none_or(|a| n.is_some_and(|n| n.active == a))
            && self
                .usage
                .as_ref()
                .is_none_or(|u| n.is_some_and(|n| n.usage == u))
            && self.toll_free.is_none_or(|t| n.is_some_and(|n| n.toll_free) == t)
            && self.service.is_none_or(|s| n.is_some_and(|n| n.service) == s)
            && self.reserved.is_none_or(|r| n.is_some_and(|n| n.reserved) == r)
            && self.elin.is_none_or(|e| n.is_some_and(|n| n.elin) == e)
            && self.mobile.is_none_or(|m| n.is_some_and(|n| n.mobile) == m)
            && self
                .extension
                .as_deref()
                .is_none_or(|e| line.extension == Some(e))
            && self
                .digits
                .as_deref()
                .is_none_or(|d| line.digits.is_some_and(|have| have.contains(d)))
            && self.keeps_owner(cloud, line.owner)
    }

    fn keeps_owner(&self, cloud: &Cloud, owned: Option<Owner>) -> bool {
        if self.owner_type.is_none() && self.owner_id.is_none() && self.owner_name.is_none() {
            return true;
        }
        let Some((id, kind, first, last)) = owned.and_then(|o| owner(cloud, o)) else {
            return false;
        };
        self.owner_type.as_ref().is_none_or(|t| *t == kind)
            && self
                .owner_id
                .as_ref()
                .is_none_or(|wanted| ids::decode(&id).is_some_and(|i| i.rest.to_lowercase() == *wanted))
            && self
                .owner_name
                .as_ref()
                .is_none_or(|n| format!("{first} {last}").to_lowercase().contains(n))
    }

    /// The few lines an exact number, or an extension of one location, can mean; `None` when all must be looked at.
    fn few<'a>(&self, cloud: &'a Cloud) -> Option<Vec<Line<'a>>> {
        if let Some((digits, number)) = self
            .digits
            .as_deref()
            .filter(|d| d.starts_with('+'))
            .and_then(|d| cloud.inventory.numbers.get_key_value(d))
        {
            return Some(vec![line(digits, number)]);
        }
        let (location, extension) = (self.location?, self.extension.clone()?);
        let Some((key, entry)) = cloud.inventory.extensions.get_key_value(&(location, extension)) else {
            return Some(Vec::new());
        };
        let numbered = entry
            .number
            .as_deref()
            .and_then(|n| cloud.inventory.numbers.get_key_value(n));
        Some(vec![match numbered {
            Some((digits, number)) => line(digits, number),
            None => Line {
                digits: None,
                number: None,
                extension: Some(&key.1),
                location,
                owner: Some(entry.owner),
            },
        }])
    }
}

/// `GET /v1/telephony/config/numbers`.
pub fn list(call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.read(telephony_locations::READ)?;
    let filter = Filter::read(call, cloud)?;
    let size = paging::size(call, "max", 2000, 2000)?;
    let from = paging::position(call, Style::Offset)?;
    let few = filter.few(cloud);
    let kept: Vec<Line<'_>> = match (few, call.param("order")) {
        (Some(few), _) => few
            .into_iter()
            .filter(|l| filter.keeps(cloud, l))
            .skip(from)
            .take(size + 1)
            .collect(),
        (None, None) => lines(cloud)
            .filter(|l| filter.keeps(cloud, l))
            .skip(from)
            .take(size + 1)
            .collect(),
        (None, Some(order)) => {
            let mut all: Vec<Line<'_>> = lines(cloud).filter(|l| filter.keeps(cloud, l)).collect();
            sort(&mut all, order, cloud)?;
            all.into_iter().skip(from).take(size + 1).collect()
        }
    };
    let next = (kept.len() > size).then_some(from + size);
    let items: Vec<Value> = kept.into_iter().take(size).map(|l| wire(cloud, l)).collect();
    let mut body = json!({ "phoneNumbers": items });
    if call.flag("details")? == Some(true) {
        body["count"] = count(cloud, &filter);
    }
    Ok(paging::linked(call, Style::Offset, body, next))
}

fn sort(all: &mut [Line<'_>], order: &str, cloud: &Cloud) -> Result<(), Box<Answer>> {
    let (field, descending) = match order.rsplit_once('-') {
        Some((field, direction)) => (field, direction.eq_ignore_ascii_case("desc")),
        None => (order, false),
    };
    match field {
        "dn" => all.sort_by(|a, b| a.digits.cmp(&b.digits)),
        "extension" => all.sort_by(|a, b| a.extension.cmp(&b.extension)),
        "lastName" => all.sort_by_cached_key(|l| l.owner.and_then(|o| owner(cloud, o)).map(|o| o.3)),
        _ => return Err(Answer::telephony_error(400, 25024, "Invalid field value: order")),
    }
    if descending {
        all.reverse();
    }
    Ok(())
}

/// The counters of `details=true`, over the location if one was named.
fn count(cloud: &Cloud, filter: &Filter) -> Value {
    let mut c = [0_u64; 10];
    for l in lines(cloud).filter(|l| filter.location.is_none_or(|at| at == l.location)) {
        c[0] += 1;
        let Some(n) = l.number else {
            c[1] += 1;
            continue;
        };
        let facts = [
            l.owner.is_some(),
            l.owner.is_none(),
            !n.active,
            n.toll_free,
            n.mobile,
            n.service,
            n.elin,
            n.reserved,
        ];
        for (at, yes) in facts.into_iter().enumerate() {
            c[at + 2] += u64::from(yes);
        }
    }
    json!({
        "total": c[0], "extensionOnly": c[1], "assigned": c[2], "unAssigned": c[3], "inActive": c[4], "tollFreeNumbers": c[5],
        "mobileNumber": c[6], "serviceNumber": c[7], "elin": c[8], "reservedNumber": c[9],
    })
}

/// `GET /v1/telephony/config/locations/{id}/availableNumbers`.
pub fn available_at(id: &str, call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.read(telephony_locations::READ)?;
    let (location, _) = telephony_locations::find(id, cloud)?;
    free(call, cloud, Some(location), true)
}

/// `GET /v1/telephony/config/people/primary/availableNumbers`.
pub fn available(call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.read(telephony_locations::READ)?;
    let location = match call.param("locationId") {
        Some(id) => Some(telephony_locations::find(id, cloud)?.0),
        None => None,
    };
    match call.param("licenseType") {
        None | Some("Webex Calling Professional" | "Webex Calling Standard") => {
            free(call, cloud, location, false)
        }
        Some(_) => Err(Answer::telephony_error(
            400,
            25024,
            "Invalid field value: licenseType",
        )),
    }
}

fn free(call: &Call, cloud: &Cloud, location: Option<usize>, toll_free: bool) -> Reply {
    let size = paging::size(call, "max", 2000, 2000)?;
    let from = paging::position(call, Style::Offset)?;
    let wanted: Vec<&str> = call
        .query
        .iter()
        .filter(|(k, _)| k == "phoneNumber")
        .flat_map(|(_, v)| v.split(','))
        .filter(|v| !v.is_empty())
        .collect();
    let now = cloud.clock.elapsed();
    let mut found: Vec<Value> = cloud
        .inventory
        .numbers
        .iter()
        .filter(|(_, n)| n.owner.is_none() && !n.reserved && now >= n.held_until)
        .filter(|(_, n)| location.is_none_or(|l| l == n.location))
        .filter(|(digits, _)| wanted.is_empty() || wanted.iter().any(|w| digits.contains(w)))
        .skip(from)
        .take(size + 1)
        .map(|(digits, n)| {
            let mut body = json!({
                "phoneNumber": digits,
                "state": if n.active { "ACTIVE" } else { "INACTIVE" },
                "isMainNumber": n.main,
                "telephonyType": if n.mobile { "MOBILE_NUMBER" } else { "PSTN_NUMBER" },
                "isServiceNumber": n.service,
            });
            if toll_free {
                body["tollFreeNumber"] = n.toll_free.into();
            }
            body
        })
        .collect();
    let next = (found.len() > size).then_some(from + size);
    found.truncate(size);
    Ok(paging::page(call, Style::Offset, "phoneNumbers", found, next))
}

/// `POST /v1/telephony/config/actions/validateNumbers/invoke`: can these numbers be added?
pub fn validate(call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.write(telephony_locations::WRITE)?;
    let body = call.json()?;
    let asked = body["phoneNumbers"]
        .as_array()
        .ok_or_else(|| Answer::telephony_error(400, 25008, "Missing Mandatory field name:  phoneNumbers"))?;
    let mut seen = HashSet::new();
    let mut fine = true;
    let numbers: Vec<Value> = asked
        .iter()
        .map(|value| {
            let number = value.as_str().unwrap_or_default();
            let mut detail = None;
            let state = if !well_formed(number) {
                detail = Some(format!("[Error 4410] Invalid phone number : {number}"));
                "Invalid"
            } else if !seen.insert(number) {
                "Duplicate In List"
            } else if let Some(known) = cloud.inventory.numbers.get(number) {
                let at = &cloud.locations[known.location].name;
                detail = Some(format!("[Error 8363] DN is in use : {number} at {at}"));
                "Duplicate"
            } else if number.ends_with("0000") {
                detail = Some(format!("[Error 8361] DN is unavailable : {number}"));
                "Unavailable"
            } else {
                "Available"
            };
            fine &= state == "Available";
            let mut entry = json!({ "number": number, "state": state, "tollFreeNumber": toll_free(number) });
            if let Some(detail) = detail {
                entry["detail"] = json!([detail]);
            }
            entry
        })
        .collect();
    Ok(Answer::ok(
        json!({ "status": if fine { "OK" } else { "ERRORS" }, "numbers": numbers }),
    ))
}

/// E.164: a plus and 7 to 15 digits.
#[must_use]
pub fn well_formed(number: &str) -> bool {
    number
        .strip_prefix('+')
        .is_some_and(|d| (7..=15).contains(&d.len()) && d.bytes().all(|b| b.is_ascii_digit()))
}

/// Toll-free ranges of the countries in the seeds.
#[must_use]
pub fn toll_free(number: &str) -> bool {
    ["+1800", "+1888", "+44800", "+44808", "+611800", "+33800"]
        .iter()
        .any(|p| number.starts_with(p))
}
