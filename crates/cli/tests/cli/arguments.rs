//! Arguments: what is wrong, where global options may stand, what must never be an argument.

use crate::support::desk::{ORG, PASSPHRASE, PASSPHRASE_VARIABLE, RunToEnd, text};
use crate::support::files::BY_NAME;
use crate::support::{Desk, binary};

#[test]
fn wrong_arguments_are_status_2() {
    let desk = Desk::new();
    let file = desk.file("right.csv", format!("{BY_NAME}101,Ann Lee,\n"));
    let wrong: &[&[&str]] = &[
        &[],
        &["bulk"],
        &["nothing"],
        &["bulk", "validate"],
        &["bulk", "validate", &file, "--format", "xml"],
        &["bulk", "validate", &file, "--nonsense"],
        &["bulk", "sample"],
        &["bulk", "sample", "--by", "phone"],
        &["bulk", "run", &file],
        &["bulk", "run", &file, "--org", ORG, "--yes"],
        &["bulk", "run", "--org", ORG, "--location", "x", "--licence", "y"],
        &["bulk", "resume"],
        &["bulk", "report"],
        &["bulk", "report", "x", "--kind", "pretty"],
        &["bulk", "list", "extra"],
        &["org", "add"],
        &["org", "connect", ORG],
        &["org", "connect", ORG, "--client-id", "x", "--client-secret", "y"],
        &[
            "org",
            "connect",
            ORG,
            "--client-id",
            "x",
            "--client-secret-env",
            "V",
            "--method",
            "magic",
        ],
        &["org", "sync"],
        &["org", "remove"],
        &["sandbox", "serve", "--seed", "nothing"],
        &["sandbox", "serve", "--port", "70000"],
        &["sandbox", "serve", "--rate", "0"],
        &["sandbox", "serve", "--rate", "-3"],
        &["sandbox", "serve", "--rate", "NaN"],
    ];
    for arguments in wrong {
        let ended = desk_free(&desk, arguments);
        assert_eq!(ended.code(), 2, "{arguments:?}: {}", ended.err);
        assert_eq!(ended.text(), "", "{arguments:?}");
        assert!(!ended.err.trim().is_empty(), "{arguments:?} says what is wrong");
    }
    assert!(!desk.data.exists(), "nothing is made for wrong arguments");
}

fn desk_free(desk: &Desk, arguments: &[&str]) -> crate::support::Ended {
    binary()
        .env("PATCHBAY_DATA_DIR", &desk.data)
        .args(arguments)
        .ended()
}

#[test]
fn help_and_version_are_status_0() {
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["bulk", "--help"],
        &["bulk", "run", "--help"],
        &["help", "org"],
    ] {
        let ended = binary().args(arguments).ended().expect(0);
        assert!(!ended.text().is_empty(), "{arguments:?}");
    }
}

#[test]
fn global_options_stand_before_or_after_the_subcommand() {
    let desk = Desk::new();
    let data = text(&desk.data);
    let name = ["before", "between", "after"];
    let places: [&[&str]; 3] = [
        &[
            "--data-dir",
            &data,
            "--vault-passphrase-env",
            PASSPHRASE_VARIABLE,
            "org",
            "add",
            name[0],
        ],
        &[
            "org",
            "--data-dir",
            &data,
            "add",
            name[1],
            "--vault-passphrase-env",
            PASSPHRASE_VARIABLE,
        ],
        &[
            "org",
            "add",
            name[2],
            "--vault-passphrase-env",
            PASSPHRASE_VARIABLE,
            "--data-dir",
            &data,
        ],
    ];
    for arguments in places {
        binary()
            .env(PASSPHRASE_VARIABLE, PASSPHRASE)
            .args(arguments)
            .ended()
            .expect(0);
    }
    let listed = desk.run(&["org", "list", "--format", "json"]).expect(0).json();
    let mut names: Vec<&str> = listed["organisations"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|org| org["name"].as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["after", "before", "between"]);
}

#[test]
fn a_passphrase_variable_that_is_not_set_or_empty_is_status_2() {
    let desk = Desk::new();
    for (value, say) in [(None, "not set"), (Some(""), "empty")] {
        let mut command = binary();
        command.arg("--data-dir").arg(&desk.data).args([
            "--vault-passphrase-env",
            "TEST_NO_PASSPHRASE",
            "org",
            "list",
        ]);
        command.env_remove("TEST_NO_PASSPHRASE");
        if let Some(value) = value {
            command.env("TEST_NO_PASSPHRASE", value);
        }
        let ended = command.ended().expect(2);
        assert!(
            ended.err.contains("TEST_NO_PASSPHRASE") && ended.err.contains(say),
            "{}",
            ended.err
        );
    }
}

#[test]
fn a_wrong_passphrase_is_said_and_changes_nothing() {
    let desk = Desk::new();
    desk.run(&["org", "add", ORG]).expect(0);
    let ended = desk
        .command(&["org", "list"])
        .env(PASSPHRASE_VARIABLE, "something else entirely")
        .ended()
        .expect(1);
    assert!(ended.err.to_lowercase().contains("passphrase"), "{}", ended.err);
    assert!(!ended.err.contains("something else entirely"));
    let listed = desk.run(&["org", "list"]).expect(0);
    assert!(listed.text().contains(ORG));
}
