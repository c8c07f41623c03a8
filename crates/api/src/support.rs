//! The support bundle: what helps to find a fault, and no secret.
//!
//! It is put together from named fields only, never from copies of the database or of requests. E-mail addresses are
//! people's, not Patchbay's: wherever one stands in a title, a step or a log, it is left out.

use crate::Patchbay;
use patchbay_core::bulk_assignments::export;
use patchbay_core::transactions::TransactionFilter;
use patchbay_core::{Error, Result, audit, mirror, organisations, transactions};
use serde_json::{Value, json};
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
                "wholesale": organisation.wholesale,
                "contactCenterRegion": organisation.contact_center_region.filter(|_| organisation.contact_center),
                "caCertificates": organisation.ca_file.as_ref().map(|file| file.certificates),
                "unexpectedAdmin": organisation.unexpected_admin,
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
            "restoreWaiting": self.restore_waiting().await.map(|waiting| waiting.made_at),
            "organisations": known,
            "runs": inner.runs.list().await?,
            "transactions": recent.transactions,
            "logs": log_ends(&inner.log_dir),
        });
        let bundle = without_addresses(bundle);
        let bytes = serde_json::to_vec_pretty(&bundle).map_err(|_| Error::Ended {
            what: "Writing the support bundle",
        })?;
        export::write_file(path, bytes).await?;
        Ok(u32::try_from(recent.transactions.len()).unwrap_or(u32::MAX))
    }
}

/// The same without e-mail addresses in its texts.
fn without_addresses(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(text_without_addresses(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(without_addresses).collect()),
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(name, value)| (name, without_addresses(value)))
                .collect(),
        ),
        other => other,
    }
}

fn text_without_addresses(text: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || "._%+-'!#$&*/=?^`{|}~".contains(c);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('@') {
        let local = before.trim_end_matches(is_part);
        let domain_end = after
            .find(|c: char| !(c.is_alphanumeric() || c == '.' || c == '-'))
            .unwrap_or(after.len());
        if local.len() == before.len() || domain_end == 0 {
            out.push_str(before);
            out.push('@');
            rest = after;
        } else {
            out.push_str(local);
            out.push_str("(address)");
            rest = &after[domain_end..];
        }
    }
    out.push_str(rest);
    out
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
