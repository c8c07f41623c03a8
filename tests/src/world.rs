//! A sandbox, a data folder and a Patchbay between them, driven by command names.

use crate::forwarder::Forwarder;
use patchbay_api::commands::dispatch;
use patchbay_api::{KeychainChoice, OpenOptions, Patchbay};
use patchbay_core::clock::MovedClock;
use patchbay_core::runs::engine::Timing;
use patchbay_core::secrets::MemoryKeychain;
use patchbay_core::{ErrorCode, Failure};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::broadcast::error::RecvError;
use webex_sandbox::{Config, Sandbox};

/// Nothing takes so long unless it hangs.
const HANG: Duration = Duration::from_secs(60);
/// How a world begins.
pub struct Setting {
    pub config: Config,
    pub timing: Timing,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            config: Config {
                auto_consent: true,
                ..Config::default()
            },
            timing: quick(),
        }
    }
}

/// The engine's durations, shortened.
pub fn quick() -> Timing {
    Timing {
        request: Duration::from_millis(400),
        first_pause: Duration::from_millis(50),
        longest_pause: Duration::from_millis(400),
        patience: Duration::from_secs(30),
    }
}

/// A sandbox, the way to it, a data folder and the Patchbay that works on it.
pub struct World {
    pub sandbox: Sandbox,
    pub network: Forwarder,
    pub patchbay: Patchbay,
    pub clock: Arc<MovedClock>,
    pub keychain: MemoryKeychain,
    pub folder: Arc<TempDir>,
    pub organisation: String,
    timing: Timing,
    said: Mutex<String>,
    called: Mutex<BTreeSet<String>>,
}

impl World {
    /// Opened, connected and copied.
    pub async fn new() -> Self {
        Self::with(Setting::default()).await
    }

    pub async fn with(setting: Setting) -> Self {
        let mut world = Self::unconnected(setting).await;
        world.organisation = world.register("Northgate").await;
        world.connect().await;
        world.sync().await;
        world.sandbox.clear_journal();
        world
    }

    /// Opened, with nothing in it.
    pub async fn unconnected(setting: Setting) -> Self {
        let sandbox = webex_sandbox::start(setting.config).await.unwrap();
        let address = sandbox
            .root_url()
            .strip_prefix("http://")
            .unwrap()
            .parse()
            .unwrap();
        let network = Forwarder::start(address).await;
        let (folder, keychain, clock) = (
            Arc::new(tempfile::tempdir().unwrap()),
            MemoryKeychain::default(),
            Arc::new(MovedClock::default()),
        );
        let patchbay = open(folder.path(), &keychain, &clock, setting.timing, false)
            .await
            .unwrap();
        Self {
            sandbox,
            network,
            patchbay,
            clock,
            keychain,
            folder,
            organisation: String::new(),
            timing: setting.timing,
            said: Mutex::default(),
            called: Mutex::default(),
        }
    }

    /// Another Patchbay on the same data folder, keychain and clock.
    pub async fn another(&self) -> Patchbay {
        open(
            self.folder.path(),
            &self.keychain,
            &self.clock,
            self.timing,
            false,
        )
        .await
        .unwrap()
    }

    /// Another Patchbay that does by itself what is due, as the desktop's does.
    pub async fn another_at_work(&self) -> Patchbay {
        open(self.folder.path(), &self.keychain, &self.clock, self.timing, true)
            .await
            .unwrap()
    }

    /// Another Patchbay whose tasks live in `runtime`.
    pub async fn another_in(&self, runtime: &tokio::runtime::Runtime) -> Patchbay {
        let (folder, keychain, clock, timing) = (
            Arc::clone(&self.folder),
            self.keychain.clone(),
            Arc::clone(&self.clock),
            self.timing,
        );
        runtime
            .spawn(async move {
                open(folder.path(), &keychain, &clock, timing, false)
                    .await
                    .unwrap()
            })
            .await
            .unwrap()
    }

    /// Ends Patchbay in order and opens it again.
    pub async fn restart(&mut self) {
        self.patchbay.close().await;
        self.patchbay = self.another().await;
    }

    /// The command `name`, as the page sends it.
    pub async fn try_call(&self, name: &str, request: Value) -> Result<Value, Failure> {
        self.called.lock().unwrap().insert(name.to_owned());
        let reply = dispatch(&self.patchbay, name, request).await;
        let text = match &reply {
            Ok(reply) => reply.to_string(),
            Err(failure) => serde_json::to_string(failure).unwrap(),
        };
        let mut said = self.said.lock().unwrap();
        said.push_str(&text);
        said.push('\n');
        reply
    }

    /// The command `name`, which must succeed.
    pub async fn call(&self, name: &str, request: Value) -> Value {
        self.try_call(name, request.clone())
            .await
            .unwrap_or_else(|failure| panic!("{name} {request}: {failure:?}"))
    }

    /// The command `name`, which must fail with `code`.
    pub async fn refused(&self, name: &str, request: Value, code: ErrorCode) -> Failure {
        match self.try_call(name, request.clone()).await {
            Ok(reply) => panic!("{name} {request} succeeded: {reply}"),
            Err(failure) => {
                assert_eq!(failure.code, code, "{name}: {failure:?}");
                failure
            }
        }
    }

    /// All replies and failures so far, as they crossed the table.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Commands sent so far.
    pub fn called(&self) -> BTreeSet<String> {
        self.called.lock().unwrap().clone()
    }

    /// Looks until `look` finds something, again after each topic.
    pub async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let mut events = self.patchbay.events();
        let waiting = async {
            loop {
                if let Some(found) = look().await {
                    return found;
                }
                match events.recv().await {
                    Ok(_) | Err(RecvError::Lagged(_)) => while events.try_recv().is_ok() {},
                    Err(RecvError::Closed) => panic!("Patchbay ended before {what}"),
                }
            }
        };
        match tokio::time::timeout(HANG, waiting).await {
            Ok(found) => found,
            Err(_) => {
                let runs = self.call("runs.active", serde_json::json!({})).await;
                panic!(
                    "waited in vain: {what}; runs: {runs:#}; the last requests: {:#?}",
                    self.last_requests()
                )
            }
        }
    }

    fn last_requests(&self) -> Vec<String> {
        let journal = self.sandbox.journal();
        let last = journal.iter().rev().take(40).rev();
        last.map(|entry| format!("{} {} {} {:?}", entry.at, entry.method, entry.path, entry.status))
            .collect()
    }

    /// Looks until `look` finds something, for what no topic tells of.
    pub async fn until_looking<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let waiting = async {
            loop {
                if let Some(found) = look().await {
                    return found;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(HANG, waiting)
            .await
            .unwrap_or_else(|_| panic!("waited in vain: {what}"))
    }
}

async fn open(
    folder: &Path,
    keychain: &MemoryKeychain,
    clock: &Arc<MovedClock>,
    timing: Timing,
    background: bool,
) -> Result<Patchbay, Failure> {
    let clock: Arc<dyn patchbay_core::clock::Clock> = Arc::clone(clock) as _;
    Patchbay::open(OpenOptions {
        data_dir: folder.to_owned(),
        log_dir: folder.join("logs"),
        keychain: KeychainChoice::Other(Arc::new(keychain.clone())),
        clock,
        timing,
        background,
    })
    .await
}
