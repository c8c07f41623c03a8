use super::*;
use crate::directory_sync::{SyncCounts, SyncError, SyncRequest};
use crate::error::Failure;
use crate::runs::Hold;

fn facts() -> Facts {
    Facts {
        organisation: "o".to_owned(),
        organisation_name: "Northgate".to_owned(),
        notices: Vec::new(),
        enterprises: Vec::new(),
        stuck: Stuck::default(),
        in_error: 0,
        waiting: Vec::new(),
        transactions: Vec::new(),
        since: Timestamp::UNIX_EPOCH,
        licences: Vec::new(),
    }
}

fn notice(kind: NoticeKind, urgency: Urgency) -> Notice {
    Notice {
        id: "n".to_owned(),
        kind,
        urgency,
        organisation: "o".to_owned(),
        organisation_name: "Northgate".to_owned(),
        title: "Consent".to_owned(),
        message: "Connect it.".to_owned(),
        at: None,
        dismissed: false,
    }
}

fn enterprise(gate: SyncGate, activated: Option<u32>) -> Enterprise {
    Enterprise {
        id: "e".to_owned(),
        org_id: None,
        sp_enterprise_id: "SP1+acme".to_owned(),
        enabled: true,
        sync: SyncState::Failed {
            ended_at: None,
            errors: vec![SyncError {
                code: Some("6003".to_owned()),
                description: "No way to the cluster.".to_owned(),
            }],
        },
        last_started_at: None,
        last_ended_at: None,
        last_succeeded_at: None,
        tracking_id: None,
        counts: SyncCounts::default(),
        request: Some(SyncRequest {
            at: String::new(),
            who: String::new(),
            transaction: Some("sync".to_owned()),
            open: false,
            own_result: true,
        }),
        gate,
        activated,
        as_of: String::new(),
    }
}

fn transaction(id: &str, kind: TransactionKind, title: &str, state: TransactionState) -> Transaction {
    Transaction {
        id: id.to_owned(),
        kind,
        title: title.to_owned(),
        organisation: Some("o".to_owned()),
        organisation_name: None,
        who: String::new(),
        state,
        started_at: String::new(),
        ended_at: None,
        steps: Vec::new(),
        failure: (state == TransactionState::Failed).then(|| Failure {
            code: ErrorCode::Unreachable,
            message: "Webex cannot be reached.".to_owned(),
            field: None,
            retryable: true,
            tracking_id: None,
        }),
        tracking_ids: Vec::new(),
        run: None,
        retryable: false,
    }
}

fn run(state: RunState, hold: Option<(HoldReason, Option<&str>)>) -> RunProgress {
    RunProgress {
        id: "r".to_owned(),
        template: Some("t".to_owned()),
        name: "Leeds".to_owned(),
        organisation: "o".to_owned(),
        organisation_name: "Northgate".to_owned(),
        state,
        hold: hold.map(|(reason, until)| Hold {
            reason,
            message: "A reason.".to_owned(),
            since: String::new(),
            until: until.map(str::to_owned),
            tracking_id: None,
        }),
        verifying: false,
        rows: 1,
        pending: 1,
        assigned: 0,
        already: 0,
        failed: 0,
        skipped: 0,
        unknown: 0,
        requests: 0,
        throttled: 0,
        per_second: None,
        seconds_left: None,
        started_at: String::new(),
        ended_at: None,
        who: String::new(),
        samples: Vec::new(),
        causes: Vec::new(),
    }
}

fn licence(total: Option<u32>, consumed: u32) -> Licence {
    Licence {
        id: format!("{total:?}{consumed}"),
        name: "Webex Calling".to_owned(),
        total,
        consumed,
        available: total.map(|total| total.saturating_sub(consumed)),
        subscription: None,
        calling: true,
    }
}

fn titles(facts: Facts) -> Vec<String> {
    items(facts).into_iter().map(|item| item.title).collect()
}

#[test]
fn nothing_needs_no_attention() {
    assert!(items(facts()).is_empty());
}

#[test]
fn the_most_urgent_stands_first_and_each_leads_somewhere() {
    let all = items(Facts {
        notices: vec![
            notice(NoticeKind::ConsentEnds, Urgency::Info),
            notice(NoticeKind::ScheduleFails, Urgency::Urgent),
        ],
        enterprises: vec![enterprise(SyncGate::Open, None)],
        stuck: Stuck {
            count: 5,
            names: vec![
                "Yusuf Demir".into(),
                "Olena Kovalchuk".into(),
                "Wei Jun Tan".into(),
            ],
        },
        in_error: 2,
        waiting: vec![run(RunState::Paused, Some((HoldReason::Consent, None)))],
        transactions: vec![transaction(
            "x",
            TransactionKind::MirrorSync,
            "Sync of Northgate",
            TransactionState::Failed,
        )],
        licences: vec![licence(Some(50), 50), licence(Some(50), 46)],
        ..facts()
    });
    let seen: Vec<(Urgency, &str)> = all
        .iter()
        .map(|item| (item.urgency, item.title.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            (Urgency::Urgent, "Consent"),
            (Urgency::Urgent, "Leeds is paused"),
            (Urgency::Warning, "Directory sync of SP1+acme failed"),
            (Urgency::Warning, "5 users are stuck"),
            (Urgency::Warning, "2 users in error"),
            (Urgency::Warning, "Failed: Sync of Northgate"),
            (Urgency::Warning, "No Webex Calling is left"),
            (Urgency::Info, "Consent"),
            (Urgency::Info, "4 of 50 Webex Calling left"),
        ]
    );
    let stuck = &all[3];
    assert!(
        stuck
            .message
            .starts_with("Yusuf Demir, Olena Kovalchuk, Wei Jun Tan and 2 more have waited"),
        "{stuck:?}"
    );
    assert_eq!(stuck.action, AttentionAction::ShowStuck);
    let ids: HashSet<&str> = all.iter().map(|item| item.id.as_str()).collect();
    // Two notices of one id here; every other id is its own.
    assert_eq!(ids.len(), all.len() - 1);
    for item in &all {
        assert!(item.message.ends_with('.'), "{item:?}");
    }
}

#[test]
fn a_failed_sync_says_what_to_do_now() {
    let message = |gate, activated| {
        items(Facts {
            enterprises: vec![enterprise(gate, activated)],
            ..facts()
        })
        .remove(0)
        .message
    };
    assert!(message(SyncGate::Open, Some(3)).contains("(error 6003). Put the reason right, then"));
    assert!(message(SyncGate::Open, Some(0)).contains("No user of the enterprise is activated"));
    assert!(
        message(
            SyncGate::Queued {
                asked_at: String::new()
            },
            Some(0)
        )
        .contains("asked for again; wait")
    );
    let held = SyncGate::Held {
        until: String::new(),
        ended_at: String::new(),
        elapsed_seconds: 1,
    };
    assert!(message(held, None).contains("24 hours"));
}

#[test]
fn only_what_nothing_else_tells_is_a_failed_transaction() {
    use TransactionKind as Kind;
    use TransactionState as State;
    let sync = |id, state| transaction(id, Kind::MirrorSync, "Sync of Northgate", state);
    // Newest first: done again since, or under way again.
    for now in [State::Succeeded, State::Running, State::Cancelled] {
        let again = vec![sync("2", now), sync("1", State::Failed)];
        assert!(
            titles(Facts {
                transactions: again,
                ..facts()
            })
            .is_empty()
        );
    }
    // Of the failures, those that ended within the time.
    let ended = |at: &str| {
        let mut failed = sync("1", State::Failed);
        failed.ended_at = Some(at.to_owned());
        titles(Facts {
            since: "2026-11-21T10:00:00.5Z".parse().unwrap(),
            transactions: vec![failed],
            ..facts()
        })
        .len()
    };
    assert_eq!(ended("2026-11-21T10:00:00Z"), 0);
    assert_eq!(ended("2026-11-21T10:00:01Z"), 1);
    // The failure that is shown is an older one's.
    let mut refused = enterprise(SyncGate::Open, None);
    for (own_result, shown) in [(true, 1), (false, 2)] {
        if let Some(request) = &mut refused.request {
            request.own_result = own_result;
        }
        let of_sync = transaction(
            "sync",
            Kind::DirectorySync,
            "Directory sync of SP1+acme",
            State::Failed,
        );
        let titles = titles(Facts {
            enterprises: vec![refused.clone()],
            transactions: vec![of_sync],
            ..facts()
        });
        assert_eq!(titles.len(), shown, "{titles:?}");
    }
    let twice = vec![sync("2", State::Failed), sync("1", State::Failed)];
    assert_eq!(
        titles(Facts {
            transactions: twice,
            ..facts()
        })
        .len(),
        1
    );
    let before = vec![sync("2", State::Failed), sync("1", State::Succeeded)];
    assert_eq!(
        titles(Facts {
            transactions: before,
            ..facts()
        })
        .len(),
        1
    );

    let covered = Facts {
        notices: vec![notice(NoticeKind::ConsentNeeded, Urgency::Urgent)],
        enterprises: vec![enterprise(SyncGate::Open, None)],
        waiting: vec![run(RunState::Interrupted, None)],
        transactions: vec![
            transaction("t", Kind::TokenRefresh, "Tokens", State::Failed),
            transaction("sync", Kind::DirectorySync, "Directory sync", State::Failed),
            Transaction {
                run: Some("r".to_owned()),
                ..transaction("b", Kind::BulkAssignment, "Leeds", State::Failed)
            },
        ],
        ..facts()
    };
    assert_eq!(
        titles(covered),
        [
            "Consent",
            "Directory sync of SP1+acme failed",
            "Leeds was interrupted"
        ]
    );
    let bare = Facts {
        transactions: vec![transaction("t", Kind::TokenRefresh, "Tokens", State::Failed)],
        ..facts()
    };
    assert_eq!(titles(bare), ["Failed: Tokens"]);
}

#[test]
fn a_paused_run_is_as_urgent_as_its_reason() {
    let urgency = |state, hold| {
        items(Facts {
            waiting: vec![run(state, hold)],
            ..facts()
        })[0]
            .urgency
    };
    assert_eq!(urgency(RunState::Interrupted, None), Urgency::Warning);
    assert_eq!(urgency(RunState::Paused, None), Urgency::Info);
    for (reason, until, expected) in [
        (HoldReason::Person, None, Urgency::Info),
        (HoldReason::Throttled, Some("soon"), Urgency::Info),
        (HoldReason::Network, None, Urgency::Warning),
        (HoldReason::LicencesExhausted, None, Urgency::Warning),
        (HoldReason::Consent, None, Urgency::Urgent),
        (HoldReason::Disk, None, Urgency::Urgent),
    ] {
        assert_eq!(
            urgency(RunState::Paused, Some((reason, until))),
            expected,
            "{reason:?}"
        );
    }
}

#[test]
fn a_licence_runs_short_below_a_tenth() {
    let short = |total, consumed| {
        !titles(Facts {
            licences: vec![licence(total, consumed)],
            ..facts()
        })
        .is_empty()
    };
    assert!(!short(None, 900), "without a limit");
    assert!(!short(Some(0), 0), "none were bought");
    assert!(!short(Some(100), 90), "a tenth");
    assert!(short(Some(100), 91));
    assert!(short(Some(100), 130), "more than there are");
    assert!(short(Some(9), 9));
    assert!(!short(Some(9), 8));
}
