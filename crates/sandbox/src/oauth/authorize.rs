//! `GET /v1/authorize` and the answer of the person on its page.
//!
//! Nothing is redirected before client and redirect URI are known to be right: a wrong one gets a page, not a redirect.
//! Reference: section 2.1.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::answer::Answer;
use crate::call::{Call, field};
use crate::cloud::{Cloud, Power};
use crate::oauth::tokens::{Code, code_text};
use crate::oauth::{pages, scopes};

/// How long a code lives.
const CODE_LIFE: Duration = Duration::from_secs(120);

/// An authorize request that may be shown to a person.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Client.
    pub client: usize,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// Scopes.
    pub scopes: BTreeSet<String>,
    /// Echoed.
    pub state: Option<String>,
    /// Challenge and whether it is S256.
    pub challenge: Option<(String, bool)>,
    /// E-mail to start with.
    pub login_hint: Option<String>,
    /// `prompt`.
    pub prompt: Option<String>,
}

impl Wanted {
    fn redirect(&self, pairs: &[(&str, &str)]) -> Answer {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs);
        if let Some(state) = &self.state {
            query.append_pair("state", state);
        }
        let join = if self.redirect_uri.contains('?') { '&' } else { '?' };
        Answer::redirect(format!("{}{join}{}", self.redirect_uri, query.finish()))
    }
}

fn read(pairs: &[(String, String)], cloud: &Cloud) -> Result<Wanted, Answer> {
    let refuse = |text: String| Answer::html(400, pages::refusal(&text));
    let client = field(pairs, "client_id")
        .and_then(|id| cloud.tokens.client(id))
        .filter(|c| !cloud.tokens.clients[*c].service_app);
    let Some(client) = client else {
        return Err(refuse(
            "The client_id is missing or unknown to this organisation.".to_owned(),
        ));
    };
    let redirect_uri = match field(pairs, "redirect_uri") {
        Some(uri) if cloud.tokens.redirect_uris.contains(uri) => uri.to_owned(),
        Some(uri) => {
            return Err(refuse(format!(
                "The redirect_uri {uri} is not registered for this integration. It must match a registered one exactly."
            )));
        }
        None if cloud.tokens.redirect_uris.len() == 1 => cloud
            .tokens
            .redirect_uris
            .iter()
            .next()
            .cloned()
            .unwrap_or_default(),
        None => {
            return Err(refuse(
                "The redirect_uri is missing, and more than one is registered.".to_owned(),
            ));
        }
    };
    let mut wanted = Wanted {
        client,
        redirect_uri,
        scopes: BTreeSet::new(),
        state: field(pairs, "state").map(str::to_owned),
        challenge: None,
        login_hint: field(pairs, "login_hint").map(str::to_owned),
        prompt: field(pairs, "prompt").map(str::to_owned),
    };
    if field(pairs, "response_type") != Some("code") {
        return Err(wanted.redirect(&[
            ("error", "unsupported_response_type"),
            ("error_description", "response_type must be code"),
        ]));
    }
    wanted.scopes = field(pairs, "scope")
        .unwrap_or_default()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    if let Some(unknown) = wanted.scopes.iter().find(|s| scopes::words(s).is_none()) {
        let text = format!("The scope {unknown} is not registered for this integration.");
        return Err(wanted.redirect(&[("error", "invalid_scope"), ("error_description", &text)]));
    }
    if wanted.scopes.is_empty() {
        return Err(wanted.redirect(&[
            ("error", "invalid_scope"),
            ("error_description", "The requested scope is invalid."),
        ]));
    }
    if let Some(challenge) = field(pairs, "code_challenge") {
        let s256 = match field(pairs, "code_challenge_method") {
            Some("S256") => true,
            Some("plain") | None => false,
            Some(_) => {
                return Err(wanted.redirect(&[
                    ("error", "invalid_request"),
                    ("error_description", "code_challenge_method must be S256 or plain"),
                ]));
            }
        };
        wanted.challenge = Some((challenge.to_owned(), s256));
    }
    Ok(wanted)
}

/// `GET /v1/authorize`: the page, or with auto consent the redirect at once.
pub fn page(call: &Call, cloud: &mut Cloud) -> Answer {
    let wanted = match read(&call.query, cloud) {
        Ok(wanted) => wanted,
        Err(answer) => return answer,
    };
    if cloud.tokens.auto_consent {
        let person = admin_for(wanted.login_hint.as_deref(), cloud);
        return allow(&wanted, person, cloud);
    }
    if wanted.prompt.as_deref() == Some("none") {
        return wanted.redirect(&[
            ("error", "login_required"),
            ("error_description", "A person must sign in."),
        ]);
    }
    let start = wanted
        .login_hint
        .clone()
        .unwrap_or_else(|| email_of(first_admin(cloud), cloud));
    Answer::html(
        200,
        pages::consent(cloud, &wanted.scopes, wanted.client, &call.query, &start, None),
    )
}

/// `POST /v1/authorize`: what the person chose.
pub fn decide(call: &Call, cloud: &mut Cloud) -> Answer {
    let form = call.form();
    let wanted = match read(&form, cloud) {
        Ok(wanted) => wanted,
        Err(answer) => return answer,
    };
    if field(&form, "decision") != Some("accept") {
        return wanted.redirect(&[
            ("error", "access_denied"),
            (
                "error_description",
                "The resource owner or authorization server denied the request.",
            ),
        ]);
    }
    let email = field(&form, "email").unwrap_or_default().trim().to_owned();
    match cloud.people.by_email(&email) {
        Some(person) => allow(&wanted, person, cloud),
        None => {
            let problem = format!("Nobody in this organisation signs in as \"{email}\".");
            let kept: Vec<(String, String)> = form
                .into_iter()
                .filter(|(k, _)| k != "email" && k != "decision")
                .collect();
            Answer::html(
                200,
                pages::consent(
                    cloud,
                    &wanted.scopes,
                    wanted.client,
                    &kept,
                    &email,
                    Some(&problem),
                ),
            )
        }
    }
}

fn allow(wanted: &Wanted, person: usize, cloud: &mut Cloud) -> Answer {
    let text = code_text(&mut cloud.rng);
    let expires = cloud.clock.elapsed() + CODE_LIFE;
    cloud.tokens.codes.insert(
        text.clone(),
        Code {
            client: wanted.client,
            person,
            scopes: wanted.scopes.clone(),
            redirect_uri: wanted.redirect_uri.clone(),
            challenge: wanted.challenge.clone(),
            expires,
        },
    );
    wanted.redirect(&[("code", &text)])
}

/// The person who consents without being asked: the hinted one, else the first full administrator.
pub fn admin_for(hint: Option<&str>, cloud: &Cloud) -> usize {
    hint.and_then(|email| cloud.people.by_email(email))
        .unwrap_or_else(|| first_admin(cloud))
}

/// The first full administrator.
#[must_use]
pub fn first_admin(cloud: &Cloud) -> usize {
    cloud
        .people
        .from(0)
        .map(|(at, _)| at)
        .find(|at| cloud.power(*at) == Power::Write)
        .unwrap_or_default()
}

/// A person's e-mail.
#[must_use]
pub fn email_of(person: usize, cloud: &Cloud) -> String {
    cloud
        .people
        .get(person)
        .map(|p| p.email.clone())
        .unwrap_or_default()
}
