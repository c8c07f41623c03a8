//! BroadWorks enterprises and their directory synchronisation: asked for once, with the time of Webex.

use futures::TryStreamExt as _;
use serde_json::json;
use webex_client::*;

use crate::server::{Server, answer};

const PATH: &str = "/v1/broadworks/enterprises/e1/broadworksDirectorySync";

#[tokio::test]
async fn a_synchronisation_is_asked_for_once_unless_it_was_certainly_not_processed() {
    for (status, sent) in [
        (500, 1),
        (502, 1),
        (503, 1),
        (423, 1),
        (409, 1),
        (429, 2),
        (401, 2),
    ] {
        let server = Server::start(move |_, at| match at {
            0 => answer(status, &[("retry-after", "0")], r#"{"message":"no"}"#),
            _ => answer(
                200,
                &[],
                r#"{"enableDirSync":true,"directorySyncStatus":{"syncStatus":"IN_PROGRESS"}}"#,
            ),
        })
        .await;
        let (webex, _) = server.client();
        let outcome = webex.trigger_directory_sync("e1").await;
        let seen = server.seen();
        assert_eq!(seen.len(), sent, "{status}");
        assert_eq!(outcome.is_ok(), sent == 2, "{status}");
        assert_eq!((seen[0].method.as_str(), seen[0].path.as_str()), ("POST", PATH));
        assert_eq!(seen[0].json(), json!({ "syncStatus": "SYNC_NOW" }));
        if let Ok(answer) = outcome {
            assert_eq!(
                answer.sync.directory_sync_status.unwrap().sync_status,
                Some(SyncStatus::InProgress)
            );
            let own = &seen[1].headers["trackingid"];
            assert_eq!(
                answer.tracking_id.as_ref(),
                Some(own),
                "ours where Webex tells none"
            );
        }
    }
    // Webex's page knows no body for it: a 2xx without one is a yes all the same.
    let server = Server::start(|_, _| answer(202, &[], "")).await;
    let (webex, _) = server.client();
    assert!(webex.trigger_directory_sync("e1").await.is_ok());
    // A sign-in page in the way is no acceptance.
    let server = Server::start(|_, _| answer(200, &[], "<html>sign in</html>")).await;
    let (webex, _) = server.client();
    let error = webex.trigger_directory_sync("e1").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.sent(), server.seen().len()),
        (&ErrorKind::UnexpectedAnswer, Sent::InDoubt, 1)
    );
    let error = webex.trigger_directory_sync(" ").await.unwrap_err();
    assert_eq!(
        *error.kind(),
        ErrorKind::Config,
        "no id would mean another address"
    );
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_status_comes_with_the_time_of_webex() {
    let body = r#"{"enableDirSync":true,"directorySyncStatus":{"lastSyncStartTime":"2021-03-23T16:09:06.527199Z",
        "lastSyncEndTime":"2021-03-23T17:21:41.532770Z","syncStatus":"COMPLETE","usersAdded":44,
        "lastSyncTrackingId":"NA_dde3a13a-bad7-4990-b155-9b4574e545b9"}}"#;
    for (date, told) in [
        (
            Some("Tue, 23 Mar 2021 18:00:00 GMT"),
            Some("2021-03-23T18:00:00Z"),
        ),
        (
            Some("Tue, 23 Mar 2021 19:00:00 +0100"),
            Some("2021-03-23T18:00:00Z"),
        ),
        (Some("noon"), None),
    ] {
        let server = Server::start(move |_, _| {
            let headers: Vec<(&str, &str)> = date.map(|date| ("date", date)).into_iter().collect();
            answer(200, &headers, body)
        })
        .await;
        let (webex, _) = server.client();
        let read = webex.directory_sync("e1").await.unwrap();
        assert_eq!(server.seen()[0].path, PATH);
        let status = read.sync.directory_sync_status.unwrap();
        assert_eq!(
            status.last_sync_end_time.unwrap().to_string(),
            "2021-03-23T17:21:41.53277Z"
        );
        assert_eq!(
            read.clocks.map(|clocks| clocks.webex.to_string()).as_deref(),
            told
        );
        if let Some(clocks) = read.clocks {
            assert!(clocks.ahead_seconds() < -3600 * 24 * 365, "this test is of later");
        }
    }
}

#[tokio::test]
async fn enabling_may_be_repeated() {
    let server = Server::start(|_, at| match at {
        0 => answer(503, &[("retry-after", "0")], "{}"),
        _ => answer(
            200,
            &[],
            r#"{"enableDirSync":true,"directorySyncStatus":{"syncStatus":"NOT_SYNCED"}}"#,
        ),
    })
    .await;
    let (webex, _) = server.client();
    let read = webex.enable_directory_sync("e1", true).await.unwrap();
    assert_eq!(read.sync.enable_dir_sync, Some(true));
    let seen = server.seen();
    assert_eq!(
        (seen.len(), seen[1].method.as_str(), seen[1].path.as_str()),
        (2, "PUT", PATH)
    );
    assert_eq!(seen[1].json(), json!({ "enableDirSync": true }));
}

#[tokio::test]
async fn enterprises_are_read_to_the_end() {
    let server = Server::start(|_, at| match at {
        0 => answer(
            200,
            &[
                ("link", "</v1/broadworks/enterprises?after=b>; rel=\"next\""),
                ("date", "Tue, 23 Mar 2021 18:00:00 GMT"),
            ],
            r#"{"items":[{"id":"a","spEnterpriseId":"SP1+a"},{"id":"b","broadworksDirectorySync":{"enableDirSync":false}}]}"#,
        ),
        _ => answer(200, &[], r#"{"items":[{"id":"c"}]}"#),
    })
    .await;
    let (webex, _) = server.client();
    let pages: Vec<_> = webex
        .enterprises(EnterprisesQuery {
            starts_with: Some("SP1+".into()),
            ..EnterprisesQuery::default()
        })
        .try_collect()
        .await
        .unwrap();
    let ids: Vec<&str> = pages
        .iter()
        .flat_map(|page| &page.items)
        .map(|enterprise| enterprise.id.as_str())
        .collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(
        pages[0].clocks.map(|clocks| clocks.webex.to_string()).as_deref(),
        Some("2021-03-23T18:00:00Z")
    );
    let seen = server.seen();
    assert_eq!(seen[0].path, "/v1/broadworks/enterprises");
    assert_eq!(
        seen[1].parameter("startsWith"),
        Some("SP1+"),
        "kept though the link lost it"
    );
    assert_eq!(seen[0].parameter("max"), Some("1000"));
}
