mod requests;

use super::*;
use crate::directory_sync::SyncError;
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Hours after the beginning of what is told here.
fn hour(hours: i64) -> Timestamp {
    at("2026-03-28T12:00:00Z") + SignedDuration::from_hours(hours)
}

fn done(started: i64, ended: i64) -> Told {
    Told {
        state: SyncState::Done {
            ended_at: Some(hour(ended).to_string()),
        },
        started: Some(hour(started)),
        ended: Some(hour(ended)),
        succeeded: Some(hour(ended)),
        tracking_id: Some(format!("NA_{started}")),
        ..Told::nothing(hour(ended))
    }
}

fn running(started: i64) -> Told {
    Told {
        state: SyncState::Running {
            started_at: Some(hour(started).to_string()),
        },
        started: Some(hour(started)),
        ..Told::nothing(hour(started))
    }
}

fn failed(errors: &[&str]) -> SyncState {
    SyncState::Failed {
        ended_at: None,
        errors: errors
            .iter()
            .map(|code| SyncError {
                code: Some((*code).to_owned()),
                description: "no".to_owned(),
            })
            .collect(),
    }
}

fn asked(at: i64) -> Asked {
    Asked {
        at: hour(at),
        open: false,
        refused: false,
        lost: false,
        sent_tracking_id: Some(format!("PATCHBAY_{at}")),
        before: Told::nothing(hour(at)),
        started: None,
        tracking_id: None,
        ended: None,
    }
}

/// One whose end was seen.
fn ended(asked_at: i64, started: i64, end: i64) -> Asked {
    Asked {
        started: Some(hour(started)),
        tracking_id: Some(format!("NA_{started}")),
        ended: Some(hour(end)),
        ..asked(asked_at)
    }
}

fn held(gate: &SyncGate) -> bool {
    matches!(gate, SyncGate::Held { .. })
}

#[test]
fn a_day_is_24_hours_and_no_second_more() {
    let (told, request) = (done(1, 2), ended(0, 1, 2));
    let gate_at = |now: Timestamp| gate(true, Some(&told), std::slice::from_ref(&request), now);
    let end = hour(2);
    let second = SignedDuration::from_secs(1);
    assert_eq!(
        gate_at(end + HOLD - second),
        SyncGate::Held {
            until: (end + HOLD).to_string(),
            ended_at: end.to_string(),
            elapsed_seconds: 86_399,
        }
    );
    assert_eq!(gate_at(end + HOLD), SyncGate::Open);
    // Read before the end, as by a clock that was set back: held, and not for longer than it is.
    assert_eq!(
        gate_at(end - second * 7200),
        SyncGate::Held {
            until: (end + HOLD).to_string(),
            ended_at: end.to_string(),
            elapsed_seconds: 0,
        }
    );
}

#[test]
fn neither_time_zones_nor_daylight_saving_change_it() {
    // The clocks of Europe go forward and back within these days, those of America in others.
    for (ended, opens) in [
        ("2026-03-28T20:00:00+01:00", "2026-03-29T21:00:00+02:00"),
        ("2026-10-24T20:00:00+02:00", "2026-10-25T19:00:00+01:00"),
        ("2026-03-07T20:00:00-08:00", "2026-03-08T21:00:00-07:00"),
        ("2026-12-31T23:59:59.999999Z", "2027-01-01T23:59:59.999999Z"),
        ("2028-02-28T12:00:00+13:45", "2028-02-28T22:15:00Z"),
    ] {
        let (ended, opens) = (at(ended), at(opens));
        let told = Told {
            ended: Some(ended),
            started: Some(ended - SignedDuration::from_mins(5)),
            told_at: ended,
            ..done(0, 1)
        };
        let request = Asked {
            at: ended - SignedDuration::from_mins(6),
            before: Told::nothing(ended - SignedDuration::from_mins(6)),
            ..asked(0)
        };
        let gate_at = |now| gate(true, Some(&told), std::slice::from_ref(&request), now);
        assert!(held(&gate_at(opens - SignedDuration::from_secs(1))), "{ended}");
        assert_eq!(gate_at(opens), SyncGate::Open, "{ended}");
    }
}

#[test]
fn what_nobody_here_asked_for_is_only_asked_about() {
    let told = done(1, 2);
    let ask = SyncGate::Ask {
        ended_at: Some(hour(2).to_string()),
        asked_at: None,
        until: hour(26).to_string(),
    };
    assert_eq!(gate(true, Some(&told), &[], hour(3)), ask);
    assert_eq!(gate(true, Some(&told), &[], hour(26)), SyncGate::Open);
    // An older one of ours, held no more; and one that Webex refused.
    let refused = Asked {
        refused: true,
        ..asked(0)
    };
    let older = ended(-40, -39, -38);
    assert_eq!(gate(true, Some(&told), &[older.clone(), refused], hour(3)), ask);
    // Webex's own one within the hold of ours does not end the hold.
    let ours = ended(-4, -3, -2);
    let both = gate(true, Some(&told), &[older, ours], hour(3));
    assert_eq!(
        both,
        SyncGate::Held {
            until: hour(22).to_string(),
            ended_at: hour(-2).to_string(),
            elapsed_seconds: 5 * 3600,
        }
    );
}

#[test]
fn running_and_requested_come_first() {
    let open = Asked {
        open: true,
        ..asked(0)
    };
    let queued = SyncGate::Queued {
        asked_at: hour(0).to_string(),
    };
    for told in [None, Some(done(-9, -8)), Some(running(1))] {
        for enabled in [true, false] {
            let gate = gate(enabled, told.as_ref(), std::slice::from_ref(&open), hour(2));
            assert_eq!(gate, queued);
        }
    }
    // Not for ever.
    let later = gate(true, Some(&done(-90, -80)), std::slice::from_ref(&open), hour(24));
    assert_eq!(later, SyncGate::Open);
    let running = running(1);
    assert_eq!(
        gate(true, Some(&running), &[ended(-2, -1, 0)], hour(2)),
        SyncGate::Running {
            started_at: Some(hour(1).to_string()),
            ours: false,
        }
    );
    assert_eq!(gate(false, Some(&running), &[], hour(2)), SyncGate::SwitchedOff);
    assert_eq!(gate(true, None, &[], hour(2)), SyncGate::Unknown);
    let never = Told::nothing(hour(0));
    assert_eq!(gate(true, Some(&never), &[], hour(2)), SyncGate::Open);
}

#[test]
fn a_failure_holds_only_where_webex_told_its_end() {
    let request = Asked {
        before: done(-30, -29),
        ..asked(0)
    };
    let mut told = done(1, 2);
    told.state = failed(&["6003"]);
    told.succeeded = Some(hour(-29));
    let gate_of = |told: &Told| gate(true, Some(told), std::slice::from_ref(&request), hour(3));
    assert!(held(&gate_of(&told)));
    // The end of the one before.
    told.ended = Some(hour(-29));
    assert_eq!(gate_of(&told), SyncGate::Open);
    assert_eq!(request.progress(&told, false), Progress::Over);
    told.started = Some(hour(-30));
    assert_eq!(
        request.progress(&told, false),
        Progress::Over,
        "it failed before it began"
    );
    assert_eq!(gate_of(&told), SyncGate::Open);
    told.ended = None;
    assert_eq!(gate_of(&told), SyncGate::Open);
}

#[test]
fn times_that_are_missing_or_ahead() {
    // A success without an end: from what is known to lie before it.
    let mut told = done(1, 2);
    (told.ended, told.succeeded) = (None, None);
    assert_eq!(asked(0).holds_from(&told), Some(hour(1)));
    told.started = None;
    assert_eq!(asked(0).holds_from(&told), Some(hour(0)));
    told.succeeded = Some(hour(2));
    assert_eq!(asked(0).holds_from(&told), Some(hour(2)));
    // Nothing at all, and yet seen at work.
    (told.succeeded, told.tracking_id) = (None, None);
    assert_eq!(asked(0).progress(&told, false), Progress::Queued);
    assert_eq!(asked(0).progress(&told, true), Progress::Over);
    // An end days ahead counts from when it was told.
    let mut ahead = done(1, 90);
    ahead.told_at = hour(2);
    let request = asked(0);
    let gate_at = |now| gate(true, Some(&ahead), std::slice::from_ref(&request), now);
    assert!(held(&gate_at(hour(25))));
    assert_eq!(gate_at(hour(26)), SyncGate::Open);
}

fn moment() -> impl Strategy<Value = Timestamp> {
    (0_i64..400_000).prop_map(|seconds| hour(0) + SignedDuration::from_secs(seconds))
}

prop_compose! {
    fn anything()(
        word in 0_u8..5,
        started in proptest::option::of(moment()),
        ended in proptest::option::of(moment()),
        succeeded in proptest::option::of(moment()),
        tracking_id in proptest::option::of("PATCHBAY_[0-3](_1)?"),
        told_at in moment(),
    ) -> Told {
        let state = match word {
            0 => SyncState::Never,
            1 => SyncState::Running { started_at: None },
            2 => SyncState::Done { ended_at: None },
            3 => failed(&["1"]),
            _ => SyncState::Unknown { status: "X".to_owned() },
        };
        Told { state, started, ended, succeeded, tracking_id, ..Told::nothing(told_at) }
    }
}

prop_compose! {
    fn any_request()(
        at in moment(),
        open: bool,
        refused: bool,
        lost: bool,
        sent in proptest::option::of("PATCHBAY_[0-3]"),
        before in anything(),
        started in proptest::option::of(moment()),
        ended in proptest::option::of(moment()),
    ) -> Asked {
        Asked { at, open, refused, lost: lost && !open && !refused, sent_tracking_id: sent, before, started, tracking_id: None, ended }
    }
}

fn shifted(told: &Told, by: SignedDuration) -> Told {
    let time = |time: Option<Timestamp>| time.map(|time| time + by);
    Told {
        started: time(told.started),
        ended: time(told.ended),
        succeeded: time(told.succeeded),
        told_at: told.told_at + by,
        ..told.clone()
    }
}

proptest! {
    #[test]
    fn nothing_is_held_longer_than_a_day_after_it_was_told(
        told in anything(),
        requests in proptest::collection::vec(any_request(), 0..4),
        now in moment(),
    ) {
        let gate = gate(true, Some(&told), &requests, now);
        let last = requests.iter().filter_map(|asked| asked.ended).chain([told.told_at]).max();
        if held(&gate) {
            prop_assert!(now.duration_since(last.unwrap()) < HOLD);
            prop_assert!(!requests.is_empty(), "nobody asked");
        }
        let under_way = matches!(told.state, SyncState::Running { .. });
        if under_way {
            let shut = matches!(gate, SyncGate::Running { .. } | SyncGate::Queued { .. });
            prop_assert!(shut, "{:?}", gate);
        }
    }

    #[test]
    fn only_differences_count(
        told in anything(),
        requests in proptest::collection::vec(any_request(), 0..4),
        now in moment(),
        hours in -50_000_i64..50_000,
    ) {
        let by = SignedDuration::from_hours(hours);
        let moved: Vec<Asked> = requests
            .iter()
            .map(|asked| Asked {
                at: asked.at + by,
                before: shifted(&asked.before, by),
                started: asked.started.map(|time| time + by),
                ended: asked.ended.map(|time| time + by),
                ..asked.clone()
            })
            .collect();
        let word = |gate: SyncGate| match gate {
            SyncGate::Held { elapsed_seconds, .. } => format!("held {elapsed_seconds}"),
            other => serde_json::to_value(other).unwrap()["state"].to_string(),
        };
        prop_assert_eq!(
            word(gate(true, Some(&told), &requests, now)),
            word(gate(true, Some(&shifted(&told, by)), &moved, now + by))
        );
    }

    #[test]
    fn it_opens_once_and_stays_open(
        told in anything(),
        requests in proptest::collection::vec(any_request(), 0..4),
        now in moment(),
        later in 0_i64..400_000,
    ) {
        let then = now + SignedDuration::from_secs(later);
        if gate(true, Some(&told), &requests, now) == SyncGate::Open {
            prop_assert_eq!(gate(true, Some(&told), &requests, then), SyncGate::Open);
        }
    }
}
