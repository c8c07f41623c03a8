//! Where the key of the secrets is kept, and how it moves (product O3; architecture invariant 7).

use patchbay_api::commands::dispatch;
use patchbay_api::{KeychainChoice, OpenOptions, Patchbay};
use patchbay_core::clock::SystemClock;
use patchbay_core::secrets::{Keychain, KeychainProblem, MemoryKeychain};
use patchbay_core::{ErrorCode, Failure};
use patchbay_tests::{World, quick};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use zeroize::Zeroizing;

async fn status(world: &World) -> Value {
    world.call("vault.status", json!({})).await
}

fn open_in(place: &str) -> Value {
    json!({ "state": "open", "keyIn": place })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_moves_out_of_the_keychain_and_back_without_losing_a_secret() {
    let mut world = World::new().await;
    assert_eq!(status(&world).await, open_in("keychain"));
    assert_eq!(world.keychain.entries(), 1);
    let to = |place: &str, present: Option<&str>, new: Option<&str>| json!({ "to": place, "passphrase": present, "newPassphrase": new });

    for (request, code, words) in [
        (to("keychain", None, None), ErrorCode::Conflict, "there already"),
        (
            to("session", None, None),
            ErrorCode::Invalid,
            "gone when Patchbay quits",
        ),
        (
            to("passphrase", None, None),
            ErrorCode::Invalid,
            "passphrase is empty",
        ),
        (
            to("passphrase", None, Some("")),
            ErrorCode::Invalid,
            "passphrase is empty",
        ),
    ] {
        let failure = world.refused("vault.move", request, code).await;
        assert!(failure.message.contains(words), "{}", failure.message);
    }
    assert_eq!(status(&world).await, open_in("keychain"));

    let moved = world
        .call("vault.move", to("passphrase", None, Some("correct horse")))
        .await;
    assert_eq!(moved, open_in("passphrase"));
    assert_eq!(world.keychain.entries(), 0, "the old place is given up");
    world.sync().await;
    world.restart().await;
    assert_eq!(status(&world).await["state"], "locked");
    let wrong = json!({ "passphrase": "battery staple" });
    world.refused("vault.unlock", wrong, ErrorCode::VaultLocked).await;
    world
        .call("vault.unlock", json!({ "passphrase": "correct horse" }))
        .await;
    world.sync().await;

    let failure = world
        .refused(
            "vault.move",
            to("keychain", Some("battery staple"), None),
            ErrorCode::VaultLocked,
        )
        .await;
    assert!(
        failure.message.contains("passphrase is wrong"),
        "{}",
        failure.message
    );
    let missing = world
        .refused("vault.move", to("keychain", None, None), ErrorCode::Invalid)
        .await;
    assert!(
        missing.message.contains("passphrase is empty"),
        "{}",
        missing.message
    );
    let again = to("passphrase", Some("correct horse"), Some("other"));
    let failure = world.refused("vault.move", again, ErrorCode::Conflict).await;
    assert!(
        failure.message.contains("Change the passphrase"),
        "{}",
        failure.message
    );
    assert_eq!(world.keychain.entries(), 0);
    assert_eq!(status(&world).await, open_in("passphrase"));

    // Another Patchbay on the same folder follows.
    let other = world.another().await;
    let moved = world
        .call("vault.move", to("keychain", Some("correct horse"), None))
        .await;
    assert_eq!(moved, open_in("keychain"));
    assert_eq!(world.keychain.entries(), 1);
    let seen = dispatch(&other, "vault.status", json!({})).await.unwrap();
    assert_eq!(seen, open_in("keychain"));
    other.close().await;
    world.restart().await;
    assert_eq!(status(&world).await, open_in("keychain"));
    world.sync().await;
    assert!(!world.said().contains("correct horse") && !world.said().contains("battery staple"));
}

/// A Patchbay on `folder` as the system gives it one.
async fn patchbay(folder: &Path, keychain: KeychainChoice) -> Patchbay {
    Patchbay::open(OpenOptions {
        data_dir: folder.to_owned(),
        log_dir: folder.join("logs"),
        keychain,
        clock: Arc::new(SystemClock),
        timing: quick(),
        background: false,
    })
    .await
    .unwrap()
}

async fn ask(patchbay: &Patchbay, name: &str, request: Value) -> Result<Value, Failure> {
    dispatch(patchbay, name, request).await
}

/// Registers an organisation with a sealed proxy.
async fn register(patchbay: &Patchbay, name: &str) -> String {
    let fields = json!({
        "name": name, "wholesale": false, "contactCenter": false, "contactCenterRegion": null, "accountNumber": null,
        "adminEmail": null, "httpProxy": {"kind": "set", "value": "http://user:pa55@127.0.0.1:1"},
        "httpsProxy": {"kind": "keep"}, "defaultCallingBehaviour": null, "emailDomain": null,
        "directorySyncEnabled": false, "syncOnCreate": true, "notes": null,
        "environment": {"kind": "custom", "base_url": "http://127.0.0.1:2/v1"},
    });
    let created = ask(patchbay, "organisations.create", json!({ "fields": fields })).await;
    created.unwrap()["id"].as_str().unwrap().to_owned()
}

/// That the sealed proxy opens: the check reads it before it begins.
async fn opens(patchbay: &Patchbay, organisation: &str) -> Result<(), Failure> {
    let request = json!({ "organisation": organisation });
    ask(patchbay, "organisations.checkConnection", request)
        .await
        .map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keychain_that_is_not_there_is_refused_and_the_passphrase_stays() {
    let folder = tempfile::tempdir().unwrap();
    let patchbay = patchbay(folder.path(), KeychainChoice::None).await;
    let create = json!({ "keyIn": "passphrase", "passphrase": "correct horse" });
    ask(&patchbay, "vault.create", create).await.unwrap();
    let organisation = register(&patchbay, "Kestrel").await;
    let to = json!({ "to": "keychain", "passphrase": "correct horse", "newPassphrase": null });
    let failure = ask(&patchbay, "vault.move", to).await.unwrap_err();
    assert_eq!(failure.code, ErrorCode::VaultMissing, "{failure:?}");
    assert!(
        failure.message.contains("offers no keychain"),
        "{}",
        failure.message
    );
    assert_eq!(
        ask(&patchbay, "vault.status", json!({})).await.unwrap(),
        open_in("passphrase")
    );
    opens(&patchbay, &organisation).await.unwrap();
    patchbay.close().await;
}

/// A keychain that has its moods.
#[derive(Debug, Clone, Default)]
struct Moody {
    entries: MemoryKeychain,
    /// Takes what it is given and gives nothing back.
    forgets: Arc<AtomicBool>,
    /// Deletes nothing, as if the process ended before.
    keeps: Arc<AtomicBool>,
}

impl Keychain for Moody {
    fn get(&self, account: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainProblem> {
        self.entries.get(account)
    }

    fn set(&self, account: &str, secret: &[u8]) -> Result<(), KeychainProblem> {
        if self.forgets.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.entries.set(account, secret)
    }

    fn delete(&self, account: &str) -> Result<(), KeychainProblem> {
        if self.keeps.load(Ordering::SeqCst) {
            return Err(KeychainProblem::Locked("just now".to_owned()));
        }
        self.entries.delete(account)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_place_is_given_up_last_and_holds_nothing_that_opens() {
    let folder = tempfile::tempdir().unwrap();
    let keychain = Moody::default();
    let open = async || patchbay(folder.path(), KeychainChoice::Other(Arc::new(keychain.clone()))).await;
    let first = open().await;
    let organisation = register(&first, "Kestrel").await;
    assert_eq!(
        ask(&first, "vault.status", json!({})).await.unwrap(),
        open_in("keychain")
    );

    // Ended between the new place and the old one: the new one stands.
    keychain.keeps.store(true, Ordering::SeqCst);
    let to = json!({ "to": "passphrase", "passphrase": null, "newPassphrase": "correct horse" });
    assert_eq!(
        ask(&first, "vault.move", to).await.unwrap(),
        open_in("passphrase")
    );
    assert_eq!(keychain.entries.entries(), 1, "what was left behind");
    first.close().await;
    let next = open().await;
    assert_eq!(
        opens(&next, &organisation).await.unwrap_err().code,
        ErrorCode::VaultLocked,
        "the entry left behind opens nothing"
    );
    ask(&next, "vault.unlock", json!({ "passphrase": "correct horse" }))
        .await
        .unwrap();
    opens(&next, &organisation).await.unwrap();

    // A keychain that does not give the key back is not trusted with it.
    keychain.keeps.store(false, Ordering::SeqCst);
    keychain.forgets.store(true, Ordering::SeqCst);
    let back = json!({ "to": "keychain", "passphrase": "correct horse", "newPassphrase": null });
    let failure = ask(&next, "vault.move", back.clone()).await.unwrap_err();
    assert!(
        failure.message.contains("the key was gone"),
        "{}",
        failure.message
    );
    opens(&next, &organisation).await.unwrap();
    keychain.forgets.store(false, Ordering::SeqCst);
    assert_eq!(ask(&next, "vault.move", back).await.unwrap(), open_in("keychain"));
    next.close().await;
    let last = open().await;
    opens(&last, &organisation).await.unwrap();
    last.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_in_memory_moves_out_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let first = patchbay(folder.path(), KeychainChoice::None).await;
    ask(
        &first,
        "vault.create",
        json!({ "keyIn": "session", "passphrase": null }),
    )
    .await
    .unwrap();
    let organisation = register(&first, "Kestrel").await;
    let to = json!({ "to": "passphrase", "passphrase": null, "newPassphrase": "later" });
    assert_eq!(
        ask(&first, "vault.move", to).await.unwrap(),
        open_in("passphrase")
    );
    first.close().await;
    let next = patchbay(folder.path(), KeychainChoice::None).await;
    assert_eq!(
        opens(&next, &organisation).await.unwrap_err().code,
        ErrorCode::VaultLocked
    );
    ask(&next, "vault.unlock", json!({ "passphrase": "later" }))
        .await
        .unwrap();
    opens(&next, &organisation).await.unwrap();
    next.close().await;
}

/// The real thing, in a session bus of its own.
#[cfg(target_os = "linux")]
mod secret_service {
    use super::*;
    use std::process::Command;
    use tempfile::TempDir;

    const PHASE: &str = "PATCHBAY_TESTS_PHASE";
    const FOLDER: &str = "PATCHBAY_TESTS_FOLDER";

    fn installed(program: &str) {
        let there = std::env::var_os("PATH")
            .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).exists()));
        assert!(
            there,
            "{program} is missing: install it (cargo xtask setup; on Debian, apt-get install dbus gnome-keyring)"
        );
    }

    /// Carries out `phase` in a child. With `keyring`, in a session whose keyring is opened, or made, with that password.
    async fn child(home: &TempDir, keyring: Option<&str>, phase: &str) {
        installed("dbus-run-session");
        installed("gnome-keyring-daemon");
        let this = std::env::current_exe().unwrap();
        let mut command = match keyring {
            Some(_) => {
                let mut command = Command::new("dbus-run-session");
                command.args([
                    "--",
                    "bash",
                    "-c",
                    "printf %s \"$KEYRING\" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\nexec \"$0\" \"$@\"",
                ]);
                command.arg(&this);
                command
            }
            None => Command::new(&this),
        };
        command
            .args([
                "--exact",
                "vault::secret_service::child_phase",
                "--ignored",
                "--nocapture",
            ])
            .env("HOME", home.path())
            .env("XDG_RUNTIME_DIR", home.path())
            .env("KEYRING", keyring.unwrap_or_default())
            .env(PHASE, phase)
            .env(FOLDER, home.path().join("data"));
        for known in [
            "DISPLAY",
            "WAYLAND_DISPLAY",
            "DBUS_SESSION_BUS_ADDRESS",
            "XDG_DATA_HOME",
            "GNOME_KEYRING_CONTROL",
        ] {
            command.env_remove(known);
        }
        let ended = tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stdout).into_owned();
        assert!(
            ended.status.success() && said.contains("1 passed"),
            "{phase}: {said}{}",
            String::from_utf8_lossy(&ended.stderr)
        );
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_real_secret_service_holds_the_key() {
        let home = tempfile::Builder::new().prefix("pb").tempdir().unwrap();
        child(&home, Some("open sesame"), "keeps").await;
        child(&home, Some("open sesame"), "keeps over a restart").await;
        child(&home, Some("not the password"), "locked").await;
        child(&home, None, "no session").await;
        child(&home, Some("open sesame"), "moves").await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn without_one_a_passphrase_keeps_the_key() {
        let home = tempfile::Builder::new().prefix("pb").tempdir().unwrap();
        child(&home, None, "passphrase").await;
    }

    #[tokio::test(flavor = "multi_thread")]
    #[ignore = "runs in a child of another test"]
    async fn child_phase() {
        let folder = std::env::var(FOLDER).unwrap();
        let patchbay = patchbay(Path::new(&folder), KeychainChoice::System).await;
        let status = async || ask(&patchbay, "vault.status", json!({})).await.unwrap();
        let only = async || {
            let listed = ask(&patchbay, "organisations.list", json!({})).await.unwrap();
            listed["organisations"][0]["id"].as_str().unwrap().to_owned()
        };
        match std::env::var(PHASE).unwrap().as_str() {
            "keeps" => {
                assert_eq!(
                    status().await,
                    json!({ "state": "missing", "keychainProblem": null })
                );
                // The first secret makes the vault there, without a question.
                let organisation = register(&patchbay, "Kestrel").await;
                assert_eq!(status().await, open_in("keychain"));
                opens(&patchbay, &organisation).await.unwrap();
            }
            "keeps over a restart" => {
                assert_eq!(status().await, open_in("keychain"));
                opens(&patchbay, &only().await).await.unwrap();
            }
            "locked" => {
                let status = status().await;
                assert_eq!(status["state"], "locked", "{status}");
                assert_eq!(status["keyIn"], "keychain", "{status}");
                assert!(status["reason"].as_str().unwrap().contains("locked"), "{status}");
                let failure = opens(&patchbay, &only().await).await.unwrap_err();
                assert_eq!(failure.code, ErrorCode::VaultLocked);
                assert!(
                    failure.message.contains("Unlock the keychain"),
                    "{}",
                    failure.message
                );
                let to = json!({ "to": "passphrase", "passphrase": null, "newPassphrase": "x" });
                let failure = ask(&patchbay, "vault.move", to).await.unwrap_err();
                assert_eq!(failure.code, ErrorCode::VaultLocked, "{failure:?}");
            }
            "no session" => {
                let status = status().await;
                assert_eq!(status["state"], "locked", "{status}");
                assert!(
                    status["reason"].as_str().unwrap().contains("no keychain"),
                    "{status}"
                );
            }
            "moves" => {
                let organisation = only().await;
                let to = json!({ "to": "passphrase", "passphrase": null, "newPassphrase": "correct horse" });
                assert_eq!(
                    ask(&patchbay, "vault.move", to).await.unwrap(),
                    open_in("passphrase")
                );
                opens(&patchbay, &organisation).await.unwrap();
                let back = json!({ "to": "keychain", "passphrase": "correct horse", "newPassphrase": null });
                assert_eq!(
                    ask(&patchbay, "vault.move", back).await.unwrap(),
                    open_in("keychain")
                );
                opens(&patchbay, &organisation).await.unwrap();
            }
            "passphrase" => {
                let found = status().await;
                assert_eq!(found["state"], "missing", "{found}");
                assert!(
                    found["keychainProblem"].as_str().unwrap().contains("no keychain"),
                    "{found}"
                );
                let create = json!({ "keyIn": "passphrase", "passphrase": "correct horse" });
                ask(&patchbay, "vault.create", create).await.unwrap();
                let organisation = register(&patchbay, "Kestrel").await;
                let wrong = json!({ "passphrase": "battery staple" });
                let failure = ask(&patchbay, "vault.unlock", wrong).await.unwrap_err();
                assert!(
                    failure.message.contains("passphrase is wrong"),
                    "{}",
                    failure.message
                );
                for (old, right) in [("battery staple", false), ("correct horse", true)] {
                    let change = json!({ "old": old, "new": "other words" });
                    assert_eq!(
                        ask(&patchbay, "vault.changePassphrase", change).await.is_ok(),
                        right
                    );
                }
                let before = json!({ "passphrase": "correct horse" });
                ask(&patchbay, "vault.unlock", before).await.unwrap_err();
                let now = json!({ "passphrase": "other words" });
                ask(&patchbay, "vault.unlock", now).await.unwrap();
                opens(&patchbay, &organisation).await.unwrap();
            }
            other => panic!("unknown phase {other}"),
        }
        patchbay.close().await;
    }
}
