//! `backup …`: a copy of the database, and putting one back.

use crate::arguments::Backup;
use crate::open::Place;
use crate::say::{Stop, counted, minute, print_line, tell};
use patchbay_api::Patchbay;
use patchbay_api::commands::{Commands, FileOpen, FileSave, Nothing};
use patchbay_core::backups::RestoreWaiting;
use patchbay_core::clock::SystemClock;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub async fn carry_out(place: &Place, command: Backup) -> Result<ExitCode, Stop> {
    match command {
        Backup::Save { file } => save(place, &file).await,
        Backup::Restore { file } => restore(place, &file).await,
    }
}

/// The path from the root, which the command table wants.
fn whole(file: &Path) -> Result<String, Stop> {
    let path: PathBuf = std::path::absolute(file)
        .map_err(|error| Stop::wrong(format!("{} is no path: {error}.", file.display())))?;
    path.into_os_string()
        .into_string()
        .map_err(|path| Stop::wrong(format!("{} is not written in Unicode.", path.display())))
}

async fn save(place: &Place, file: &Path) -> Result<ExitCode, Stop> {
    let path = whole(file)?;
    let patchbay = place.open().await?;
    let saved = patchbay.backups_save(FileSave { path }).await?;
    patchbay.close().await;
    tell(&format!(
        "Saved {} with {}. Its secrets are sealed; keep the passphrase or the keychain they need.",
        saved.path,
        counted(saved.rows, "organisation", "organisations")
    ));
    Ok(ExitCode::SUCCESS)
}

async fn restore(place: &Place, file: &Path) -> Result<ExitCode, Stop> {
    let path = whole(file)?;
    let waiting = match place.open().await {
        Ok(patchbay) => {
            let waiting = patchbay.backups_restore(FileOpen { path }).await;
            patchbay.close().await;
            waiting?
        }
        // A database that cannot be opened is why a backup is wanted.
        Err(stop) => {
            tell("The present database cannot be opened; it will be set aside as it is.");
            stop.say();
            Patchbay::restore_unopened(&place.data_dir()?, &SystemClock, &path).await?
        }
    };
    say(&waiting);
    // Alone on the data folder, opening puts it in place.
    let patchbay = Place {
        data_dir: place.data_dir.clone(),
        vault_passphrase_env: None,
    }
    .open()
    .await?;
    let still = patchbay.app_info(Nothing {}).await?.restore_waiting;
    patchbay.close().await;
    match still {
        None => print_line("Restored. The database that was there before is set aside in the data folder.")?,
        Some(_) => print_line(
            "Another Patchbay has the data folder open. The backup is put in place at its next start.",
        )?,
    }
    Ok(ExitCode::SUCCESS)
}

fn say(waiting: &RestoreWaiting) {
    let by = match &waiting.version {
        Some(version) => format!("Patchbay {version}"),
        None => "a plain copy of a database".to_owned(),
    };
    tell(&format!(
        "{}: made {} ({by}), {}.",
        waiting.file,
        minute(&waiting.made_at),
        counted(waiting.organisations, "organisation", "organisations")
    ));
    if !waiting.secrets {
        tell(
            "Its secrets need another key than the one here: the passphrase the backup was made with. Without it the \
             organisations are connected again.",
        );
    }
}
