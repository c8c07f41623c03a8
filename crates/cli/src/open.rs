//! Opening Patchbay for one command.

use crate::say::{Stop, tell};
use patchbay_api::commands::{Commands, Nothing, OrganisationId, SyncStarted, VaultCreate, VaultUnlock};
use patchbay_api::{KeychainChoice, OpenOptions, Patchbay};
use patchbay_core::clock::SystemClock;
use patchbay_core::organisations::Organisation;
use patchbay_core::runs::engine::Timing;
use patchbay_core::secrets::{KeyPlace, VaultStatus};
use std::path::PathBuf;
use std::sync::Arc;
use tracing_subscriber::EnvFilter;

/// Which data folder, and how its vault opens.
#[derive(Debug)]
pub struct Place {
    pub data_dir: Option<PathBuf>,
    pub vault_passphrase_env: Option<String>,
}

/// Logging for whoever asks for it by `PATCHBAY_LOG`, for instance `PATCHBAY_LOG=info`.
pub fn log_to_standard_error() {
    let filter = EnvFilter::try_from_env("PATCHBAY_LOG").unwrap_or_else(|_| EnvFilter::new("off"));
    // Fails only if logging is set up already.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}

/// The value of an environment variable that an argument names.
pub fn from_environment(variable: &str) -> Result<String, Stop> {
    match std::env::var(variable) {
        Ok(value) if !value.is_empty() => Ok(value),
        Ok(_) => Err(Stop::wrong(format!(
            "The environment variable {variable} is empty."
        ))),
        Err(_) => Err(Stop::wrong(format!(
            "The environment variable {variable} is not set."
        ))),
    }
}

impl Place {
    pub fn data_dir(&self) -> Result<PathBuf, Stop> {
        if let Some(folder) = &self.data_dir {
            return Ok(folder.clone());
        }
        let home = |variable: &str| {
            std::env::var_os(variable)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let folder = if cfg!(windows) {
            home("APPDATA")
        } else if cfg!(target_os = "macos") {
            home("HOME").map(|home| home.join("Library/Application Support"))
        } else {
            home("XDG_DATA_HOME").or_else(|| home("HOME").map(|home| home.join(".local/share")))
        };
        folder
            .map(|folder| folder.join("org.patchbay.Patchbay"))
            .ok_or_else(|| {
                Stop::wrong("This account has no folder for application data. Give one by --data-dir.")
            })
    }

    /// Opens the data folder and, with a passphrase, its vault.
    pub async fn open(&self) -> Result<Patchbay, Stop> {
        self.open_with(false).await
    }

    /// As [`Place::open`]; `background` does by itself what a window does.
    pub async fn open_with(&self, background: bool) -> Result<Patchbay, Stop> {
        let data_dir = self.data_dir()?;
        let log_dir = data_dir.join("logs");
        let passphrase = self
            .vault_passphrase_env
            .as_deref()
            .map(from_environment)
            .transpose()?;
        // A passphrase was given, so no prompt of a keychain must get in the way.
        let keychain = if passphrase.is_some() {
            KeychainChoice::None
        } else {
            KeychainChoice::System
        };
        let patchbay = Patchbay::open(OpenOptions {
            data_dir,
            log_dir,
            keychain,
            clock: Arc::new(SystemClock),
            timing: Timing::default(),
            background,
        })
        .await?;
        if let Some(passphrase) = passphrase {
            unlock(&patchbay, &passphrase).await?;
        }
        Ok(patchbay)
    }
}

/// Opens the vault with a passphrase; where there is none yet, it is made.
async fn unlock(patchbay: &Patchbay, passphrase: &str) -> Result<(), Stop> {
    if let VaultStatus::Missing { .. } = patchbay.vault_status(Nothing {}).await? {
        let create = VaultCreate {
            key_in: KeyPlace::Passphrase,
            passphrase: Some(passphrase.to_owned().into()),
        };
        match patchbay.vault_create(create).await {
            Ok(_) => return Ok(()),
            Err(failure) => {
                // Another process may have made it meanwhile; then the passphrase has to be that one's.
                if let VaultStatus::Missing { .. } = patchbay.vault_status(Nothing {}).await? {
                    return Err(failure.into());
                }
            }
        }
    }
    match patchbay.vault_status(Nothing {}).await? {
        VaultStatus::Locked {
            key_in: KeyPlace::Passphrase,
            ..
        } => {
            patchbay
                .vault_unlock(VaultUnlock {
                    passphrase: passphrase.to_owned().into(),
                })
                .await?;
            Ok(())
        }
        VaultStatus::Locked { .. } => Err(Stop::failed(
            "The vault of this data folder has its key in the keychain, not behind a passphrase. Leave --vault-passphrase-env out.",
        )),
        VaultStatus::Open { .. } | VaultStatus::Missing { .. } => Ok(()),
    }
}

/// An organisation by its name: exactly, else without regard to case.
pub async fn organisation(patchbay: &Patchbay, name: &str) -> Result<Organisation, Stop> {
    let all = patchbay.organisations_list(Nothing {}).await?.organisations;
    let names: Vec<String> = all.iter().map(|organisation| organisation.name.clone()).collect();
    if let Some(exact) = all.iter().find(|organisation| organisation.name == name) {
        return Ok(exact.clone());
    }
    let folded = name.trim().to_lowercase();
    let mut alike = all
        .into_iter()
        .filter(|organisation| organisation.name.to_lowercase() == folded || organisation.id == name);
    match (alike.next(), alike.next()) {
        (Some(one), None) => Ok(one),
        (None, _) if names.is_empty() => Err(Stop::failed(format!(
            "There is no organisation yet. Register it: patchbay-cli org add \"{name}\"."
        ))),
        (None, _) => Err(Stop::failed(format!(
            "There is no organisation named \"{name}\". There are: {}.",
            names.join(", ")
        ))),
        (Some(_), Some(_)) => Err(Stop::failed(format!(
            "Several organisations are named \"{name}\". Write the name exactly."
        ))),
    }
}

/// Copies an organisation and waits; progress goes to standard error.
pub async fn sync(patchbay: &Patchbay, organisation: &Organisation) -> Result<(), Stop> {
    let topics = patchbay.events();
    let started = patchbay
        .mirror_sync(OrganisationId {
            organisation: organisation.id.clone(),
        })
        .await?;
    tell_elsewhere(&started, &organisation.name);
    until_over(patchbay, topics, started.transaction).await
}

/// Says that somebody else is at it already.
pub fn tell_elsewhere(started: &SyncStarted, name: &str) {
    if started.elsewhere {
        tell(&format!(
            "Another Patchbay on this data folder is copying {name} already. Waiting for it."
        ));
    }
}

/// Waits for a transaction; progress goes to standard error. `topics` were heard since before it began.
pub async fn until_over(
    patchbay: &Patchbay,
    mut topics: tokio::sync::broadcast::Receiver<patchbay_core::events::Topic>,
    transaction: String,
) -> Result<(), Stop> {
    use patchbay_api::commands::TransactionId;
    use patchbay_core::transactions::TransactionState;
    let mut told = String::new();
    loop {
        let transaction = patchbay
            .transactions_get(TransactionId {
                transaction: transaction.clone(),
            })
            .await?;
        if let Some(step) = transaction.steps.last() {
            let line = match step.total {
                Some(total) if total > 0 => {
                    format!("{}: {} of {}", step.name, step.done, total.max(step.done))
                }
                _ => format!("{}: {}", step.name, step.done),
            };
            if line != told {
                tell(&line);
                told = line;
            }
        }
        match transaction.state {
            TransactionState::Running => {}
            TransactionState::Succeeded => return Ok(()),
            _ => {
                return Err(match transaction.failure {
                    Some(failure) => failure.into(),
                    None => Stop::failed("The sync was cut off."),
                });
            }
        }
        // A lagging receiver is told so at once, which is as good as a topic.
        let _ = topics.recv().await;
    }
}
