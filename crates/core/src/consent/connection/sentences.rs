//! What each step of a connection check found, in words: what was found, or what failed and what to do next. Pure.

use super::failure;
use crate::clock::day;
use crate::error::{Error, ErrorCode, Failure};
use crate::organisations::{ContactCenterRegion, Organisation};
use jiff::Timestamp;
use std::net::IpAddr;
use webex_client::{CertificateFault, ErrorKind, Fault, Heard, Probe, ProxyOnTheWay};

/// Whom the sentences are about.
pub(super) struct Way<'a> {
    pub organisation: &'a Organisation,
    pub probe: &'a Probe,
    pub proxy: Option<&'a ProxyOnTheWay>,
}

fn unreachable(message: String) -> Failure {
    failure(ErrorCode::Unreachable, message)
}

impl Way<'_> {
    fn host(&self) -> &str {
        self.probe.host()
    }

    fn place(&self) -> String {
        format!("{}:{}", self.probe.host(), self.probe.port())
    }

    pub(super) fn name(&self, found: Result<Vec<IpAddr>, Fault>) -> Result<String, Failure> {
        let host = self.host();
        match (found, self.proxy) {
            (Ok(addresses), proxy) => {
                let by_proxy = match proxy {
                    Some(_) => " The proxy looks it up for itself.",
                    None => "",
                };
                Ok(format!("{host} has {}.{by_proxy}", listed(&addresses)))
            }
            (Err(_), Some(_)) => Ok(format!(
                "{host} is not known on this computer, which does not matter: the proxy looks it up."
            )),
            (Err(Fault::NameUnknown(words)), None) => Err(unreachable(format!(
                "The name {host} is not known here ({words}). Check the network, the VPN and the name server of this \
                 computer; where Webex is reached through a proxy only, enter the proxy."
            ))),
            (Err(_), None) => Err(unreachable(format!(
                "No name server said what {host} is within 10 s. Check the network, the VPN and the name server of this \
                 computer."
            ))),
        }
    }

    /// The proxy, after it was passed.
    pub(super) fn proxy_stands(&self) -> String {
        let name = &self.organisation.name;
        match self.proxy {
            Some(proxy) if proxy.from_system => {
                format!("The way goes through the system's proxy, {}.", proxy.shown)
            }
            Some(proxy) => format!("The way goes through the proxy of {name}, {}.", proxy.shown),
            None if self.organisation.http_proxy.is_some() || self.organisation.https_proxy.is_some() => {
                let (set, wanted) = if self.probe.is_tls() {
                    ("http", "https")
                } else {
                    ("https", "http")
                };
                format!(
                    "The proxy of {name} is for {set} addresses; {} is an {wanted} address, so the way is direct.",
                    self.host()
                )
            }
            None => format!("{name} has no proxy and the system uses none here: the way is direct."),
        }
    }

    pub(super) fn no_proxy(&self, proxy: &ProxyOnTheWay, fault: &Fault) -> Failure {
        let shown = &proxy.shown;
        let whose = if proxy.from_system {
            "It comes from the settings of the system; correct it there, or enter one for this organisation."
        } else {
            "Correct it in the organisation."
        };
        let message = match fault {
            Fault::NameUnknown(words) => {
                format!("The name of the proxy {shown} is not known here ({words}). {whose}")
            }
            Fault::Refused => format!(
                "Nothing accepts connections at the proxy {shown} (refused). Check its address and port, and whether it \
                 runs. {whose}"
            ),
            Fault::TimedOut => format!(
                "The proxy {shown} did not answer within 10 s. Check its address and port and the VPN. {whose}"
            ),
            Fault::ProxyPassword if proxy.with_password => format!(
                "The proxy {shown} does not accept this user and password (407). Enter them again; characters such as \
                 @ : / % in them must be URL-encoded (%40 for @). {whose}"
            ),
            Fault::ProxyPassword => format!(
                "The proxy {shown} wants a user and a password (407). Write its address as \
                 http://user:password@host:port. {whose}"
            ),
            Fault::ProxyRefuses(words) => {
                let answered = words
                    .as_ref()
                    .map_or_else(String::new, |words| format!(": it answered {words}"));
                return failure(
                    ErrorCode::Refused,
                    format!(
                        "The proxy {shown} makes no connection to {}{answered}. Ask whoever runs it whether {} may be \
                         reached through it.",
                        self.place(),
                        self.host()
                    ),
                );
            }
            Fault::Certificate { fault, .. } => {
                return unreachable(self.certificate(&format!("the proxy {shown}"), &proxy.host, fault));
            }
            Fault::NoTls(_) => format!(
                "The proxy {shown} does not speak TLS. Most proxies are written http://, also for https addresses. {whose}"
            ),
            Fault::Unreachable => {
                format!("There is no way to the proxy {shown}. Check the network and the VPN. {whose}")
            }
            Fault::Dropped => format!("The proxy {shown} ended the connection without an answer. {whose}"),
            Fault::Other(words) => format!("The proxy {shown} could not be used ({words}). {whose}"),
        };
        match fault {
            Fault::ProxyPassword => failure(ErrorCode::Refused, message),
            _ => unreachable(message),
        }
    }

    pub(super) fn connection(&self, heard: &Heard) -> String {
        let host = self.host();
        match &heard.certificate {
            Some(certificate) => format!(
                "A secure connection to {host} stands. Its certificate was issued by {} and is good until {}.",
                certificate.issuer,
                day(certificate.not_after)
            ),
            None if self.probe.is_tls() => format!("A secure connection to {host} stands."),
            None => format!(
                "A connection to {} stands, without TLS, which is accepted on this computer only.",
                self.place()
            ),
        }
    }

    pub(super) fn no_connection(&self, fault: &Fault) -> Failure {
        let (host, place) = (self.host(), self.place());
        let from = if self.proxy.is_some() {
            " through the proxy"
        } else {
            ""
        };
        unreachable(match fault {
            Fault::NameUnknown(words) => {
                format!("The name {host} could not be looked up ({words}). Check the network and the VPN.")
            }
            Fault::Refused => format!(
                "Nothing accepts connections at {place} (refused). A firewall may stand between; check the address and ask \
                 whoever runs the network."
            ),
            Fault::TimedOut => format!(
                "{place} did not answer{from} within 10 s. A firewall may drop what is sent; ask whoever runs the network \
                 whether {host} may be reached, and whether a proxy has to be used."
            ),
            Fault::Unreachable => format!("There is no way to {place}. Check the network and the VPN."),
            Fault::Dropped => format!(
                "The connection to {place} was ended{from} before it stood. A firewall that looks into TLS may do that; ask \
                 whoever runs the network."
            ),
            Fault::Certificate { fault, .. } => self.certificate(host, host, fault),
            Fault::NoTls(words) => format!(
                "What answers at {place} does not speak TLS as Webex does ({words}). Check the address, and whether a proxy \
                 or a sign-in page of the network stands between."
            ),
            Fault::ProxyPassword | Fault::ProxyRefuses(_) => {
                format!("The proxy makes no connection to {place}. Ask whoever runs it.")
            }
            Fault::Other(words) => format!("No connection to {place} could be made ({words})."),
        })
    }

    /// What is wrong with the certificate of `whom`, which was asked for as `host`.
    fn certificate(&self, whom: &str, host: &str, fault: &CertificateFault) -> String {
        let name = &self.organisation.name;
        match fault {
            CertificateFault::UnknownIssuer => {
                let next = match &self.organisation.ca_file {
                    Some(file) => format!(
                        "It was not issued by those in {} either. Ask whoever runs the network for the certificate \
                         authority in use now, and choose its file.",
                        file.name
                    ),
                    None => format!(
                        "Where the network looks into TLS, or has a certificate authority of its own, add that one's CA \
                         file to {name}; where it does not, somebody else may stand between: do not go on."
                    ),
                };
                format!(
                    "The TLS certificate of {whom} was issued by an authority that this computer does not trust. {next}"
                )
            }
            CertificateFault::Expired => format!(
                "The TLS certificate of {whom} has expired, as this computer's clock has it. Check the clock; if it is \
                 right, tell whoever runs {host}."
            ),
            CertificateFault::NotYetValid => format!(
                "The TLS certificate of {whom} is not valid yet, as this computer's clock has it. Check the clock."
            ),
            CertificateFault::WrongName(names) => {
                let names = if names.is_empty() {
                    "another name".to_owned()
                } else {
                    // They come as DnsName("…").
                    let bare = names.iter().map(|name| bare_name(name)).collect::<Vec<_>>();
                    bare.join(", ")
                };
                format!(
                    "The TLS certificate of {whom} is made out for {names}, not for {host}. Check the address; a proxy or a \
                     sign-in page of the network may stand between."
                )
            }
            CertificateFault::Revoked => {
                format!("The TLS certificate of {whom} was revoked. Do not go on; tell whoever runs {host}.")
            }
            CertificateFault::Other(words) => format!(
                "The TLS certificate of {whom} is not accepted ({words}). Ask whoever runs the network."
            ),
        }
    }

    pub(super) fn held(&self, until: Option<Timestamp>) -> Failure {
        let until = until.map_or_else(String::new, |until| format!(" until {until}"));
        unreachable(format!(
            "Webex asked to be left alone{until} (429), so nothing was sent. Check again then."
        ))
    }

    /// What came back on a request without a token.
    pub(super) fn webex(&self, heard: &Heard) -> Result<String, Failure> {
        let host = self.host();
        let by_proxy = !heard.from_webex && self.proxy.is_some();
        let (code, message) = match heard.status {
            401 if !heard.is_page => {
                return Ok(format!(
                    "Webex answers at {host}: without a token it says no (401), as it should."
                ));
            }
            403 => (
                ErrorCode::Refused,
                format!(
                    "{host} forbids every request (403). A proxy or firewall may block it, or Webex does not serve this \
                     network; ask whoever runs the network."
                ),
            ),
            404 => (
                ErrorCode::Refused,
                format!(
                    "{host} answers but does not know Webex's addresses (404). Check the base address of the organisation: \
                     it ends in /v1."
                ),
            ),
            429 => {
                let wait = heard.retry_after.map_or(0, |wait| wait.as_secs());
                (
                    ErrorCode::Unreachable,
                    format!("Webex asks to be left alone for {wait} s (429). Check again then."),
                )
            }
            status @ 500.. if by_proxy => (
                ErrorCode::Unreachable,
                format!(
                    "The proxy answered {status} in the place of Webex: it could not reach {host} itself. Ask whoever runs \
                     the proxy."
                ),
            ),
            status @ 500.. => (
                ErrorCode::Unreachable,
                format!(
                    "Webex has a problem of its own ({status}). Check again later; status.webex.com says more."
                ),
            ),
            status => (
                ErrorCode::Refused,
                format!(
                    "Something answers at {host} with {status}, but not as Webex does. A sign-in page of the network may \
                     stand between: open a web page in the browser, then check again."
                ),
            ),
        };
        Err(Failure {
            tracking_id: heard.tracking_id.clone(),
            ..failure(code, message)
        })
    }

    pub(super) fn consent_gone(&self, reason: &str) -> Failure {
        failure(
            ErrorCode::ConsentNeeded,
            format!(
                "The consent of {} is gone: {}. Connect it again.",
                self.organisation.name,
                reason.trim_end_matches('.')
            ),
        )
    }

    pub(super) fn silent(&self, what: &str) -> Failure {
        unreachable(format!(
            "There was no answer to {what} within 10 s, though the way to Webex stands. Check again later."
        ))
    }

    pub(super) fn no_account_number(&self) -> Failure {
        Failure {
            field: Some("accountNumber".to_owned()),
            ..failure(
                ErrorCode::Invalid,
                format!(
                    "The contact center is asked by the organisation's number, which is not known of {}. Enter the \
                     organisation account number.",
                    self.organisation.name
                ),
            )
        }
    }

    pub(super) fn no_contact_center(
        &self,
        host: &str,
        region: ContactCenterRegion,
        uuid: &str,
        error: webex_client::Error,
    ) -> Failure {
        let name = &self.organisation.name;
        if *error.kind() == ErrorKind::Unauthorised {
            // Not a matter of the token, which was good a moment ago.
            return Failure {
                tracking_id: error.tracking_id().map(str::to_owned),
                ..failure(
                    ErrorCode::Refused,
                    format!(
                        "The contact center at {host} does not know the organisation {uuid} (401). The token is good, so the \
                         region is probably another one than {}, or {name} has no contact center. Correct it in the \
                         organisation.",
                        region_name(region)
                    ),
                )
            };
        }
        Error::webex(format!("ask the contact center of {name} at {host}"))(error).failure()
    }
}

pub(super) fn token(organisation: &Organisation) -> String {
    let mut text = "Webex accepts the token".to_owned();
    for (what, until) in [
        ("it is good until", &organisation.access_token_expires_at),
        ("the consent until", &organisation.refresh_token_expires_at),
    ] {
        if let Some(until) = until {
            let until = until.parse::<Timestamp>().map_or_else(|_| until.clone(), day);
            text.push_str(&format!(", {what} {until}"));
        }
    }
    text + "."
}

pub(super) fn permissions(organisation: &Organisation) -> Result<String, Failure> {
    let wanted = organisation.permissions.len();
    let missing: Vec<_> = organisation
        .permissions
        .iter()
        .filter(|permission| permission.granted == Some(false))
        .collect();
    if organisation
        .permissions
        .iter()
        .any(|permission| permission.granted.is_none())
    {
        return Ok("Webex did not say which permissions it granted.".to_owned());
    }
    if missing.is_empty() {
        return Ok(format!("All {wanted} permissions are granted."));
    }
    let list: Vec<String> = missing
        .iter()
        .map(|permission| {
            format!(
                "{} ({}): {}",
                permission.label, permission.scope, permission.feature
            )
        })
        .collect();
    Err(failure(
        ErrorCode::ConsentNeeded,
        format!(
            "{} of {wanted} permissions are granted. Not granted: {}. Add what is missing to the integration, then connect {} \
             again.",
            wanted - missing.len(),
            list.join("; "),
            organisation.name
        ),
    ))
}

pub(super) fn contact_center(host: &str, users: Option<i64>) -> String {
    let users = match users {
        Some(1) => " with 1 user".to_owned(),
        Some(count) => format!(" with {count} users"),
        None => String::new(),
    };
    format!("The contact center answers at {host}{users}.")
}

fn region_name(region: ContactCenterRegion) -> &'static str {
    match region {
        ContactCenterRegion::Us => "US",
        ContactCenterRegion::Anz => "ANZ",
        ContactCenterRegion::Uk => "UK",
        ContactCenterRegion::EuFrankfurt => "EU (Frankfurt)",
        ContactCenterRegion::Japan => "Japan",
        ContactCenterRegion::Canada => "Canada",
        ContactCenterRegion::Singapore => "Singapore",
    }
}

fn bare_name(name: &str) -> &str {
    let inside = name
        .split_once('(')
        .map_or(name, |(_, rest)| rest.trim_end_matches(')'));
    inside.trim_matches('"')
}

fn listed(addresses: &[IpAddr]) -> String {
    const FEW: usize = 3;
    let shown: Vec<String> = addresses.iter().take(FEW).map(ToString::to_string).collect();
    let word = if addresses.len() == 1 {
        "the address"
    } else {
        "the addresses"
    };
    match addresses.len().saturating_sub(FEW) {
        0 => format!("{word} {}", shown.join(", ")),
        more => format!("{word} {} and {more} more", shown.join(", ")),
    }
}
