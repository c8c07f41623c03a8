//! The copy of the customers, and who may have one.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn customers_are_copied_page_by_page_and_named() {
    let world = connected(Seed::Demo).await;
    let empty = window(&world, json!({}), 0, 10).await;
    assert_eq!((&empty["total"], &empty["asOf"]), (&json!(0), &Value::Null));
    world.sandbox.clear_journal();
    let transaction = copy(&world).await;
    assert_eq!(transaction["kind"], "wholesale_sync");
    assert_eq!(
        transaction["steps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|step| step["done"].as_u64().unwrap())
            .collect::<Vec<_>>(),
        [60, 55],
        "{transaction:#}"
    );
    let pages: Vec<String> = world
        .journal()
        .into_iter()
        .filter(|entry| entry.path == "/v1/wholesale/customers")
        .map(|entry| entry.query)
        .collect();
    assert_eq!(pages.len(), 2, "{pages:?}");
    assert!(pages[1].contains("offset=50"), "{pages:?}");

    let truth = world.sandbox.wholesale_customers();
    let customers = all(&world, json!({})).await;
    assert_eq!(customers.len(), truth.len());
    for seen in &truth {
        let customer = customers
            .iter()
            .find(|customer| customer["id"] == seen.id)
            .unwrap();
        // Webex tells the organisation once the customer is provisioned.
        let told = seen.status != "provisioning";
        assert_eq!(
            customer["orgName"],
            json!(seen.org_name.as_ref().filter(|_| told))
        );
        assert_eq!(customer["orgId"], json!(seen.org_id.as_ref().filter(|_| told)));
        assert_eq!(
            (
                &customer["status"],
                &customer["packages"],
                &customer["externalId"]
            ),
            (
                &json!(seen.status),
                &json!(seen.packages),
                &json!(seen.external_id)
            )
        );
        let city = seen.address.as_ref().map(|address| address[2].clone());
        assert_eq!(customer["address"]["city"], json!(city));
    }
    assert!(
        customers
            .iter()
            .any(|c| c["orgId"].is_string() && c["orgName"].is_null()),
        "one cannot be named"
    );
    let window = window(&world, json!({}), 0, 10).await;
    let statuses: Vec<&str> = window["statuses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ALL);
    assert!(window["asOf"].is_string() && window["syncing"].is_null());

    // What is known comes in one request; what is not is asked for again.
    world.sandbox.clear_journal();
    let again = copy(&world).await;
    let asked: Vec<JournalEntry> = world
        .journal()
        .into_iter()
        .filter(|entry| entry.path.starts_with("/v1/organizations"))
        .collect();
    assert_eq!(asked.len(), 2, "{asked:#?}");
    assert!(detail(&again).starts_with("1 not known."), "{again:#}");
    assert_eq!(all(&world, json!({})).await.len(), 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_was_changed_at_webex_follows_with_the_next_copy() {
    let world = partner(Seed::Demo).await;
    world.sandbox.set_organisations_listed(true);
    let everybody = all(&world, json!({})).await;
    let (one, other) = (&everybody[0], &everybody[1]);
    let id = one["id"].as_str().unwrap();
    assert!(world.sandbox.rename_wholesale_customer(id, "Zephyr Holdings"));
    let again = copy(&world).await;
    assert_eq!(again["steps"][1]["done"], 1, "{again:#}");
    let found = all(&world, json!({ "search": "zephyr" })).await;
    assert_eq!(found.len(), 1);
    assert_eq!(
        (&found[0]["id"], &found[0]["orgName"]),
        (&one["id"], &json!("Zephyr Holdings"))
    );
    let sorted = all(&world, json!({})).await;
    assert_eq!(sorted[0]["id"], other["id"], "sorted by the name it has now");
    // Where it is in no list, what is known stays until somebody asks for that one.
    world.sandbox.set_organisations_listed(false);
    assert!(world.sandbox.rename_wholesale_customer(id, "Yonder Holdings"));
    copy(&world).await;
    assert_eq!(all(&world, json!({ "search": "zephyr" })).await.len(), 1);
    let request = json!({ "organisation": world.organisation, "customer": id });
    let refreshed = world.call("wholesale.refresh", request).await;
    assert_eq!(refreshed["orgName"], "Yonder Holdings");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_searched_sorted_and_windowed_where_they_lie() {
    let world = partner(Seed::Demo).await;
    let names = |customers: &[Value]| -> Vec<String> {
        customers
            .iter()
            .map(|customer| customer["orgName"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    let everybody = all(&world, json!({})).await;
    let sorted = names(&everybody);
    let named = sorted.iter().filter(|name| !name.is_empty()).count();
    let mut expected: Vec<String> = sorted[..named].to_vec();
    expected.sort_by_key(|name| name.to_lowercase());
    assert_eq!(sorted[..named], expected);
    assert!(
        sorted[named..].iter().all(String::is_empty),
        "nameless ones stand last"
    );
    let down = names(&all(&world, json!({ "descending": true })).await);
    expected.reverse();
    assert_eq!(down[..named], expected);
    assert!(down[named..].iter().all(String::is_empty), "in either direction");
    let by_external = all(&world, json!({ "sort": "external_id" })).await;
    assert_eq!(by_external[0]["externalId"], "CUST-1001");

    let mut pieces = Vec::new();
    for offset in (0..60).step_by(7) {
        let piece = window(&world, json!({}), offset, 7).await;
        assert_eq!(piece["total"], 60);
        pieces.extend(piece["customers"].as_array().unwrap().clone());
    }
    assert_eq!(pieces, everybody);

    let some = everybody
        .iter()
        .find(|customer| customer["orgName"] == "Ødegård Logistics")
        .unwrap();
    for search in [
        "  ødegårD LOG",
        some["id"].as_str().unwrap(),
        some["orgId"].as_str().unwrap(),
        some["externalId"].as_str().unwrap(),
    ] {
        let found = all(&world, json!({ "search": search })).await;
        assert_eq!(found, std::slice::from_ref(some), "{search}");
    }
    for (search, holds) in [("attendant", "attendant_console"), ("aarHUS", "Aarhus")] {
        let found = all(&world, json!({ "search": search })).await;
        assert!(
            found.len() > 2 && found.iter().all(|customer| customer.to_string().contains(holds)),
            "{search}"
        );
    }
    assert_eq!(all(&world, json!({ "search": "nobody %_" })).await.len(), 0);
    for status in ALL {
        let found = all(&world, json!({ "status": status })).await;
        assert!(!found.is_empty() && found.iter().all(|customer| customer["status"] == status));
    }
    assert!(world.journal().is_empty(), "nothing of this asks Webex");
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_customers_cost_few_requests() {
    let world = connected(Seed::Demo).await;
    world.sandbox.add_wholesale_customers(2_440);
    world.sandbox.set_organisations_listed(true);
    world.sandbox.clear_journal();
    copy(&world).await;
    let journal = world.journal();
    assert!(journal.len() < 60, "{} requests", journal.len());
    let last = window(&world, json!({}), 2_400, 1_000).await;
    assert_eq!(
        (&last["total"], last["customers"].as_array().unwrap().len()),
        (&json!(2_500), 100)
    );
    assert_eq!(all_named(&world).await, 2_495);
}

async fn all_named(world: &World) -> usize {
    let mut named = 0;
    for offset in (0..2_500).step_by(1_000) {
        let piece = window(world, json!({}), offset, 1_000).await;
        let customers = piece["customers"].as_array().unwrap();
        named += customers
            .iter()
            .filter(|customer| customer["orgName"].is_string())
            .count();
    }
    named
}

#[tokio::test(flavor = "multi_thread")]
async fn what_webex_has_not_told_before_is_kept() {
    let world = partner(Seed::Awkward).await;
    let everybody = all(&world, json!({})).await;
    assert_eq!(everybody.len(), 60, "a list that never ends is read once");
    let asleep = all(&world, json!({ "status": "hibernating" })).await;
    assert_eq!(
        asleep[0]["errors"],
        json!([{ "code": "WHS-77", "description": "The customer sleeps." }])
    );
    let holo = &all(&world, json!({ "search": "holo_calling" })).await[0];
    let package = holo["resourceDetails"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&package["name"], &package["status"]),
        (&json!("holo_calling"), &json!("half_provisioned"))
    );
    assert!(everybody.iter().any(|customer| customer["externalId"].is_null()));
    assert!(everybody.iter().any(|customer| customer["address"].is_null()));
    let padded = everybody
        .iter()
        .find(|c| c["id"].as_str().unwrap().ends_with('='))
        .unwrap();
    let bare = padded["id"].as_str().unwrap().trim_end_matches('=');
    assert_eq!(&one(&world, bare).await, padded);

    // A package nobody knows is no reason to lose it when another one comes.
    let mut packages: Vec<&str> = holo["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p.as_str().unwrap())
        .collect();
    packages.push("webex_voice");
    packages.dedup();
    let transaction = begin(&world, with_packages(&world, holo, &packages)).await;
    let transaction = world.transaction_over(&transaction).await;
    assert_eq!(transaction["state"], "succeeded", "{transaction:#}");
    assert!(
        truth(&world, holo["id"].as_str().unwrap())
            .packages
            .contains(&"holo_calling".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_whole_or_none_and_forgets_who_is_gone() {
    let world = partner(Seed::Demo).await;
    let gone = some(&world, 0).await;
    let path = format!("/v1/wholesale/customers/{}", gone["id"].as_str().unwrap());
    world.somebody_else("DELETE", &path, None).await;
    let before = window(&world, json!({}), 0, 100).await;
    let mut broken = Fault::on_path(
        "/v1/wholesale/customers",
        answer(403, When::Before, FaultBody::Error),
    );
    broken.matcher.query = Some("offset=50".to_owned());
    world.sandbox.add_fault(broken);
    let transaction = try_copy(&world).await;
    assert_eq!(transaction["state"], "failed", "{transaction:#}");
    assert!(message(&transaction).contains("wxc-wholesale"), "{transaction:#}");
    assert_eq!(
        window(&world, json!({}), 0, 100).await,
        before,
        "half a list changes nothing"
    );

    copy(&world).await;
    assert_eq!(
        one(&world, gone["id"].as_str().unwrap()).await["status"],
        "deleting"
    );
    world.sandbox.advance(2 * HOUR);
    let refused = world
        .refused(
            "wholesale.refresh",
            request(&world, gone["id"].as_str().unwrap()),
            ErrorCode::NotFound,
        )
        .await;
    assert!(
        refused.message.contains(gone["orgName"].as_str().unwrap()),
        "{refused:?}"
    );
    world
        .refused(
            "wholesale.customer",
            request(&world, gone["id"].as_str().unwrap()),
            ErrorCode::NotFound,
        )
        .await;
    copy(&world).await;
    let now = all(&world, json!({})).await;
    assert_eq!(now.len(), 58, "the other one that was being deleted is gone too");
    let other = &now[0];
    let fresh = world
        .call(
            "wholesale.refresh",
            request(&world, other["id"].as_str().unwrap()),
        )
        .await;
    assert_eq!(fresh["orgName"], other["orgName"], "a refresh keeps the name");
    assert!(fresh["asOf"].as_str() > other["asOf"].as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_is_told_why_and_the_way_out() {
    // Not of wholesale.
    let mut world = World::unconnected(Setting::default()).await;
    world.organisation = world.register("Ordinary").await;
    world.connect().await;
    let organisation = json!({ "organisation": world.organisation });
    let refused = world
        .refused("wholesale.sync", organisation.clone(), ErrorCode::Conflict)
        .await;
    assert!(refused.message.contains("Wholesale customer"), "{refused:?}");
    // Switched on after the consent: the permission is missing.
    let mut fields = world.fields("Ordinary");
    fields["wholesale"] = json!(true);
    let update = json!({ "organisation": world.organisation, "fields": fields });
    world.call("organisations.update", update).await;
    let refused = world
        .refused("wholesale.sync", organisation.clone(), ErrorCode::ConsentNeeded)
        .await;
    assert!(
        refused.message.contains("Read wholesale customers"),
        "{refused:?}"
    );
    assert_eq!(window(&world, json!({}), 0, 10).await["total"], 0);
    // Connected again, but Webex does not sell to it.
    world.connect().await;
    world.sandbox.set_wholesale_entitled(false);
    let transaction = try_copy(&world).await;
    assert_eq!(transaction["state"], "failed");
    assert!(message(&transaction).contains("Partner Hub"), "{transaction:#}");
    assert!(transaction["failure"]["trackingId"].is_string());
    world.sandbox.set_wholesale_entitled(true);
    copy(&world).await;
    let id = all(&world, json!({})).await[0]["id"].clone();
    world.sandbox.set_wholesale_entitled(false);
    let refused = world
        .refused(
            "wholesale.refresh",
            request(&world, id.as_str().unwrap()),
            ErrorCode::Refused,
        )
        .await;
    assert!(refused.message.contains("Partner Hub"), "{refused:?}");
    // Nobody there.
    let nobody = json!({ "organisation": "nobody" });
    world.refused("wholesale.sync", nobody, ErrorCode::NotFound).await;
    world
        .refused(
            "wholesale.customer",
            request(&world, "nobody"),
            ErrorCode::NotFound,
        )
        .await;
}
