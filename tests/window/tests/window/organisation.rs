//! An organisation of the sandbox, registered and connected through the window.

use crate::Result;
use crate::app::Home;
use crate::page::{PATIENCE, Page};
use serde_json::{Value, json};
use std::time::Duration;
use webex_sandbox::Sandbox;

const ORGANISATION: &str = "Meridian Freight";

/// How long it may take to copy the organisation: bounded, generous.
pub const COPYING: Duration = Duration::from_secs(300);

/// Registers the sandbox's organisation; `broadworks` as one whose users come from there.
pub async fn add_organisation(page: &Page, sandbox: &Sandbox, broadworks: bool) -> Result<()> {
    page.press("button", "Add organisation").await?;
    page.fill("Customer Name", ORGANISATION).await?;
    page.fill("Organization Account Number", &sandbox.organisation_uuid())
        .await?;
    page.find("combobox", "Webex Environment")
        .await?
        .select_by_label("Another address")
        .await?;
    page.fill("API Address", &sandbox.base_url()).await?;
    if broadworks {
        page.press("switch", "~Directory Synchronization Enabled").await?;
    }
    page.press("button", "Add organisation").await?;
    page.find("button", "Connect to Webex…").await.map(drop)
}

/// Consents in a browser of its own, as an administrator would.
pub async fn connect(page: &Page, home: &Home, sandbox: &Sandbox) -> Result<()> {
    // Another program of the machine may hold the usual port; the sandbox knows these.
    let is_free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    let port = (14_771..=14_790)
        .find(is_free)
        .ok_or("every consent port is taken")?;
    let mut preferences = page.rpc("preferences.get", json!({})).await?;
    preferences["consentPort"] = json!(port);
    page.rpc("preferences.set", preferences).await?;

    page.press("button", "Connect to Webex…").await?;
    page.fill("Client ID", &sandbox.client_id()).await?;
    page.fill("Client Secret", &sandbox.client_secret()).await?;
    page.press("button", "Open the browser").await?;
    let link = keep_secrets(page, home).await?;

    let browser = Page::open(None, &[]).await?;
    browser.client.goto(&link).await?;
    let admin = sandbox.announcement()["admin_email"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    browser.fill("Sign in as", &admin).await?;
    browser.press("button", "Accept").await?;
    browser.says("Patchbay").await?;
    browser.picture("2-consent").await?;
    browser.close().await?;

    page.press("button", &format!("Open {ORGANISATION}")).await
}

/// Patchbay may ask where secrets are kept: the keychain where there is one, a passphrase else.
async fn keep_secrets(page: &Page, home: &Home) -> Result<String> {
    const QUESTION: &str = "Where may Patchbay keep secrets?";
    let begun = tokio::time::Instant::now();
    while begun.elapsed() < PATIENCE
        && !home.path("opened").exists()
        && !page.text().await?.contains(QUESTION)
    {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    if page.text().await?.contains(QUESTION) {
        if !page.rpc("vault.status", json!({})).await?["keychainProblem"].is_null() {
            page.fill("Passphrase", "a rehearsal without a keychain").await?;
            page.fill("Passphrase again", "a rehearsal without a keychain")
                .await?;
        }
        page.press("button", "Keep secrets here").await?;
    }
    home.opened_link().await
}

/// Waits until the local copy is whole; the organisation's id.
pub async fn copied(page: &Page) -> Result<Value> {
    let organisations = page.rpc("organisations.list", json!({})).await?;
    let organisation = organisations["organisations"][0]["id"].clone();
    let begun = tokio::time::Instant::now();
    loop {
        let status = page
            .rpc("mirror.status", json!({ "organisation": organisation }))
            .await?;
        if status["syncing"].is_null() && !status["asOf"].is_null() {
            return Ok(organisation);
        }
        if begun.elapsed() > COPYING {
            return Err(format!("the local copy did not become whole: {status}").into());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
