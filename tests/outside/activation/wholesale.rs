//! Subscribers of wholesale customers.

use super::*;
use webex_sandbox::WholesaleSubscriberChange;

#[tokio::test(flavor = "multi_thread")]
async fn subscribers_of_wholesale_customers_tell_the_states() {
    let mut world = World::unconnected(Setting::default()).await;
    let mut fields = world.fields("Partner");
    fields["wholesale"] = json!(true);
    let created = world
        .call("organisations.create", json!({ "fields": fields }))
        .await;
    world.organisation = created["id"].as_str().unwrap().to_owned();
    world.connect().await;
    let all = world.sandbox.wholesale_subscribers();
    let strange = WholesaleSubscriberChange {
        status: Some("half_way".to_owned()),
        ..WholesaleSubscriberChange::default()
    };
    assert!(world.sandbox.change_wholesale_subscriber(&all[0].id, &strange));
    // Customers first: they tell where somebody belongs.
    let copied = world.call("wholesale.sync", of(&world)).await;
    over(&world, &copied).await;
    world.sync().await;

    let status = status(&world).await;
    assert_eq!(
        status["availability"],
        json!({ "state": "available", "source": "wholesale" })
    );
    assert_eq!((&status["total"], count(&status, "half_way")), (&json!(all.len()), 1));
    let customers = world.sandbox.wholesale_customers();
    let shown = users(&world, json!({})).await;
    let mut named = 0;
    for subscriber in &all {
        let user = shown
            .iter()
            .find(|user| user["email"] == subscriber.email)
            .unwrap_or_else(|| panic!("{subscriber:?}"));
        assert_eq!(user["licence"], subscriber.package);
        let customer = customers
            .iter()
            .find(|customer| Some(&customer.id) == subscriber.customer.as_ref())
            .unwrap();
        assert_eq!(user["serviceId"], json!(customer.external_id), "{user:#}");
        let place = customer.org_name.as_ref().or(customer.external_id.as_ref());
        assert_eq!(user["location"], json!(place), "{user:#}");
        named += usize::from(customer.org_name.is_some());
        assert_eq!(user["location"], user["enterprise"], "nobody is joined with a person");
    }
    assert!(named > 0, "customers are called by their organisations");

    let half = shown.iter().find(|user| user["state"] == "half_way").unwrap();
    let migrating = WholesaleSubscriberChange {
        status: Some("pending_user_migration".to_owned()),
        ..WholesaleSubscriberChange::default()
    };
    assert!(world.sandbox.change_wholesale_subscriber(&all[0].id, &migrating));
    let now = world
        .call("activation.refreshUser", user_of(&world, &half["key"]))
        .await;
    assert_eq!((&now["state"], &now["nudge"]), (&json!("pending_user_migration"), &json!("consent_mail")));
    assert_eq!(now["location"], half["location"]);
    world
        .call("activation.sendConsentMail", user_of(&world, &half["key"]))
        .await;
}
