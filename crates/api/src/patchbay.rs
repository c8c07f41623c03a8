//! The running application: what was opened, put together once.

use crate::background::Warnings;
use crate::demo::Demo;
use crate::syncs::Syncs;
use patchbay_core::activation::{self, Activation};
use patchbay_core::bulk_assignments::{Checks, Plans, Starter};
use patchbay_core::clock::{Clock, Pauses};
use patchbay_core::consent::{Clients, Consent};
use patchbay_core::db::{Db, make_folder};
use patchbay_core::directory_sync::{self, DirectorySyncs};
use patchbay_core::events::{Events, Topic};
use patchbay_core::runs::{Runs, engine::Timing};
use patchbay_core::scheduler::Scheduler;
use patchbay_core::secrets::{Keychain, NoKeychain, SystemKeychain, Vault};
use patchbay_core::transactions::UnderWay;
use patchbay_core::wholesale::Wholesale;
use patchbay_core::{Error, Failure, Result, backups, transactions, wholesale};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast;

/// Which keychain the vault may use.
#[derive(Debug, Clone)]
pub enum KeychainChoice {
    /// The operating system's.
    System,
    /// None: secrets need a passphrase, or are kept until Patchbay quits.
    None,
    /// One of the caller's own.
    Other(Arc<dyn Keychain>),
}

/// How to open Patchbay.
#[derive(Debug)]
pub struct OpenOptions {
    /// Where the database lies. Made if it is not there.
    pub data_dir: PathBuf,
    /// Where the host writes its log; only shown.
    pub log_dir: PathBuf,
    pub keychain: KeychainChoice,
    pub clock: Arc<dyn Clock>,
    /// Durations of runs, and the pauses in which changes are followed; tests shorten them.
    pub timing: Timing,
    /// Whether to do by itself what nobody waits for: copying an organisation after its consent, starting the demo, what the
    /// schedules say.
    pub background: bool,
}

/// A running Patchbay. Cheap to clone; clones are the same.
#[derive(Clone)]
pub struct Patchbay {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) vault: Vault,
    pub(crate) clients: Clients,
    pub(crate) consent: Consent,
    pub(crate) syncs: Syncs,
    pub(crate) checks: Checks,
    pub(crate) plans: Plans,
    pub(crate) runs: Runs,
    pub(crate) starter: Starter,
    pub(crate) wholesale: Wholesale,
    pub(crate) activation: Activation,
    pub(crate) directory_syncs: DirectorySyncs,
    pub(crate) demo: Demo,
    pub(crate) scheduler: Scheduler,
    pub(crate) warnings: Warnings,
    pub(crate) data_dir: PathBuf,
    pub(crate) log_dir: PathBuf,
    pub(crate) who: String,
    /// Whether it does by itself what is due.
    pub(crate) background: bool,
    /// Until it is closed; background tasks may hold the rest a little longer.
    presence: Mutex<Option<std::fs::File>>,
}

impl Patchbay {
    /// Opens the data folder, migrating it where needed.
    ///
    /// # Errors
    /// A database that is newer or damaged, a folder that cannot be used: nothing was changed then.
    pub async fn open(options: OpenOptions) -> std::result::Result<Self, Failure> {
        Self::open_inner(options).await.map_err(|error| {
            tracing::error!(?error, "Patchbay could not be opened");
            error.failure()
        })
    }

    async fn open_inner(options: OpenOptions) -> Result<Self> {
        let clock = options.clock;
        let (presence, restored) = enter(&options.data_dir).await?;
        let db = Db::open(&options.data_dir, Events::default()).await?;
        backups::note(&db, clock.as_ref(), restored.as_ref()).await?;
        let scheduler = Scheduler::new(
            db.clone(),
            Arc::clone(&clock),
            &options.data_dir,
            matches!(presence, Presence::Alone(_)),
        );
        let presence = match presence {
            Presence::Alone(file) => {
                UnderWay::sweep(&options.data_dir);
                Consent::sweep(&options.data_dir);
                transactions::sweep(&db, clock.as_ref()).await?;
                wholesale::sweep(&db).await?;
                activation::sweep(&db).await?;
                directory_sync::sweep(&db).await?;
                shared(&options.data_dir, file).await?
            }
            Presence::Among(file) => file,
        };
        let keychain: Arc<dyn Keychain> = match options.keychain {
            KeychainChoice::System => Arc::new(SystemKeychain),
            KeychainChoice::None => Arc::new(NoKeychain),
            KeychainChoice::Other(keychain) => keychain,
        };
        let vault = Vault::open(db.clone(), keychain).await?;
        let clients = Clients::new(db.clone(), vault.clone(), Arc::clone(&clock));
        let consent = Consent::new(clients.clone());
        let runs = Runs::new(db.clone(), Arc::clone(&clock), &options.data_dir, options.timing);
        let checks = Checks::new(db.clone(), Arc::clone(&clock));
        let plans = Plans::new(db.clone(), checks.clone());
        let who = who();
        let starter = Starter {
            db: db.clone(),
            clock: Arc::clone(&clock),
            vault: vault.clone(),
            clients: clients.clone(),
            runs: runs.clone(),
            plans: plans.clone(),
            who: who.clone(),
        };
        let pauses = Pauses {
            first: options.timing.first_pause,
            longest: options.timing.longest_pause,
        };
        let wholesale = Wholesale::new(
            db.clone(),
            Arc::clone(&clock),
            vault.clone(),
            clients.clone(),
            who.clone(),
            pauses,
        );
        let activation = Activation::new(
            db.clone(),
            Arc::clone(&clock),
            vault.clone(),
            clients.clone(),
            who.clone(),
            pauses,
        );
        let directory_syncs = DirectorySyncs::new(
            db.clone(),
            Arc::clone(&clock),
            vault.clone(),
            clients.clone(),
            who.clone(),
            pauses,
        );
        let patchbay = Self {
            inner: Arc::new(Inner {
                wholesale,
                activation,
                directory_syncs,
                syncs: Syncs::new(
                    db.clone(),
                    Arc::clone(&clock),
                    vault.clone(),
                    clients.clone(),
                    who.clone(),
                ),
                db,
                clock,
                vault,
                clients,
                consent,
                checks,
                plans,
                runs,
                starter,
                demo: Demo::default(),
                scheduler,
                warnings: Warnings::default(),
                data_dir: options.data_dir,
                log_dir: options.log_dir,
                who,
                background: options.background,
                presence: Mutex::new(Some(presence)),
            }),
        };
        patchbay.furnish_schedules().await?;
        if options.background {
            patchbay.in_background();
        }
        Ok(patchbay)
    }

    /// What nobody waits for.
    fn in_background(&self) {
        let patchbay = self.clone();
        let mut grants = patchbay.inner.consent.grants();
        tokio::spawn(async move {
            while let Ok(organisation) = grants.recv().await {
                patchbay.follow_on(Some(&organisation)).await;
                if let Err(error) = patchbay.after_consent(&organisation).await {
                    tracing::warn!(
                        organisation,
                        ?error,
                        "the organisation could not be copied after its consent"
                    );
                }
            }
        });
        let patchbay = self.clone();
        tokio::spawn(async move {
            if let Err(error) = patchbay.wake_demo().await {
                tracing::warn!(?error, "the demo organisation could not be started");
            }
            patchbay.follow_on(None).await;
        });
        tokio::spawn(self.inner.scheduler.clone().run(self.work()));
    }

    /// Follows on what was left because nobody could look, of one organisation or of all.
    pub(crate) async fn follow_on(&self, organisation: Option<&str>) {
        if let Err(error) = self.inner.wholesale.take_up(organisation).await {
            tracing::warn!(?error, "changes of customers could not be followed on");
        }
        if let Err(error) = self.inner.directory_syncs.take_up(organisation).await {
            tracing::warn!(?error, "directory syncs could not be followed on");
        }
    }

    /// What follows a consent: the onboarding after a first one, a copy after others. Its transaction, if there is anything
    /// to do.
    ///
    /// # Errors
    /// What keeps it from beginning.
    pub async fn follow_consent(&self, organisation: &str) -> std::result::Result<Option<String>, Failure> {
        self.after_consent(organisation)
            .await
            .map_err(|error| error.failure())
    }

    async fn after_consent(&self, organisation: &str) -> Result<Option<String>> {
        let inner = &self.inner;
        let stored = patchbay_core::organisations::get(&inner.db, &inner.vault, organisation).await?;
        if stored.last_sync_at.is_none() {
            return Ok(Some(inner.syncs.onboard(organisation).await?.transaction));
        }
        Ok(Some(inner.syncs.begin(organisation).await?.transaction))
    }

    /// Topics as they change.
    pub fn events(&self) -> broadcast::Receiver<Topic> {
        self.inner.db.events().subscribe()
    }

    /// The data folder.
    pub fn data_dir(&self) -> &Path {
        &self.inner.data_dir
    }

    /// What the mirror says against rows of files that are in no template, with the mirror's age. Documents do not cross
    /// the command table, so this is no command.
    ///
    /// # Errors
    /// When the organisation was never copied.
    pub async fn check_against_mirror(
        &self,
        organisation: &str,
        assignments: Vec<bulk_file::Assignment>,
    ) -> std::result::Result<(Vec<bulk_file::Issue>, String), Failure> {
        patchbay_core::bulk_assignments::check_against_mirror(&self.inner.db, organisation, assignments)
            .await
            .map_err(|error| error.failure())
    }

    /// The report of a run as CSV. It can be large, so it does not cross the command table.
    ///
    /// # Errors
    /// When there is no such run.
    pub async fn report_csv(
        &self,
        run: &str,
        kind: patchbay_core::runs::ExportKind,
    ) -> std::result::Result<Vec<u8>, Failure> {
        patchbay_core::bulk_assignments::report_csv(&self.inner.db, run, kind)
            .await
            .map_err(|error| error.failure())
    }

    /// The log of who did what, its chain verified. It can be large, so it does not cross the command table.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn audit_log(&self) -> std::result::Result<patchbay_core::audit::Export, Failure> {
        patchbay_core::audit::export(&self.inner.db)
            .await
            .map_err(|error| error.failure())
    }

    /// All runs, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn all_runs(&self) -> std::result::Result<Vec<patchbay_core::runs::RunProgress>, Failure> {
        self.inner.runs.list().await.map_err(|error| error.failure())
    }

    /// Waits until a run is no longer at work in this process.
    pub async fn until_over(&self, run: &str) {
        self.inner.runs.wait(run).await;
    }

    /// Whether a run is at work in this process.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_working(&self) -> std::result::Result<bool, Failure> {
        let runs = self.inner.runs.open().await.map_err(|error| error.failure())?;
        Ok(runs
            .iter()
            .any(|run| run.state == patchbay_core::runs::RunState::Running))
    }

    /// Pauses what is at work and closes the database. What is cut off all the same is found as interrupted.
    pub async fn close(&self) {
        self.inner.runs.pause_all().await;
        self.inner.scheduler.close().await;
        self.inner.syncs.close().await;
        self.inner.wholesale.stop().await;
        self.inner.activation.close().await;
        self.inner.directory_syncs.close().await;
        self.inner.demo.stop().await;
        self.inner.db.close().await;
        self.inner
            .presence
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }
}

/// That a Patchbay has the data folder open, as a lock of the operating system: gone with the process. Only one that is
/// alone may put a backup into place and close what others left open; the transactions of a living process are its own.
enum Presence {
    Alone(std::fs::File),
    Among(std::fs::File),
}

/// Announces this Patchbay in the folder; alone, it puts the backup that waits into place. Another one that is just doing
/// so is waited for.
async fn enter(folder: &Path) -> Result<(Presence, Option<backups::Applied>)> {
    make_folder(folder)?;
    let path = lock_path(folder);
    if !path.exists() && !backups::is_waiting(folder) {
        // Nobody has been here: what is no database of ours is refused before anything is made beside it.
        Db::open(folder, Events::default()).await?.close().await;
    }
    let file = std::fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path);
    let file = match file {
        Ok(file) => file,
        Err(source) => {
            // What is wrong with the folder, the database says better.
            Db::open(folder, Events::default()).await?;
            return Err(Error::File {
                doing: "lock",
                path,
                source,
            });
        }
    };
    if file.try_lock().is_ok() {
        let restored = backups::apply(folder).await?;
        return Ok((Presence::Alone(file), restored));
    }
    Ok((Presence::Among(shared_lock(folder, file).await?), None))
}

fn lock_path(folder: &Path) -> PathBuf {
    folder.join("open.lock")
}

/// From alone to among others.
async fn shared(folder: &Path, file: std::fs::File) -> Result<std::fs::File> {
    file.unlock().map_err(|source| Error::File {
        doing: "lock",
        path: lock_path(folder),
        source,
    })?;
    shared_lock(folder, file).await
}

async fn shared_lock(folder: &Path, file: std::fs::File) -> Result<std::fs::File> {
    let path = lock_path(folder);
    tokio::task::spawn_blocking(move || file.lock_shared().map(|()| file))
        .await
        .map_err(|_| Error::Ended {
            what: "Waiting for another Patchbay",
        })?
        .map_err(|source| Error::File {
            doing: "lock",
            path,
            source,
        })
}

/// The person at this computer, for transactions and the audit log.
pub(crate) fn who() -> String {
    match whoami::username() {
        Ok(name) if !name.trim().is_empty() => name,
        _ => "unknown".to_owned(),
    }
}
