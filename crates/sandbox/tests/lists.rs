//! Reading: paging, filters, links, numbers, identities.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use serde_json::{Value, json};
use support::{HERE, demo};

fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().map(|i| i["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn people_are_paged_by_cursor_whole_and_in_order() {
    let wire = demo().await;
    let everybody = wire.sandbox.people();
    assert!((2300..=2500).contains(&everybody.len()));
    assert!((560..=660).contains(&everybody.iter().filter(|p| p.location.is_none()).count()));
    let listed = wire
        .all("/people?callingData=true&max=1000&start=40", "items")
        .await;
    assert_eq!(
        ids(&listed),
        everybody.iter().map(|p| p.id.as_str()).collect::<Vec<_>>(),
        "`start` is ignored"
    );
    assert_eq!(
        wire.get("/people?max=1000").await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        100,
        "max is clamped"
    );
    let here = wire.location(HERE).await;
    let first = wire
        .get(&format!("/people?callingData=true&locationId={here}&max=100"))
        .await;
    assert_eq!(
        first.json()["items"].as_array().unwrap().len(),
        50,
        "and harder with a location"
    );
    assert_eq!(
        wire.all(&format!("/people?callingData=true&locationId={here}"), "items")
            .await
            .len(),
        700
    );
    let refused = wire.get(&format!("/people?locationId={here}")).await;
    assert_eq!(
        (refused.status, refused.json()["message"].as_str()),
        (400, Some("Calling flag not set"))
    );

    let some = &everybody[17];
    let prefix: String = some
        .display_name
        .chars()
        .take(3)
        .collect::<String>()
        .to_uppercase();
    let named = wire.get(&format!("/people?displayName={prefix}")).await.json();
    assert!(ids(named["items"].as_array().unwrap()).contains(&some.id.as_str()));
    let by_mail = wire
        .get(&format!("/people?email={}", some.email.to_uppercase()))
        .await
        .json();
    assert_eq!(ids(by_mail["items"].as_array().unwrap()), [some.id.as_str()]);
    let missing = everybody[3].id.replace(&everybody[3].id[60..], "");
    let got = wire
        .get(&format!("/people?id={},{}", everybody[3].id, wire.plain()[0]))
        .await
        .json();
    assert_eq!(
        (
            got["items"].as_array().unwrap().len(),
            got["notFoundIds"].as_array().unwrap().len()
        ),
        (2, 0)
    );
    assert_eq!(wire.get(&format!("/people?id={missing}")).await.status, 400);
    let admins = wire
        .get(&format!(
            "/people?roles={}",
            wire.get("/roles").await.json()["items"][0]["id"]
                .as_str()
                .unwrap()
        ))
        .await
        .json();
    assert_eq!(admins["items"].as_array().unwrap().len(), 2);
    let unknown = wire
        .get("/people?id=Y2lzY29zcGFyazovL3VzL1BFT1BMRS8wMDAwMDAwMC0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMDA")
        .await
        .json();
    assert_eq!(unknown["notFoundIds"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_deletion_while_paging_loses_nobody_else() {
    let wire = demo().await;
    let everybody = wire.sandbox.people();
    let first = wire.get("/people?max=100").await;
    for gone in [50, 100, 101] {
        assert_eq!(
            wire.body("DELETE", &format!("/people/{}", everybody[gone].id), &json!({}))
                .await
                .status,
            204
        );
    }
    let mut seen: Vec<String> = ids(first.json()["items"].as_array().unwrap())
        .into_iter()
        .map(str::to_owned)
        .collect();
    let rest = wire.all(&first.next().unwrap(), "items").await;
    seen.extend(ids(&rest).into_iter().map(str::to_owned));
    let expected: Vec<String> = everybody
        .iter()
        .enumerate()
        .filter(|(n, _)| ![100, 101].contains(n))
        .map(|(_, p)| p.id.clone())
        .collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn links_follow_the_host_the_client_used() {
    let wire = demo().await;
    let request = wire
        .http
        .get(wire.url("/locations?max=2"))
        .bearer_auth(&wire.token)
        .header("host", "proxy.example:8080");
    let next = wire.send(request).await.unwrap().next().unwrap();
    assert!(
        next.starts_with("http://proxy.example:8080/v1/locations?max=2&cursor="),
        "{next}"
    );
    let request = wire
        .http
        .get(wire.url("/roles"))
        .bearer_auth(&wire.token)
        .header("trackingid", "PATCHBAY_1");
    let got = wire.send(request).await.unwrap();
    assert_eq!(got.header("trackingid"), Some("PATCHBAY_1, PATCHBAY_1"));
    assert!(got.header("server").unwrap().contains("simulator"));
    assert!(
        wire.get("/roles")
            .await
            .header("trackingid")
            .unwrap()
            .starts_with("ROUTER_")
    );
}

#[tokio::test]
async fn numbers_are_filtered_counted_and_excluded() {
    let wire = demo().await;
    let base = "/telephony/config/numbers";
    let all = wire.all(&format!("{base}?max=700"), "phoneNumbers").await;
    assert_eq!(all.len(), wire.sandbox.numbers().len());
    let count = wire.get(&format!("{base}?details=true&max=1")).await.json()["count"].clone();
    assert_eq!(count["total"].as_u64(), Some(all.len() as u64));
    assert_eq!(
        count["assigned"].as_u64().unwrap()
            + count["unAssigned"].as_u64().unwrap()
            + count["extensionOnly"].as_u64().unwrap(),
        all.len() as u64
    );
    for kind in [
        "inActive",
        "serviceNumber",
        "tollFreeNumbers",
        "mobileNumber",
        "reservedNumber",
        "elin",
    ] {
        assert!(count[kind].as_u64().unwrap() > 0, "{kind}");
    }
    let filtered = async |query: &str| wire.all(&format!("{base}?{query}"), "phoneNumbers").await;
    let here = wire.location(HERE).await;
    let free = filtered(&format!("available=true&locationId={here}")).await;
    assert!(
        !free.is_empty()
            && free
                .iter()
                .all(|n| n.get("owner").is_none() && n["location"]["id"] == here.as_str())
    );
    assert_eq!(
        filtered("assigned=false").await.len() as u64,
        count["unAssigned"].as_u64().unwrap()
    );
    assert_eq!(
        filtered("numberType=EXTENSION").await.len() as u64,
        count["extensionOnly"].as_u64().unwrap()
    );
    assert!(
        filtered("ownerType=PAGING_GROUP")
            .await
            .iter()
            .all(|n| n["owner"]["type"] == "GROUP_PAGING")
    );
    let caller = wire
        .sandbox
        .people()
        .into_iter()
        .find(|p| p.number.is_some())
        .unwrap();
    let owned = filtered(&format!("ownerId={}", caller.id)).await;
    assert_eq!(
        (owned.len(), owned[0]["phoneNumber"].as_str()),
        (1, caller.number.as_deref())
    );
    let there = filtered(&format!(
        "locationId={}&extension={}",
        caller.location.as_ref().unwrap(),
        caller.extension.as_ref().unwrap()
    ))
    .await;
    assert_eq!(there[0]["owner"]["id"], caller.id.as_str());
    for wrong in [
        "numberType=EXTENSION&available=true",
        "numberType=EXTENSION&state=ACTIVE",
        "reservedNumber=true&assigned=false",
        "reservedNumber=false&available=true",
        "available=yes",
        "state=BROKEN",
    ] {
        assert_eq!(wire.get(&format!("{base}?{wrong}")).await.status, 400, "{wrong}");
    }
    assert_eq!(
        wire.all(
            &format!("/telephony/config/locations/{here}/availableNumbers?max=90"),
            "phoneNumbers"
        )
        .await
        .len(),
        free.len()
    );
}

#[tokio::test]
async fn numbers_are_added_and_removed_where_the_pstn_allows_it() {
    let wire = demo().await;
    let (here, denver) = (
        wire.location(HERE).await,
        wire.location("Denver Union Station").await,
    );
    let path = |at: &str| format!("/telephony/config/locations/{at}/numbers");
    let taken = wire
        .sandbox
        .numbers()
        .into_iter()
        .find(|n| n.location_name == "London Southwark" && n.number.is_some())
        .unwrap()
        .number;
    let got = wire.body("POST", &path(&here), &json!({ "phoneNumbers": ["+441614970001", taken, "12"], "numberType": "DID", "state": "ACTIVE" })).await;
    assert_eq!(got.status, 400);
    let problems = got.json()[0]["errors"].as_array().unwrap().clone();
    assert_eq!(problems.len(), 2, "a bare array of what went wrong");
    assert!(
        wire.free_numbers(HERE).contains(&"+441614970001".to_owned()),
        "the rest was added"
    );
    let one = json!({ "phoneNumbers": ["+441614970001"] });
    assert_eq!(
        wire.body("POST", &path(&here), &one).await.status,
        201,
        "already there is ignored"
    );
    assert_eq!(
        wire.body(
            "PUT",
            &path(&here),
            &json!({ "phoneNumbers": ["+441614970001"], "action": "DEACTIVATE" })
        )
        .await
        .status,
        204
    );
    assert_eq!(wire.body("DELETE", &path(&here), &one).await.status, 204);
    assert_eq!(
        wire.body(
            "DELETE",
            &path(&here),
            &json!({ "phoneNumbers": ["+441614960000"] })
        )
        .await
        .status,
        400,
        "the main number"
    );
    let six: Vec<String> = wire.free_numbers(HERE).into_iter().take(6).collect();
    assert_eq!(
        wire.body("DELETE", &path(&here), &json!({ "phoneNumbers": six }))
            .await
            .status,
        400,
        "five at once"
    );
    let connection = wire
        .get(&format!("/telephony/pstn/locations/{denver}/connection"))
        .await
        .json();
    assert_eq!(connection["pstnConnectionType"], "INTEGRATED_CCP");
    assert_eq!(
        wire.body("POST", &path(&denver), &one).await.status,
        400,
        "integrated PSTN"
    );
    let verdicts = json!({ "extensions": ["6100", "6100", "911", "a1"] });
    let got = wire
        .body(
            "POST",
            &format!("/telephony/config/locations/{here}/actions/validateExtensions/invoke"),
            &verdicts,
        )
        .await
        .json();
    let states: Vec<&str> = got["extensionStatus"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["VALID", "DUPLICATE_IN_LIST", "INVALID", "INVALID"]);
}

#[tokio::test]
async fn organisation_and_identities() {
    let wire = demo().await;
    let uuid = wire.sandbox.organisation_uuid();
    let by_uuid = wire.get(&format!("/organizations/{uuid}")).await.json();
    let by_id = wire
        .get(&format!("/organizations/{}", by_uuid["id"].as_str().unwrap()))
        .await
        .json();
    assert_eq!(by_uuid, by_id);
    assert_eq!(
        wire.get("/organizations/00000000-0000-4000-8000-000000000000")
            .await
            .status,
        404
    );
    assert_eq!(
        wire.get("/people?orgId=00000000-0000-4000-8000-000000000000")
            .await
            .status,
        403
    );
    assert_eq!(wire.get("/no/such/thing").await.status, 404);

    let scim = format!("/identity/scim/{uuid}/v2");
    let page = wire
        .get(&format!("{scim}/Users?startIndex=2&count=3"))
        .await
        .json();
    assert_eq!(
        (page["itemsPerPage"].as_u64(), page["startIndex"].as_u64()),
        (Some(3), Some(2))
    );
    assert_eq!(page["Resources"][0]["id"], wire.sandbox.people()[1].uuid.as_str());
    let bulk = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "failOnErrors": 100, "Operations": [
        { "method": "POST", "path": "/Users", "bulkId": "r1", "data": { "userName": "bulk.one@northgate.example", "displayName": "Bulk One" } },
        { "method": "POST", "path": "/Users", "bulkId": "r2", "data": { "userName": "admin@northgate.example" } },
        { "method": "POST", "path": "/Users", "data": { "userName": "bulk.two@northgate.example" } },
    ]});
    let done = wire.body("POST", &format!("{scim}/Bulk"), &bulk).await.json();
    let statuses: Vec<&str> = done["Operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["201", "409", "400"]);
    let made = wire.sandbox.person("bulk.one@northgate.example").unwrap();
    assert_eq!(
        (made.licences.len(), made.invite_pending),
        (0, true),
        "an identity without licences"
    );
}
