//! The support bundle: what helps to find a fault, and no secret.
//!
//! It is put together from named fields only, never from copies of the database or of requests.

use crate::Patchbay;
use patchbay_core::bulk_assignments::export;
use patchbay_core::transactions::TransactionFilter;
use patchbay_core::{Error, Result, audit, mirror, organisations, transactions};
use serde_json::json;
use std::path::Path;

/// Transactions in the bundle.
const TRANSACTIONS: u32 = 200;
/// Bytes of the end of each log in the bundle.
const LOG: usize = 256 * 1024;

impl Patchbay {
    /// Saves the bundle as JSON; how many transactions are in it.
    pub(crate) async fn save_support_bundle(&self, path: &str) -> Result<u32> {
        let inner = &self.inner;
        let mut known = Vec::new();
        for organisation in organisations::list(&inner.db, &inner.vault).await? {
            let status = mirror::status(&inner.db, &organisation.id, None).await?;
            known.push(json!({
                "id": organisation.id,
                "environment": organisation.environment,
                "consent": organisation.consent,
                "accessTokenExpiresAt": organisation.access_token_expires_at,
                "refreshTokenExpiresAt": organisation.refresh_token_expires_at,
                "proxies": organisation.http_proxy.is_some() || organisation.https_proxy.is_some(),
                "missingPermissions": organisation.permissions.iter().filter(|permission| permission.granted == Some(false))
                    .map(|permission| &permission.scope).collect::<Vec<_>>(),
                "mirror": status.parts,
            }));
        }
        let recent = transactions::list(&inner.db, &TransactionFilter::default(), 0, TRANSACTIONS).await?;
        let bundle = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "system": { "os": std::env::consts::OS, "architecture": std::env::consts::ARCH },
            "madeAt": inner.clock.now().to_string(),
            "vault": inner.vault.status().await?,
            "auditEntries": audit::verify(&inner.db).await.map_err(|error| error.to_string()),
            "organisations": known,
            "runs": inner.runs.list().await?,
            "transactions": recent.transactions,
            "logs": log_ends(&inner.log_dir),
        });
        let bytes = serde_json::to_vec_pretty(&bundle).map_err(|_| Error::Ended {
            what: "Writing the support bundle",
        })?;
        export::write_file(path, bytes).await?;
        Ok(u32::try_from(recent.transactions.len()).unwrap_or(u32::MAX))
    }
}

/// The end of each log file, by name. A folder that is not there has no logs.
fn log_ends(folder: &Path) -> std::collections::BTreeMap<String, String> {
    let Ok(files) = std::fs::read_dir(folder) else {
        return Default::default();
    };
    files
        .filter_map(std::result::Result::ok)
        .filter(|file| {
            file.path()
                .extension()
                .is_some_and(|extension| extension == "log")
        })
        .filter_map(|file| {
            let bytes = std::fs::read(file.path()).ok()?;
            let end = &bytes[bytes.len().saturating_sub(LOG)..];
            Some((
                file.file_name().to_string_lossy().into_owned(),
                String::from_utf8_lossy(end).into_owned(),
            ))
        })
        .collect()
}
