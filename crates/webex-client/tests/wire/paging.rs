//! Lists with every quirk of a next link.

use axum::response::Response;
use futures::{StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};
use webex_client::*;

use crate::server::{Server, answer};

fn page(items: Value, link: Option<&str>) -> Response {
    let body = json!({ "items": items }).to_string();
    match link {
        Some(link) => answer(200, &[("link", &format!("<{link}>; rel=\"next\""))], body),
        None => answer(200, &[], body),
    }
}

fn query() -> Query {
    vec![("callingData", "true".to_owned()), ("max", "2".to_owned())]
}

async fn all(webex: &Webex) -> Result<Vec<Value>, Error> {
    let pages: Pages<Value> = webex.list(&["people"], &query(), PageStyle::Link, "items");
    pages
        .try_fold(Vec::new(), async |mut all, page| {
            all.extend(page.items);
            Ok(all)
        })
        .await
}

#[tokio::test]
async fn links_are_followed_with_the_filters_they_lose() {
    let server = Server::start(|seen, _| match seen.parameter("cursor") {
        None => page(json!([1, 2]), Some("/v1/people?cursor=b&max=null")),
        Some("b") => page(json!([3, 4]), Some("http://localhost:1/v1/people?cursor=c")),
        _ => page(json!([5]), None),
    })
    .await;
    let (webex, _) = server.client();
    assert_eq!(all(&webex).await.unwrap(), [1, 2, 3, 4, 5]);
    for seen in server.seen() {
        assert_eq!(
            (seen.parameter("callingData"), seen.parameter("max")),
            (Some("true"), Some("2"))
        );
    }
}

#[tokio::test]
async fn an_empty_page_ends_the_list() {
    let server = Server::start(|_, number| {
        let items = if number == 0 { json!([1]) } else { json!([]) };
        page(items, Some(&format!("/v1/people?cursor={number}")))
    })
    .await;
    let (webex, _) = server.client();
    assert_eq!(all(&webex).await.unwrap(), [1]);
    assert_eq!(server.seen().len(), 2);
    let none = Server::start(|_, _| page(json!([]), Some("/v1/people?cursor=1"))).await;
    let (webex, _) = none.client();
    assert!(all(&webex).await.unwrap().is_empty());
    assert_eq!(none.seen().len(), 1);
}

#[tokio::test]
async fn a_repeated_page_is_read_once() {
    let for_ever =
        Server::start(|_, number| page(json!([1]), Some(&format!("/v1/people?cursor={number}")))).await;
    let (webex, _) = for_ever.client();
    assert_eq!(all(&webex).await.unwrap(), [1]);
    let itself = Server::start(|_, number| page(json!([number]), Some("/v1/people?cursor=a"))).await;
    let (webex, _) = itself.client();
    assert_eq!(all(&webex).await.unwrap(), [0, 1]);
    let in_between = Server::start(|_, number| {
        let items = [json!([1]), json!([2]), json!([2]), json!([3])][number].clone();
        page(
            items,
            (number < 3)
                .then(|| format!("/v1/people?cursor={number}"))
                .as_deref(),
        )
    })
    .await;
    let (webex, _) = in_between.client();
    assert_eq!(all(&webex).await.unwrap(), [1, 2, 3]);
}

#[tokio::test]
async fn a_list_that_goes_in_circles_is_incomplete() {
    let circle = Server::start(|_, number| {
        let next = if number % 2 == 0 { "b" } else { "a" };
        page(json!([number]), Some(&format!("/v1/people?cursor={next}")))
    })
    .await;
    let (webex, _) = circle.client();
    let error = all(&webex).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Incomplete);
    assert!(error.message().contains("3 entries on 3 pages"), "{error}");
}

#[tokio::test]
async fn the_token_does_not_follow_a_link_elsewhere() {
    let server =
        Server::start(|_, _| page(json!([1]), Some("https://evil.example/v1/people?cursor=b"))).await;
    let (webex, _) = server.client();
    let error = all(&webex).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::ForeignLink);
    assert!(error.message().contains("evil.example"));
}

#[tokio::test]
async fn a_page_too_large_for_a_gateway_is_halved() {
    let server = Server::start(|seen, _| {
        let max: u32 = seen
            .parameter("max")
            .and_then(|max| max.parse().ok())
            .unwrap_or(0);
        if max > 25 {
            return answer(504, &[], "reduce max");
        }
        match seen.parameter("cursor") {
            None => page(json!([max]), Some("/v1/people?cursor=b")),
            _ => page(json!([max + 100]), None),
        }
    })
    .await;
    let (webex, _) = server.client();
    let people = webex.list::<Value>(
        &["people"],
        &vec![("max", "100".to_owned())],
        PageStyle::Link,
        "items",
    );
    let sizes: Vec<Value> = people.map_ok(|page| page.items).try_concat().await.unwrap();
    assert_eq!(sizes, [25, 125]);
}

#[tokio::test]
async fn a_wrong_shape_is_said_with_its_place() {
    for (body, says) in [
        ("[]x", "could not be read"),
        (r#"{"people":[]}"#, "no list \"items\""),
        (r#"{"items":{}}"#, "no list \"items\""),
        (r#"{"items":[{"id":"a"},{"id":[]}]}"#, "entry 2 of items"),
    ] {
        let server = Server::start(move |_, _| answer(200, &[], body)).await;
        let (webex, _) = server.client();
        let error = webex
            .people(PeopleQuery::default())
            .try_collect::<Vec<_>>()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::UnexpectedAnswer);
        assert!(error.message().contains(says), "{body}: {error}");
    }
}

#[tokio::test]
async fn offsets_scim_and_contact_center_are_counted_on() {
    let server = Server::start(|seen, _| {
        let number = |name: &str| seen.parameter(name).and_then(|text| text.parse::<usize>().ok());
        let body = match seen.path.as_str() {
            "/v1/wholesale/customers" => {
                let from = number("offset").unwrap_or(0);
                json!({"items": (from..5.min(from + 2)).collect::<Vec<_>>()})
            }
            "/v1/scim" => {
                let from = number("startIndex").unwrap_or(1);
                json!({"totalResults": 5, "Resources": (from..6.min(from + 2)).collect::<Vec<_>>()})
            }
            _ => {
                let from = number("page").unwrap_or(0);
                json!({"meta": {"totalPages": 3}, "data": [from]})
            }
        };
        answer(200, &[], body.to_string())
    })
    .await;
    let (webex, _) = server.client();
    for (path, size, style, key, expected) in [
        (
            &["wholesale", "customers"][..],
            "max",
            PageStyle::Offset,
            "items",
            vec![0, 1, 2, 3, 4],
        ),
        (
            &["scim"],
            "count",
            PageStyle::Scim,
            "Resources",
            vec![1, 2, 3, 4, 5],
        ),
        (
            &["user"],
            "pageSize",
            PageStyle::ContactCenter,
            "data",
            vec![0, 1, 2],
        ),
    ] {
        let pages = webex.list::<u32>(path, &vec![(size, "2".to_owned())], style, key);
        let items = pages.map_ok(|page| page.items).try_concat().await.unwrap();
        assert_eq!(items, expected, "{path:?}");
    }
}

#[tokio::test]
async fn a_list_may_be_left_at_any_page() {
    let server =
        Server::start(|_, number| page(json!([number]), Some(&format!("/v1/people?cursor={number}")))).await;
    let (webex, _) = server.client();
    let pages: Pages<Value> = webex.list(&["people"], &query(), PageStyle::Link, "items");
    let first: Vec<_> = pages.take(3).collect().await;
    assert!(first.iter().all(Result::is_ok));
    assert_eq!(server.seen().len(), 3);
    assert_eq!(webex.gate().snapshot().in_flight, 0);
}
