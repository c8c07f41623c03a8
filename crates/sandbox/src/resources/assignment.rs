//! `PATCH /v1/licenses/users`: licences, extension and number of one person.
//!
//! The request is judged whole before anything changes; what cannot be given for want of units, though the rest can, makes
//! the answer a 206. A licence already held is a silent 200. Reference: section 4.2.

use serde_json::{Value, json};

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::cloud::licences::LicenceKind;
use crate::resources::calling_rules::{self, Placement};

const WRITE: &[&str] = &["spark-admin:people_write"];

/// What is asked for one licence.
#[derive(Debug)]
struct Wish {
    licence: usize,
    add: bool,
    placement: Option<Placement>,
}

/// A request, judged.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Licences to take.
    pub remove: Vec<usize>,
    /// Licences to give.
    pub add: Vec<usize>,
    /// Licences that cannot be given for want of units.
    pub short: Vec<usize>,
    /// Where the person goes.
    pub placement: Option<Placement>,
}

/// `PATCH /v1/licenses/users`.
pub fn patch(call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    access.write(WRITE)?;
    let body = call.json()?;
    if let Some(organisation) = body["orgId"].as_str()
        && !cloud.is_own(organisation)
    {
        return Err(Answer::forbidden());
    }
    let person = person(&body, cloud)?;
    let sites = sites(&body, cloud)?;
    let wishes = wishes(&body, person, cloud)?;
    if wishes.is_empty() && sites.is_empty() {
        return Err(Answer::error(400, "Either licenses or siteUrls is required."));
    }
    let outcome = judge(&wishes, person, cloud)?;
    if outcome.add.is_empty() && outcome.remove.is_empty() && sites.is_empty() && !outcome.short.is_empty() {
        return Err(no_units(cloud, &outcome.short));
    }
    apply(&outcome, person, cloud);
    for (url, add) in sites {
        cloud.people.change(person, |p| {
            p.site_urls.retain(|s| *s != url);
            if add {
                p.site_urls.push(url);
            }
        });
        cloud.touch(person);
    }
    Ok(Answer::json(
        if outcome.short.is_empty() { 200 } else { 206 },
        wire(cloud, person),
    ))
}

fn wire(cloud: &Cloud, at: usize) -> Value {
    let Some(person) = cloud.people.get(at) else {
        return Value::Null;
    };
    let sites: Vec<Value> = person
        .site_urls
        .iter()
        .map(|s| json!({ "siteUrl": s, "accountType": "attendee" }))
        .collect();
    json!({
        "orgId": cloud.organisation.id,
        "personId": person.id,
        "email": person.email,
        "licenses": person.licences.iter().map(|l| cloud.licences[*l].id.as_str()).collect::<Vec<_>>(),
        "siteUrls": sites,
        "pendingLicenses": [],
        "pendingSiteUrls": [],
    })
}

fn person(body: &Value, cloud: &Cloud) -> Result<usize, Box<Answer>> {
    let by_id = match body["personId"].as_str() {
        Some(id) => Some(
            cloud
                .person(id)
                .map_err(Answer::id_problem)?
                .ok_or_else(|| Answer::error(404, "User not found"))?,
        ),
        None => None,
    };
    let by_email = match body["email"].as_str() {
        Some(email) => Some(
            cloud
                .people
                .by_email(email)
                .ok_or_else(|| Answer::error(404, "User not found"))?,
        ),
        None => None,
    };
    match (by_id, by_email) {
        (Some(a), Some(b)) if a != b => Err(Answer::error(
            400,
            "email and personId do not belong to the same user.",
        )),
        (Some(at), _) | (None, Some(at)) => Ok(at),
        (None, None) => Err(Answer::error(400, "Either email or personId is required.")),
    }
}

fn sites(body: &Value, cloud: &Cloud) -> Result<Vec<(String, bool)>, Box<Answer>> {
    let mut sites = Vec::new();
    for entry in body["siteUrls"].as_array().into_iter().flatten() {
        let url = entry["siteUrl"].as_str().unwrap_or_default();
        if url != cloud.organisation.site_url {
            let text = format!("Request contains invalid attendee siteUrls: {url}");
            return Err(Answer::error_with(400, "Invalid site URL", Some(400_216), &text));
        }
        sites.push((url.to_owned(), entry["operation"].as_str() != Some("remove")));
    }
    Ok(sites)
}

fn wishes(body: &Value, person: usize, cloud: &Cloud) -> Result<Vec<Wish>, Box<Answer>> {
    let Some(entries) = body.get("licenses") else {
        return Ok(Vec::new());
    };
    let entries = entries
        .as_array()
        .ok_or_else(|| Answer::error(400, "licenses must be an array."))?;
    let mut wishes = Vec::new();
    for entry in entries {
        let id = entry["id"].as_str().unwrap_or_default();
        let found = cloud.licence(id).map_err(|problem| match problem {
            crate::ids::IdProblem::Malformed => calling_rules::refusal("LicenseId format is incorrect."),
            wrong => Answer::id_problem(wrong),
        })?;
        let licence = found.ok_or_else(|| {
            named(
                cloud,
                "License not recognized",
                400_000,
                &format!("License not recognized {id}"),
            )
        })?;
        let add = match entry["operation"].as_str() {
            None | Some("add") => true,
            Some("remove") => false,
            Some(other) => return Err(Answer::error(400, &format!("Invalid operation: {other}"))),
        };
        let held = cloud
            .people
            .get(person)
            .is_some_and(|p| p.licences.contains(&licence));
        let placement = if add && !held && cloud.licences[licence].kind.is_calling() {
            Some(placement(&entry["properties"], licence, cloud)?)
        } else {
            None
        };
        wishes.push(Wish {
            licence,
            add,
            placement,
        });
    }
    Ok(wishes)
}

fn placement(properties: &Value, licence: usize, cloud: &Cloud) -> Result<Placement, Box<Answer>> {
    let text = |name: &str| {
        properties[name]
            .as_str()
            .filter(|v| !v.is_empty())
            .map(str::to_owned)
    };
    if properties.is_null() {
        let text = "Each Webex Calling license should contain its own calling properties. The following license(s) do not have properties: ";
        return Err(about(cloud, "License properties missing", 400_411, text, licence));
    }
    let (extension, number) = (text("extension"), text("phoneNumber"));
    if extension.is_none() && number.is_none() {
        return Err(calling_rules::refusal(
            "Extension and Phone Number cannot be blank.",
        ));
    }
    let lost = || Answer::coded_error(400, "Unable to find location", 400, "Unable to find location.");
    let location = match text("locationId") {
        Some(id) => cloud.location(&id).map_err(Answer::id_problem)?,
        // Without a location the number says where.
        None => number
            .as_ref()
            .and_then(|n| cloud.inventory.numbers.get(n))
            .map(|n| n.location),
    };
    let location = location
        .filter(|at| cloud.locations[*at].calling.is_some())
        .ok_or_else(lost)?;
    Ok(Placement {
        location,
        extension,
        number,
    })
}

fn named(cloud: &Cloud, message: &str, code: u32, text: &str) -> Box<Answer> {
    Answer::error_with(
        400,
        message,
        Some(if cloud.quirks.plain_codes { 400 } else { code }),
        text,
    )
}

fn about(cloud: &Cloud, message: &str, code: u32, text: &str, licence: usize) -> Box<Answer> {
    named(
        cloud,
        message,
        code,
        &format!("{text}{}", cloud.licences[licence].id),
    )
}

fn no_units(cloud: &Cloud, short: &[usize]) -> Box<Answer> {
    let names: Vec<&str> = short.iter().map(|l| cloud.licences[*l].name.as_str()).collect();
    calling_rules::refusal(&format!(
        "No license units are available for: {}",
        names.join(", ")
    ))
}

/// Judges what a person would hold afterwards.
fn judge(wishes: &[Wish], person: usize, cloud: &Cloud) -> Result<Outcome, Box<Answer>> {
    let held: Vec<usize> = cloud
        .people
        .get(person)
        .map(|p| p.licences.clone())
        .unwrap_or_default();
    let kind = |l: &usize| cloud.licences[*l].kind;
    let mut outcome = Outcome::default();
    for wish in wishes {
        let licence = wish.licence;
        if !wish.add {
            match kind(&licence) {
                LicenceKind::ScreenShare if held.contains(&licence) => {
                    let text = format!(
                        "Screen Share {} is implicitly assigned and cannot be removed",
                        cloud.licences[licence].id
                    );
                    return Err(named(cloud, "License removal not allowed", 700_006, &text));
                }
                LicenceKind::Messenger => return Err(messenger(cloud, licence)),
                _ if held.contains(&licence) => outcome.remove.push(licence),
                _ => {}
            }
        } else if !held.contains(&licence) && !outcome.add.contains(&licence) {
            match kind(&licence) {
                LicenceKind::Messenger => return Err(messenger(cloud, licence)),
                LicenceKind::Workspaces => {
                    return Err(about(
                        cloud,
                        "License not recognized",
                        400_000,
                        "License not recognized for a user ",
                        licence,
                    ));
                }
                _ => outcome.add.push(licence),
            }
        }
    }
    let calling: Vec<&Wish> = wishes
        .iter()
        .filter(|w| outcome.add.contains(&w.licence) && w.placement.is_some())
        .collect();
    if let [a, b, ..] = calling.as_slice() {
        if kind(&a.licence) != kind(&b.licence) {
            let text = "User cannot have both Webex Calling Professional and Standard License together. The following license(s) could not be applied as requested: ";
            return Err(about(cloud, "License conflict", 400_404, text, b.licence));
        }
        return Err(exclusive(cloud, b.licence));
    }
    if let Some(new) = calling.first() {
        judge_calling(new.licence, &held, &mut outcome, cloud)?;
        outcome.placement.clone_from(&new.placement);
    }
    judge_set(&held, &outcome, cloud)?;
    if let Some(placement) = &outcome.placement {
        calling_rules::placement(cloud, placement, Some(person))?;
    }
    let add = std::mem::take(&mut outcome.add);
    for licence in add {
        if cloud.licences[licence].free() > 0 {
            outcome.add.push(licence);
        } else if kind(&licence).is_calling() {
            return Err(no_units(cloud, &[licence]));
        } else {
            outcome.short.push(licence);
        }
    }
    Ok(outcome)
}

fn messenger(cloud: &Cloud, licence: usize) -> Box<Answer> {
    let text = format!(
        "User management of Messenger license {} is not supported",
        cloud.licences[licence].id
    );
    named(cloud, "License management not supported", 400_118, &text)
}

fn exclusive(cloud: &Cloud, licence: usize) -> Box<Answer> {
    let text = format!(
        "Could not apply the following license(s): {} as the user can be assigned only one of licenses with the offer code from the list: {}",
        cloud.licences[licence].id, cloud.licences[licence].name
    );
    named(cloud, "License conflict", 400_413, &text)
}

/// A calling licence beside the one held: an upgrade replaces it, a downgrade or a second one is refused.
fn judge_calling(
    new: usize,
    held: &[usize],
    outcome: &mut Outcome,
    cloud: &Cloud,
) -> Result<(), Box<Answer>> {
    for old in held
        .iter()
        .copied()
        .filter(|l| cloud.licences[*l].kind.is_calling())
    {
        match (cloud.licences[old].kind, cloud.licences[new].kind) {
            (LicenceKind::Professional, LicenceKind::Standard) => {
                let text = "Changing a user's Webex Calling license from Professional to Standard is not allowed. The following license(s) could not be applied as requested: ";
                return Err(about(cloud, "License assignment failed", 400_112, text, new));
            }
            (LicenceKind::Standard, LicenceKind::Professional) if !outcome.remove.contains(&old) => {
                outcome.remove.push(old)
            }
            _ if outcome.remove.contains(&old) => {}
            _ => return Err(exclusive(cloud, new)),
        }
    }
    Ok(())
}

/// The rules about licences that need or exclude each other.
fn judge_set(held: &[usize], outcome: &Outcome, cloud: &Cloud) -> Result<(), Box<Answer>> {
    let after = |kind: LicenceKind| {
        let kept = held.iter().filter(|l| !outcome.remove.contains(l));
        kept.chain(&outcome.add).any(|l| cloud.licences[*l].kind == kind)
    };
    let before = |kind: LicenceKind| held.iter().any(|l| cloud.licences[*l].kind == kind);
    let applied = " licenses together. The following license(s) could not be applied as requested: ";
    for licence in &outcome.add {
        let conflict = |code, text: String| Err(about(cloud, "License conflict", code, &text, *licence));
        match cloud.licences[*licence].kind {
            LicenceKind::AttendantConsole if after(LicenceKind::Standard) => {
                return conflict(
                    400_406,
                    format!(
                        "User cannot have both Webex Calling Standard and Webex Attendant Console{applied}"
                    ),
                );
            }
            LicenceKind::AttendantConsole if !after(LicenceKind::Professional) => {
                let text = "User needs Webex Calling Professional license to be assigned before assigning Webex Attendant Console: ";
                return Err(about(
                    cloud,
                    "License prerequisite missing",
                    400_408,
                    text,
                    *licence,
                ));
            }
            LicenceKind::CustomerExperience if after(LicenceKind::Standard) => {
                return conflict(
                    400_407,
                    format!("User cannot have both Webex Calling Standard and CX Essential{applied}"),
                );
            }
            LicenceKind::Standard if before(LicenceKind::CustomerExperience) => {
                let text = "Changing a user's license from CX Essential to Webex Calling Standard is not allowed. The following license(s) could not be applied as requested: ";
                return Err(about(
                    cloud,
                    "License downgrade not allowed",
                    400_410,
                    text,
                    *licence,
                ));
            }
            LicenceKind::Standard if after(LicenceKind::AttendantConsole) => {
                return conflict(
                    400_406,
                    format!(
                        "User cannot have both Webex Calling Standard and Webex Attendant Console{applied}"
                    ),
                );
            }
            LicenceKind::Meetings if !after(LicenceKind::Messaging) => {
                let text = "Free teams messaging mandatory for teams meeting license. The following license(s) could not be applied as requested: ";
                return Err(about(
                    cloud,
                    "License prerequisite missing",
                    700_005,
                    text,
                    *licence,
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Carries a judged request out.
pub fn apply(outcome: &Outcome, person: usize, cloud: &mut Cloud) {
    let (calling, others): (Vec<usize>, Vec<usize>) = outcome
        .add
        .iter()
        .partition(|l| cloud.licences[**l].kind.is_calling());
    // The new calling licence comes before the old one goes, so that an upgrade keeps what the person has.
    for licence in calling {
        cloud.give(person, licence);
    }
    for licence in &outcome.remove {
        cloud.take(person, *licence);
    }
    for licence in others {
        cloud.give(person, licence);
    }
    if let Some(p) = outcome.placement.clone() {
        cloud.place(person, p.location, p.extension, p.number);
    }
}
