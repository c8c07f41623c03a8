//! Links out of the page: only to Webex, to this machine and to the mail program.
//!
//! The address is parsed, never matched as text: `https://elsewhere.example/x.webex.com/` and
//! `http://127.0.0.1:80@elsewhere.example/` are not Webex and not this machine.

use crate::core::internal;
use patchbay_core::{ErrorCode, Failure};
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;
use url::{Host, Url};

/// Opens `url` in the program the system has for it.
///
/// # Errors
/// `invalid` for an address that is not on the list; `internal` when the system has no program for it.
#[tauri::command]
pub async fn open_link(app: AppHandle, url: String) -> Result<(), Failure> {
    let parsed = Url::parse(&url)
        .ok()
        .filter(allowed)
        .ok_or_else(|| refused(&url))?;
    app.opener()
        .open_url(parsed.as_str(), None::<&str>)
        .map_err(|error| {
            tracing::warn!(%error, "a link could not be opened");
            internal(&format!(
                "The system could not open {parsed}. Copy the address into a browser."
            ))
        })
}

/// Whether Patchbay opens `url`.
fn allowed(url: &Url) -> bool {
    if !url.username().is_empty() || url.password().is_some() {
        return false;
    }
    match (url.scheme(), url.host()) {
        ("mailto", _) => true,
        ("https", Some(Host::Domain(host))) => {
            host == "webexapis.com" || host.ends_with(".webex.com") || host.ends_with(".wbx2.com")
        }
        ("http", Some(Host::Domain(host))) => host == "localhost",
        ("http", Some(Host::Ipv4(address))) => address == std::net::Ipv4Addr::LOCALHOST,
        _ => false,
    }
}

fn refused(url: &str) -> Failure {
    Failure {
        code: ErrorCode::Invalid,
        message: format!(
            "Patchbay does not open {url}: it opens pages of Webex, of this computer and the mail program only."
        ),
        field: None,
        retryable: false,
        tracking_id: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens(url: &str) -> bool {
        Url::parse(url).is_ok_and(|url| allowed(&url))
    }

    #[test]
    fn webex_this_machine_and_mail_are_opened() {
        for url in [
            "https://webexapis.com/v1/authorize?client_id=1",
            "https://login-us.webex.com/verify?userCode=AB",
            "https://idbroker.wbx2.com/",
            "http://127.0.0.1:14771/callback",
            "http://localhost:8080/v1/authorize",
            "mailto:admin@customer.example?subject=Webex",
        ] {
            assert!(opens(url), "{url}");
        }
    }

    #[test]
    fn look_alikes_are_refused() {
        for url in [
            "http://webexapis.com/",
            "https://webexapis.com.elsewhere.example/",
            "https://elsewhere.example/x.webex.com/",
            "https://elsewherewebex.com/",
            "https://admin@login.webex.com/",
            "http://127.0.0.1:80@elsewhere.example/",
            "http://127.0.0.2/",
            "https://localhost.elsewhere.example/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "ssh://webexapis.com/",
        ] {
            assert!(!opens(url), "{url}");
        }
    }
}
