//! Folders, backups, and the one that waits for the next start.

use super::{Reply, told};
use crate::Patchbay;
use crate::commands::*;
use patchbay_core::backups::{self, RestoreWaiting};
use patchbay_core::clock::Clock;
use patchbay_core::events::Topic;
use patchbay_core::runs::RunState;
use patchbay_core::{Error, Failure, Result, audit};
use std::path::{Path, PathBuf};

impl Patchbay {
    /// The backup that waits. One that cannot be read is for the next start to judge, not for a page to fail by.
    pub(crate) async fn restore_waiting(&self) -> Option<RestoreWaiting> {
        backups::waiting(&self.inner.data_dir)
            .await
            .unwrap_or_else(|error| {
                tracing::warn!(?error, "the backup that waits cannot be read");
                None
            })
    }

    async fn stage_restore(&self, path: &str) -> Result<RestoreWaiting> {
        let inner = &self.inner;
        let at_work = inner
            .runs
            .open()
            .await?
            .into_iter()
            .find(|run| run.state == RunState::Running);
        if let Some(run) = at_work {
            return Err(Error::conflict(format!(
                "The run \"{}\" of {} is at work, and a restore would take its ledger away. Pause or cancel it, then restore.",
                run.name, run.organisation_name
            )));
        }
        let staged = backups::stage(
            &inner.data_dir,
            path,
            inner.clock.now(),
            &inner.who,
            Some(&inner.vault),
        )
        .await?;
        self.log(
            "restore_chosen",
            &serde_json::json!({ "file": staged.file, "madeAt": staged.made_at }),
        )
        .await?;
        Ok(staged)
    }

    async fn cancel_restore(&self) -> Result<()> {
        if backups::cancel(&self.inner.data_dir)? {
            self.log("restore_cancelled", &serde_json::json!({})).await?;
        }
        Ok(())
    }

    async fn log(&self, event: &str, detail: &serde_json::Value) -> Result<()> {
        let inner = &self.inner;
        let mut write = inner.db.write().await?;
        let context = audit::Context {
            who: inner.who.clone(),
            organisation: None,
        };
        audit::append(&mut write, inner.clock.as_ref(), &context, event, detail).await?;
        write.touch(Topic::Backups);
        write.commit().await?;
        Ok(())
    }

    /// Takes a backup for the next start without opening the database that is there, for one that cannot be opened. What is
    /// known of its secrets is nothing.
    ///
    /// # Errors
    /// As the command `backups.restore`.
    pub async fn restore_unopened(
        data_dir: &Path,
        clock: &dyn Clock,
        path: &str,
    ) -> std::result::Result<RestoreWaiting, Failure> {
        told(backups::stage(data_dir, path, clock.now(), &crate::patchbay::who(), None).await)
    }
}

async fn folder(path: PathBuf) -> Result<Folder> {
    let shown = path.display().to_string();
    let (bytes, files) = tokio::task::spawn_blocking(move || backups::size(&path))
        .await
        .map_err(|_| Error::Ended {
            what: "Measuring the folder",
        })?;
    // Exact up to nine petabytes.
    #[expect(clippy::cast_precision_loss, reason = "sizes of folders fit")]
    let bytes = bytes.map(|bytes| bytes as f64);
    Ok(Folder {
        path: shown,
        bytes,
        files,
    })
}

impl Patchbay {
    pub(crate) async fn app_folders(&self, _: Nothing) -> Reply<Folders> {
        Ok(Folders {
            data: told(folder(self.inner.data_dir.clone()).await)?,
            logs: told(folder(self.inner.log_dir.clone()).await)?,
        })
    }

    pub(crate) async fn backups_save(&self, request: FileSave) -> Reply<Saved> {
        let inner = &self.inner;
        let rows = told(
            backups::save(
                &inner.db,
                inner.clock.as_ref(),
                &inner.who,
                env!("CARGO_PKG_VERSION"),
                &request.path,
            )
            .await,
        )?;
        Ok(Saved {
            path: request.path,
            rows,
        })
    }

    pub(crate) async fn backups_restore(&self, request: FileOpen) -> Reply<RestoreWaiting> {
        told(self.stage_restore(&request.path).await)
    }

    pub(crate) async fn backups_cancel_restore(&self, _: Nothing) -> Reply<Nothing> {
        told(self.cancel_restore().await)?;
        Ok(Nothing {})
    }
}
