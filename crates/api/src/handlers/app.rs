//! The application itself: version, preferences, vault, demo organisation.

use super::{Reply, told};
use crate::Patchbay;
use crate::commands::*;
use patchbay_core::secrets::VaultStatus;
use patchbay_core::settings::{self, Preferences};
use patchbay_core::{Result, bulk_assignments as bulk, organisations};

impl Patchbay {
    async fn info(&self) -> Result<AppInfo> {
        let inner = &self.inner;
        let organisations = organisations::list(&inner.db, &inner.vault).await?;
        let templates = bulk::list(&inner.db, &inner.runs, None).await?;
        Ok(AppInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data_dir: inner.data_dir.display().to_string(),
            log_dir: inner.log_dir.display().to_string(),
            first_run: organisations.is_empty() && templates.is_empty(),
            who: inner.who.clone(),
            restore_waiting: self.restore_waiting().await,
        })
    }

    async fn set_preferences(&self, preferences: &Preferences) -> Result<Preferences> {
        let mut write = self.inner.db.write().await?;
        let before = settings::load(&self.inner.db).await?;
        settings::save(&mut write, preferences).await?;
        if before.sync_every_hours != preferences.sync_every_hours {
            let minutes = crate::background::sync_minutes;
            let (old, new) = (
                minutes(before.sync_every_hours),
                minutes(preferences.sync_every_hours),
            );
            self.inner.scheduler.change_default(&mut write, old, new).await?;
        }
        write.commit().await?;
        settings::load(&self.inner.db).await
    }
}

impl Patchbay {
    pub(crate) async fn app_info(&self, _: Nothing) -> Reply<AppInfo> {
        told(self.info().await)
    }

    pub(crate) async fn app_support_bundle(&self, request: FileSave) -> Reply<Saved> {
        let rows = told(self.save_support_bundle(&request.path).await)?;
        Ok(Saved {
            path: request.path,
            rows,
        })
    }

    pub(crate) async fn preferences_get(&self, _: Nothing) -> Reply<Preferences> {
        told(settings::load(&self.inner.db).await)
    }

    pub(crate) async fn preferences_set(&self, request: Preferences) -> Reply<Preferences> {
        told(self.set_preferences(&request).await)
    }

    pub(crate) async fn vault_status(&self, _: Nothing) -> Reply<VaultStatus> {
        told(self.inner.vault.status().await)
    }

    pub(crate) async fn vault_create(&self, request: VaultCreate) -> Reply<VaultStatus> {
        told(
            self.inner
                .vault
                .create(request.key_in, request.passphrase.map(Into::into))
                .await,
        )
    }

    pub(crate) async fn vault_unlock(&self, request: VaultUnlock) -> Reply<VaultStatus> {
        let status = told(self.inner.vault.unlock(request.passphrase.into()).await)?;
        // A command line that ends soon follows nothing.
        if self.inner.background {
            let patchbay = self.clone();
            tokio::spawn(async move { patchbay.follow_on(None).await });
        }
        Ok(status)
    }

    pub(crate) async fn vault_change_passphrase(&self, request: VaultChangePassphrase) -> Reply<VaultStatus> {
        told(
            self.inner
                .vault
                .change_passphrase(request.old.into(), request.new.into())
                .await,
        )?;
        told(self.inner.vault.status().await)
    }

    pub(crate) async fn vault_move(&self, request: VaultMove) -> Reply<VaultStatus> {
        let (present, new) = (
            request.passphrase.map(Into::into),
            request.new_passphrase.map(Into::into),
        );
        told(self.inner.vault.move_key(request.to, present, new).await)
    }

    pub(crate) async fn vault_reset(&self, _: Nothing) -> Reply<VaultStatus> {
        told(self.inner.vault.reset().await)
    }

    pub(crate) async fn demo_open(&self, _: Nothing) -> Reply<DemoOpened> {
        let (organisation, template) = told(self.open_demo().await)?;
        Ok(DemoOpened {
            organisation,
            template,
        })
    }
}
