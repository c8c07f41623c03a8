//! The client against the simulated cloud, which shares no type with it.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{FutureExt as _, TryStreamExt as _};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use uuid::Uuid;
use webex_client::*;
use webex_sandbox::{Config, Effect, Fault, LinkQuirk, Sandbox, Seed, When};

struct Wall;

impl Clock for Wall {
    fn now(&self) -> jiff::Timestamp {
        #[expect(clippy::disallowed_methods, reason = "the wall clock of these tests")]
        jiff::Timestamp::now()
    }
}

struct Random;

impl Ids for Random {
    fn uuid(&self) -> Uuid {
        #[expect(clippy::disallowed_methods, reason = "the ids of these tests")]
        Uuid::new_v4()
    }
}

/// One token, refreshed by nobody.
struct Fixed(SecretString);

impl TokenSource for Fixed {
    fn access_token(&self) -> BoxFuture<'_, Result<SecretString, TokenError>> {
        async { Ok(self.0.clone()) }.boxed()
    }

    fn refresh_after_401<'a>(
        &'a self,
        _: &'a SecretString,
    ) -> BoxFuture<'a, Result<SecretString, TokenError>> {
        async {
            Err(TokenError::ConsentNeeded {
                reason: "there is no refresh token".into(),
            })
        }
        .boxed()
    }
}

async fn sandbox(config: Config) -> (Sandbox, Webex) {
    let sandbox = webex_sandbox::start(config).await.unwrap();
    let webex = client(&sandbox, SecretString::from(sandbox.access_token()));
    (sandbox, webex)
}

fn client(sandbox: &Sandbox, token: SecretString) -> Webex {
    let clock: Arc<dyn Clock> = Arc::new(Wall);
    Webex::new(
        Endpoints::custom(&sandbox.base_url()).unwrap(),
        TransportConfig::default(),
        Arc::new(Fixed(token)),
        Gate::new(GateConfig::new(Arc::clone(&clock))),
        clock,
        Arc::new(Random),
    )
    .unwrap()
}

async fn people(webex: &Webex) -> Result<Vec<Person>, Error> {
    let query = PeopleQuery {
        calling_data: true,
        ..PeopleQuery::default()
    };
    webex.people(query).map_ok(|page| page.items).try_concat().await
}

#[tokio::test]
async fn a_person_is_given_a_calling_licence_and_read_back() {
    let (sandbox, webex) = sandbox(Config::default()).await;
    let me = webex.me().await.unwrap();
    let organisation = webex.organisation(&sandbox.organisation_uuid()).await.unwrap();
    assert!(same_object(me.org_id.as_deref().unwrap(), &organisation.id));
    assert!(!webex.roles().await.unwrap().is_empty());
    let all = webex
        .locations(LocationsQuery::default())
        .map_ok(|page| page.items)
        .try_concat()
        .await
        .unwrap();
    let calling = webex
        .telephony_locations(LocationsQuery::default())
        .map_ok(|page| page.items)
        .try_concat()
        .await
        .unwrap();
    assert!(all.len() >= calling.len() && !calling.is_empty());

    let licences = webex.licences(None).await.unwrap();
    let licence = licences
        .iter()
        .find(|licence| {
            licence.name.contains("Calling - Professional") && licence.consumed_units < licence.total_units
        })
        .expect("a free calling licence");
    let everybody = people(&webex).await.unwrap();
    assert_eq!(everybody.len(), sandbox.people().len());
    let person = everybody
        .iter()
        .find(|person| person.location_id.is_none() && person.licences.iter().all(|held| held != &licence.id))
        .expect("somebody without calling");
    let location = &calling[0];
    let free = (3000..9999)
        .map(|number| number.to_string())
        .collect::<Vec<String>>();
    let check = webex
        .validate_extensions(&location.id, &free[..20])
        .await
        .unwrap();
    let extension = check
        .extensions
        .iter()
        .find(|extension| extension.state == Some(ExtensionState::Valid))
        .map(|extension| extension.asked.clone())
        .expect("a free extension");
    let patch = PatchLicences {
        person_id: person.id.clone(),
        org_id: None,
        licences: vec![LicenceOperation {
            id: licence.id.clone(),
            operation: Operation::Add,
            properties: Some(CallingProperties {
                location_id: Some(location.id.clone()),
                phone_number: None,
                extension: Some(extension.clone()),
            }),
        }],
    };
    let answer = webex.patch_licences(&patch).await.unwrap();
    assert_eq!(answer.status, 200);
    assert!(answer.licences.contains(&licence.id) && answer.tracking_id.is_some());
    let back = webex.person(&person.id, true).await.unwrap();
    assert_eq!(back.extension, Some(extension.clone()));
    assert!(back.location_id.is_some_and(|id| same_object(&id, &location.id)));
    // The same extension for somebody else is refused, with a code and a tracking id.
    let other = everybody
        .iter()
        .find(|other| other.id != person.id && other.location_id.is_none())
        .unwrap();
    let error = webex
        .patch_licences(&PatchLicences {
            person_id: other.id.clone(),
            ..patch
        })
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.sent()),
        (&ErrorKind::Refused, Sent::Yes),
        "{error:?}"
    );
    assert!(error.tracking_id().is_some() && !error.message().is_empty());
    sandbox.stop().await;
}

#[tokio::test]
async fn numbers_are_listed_and_counted() {
    let (sandbox, webex) = sandbox(Config::default()).await;
    let numbers: Vec<Number> = webex
        .numbers(NumbersQuery::default())
        .map_ok(|page| page.items)
        .try_concat()
        .await
        .unwrap();
    assert_eq!(numbers.len(), sandbox.numbers().len());
    let free = numbers
        .iter()
        .filter(|number| number.phone_number.is_some() && number.owner.is_none())
        .count();
    let counts = webex.number_counts(NumbersQuery::default()).await.unwrap();
    assert!(counts.total.is_some_and(|total| total > 0), "{counts:?}");
    assert!(
        counts
            .un_assigned
            .is_some_and(|count| count > 0 && count <= free as i64),
        "{counts:?}, {free} free"
    );
    sandbox.stop().await;
}

#[tokio::test]
async fn quirks_of_links_lose_nobody() {
    for quirk in [
        LinkQuirk::MaxNull,
        LinkQuirk::LostFilters,
        LinkQuirk::EmptyForever,
        LinkQuirk::Doubled,
    ] {
        let (sandbox, webex) = sandbox(Config {
            seed: Seed::Awkward,
            ..Config::default()
        })
        .await;
        sandbox.add_fault(Fault::on_path("/v1/people", Effect::Link { quirk }).times(None));
        let everybody = people(&webex).await.unwrap();
        assert_eq!(everybody.len(), sandbox.people().len(), "{quirk:?}");
        sandbox.stop().await;
    }
    let (sandbox, webex) = sandbox(Config {
        seed: Seed::Awkward,
        ..Config::default()
    })
    .await;
    let quirk = LinkQuirk::ForeignHost;
    sandbox.add_fault(Fault::on_path("/v1/people", Effect::Link { quirk }).times(None));
    assert_eq!(people(&webex).await.unwrap_err().kind(), &ErrorKind::ForeignLink);
    sandbox.stop().await;
}

#[tokio::test]
async fn a_patch_that_was_done_and_not_answered_is_in_doubt() {
    let (sandbox, webex) = sandbox(Config::default()).await;
    let person = sandbox.people().remove(0);
    let patch = PatchLicences {
        person_id: person.id.clone(),
        org_id: None,
        licences: Vec::new(),
    };
    for effect in [
        Effect::Drop { when: When::After },
        Effect::Drop { when: When::Before },
    ] {
        sandbox.clear_journal();
        sandbox.add_fault(Fault::on_path("/v1/licenses/users", effect).times(Some(1)));
        let error = webex.patch_licences(&patch).await.unwrap_err();
        assert_eq!((error.kind(), error.sent()), (&ErrorKind::Dropped, Sent::InDoubt));
        assert_eq!(sandbox.journal().len(), 1);
        sandbox.clear_faults();
    }
    sandbox.stop().await;
}

#[tokio::test]
async fn consent_in_the_browser_gives_a_grant_that_works_and_refreshes() {
    let sandbox = webex_sandbox::start(Config {
        auto_consent: true,
        ..Config::default()
    })
    .await
    .unwrap();
    let clock: Arc<dyn Clock> = Arc::new(Wall);
    let oauth = OAuth::new(
        Endpoints::custom(&sandbox.base_url()).unwrap(),
        TransportConfig::default(),
        Integration {
            client_id: sandbox.client_id(),
            client_secret: SecretString::from(sandbox.client_secret()),
        },
        Gate::new(GateConfig::new(Arc::clone(&clock))),
        clock,
        Arc::new(Random),
    )
    .unwrap();
    let scopes = ["spark:kms", "spark-admin:people_read", "spark-admin:people_write"];
    let request = oauth
        .consent_request(&sandbox.redirect_uri(), &scopes, None)
        .unwrap();
    let location = redirect_of(&request.url).await;
    let query = location.split_once('?').expect("a query").1;
    let code = request.read_redirect(query).unwrap();
    let grant = oauth.exchange(&request, &code).await.unwrap();
    assert_eq!(grant.scope.as_ref().map(Vec::len), Some(3));
    assert!(client(&sandbox, grant.access_token.clone()).me().await.is_ok());
    // A code works once.
    assert!(matches!(
        oauth.exchange(&request, &code).await,
        Err(OAuthError::Refused { .. })
    ));

    let refresh_token = grant.refresh_token.expect("a refresh token");
    let refreshed = oauth.refresh(&refresh_token).await.unwrap();
    assert_ne!(
        refreshed.access_token.expose_secret(),
        grant.access_token.expose_secret()
    );
    assert!(client(&sandbox, refreshed.access_token).me().await.is_ok());
    sandbox.revoke_tokens(true);
    assert!(matches!(
        oauth.refresh(&refresh_token).await,
        Err(OAuthError::Refused { .. })
    ));

    let device = oauth.device_start(&scopes).await.unwrap();
    let fast = DeviceAuthorization {
        interval: Duration::from_millis(20),
        ..device
    };
    let grant = oauth.device_wait(&fast).await.unwrap();
    assert!(client(&sandbox, grant.access_token).me().await.is_ok());
    sandbox.stop().await;
}

#[tokio::test]
async fn a_contact_center_wants_the_plain_uuid() {
    let (sandbox, webex) = sandbox(Config::default()).await;
    let region = ContactCenterRegion::EuFrankfurt;
    let organisation = sandbox.organisation_uuid();
    let page = webex
        .contact_center_users(region, &organisation, 0, 1)
        .await
        .unwrap();
    assert_eq!(page.data.len(), 1);
    assert!(page.meta.total_records.unwrap() > 1);
    // The other form never leaves; sent all the same, it is answered as if the token were no good.
    let webex_id = webex.organisation(&organisation).await.unwrap().id;
    let error = webex
        .contact_center_users(region, &webex_id, 0, 1)
        .await
        .unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Config);
    let stranger = Uuid::nil().to_string();
    let error = webex
        .contact_center_users(region, &stranger, 0, 1)
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Consent(_)), "{error:?}");
    let path = format!("/organization/{webex_id}/v2/user");
    let answer = plain_get(&sandbox, &path).await;
    assert!(
        answer.starts_with("HTTP/1.1 401") && answer.contains("does not have access to OrgId"),
        "{answer}"
    );
    assert!(answer.contains(r#""error":{"key":"401""#), "{answer}");
    sandbox.stop().await;
}

/// A GET with the administrator's token, as it comes.
async fn plain_get(sandbox: &Sandbox, path: &str) -> String {
    let address = sandbox.root_url().replace("http://", "");
    let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\nconnection: close\r\n\r\n",
        sandbox.access_token()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// Where a GET is redirected to.
async fn redirect_of(url: &url::Url) -> String {
    let address = (url.host_str().unwrap(), url.port().unwrap());
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let request = format!(
        "GET {target} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
        address.0
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let line = answer
        .lines()
        .find(|line| line.to_ascii_lowercase().starts_with("location:"));
    line.and_then(|line| line.split_once(':'))
        .expect(&answer)
        .1
        .trim()
        .to_owned()
}

/// As many at once as the gate lets through.
async fn reads(webex: &Webex, count: usize) {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..count {
        let webex = webex.clone();
        tasks.spawn(async move { webex.me().await.map(drop) });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_is_learnt_over_real_sockets() {
    const LIMIT: f64 = 80.0;
    let (sandbox, webex) = sandbox(Config {
        rate: Some(LIMIT),
        ..Config::default()
    })
    .await;
    // How many refusals narrow the range enough depends on the machine's pace, so it is read until the limit is known.
    let mut batches = 0;
    while webex.gate().snapshot().learned_rate.is_none() {
        assert!(batches < 80, "no limit is learnt: {:?}", webex.gate().snapshot());
        reads(&webex, 100).await;
        batches += 1;
    }
    let state = webex.gate().snapshot();
    // The figures themselves are asserted on virtual time; here that it is in the right region, on any machine.
    assert!(
        state.throttled_total <= 5 + state.requests_total / 50,
        "{state:?}"
    );
    assert!(
        state
            .learned_rate
            .is_some_and(|rate| rate > 0.6 * LIMIT && rate < 1.4 * LIMIT),
        "{state:?}"
    );
    let early = sandbox.journal().iter().filter(|entry| entry.early).count() as u64;
    assert!(
        early <= state.throttled_total,
        "only what was under way already: {early}"
    );
    sandbox.stop().await;
}
