//! When something is due. Pure: the clock and the organisation are arguments, and nothing is random.
//!
//! Invariants: what is due is never further away than one interval; of many organisations each has its own moment, the
//! same one every time, so that they do not all come at once.

use super::model::ScheduleKind;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

/// The age at which an access token is renewed (product O6).
pub(super) const REFRESH_MINUTES: u32 = 7 * 24 * 60;
/// What may be set as an interval.
pub(super) const SHORTEST_MINUTES: u32 = 15;
pub(super) const LONGEST_MINUTES: u32 = 30 * 24 * 60;

/// No part of an organisation's own moment is longer.
const SPREAD: SignedDuration = SignedDuration::from_hours(6);
/// Before an access token ends, at most a tenth of its life.
const MARGIN: SignedDuration = SignedDuration::from_mins(5);
/// A token that lives shorter than this is renewed by whoever uses it, not by the clock.
const SHORTEST_REFRESH: SignedDuration = SignedDuration::from_mins(15);
/// The wait after a first failure; it doubles with each further one.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_mins(2);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(6);
/// What is due because the clock was set back comes within this time.
const PULLED_IN: SignedDuration = SignedDuration::from_hours(1);

/// How much earlier than `interval` says this organisation's turn is: up to a tenth, at most six hours.
fn jitter(organisation: &str, kind: ScheduleKind, interval: SignedDuration) -> SignedDuration {
    part_of(organisation, kind, (interval / 10).min(SPREAD))
}

/// A part of `span` that belongs to this organisation and kind.
fn part_of(organisation: &str, kind: ScheduleKind, span: SignedDuration) -> SignedDuration {
    let digest = Sha256::new()
        .chain_update(organisation)
        .chain_update([kind as u8])
        .finalize();
    let mut number = [0; 4];
    number.copy_from_slice(&digest[..4]);
    let seconds = span.as_secs().max(0);
    SignedDuration::from_secs(seconds * i64::from(u32::from_be_bytes(number)) / (i64::from(u32::MAX) + 1))
}

/// The next turn after one at `from`; None for what does not run by itself (an interval of 0).
pub(super) fn after(
    from: Timestamp,
    every_minutes: u32,
    organisation: &str,
    kind: ScheduleKind,
) -> Option<Timestamp> {
    let interval = interval(every_minutes)?;
    from.checked_add(interval - jitter(organisation, kind, interval))
        .ok()
}

fn interval(every_minutes: u32) -> Option<SignedDuration> {
    (every_minutes > 0).then(|| SignedDuration::from_mins(i64::from(every_minutes)))
}

/// When the access token of an organisation is to be renewed: at the age of seven days and before it ends. `received` is
/// when Webex gave it; `expires` is None where Webex did not say.
pub fn refresh_due_at(organisation: &str, received: Timestamp, expires: Option<Timestamp>) -> Timestamp {
    let week = SignedDuration::from_mins(i64::from(REFRESH_MINUTES));
    let before_end = expires.map(|end| {
        let life = end.duration_since(received);
        (life - MARGIN.min(life / 10)).max(SHORTEST_REFRESH)
    });
    let interval = before_end.map_or(week, |before_end| before_end.min(week));
    let wait = interval - jitter(organisation, ScheduleKind::TokenRefresh, interval);
    received.checked_add(wait).unwrap_or(received)
}

/// When to try again after the `failures`-th failure in a row.
pub(super) fn after_failure(
    now: Timestamp,
    failures: u32,
    every_minutes: u32,
    organisation: &str,
    kind: ScheduleKind,
) -> Timestamp {
    let doubled = FIRST_PAUSE
        .checked_mul(
            1_i32
                .checked_shl(failures.saturating_sub(1).min(20))
                .unwrap_or(i32::MAX),
        )
        .unwrap_or(LONGEST_PAUSE)
        .min(LONGEST_PAUSE);
    let pause = interval(every_minutes).map_or(doubled, |interval| doubled.min(interval));
    let pause = pause - part_of(organisation, kind, pause / 4);
    now.checked_add(pause).unwrap_or(now)
}

/// Where the clock was set back, `next_at` may lie further ahead than any turn can: the turn to take instead.
pub(super) fn pulled_in(
    next_at: Timestamp,
    now: Timestamp,
    every_minutes: u32,
    organisation: &str,
    kind: ScheduleKind,
) -> Option<Timestamp> {
    let interval = interval(every_minutes)?;
    if next_at.duration_since(now) <= interval {
        return None;
    }
    match kind {
        // Given by a clock that ran ahead, so nothing is known of its age.
        ScheduleKind::TokenRefresh => now.checked_add(part_of(organisation, kind, PULLED_IN)).ok(),
        ScheduleKind::MirrorSync | ScheduleKind::WholesaleSync => {
            after(now, every_minutes, organisation, kind)
        }
    }
}

/// Whole seconds, so that times compare as text.
pub(super) fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: ScheduleKind = ScheduleKind::MirrorSync;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn five_hundred_organisations_do_not_come_at_once() {
        let from = at("2026-10-01T00:00:00Z");
        let mut turns: Vec<Timestamp> = (0..500)
            .map(|n| after(from, 24 * 60, &format!("0193-{n}"), KIND).unwrap())
            .collect();
        turns.sort();
        let day = from + SignedDuration::from_hours(24);
        assert!(
            turns
                .iter()
                .all(|turn| *turn <= day && day.duration_since(*turn) <= SignedDuration::from_mins(144))
        );
        let crowd = turns.windows(25).map(|some| some[24].duration_since(some[0]));
        assert!(
            crowd.min().unwrap() > SignedDuration::from_mins(2),
            "no 25 of them within two minutes"
        );
        assert_eq!(after(from, 60, "o", KIND), after(from, 60, "o", KIND));
        assert_eq!(after(from, 0, "o", KIND), None);
    }

    #[test]
    fn a_token_is_renewed_weekly_and_before_it_ends() {
        let got = at("2026-10-01T00:00:00Z");
        let days = |days: i64| got + SignedDuration::from_hours(24 * days);
        for organisation in ["a", "b", "c", "d"] {
            let fortnight = refresh_due_at(organisation, got, Some(days(14)));
            assert!(fortnight <= days(7) && fortnight >= days(7) - SPREAD);
            assert_eq!(fortnight, refresh_due_at(organisation, got, None));
            let hours = refresh_due_at(organisation, got, Some(got + SignedDuration::from_hours(18)));
            assert!(
                hours < got + SignedDuration::from_hours(18) && hours > got + SignedDuration::from_hours(15)
            );
            // Not every moment, however short it lives.
            let minute = refresh_due_at(organisation, got, Some(got + SignedDuration::from_mins(1)));
            assert!(minute.duration_since(got) >= SignedDuration::from_mins(13));
        }
    }

    #[test]
    fn failures_wait_longer_each_time_up_to_a_limit() {
        let now = at("2026-10-01T00:00:00Z");
        let pauses: Vec<SignedDuration> = (1..40)
            .map(|failures| after_failure(now, failures, 24 * 60, "o", KIND).duration_since(now))
            .collect();
        assert!(pauses.windows(2).all(|two| two[0] <= two[1]));
        assert!(pauses[0] <= FIRST_PAUSE && pauses[0] >= SignedDuration::from_secs(90));
        assert!(pauses[38] <= LONGEST_PAUSE && pauses[38] >= SignedDuration::from_mins(270));
        let short = after_failure(now, 30, 15, "o", KIND).duration_since(now);
        assert!(
            short <= SignedDuration::from_mins(15),
            "never longer than the interval itself"
        );
    }

    #[test]
    fn a_clock_that_was_set_back_starves_nobody() {
        let now = at("2026-10-01T00:00:00Z");
        let year = now + SignedDuration::from_hours(24 * 365);
        assert_eq!(
            pulled_in(after(now, 60, "o", KIND).unwrap(), now, 60, "o", KIND),
            None
        );
        assert_eq!(pulled_in(year, now, 60, "o", KIND), after(now, 60, "o", KIND));
        let token = pulled_in(year, now, REFRESH_MINUTES, "o", ScheduleKind::TokenRefresh).unwrap();
        assert!(token.duration_since(now) <= PULLED_IN);
    }
}
