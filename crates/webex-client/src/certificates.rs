//! Certificates as people name them, and files of certificate authorities.
//!
//! Invariant: a file of which one certificate could not be used is refused whole, as the set-up of a client would refuse it.

use jiff::Timestamp;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{PemObject as _, SectionKind};
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// What a certificate says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Common name where there is one, else the whole name.
    pub subject: String,
    pub issuer: String,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
}

/// A certificate authority of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    pub der: Vec<u8>,
    pub certificate: Certificate,
}

/// Why a file of certificate authorities cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthoritiesError {
    #[error("the file is empty")]
    Empty,
    /// One certificate in binary form (.der, often .cer).
    #[error("the file is a certificate in DER form, not PEM")]
    Der,
    /// Binary, but no certificate: PKCS#7 or PKCS#12, for instance.
    #[error("the file is binary, not PEM")]
    Binary,
    #[error("the file holds a private key")]
    PrivateKey,
    #[error("the file holds no certificate")]
    NoCertificate,
    /// Counted from 1.
    #[error("certificate {number} of the file cannot be read")]
    Unreadable { number: usize },
}

impl Certificate {
    /// Reads DER. None where it is no certificate.
    pub fn read(der: &[u8]) -> Option<Self> {
        let (rest, certificate) = X509Certificate::from_der(der).ok()?;
        if !rest.is_empty() {
            return None;
        }
        let name = |name: &x509_parser::x509::X509Name<'_>| {
            let common = name
                .iter_common_name()
                .next()
                .and_then(|common| common.as_str().ok());
            common.map_or_else(|| name.to_string(), str::to_owned)
        };
        let validity = certificate.validity();
        Some(Self {
            subject: name(certificate.subject()),
            issuer: name(certificate.issuer()),
            not_before: Timestamp::from_second(validity.not_before.timestamp()).ok()?,
            not_after: Timestamp::from_second(validity.not_after.timestamp()).ok()?,
        })
    }
}

/// Reads a PEM file of one or more certificate authorities. Text around the certificates is passed over; a private key is
/// not, as it does not belong into such a file.
pub fn read_authorities(file: &[u8]) -> Result<Vec<Authority>, AuthoritiesError> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    if file.iter().all(u8::is_ascii_whitespace) {
        return Err(AuthoritiesError::Empty);
    }
    if Certificate::read(file).is_some() {
        return Err(AuthoritiesError::Der);
    }
    if file.contains(&0) {
        return Err(AuthoritiesError::Binary);
    }
    // The reader passes over a section it does not know, such as an encrypted key.
    if file.windows(17).any(|window| window == b" PRIVATE KEY-----") {
        return Err(AuthoritiesError::PrivateKey);
    }
    let mut store = RootCertStore::empty();
    let mut authorities = Vec::new();
    for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(file) {
        let unreadable = AuthoritiesError::Unreadable {
            number: authorities.len() + 1,
        };
        let Ok((kind, der)) = section else {
            return Err(unreadable);
        };
        if kind != SectionKind::Certificate {
            continue;
        }
        let taken = store.add(CertificateDer::from(der.as_slice()).into_owned());
        match (Certificate::read(&der), taken) {
            (Some(certificate), Ok(())) => authorities.push(Authority { der, certificate }),
            _ => return Err(unreadable),
        }
    }
    if authorities.is_empty() {
        Err(AuthoritiesError::NoCertificate)
    } else {
        Ok(authorities)
    }
}
