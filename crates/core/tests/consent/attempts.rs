//! How consent comes in the browser, or does not.

use crate::bench::*;
use patchbay_core::ErrorCode;
use patchbay_core::consent::{AttemptState, Clients, Consent, ConsentMethod};
use patchbay_core::events::Topic;
use patchbay_core::organisations::{self, ConsentState, SecretEdit};
use patchbay_core::secrets::{KeyPlace, NoKeychain, Vault};
use patchbay_core::transactions::TransactionState;
use std::net::{Ipv4Addr, TcpListener as SyncListener};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

#[tokio::test]
async fn consent_in_the_browser_connects_and_leaves_nothing_readable() {
    let bench = Bench::new(config()).await;
    let mut grants = bench.consent.grants();
    let mut topics = bench.db.events().subscribe();
    assert_eq!(bench.shown().await.consent, ConsentState::None);
    assert_eq!(code(&bench.call().await.unwrap_err()), ErrorCode::ConsentNeeded);
    let attempt = bench.by_browser(0).await;
    let (url, port) = (authorize_url(&attempt), listens_on(&attempt));
    assert_eq!(
        query(&url, "redirect_uri"),
        format!("http://127.0.0.1:{port}/callback")
    );
    assert_eq!(query(&url, "code_challenge_method"), "S256");
    assert!(query(&url, "scope").contains("spark-admin:people_write"));

    let (status, head, nothing) = get(&format!("http://127.0.0.1:{port}/favicon.ico").parse().unwrap()).await;
    assert_eq!(status, 404, "{nothing}");
    assert!(
        head.to_ascii_lowercase()
            .contains("content-security-policy: default-src 'none'")
    );
    let back = redirect(&url).await;
    let (_, _, page) = get(&back).await;
    assert!(
        page.contains("Connected") && page.contains("Kestrel Logistics"),
        "{page}"
    );
    assert!(!page.contains("<script"), "{page}");
    let over = bench.consent.wait(&attempt.id).await.unwrap();
    let AttemptState::Granted { missing, .. } = over.state else {
        panic!("{:?}", over.state)
    };
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(grants.recv().await.unwrap(), bench.organisation);
    SyncListener::bind((Ipv4Addr::LOCALHOST, port)).expect("the port is free again");

    let shown = bench.shown().await;
    assert_eq!(shown.consent, ConsentState::Granted);
    assert!(shown.has_client_secret);
    assert_eq!(
        shown.client_id.as_deref(),
        Some(bench.sandbox.client_id().as_str())
    );
    assert_eq!(
        shown.account_number.as_deref(),
        Some(bench.sandbox.organisation_uuid().as_str())
    );
    assert!(webex_client::same_object(
        &shown.internal_id.unwrap(),
        &bench.sandbox.organisation_uuid()
    ));
    assert!(
        shown
            .permissions
            .iter()
            .all(|permission| permission.granted == Some(true))
    );
    let life = |end: Option<String>| at(end).duration_since(at(shown.consented_at.clone())).as_secs();
    assert_eq!(life(shown.access_token_expires_at), FORTNIGHT as i64);
    assert_eq!(life(shown.refresh_token_expires_at), NINETY_DAYS as i64);
    bench.call().await.unwrap();

    let mut told = Vec::new();
    while let Ok(topic) = topics.try_recv() {
        told.push(topic);
    }
    for topic in [
        Topic::Consent,
        Topic::Organisations,
        Topic::Transactions,
        Topic::Vault,
    ] {
        assert!(told.contains(&topic), "{topic:?} was not published");
    }
    let recorded = bench.last_consent().await;
    assert_eq!(
        (recorded.state, recorded.who.as_str()),
        (TransactionState::Succeeded, "tester")
    );
    assert!(
        recorded
            .steps
            .iter()
            .all(|step| step.state == TransactionState::Succeeded),
        "{:?}",
        recorded.steps
    );
    let secret = bench.sandbox.client_secret();
    for file in std::fs::read_dir(bench.folder()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(
            !bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes())
        );
    }
}

#[tokio::test]
async fn a_refusal_in_the_browser_is_told_on_both_sides() {
    let bench = Bench::new(config()).await;
    let attempt = bench.by_browser(0).await;
    let url = authorize_url(&attempt);
    let mut back: Url = query(&url, "redirect_uri").parse().unwrap();
    back.query_pairs_mut()
        .append_pair("error", "access_denied")
        .append_pair("error_description", "<b>No</b> thanks")
        .append_pair("state", &query(&url, "state"));
    let (_, _, page) = get(&back).await;
    assert!(
        page.contains("Consent was refused") && page.contains("&lt;b&gt;No"),
        "{page}"
    );
    let failure = failure(bench.consent.wait(&attempt.id).await.unwrap());
    assert_eq!(failure.code, ErrorCode::Refused);
    assert!(
        failure.message.contains("refused in Webex") && !failure.message.contains("access_denied"),
        "{}",
        failure.message
    );
    assert_eq!(bench.shown().await.consent, ConsentState::None);
    assert_eq!(bench.token_calls(), 0);
    assert_eq!(bench.last_consent().await.state, TransactionState::Failed);
}

#[tokio::test]
async fn an_answer_with_another_state_is_never_exchanged() {
    let bench = Bench::new(config()).await;
    for forged in [
        "",
        "state=made-up&",
        "state=made-up&state={right}&",
        "state={right}x&",
    ] {
        let attempt = bench.by_browser(0).await;
        let url = authorize_url(&attempt);
        let good = redirect(&url).await;
        let forged = forged.replace("{right}", &query(&url, "state"));
        let bad: Url = format!(
            "{}?{forged}code={}",
            query(&url, "redirect_uri"),
            query(&good, "code")
        )
        .parse()
        .unwrap();
        let (_, _, page) = get(&bad).await;
        assert!(page.contains("not used"), "{page}");
        let failure = failure(bench.consent.wait(&attempt.id).await.unwrap());
        assert!(failure.message.contains("wrong state"), "{}", failure.message);
    }
    assert_eq!(bench.token_calls(), 0);
    assert_eq!(bench.shown().await.consent, ConsentState::None);
}

#[tokio::test]
async fn a_busy_port_is_named_and_cancelling_frees_it() {
    let bench = Bench::new(config()).await;
    let taken = SyncListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = bench
        .consent
        .begin(bench.beginning(ConsentMethod::Browser, port))
        .await
        .unwrap_err();
    assert_eq!(code(&error), ErrorCode::PortBusy);
    assert!(
        error.failure().message.contains(&port.to_string()),
        "{}",
        error.failure().message
    );
    drop(taken);

    let attempt = bench.by_browser(port).await;
    SyncListener::bind((Ipv4Addr::LOCALHOST, port)).expect_err("the attempt listens");
    let cancelled = bench.consent.cancel(&attempt.id).await.unwrap();
    assert!(matches!(cancelled.state, AttemptState::Cancelled));
    SyncListener::bind((Ipv4Addr::LOCALHOST, port)).expect("cancelling frees the port");
    let again = bench.consent.cancel(&attempt.id).await.unwrap();
    assert!(
        matches!(again.state, AttemptState::Cancelled),
        "cancelling twice is fine"
    );
    assert_eq!(bench.last_consent().await.state, TransactionState::Cancelled);
    assert_eq!(
        code(&bench.consent.attempt("nothing").unwrap_err()),
        ErrorCode::NotFound
    );
}

#[tokio::test]
async fn a_new_attempt_takes_the_place_of_the_older_one() {
    let bench = Bench::new(config()).await;
    let older = bench.by_browser(0).await;
    let newer = bench.by_browser(listens_on(&older)).await;
    assert!(matches!(
        bench.consent.attempt(&older.id).unwrap().state,
        AttemptState::Cancelled
    ));
    browse(&authorize_url(&newer)).await;
    assert!(matches!(
        bench.consent.wait(&newer.id).await.unwrap().state,
        AttemptState::Granted { .. }
    ));
}

#[tokio::test]
async fn two_organisations_do_not_share_a_port_unnoticed() {
    let bench = Bench::new(config()).await;
    let first = bench.by_browser(0).await;
    let mut write = bench.db.write().await.unwrap();
    let other = fields("Sable & Tern", &bench.sandbox.base_url());
    let other = organisations::create(&mut write, &bench.vault, &*bench.clock, &other)
        .await
        .unwrap();
    write.commit().await.unwrap();
    let mut beginning = bench.beginning(ConsentMethod::Browser, listens_on(&first));
    beginning.organisation = other.clone();
    let error = bench.consent.begin(beginning).await.unwrap_err().failure();
    assert_eq!(error.code, ErrorCode::Conflict);
    assert!(error.message.contains("Kestrel Logistics"), "{}", error.message);
    // The first one is not disturbed, and goes with its organisation.
    assert!(matches!(
        bench.consent.attempt(&first.id).unwrap().state,
        AttemptState::WaitingForBrowser { .. }
    ));
    bench.consent.forget(&bench.organisation).await;
    assert!(matches!(
        bench.consent.attempt(&first.id).unwrap().state,
        AttemptState::Cancelled
    ));
}

#[tokio::test]
async fn nobody_is_waited_for_longer_than_ten_minutes() {
    let bench = Bench::new(config()).await;
    let attempt = bench.by_browser(0).await;
    let port = listens_on(&attempt);
    // The timer must have been set before time is moved.
    get(&format!("http://127.0.0.1:{port}/callback").parse().unwrap()).await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(601)).await;
    tokio::time::resume();
    let failure = failure(bench.consent.wait(&attempt.id).await.unwrap());
    assert!(failure.message.contains("10 minutes"), "{}", failure.message);
    SyncListener::bind((Ipv4Addr::LOCALHOST, port)).expect("the port is free again");
}

#[tokio::test]
async fn consent_for_another_organisation_stores_nothing() {
    let other = "11111111-2222-4333-8444-555555555555";
    let bench = Bench::with(config(), |fields| fields.account_number = Some(other.to_owned())).await;
    let attempt = bench.by_browser(0).await;
    let page = browse(&authorize_url(&attempt)).await;
    assert!(page.contains("another organisation"), "{page}");
    let failure = failure(bench.consent.wait(&attempt.id).await.unwrap());
    assert_eq!(failure.code, ErrorCode::Conflict);
    assert!(failure.message.contains(other), "{}", failure.message);
    assert!(
        failure.message.contains(&bench.sandbox.organisation_uuid()),
        "{}",
        failure.message
    );
    let shown = bench.shown().await;
    assert_eq!(
        (shown.consent, shown.has_client_secret),
        (ConsentState::None, false)
    );
    assert!(bench.vault.held().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_wrong_client_secret_points_to_its_field() {
    let bench = Bench::new(config()).await;
    let mut beginning = bench.beginning(ConsentMethod::Browser, 0);
    beginning.client_secret = SecretEdit::Set {
        value: "not it".to_owned(),
    };
    let attempt = bench.consent.begin(beginning).await.unwrap();
    bench.register(&attempt).await;
    browse(&authorize_url(&attempt)).await;
    let by_browser = failure(bench.consent.wait(&attempt.id).await.unwrap());
    let mut beginning = bench.beginning(ConsentMethod::Device, 0);
    beginning.client_secret = SecretEdit::Set {
        value: "not it".to_owned(),
    };
    let by_device = match bench.consent.begin(beginning).await {
        Ok(attempt) => failure(bench.consent.wait(&attempt.id).await.unwrap()),
        Err(error) => error.failure(),
    };
    for told in [by_browser, by_device] {
        assert_eq!(told.field.as_deref(), Some("clientSecret"), "{told:?}");
        let names_object_and_next_step =
            told.message.contains("client secret") && told.message.contains("developer.webex.com");
        assert!(
            names_object_and_next_step && !told.message.contains("invalid_client"),
            "{}",
            told.message
        );
    }

    let mut beginning = bench.beginning(ConsentMethod::Browser, 0);
    beginning.client_secret = SecretEdit::Keep;
    let error = bench.consent.begin(beginning).await.unwrap_err().failure();
    assert_eq!(
        (error.code, error.field.as_deref()),
        (ErrorCode::Invalid, Some("clientSecret"))
    );
    let mut beginning = bench.beginning(ConsentMethod::Browser, 0);
    beginning.client_id = "  ".to_owned();
    let error = bench.consent.begin(beginning).await.unwrap_err().failure();
    assert_eq!(
        (error.code, error.field.as_deref()),
        (ErrorCode::Invalid, Some("clientId"))
    );
}

#[tokio::test]
async fn without_a_place_for_secrets_nobody_is_sent_to_consent() {
    let bench = Bench::new(config()).await;
    let vault = Vault::open(bench.db.clone(), Arc::new(NoKeychain)).await.unwrap();
    let consent = Consent::new(Clients::new(bench.db.clone(), vault.clone(), bench.clock.clone()));
    let error = consent
        .begin(bench.beginning(ConsentMethod::Browser, 0))
        .await
        .unwrap_err();
    assert_eq!(code(&error), ErrorCode::VaultMissing);
    vault.create(KeyPlace::Session, None).await.unwrap();
    let attempt = consent
        .begin(bench.beginning(ConsentMethod::Browser, 0))
        .await
        .unwrap();
    bench.register(&attempt).await;
    browse(&authorize_url(&attempt)).await;
    assert!(matches!(
        consent.wait(&attempt.id).await.unwrap().state,
        AttemptState::Granted { .. }
    ));
    let shown = organisations::get(&bench.db, &vault, &bench.organisation)
        .await
        .unwrap();
    assert_eq!(shown.consent, ConsentState::Granted);
    // For the next Patchbay the tokens are gone, and it says so.
    let next = Vault::open(bench.db.clone(), Arc::new(NoKeychain)).await.unwrap();
    let shown = organisations::get(&bench.db, &next, &bench.organisation)
        .await
        .unwrap();
    assert!(
        matches!(shown.consent, ConsentState::Needed { .. }),
        "{:?}",
        shown.consent
    );
    let clients = Clients::new(bench.db.clone(), next, bench.clock.clone());
    let error = clients.webex_for(&bench.organisation).await.unwrap_err();
    assert_eq!(code(&error), ErrorCode::ConsentNeeded);
}
