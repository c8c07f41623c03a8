//! A sandbox, a data folder and a Patchbay between them, driven by command names.

use crate::forwarder::Forwarder;
use crate::http;
use base64::Engine as _;
use patchbay_api::commands::dispatch;
use patchbay_api::{KeychainChoice, OpenOptions, Patchbay};
use patchbay_core::clock::MovedClock;
use patchbay_core::runs::engine::Timing;
use patchbay_core::secrets::MemoryKeychain;
use patchbay_core::{ErrorCode, Failure};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::broadcast::error::RecvError;
use webex_sandbox::{Config, Effect, Fault, JournalEntry, Matcher, PersonView, Sandbox};

/// Nothing takes so long unless it hangs.
const HANG: Duration = Duration::from_secs(90);
/// The location of the tests.
pub const PLACE: &str = "Manchester Deansgate";
/// The calling licence of the tests.
pub const LICENCE: &str = "Webex Calling - Professional";

/// People who fail on purpose or whose token is in use.
const TRAPS: [&str; 6] = [
    "sentinel.",
    "admin@",
    "auditor@",
    "user.admin@",
    "helpdesk@",
    "second.admin@",
];

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

/// One row for a file, and the person it is about.
#[derive(Debug, Clone)]
pub struct Patch {
    pub ext_key: String,
    pub person: PersonView,
    pub number: Option<String>,
}

/// What a template gives besides extension and number.
#[derive(Debug, Clone, Default)]
pub struct Gifts {
    /// Names of add-ons.
    pub add_ons: Vec<&'static str>,
}

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
        let patchbay = open(folder.path(), &keychain, &clock, setting.timing)
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
        open(self.folder.path(), &self.keychain, &self.clock, self.timing)
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
            .spawn(async move { open(folder.path(), &keychain, &clock, timing).await.unwrap() })
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
            Err(_) => panic!("waited in vain: {what}"),
        }
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

    /// What a person enters for an organisation behind the network.
    pub fn fields(&self, name: &str) -> Value {
        json!({
            "name": name, "wholesale": false, "contactCenter": false, "contactCenterRegion": null, "accountNumber": null,
            "adminEmail": null, "httpProxy": {"kind": "keep"}, "httpsProxy": {"kind": "keep"}, "defaultCallingBehaviour": null,
            "emailDomain": null, "directorySyncEnabled": false, "syncOnCreate": true, "notes": null,
            "environment": {"kind": "custom", "base_url": format!("{}/v1", self.network.root_url())},
        })
    }

    pub async fn register(&self, name: &str) -> String {
        let organisation = self
            .call("organisations.create", json!({ "fields": self.fields(name) }))
            .await;
        organisation["id"].as_str().unwrap().to_owned()
    }

    /// Consents in a browser, as the sandbox does by itself.
    pub async fn connect(&self) {
        let attempt = self.begin_consent("browser").await;
        let address = attempt["state"]["authorizeUrl"].as_str().unwrap();
        let redirect = address
            .split('&')
            .find_map(|pair| pair.strip_prefix("redirect_uri="))
            .expect("a redirect address");
        let redirect = redirect.replace("%3A", ":").replace("%2F", "/");
        let registered = http::send(
            "POST",
            &format!("{}/_sandbox/redirect_uris", self.sandbox.root_url()),
            None,
            Some(&json!({ "redirect_uri": redirect })),
        )
        .await;
        assert_eq!(registered.status, 200, "{registered:?}");
        let consented = http::send("GET", address, None, None).await;
        let back = consented
            .header("location")
            .unwrap_or_else(|| panic!("{consented:?}"))
            .to_owned();
        let page = http::send("GET", &back, None, None).await;
        assert_eq!(page.status, 200, "{page:?}");
        self.granted(&attempt).await;
    }

    /// Consents with a device code, which takes as long as Webex asks to wait between questions.
    pub async fn connect_by_device(&self) {
        let attempt = self.begin_consent("device").await;
        self.granted(&attempt).await;
    }

    pub async fn begin_consent(&self, method: &str) -> Value {
        let request = json!({
            "organisation": self.organisation, "method": method, "clientId": self.sandbox.client_id(),
            "clientSecret": {"kind": "set", "value": self.sandbox.client_secret()}, "port": 0,
        });
        self.call("consent.begin", request).await
    }

    async fn granted(&self, attempt: &Value) {
        let request = json!({ "attempt": attempt["id"] });
        self.until("the consent", async || {
            let attempt = self.call("consent.attempt", request.clone()).await;
            match attempt["state"]["state"].as_str() {
                Some("granted") => Some(()),
                Some("failed" | "cancelled") => panic!("{attempt}"),
                _ => None,
            }
        })
        .await;
    }

    /// Copies the organisation; what became of the transaction.
    pub async fn try_sync(&self) -> Value {
        let started = self
            .call("mirror.sync", json!({ "organisation": self.organisation }))
            .await;
        self.transaction_over(started["transaction"].as_str().unwrap())
            .await
    }

    pub async fn sync(&self) {
        let transaction = self.try_sync().await;
        assert_eq!(transaction["state"], "succeeded", "{transaction:#}");
    }

    pub async fn transaction_over(&self, transaction: &str) -> Value {
        self.until("the transaction", async || {
            let transaction = self
                .call("transactions.get", json!({ "transaction": transaction }))
                .await;
            (transaction["state"] != "running").then_some(transaction)
        })
        .await
    }

    /// `count` rows with people who have nothing yet, free extensions, and free numbers for every second of them.
    pub fn rows(&self, count: usize) -> Vec<Patch> {
        let at_place: BTreeSet<String> = self
            .sandbox
            .numbers()
            .into_iter()
            .filter(|line| line.location_name == PLACE)
            .filter_map(|line| line.extension)
            .collect();
        let mut extensions = (6000..9999)
            .map(|extension: u32| extension.to_string())
            .filter(|extension| !at_place.contains(extension));
        let mut numbers = self
            .sandbox
            .numbers()
            .into_iter()
            .filter(|line| line.location_name == PLACE && line.active && line.owner_type.is_none())
            .filter_map(|line| line.number);
        let rows: Vec<Patch> = self
            .free_people()
            .into_iter()
            .take(count)
            .enumerate()
            .map(|(at, person)| Patch {
                ext_key: extensions.next().expect("a free extension"),
                person,
                number: (at % 2 == 1).then(|| numbers.next().expect("a free number")),
            })
            .collect();
        assert_eq!(
            rows.len(),
            count,
            "the sandbox has too few people without calling"
        );
        rows
    }

    /// People without any calling licence who are nobody's trap.
    pub fn free_people(&self) -> Vec<PersonView> {
        self.sandbox
            .people()
            .into_iter()
            .filter(|person| {
                person.extension.is_none()
                    && person.location.is_none()
                    && !TRAPS.iter().any(|trap| person.email.starts_with(trap))
                    && !person
                        .licence_names
                        .iter()
                        .any(|name| name.contains("Calling") || name.contains("Attendant"))
            })
            .collect()
    }

    /// Id of a licence by its name, the first of that name.
    pub fn licence(&self, name: &str) -> Value {
        let licence = self
            .sandbox
            .licences()
            .into_iter()
            .find(|licence| licence.name == name)
            .expect("a licence of that name");
        json!({ "id": licence.id, "name": licence.name })
    }

    pub fn place(&self) -> Value {
        let line = self
            .sandbox
            .numbers()
            .into_iter()
            .find(|line| line.location_name == PLACE)
            .expect("a line there");
        json!({ "id": line.location, "name": PLACE })
    }

    /// A template of `rows`, by UUID.
    pub async fn template(&self, rows: &[Patch], gifts: &Gifts) -> String {
        let mut file = String::from("Ext Key,Identity UUID,Number\r\n");
        for row in rows {
            file.push_str(&format!(
                "{},{},{}\r\n",
                row.ext_key,
                row.person.uuid,
                row.number.as_deref().unwrap_or_default()
            ));
        }
        self.template_of(&file, gifts).await
    }

    /// A template of a file's text.
    pub async fn template_of(&self, file: &str, gifts: &Gifts) -> String {
        let add_ons: Vec<Value> = gifts.add_ons.iter().map(|name| self.licence(name)).collect();
        let fields = json!({
            "name": "Autumn move", "organisation": self.organisation, "location": self.place(),
            "callingLicence": self.licence(LICENCE), "addOns": add_ons,
        });
        let template = self
            .call("bulkAssignments.create", json!({ "fields": fields }))
            .await;
        let template = template["id"].as_str().unwrap().to_owned();
        let file = json!({ "kind": "content", "name": "users.csv", "base64": base64::engine::general_purpose::STANDARD.encode(file) });
        let check = self
            .call(
                "bulkAssignments.addFiles",
                json!({ "template": template, "files": [file] }),
            )
            .await;
        assert_eq!(check["errors"], 0, "{check:#}");
        template
    }

    pub async fn plan(&self, template: &str) -> Value {
        self.call("bulkAssignments.plan", json!({ "template": template }))
            .await
    }

    /// Starts `template` by the plan of now, without copying everything again; the run's id.
    pub async fn start(&self, template: &str) -> String {
        let plan = self.plan(template).await;
        let request = json!({ "template": template, "plan": plan["hash"], "checkedLive": true });
        let started = self.call("bulkAssignments.start", request).await;
        self.run_of(started["transaction"].as_str().unwrap()).await
    }

    /// The run a transaction started.
    pub async fn run_of(&self, transaction: &str) -> String {
        self.until("the run", async || {
            let transaction = self
                .call("transactions.get", json!({ "transaction": transaction }))
                .await;
            assert_ne!(transaction["state"], "failed", "{transaction:#}");
            Some(transaction["run"].as_str()?.to_owned())
        })
        .await
    }

    /// Starts a template of `rows`; the run's id.
    pub async fn start_rows(&self, rows: &[Patch]) -> String {
        let template = self.template(rows, &Gifts::default()).await;
        self.start(&template).await
    }

    pub async fn progress(&self, run: &str) -> Value {
        self.call("runs.get", json!({ "run": run })).await
    }

    /// Waits until the run does not work any more: ended or paused.
    pub async fn over(&self, run: &str) -> Value {
        self.until("the end of the run", async || {
            let progress = self.progress(run).await;
            (progress["state"] != "running" && !self.is_held(run).await).then_some(progress)
        })
        .await
    }

    /// Between the last word of a run and the release of its lock nothing can be begun.
    async fn is_held(&self, run: &str) -> bool {
        let path = self.folder.path().join("runs").join(format!("{run}.lock"));
        match std::fs::File::open(path) {
            Ok(file) => file.try_lock_shared().is_err(),
            Err(_) => false,
        }
    }

    /// Waits until the run has come to its end.
    pub async fn completed(&self, run: &str) -> Value {
        let progress = self.over(run).await;
        assert_eq!(progress["state"], "completed", "{progress:#}");
        progress
    }

    /// Waits until the run has paused for `reason`.
    pub async fn paused(&self, run: &str, reason: &str) -> Value {
        let progress = self.over(run).await;
        assert_eq!(
            (&progress["state"], &progress["hold"]["reason"]),
            (&json!("paused"), &json!(reason)),
            "{progress:#}"
        );
        progress
    }

    /// Waits until a running run shows a wait for `reason`.
    pub async fn waits(&self, run: &str, reason: &str) -> Value {
        self.until("the wait", async || {
            let progress = self.progress(run).await;
            assert_ne!(progress["state"], "completed", "{progress:#}");
            (progress["hold"]["reason"] == reason).then_some(progress)
        })
        .await
    }

    pub async fn resume(&self, run: &str) {
        self.call("runs.resume", json!({ "run": run })).await;
    }

    /// Another administrator's request, past the journal's view of Patchbay.
    pub async fn somebody_else(&self, method: &str, path: &str, body: Option<&Value>) {
        let url = format!("{}{path}", self.sandbox.root_url());
        let answer = http::send(method, &url, Some(&self.sandbox.access_token()), body).await;
        assert!((200..300).contains(&answer.status), "{answer:?}");
    }

    /// Somebody else gives `person` an extension here.
    pub async fn somebody_assigns(&self, person: &PersonView, extension: &str) {
        let properties = json!({ "locationId": self.place()["id"], "extension": extension });
        let licence =
            json!({ "id": self.licence(LICENCE)["id"], "operation": "add", "properties": properties });
        let body = json!({ "personId": person.id, "licenses": [licence] });
        self.somebody_else("PATCH", "/v1/licenses/users", Some(&body))
            .await;
    }

    /// A fault of the assignment of these people, each struck once.
    pub fn strike(&self, rows: &[Patch], effect: &Effect) {
        for row in rows {
            self.sandbox
                .add_fault(Fault::on_assignment(effect.clone()).for_person(&row.person.uuid));
        }
    }

    /// Requests that Patchbay sent.
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.sandbox
            .journal()
            .into_iter()
            .filter(|entry| entry.token.as_deref() != Some("admin"))
            .collect()
    }

    /// Assignments that Patchbay sent, in order.
    pub fn assignments(&self) -> Vec<JournalEntry> {
        self.journal()
            .into_iter()
            .filter(|entry| entry.method == "PATCH" && entry.path == "/v1/licenses/users")
            .collect()
    }
}

async fn open(
    folder: &Path,
    keychain: &MemoryKeychain,
    clock: &Arc<MovedClock>,
    timing: Timing,
) -> Result<Patchbay, Failure> {
    let clock: Arc<dyn patchbay_core::clock::Clock> = Arc::clone(clock) as _;
    Patchbay::open(OpenOptions {
        data_dir: folder.to_owned(),
        log_dir: folder.join("logs"),
        keychain: KeychainChoice::Other(Arc::new(keychain.clone())),
        clock,
        timing,
        background: false,
    })
    .await
}

/// A fault of every assignment.
pub fn every_assignment(effect: Effect) -> Fault {
    Fault::on_assignment(effect).times(None)
}

/// A fault that strikes a share of the assignments, always the same ones.
pub fn some_assignments(share: f64, seed: u64, effect: Effect) -> Fault {
    let matcher = Matcher {
        probability: Some(share),
        seed,
        ..Fault::on_assignment(effect.clone()).matcher
    };
    Fault {
        matcher,
        count: None,
        effect,
    }
}
