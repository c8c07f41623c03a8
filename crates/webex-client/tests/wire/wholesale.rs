//! Wholesale customers: paging by offset, and a change that is sent once.

use futures::TryStreamExt as _;
use serde_json::json;
use webex_client::*;

use crate::server::{Server, answer};

fn change() -> WholesaleChange {
    WholesaleChange {
        external_id: Some("X-1".into()),
        packages: vec!["webex_suite".into()],
        address: None,
    }
}

#[tokio::test]
async fn a_change_is_sent_once_unless_it_was_certainly_not_processed() {
    for (status, retry_after, sent) in [
        (502, None, 1),
        (503, Some("0"), 1),
        (423, None, 1),
        (429, Some("0"), 2),
    ] {
        let server = Server::start(move |_, at| {
            let headers: Vec<(&str, &str)> = retry_after
                .map(|text| ("retry-after", text))
                .into_iter()
                .collect();
            match at {
                0 => answer(status, &headers, r#"{"message":"no"}"#),
                _ => answer(202, &[], r#"{"url":"u"}"#),
            }
        })
        .await;
        let (webex, _) = server.client();
        let outcome = webex.update_wholesale_customer("c1", &change()).await;
        let seen = server.seen();
        assert_eq!(seen.len(), sent, "{status}");
        assert_eq!(outcome.is_ok(), sent == 2, "{status}");
        assert_eq!(
            (seen[0].method.as_str(), seen[0].path.as_str()),
            ("PUT", "/v1/wholesale/customers/c1")
        );
        assert_eq!(
            seen[0].json(),
            json!({ "externalId": "X-1", "packages": ["webex_suite"] })
        );
    }
    let server = Server::start(|_, _| answer(202, &[], "{}")).await;
    let (webex, _) = server.client();
    let error = webex.update_wholesale_customer(" ", &change()).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Config, "no id would mean the list");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn customers_are_read_to_the_end_with_and_without_links() {
    let page = |ids: [&str; 2]| json!({ "items": ids.map(|id| json!({ "id": id })) }).to_string();
    // The first link has lost the statuses; the second page has none and is not full.
    let server = Server::start(move |_, at| match at {
        0 => answer(
            200,
            &[(
                "link",
                "</v1/wholesale/customers?offset=2&max=null>; rel=\"next\"",
            )],
            page(["a", "b"]),
        ),
        _ => answer(200, &[], r#"{"items":[{"id":"c"}]}"#),
    })
    .await;
    let (webex, _) = server.client();
    let asked = WholesaleCustomersQuery {
        statuses: vec![CustomerStatus::Error, CustomerStatus::Other("new".into())],
        max: Some(2),
        ..WholesaleCustomersQuery::default()
    };
    let all: Vec<WholesaleCustomer> = webex
        .wholesale_customers(asked)
        .map_ok(|page| page.items)
        .try_concat()
        .await
        .unwrap();
    assert_eq!(
        all.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(),
        ["a", "b", "c"]
    );
    let seen = server.seen();
    let query = |at: usize| -> Vec<(&str, &str)> {
        seen[at]
            .query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    };
    assert_eq!(
        query(0),
        [
            ("status", "error"),
            ("status", "new"),
            ("offset", "0"),
            ("max", "2")
        ]
    );
    assert_eq!(
        query(1),
        [
            ("offset", "2"),
            ("status", "error"),
            ("status", "new"),
            ("max", "2")
        ]
    );

    // No links at all: the offset moves on until a page is not full.
    let server = Server::start(move |seen, _| {
        let second = seen.parameter("offset") == Some("2");
        answer(
            200,
            &[],
            if second {
                json!({ "items": [] }).to_string()
            } else {
                page(["a", "b"])
            },
        )
    })
    .await;
    let (webex, _) = server.client();
    let asked = WholesaleCustomersQuery {
        max: Some(2),
        ..WholesaleCustomersQuery::default()
    };
    let pages: Vec<_> = webex.wholesale_customers(asked).try_collect().await.unwrap();
    assert_eq!((pages.len(), server.seen().len()), (1, 2));
}

#[tokio::test]
async fn a_check_tells_why_not() {
    let server = Server::start(|_, at| match at {
        0 => answer(
            200,
            &[],
            r#"{"message":"success","info":[{"infoCode":100,"description":"fine"}]}"#,
        ),
        _ => answer(
            400,
            &[],
            r#"{"message":"Bad Request","errors":[{"errorCode":10046,"description":"not so"}]}"#,
        ),
    })
    .await;
    let (webex, _) = server.client();
    let check = WholesaleCheck {
        org_id: None,
        external_id: None,
        packages: vec!["webex_suite".into()],
        address: None,
    };
    let verdict = webex.check_wholesale_customer(&check).await.unwrap();
    assert_eq!(verdict.info[0].description.as_deref(), Some("fine"));
    let error = webex.check_wholesale_customer(&check).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.webex_code()),
        (&ErrorKind::Refused, Some("10046"))
    );
}
