//! The extra certificate authority of an organisation's network: read and judged.
//!
//! Invariants: what is stored is the certificates alone, written anew; a file that could not be used in a connection is
//! refused when it is entered.

use super::model::{CaEdit, CaFile};
use crate::clock::day;
use crate::error::{Error, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use std::path::Path;
use webex_client::{AuthoritiesError, read_authorities};

/// No file of authorities is larger.
const MOST_BYTES: usize = 1024 * 1024;
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
const FIELD: &str = "caFile";

/// A change that can be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CaChange {
    Keep,
    Clear,
    Set { name: String, pem: String },
}

/// Fetches and judges what was entered.
///
/// # Errors
/// [`Error::Invalid`] that says what the file is instead; [`Error::File`].
pub(super) async fn read(edit: &CaEdit, now: Timestamp) -> Result<CaChange> {
    let (name, bytes) = match edit {
        CaEdit::Keep => return Ok(CaChange::Keep),
        CaEdit::Clear => return Ok(CaChange::Clear),
        CaEdit::Path { path } => {
            let path = Path::new(path);
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            (name.into_owned(), from_disk(path).await?)
        }
        CaEdit::Content { name, base64 } => {
            let name = name.trim();
            let name = if name.is_empty() { "pasted" } else { name };
            if base64.len() > MOST_BYTES / 3 * 4 + 4 {
                return Err(too_large(name));
            }
            let bytes = STANDARD.decode(base64.trim()).map_err(|_| {
                Error::invalid(
                    FIELD,
                    format!("The file {name} did not arrive whole. Choose it again."),
                )
            })?;
            (name.to_owned(), bytes)
        }
    };
    let pem = judge(&name, &bytes, now)?;
    let name = name.chars().filter(|c| !c.is_control()).take(255).collect();
    Ok(CaChange::Set { name, pem })
}

async fn from_disk(path: &Path) -> Result<Vec<u8>> {
    let failed = |source| Error::File {
        doing: "read",
        path: path.to_owned(),
        source,
    };
    let about = tokio::fs::metadata(path).await.map_err(failed)?;
    let name = path.display().to_string();
    if !about.is_file() {
        return Err(Error::invalid(
            FIELD,
            format!("{name} is no file. Choose the PEM file of the certificate authority."),
        ));
    }
    if about.len() > MOST_BYTES as u64 {
        return Err(too_large(&name));
    }
    tokio::fs::read(path).await.map_err(failed)
}

fn too_large(name: &str) -> Error {
    Error::invalid(
        FIELD,
        format!(
            "The file {name} is larger than 1 MB, so it is hardly a list of certificate authorities. Choose the PEM file with \
             the ones of your network alone."
        ),
    )
}

/// The certificates of a file in PEM, or why it cannot be used. Pure.
pub(super) fn judge(name: &str, bytes: &[u8], now: Timestamp) -> Result<String> {
    if bytes.len() > MOST_BYTES {
        return Err(too_large(name));
    }
    let authorities = read_authorities(bytes).map_err(|error| {
        let why = match error {
            AuthoritiesError::Empty => "is empty. Choose the PEM file of the certificate authority.".to_owned(),
            AuthoritiesError::Der => format!(
                "holds a certificate in binary form (DER). Turn it into PEM and choose that: openssl x509 -inform der -in \
                 {name} -out ca.pem"
            ),
            AuthoritiesError::Binary => {
                "is binary, not PEM. Export the certificate authority as PEM (Base64), without its private key.".to_owned()
            }
            AuthoritiesError::PrivateKey => {
                "holds a private key. Nothing was stored. Choose a file with the certificate of the authority alone, and \
                 keep the key where nobody else reads it."
                    .to_owned()
            }
            AuthoritiesError::NoCertificate => format!(
                "holds no certificate. A PEM file has the line {BEGIN} for each; choose the file of the certificate authority."
            ),
            AuthoritiesError::Unreadable { number } => {
                format!("is damaged: its certificate {number} cannot be read. Export it anew.")
            }
        };
        Error::invalid(FIELD, format!("The file {name} {why}"))
    })?;
    let last = authorities
        .iter()
        .max_by_key(|authority| authority.certificate.not_after);
    if let Some(last) = last.filter(|last| last.certificate.not_after <= now) {
        let certificate = &last.certificate;
        return Err(Error::invalid(
            FIELD,
            match authorities.len() {
                1 => format!(
                    "The certificate \"{}\" in {name} expired on {}. Ask for the present one of your network.",
                    certificate.subject,
                    day(certificate.not_after)
                ),
                several => format!(
                    "All {several} certificates in {name} have expired, the last on {}. Ask for the present ones of your \
                     network.",
                    day(certificate.not_after)
                ),
            },
        ));
    }
    Ok(authorities
        .iter()
        .map(|authority| block(&authority.der))
        .collect())
}

fn block(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut block = format!("{BEGIN}\n");
    for line in text.as_bytes().chunks(64) {
        block.extend(line.iter().map(|byte| char::from(*byte)));
        block.push('\n');
    }
    block + END + "\n"
}

/// What is shown of what is stored.
pub(super) fn shown(name: Option<String>, pem: Option<&str>) -> Option<CaFile> {
    let count = pem?.matches(BEGIN).count();
    Some(CaFile {
        name: name.unwrap_or_default(),
        certificates: u32::try_from(count).unwrap_or(u32::MAX),
    })
}
