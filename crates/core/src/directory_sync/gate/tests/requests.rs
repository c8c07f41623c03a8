//! Which synchronisation came of a request, how far it is, and what is in doubt.

use super::*;

#[test]
fn ours_is_known_by_tracking_id_or_by_beginning_later() {
    let gate_of = |told: &Told, request: Asked| gate(true, Some(told), &[request], hour(3));
    // Never seen to its end: Patchbay was closed, or gave up.
    assert!(held(&gate_of(&done(1, 2), asked(0))));
    // What stood there before stands there still.
    let waiting = Asked {
        before: done(1, 2),
        ..asked(2)
    };
    assert!(matches!(gate_of(&done(1, 2), waiting), SyncGate::Ask { .. }));
    // By Webex's tracking id, though its clock has gone back.
    let mut told = done(1, 2);
    let late = Asked {
        before: done(2, 3),
        ..asked(0)
    };
    assert!(!held(&gate_of(&told, late.clone())));
    for (tracking, ours) in [
        ("PATCHBAY_0", true),
        ("PATCHBAY_0_44", true),
        ("PATCHBAY_01", false),
        ("NA_PATCHBAY_0", false),
    ] {
        told.tracking_id = Some(tracking.to_owned());
        assert_eq!(held(&gate_of(&told, late.clone())), ours, "{tracking}");
    }
    // A day after the request it is another one's.
    let forgotten = asked(-30);
    assert!(matches!(gate_of(&done(1, 2), forgotten), SyncGate::Ask { .. }));
    // What was seen of it counts more than what comes after.
    let seen = Asked {
        started: Some(hour(-2)),
        ..asked(-3)
    };
    assert!(matches!(gate_of(&done(1, 2), seen), SyncGate::Ask { .. }));
}

#[test]
fn how_far_a_request_is() {
    let before = done(-9, -8);
    let request = Asked {
        before: before.clone(),
        ..asked(0)
    };
    assert_eq!(request.progress(&before, false), Progress::Queued);
    assert_eq!(request.progress(&before, true), Progress::Queued);
    assert_eq!(request.progress(&running(1), false), Progress::Running);
    assert_eq!(request.progress(&done(1, 2), false), Progress::Over);
    let mut strange = done(1, 2);
    strange.state = SyncState::Unknown {
        status: "HIBERNATING".to_owned(),
    };
    assert_eq!(request.progress(&strange, false), Progress::Over);
    strange.ended = before.ended;
    assert_eq!(request.progress(&strange, true), Progress::Queued);
    // The same failure as before is told until something happens; another one is the answer.
    let told = |errors: &[&str]| Told {
        state: failed(errors),
        ..Told::nothing(hour(0))
    };
    let request = Asked {
        before: told(&["6003"]),
        ..asked(0)
    };
    assert_eq!(request.progress(&told(&["6003"]), false), Progress::Queued);
    assert_eq!(request.progress(&told(&["6012"]), false), Progress::Over);
    assert_eq!(request.progress(&told(&["6003"]), true), Progress::Over);
}

#[test]
fn one_of_which_nothing_is_known_is_asked_about() {
    let lost = Asked {
        lost: true,
        before: done(-9, -8),
        ..asked(20)
    };
    let given_up = Asked {
        open: true,
        lost: false,
        ..lost.clone()
    };
    let ask = SyncGate::Ask {
        ended_at: None,
        asked_at: Some(hour(20).to_string()),
        until: hour(68).to_string(),
    };
    let gate_of =
        |told: &Told, request: &Asked, now| gate(true, Some(told), std::slice::from_ref(request), now);
    for now in [21, 43, 67] {
        assert_eq!(gate_of(&done(-9, -8), &lost, hour(now)), ask, "{now}");
    }
    assert_eq!(gate_of(&done(-9, -8), &lost, hour(68)), SyncGate::Open);
    // Open for a day, and nobody there to give it up.
    assert!(matches!(
        gate_of(&done(-9, -8), &given_up, hour(43)),
        SyncGate::Queued { .. }
    ));
    assert_eq!(gate_of(&done(-9, -8), &given_up, hour(44)), ask);
    // It came after all.
    assert_eq!(
        gate_of(&running(21), &lost, hour(22)),
        SyncGate::Running {
            started_at: Some(hour(21).to_string()),
            ours: true,
        }
    );
    assert!(held(&gate_of(&done(21, 22), &lost, hour(23))));
    // A word nobody knows may mean that Webex is at work.
    let mut strange = done(21, 22);
    strange.state = SyncState::Unknown {
        status: "HIBERNATING".to_owned(),
    };
    (strange.ended, strange.succeeded) = (None, None);
    assert_eq!(gate_of(&strange, &lost, hour(23)), ask);
    // Refused is known.
    let refused = Asked {
        refused: true,
        lost: false,
        ..lost
    };
    assert_eq!(gate_of(&done(-9, -8), &refused, hour(21)), SyncGate::Open);
}

#[test]
fn another_one_since_is_neither_its_nor_the_one_before() {
    let ours = Asked {
        started: Some(hour(1)),
        tracking_id: Some("NA_1".to_owned()),
        ..asked(0)
    };
    for other in [done(5, 6), running(5)] {
        assert_eq!(ours.progress(&other, true), Progress::Passed);
        // A start that Webex put right is no other one.
        let same = Told {
            tracking_id: Some("NA_1".to_owned()),
            ..other.clone()
        };
        assert_ne!(ours.progress(&same, true), Progress::Passed);
        let by_request = Told {
            tracking_id: Some("PATCHBAY_0_3".to_owned()),
            ..other.clone()
        };
        assert_ne!(ours.progress(&by_request, true), Progress::Passed);
        // Never seen to begin: it may be its.
        assert_ne!(asked(0).progress(&other, true), Progress::Passed);
    }
    assert_eq!(ours.progress(&done(1, 2), true), Progress::Over);
    let lost = Asked { lost: true, ..ours };
    let gate_of = |told: &Told| gate(true, Some(told), std::slice::from_ref(&lost), hour(7));
    assert_eq!(
        gate_of(&running(5)),
        SyncGate::Running {
            started_at: Some(hour(5).to_string()),
            ours: false,
        }
    );
    assert!(matches!(
        gate_of(&done(5, 6)),
        SyncGate::Ask {
            ended_at: Some(_),
            ..
        }
    ));
}

#[test]
fn another_one_carried_out_before_ours_does_not_shorten_the_hold() {
    // Theirs began after our request and was taken for ours; ours came after it.
    let request = ended(0, 1, 2);
    let ours = Told {
        tracking_id: Some("PATCHBAY_0_1".to_owned()),
        ..done(2, 6)
    };
    let gate_at = |now| gate(true, Some(&ours), std::slice::from_ref(&request), hour(now));
    assert!(held(&gate_at(29)), "{:?}", gate_at(29));
    assert_eq!(gate_at(30), SyncGate::Open);
}
