//! TLS with a certificate authority of the network's own (product O2).

use crate::connection_check::{check, detail, elsewhere, ended_at};
use base64::Engine as _;
use patchbay_core::ErrorCode;
use patchbay_tests::{Authority, Setting, TlsFront, World};
use serde_json::{Value, json};
use std::net::SocketAddr;

/// Where the simulated Webex listens.
pub fn address(world: &World) -> SocketAddr {
    let root = world.sandbox.root_url();
    root.strip_prefix("http://").unwrap().parse().unwrap()
}

pub fn content(name: &str, bytes: &[u8]) -> Value {
    let base64 = base64::engine::general_purpose::STANDARD.encode(bytes);
    json!({ "kind": "content", "name": name, "base64": base64 })
}

async fn front(world: &World, authority: &Authority, name: &str, until: i32) -> TlsFront {
    authority.serve(address(world), name, until).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_authority_works_with_its_file_and_is_named_without() {
    let mut world = World::unconnected(Setting::default()).await;
    let authority = Authority::new("Kestrel Inspection CA");
    let server = front(&world, &authority, "localhost", 2100).await;
    let base = server.base("localhost");
    let organisation = elsewhere(&world, "Kestrel", &base, |_| {}).await;

    let checked = check(&world, &organisation).await;
    let said = ended_at(&checked, "Connection", "unreachable");
    assert!(
        said.contains("TLS certificate") && said.contains("CA file"),
        "{said}"
    );
    world.organisation = organisation.clone();
    let attempt = json!({
        "organisation": organisation, "method": "device", "clientId": world.sandbox.client_id(),
        "clientSecret": {"kind": "set", "value": world.sandbox.client_secret()}, "port": 0,
    });
    let failure = world
        .refused("consent.begin", attempt, ErrorCode::Unreachable)
        .await;
    assert!(failure.message.contains("CA file"), "{}", failure.message);
    assert!(world.sandbox.journal().is_empty(), "nothing came through");

    // The file of somebody else does not help, and is named.
    let mut fields = world.fields("Kestrel");
    fields["environment"]["base_url"] = base.into();
    let other = Authority::new("Somebody Else");
    fields["caFile"] = content("other.pem", other.pem().as_bytes());
    let update = |fields: &Value| json!({ "organisation": organisation, "fields": fields });
    let updated = world.call("organisations.update", update(&fields)).await;
    assert_eq!(
        updated["caFile"],
        json!({ "name": "other.pem", "certificates": 1 })
    );
    let checked = check(&world, &organisation).await;
    let said = ended_at(&checked, "Connection", "unreachable");
    assert!(said.contains("other.pem"), "{said}");

    // A bundle from disk, with text around, holding the right one.
    let file = world.folder.path().join("bundle.pem");
    let bundle = format!("# ours\r\n{}\nand ours\n{}", other.pem(), authority.pem());
    std::fs::write(&file, bundle).unwrap();
    fields["caFile"] = json!({ "kind": "path", "path": file });
    let updated = world.call("organisations.update", update(&fields)).await;
    assert_eq!(
        updated["caFile"],
        json!({ "name": "bundle.pem", "certificates": 2 })
    );
    let checked = check(&world, &organisation).await;
    assert_eq!(checked["state"], "succeeded", "{checked:#}");
    let said = detail(&checked, "Connection");
    assert!(
        said.contains("issued by Kestrel Inspection CA") && said.contains("good until 1 January 2100"),
        "{said}"
    );

    world.connect_by_device().await;
    let checked = check(&world, &organisation).await;
    assert_eq!(checked["state"], "succeeded", "{checked:#}");
    // Kept while other fields change, and over a restart.
    fields["caFile"] = json!({ "kind": "keep" });
    fields["notes"] = "kept".into();
    world.call("organisations.update", update(&fields)).await;
    world.restart().await;
    let checked = check(&world, &organisation).await;
    assert_eq!(checked["state"], "succeeded", "{checked:#}");
    fields["caFile"] = json!({ "kind": "clear" });
    let updated = world.call("organisations.update", update(&fields)).await;
    assert_eq!(updated["caFile"], Value::Null);
    let checked = check(&world, &organisation).await;
    ended_at(&checked, "Connection", "unreachable");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_certificate_and_one_of_another_name_are_told_apart() {
    let world = World::unconnected(Setting::default()).await;
    let authority = Authority::new("Kestrel Inspection CA");
    let file = content("ca.pem", authority.pem().as_bytes());
    for (name, until, words) in [
        ("localhost", 2001, "has expired"),
        (
            "other.example",
            2100,
            "made out for other.example, not for localhost",
        ),
    ] {
        let server = front(&world, &authority, name, until).await;
        let organisation = elsewhere(&world, name, &server.base("localhost"), |fields| {
            fields["caFile"] = file.clone();
        })
        .await;
        let checked = check(&world, &organisation).await;
        let said = ended_at(&checked, "Connection", "unreachable");
        assert!(said.contains(words), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_authority_is_refused_with_what_it_is() {
    let world = World::unconnected(Setting::default()).await;
    let authority = Authority::new("Kestrel Inspection CA");
    let expired = Authority::lasting("Old CA", 2001);
    let damaged = authority.pem().replacen("MII", "AAA", 1);
    let large = vec![b'\n'; 1024 * 1024 + 1];
    let key = format!("{}{}", authority.pem(), authority.key_pem());
    for (bytes, words) in [
        (b" \n".as_slice(), "is empty"),
        (&authority.der(), "openssl x509 -inform der"),
        (b"\x30\x82\x01\x00\x00", "is binary"),
        (key.as_bytes(), "holds a private key"),
        (b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n", "holds a private key"),
        (b"<html>sign in</html>", "holds no certificate"),
        (damaged.as_bytes(), "certificate 1 cannot be read"),
        (&large, "larger than 1 MB"),
        (expired.pem().as_bytes(), "expired on 1 January 2001"),
    ] {
        let mut fields = world.fields("Kestrel");
        fields["caFile"] = content("ca.pem", bytes);
        let failure = world
            .refused(
                "organisations.create",
                json!({ "fields": fields }),
                ErrorCode::Invalid,
            )
            .await;
        assert_eq!(failure.field.as_deref(), Some("caFile"), "{failure:?}");
        assert!(failure.message.contains(words), "{words}: {}", failure.message);
    }
    // One of several that has expired does not spoil the others.
    let mut fields = world.fields("Kestrel");
    fields["caFile"] = content(
        "ca.pem",
        format!("{}{}", expired.pem(), authority.pem()).as_bytes(),
    );
    let created = world
        .call("organisations.create", json!({ "fields": fields }))
        .await;
    assert_eq!(created["caFile"]["certificates"], 2);

    fields["name"] = "Sable".into();
    fields["caFile"] = json!({ "kind": "path", "path": world.folder.path() });
    let folder = json!({ "fields": fields });
    let failure = world
        .refused("organisations.create", folder, ErrorCode::Invalid)
        .await;
    assert!(failure.message.contains("is no file"), "{}", failure.message);
    fields["caFile"] = json!({ "kind": "path", "path": world.folder.path().join("gone.pem") });
    let gone = json!({ "fields": fields });
    let failure = world.refused("organisations.create", gone, ErrorCode::File).await;
    assert!(failure.message.contains("gone.pem"), "{}", failure.message);
    let listed = world.call("organisations.list", json!({})).await;
    assert_eq!(listed["organisations"].as_array().unwrap().len(), 1, "{listed:#}");
}
