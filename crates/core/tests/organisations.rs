//! Registering, editing and deleting organisations, on a real database file.

#![expect(clippy::unwrap_used, reason = "the helpers of tests may end them")]

mod organisation;

use patchbay_core::clock::SystemClock;
use patchbay_core::db::Db;
use patchbay_core::events::{Events, Topic};
use patchbay_core::organisations::{
    self, CallingBehaviour, ConsentState, ContactCenterRegion, Environment, Organisation, OrganisationFields,
    SecretEdit,
};
use patchbay_core::secrets::{MemoryKeychain, Vault};
use patchbay_core::settings::{self, Preferences, Theme};
use patchbay_core::{Error, ErrorCode, Failure};
use secrecy::ExposeSecret as _;
use std::sync::Arc;

const UUID: &str = "0a7e2f0c-3d3f-4b7a-9c62-5d6f6f0a1b2c";

struct Bench {
    _folder: tempfile::TempDir,
    db: Db,
    vault: Vault,
}

fn fields(name: &str) -> OrganisationFields {
    organisation::fields(name, Environment::Commercial)
}

fn set(value: &str) -> SecretEdit {
    SecretEdit::Set {
        value: value.to_owned(),
    }
}

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(folder.path(), Events::default()).await.unwrap();
        let vault = Vault::open(db.clone(), Arc::new(MemoryKeychain::default()))
            .await
            .unwrap();
        Self {
            _folder: folder,
            db,
            vault,
        }
    }

    async fn create(&self, fields: &OrganisationFields) -> Result<Organisation, Error> {
        let mut write = self.db.write().await?;
        let id = organisations::create(&mut write, &self.vault, &SystemClock, fields).await?;
        write.commit().await?;
        organisations::get(&self.db, &self.vault, &id).await
    }

    async fn update(&self, id: &str, fields: &OrganisationFields) -> Result<Organisation, Error> {
        let mut write = self.db.write().await?;
        organisations::update(&mut write, &self.vault, &SystemClock, id, fields).await?;
        write.commit().await?;
        organisations::get(&self.db, &self.vault, id).await
    }

    async fn refused(&self, edit: impl FnOnce(&mut OrganisationFields)) -> Failure {
        let mut fields = fields("Refused");
        edit(&mut fields);
        self.create(&fields)
            .await
            .expect_err("this cannot be registered")
            .failure()
    }
}

#[tokio::test]
async fn everything_that_was_entered_comes_back() {
    let bench = Bench::new().await;
    let mut events = bench.db.events().subscribe();
    let given = OrganisationFields {
        wholesale: true,
        contact_center: true,
        contact_center_region: Some(ContactCenterRegion::EuFrankfurt),
        account_number: Some(format!("  {}  ", UUID.to_uppercase())),
        admin_email: Some("Zoë.O'Brien+webex@kestrel.example".to_owned()),
        http_proxy: set("http://user:se%40cret@proxy.example:3128/"),
        https_proxy: set("https://proxy.example:8443"),
        ca_file: patchbay_core::organisations::CaEdit::Keep,
        default_calling_behaviour: Some(CallingBehaviour::WebexAppUnifiedCm),
        email_domain: Some("rooms.kestrel.example".to_owned()),
        directory_sync_enabled: true,
        sync_on_create: false,
        notes: Some("Line one\nline two".to_owned()),
        ..fields(" Kestrel Logistics ")
    };
    let shown = bench.create(&given).await.unwrap();
    assert_eq!(shown.name, "Kestrel Logistics");
    assert!(shown.wholesale && shown.contact_center && shown.directory_sync_enabled && !shown.sync_on_create);
    assert_eq!(
        shown.contact_center_region,
        Some(ContactCenterRegion::EuFrankfurt)
    );
    assert_eq!(shown.account_number.as_deref(), Some(UUID));
    assert_eq!(
        shown.default_calling_behaviour,
        Some(CallingBehaviour::WebexAppUnifiedCm)
    );
    assert_eq!(shown.notes.as_deref(), Some("Line one\nline two"));
    assert_eq!(shown.consent, ConsentState::None);
    assert!(shown.permissions.is_empty());
    assert_eq!(events.recv().await.unwrap(), Topic::Organisations);

    let json = serde_json::to_string(&shown).unwrap();
    assert!(
        !json.contains("se%40cret") && !json.contains("user"),
        "a proxy's user is shown: {json}"
    );
    let sealed = bench.vault.read(&shown.id, "http_proxy").await.unwrap().unwrap();
    assert_eq!(sealed.expose_secret(), "http://user:se%40cret@proxy.example:3128");

    let kept = bench
        .update(
            &shown.id,
            &OrganisationFields {
                http_proxy: SecretEdit::Clear,
                ..fields("Kestrel")
            },
        )
        .await;
    let kept = kept.unwrap();
    assert_eq!(
        (kept.http_proxy, kept.https_proxy.as_deref()),
        (None, Some("https://proxy.example:8443"))
    );
    assert!(bench.vault.read(&shown.id, "http_proxy").await.unwrap().is_none());
    assert_eq!(kept.name, "Kestrel");
    assert_eq!(kept.created_at, shown.created_at);
}

#[tokio::test]
async fn what_is_wrong_is_refused_at_its_field() {
    let bench = Bench::new().await;
    let long = "x".repeat(1_025);
    type Edit<'a> = Box<dyn FnOnce(&mut OrganisationFields) + 'a>;
    let person = webex_client::WebexId::encode("us", "PEOPLE", UUID);
    let cases: Vec<(&str, &str, Edit<'_>)> = vec![
        ("name", "empty", Box::new(|f| f.name = " \u{a0} ".to_owned())),
        ("name", "1025 characters", Box::new(|f| f.name = long.clone())),
        ("name", "line break", Box::new(|f| f.name = "a\nb".to_owned())),
        (
            "notes",
            "1025 characters",
            Box::new(|f| f.notes = Some(long.clone())),
        ),
        (
            "contactCenterRegion",
            "region",
            Box::new(|f| f.contact_center = true),
        ),
        (
            "accountNumber",
            "neither a UUID",
            Box::new(|f| f.account_number = Some("1234".to_owned())),
        ),
        (
            "accountNumber",
            "id of a people",
            Box::new(|f| f.account_number = Some(person.clone())),
        ),
        (
            "accountNumber",
            "zeros",
            Box::new(|f| f.account_number = Some("0".repeat(32))),
        ),
        (
            "adminEmail",
            "no @",
            Box::new(|f| f.admin_email = Some("zoe.example".to_owned())),
        ),
        (
            "adminEmail",
            "space",
            Box::new(|f| f.admin_email = Some("zoe smith@x.example".to_owned())),
        ),
        (
            "adminEmail",
            "domain",
            Box::new(|f| f.admin_email = Some("zoe@localhost".to_owned())),
        ),
        (
            "adminEmail",
            "before the @",
            Box::new(|f| f.admin_email = Some("@x.example".to_owned())),
        ),
        (
            "emailDomain",
            "holds an @",
            Box::new(|f| f.email_domain = Some("a@b.example".to_owned())),
        ),
        (
            "emailDomain",
            "no domain name",
            Box::new(|f| f.email_domain = Some("-a.example".to_owned())),
        ),
        (
            "httpProxy",
            "port",
            Box::new(|f| f.http_proxy = set("http://proxy.example")),
        ),
        (
            "httpsProxy",
            "scheme",
            Box::new(|f| f.https_proxy = set("socks5://proxy.example:1")),
        ),
        (
            "httpsProxy",
            "password",
            Box::new(|f| f.https_proxy = set("http://u:p@ss:w@proxy.example:1")),
        ),
        (
            "environment",
            "must end in /v1",
            Box::new(|f| f.environment = custom("https://webexapis.example/")),
        ),
        (
            "environment",
            "https",
            Box::new(|f| f.environment = custom("http://webexapis.example/v1")),
        ),
        (
            "environment",
            "neither user",
            Box::new(|f| f.environment = custom("https://u:p@webexapis.example/v1")),
        ),
        (
            "environment",
            "cannot be read",
            Box::new(|f| f.environment = custom("webexapis.example/v1")),
        ),
        ("environment", "empty", Box::new(|f| f.environment = custom(" "))),
    ];
    for (field, says, edit) in cases {
        let failure = bench.refused(edit).await;
        assert_eq!(
            (failure.code, failure.field.as_deref()),
            (ErrorCode::Invalid, Some(field)),
            "{}",
            failure.message
        );
        assert!(
            failure.message.contains(says),
            "{field}: \"{}\" does not say \"{says}\"",
            failure.message
        );
        assert!(!failure.message.contains("p@ss"), "{}", failure.message);
    }
    assert!(
        organisations::list(&bench.db, &bench.vault)
            .await
            .unwrap()
            .is_empty()
    );
}

fn custom(base_url: &str) -> Environment {
    Environment::Custom {
        base_url: base_url.to_owned(),
    }
}

#[tokio::test]
async fn loopback_and_long_texts_at_the_limit_are_fine() {
    let bench = Bench::new().await;
    for (name, base) in [
        ("One", "http://127.0.0.1:4010/v1"),
        ("Two", "http://localhost:4010/v1/"),
        ("Three", "https://gateway.example/webex/v1"),
    ] {
        let given = OrganisationFields {
            environment: custom(base),
            notes: Some("ü".repeat(1_024)),
            ..fields(name)
        };
        let shown = bench.create(&given).await.unwrap();
        assert_eq!(shown.environment, custom(base.trim_end_matches('/')));
        assert_eq!(shown.notes.unwrap().chars().count(), 1_024);
    }
}

fn padded(id: String) -> String {
    let missing = (4 - id.len() % 4) % 4;
    assert_ne!(missing, 0, "this id needs no padding, so it proves nothing");
    id + &"=".repeat(missing)
}

#[tokio::test]
async fn a_pasted_internal_id_is_converted() {
    let bench = Bench::new().await;
    for (name, id) in [
        ("Plain", webex_client::WebexId::encode("us", "ORGANIZATION", UUID)),
        (
            "Other spelling",
            webex_client::WebexId::encode("urn:TEAM:eu-central-1_k", "Organization", UUID),
        ),
        (
            "Padded",
            padded(webex_client::WebexId::encode("us", "ORGANIZATION", UUID)),
        ),
    ] {
        let given = OrganisationFields {
            account_number: Some(id.clone()),
            ..fields(name)
        };
        let shown = bench.create(&given).await.unwrap();
        assert_eq!(shown.account_number.as_deref(), Some(UUID), "{name}");
        assert_eq!(shown.internal_id, Some(id));
    }
}

#[tokio::test]
async fn names_are_unique_without_case_and_found_the_same_way() {
    let bench = Bench::new().await;
    let first = bench.create(&fields("Café  Noir")).await.unwrap();
    let failure = bench
        .create(&fields("CAFE\u{301} noir"))
        .await
        .unwrap_err()
        .failure();
    assert_eq!(
        (failure.code, failure.field.as_deref()),
        (ErrorCode::Invalid, Some("name"))
    );
    assert!(failure.message.contains("Café  Noir"), "{}", failure.message);
    bench.create(&fields("Sable")).await.unwrap();
    bench
        .update(&first.id, &fields("CAFÉ NOIR"))
        .await
        .expect("a name may change its own spelling");
    let failure = bench
        .update(&first.id, &fields("sable"))
        .await
        .unwrap_err()
        .failure();
    assert_eq!(failure.field.as_deref(), Some("name"));

    let find = |name: &'static str| organisations::find_by_name(&bench.db, &bench.vault, name);
    assert_eq!(find("café noir").await.unwrap().id, first.id);
    assert_eq!(find("Sable").await.unwrap().name, "Sable");
    let missing = find("Tern").await.unwrap_err().failure();
    assert_eq!(missing.code, ErrorCode::NotFound);
    assert!(
        missing.message.contains("Tern") && missing.message.contains("Sable"),
        "{}",
        missing.message
    );
    let by_id = organisations::find_by_name(&bench.db, &bench.vault, &first.id)
        .await
        .unwrap();
    assert_eq!(by_id.id, first.id);
    let names: Vec<String> = organisations::list(&bench.db, &bench.vault)
        .await
        .unwrap()
        .into_iter()
        .map(|one| one.name)
        .collect();
    assert_eq!(names, ["CAFÉ NOIR", "Sable"]);
}

#[tokio::test]
async fn deleting_takes_everything_along() {
    let bench = Bench::new().await;
    let given = OrganisationFields {
        https_proxy: set("http://u:p@proxy.example:1"),
        ca_file: patchbay_core::organisations::CaEdit::Keep,
        ..fields("Kestrel")
    };
    let id = bench.create(&given).await.unwrap().id;
    let other = bench.create(&fields("Other")).await.unwrap().id;
    let mut write = bench.db.write().await.unwrap();
    for statement in [
        "insert into mirror_parts (organisation, kind, generation) values (?, 'people', 1)",
        "insert into rate_gates (organisation, learned_rate) values (?, 2.5)",
        "insert into bulk_assignments (id, name, organisation, created_at, changed_at) values ('t', 'T', ?, 'x', 'x')",
    ] {
        sqlx::query(statement)
            .bind(&id)
            .execute(write.connection())
            .await
            .unwrap();
    }
    write.commit().await.unwrap();

    let mut write = bench.db.write().await.unwrap();
    organisations::delete(&mut write, &bench.vault, &id)
        .await
        .unwrap();
    write.commit().await.unwrap();
    let counts = "select (select count(*) from secrets) + (select count(*) from mirror_parts)
                    + (select count(*) from rate_gates) + (select count(*) from bulk_assignments)";
    let left: i64 = sqlx::query_scalar(counts)
        .fetch_one(bench.db.read())
        .await
        .unwrap();
    assert_eq!(left, 0);
    let error = organisations::get(&bench.db, &bench.vault, &id)
        .await
        .unwrap_err();
    assert_eq!(error.failure().code, ErrorCode::NotFound);
    organisations::get(&bench.db, &bench.vault, &other)
        .await
        .expect("the other one stays");
    let mut write = bench.db.write().await.unwrap();
    assert!(
        organisations::delete(&mut write, &bench.vault, &id)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn settings_are_remembered_and_checked() {
    let bench = Bench::new().await;
    assert_eq!(settings::load(&bench.db).await.unwrap(), Preferences::default());
    let mut wanted = Preferences {
        theme: Theme::Dark,
        consent_port: 14_780,
        ..Preferences::default()
    };
    wanted
        .views
        .insert("report".to_owned(), r#"{"sort":"row"}"#.to_owned());
    let mut events = bench.db.events().subscribe();
    let mut write = bench.db.write().await.unwrap();
    settings::save(&mut write, &wanted).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(events.recv().await.unwrap(), Topic::Preferences);
    assert_eq!(settings::load(&bench.db).await.unwrap(), wanted);
    let mut write = bench.db.write().await.unwrap();
    let refused = settings::save(
        &mut write,
        &Preferences {
            consent_port: 80,
            ..wanted.clone()
        },
    )
    .await
    .unwrap_err();
    assert_eq!(refused.failure().field.as_deref(), Some("consentPort"));
    sqlx::query("update preferences set json = '{\"theme\":'")
        .execute(write.connection())
        .await
        .unwrap();
    write.commit().await.unwrap();
    assert!(
        settings::load(&bench.db).await.is_err(),
        "a damaged row is not replaced by defaults"
    );
}

#[tokio::test]
async fn an_earlier_sync_that_ends_later_does_not_set_the_last_one_back() {
    let bench = Bench::new().await;
    let created = bench.create(&fields("Kestrel")).await.unwrap();
    let day = |day: i64| jiff::Timestamp::from_second(1_790_000_000 + day * 86_400).unwrap();
    for (began, now, shown) in [
        (day(1), day(1), day(1)),
        (day(3), day(3), day(3)),
        // Tried again.
        (day(1), day(4), day(3)),
        // The clock was a day ahead and was set right.
        (day(2), day(2), day(2)),
    ] {
        let mut write = bench.db.write().await.unwrap();
        organisations::synced(&mut write, &created.id, began, now)
            .await
            .unwrap();
        write.commit().await.unwrap();
        let kept = organisations::get(&bench.db, &bench.vault, &created.id)
            .await
            .unwrap();
        assert_eq!(kept.last_sync_at.as_deref(), Some(shown.to_string().as_str()));
    }
}
