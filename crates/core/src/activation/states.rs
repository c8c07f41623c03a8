//! What the states of activation mean: which are on the way, who is stuck, what can be sent. Pure.

use super::model::{ActivationSource, Nudge, STUCK_DAYS};
use jiff::{SignedDuration, Timestamp};

pub(super) const PENDING_EMAIL_INPUT: &str = "pending_email_input";
pub(super) const PENDING_EMAIL_VALIDATION: &str = "pending_email_validation";
pub(super) const PENDING_USER_MIGRATION: &str = "pending_user_migration";
pub(super) const PROVISIONING: &str = "provisioning";
pub(super) const PROVISIONED: &str = "provisioned";
pub(super) const UPDATING: &str = "updating";
/// Where Webex tells no state.
pub(super) const UNKNOWN: &str = "unknown";

/// The states that are always counted, in the order of the way.
pub(super) const NAMED: [&str; 4] = [
    PROVISIONED,
    PENDING_EMAIL_INPUT,
    PENDING_EMAIL_VALIDATION,
    PROVISIONING,
];

/// A state as people read it; one nobody knows is shown as it came.
pub fn label(state: &str) -> &str {
    match state {
        PENDING_EMAIL_INPUT => "Pending Email Input",
        PENDING_EMAIL_VALIDATION => "Pending Email Validation",
        PENDING_USER_MIGRATION => "Pending User Consent",
        PROVISIONING => "Provisioning",
        PROVISIONED => "Provisioned",
        UPDATING => "Updating",
        "error" => "Error",
        other => other,
    }
}

/// Begun, and neither done nor failed: somebody or something is waited for.
pub(super) fn is_on_the_way(state: &str) -> bool {
    matches!(
        state,
        PENDING_EMAIL_VALIDATION | PENDING_USER_MIGRATION | PROVISIONING | UPDATING
    )
}

/// Who changed last before this moment and is on the way is stuck.
pub(super) fn stuck_before(now: Timestamp) -> Timestamp {
    now.saturating_sub(SignedDuration::from_hours(24 * i64::from(STUCK_DAYS)))
        .unwrap_or(Timestamp::MIN)
}

/// Waits in one state for longer than [`STUCK_DAYS`]. Without a time nobody is accused.
pub(super) fn is_stuck(state: &str, last_status_change: Option<&str>, now: Timestamp) -> bool {
    is_on_the_way(state)
        && last_status_change
            .and_then(|time| time.parse::<Timestamp>().ok())
            .is_some_and(|changed| changed < stuck_before(now))
}

/// Without an address, or waiting for it: activation has not begun and the application is not installed.
pub(super) fn has_not_begun(state: &str, email: Option<&str>) -> bool {
    state == PENDING_EMAIL_INPUT || email.is_none_or(|email| email.trim().is_empty())
}

/// What gets somebody on, if anything that Webex can send does.
pub(super) fn nudge(state: &str, source: ActivationSource) -> Option<Nudge> {
    match (state, source) {
        (PENDING_USER_MIGRATION, ActivationSource::Broadworks | ActivationSource::Wholesale) => {
            Some(Nudge::ConsentMail)
        }
        (PENDING_EMAIL_VALIDATION, ActivationSource::People) => Some(Nudge::ActivationMail),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stuck_is_more_than_seven_days_on_the_way() {
        let now: Timestamp = "2026-03-10T12:00:00Z".parse().unwrap();
        let at = |time: &'static str| Some(time);
        assert!(is_stuck(PROVISIONING, at("2026-03-03T11:59:59Z"), now));
        assert!(!is_stuck(PROVISIONING, at("2026-03-03T12:00:00Z"), now));
        for ended in [PROVISIONED, PENDING_EMAIL_INPUT, "error", "half_way"] {
            assert!(!is_stuck(ended, at("2020-01-01T00:00:00Z"), now), "{ended}");
        }
        assert!(!is_stuck(UPDATING, None, now));
        assert!(!is_stuck(UPDATING, at("yesterday"), now));
    }

    #[test]
    fn without_an_address_nothing_has_begun() {
        assert!(has_not_begun(PROVISIONING, None));
        assert!(has_not_begun(PENDING_EMAIL_INPUT, Some("a@b.example")));
        assert!(!has_not_begun(PROVISIONING, Some("a@b.example")));
    }

    #[test]
    fn a_mail_is_offered_only_where_it_helps() {
        use ActivationSource::{Broadworks, People, Wholesale};
        assert_eq!(
            nudge(PENDING_USER_MIGRATION, Broadworks),
            Some(Nudge::ConsentMail)
        );
        assert_eq!(nudge(PENDING_USER_MIGRATION, Wholesale), Some(Nudge::ConsentMail));
        assert_eq!(
            nudge(PENDING_EMAIL_VALIDATION, People),
            Some(Nudge::ActivationMail)
        );
        assert_eq!(nudge(PENDING_EMAIL_VALIDATION, Broadworks), None);
        assert_eq!(nudge(PROVISIONED, People), None);
    }
}
