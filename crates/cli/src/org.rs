//! `org …`: register, change, connect, copy, list and remove organisations.

use crate::arguments::{Format, Method, Org, OrgConnect};
use crate::fields;
use crate::open::{Place, from_environment, organisation, sync, until_over};
use crate::say::{Stop, minute, print_line, tell};
use patchbay_api::Patchbay;
use patchbay_api::commands::{
    AttemptId, Commands, ConsentBegin, Nothing, OrganisationCreate, OrganisationDelete, OrganisationId,
    OrganisationUpdate, OrganisationsImport, OrganisationsImportPreview, ServiceAppConnect, ServiceAppProof,
};
use patchbay_core::consent::{AttemptState, Connected, ConsentMethod};
use patchbay_core::organisations::{ConsentState, ImportAction, ListSource, SecretEdit};
use std::path::Path;
use std::process::ExitCode;

pub async fn carry_out(place: &Place, command: Org) -> Result<ExitCode, Stop> {
    let patchbay = place.open().await?;
    match command {
        Org::Add(add) => {
            let created = patchbay
                .organisations_create(OrganisationCreate {
                    fields: fields::of_new(*add)?,
                })
                .await?;
            print_line(&created.id)?;
            tell(&format!(
                "{} is registered. Connect it next: patchbay-cli org connect.",
                created.name
            ));
        }
        Org::Edit(edit) => {
            let organisation = organisation(&patchbay, &edit.name).await?;
            let update = OrganisationUpdate {
                fields: fields::changed(&organisation, *edit)?,
                organisation: organisation.id,
            };
            let changed = patchbay.organisations_update(update).await?;
            tell(&format!("{} is changed.", changed.name));
        }
        Org::Connect(arguments) => connect(&patchbay, arguments).await?,
        Org::List { format } => list(&patchbay, format).await?,
        Org::Sync { name } => {
            let organisation = organisation(&patchbay, &name).await?;
            sync(&patchbay, &organisation).await?;
            tell(&format!("{} is copied.", organisation.name));
        }
        Org::Customers(asked) => crate::customers::list(&patchbay, asked).await?,
        Org::Check { name } => {
            let organisation = organisation(&patchbay, &name).await?;
            let checked = crate::check::carry_out(&patchbay, &organisation.id).await;
            patchbay.close().await;
            checked?;
            return Ok(ExitCode::SUCCESS);
        }
        Org::Remove { name, revoke } => {
            let organisation = organisation(&patchbay, &name).await?;
            let deleted = patchbay
                .organisations_delete(OrganisationDelete {
                    organisation: organisation.id,
                    revoke,
                })
                .await?;
            let webex = if deleted.revoked {
                "Webex has taken the tokens back."
            } else {
                "Nothing was changed at Webex."
            };
            tell(&format!(
                "{} is removed: its copy, templates and tokens on this computer. {webex}",
                organisation.name
            ));
        }
        Org::Import {
            file,
            update,
            dry_run,
            format,
        } => {
            let code = import(&patchbay, &file, update, dry_run, format).await?;
            patchbay.close().await;
            return Ok(code);
        }
    }
    patchbay.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn connect(patchbay: &Patchbay, arguments: OrgConnect) -> Result<(), Stop> {
    let organisation = organisation(patchbay, &arguments.name).await?;
    let client_secret = SecretEdit::Set {
        value: from_environment(&arguments.client_secret_env)?,
    };
    tell(&format!("{} will be asked to allow:", organisation.name));
    for permission in patchbay
        .consent_permissions(OrganisationId {
            organisation: organisation.id.clone(),
        })
        .await?
        .permissions
    {
        tell(&format!("  {} ({})", permission.label, permission.scope));
    }
    let method = match arguments.method {
        Method::Browser => ConsentMethod::Browser,
        Method::Device => ConsentMethod::Device,
        Method::ServiceApp => {
            let variable = arguments.refresh_token_env.as_deref().unwrap_or_default();
            let token = from_environment(variable)?;
            let connected = patchbay
                .consent_connect_service_app(ServiceAppConnect {
                    organisation: organisation.id.clone(),
                    client_id: arguments.client_id,
                    client_secret,
                    proof: ServiceAppProof::RefreshToken { refresh_token: token },
                })
                .await?;
            granted(&organisation.name, &connected);
            return follow(patchbay, &organisation.id).await;
        }
    };
    let mut topics = patchbay.events();
    let mut attempt = patchbay
        .consent_begin(ConsentBegin {
            organisation: organisation.id.clone(),
            method,
            client_id: arguments.client_id,
            client_secret,
            port: arguments.port,
        })
        .await?;
    match &attempt.state {
        AttemptState::WaitingForBrowser { authorize_url } => {
            print_line(&format!("Open this address to give consent: {authorize_url}"))?;
            open_browser(authorize_url);
        }
        AttemptState::WaitingForDevice {
            user_code,
            verification_uri,
            verification_uri_complete,
            expires_at,
        } => {
            print_line(&format!(
                "Enter the code {user_code} at {verification_uri} before {expires_at}"
            ))?;
            if let Some(complete) = verification_uri_complete {
                print_line(&format!("or open {complete}"))?;
            }
        }
        _ => {}
    }
    loop {
        match attempt.state {
            AttemptState::Granted {
                missing,
                consented_by,
                unexpected_admin,
            } => {
                let connected = Connected {
                    missing,
                    consented_by,
                    unexpected_admin,
                };
                granted(&organisation.name, &connected);
                return follow(patchbay, &organisation.id).await;
            }
            AttemptState::Failed { failure } => return Err(failure.into()),
            AttemptState::Cancelled => return Err(Stop::failed("The consent was cancelled.")),
            AttemptState::WaitingForBrowser { .. }
            | AttemptState::WaitingForDevice { .. }
            | AttemptState::Exchanging => {}
        }
        tokio::select! {
            _ = topics.recv() => {}
            () = crate::sandbox::wait_for_stop() => {
                patchbay.consent_cancel(AttemptId { attempt: attempt.id }).await?;
                return Err(Stop::failed("You stopped it before the consent came. Nothing was stored."));
            }
        }
        attempt = patchbay
            .consent_attempt(AttemptId { attempt: attempt.id })
            .await?;
    }
}

fn granted(name: &str, connected: &Connected) {
    tell(&format!("{name} is connected."));
    if let Some(admin) = connected
        .consented_by
        .as_ref()
        .filter(|_| connected.unexpected_admin)
    {
        tell(&format!(
            "  {admin} consented, not the admin account that is registered"
        ));
    }
    for permission in &connected.missing {
        tell(&format!(
            "  not granted: {} ({}). Off without it: {}",
            permission.label, permission.scope, permission.feature
        ));
    }
}

/// What follows a consent, to its end.
async fn follow(patchbay: &Patchbay, organisation: &str) -> Result<(), Stop> {
    let topics = patchbay.events();
    match patchbay.follow_consent(organisation).await? {
        Some(transaction) => until_over(patchbay, topics, transaction).await,
        None => Ok(()),
    }
}

async fn import(
    patchbay: &Patchbay,
    file: &Path,
    update: bool,
    dry_run: bool,
    format: Format,
) -> Result<ExitCode, Stop> {
    let path = std::path::absolute(file)
        .map_err(|error| Stop::wrong(format!("{} is no path: {error}.", file.display())))?
        .display()
        .to_string();
    let source = ListSource::Path { path };
    let plan = patchbay
        .organisations_import_preview(OrganisationsImportPreview {
            source: source.clone(),
        })
        .await?;
    if !plan.unknown.is_empty() {
        tell(&format!(
            "Left out, because Patchbay does not know it: {}.",
            plan.unknown.join(", ")
        ));
    }
    let refused: Vec<_> = plan
        .entries
        .iter()
        .filter(|entry| entry.action == ImportAction::Refuse)
        .collect();
    if dry_run && format == Format::Text {
        for entry in &plan.entries {
            let why = entry.message.as_deref().unwrap_or_default();
            let what = match entry.action {
                ImportAction::Create => "add".to_owned(),
                ImportAction::Update => format!("change {}", entry.changes.join(", ")),
                ImportAction::Same => "nothing to do".to_owned(),
                ImportAction::Refuse => format!("refuse: {why}"),
            };
            print_line(&format!("{}  {}  {what}", entry.line, entry.name))?;
        }
    } else {
        for entry in &refused {
            tell(&format!(
                "Line {}: {}",
                entry.line,
                entry.message.as_deref().unwrap_or_default()
            ));
        }
    }
    if dry_run {
        if format == Format::Json {
            print_line(&serde_json::json!(plan).to_string())?;
        }
    } else {
        let imported = patchbay
            .organisations_import(OrganisationsImport { source, update })
            .await?;
        match format {
            Format::Json => print_line(&serde_json::json!(imported).to_string())?,
            Format::Text => print_line(&format!(
                "{} added, {} changed, {} the same, {} refused.{}",
                imported.created,
                imported.updated,
                imported.same,
                imported.refused,
                if imported.left > 0 {
                    format!(
                        " {} differ and were left as they are; --update takes the fields of the file.",
                        imported.left
                    )
                } else {
                    String::new()
                }
            ))?,
        }
    }
    Ok(if refused.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// Opens the system's browser. Where there is none, the printed address is enough.
fn open_browser(url: &str) {
    use std::process::{Command, Stdio};
    let mut command = match std::env::var("BROWSER") {
        Ok(browser) if !browser.trim().is_empty() => Command::new(browser),
        _ if cfg!(target_os = "macos") => Command::new("open"),
        _ if cfg!(windows) => {
            let mut command = Command::new("rundll32");
            command.arg("url.dll,FileProtocolHandler");
            command
        }
        _ => Command::new("xdg-open"),
    };
    let started = command
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if started.is_err() {
        tell("No browser could be opened here: open the address yourself, on this computer.");
    }
}

async fn list(patchbay: &Patchbay, format: Format) -> Result<(), Stop> {
    let organisations = patchbay.organisations_list(Nothing {}).await?.organisations;
    match format {
        Format::Json => print_line(&serde_json::json!({ "organisations": organisations }).to_string()),
        Format::Text if organisations.is_empty() => print_line("No organisation yet."),
        Format::Text => {
            for organisation in organisations {
                let consent = match organisation.consent {
                    ConsentState::None => "not connected".to_owned(),
                    ConsentState::Granted => {
                        let mut said = match organisation.refresh_token_expires_at {
                            Some(at) => format!("connected until {}", minute(&at)),
                            None => "connected".to_owned(),
                        };
                        if let Some(at) = organisation.access_token_expires_at {
                            said.push_str(&format!(" (access token until {})", minute(&at)));
                        }
                        said
                    }
                    ConsentState::Needed { reason, .. } => format!("needs consent: {reason}"),
                };
                let synced = organisation.last_sync_at.map_or_else(
                    || "never copied".to_owned(),
                    |at| format!("copied {}", minute(&at)),
                );
                let kinds = [
                    organisation.wholesale.then_some(", wholesale"),
                    organisation.contact_center.then_some(", contact center"),
                ];
                let kinds: String = kinds.into_iter().flatten().collect();
                print_line(&format!(
                    "{}  {}  {consent}, {synced}{kinds}",
                    organisation.id, organisation.name
                ))?;
            }
            Ok(())
        }
    }
}
