//! Typed resources: what is asked, and answers as Webex was seen to give them.

use futures::TryStreamExt as _;
use serde_json::json;
use webex_client::*;

use crate::server::{Server, json};

#[tokio::test]
async fn people_come_in_many_dresses() {
    let server = Server::start(|_, _| {
        json(200, json!({"notFoundIds": ["gone"], "items": [
            {"id": "a", "emails": ["a@x.com"], "displayName": "A", "extension": 133, "locationId": "loc",
             "phoneNumbers": [{"type": "work", "value": "+1", "primary": true}, {"type": "pager", "value": "9"}],
             "licenses": ["l1,l2", "l3"], "roles": "r1,r2", "status": "juggling", "invitePending": "true",
             "loginEnabled": false, "type": "person", "news": {"x": 1}},
            {"id": "b", "licenses": null, "phoneNumbers": null, "invitePending": false}]}))
    })
    .await;
    let (webex, _) = server.client();
    let query = PeopleQuery {
        calling_data: true,
        location_id: Some("loc".into()),
        org_id: Some("org".into()),
        display_name: Some("A & B".into()),
        ..PeopleQuery::default()
    };
    let pages: Vec<Page<Person>> = webex.people(query).try_collect().await.unwrap();
    assert_eq!(pages[0].not_found_ids, ["gone"]);
    let person = &pages[0].items[0];
    assert_eq!(person.licences, ["l1", "l2", "l3"]);
    assert_eq!(person.roles, ["r1", "r2"]);
    assert_eq!(
        (person.extension.as_deref(), person.work_number()),
        (Some("133"), Some("+1"))
    );
    assert_eq!(
        person.phone_numbers[1].kind,
        Some(PhoneNumberKind::Other("pager".into()))
    );
    assert_eq!(person.status, Some(PersonStatus::Other("juggling".into())));
    assert_eq!(
        (person.invite_pending, person.login_enabled),
        (Some(true), Some(false))
    );
    assert!(pages[0].items[1].licences.is_empty());
    let seen = &server.seen()[0];
    for (name, value) in [
        ("callingData", "true"),
        ("locationId", "loc"),
        ("orgId", "org"),
        ("displayName", "A & B"),
        ("max", "50"),
        ("excludeStatus", "true"),
    ] {
        assert_eq!(seen.parameter(name), Some(value), "{name}");
    }
}

#[tokio::test]
async fn ids_are_asked_for_in_portions() {
    let server = Server::start(|seen, _| {
        let ids: Vec<_> = seen
            .parameter("id")
            .unwrap_or_default()
            .split(',')
            .map(|id| json!({"id": id}))
            .collect();
        json(200, json!({ "items": ids }))
    })
    .await;
    let (webex, _) = server.client();
    let ids: Vec<String> = (0..200).map(|number| format!("id{number}")).collect();
    let query = PeopleQuery {
        ids: ids.clone(),
        ..PeopleQuery::default()
    };
    let pages: Vec<Page<Person>> = webex.people(query).try_collect().await.unwrap();
    let got: Vec<String> = pages
        .into_iter()
        .flat_map(|page| page.items)
        .map(|person| person.id)
        .collect();
    assert_eq!(got, ids);
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn numbers_bring_counts_and_odd_owners() {
    let server = Server::start(|_, _| {
        json(
            200,
            json!({"count": {"assigned": 7, "unAssigned": "3", "total": 10}, "phoneNumbers": [
            {"phoneNumber": "+1", "state": "ACTIVE", "phoneNumberType": "PRIMARY", "isServiceNumber": false,
             "location": {"id": "l", "name": "L"}, "owner": {"id": "o", "type": "GROUP_PAGING"}},
            {"phoneNumber": "", "extension": "101", "esn": "8101", "owner": {"type": "ROBOT"}}]}),
        )
    })
    .await;
    let (webex, _) = server.client();
    let query = NumbersQuery {
        details: true,
        available: Some(true),
        owner_type: Some(OwnerType::GroupPaging),
        ..NumbersQuery::default()
    };
    let pages: Vec<Page<Number>> = webex.numbers(query).try_collect().await.unwrap();
    let counts = pages[0].counts().unwrap();
    assert_eq!(
        (counts.assigned, counts.un_assigned, counts.total, counts.elin),
        (Some(7), Some(3), Some(10), None)
    );
    let [first, second] = pages[0].items.as_slice() else {
        panic!("two numbers")
    };
    assert_eq!(
        first.owner.as_ref().and_then(|owner| owner.kind.clone()),
        Some(OwnerType::GroupPaging)
    );
    assert_eq!(
        (second.phone_number.as_deref(), second.extension.as_deref()),
        (None, Some("101"))
    );
    assert_eq!(
        second.owner.as_ref().and_then(|owner| owner.kind.clone()),
        Some(OwnerType::Other("ROBOT".into()))
    );
    let seen = &server.seen()[0];
    assert_eq!(seen.path, "/v1/telephony/config/numbers");
    assert_eq!(
        (seen.parameter("ownerType"), seen.parameter("available")),
        (Some("PAGING_GROUP"), Some("true"))
    );
    assert_eq!(
        (seen.parameter("max"), seen.parameter("details")),
        (Some("2000"), Some("true"))
    );
    let counts = webex.number_counts(NumbersQuery::default()).await.unwrap();
    assert_eq!(counts.total, Some(10));
}

#[tokio::test]
async fn licences_may_share_a_name_and_lag() {
    let server = Server::start(|seen, _| match seen.path.as_str() {
        "/v1/licenses" => json(200, json!({"items": [
            {"id": "1", "name": "Webex Calling - Professional", "totalUnits": 10, "consumedUnits": "4", "subscriptionId": "S1"},
            {"id": "2", "name": "Webex Calling - Professional", "totalUnits": -1}]})),
        _ => json(200, json!({"id": "1", "users": [{"id": "u", "type": "INTERNAL", "displayName": "U"}, {"id": "v", "type": "ALIEN"}]})),
    })
    .await;
    let (webex, _) = server.client();
    let licences = webex.licences(Some("org")).await.unwrap();
    assert_eq!(
        (licences[0].consumed_units, licences[1].total_units),
        (Some(4), Some(-1))
    );
    assert_eq!(server.seen()[0].parameter("orgId"), Some("org"));
    let holders: Vec<LicenceHolder> = webex
        .licence_holders("1")
        .map_ok(|page| page.items)
        .try_concat()
        .await
        .unwrap();
    assert_eq!(holders[1].kind, Some(LicenceHolderKind::Other("ALIEN".into())));
    assert_eq!(server.seen()[1].parameter("includeAssignedTo"), Some("user"));
    let nobody = webex
        .licence_holders("")
        .try_collect::<Vec<_>>()
        .await
        .unwrap_err();
    assert_eq!(nobody.kind(), &ErrorKind::Config);
}

#[tokio::test]
async fn extensions_are_judged_in_the_order_asked() {
    let server = Server::start(|seen, _| {
        let asked = seen.json()["extensions"].as_array().cloned().unwrap_or_default();
        let states: Vec<_> = asked
            .iter()
            .map(|extension| match extension.as_str() {
                Some("9111") => {
                    json!({"extension": "911", "state": "INVALID", "errorCode": 4911, "message": "emergency"})
                }
                Some("102") => json!({"extension": "102", "state": "DUPLICATE"}),
                _ => json!({"extension": extension, "state": "VALID"}),
            })
            .collect();
        json(200, json!({"status": "ERRORS", "extensionStatus": states}))
    })
    .await;
    let (webex, _) = server.client();
    let mut asked: Vec<String> = (1000..1150).map(|number| number.to_string()).collect();
    asked.extend(["102".to_owned(), "9111".to_owned()]);
    let check = webex.validate_extensions("loc/1", &asked).await.unwrap();
    assert_eq!(check.extensions.len(), 152);
    assert_eq!(check.extensions[0].state, Some(ExtensionState::Valid));
    let last = &check.extensions[151];
    assert_eq!(
        (last.asked.as_str(), last.echoed.as_deref()),
        ("9111", Some("911"))
    );
    assert_eq!(
        (last.state.clone(), last.error_code.as_deref()),
        (Some(ExtensionState::Invalid), Some("4911"))
    );
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(
        seen[0].path,
        "/v1/telephony/config/locations/loc%2F1/actions/validateExtensions/invoke"
    );
}

#[tokio::test]
async fn numbers_are_judged_in_tens() {
    let server = Server::start(|seen, _| {
        let asked = seen.json()["phoneNumbers"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let states: Vec<_> = asked
            .iter()
            .map(|number| {
                json!({"number": number, "state": "Unavailable", "tollFreeNumber": false,
                                 "detail": ["[Error 8361] DN is unavailable"]})
            })
            .collect();
        json(200, json!({"status": "ERRORS", "numbers": states}))
    })
    .await;
    let (webex, _) = server.client();
    let asked: Vec<String> = (0..11).map(|number| format!("+1555000{number:04}")).collect();
    let check = webex.validate_numbers(&asked).await.unwrap();
    assert_eq!((check.numbers.len(), server.seen().len()), (11, 2));
    assert_eq!(check.numbers[10].asked, "+15550000010");
    assert_eq!(check.numbers[10].state, Some(NumberCheckState::Unavailable));
}

#[tokio::test]
async fn an_organisation_is_found_by_its_plain_id() {
    let uuid = "0a7e2f0c-3d3f-4b7a-9c62-5d6f6f0a1b2c";
    let internal = WebexId::encode("us", "ORGANIZATION", uuid);
    let answered = internal.clone();
    let server = Server::start(move |_, _| json(200, json!({"id": answered, "displayName": "Acme"}))).await;
    let (webex, _) = server.client();
    let organisation = webex.organisation(uuid).await.unwrap();
    assert_eq!(organisation.id, internal);
    assert!(same_object(&organisation.id, uuid));
    assert_eq!(server.seen()[0].path, format!("/v1/organizations/{uuid}"));
}
