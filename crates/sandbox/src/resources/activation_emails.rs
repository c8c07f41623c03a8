//! `/v1/identity/organizations/{orgId}/jobs/sendActivationEmails`: the job, its status, its errors. Reference: section 6.

use axum::http::Method;
use serde_json::{Value, json};

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::clock::wire_time;
use crate::cloud::Cloud;
use crate::cloud::activation_emails::Job;
use crate::ids;
use crate::paging::{self, Style};

const READ: &[&str] = &["spark-admin:people_write", "spark-admin:people_read"];
const WRITE: &[&str] = &["spark-admin:people_write"];
const CURSOR: Style = Style::Cursor("cursor");

/// Everything below `…/jobs/sendActivationEmails`.
pub fn jobs(organisation: &str, rest: &[&str], call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    if cloud.activation_emails.settle(&cloud.people, &cloud.clock) {
        cloud.changes += 1;
    }
    let read = || access.read(READ);
    match (rest, &call.method) {
        ([], &Method::POST) => {
            access.write(WRITE)?;
            own(organisation, cloud)?;
            begin(access, cloud)
        }
        ([id, "status"], &Method::GET) => {
            read()?;
            own(organisation, cloud)?;
            let at = find(id, cloud)?;
            Ok(Answer::ok(wire(at, cloud)))
        }
        ([id, "errors"], &Method::GET) => {
            read()?;
            own(organisation, cloud)?;
            errors(id, call, cloud)
        }
        ([] | [_, "status" | "errors"], _) => Err(Answer::method_not_allowed()),
        _ => Err(Answer::not_found()),
    }
}

fn own(organisation: &str, cloud: &Cloud) -> Result<(), Box<Answer>> {
    if cloud.is_own(organisation) {
        Ok(())
    } else {
        Err(Answer::forbidden())
    }
}

fn begin(access: &Access, cloud: &mut Cloud) -> Reply {
    if cloud.activation_emails.running() {
        return Err(Answer::job_error(
            409,
            "BATCH-1001004",
            "Customer has job of same type already running.",
        ));
    }
    let uuid = cloud.new_uuid();
    let at = cloud.activation_emails.begin(uuid, access.person, &cloud.clock);
    cloud.changes += 1;
    Ok(Answer::json(202, wire(at, cloud)))
}

fn find(id: &str, cloud: &Cloud) -> Result<usize, Box<Answer>> {
    let uuid = ids::expect_uuid(id, "JOB_ID").map_err(Answer::id_problem)?;
    let at = cloud
        .activation_emails
        .jobs
        .iter()
        .position(|job| job.uuid == uuid);
    at.ok_or_else(Answer::not_found)
}

fn errors(id: &str, call: &Call, cloud: &Cloud) -> Reply {
    let at = find(id, cloud)?;
    let from = paging::position(call, CURSOR)?;
    let size = paging::size(call, "max", 50, 1000)?;
    let job = &cloud.activation_emails.jobs[at];
    let by = cloud.people.get(job.person).map(|p| p.uuid).unwrap_or_default();
    let page: Vec<Value> = job
        .suppressed
        .iter()
        .enumerate()
        .skip(from)
        .take(size)
        .map(|(n, (uuid, email))| {
            let text = format!(
                "Re-send invite for {uuid} by {by} is suppressed as the user {uuid} has already received an invitation email in last 24 hours ; Error with {email}."
            );
            json!({
                "itemNumber": n + 1,
                "error": { "key": "304", "message": [{ "description": text, "code": "ATLAS-600199" }] },
                "trackingId": format!("NA_{}_1_{}", job.uuid, n + 1),
            })
        })
        .collect();
    let next = (from.saturating_add(page.len()) < job.suppressed.len() && !page.is_empty())
        .then(|| from + page.len());
    Ok(paging::page(call, CURSOR, "items", page, next))
}

fn wire(at: usize, cloud: &Cloud) -> Value {
    let job = &cloud.activation_emails.jobs[at];
    let (status, exit) = if job.ended.is_some() {
        ("COMPLETED", "COMPLETED")
    } else {
        ("STARTED", "UNKNOWN")
    };
    let person = cloud.people.get(job.person).map(|p| p.id.as_str());
    json!({
        "name": "resendinviteemail",
        "id": ids::encode("us", "JOB_ID", &job.uuid.to_string()),
        "trackingId": format!("NA_{}", job.uuid),
        "sourceUserId": person.unwrap_or_default(),
        "sourceCustomerId": cloud.organisation.id,
        "targetCustomerId": cloud.organisation.id,
        "instanceId": at + 1,
        "jobExecutionStatus": [execution(at, job, status, exit)],
        "latestExecutionStatus": status,
        "latestExecutionExitCode": exit,
        "counts": {
            "userResendInviteSent": job.sent,
            "userResendInviteFailed": 0,
            "userResendInviteSkipped": job.suppressed.len(),
            "totalUsers": job.sent + job.suppressed.len(),
        },
        "allowAdminInviteEmails": true,
    })
}

fn execution(at: usize, job: &Job, status: &str, exit: &str) -> Value {
    let created = wire_time(job.created);
    let mut execution = json!({
        "id": at + 1,
        "startTime": created,
        "lastUpdated": created,
        "statusMessage": status,
        "exitCode": exit,
        "createdTime": created,
        "timeElapsed": "PT0S",
    });
    if let Some(ended) = job.ended {
        execution["endTime"] = wire_time(ended).into();
        execution["lastUpdated"] = wire_time(ended).into();
        execution["timeElapsed"] =
            format!("PT{:.3}S", ended.duration_since(job.created).as_secs_f64()).into();
    }
    execution
}
