//! The way to Webex, tried step by step and told as it goes (product O2).
//!
//! Invariants: a step that fails ends the check, and the steps after it are said not to have been tried; each step is
//! bounded in time; nothing is changed at Webex or here, except that a token which was due is renewed; a hold of the
//! organisation's gate is heeded.

mod sentences;

use super::clients::Clients;
use super::store::Facts;
use crate::error::{Error, ErrorCode, Failure, Result};
use crate::ids;
use crate::organisations::{self, ConsentState, ContactCenterRegion, Organisation};
use crate::transactions::{self, Open, Opening, TransactionKind, TransactionState};
use sentences::Way;
use std::sync::Arc;
use std::time::Duration;
use webex_client::{Fault, Gate, Heard, Priority, Probe, ProxyOnTheWay, Webex, WebexId};

/// How long one step may take.
const LIMIT: Duration = Duration::from_secs(10);

const NOT_TRIED: &str = "Not tried.";

/// The steps, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Name,
    Proxy,
    Connection,
    Webex,
    Token,
    Permissions,
    ContactCenter,
}

impl Stage {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Name, "Name"),
        (Self::Proxy, "Proxy"),
        (Self::Connection, "Connection"),
        (Self::Webex, "Webex"),
        (Self::Token, "Token"),
        (Self::Permissions, "Permissions"),
        (Self::ContactCenter, "Contact center"),
    ];

    fn after(self) -> impl Iterator<Item = Self> {
        Self::ALL
            .into_iter()
            .map(|(stage, _)| stage)
            .filter(move |stage| *stage as usize > self as usize)
    }
}

/// Why the check goes no further.
enum End {
    Failed(Stage, Failure),
    /// Everything that can be tried was good; the rest is not tried, for this reason.
    NothingMore(Stage, String),
}

struct Check {
    clients: Clients,
    organisation: Organisation,
    facts: Facts,
    probe: Probe,
    gate: Arc<Gate>,
    open: Open,
}

impl Clients {
    /// Begins to check the way of an organisation; its transaction.
    ///
    /// # Errors
    /// [`Error::NotFound`]; a proxy that cannot be read, a locked vault; when the database cannot be written.
    pub async fn check_connection(&self, organisation: &str, who: &str) -> Result<String> {
        let facts = self.facts(organisation).await?;
        let organisation = organisations::get(self.db(), self.vault(), organisation).await?;
        let probe = self.probe(&facts, LIMIT).await?;
        let gate = self.gate(&organisation.id).await?;
        let steps = Stage::ALL
            .into_iter()
            .filter(|(stage, _)| *stage != Stage::ContactCenter || organisation.contact_center);
        let open = transactions::open(
            self.db(),
            Arc::clone(self.core_clock()),
            Opening {
                kind: TransactionKind::ConnectionCheck,
                title: format!("Connection check of {}", organisation.name),
                organisation: Some(organisation.id.clone()),
                organisation_name: Some(organisation.name.clone()),
                who: who.to_owned(),
                steps: steps.map(|(_, name)| name.to_owned()).collect(),
            },
        )
        .await?;
        let transaction = open.id.clone();
        let check = Check {
            clients: self.clone(),
            organisation,
            facts,
            probe,
            gate,
            open,
        };
        tokio::spawn(async move {
            if let Err(error) = check.carry_out().await {
                tracing::error!(?error, "a connection check could not be recorded");
            }
        });
        Ok(transaction)
    }
}

impl Check {
    async fn carry_out(self) -> Result<()> {
        let end = match self.stages().await? {
            Ok(()) => return self.open.close(Ok(()), &[]).await,
            Err(end) => end,
        };
        let (stage, failure, why) = match end {
            End::Failed(stage, failure) => (stage, Some(failure), NOT_TRIED.to_owned()),
            End::NothingMore(stage, why) => (stage, None, why),
        };
        for stage in stage.after() {
            self.note(stage, TransactionState::Cancelled, &why).await?;
        }
        let Some(failure) = failure else {
            return self.open.close(Ok(()), &[]).await;
        };
        tracing::info!(organisation = %self.organisation.id, ?stage, message = failure.message, "the way to Webex ends here");
        let tracking: Vec<String> = failure.tracking_id.iter().cloned().collect();
        self.open.close(Err(&failure), &tracking).await
    }

    /// All of it. The outer error is the record's, the inner one the check's.
    async fn stages(&self) -> Result<Result<(), End>> {
        let proxy = self.probe.proxy();
        let way = Way {
            organisation: &self.organisation,
            probe: &self.probe,
            proxy: proxy.as_ref(),
        };

        self.begin(Stage::Name).await?;
        let resolved = self.probe.resolve(self.probe.host(), self.probe.port()).await;
        if let Err(end) = self.tell(Stage::Name, way.name(resolved)).await? {
            return Ok(Err(end));
        }

        self.begin(Stage::Proxy).await?;
        let heard = match self.way_through(&way).await {
            Ok(heard) => heard,
            Err(failure) => return Ok(self.tell(Stage::Proxy, Err(failure)).await?.map(drop)),
        };
        self.tell(Stage::Proxy, Ok(way.proxy_stands())).await?.ok();

        let Some(heard) = heard else {
            self.note(Stage::Connection, TransactionState::Cancelled, NOT_TRIED)
                .await?;
            let held = self.gate.held_until();
            return Ok(self.tell(Stage::Webex, Err(way.held(held))).await?.map(drop));
        };
        self.begin(Stage::Connection).await?;
        let heard = match heard {
            Ok(heard) => heard,
            Err(fault) => {
                let failure = way.no_connection(&fault);
                return Ok(self.tell(Stage::Connection, Err(failure)).await?.map(drop));
            }
        };
        self.tell(Stage::Connection, Ok(way.connection(&heard)))
            .await?
            .ok();

        self.begin(Stage::Webex).await?;
        if let Err(end) = self.tell(Stage::Webex, way.webex(&heard)).await? {
            return Ok(Err(end));
        }
        self.with_the_token(&way).await
    }

    /// Reaches the proxy, where there is one, and asks Webex through all of it. None where a hold keeps it from asking.
    async fn way_through(&self, way: &Way<'_>) -> Result<Option<Result<Heard, Fault>>, Failure> {
        if let Some(proxy) = way.proxy {
            let reached = async {
                self.probe.resolve(&proxy.host, proxy.port).await?;
                self.probe.connect(&proxy.host, proxy.port).await
            };
            reached.await.map_err(|fault| way.no_proxy(proxy, &fault))?;
        }
        if tokio::time::timeout(LIMIT, self.gate.pass_hold()).await.is_err() {
            return Ok(None);
        }
        let tracking = format!("PATCHBAY_{}", ids::new_id());
        let heard = self.probe.ask(&self.gate, self.clients.now(), &tracking).await;
        match (&heard, way.proxy) {
            (Err(fault), Some(proxy)) if is_of_the_proxy(fault, proxy) => Err(way.no_proxy(proxy, fault)),
            _ => Ok(Some(heard)),
        }
    }

    async fn with_the_token(&self, way: &Way<'_>) -> Result<Result<(), End>> {
        match &self.organisation.consent {
            ConsentState::None => {
                let why = format!(
                    "Nobody has consented for {} yet. Connect it, then check again.",
                    self.organisation.name
                );
                return Ok(Err(End::NothingMore(Stage::Webex, why)));
            }
            ConsentState::Needed { reason, .. } => {
                let failure = way.consent_gone(reason);
                return Ok(self.tell(Stage::Token, Err(failure)).await?.map(drop));
            }
            ConsentState::Granted => {}
        }
        self.begin(Stage::Token).await?;
        let webex = match self.use_token(way).await {
            Ok(webex) => webex,
            Err(failure) => return Ok(self.tell(Stage::Token, Err(failure)).await?.map(drop)),
        };
        // A refresh on the way may have moved the ends, and told the scopes anew.
        let organisation =
            organisations::get(self.clients.db(), self.clients.vault(), &self.organisation.id).await?;
        self.tell(Stage::Token, Ok(sentences::token(&organisation)))
            .await?
            .ok();

        self.begin(Stage::Permissions).await?;
        let permissions = sentences::permissions(&organisation);
        if let Err(end) = self.tell(Stage::Permissions, permissions).await? {
            return Ok(Err(end));
        }
        if let (true, Some(region)) = (organisation.contact_center, organisation.contact_center_region) {
            self.begin(Stage::ContactCenter).await?;
            let found = self.contact_center(way, &webex, region).await;
            if let Err(end) = self.tell(Stage::ContactCenter, found).await? {
                return Ok(Err(end));
            }
        }
        Ok(Ok(()))
    }

    async fn use_token(&self, way: &Way<'_>) -> Result<Webex, Failure> {
        let using = async {
            let webex = self
                .clients
                .webex_for(&self.organisation.id)
                .await?
                .with_priority(Priority::Person);
            webex.me().await.map_err(Error::webex(format!(
                "use the token of {}",
                self.organisation.name
            )))?;
            Ok::<_, Error>(webex)
        };
        match tokio::time::timeout(LIMIT, using).await {
            Ok(used) => used.map_err(|error| error.failure()),
            Err(_) => Err(way.silent("the request with the token")),
        }
    }

    async fn contact_center(
        &self,
        way: &Way<'_>,
        webex: &Webex,
        region: ContactCenterRegion,
    ) -> Result<String, Failure> {
        let known = [&self.facts.account_number, &self.facts.internal_id];
        let uuid = known
            .into_iter()
            .flatten()
            .find_map(|id| Some(WebexId::decode(id).ok()?.uuid()?.hyphenated().to_string()));
        let Some(uuid) = uuid else {
            return Err(way.no_account_number());
        };
        let asked = webex.contact_center_users(wire_region(region), &uuid, 0, 1);
        let host = webex.endpoints().contact_center(wire_region(region));
        let host = host.host_str().unwrap_or_default().to_owned();
        match tokio::time::timeout(LIMIT, asked).await {
            Ok(Ok(users)) => Ok(sentences::contact_center(&host, users.meta.total_records)),
            Ok(Err(error)) => Err(way.no_contact_center(&host, region, &uuid, error)),
            Err(_) => Err(way.silent(&format!("the contact center at {host}"))),
        }
    }

    async fn begin(&self, stage: Stage) -> Result<()> {
        self.open
            .step(stage as usize, TransactionState::Running, 0, Some(1), None)
            .await
    }

    async fn note(&self, stage: Stage, state: TransactionState, detail: &str) -> Result<()> {
        let done = u32::from(state == TransactionState::Succeeded);
        self.open
            .step(stage as usize, state, done, Some(1), Some(detail))
            .await
    }

    /// Records how a step went.
    async fn tell(&self, stage: Stage, found: Result<String, Failure>) -> Result<Result<(), End>> {
        match found {
            Ok(detail) => {
                self.note(stage, TransactionState::Succeeded, &detail).await?;
                Ok(Ok(()))
            }
            Err(failure) => {
                self.note(stage, TransactionState::Failed, &failure.message)
                    .await?;
                Ok(Err(End::Failed(stage, failure)))
            }
        }
    }
}

/// Whether what went wrong is the proxy's.
fn is_of_the_proxy(fault: &Fault, proxy: &ProxyOnTheWay) -> bool {
    match fault {
        Fault::ProxyPassword | Fault::ProxyRefuses(_) | Fault::Certificate { of_proxy: true, .. } => true,
        // Of a SOCKS proxy the client only says that it did not work.
        Fault::Other(_) => proxy.shown.starts_with("socks"),
        _ => false,
    }
}

fn wire_region(region: ContactCenterRegion) -> webex_client::ContactCenterRegion {
    use webex_client::ContactCenterRegion as Wire;
    match region {
        ContactCenterRegion::Us => Wire::Us,
        ContactCenterRegion::Anz => Wire::Anz,
        ContactCenterRegion::Uk => Wire::Uk,
        ContactCenterRegion::EuFrankfurt => Wire::EuFrankfurt,
        ContactCenterRegion::Japan => Wire::Japan,
        ContactCenterRegion::Canada => Wire::Canada,
        ContactCenterRegion::Singapore => Wire::Singapore,
    }
}

fn failure(code: ErrorCode, message: String) -> Failure {
    Failure {
        code,
        message,
        field: None,
        retryable: true,
        tracking_id: None,
    }
}
