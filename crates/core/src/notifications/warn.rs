//! Which warnings there are. Pure: the clock is an argument.
//!
//! Days are spans of 24 hours before the end, a begun one counted whole: 84 hours before it is "in 4 days", and a warning day
//! of 3 is reached when exactly 72 hours are left. Everything is UTC, so daylight saving makes no difference.

use super::model::{Notice, NoticeKind, Urgency};
use crate::clock::day;
use crate::organisations::{ConsentState, Organisation};
use crate::scheduler::Failing;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What ends of a consent that stands, and what that means.
struct End {
    at: Timestamp,
    /// Whether Patchbay keeps it alive as long as it can.
    renewable: bool,
}

/// When the consent of an organisation comes to its end: with the refresh token, or with the access token where there is
/// no refresh token.
fn end(organisation: &Organisation) -> Option<End> {
    if organisation.consent != ConsentState::Granted {
        return None;
    }
    let renewable =
        organisation.refresh_token_since.is_some() || organisation.refresh_token_expires_at.is_some();
    let at = if renewable {
        &organisation.refresh_token_expires_at
    } else {
        &organisation.access_token_expires_at
    };
    let at = at.as_ref()?.parse().ok()?;
    Some(End { at, renewable })
}

/// Days until `end`, a begun one counted whole; 0 once it has come.
fn days_left(end: Timestamp, now: Timestamp) -> u32 {
    let left = end.duration_since(now);
    if left <= SignedDuration::ZERO {
        return 0;
    }
    let begun = i64::from(left.as_secs() % DAY.as_secs() > 0 || left.subsec_nanos() > 0);
    u32::try_from(left.as_secs() / DAY.as_secs() + begun).unwrap_or(u32::MAX)
}

/// All warnings, none marked as dismissed; most urgent first, then the soonest, then by name.
pub(super) fn notices(
    organisations: &[Organisation],
    failing: &[Failing],
    warning_days: &[u32],
    now: Timestamp,
) -> Vec<Notice> {
    let mut notices = Vec::new();
    for organisation in organisations {
        match &organisation.consent {
            ConsentState::None => {}
            ConsentState::Needed { reason, since } => notices.push(needed(organisation, reason, since)),
            ConsentState::Granted => {
                notices.extend(ending(organisation, warning_days, now));
                notices.extend(missing(organisation));
                let own = failing.iter().filter(|one| one.organisation == organisation.id);
                notices.extend(own.map(|one| fails(organisation, one)));
            }
        }
    }
    notices.sort_by(|one, other| {
        let key = |notice: &Notice| {
            (
                std::cmp::Reverse(notice.urgency),
                notice.at.as_ref().and_then(|at| at.parse::<Timestamp>().ok()),
                notice.organisation_name.clone(),
                notice.id.clone(),
            )
        };
        key(one).cmp(&key(other))
    });
    notices
}

/// The next moment at which [`notices`] says something else though nothing has happened but time.
pub(super) fn next_change(
    organisations: &[Organisation],
    warning_days: &[u32],
    now: Timestamp,
) -> Option<Timestamp> {
    let first = warning_days.iter().copied().max().unwrap_or(0);
    organisations
        .iter()
        .filter_map(|organisation| {
            let end = end(organisation)?.at;
            // One day less from this moment on; before the first warning only that one counts.
            let days = days_left(end, now).checked_sub(1)?.min(first);
            end.checked_sub(DAY * i32::try_from(days).ok()?).ok()
        })
        .filter(|at| *at > now)
        .min()
}

fn ending(organisation: &Organisation, warning_days: &[u32], now: Timestamp) -> Option<Notice> {
    let End { at, renewable } = end(organisation)?;
    let days = days_left(at, now);
    if days == 0 {
        return Some(ended(organisation, at, renewable));
    }
    // The smallest day that is reached: each is a warning of its own.
    let reached = *warning_days.iter().filter(|day| days <= **day).min()?;
    let span = if days == 1 {
        "within a day".to_owned()
    } else {
        format!("in {days} days")
    };
    let name = &organisation.name;
    let message = if renewable {
        format!(
            "Webex has not extended the consent of {name}: it ends on {}, and renewals do not change that. Connect the \
             organisation again before then; until it is, its runs and syncs would pause.",
            day(at)
        )
    } else {
        format!(
            "Webex gave no refresh token with the consent of {name}, so its access token cannot be renewed and ends on {}. \
             Connect the organisation again before then.",
            day(at)
        )
    };
    Some(Notice {
        id: format!("consent_ends:{}:{}:{reached}", organisation.id, date(at)),
        kind: NoticeKind::ConsentEnds,
        urgency: match days {
            1 => Urgency::Urgent,
            2..=7 => Urgency::Warning,
            _ => Urgency::Info,
        },
        title: format!("Consent of {name} ends {span}"),
        message,
        at: Some(at.to_string()),
        ..of(organisation)
    })
}

/// It has ended, though an access token may live a little longer.
fn ended(organisation: &Organisation, at: Timestamp, renewable: bool) -> Notice {
    let name = &organisation.name;
    let what = if renewable {
        "refresh token"
    } else {
        "access token"
    };
    Notice {
        id: format!("consent_ended:{}:{}", organisation.id, date(at)),
        kind: NoticeKind::ConsentEnds,
        urgency: Urgency::Urgent,
        title: format!("Consent of {name} has ended"),
        message: format!(
            "The {what} of {name} ended on {}. What still works ends with the present access token. Connect the \
             organisation again.",
            day(at)
        ),
        at: Some(at.to_string()),
        ..of(organisation)
    }
}

fn needed(organisation: &Organisation, reason: &str, since: &str) -> Notice {
    let name = &organisation.name;
    let reason = reason.trim().trim_end_matches('.');
    Notice {
        id: format!("consent_needed:{}:{since}", organisation.id),
        kind: NoticeKind::ConsentNeeded,
        urgency: Urgency::Urgent,
        title: format!("{name} must be connected again"),
        message: format!(
            "The consent of {name} does not stand any more: {reason}. Its runs and syncs pause and nothing is lost. Connect \
             the organisation again."
        ),
        at: (!since.is_empty()).then(|| since.to_owned()),
        ..of(organisation)
    }
}

fn missing(organisation: &Organisation) -> Option<Notice> {
    let lacking: Vec<_> = organisation
        .permissions
        .iter()
        .filter(|permission| permission.granted == Some(false))
        .collect();
    let first = lacking.first()?;
    let name = &organisation.name;
    let scopes: Vec<&str> = lacking
        .iter()
        .map(|permission| permission.scope.as_str())
        .collect();
    let labels: Vec<&str> = lacking
        .iter()
        .map(|permission| permission.label.as_str())
        .collect();
    let title = if lacking.len() == 1 {
        format!("{name}: a permission is missing")
    } else {
        format!("{name}: {} permissions are missing", lacking.len())
    };
    Some(Notice {
        id: format!(
            "permissions_missing:{}:{}",
            organisation.id,
            fingerprint(&scopes.join(" "))
        ),
        kind: NoticeKind::PermissionsMissing,
        urgency: Urgency::Info,
        title,
        message: format!(
            "Not granted for {name}: {}. Without it, for instance, {}. Register the permission at the integration, then \
             connect the organisation again.",
            labels.join(", "),
            first.feature
        ),
        ..of(organisation)
    })
}

fn fails(organisation: &Organisation, failing: &Failing) -> Notice {
    let (name, noun) = (&organisation.name, failing.kind.noun());
    let said = failing.message.as_deref().unwrap_or("The log says more.");
    Notice {
        id: format!("schedule_fails:{}:{}", failing.schedule, failing.since),
        kind: NoticeKind::ScheduleFails,
        urgency: Urgency::Warning,
        title: format!("The {noun} of {name} keeps failing"),
        message: format!(
            "The {noun} of {name} has failed {} times in a row. The last time: {said} It is tried again by itself; see \
             Schedules.",
            failing.failures
        ),
        at: Some(failing.since.clone()),
        ..of(organisation)
    }
}

fn of(organisation: &Organisation) -> Notice {
    Notice {
        id: String::new(),
        kind: NoticeKind::ConsentNeeded,
        urgency: Urgency::Info,
        organisation: organisation.id.clone(),
        organisation_name: organisation.name.clone(),
        title: String::new(),
        message: String::new(),
        at: None,
        dismissed: false,
    }
}

/// The date of a moment as ids have it, UTC.
fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

fn fingerprint(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_begun_day_counts_whole() {
        let end: Timestamp = "2026-10-31T12:00:00Z".parse().unwrap();
        let before = |hours: i64| end - SignedDuration::from_hours(hours);
        let days: Vec<u32> = [84, 73, 72, 25, 24, 1, 0, -5]
            .into_iter()
            .map(|hours| days_left(end, before(hours)))
            .collect();
        assert_eq!(days, [4, 4, 3, 2, 1, 1, 0, 0]);
        let just = SignedDuration::from_millis(1);
        assert_eq!(days_left(end, before(72) - just), 4);
        assert_eq!(days_left(end, end - just), 1);
    }
}
