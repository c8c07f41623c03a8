//! Where a way ended, read from the chain of an error. Pure.

use std::error::Error as StdError;
use std::io;

use rustls::{AlertDescription, CertificateError, Error as Tls};

use crate::probe::of_socket;

/// Why something on the way did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// No address is known for the name; the resolver's words.
    NameUnknown(String),
    Refused,
    TimedOut,
    Unreachable,
    /// The connection was made and then ended.
    Dropped,
    /// The proxy wants a user and password, or others than these.
    ProxyPassword,
    /// The proxy makes no connection onwards; its status and words where they could be had.
    ProxyRefuses(Option<String>),
    /// The server's certificate, or that of the proxy where that is TLS itself.
    Certificate {
        of_proxy: bool,
        fault: CertificateFault,
    },
    /// What answered does not speak TLS, or not as it is spoken here.
    NoTls(String),
    Other(String),
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateFault {
    /// Issued by nobody this computer trusts.
    UnknownIssuer,
    Expired,
    NotYetValid,
    /// Made out for other names, as far as they are known.
    WrongName(Vec<String>),
    Revoked,
    Other(String),
}

/// Reads the chain of `error`.
pub fn fault_of(error: &(dyn StdError + 'static)) -> Fault {
    let mut links = Vec::new();
    collect(error, &mut links);
    let says = |words: &str| links.iter().any(|link| link.to_string().contains(words));
    if says("proxy authorization required") {
        return Fault::ProxyPassword;
    }
    let of_proxy = says("failed to create underlying connection");
    for link in &links {
        if let Some(tls) = link.downcast_ref::<Tls>() {
            return of_tls(tls, of_proxy);
        }
    }
    if says("tunnel error: unsuccessful") || says("tunnel error: unexpected end of file") {
        return Fault::ProxyRefuses(None);
    }
    if let Some(link) = links.iter().find(|link| link.to_string().contains("dns error")) {
        return Fault::NameUnknown(link.to_string());
    }
    let timed_out = |link: &&(dyn StdError + 'static)| {
        link.downcast_ref::<reqwest::Error>()
            .is_some_and(reqwest::Error::is_timeout)
    };
    if links.iter().any(timed_out) {
        return Fault::TimedOut;
    }
    let of_socket = links
        .iter()
        .filter_map(|link| link.downcast_ref::<io::Error>())
        .find_map(of_socket);
    if let Some(fault) = of_socket {
        return fault;
    }
    if says("connection closed before message completed") || says("connection error") {
        return Fault::Dropped;
    }
    Fault::Other(
        links
            .last()
            .map_or_else(|| error.to_string(), ToString::to_string),
    )
}

/// All errors of the chain; one inside an `io::Error` is not among its sources.
fn collect<'a>(error: &'a (dyn StdError + 'static), links: &mut Vec<&'a (dyn StdError + 'static)>) {
    links.push(error);
    if let Some(inner) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        collect(inner, links);
    } else if let Some(source) = error.source() {
        collect(source, links);
    }
}

fn of_tls(error: &Tls, of_proxy: bool) -> Fault {
    use CertificateError as Wrong;
    let fault = match error {
        Tls::InvalidCertificate(wrong) => match wrong {
            Wrong::UnknownIssuer => CertificateFault::UnknownIssuer,
            Wrong::Expired | Wrong::ExpiredContext { .. } => CertificateFault::Expired,
            Wrong::NotValidYet | Wrong::NotValidYetContext { .. } => CertificateFault::NotYetValid,
            Wrong::NotValidForName => CertificateFault::WrongName(Vec::new()),
            Wrong::NotValidForNameContext { presented, .. } => CertificateFault::WrongName(presented.clone()),
            Wrong::Revoked => CertificateFault::Revoked,
            other => CertificateFault::Other(other.to_string()),
        },
        Tls::AlertReceived(AlertDescription::CertificateRequired | AlertDescription::AccessDenied) => {
            CertificateFault::Other("the server asks for a certificate of this computer".to_owned())
        }
        other => return Fault::NoTls(other.to_string()),
    };
    Fault::Certificate { of_proxy, fault }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_found_behind_an_io_error() {
        let wrong = Tls::InvalidCertificate(CertificateError::UnknownIssuer);
        let error = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, wrong));
        assert_eq!(
            fault_of(&error),
            Fault::Certificate {
                of_proxy: false,
                fault: CertificateFault::UnknownIssuer
            }
        );
    }

    #[test]
    fn sockets_are_told_apart() {
        for (kind, fault) in [
            (io::ErrorKind::ConnectionRefused, Fault::Refused),
            (io::ErrorKind::TimedOut, Fault::TimedOut),
            (io::ErrorKind::HostUnreachable, Fault::Unreachable),
            (io::ErrorKind::ConnectionReset, Fault::Dropped),
        ] {
            assert_eq!(fault_of(&io::Error::from(kind)), fault);
            let wrapped = io::Error::other(io::Error::from(kind));
            assert_eq!(fault_of(&wrapped), fault);
        }
        assert_eq!(
            fault_of(&io::Error::other("strange")),
            Fault::Other("strange".to_owned())
        );
    }
}
