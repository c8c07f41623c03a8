//! The HTML pages: sign-in and consent, device verification, refusals. Each says that it is a simulator.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::cloud::Cloud;
use crate::oauth::scopes;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f4f5f7;color:#1b1f24}\
.banner{background:#5b3a00;color:#fff;padding:.5rem 1rem;text-align:center}\
main{max-width:34rem;margin:2rem auto;background:#fff;border:1px solid #cdd2d8;border-radius:8px;padding:1.5rem 2rem}\
h1{font-size:1.4rem;margin:.2rem 0 1rem}label{display:block;font-weight:600;margin-top:1rem}\
input{font:inherit;padding:.45rem .6rem;border:1px solid #6b7480;border-radius:4px;width:100%;box-sizing:border-box}\
button{font:inherit;padding:.5rem 1.2rem;border-radius:4px;border:1px solid #1d4f91;margin:1.2rem .6rem 0 0;cursor:pointer}\
.go{background:#1d4f91;color:#fff}.no{background:#fff;color:#1d4f91}:focus-visible{outline:3px solid #e0a100;outline-offset:2px}\
.wrong{color:#9b1c1c;font-weight:600}code{font-size:.85em;color:#4a5360}li{margin:.3rem 0}\
@media (prefers-color-scheme:dark){body{background:#15181c;color:#e7eaee}main{background:#1e2228;border-color:#3c444e}\
input{background:#15181c;color:inherit}.no{background:transparent;color:#9cc3f5}code{color:#a9b3bf}.wrong{color:#ff9b9b}}";

/// Text made safe for HTML, attributes included.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

fn page(title: &str, content: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title} · Webex simulator</title><style>{STYLE}</style></head><body>\
         <p class=\"banner\" role=\"note\">Simulator: this is not Webex. Nobody's password is wanted here.</p>\
         <main><h1>{title}</h1>{content}</main></body></html>",
        title = escape(title)
    )
}

/// A request that cannot be answered with a redirect.
#[must_use]
pub fn refusal(text: &str) -> String {
    page(
        "This request cannot be allowed",
        &format!(
            "<p class=\"wrong\" role=\"alert\">{}</p><p>Check the integration's settings and try again.</p>",
            escape(text)
        ),
    )
}

/// A plain statement.
#[must_use]
pub fn statement(title: &str, text: &str) -> String {
    page(title, &format!("<p role=\"status\">{}</p>", escape(text)))
}

fn scope_list(wanted: &BTreeSet<String>) -> String {
    let mut list = String::from("<ul>");
    for scope in wanted {
        let words = scopes::words(scope).unwrap_or("(unknown)");
        // Writing to a String cannot fail.
        let _ = write!(list, "<li>{} <code>{}</code></li>", escape(words), escape(scope));
    }
    list.push_str("</ul>");
    list
}

fn problem_text(problem: Option<&str>) -> String {
    problem
        .map(|p| {
            format!(
                "<p class=\"wrong\" role=\"alert\" id=\"problem\">{}</p>",
                escape(p)
            )
        })
        .unwrap_or_default()
}

fn hidden(pairs: &[(String, String)]) -> String {
    pairs.iter().fold(String::new(), |mut all, (name, value)| {
        let _ = write!(
            all,
            "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
            escape(name),
            escape(value)
        );
        all
    })
}

/// Sign-in and consent on one page.
#[must_use]
pub fn consent(
    cloud: &Cloud,
    wanted: &BTreeSet<String>,
    client: usize,
    request: &[(String, String)],
    email: &str,
    problem: Option<&str>,
) -> String {
    let name = cloud
        .tokens
        .clients
        .get(client)
        .map(|c| c.name.as_str())
        .unwrap_or_default();
    let content = format!(
        "<p><strong>{}</strong> asks to act for you in <strong>{}</strong>.</p>{}\
         <form method=\"post\" action=\"/v1/authorize\">{}\
         <label for=\"email\">Sign in as</label><input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"username\" required autofocus value=\"{}\">\
         <h2 id=\"asked\" style=\"font-size:1.05rem\">It would be allowed to</h2>{}\
         <button class=\"go\" type=\"submit\" name=\"decision\" value=\"accept\">Accept</button>\
         <button class=\"no\" type=\"submit\" name=\"decision\" value=\"deny\" formnovalidate>Deny</button></form>",
        escape(name),
        escape(&cloud.organisation.name),
        problem_text(problem),
        hidden(request),
        escape(email),
        scope_list(wanted),
    );
    page("Sign in and allow access", &content)
}

/// The device verification page.
#[must_use]
pub fn device(
    cloud: &Cloud,
    user_code: &str,
    wanted: Option<&BTreeSet<String>>,
    email: &str,
    problem: Option<&str>,
) -> String {
    let content = format!(
        "<p>A device asks to act for you in <strong>{}</strong>. Enter the six digits it shows.</p>{}\
         <form method=\"post\" action=\"/verify\">\
         <label for=\"user_code\">Code</label><input id=\"user_code\" name=\"user_code\" inputmode=\"numeric\" pattern=\"[0-9]{{6}}\" required autofocus value=\"{}\">\
         <label for=\"email\">Sign in as</label><input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"username\" required value=\"{}\">{}\
         <button class=\"go\" type=\"submit\" name=\"decision\" value=\"accept\">Accept</button>\
         <button class=\"no\" type=\"submit\" name=\"decision\" value=\"deny\" formnovalidate>Deny</button></form>",
        escape(&cloud.organisation.name),
        problem_text(problem),
        escape(user_code),
        escape(email),
        wanted.map(scope_list).unwrap_or_default(),
    );
    page("Connect a device", &content)
}
