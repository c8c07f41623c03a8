//! Subscribers: both lists to their end, and mails that are sent once.

use futures::TryStreamExt;
use serde_json::json;
use webex_client::*;

use crate::server::{Server, answer};

#[tokio::test]
async fn subscribers_of_broadworks_are_read_by_links() {
    let server = Server::start(|_, at| match at {
        0 => answer(
            200,
            &[("link", "</v1/broadworks/subscribers?cursor=x&max=100>; rel=\"next\"")],
            r#"{"items":[{"id":"a","status":"half_way","selfActivated":"true","lastStatusChange":1584547534000}]}"#,
        ),
        _ => answer(200, &[], r#"{"items":[{"id":"b","errors":[{"errorCode":10022,"description":"taken"}]}]}"#),
    })
    .await;
    let (webex, _) = server.client();
    let asked = BroadworksSubscribersQuery {
        statuses: vec![SubscriberStatus::Error, SubscriberStatus::Other("new".into())],
        ..BroadworksSubscribersQuery::default()
    };
    let all: Vec<BroadworksSubscriber> = webex
        .broadworks_subscribers(asked)
        .map_ok(|page| page.items)
        .try_concat()
        .await
        .unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].status, Some(SubscriberStatus::Other("half_way".into())));
    assert_eq!(all[0].self_activated, Some(true));
    assert_eq!(all[0].last_status_change.as_deref(), Some("2020-03-18T16:05:34Z"));
    assert_eq!(all[1].errors[0].error_code.as_deref(), Some("10022"));
    let seen = server.seen();
    assert_eq!(seen[0].path, "/v1/broadworks/subscribers");
    assert_eq!(
        seen[0].parameter("status"),
        Some("error,new"),
        "joined by a comma"
    );
    assert_eq!(
        seen[0].parameter("max"),
        Some("100"),
        "as many as the contract allows"
    );
}

#[tokio::test]
async fn subscribers_of_wholesale_are_read_by_offset_in_a_fixed_order() {
    let server = Server::start(|seen, _| {
        let page = match seen.parameter("offset") {
            Some("0") => json!({ "items": [{ "id": "a", "package": "webex_calling" }, { "id": "b", "packages": ["x"] }] }),
            _ => json!({ "items": [{ "id": "c" }] }),
        };
        answer(200, &[], page.to_string())
    })
    .await;
    let (webex, _) = server.client();
    let asked = WholesaleSubscribersQuery {
        max: Some(2),
        ..WholesaleSubscribersQuery::default()
    };
    let all: Vec<WholesaleSubscriber> = webex
        .wholesale_subscribers(asked)
        .map_ok(|page| page.items)
        .try_concat()
        .await
        .unwrap();
    assert_eq!(
        all.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(),
        ["a", "b", "c"]
    );
    for seen in server.seen() {
        assert_eq!(
            (seen.parameter("sortBy"), seen.parameter("sortOrder")),
            (Some("created"), Some("ASC"))
        );
    }
}

#[tokio::test]
async fn one_subscriber_is_read_by_its_id() {
    let server = Server::start(|_, _| answer(200, &[], r#"{"id":"a"}"#)).await;
    let (webex, _) = server.client();
    webex.broadworks_subscriber("a").await.unwrap();
    webex.wholesale_subscriber("a").await.unwrap();
    let paths: Vec<String> = server.seen().into_iter().map(|seen| seen.path).collect();
    assert_eq!(
        paths,
        ["/v1/broadworks/subscribers/a", "/v1/wholesale/subscribers/a"]
    );
    assert_eq!(
        *webex.broadworks_subscriber("..").await.unwrap_err().kind(),
        ErrorKind::Config,
        "no id would mean the list"
    );
}

#[tokio::test]
async fn a_mail_is_sent_once_unless_it_was_certainly_not_processed() {
    for (status, sent, fine) in [(204, 1, true), (502, 1, false), (503, 1, false), (429, 2, true)] {
        let server = Server::start(move |_, at| match at {
            0 => answer(status, &[("retry-after", "0")], ""),
            _ => answer(204, &[], ""),
        })
        .await;
        let (webex, _) = server.client();
        let outcome = webex.resend_consent_mail("s1").await;
        let seen = server.seen();
        assert_eq!((seen.len(), outcome.is_ok()), (sent, fine), "{status}");
        assert_eq!(
            (seen[0].method.as_str(), seen[0].path.as_str()),
            ("POST", "/v1/subscribers/s1/emails/consentMove")
        );
    }
}

#[tokio::test]
async fn the_job_of_activation_mails_is_begun_once_and_followed() {
    let job = |status: &str| {
        json!({
            "name": "resendinviteemail", "id": "j1", "trackingId": "NA_1", "latestExecutionStatus": status,
            "counts": { "userResendInviteSent": 2, "userResendInviteFailed": "1", "userResendInviteSkipped": 0, "totalUsers": 3 },
            "allowAdminInviteEmails": true,
        })
        .to_string()
    };
    let server = Server::start(move |seen, _| match seen.path.as_str() {
        "/v1/identity/organizations/o1/jobs/sendActivationEmails" => answer(202, &[], job("STARTED")),
        "/v1/identity/organizations/o1/jobs/sendActivationEmails/j1/status" => answer(200, &[], job("COMPLETED")),
        _ => answer(
            200,
            &[],
            r#"{"items":[{"itemNumber":1,"error":{"key":"304","message":[{"code":"ATLAS-600199","description":"mailed"}]}},
                {"itemNumber":2,"error":{"key":"500"}}]}"#,
        ),
    })
    .await;
    let (webex, _) = server.client();
    let begun = webex.send_activation_mails("o1").await.unwrap();
    assert_eq!((begun.id.as_str(), begun.is_over()), ("j1", false));
    let now = webex.activation_mails_status("o1", "j1").await.unwrap();
    assert!(now.is_over());
    assert_eq!(
        (now.counts.sent, now.counts.failed, now.counts.total),
        (Some(2), Some(1), Some(3))
    );
    let errors = webex.activation_mails_errors("o1", "j1", 500).await.unwrap();
    assert_eq!(errors.len(), 2);
    assert_eq!(errors[0].error.message[0].code.as_deref(), Some("ATLAS-600199"));

    let server = Server::start(|_, _| answer(503, &[], "")).await;
    let (webex, _) = server.client();
    webex.send_activation_mails("o1").await.unwrap_err();
    assert_eq!(server.seen().len(), 1, "nobody is mailed twice");
}
