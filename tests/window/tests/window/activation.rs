//! The page an administrator leaves open all day: who has not begun, in the order of their extensions, one asked about anew,
//! and the view saved by the native dialog. The file must say what the window showed.

use crate::Result;
use crate::app::{Home, answer_file_dialog, wait_for};
use crate::organisation::{add_organisation, connect, copied};
use crate::page::Page;
use serde_json::{Value, json};
use webex_sandbox::{Config, SubscriberChange};

const STATE: &str = "pending_email_input";

#[tokio::test(flavor = "multi_thread")]
async fn the_saved_file_equals_the_view() -> Result<()> {
    let sandbox = webex_sandbox::start(Config::default()).await?;
    let home = Home::new()?;
    let page = home.open().await?;
    page.says("Connect your first Webex organisation").await?;
    add_organisation(&page, &sandbox, true).await?;
    connect(&page, &home, &sandbox).await?;
    let organisation = copied(&page).await?;

    page.press("link", "~Activation").await?;
    page.find("combobox", "Filter Webex Email Validation")
        .await?
        .select_by_label("Pending Email Input")
        .await?;
    let head = page.find("button", "~Ext").await?;
    head.click().await?;
    page.holds("document.querySelector('[role=grid] [aria-sort=ascending]')?.textContent.includes('Ext')")
        .await?;
    let waiting = sandbox
        .subscribers()
        .iter()
        .filter(|one| one.status == STATE)
        .count();
    assert!(waiting > 2, "{waiting}");
    rows_are(&page, waiting).await?;
    page.picture("activation-1-filtered").await?;

    let chosen = shown(&page, &organisation).await?;
    let user = &chosen[0];
    let (first, last) = (text(user, "firstName"), text(user, "lastName"));
    let moved = SubscriberChange {
        status: Some("pending_email_validation".to_owned()),
        email: Some(Some("somebody@northgate.example".to_owned())),
        ..SubscriberChange::default()
    };
    assert!(sandbox.change_subscriber(&text(user, "serviceId"), &moved));
    page.press("button", &format!("Refresh Status of {first} {last}"))
        .await?;
    // Whoever has begun is not in this view any more.
    rows_are(&page, waiting - 1).await?;
    let left = shown(&page, &organisation).await?;
    assert!(left.iter().all(|one| one["key"] != user["key"]));

    page.press("button", "~Export").await?;
    page.press("menuitem", "~For another program").await?;
    let file = home.path("not begun.csv");
    answer_file_dialog("Export activation", &file).await?;
    let saved = wait_for("the export", || {
        std::fs::read_to_string(&file)
            .ok()
            .filter(|text| text.ends_with('\n'))
    })
    .await?;
    page.picture("activation-2-exported").await?;
    let columns = [
        ("Location", "location"),
        ("Webex License", "licence"),
        ("Service Type", "serviceType"),
        ("Service ID", "serviceId"),
        ("Ext", "extension"),
        ("First Name", "firstName"),
        ("Last Name", "lastName"),
        ("Email", "email"),
    ];
    let mut reader = csv::Reader::from_reader(saved.trim_start_matches('\u{feff}').as_bytes());
    let heads = reader.headers()?.clone();
    for ((name, _), head) in columns.iter().zip(&heads) {
        assert_eq!(*name, head);
    }
    assert_eq!(heads.iter().next_back(), Some("Webex Email Validation"));
    let lines = reader.records().collect::<std::result::Result<Vec<_>, _>>()?;
    assert_eq!(lines.len(), waiting - 1);
    for (line, one) in lines.iter().zip(&left) {
        let expected: Vec<String> = columns.iter().map(|(_, field)| text(one, field)).collect();
        assert_eq!(line.iter().take(columns.len()).collect::<Vec<_>>(), expected);
        assert_eq!(line.iter().next_back(), Some("Pending Email Input"));
    }
    // In natural order: what is longer is more.
    let extensions: Vec<u64> = lines.iter().filter_map(|line| line[4].parse().ok()).collect();
    assert!(extensions.is_sorted(), "{extensions:?}");
    // And the window shows just this.
    let on_screen = page
        .client
        .execute(
            "return [...document.querySelectorAll('[role=grid] tbody tr')].slice(0, 5).map((row) =>
                [...row.children].map((cell) => cell.textContent.trim()))",
            vec![],
        )
        .await?;
    for (row, line) in on_screen.as_array().into_iter().flatten().zip(&lines) {
        for at in [0, 1, 4, 5, 6] {
            assert_eq!(row[at], line[at], "{row} is not {line:?}");
        }
    }
    page.close().await?;
    sandbox.stop().await;
    Ok(())
}

fn text(user: &Value, field: &str) -> String {
    user[field].as_str().unwrap_or_default().to_owned()
}

/// Waits until the grid has so many rows, its head and filter row aside.
async fn rows_are(page: &Page, rows: usize) -> Result<()> {
    page.holds(&format!(
        "document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') === '{}'",
        rows + 2
    ))
    .await
}

/// The users of the view, from the core.
async fn shown(page: &Page, organisation: &Value) -> Result<Vec<Value>> {
    let view = json!({ "state": STATE, "sort": [{ "column": "extension", "descending": false }] });
    let request = json!({ "organisation": organisation, "view": view, "offset": 0, "limit": 1000 });
    let window = page.rpc("activation.users", request).await?;
    Ok(window["users"].as_array().cloned().unwrap_or_default())
}
