//! No secret in the database, the log, the topics, the replies or the support bundle (architecture invariant 7).

use base64::Engine as _;
use patchbay_tests::Setting;
use patchbay_tests::World;
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;
use webex_sandbox::{Effect, Fault, Rotation};

const PROXY_PASSWORD: &str = "proxy-pa55word-Kestrel";
const PASSPHRASE: &str = "correct horse battery staple 7";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Values of `"name":"value"` in what Webex answered.
fn values(seen: &str, name: &str) -> Vec<String> {
    seen.split(&format!("\"{name}\":\""))
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
        .collect()
}

/// The secret as it is, and as it would look inside base64 at each of the three offsets.
fn shapes(secret: &str) -> Vec<Vec<u8>> {
    let mut shapes = vec![secret.as_bytes().to_vec()];
    for pad in 0..3 {
        let padded = [vec![b'x'; pad], secret.as_bytes().to_vec()].concat();
        let text = base64::engine::general_purpose::STANDARD.encode(&padded);
        // The ends depend on what stands beside it.
        shapes.push(text.as_bytes()[4..text.len() - 4].to_vec());
    }
    shapes
}

fn search(place: &str, bytes: &[u8], secrets: &[(String, String)]) {
    for (what, secret) in secrets {
        for shape in shapes(secret) {
            let found = bytes.windows(shape.len()).any(|window| window == shape);
            assert!(!found, "{what} stands in {place}");
        }
    }
}

fn search_folder(folder: &Path, secrets: &[(String, String)]) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files += search_folder(&path, secrets);
        } else {
            files += 1;
            search(
                &path.file_name().unwrap().to_string_lossy(),
                &std::fs::read(&path).unwrap(),
                secrets,
            );
        }
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_anywhere_but_in_the_vault() {
    let log = Log::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .with_ansi(false)
        .init();

    let mut world = World::unconnected(Setting::default()).await;
    let mut topics = world.patchbay.events();
    world.network.remember();
    world.organisation = world.register("Northgate").await;
    world.sandbox.set_rotation(Rotation::New);
    world.connect().await;
    world.sync().await;

    // An organisation behind a proxy that is not there: what goes wrong there must not tell the password either.
    let mut fields = world.fields("Behind a proxy of zoe@kestrel.example");
    fields["adminEmail"] = json!("zoe@kestrel.example");
    fields["httpProxy"] =
        json!({ "kind": "set", "value": format!("http://user:{PROXY_PASSWORD}@127.0.0.1:9/") });
    let proxied = world
        .call("organisations.create", json!({ "fields": fields }))
        .await;
    fields["httpProxy"] =
        json!({ "kind": "set", "value": format!("ftp://user:{PROXY_PASSWORD}@127.0.0.1:9/") });
    world
        .try_call(
            "organisations.update",
            json!({ "organisation": proxied["id"], "fields": fields }),
        )
        .await
        .unwrap_err();
    let attempt = json!({
        "organisation": proxied["id"], "method": "device", "clientId": world.sandbox.client_id(),
        "clientSecret": {"kind": "set", "value": world.sandbox.client_secret()}, "port": 0,
    });
    world.try_call("consent.begin", attempt).await.unwrap_err();
    let wrong = json!({ "clientSecret": [PASSPHRASE] });
    world.try_call("consent.begin", wrong).await.unwrap_err();
    // The key is in the keychain here: a passphrase is not used, and must not be said anywhere either.
    world
        .call("vault.unlock", json!({ "passphrase": PASSPHRASE }))
        .await;

    // A run that loses its token, so that refreshed ones are about as well.
    world
        .sandbox
        .add_fault(Fault::on_assignment(Effect::RevokeToken { refresh: false }).from_nth(3));
    let run = world.start_rows(&world.rows(12)).await;
    world.completed(&run).await;
    world.truth(&run).await;
    world.sandbox.add_fault(Fault::on_path(
        "/v1/licenses",
        Effect::RevokeToken { refresh: true },
    ));
    world.try_sync().await;

    let seen = world.network.seen();
    let mut secrets = vec![
        ("the client secret".to_owned(), world.sandbox.client_secret()),
        ("the proxy's password".to_owned(), PROXY_PASSWORD.to_owned()),
        ("the passphrase".to_owned(), PASSPHRASE.to_owned()),
    ];
    for name in ["access_token", "refresh_token"] {
        let found = values(&seen, name);
        assert!(found.len() >= 2, "{name}: granted and refreshed, {}", found.len());
        secrets.extend(found.into_iter().map(|value| (name.to_owned(), value)));
    }

    let bundle = world.folder.path().join("bundle.json");
    world.call("app.supportBundle", json!({ "path": bundle })).await;
    let text = std::fs::read_to_string(&bundle).unwrap();
    assert!(!text.contains("zoe@kestrel.example"), "nobody's address: {text}");
    // Whatever else leaves as a file lies beside it and is looked through with it.
    for format in ["csv", "json"] {
        let path = world.folder.path().join(format!("list.{format}"));
        world
            .call("organisations.export", json!({ "path": path, "format": format }))
            .await;
    }
    let filter = json!({ "organisation": null, "state": null, "search": null });
    let path = world.folder.path().join("transactions.csv");
    world
        .call(
            "transactions.export",
            json!({ "path": path, "filter": filter, "kind": "reimport" }),
        )
        .await;
    let path = world.folder.path().join("backup.db");
    world.call("backups.save", json!({ "path": path })).await;
    world.call("backups.restore", json!({ "path": path })).await;
    world.call("organisations.list", json!({})).await;
    search("a reply", world.said().as_bytes(), &secrets);
    let mut told = String::new();
    while let Ok(topic) = topics.try_recv() {
        told.push_str(&serde_json::to_string(&topic).unwrap());
    }
    search("a topic", told.as_bytes(), &secrets);
    // With the write-ahead log as it lies there, then folded in.
    let files = search_folder(world.folder.path(), &secrets);
    assert!(files >= 3, "database, write-ahead log and bundle: {files}");
    world.patchbay.close().await;
    search_folder(world.folder.path(), &secrets);
    let log = log.0.lock().unwrap().clone();
    let text = String::from_utf8_lossy(&log).into_owned();
    assert!(
        text.contains("patchbay_") && text.contains("webex_client"),
        "the log was caught"
    );
    // The sandbox and the HTTP stack speak into the same log here; what counts is what Patchbay says.
    let ours: String = text
        .lines()
        .filter(|line| !line.contains("webex_sandbox"))
        .collect::<Vec<_>>()
        .join("\n");
    search("the log", ours.as_bytes(), &secrets);
}

/// The copy of people and numbers is not encrypted, so other accounts of the machine must not be able to read it.
#[cfg(unix)]
#[tokio::test]
async fn the_data_folder_is_for_its_own_account_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("data");
    let db = patchbay_core::db::Db::open(&folder, patchbay_core::events::Events::default())
        .await
        .unwrap();
    let write = db.write().await.unwrap();
    write.commit().await.unwrap();
    let others = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o077;
    assert_eq!(others(&folder), 0);
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with("patchbay.db")
        {
            assert_eq!(others(&path), 0, "{}", path.display());
        }
    }
    db.close().await;
}
