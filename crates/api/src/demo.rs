//! The demo organisation: a sandbox that Patchbay starts itself, for learning and rehearsing.
//!
//! The sandbox keeps its state in memory and begins as its seed says. What earlier runs have done to it stands in their
//! ledgers and is carried out again when it starts, so the demo organisation is as those runs left it: after a restart in
//! order, and after a crash, when what was under way counts as never having arrived.

use crate::Patchbay;
use base64::Engine as _;
use patchbay_core::bulk_assignments::{self, FileSource, LicenceChoice, LocationChoice, TemplateFields};
use patchbay_core::consent::{AttemptState, Beginning, ConsentMethod};
use patchbay_core::organisations::{self, Environment, Organisation, OrganisationFields, SecretEdit};
use patchbay_core::{Error, Result, mirror};
use tokio::sync::Mutex;
use webex_sandbox::{BroadWorksSettings, Config, Sandbox};

/// The name the demo organisation is registered by.
const NAME: &str = "Demo organisation";
/// The template that comes with it.
const TEMPLATE: &str = "Sample: 300 users with planted problems";

/// Whoever waits for provisioning moves on while one watches, and a synchronisation can be seen to wait and to run.
const LIVELY: BroadWorksSettings = BroadWorksSettings {
    step_seconds: Some(Some(240)),
    queue_seconds: Some(6),
    sync_seconds: Some(25),
    ..BroadWorksSettings::NOTHING
};

/// The sandbox, once it is started.
#[derive(Default)]
pub(crate) struct Demo {
    sandbox: Mutex<Option<Sandbox>>,
}

impl Demo {
    pub(crate) async fn stop(&self) {
        if let Some(sandbox) = self.sandbox.lock().await.take() {
            sandbox.stop().await;
        }
    }
}

/// What the demo needs of its sandbox.
struct Integration {
    client_id: String,
    client_secret: String,
    uuid: String,
    sample: Vec<u8>,
    /// Name of the location the sample was made for.
    location: String,
}

impl Patchbay {
    /// Registers, connects and copies the demo organisation, and makes its template; each only where it is not there.
    pub(crate) async fn open_demo(&self) -> Result<(String, String)> {
        // Whoever does not want to say where secrets may be kept is left with no half of it.
        self.inner.vault.ensure().await?;
        let integration = self.start_sandbox().await?;
        let organisation = match self.demo_organisation().await? {
            Some(organisation) => organisation,
            None => self.register_demo(&integration).await?,
        };
        self.connect_demo(&organisation.id, &integration).await?;
        self.inner.syncs.begin(&organisation.id).await?;
        self.inner.syncs.wait(&organisation.id).await;
        // Of an earlier release it may be none of wholesale.
        if organisation.wholesale {
            self.inner.wholesale.begin_sync(&organisation.id).await?;
            self.inner.wholesale.wait(&organisation.id).await;
        }
        let template = self.demo_template(&organisation.id, &integration).await?;
        Ok((organisation.id, template))
    }

    /// Starts the sandbox again for a demo organisation of an earlier time.
    pub(crate) async fn wake_demo(&self) -> Result<()> {
        if let Some(organisation) = self.demo_organisation().await? {
            let integration = self.start_sandbox().await?;
            self.connect_demo(&organisation.id, &integration).await?;
        }
        Ok(())
    }

    async fn start_sandbox(&self) -> Result<Integration> {
        let mut running = self.inner.demo.sandbox.lock().await;
        if running.is_none() {
            let config = Config {
                auto_consent: true,
                ..Config::demo()
            };
            let sandbox = webex_sandbox::start(config)
                .await
                .map_err(|source| Error::PortBusy { port: 0, source })?;
            // All names of customers in one request.
            sandbox.set_organisations_listed(true);
            sandbox.set_broadworks(&LIVELY);
            self.bring_up_to_date(&sandbox).await?;
            self.inner.clients.set_demo_base(Some(sandbox.base_url()));
            *running = Some(sandbox);
        }
        let Some(sandbox) = running.as_ref() else {
            return Err(Error::Ended {
                what: "The demo organisation",
            });
        };
        Ok(Integration {
            client_id: sandbox.client_id(),
            client_secret: sandbox.client_secret(),
            uuid: sandbox.organisation_uuid(),
            sample: sandbox.sample_csv(),
            location: sandbox.sample_location(),
        })
    }

    /// Carries out what the runs of the demo organisation did to earlier sandboxes.
    async fn bring_up_to_date(&self, sandbox: &Sandbox) -> Result<()> {
        let Some(organisation) = self.demo_organisation().await? else {
            return Ok(());
        };
        let requests = bulk_assignments::carried_out(&self.inner.runs, &organisation.id).await?;
        let done = sandbox.carry_out(&requests);
        tracing::info!(
            requests = requests.len(),
            done,
            "the demo organisation is as its runs left it"
        );
        Ok(())
    }

    async fn demo_organisation(&self) -> Result<Option<Organisation>> {
        let all = organisations::list(&self.inner.db, &self.inner.vault).await?;
        Ok(all
            .into_iter()
            .find(|organisation| organisation.environment == Environment::Demo))
    }

    async fn register_demo(&self, integration: &Integration) -> Result<Organisation> {
        let fields = OrganisationFields {
            name: NAME.to_owned(),
            wholesale: true,
            contact_center: false,
            contact_center_region: None,
            account_number: Some(integration.uuid.clone()),
            admin_email: None,
            http_proxy: SecretEdit::Keep,
            https_proxy: SecretEdit::Keep,
            ca_file: patchbay_core::organisations::CaEdit::Keep,
            default_calling_behaviour: None,
            email_domain: None,
            directory_sync_enabled: true,
            sync_on_create: true,
            notes: Some("Made-up people on this computer. Nothing here reaches Webex.".to_owned()),
            environment: Environment::Demo,
        };
        let id = self.create_organisation(&fields).await?;
        organisations::get(&self.inner.db, &self.inner.vault, &id).await
    }

    async fn connect_demo(&self, organisation: &str, integration: &Integration) -> Result<()> {
        let attempt = self
            .inner
            .consent
            .begin(Beginning {
                organisation: organisation.to_owned(),
                method: ConsentMethod::Device,
                client_id: integration.client_id.clone(),
                client_secret: SecretEdit::Set {
                    value: integration.client_secret.clone(),
                },
                port: 0,
                who: self.inner.who.clone(),
            })
            .await?;
        match self.inner.consent.wait(&attempt.id).await?.state {
            AttemptState::Granted { .. } => Ok(()),
            AttemptState::Failed { failure } => Err(Error::Conflict {
                message: failure.message,
            }),
            _ => Err(Error::Ended {
                what: "The consent of the demo organisation",
            }),
        }
    }

    async fn demo_template(&self, organisation: &str, integration: &Integration) -> Result<String> {
        let inner = &self.inner;
        let there = bulk_assignments::list(&inner.db, &inner.runs, Some(TEMPLATE)).await?;
        let draft = there.into_iter().find(|template| {
            template.run.is_none()
                && template.organisation.as_deref() == Some(organisation)
                && !template.files.is_empty()
        });
        if let Some(template) = draft {
            return Ok(template.id);
        }
        let locations = mirror::locations(&inner.db, organisation).await?;
        let location = locations
            .into_iter()
            .find(|location| location.name == integration.location);
        let licences = mirror::licences(&inner.db, organisation).await?;
        let calling = licences
            .iter()
            .filter(|licence| licence.calling)
            .max_by_key(|licence| licence.available.unwrap_or(u32::MAX));
        let fields = TemplateFields {
            name: TEMPLATE.to_owned(),
            organisation: Some(organisation.to_owned()),
            location: location.map(|location| LocationChoice {
                id: location.id,
                name: location.name,
            }),
            calling_licence: calling.map(|licence| LicenceChoice {
                id: licence.id.clone(),
                name: licence.name.clone(),
            }),
            add_ons: Vec::new(),
        };
        let template = bulk_assignments::create(&inner.db, inner.clock.as_ref(), fields).await?;
        let file = FileSource::Content {
            name: "sample-300-users.csv".to_owned(),
            base64: base64::engine::general_purpose::STANDARD.encode(&integration.sample),
        };
        bulk_assignments::add_files(
            &inner.db,
            inner.clock.as_ref(),
            &inner.checks,
            &template,
            vec![file],
        )
        .await?;
        Ok(template)
    }
}
