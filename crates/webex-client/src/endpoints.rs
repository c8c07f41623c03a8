//! The addresses of one Webex cloud (webex-api reference, section 1).
//!
//! Invariant: `api` has no trailing slash and ends in the version segment (`/v1`); everything else is absolute.

use url::{Host, Url};

/// Base addresses. OAuth lives beside the REST interface; identity (SCIM) has no version segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// REST base, e.g. `https://webexapis.com/v1`.
    pub api: Url,
    /// Where a browser is sent for consent.
    pub authorize: Url,
    /// Code exchange and refresh.
    pub token: Url,
    /// Start of the device grant.
    pub device_authorize: Url,
    /// Polling of the device grant.
    pub device_token: Url,
    /// Where tokens are taken back (RFC 7009). Webex's lies at its identity broker, not beside the REST interface.
    pub revoke: Url,
    /// One base of the contact center interface for all regions; None for Webex's own, one a region.
    pub contact_center: Option<Url>,
}

/// Region of a contact center (webex-api reference, section 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContactCenterRegion {
    Us,
    Anz,
    Uk,
    EuFrankfurt,
    Japan,
    Canada,
    Singapore,
}

impl ContactCenterRegion {
    /// The data centre as it stands in the host's name.
    pub fn data_centre(self) -> &'static str {
        match self {
            Self::Us => "us1",
            Self::Anz => "anz1",
            Self::Uk => "eu1",
            Self::EuFrankfurt => "eu2",
            Self::Japan => "jp1",
            Self::Canada => "ca1",
            Self::Singapore => "sg1",
        }
    }
}

/// Why a base address was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointsError {
    #[error("\"{given}\" is not an address: {why}; expected something like https://webexapis.com/v1")]
    NotAnAddress { given: String, why: String },
    #[error("\"{given}\" must begin with https:// or http://")]
    Scheme { given: String },
    #[error("plain http is only accepted for this computer (127.0.0.1, localhost); \"{host}\" is elsewhere")]
    Insecure { host: String },
    #[error("the address may carry neither a user, a query nor a fragment: \"{given}\"")]
    Extras { given: String },
}

impl Endpoints {
    /// The commercial cloud.
    pub fn commercial() -> Self {
        Self::fixed(
            "https://webexapis.com/v1",
            "https://idbroker.webex.com/idb/oauth2/v1/revoke",
        )
    }

    /// The United States government cloud (FedRAMP). It has no service-app tokens.
    pub fn government() -> Self {
        Self::fixed(
            "https://api-usgov.webex.com/v1",
            "https://idbroker-f.webex.com/idb/oauth2/v1/revoke",
        )
    }

    /// Another base, such as the sandbox. `api_base` ends in `/v1`; the version segment is added when it is missing
    /// altogether (`http://127.0.0.1:4010`). Plain http is accepted for loopback only, as a token travels over it.
    pub fn custom(api_base: &str) -> Result<Self, EndpointsError> {
        let given = api_base.trim();
        let not_an_address = |why: &dyn std::fmt::Display| EndpointsError::NotAnAddress {
            given: given.to_owned(),
            why: why.to_string(),
        };
        let mut base = Url::parse(given).map_err(|error| not_an_address(&error))?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(EndpointsError::Scheme {
                given: given.to_owned(),
            });
        }
        if !base.username().is_empty()
            || base.password().is_some()
            || base.query().is_some()
            || base.fragment().is_some()
        {
            // The address itself is not repeated with a user in it: it may hold a password.
            let mut shown = base.clone();
            let _ = shown.set_username("");
            let _ = shown.set_password(None);
            return Err(EndpointsError::Extras {
                given: shown.to_string(),
            });
        }
        if base.scheme() == "http" && !is_loopback(&base) {
            return Err(EndpointsError::Insecure {
                host: base.host_str().unwrap_or_default().to_owned(),
            });
        }
        let path = match base.path().trim_end_matches('/') {
            "" => "/v1".to_owned(),
            path => path.to_owned(),
        };
        base.set_path(&path);
        let root = root_path(&base).to_owned();
        let mut revoke = base.clone();
        revoke.set_path(&format!("{root}/idb/oauth2/v1/revoke"));
        let mut contact_center = base.clone();
        contact_center.set_path(&root);
        Ok(Self::at(base, revoke, Some(contact_center)))
    }

    /// `{root}/identity`: the root is the REST base without its version segment.
    pub fn identity(&self) -> Url {
        let mut url = self.api.clone();
        let root = root_path(&self.api);
        url.set_path(&format!("{root}/identity"));
        url
    }

    /// Base of the contact center interface of a region.
    pub fn contact_center(&self, region: ContactCenterRegion) -> Url {
        match &self.contact_center {
            Some(base) => base.clone(),
            None => constant(&format!("https://api.wxcc-{}.cisco.com", region.data_centre())),
        }
    }

    /// An address below the REST base; each segment is escaped.
    pub(crate) fn below_api<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> Url {
        below(&self.api, segments)
    }

    /// Whether they are on this computer, where no system proxy leads.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.api)
    }

    fn fixed(base: &'static str, revoke: &'static str) -> Self {
        Self::at(constant(base), constant(revoke), None)
    }

    fn at(api: Url, revoke: Url, contact_center: Option<Url>) -> Self {
        let mut ends = Self {
            authorize: api.clone(),
            token: api.clone(),
            device_authorize: api.clone(),
            device_token: api.clone(),
            revoke,
            contact_center,
            api,
        };
        ends.authorize = ends.below_api(["authorize"]);
        ends.token = ends.below_api(["access_token"]);
        ends.device_authorize = ends.below_api(["device", "authorize"]);
        ends.device_token = ends.below_api(["device", "token"]);
        ends
    }
}

fn constant(address: &str) -> Url {
    Url::parse(address).expect("a constant address")
}

/// An address below `base`; each segment is escaped.
pub(crate) fn below<'a>(base: &Url, segments: impl IntoIterator<Item = &'a str>) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// The path before the version segment, without a trailing slash.
fn root_path(api: &Url) -> &str {
    let path = api.path().trim_end_matches('/');
    match path.rsplit_once('/') {
        Some((root, last)) if last.starts_with('v') => root,
        _ => path,
    }
}

/// Whether the host is this computer.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_clouds_have_their_addresses() {
        let commercial = Endpoints::commercial();
        assert_eq!(commercial.token.as_str(), "https://webexapis.com/v1/access_token");
        assert_eq!(commercial.identity().as_str(), "https://webexapis.com/identity");
        assert_eq!(
            Endpoints::government().device_token.as_str(),
            "https://api-usgov.webex.com/v1/device/token"
        );
        assert_eq!(
            commercial.revoke.as_str(),
            "https://idbroker.webex.com/idb/oauth2/v1/revoke"
        );
        for (region, base) in [
            (ContactCenterRegion::Uk, "https://api.wxcc-eu1.cisco.com/"),
            (
                ContactCenterRegion::EuFrankfurt,
                "https://api.wxcc-eu2.cisco.com/",
            ),
            (ContactCenterRegion::Anz, "https://api.wxcc-anz1.cisco.com/"),
        ] {
            assert_eq!(commercial.contact_center(region).as_str(), base);
        }
    }

    #[test]
    fn a_custom_base_keeps_its_prefix_and_gains_a_version() {
        let base = Endpoints::custom("http://127.0.0.1:4010/").unwrap();
        assert_eq!(base.api.as_str(), "http://127.0.0.1:4010/v1");
        let prefixed = Endpoints::custom("https://gateway.example/webex/v1/").unwrap();
        assert_eq!(
            prefixed.authorize.as_str(),
            "https://gateway.example/webex/v1/authorize"
        );
        assert_eq!(
            prefixed.identity().as_str(),
            "https://gateway.example/webex/identity"
        );
        assert_eq!(
            prefixed.below_api(["people", "a/b"]).as_str(),
            "https://gateway.example/webex/v1/people/a%2Fb"
        );
        assert_eq!(
            prefixed.revoke.as_str(),
            "https://gateway.example/webex/idb/oauth2/v1/revoke"
        );
        assert_eq!(
            prefixed.contact_center(ContactCenterRegion::Japan).as_str(),
            "https://gateway.example/webex"
        );
    }

    #[test]
    fn a_wrong_base_is_refused_with_its_reason() {
        assert!(matches!(
            Endpoints::custom("webexapis.com"),
            Err(EndpointsError::NotAnAddress { .. })
        ));
        assert!(matches!(
            Endpoints::custom("ftp://a.example/v1"),
            Err(EndpointsError::Scheme { .. })
        ));
        assert!(matches!(
            Endpoints::custom("http://a.example/v1"),
            Err(EndpointsError::Insecure { .. })
        ));
        let refused = Endpoints::custom("https://me:secret@a.example/v1").unwrap_err();
        assert!(!refused.to_string().contains("secret"), "{refused}");
    }
}
