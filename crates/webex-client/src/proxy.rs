//! Proxy addresses, `http(s)://[user:password@]host:port` with or without a final `/` (product O2).
//!
//! Invariant: the password is never printed; `Debug` and `Display` are masked.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use url::Host;

/// A checked proxy address.
#[derive(Clone)]
pub struct ProxyUrl {
    whole: SecretString,
    masked: String,
}

/// Which part of the address is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyPart {
    Scheme,
    User,
    Password,
    Host,
    Port,
    /// What follows the port.
    Rest,
}

impl fmt::Display for ProxyPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "scheme",
            Self::User => "user",
            Self::Password => "password",
            Self::Host => "host",
            Self::Port => "port",
            Self::Rest => "part after the port",
        })
    }
}

/// A refused proxy address. The text never repeats user or password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the proxy's {part} is wrong: {why}")]
pub struct ProxyUrlError {
    pub part: ProxyPart,
    pub why: &'static str,
}

impl ProxyUrl {
    /// Checks the address. Specials in user and password must be URL-encoded.
    pub fn parse(text: &str) -> Result<Self, ProxyUrlError> {
        let wrong = |part, why| Err(ProxyUrlError { part, why });
        let text = text.trim();
        let Some((scheme, rest)) = text.split_once("://") else {
            return wrong(
                ProxyPart::Scheme,
                "the address must begin with http:// or https://",
            );
        };
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return wrong(ProxyPart::Scheme, "only http:// and https:// are known");
        }
        let (credentials, address) = match rest.rsplit_once('@') {
            Some((credentials, address)) => (Some(credentials), address),
            None => (None, rest),
        };
        if let Some(credentials) = credentials {
            let Some((user, password)) = credentials.split_once(':') else {
                return wrong(
                    ProxyPart::Password,
                    "user and password must be written user:password",
                );
            };
            if user.is_empty() {
                return wrong(ProxyPart::User, "it is empty");
            }
            if let Some(why) = fault_in_credential(user) {
                return wrong(ProxyPart::User, why);
            }
            if let Some(why) = fault_in_credential(password) {
                return wrong(ProxyPart::Password, why);
            }
        }
        let address = address.strip_suffix('/').unwrap_or(address);
        if address.contains(['/', '?', '#']) {
            return wrong(ProxyPart::Rest, "nothing may follow the port but one /");
        }
        let (host, port) = match address.strip_prefix('[') {
            Some(inside) => match inside.split_once(']') {
                Some((host, rest)) => (format!("[{host}]"), rest.strip_prefix(':')),
                None => return wrong(ProxyPart::Host, "the bracket of the IPv6 address is not closed"),
            },
            None => match address.split_once(':') {
                Some((host, port)) => (host.to_owned(), Some(port)),
                None => (address.to_owned(), None),
            },
        };
        if host.is_empty() {
            return wrong(ProxyPart::Host, "it is empty");
        }
        let Ok(host) = Host::parse(&host) else {
            return wrong(ProxyPart::Host, "it is neither a host name nor an address");
        };
        let Some(port) = port.filter(|port| !port.is_empty()) else {
            return wrong(ProxyPart::Port, "it is missing; write host:port");
        };
        let number = if port.bytes().all(|byte| byte.is_ascii_digit()) {
            port.parse::<u16>().ok()
        } else {
            None
        };
        let Some(number) = number.filter(|number| *number != 0) else {
            return wrong(ProxyPart::Port, "it must be a number from 1 to 65535");
        };
        let place = format!("{host}:{number}");
        let (whole, masked) = match credentials {
            Some(credentials) => (
                format!("{scheme}://{credentials}@{place}"),
                format!("{scheme}://•••:•••@{place}"),
            ),
            None => (format!("{scheme}://{place}"), format!("{scheme}://{place}")),
        };
        Ok(Self {
            whole: SecretString::from(whole),
            masked,
        })
    }

    /// The whole address with user and password, to be sealed.
    pub fn expose(&self) -> &str {
        self.whole.expose_secret()
    }
}

impl PartialEq for ProxyUrl {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for ProxyUrl {}

impl fmt::Debug for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProxyUrl({})", self.masked)
    }
}

impl fmt::Display for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked)
    }
}

/// What is wrong with a user or password, judged by RFC 3986 (unreserved, sub-delims, escapes).
fn fault_in_credential(text: &str) -> Option<&'static str> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
                let (Some(high), Some(low)) = (digit(bytes.next()), digit(bytes.next())) else {
                    return Some(
                        "a % must be followed by two hexadecimal digits; write the character itself as %25",
                    );
                };
                decoded.push((high * 16 + low) as u8);
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => decoded.push(byte),
            b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b','
            | b';' | b'=' => decoded.push(byte),
            _ => return Some("it holds a character that must be URL-encoded (such as %40 for @)"),
        }
    }
    match std::str::from_utf8(&decoded) {
        Ok(text) if text.chars().any(char::is_control) => Some("it holds a control character"),
        Ok(_) => None,
        Err(_) => Some("its escapes are not UTF-8"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_addresses_are_taken_and_masked() {
        for (text, whole) in [
            ("http://proxy.example:3128", "http://proxy.example:3128"),
            ("https://proxy.example:8443/", "https://proxy.example:8443"),
            (
                "HTTP://u%40x:p%2Fw%3A@10.0.0.1:80/",
                "http://u%40x:p%2Fw%3A@10.0.0.1:80",
            ),
            ("http://[::1]:3128", "http://[::1]:3128"),
            ("http://user:@proxy:1", "http://user:@proxy:1"),
        ] {
            assert_eq!(ProxyUrl::parse(text).unwrap().expose(), whole, "{text}");
        }
        let proxy = ProxyUrl::parse("http://user:secret@proxy.example:3128").unwrap();
        assert!(!format!("{proxy} {proxy:?}").contains("secret"));
        assert!(!format!("{proxy} {proxy:?}").contains("user"));
    }

    #[test]
    fn the_wrong_part_is_named() {
        for (text, part) in [
            ("", ProxyPart::Scheme),
            ("proxy.example:3128", ProxyPart::Scheme),
            ("socks5://proxy.example:3128", ProxyPart::Scheme),
            ("http://:secret@proxy:1", ProxyPart::User),
            ("http://a@b:secret@proxy:1", ProxyPart::User),
            ("http://us er:secret@proxy:1", ProxyPart::User),
            ("http://user@proxy:1", ProxyPart::Password),
            ("http://user:se/cret@proxy:1", ProxyPart::Password),
            ("http://user:se%zzcret@proxy:1", ProxyPart::Password),
            ("http://user:%ff@proxy:1", ProxyPart::Password),
            ("http://:3128", ProxyPart::Host),
            ("http://pro xy:3128", ProxyPart::Host),
            ("http://[::1:3128", ProxyPart::Host),
            ("http://proxy", ProxyPart::Port),
            ("http://proxy:", ProxyPart::Port),
            ("http://proxy:0", ProxyPart::Port),
            ("http://proxy:65536", ProxyPart::Port),
            ("http://proxy:+80", ProxyPart::Port),
            ("http://proxy:3128/path", ProxyPart::Rest),
            ("http://proxy:3128//", ProxyPart::Rest),
            ("http://proxy:3128?x", ProxyPart::Rest),
        ] {
            let error = ProxyUrl::parse(text).unwrap_err();
            assert_eq!(error.part, part, "{text}: {error}");
            assert!(!error.to_string().contains("secret"));
        }
    }
}
