//! `sandbox serve` as a script sees it.

use crate::support::SandboxProcess;
use crate::support::desk::RunToEnd;
use crate::support::{Desk, binary};
use serde_json::Value;

#[test]
fn the_first_line_is_all_there_is_on_standard_output() {
    for seed in ["demo", "awkward"] {
        let sandbox = SandboxProcess::serve(&["--seed", seed]);
        for field in [
            "base_url",
            "client_id",
            "client_secret",
            "redirect_uri",
            "access_token",
        ] {
            assert!(!sandbox.announced(field).is_empty(), "{field}");
        }
        assert!(sandbox.base_url().ends_with("/v1"));
        assert!(
            sandbox.base_url().starts_with("http://127.0.0.1:"),
            "on loopback only"
        );
        assert!(!sandbox.people("").is_empty(), "it serves");
        let printed = sandbox.printed();
        assert_eq!(printed.lines().count(), 1);
        let ended = sandbox.stop();
        assert_eq!(ended.text(), printed, "nothing more at the end");
        #[cfg(unix)]
        assert_eq!(ended.code(), 0);
    }
}

#[test]
fn a_port_that_is_taken_is_said() {
    let sandbox = SandboxProcess::serve(&[]);
    let port = sandbox
        .base_url()
        .trim_end_matches("/v1")
        .rsplit_once(':')
        .map(|(_, port)| port.to_owned())
        .expect("a port");
    let ended = binary()
        .args(["sandbox", "serve", "--port", &port])
        .ended()
        .expect(1);
    assert_eq!(ended.text(), "");
    assert!(ended.err.contains(&port), "{}", ended.err);
}

#[test]
fn the_same_seed_starts_the_same() {
    let facts = |sandbox: &SandboxProcess| {
        (
            sandbox.announced("client_id"),
            sandbox.people("").len(),
            Value::from(sandbox.people("")),
        )
    };
    let first = facts(&SandboxProcess::demo());
    assert_eq!(facts(&SandboxProcess::demo()), first);
    assert!(first.1 > 2_000);
}

#[test]
fn its_own_sample_names_every_planted_problem() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::copied(&sandbox);
    let file = desk.file("sample.csv", sandbox.sample());
    let result = desk
        .run(&[
            "bulk",
            "validate",
            &file,
            "--org",
            crate::support::desk::ORG,
            "--format",
            "json",
        ])
        .expect(1)
        .json();
    let planted = [
        (12, "ext_key_length"),
        (27, "ext_key_not_numeric"),
        (41, "ext_key_duplicate"),
        (58, "number_formatted"),
        (73, "spreadsheet_artifact"),
        (90, "number_scientific"),
        (118, "identity_blank"),
        (142, "user_not_found"),
        (205, "number_not_in_inventory"),
        (233, "number_taken"),
        (260, "user_already_assigned"),
    ];
    let issues = result["issues"].as_array().expect("issues");
    for (row, code) in planted {
        assert!(
            issues
                .iter()
                .any(|issue| issue["row"] == row && issue["code"] == code),
            "{code} in row {row} of {issues:#?}"
        );
    }
    assert_eq!(issues.len(), planted.len(), "{issues:#?}");
}
