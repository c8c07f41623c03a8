//! The main job, from the first start to the saved report: consent in a browser, a file with mistakes, fixes, plan, run,
//! a kill half way, resume, report by the native dialog. At the end the simulated Webex tells what was really done.

use crate::Result;
use crate::app::{Home, answer_file_dialog, wait_for, wait_within};
use crate::order::{ByHand, FIXED_AT_ONCE, Order, PLANTED, writes};
use crate::organisation::{COPYING, add_organisation, connect, copied};
use crate::page::Page;
use serde_json::json;
use std::time::Duration;
use webex_sandbox::{Config, Effect, Fault, Seed, When};

/// Rows of the file; `PATCHBAY_TEST_SIZE=full` is what the specification allows at most.
fn rows() -> usize {
    if std::env::var("PATCHBAY_TEST_SIZE").is_ok_and(|size| size == "full") {
        15_000
    } else {
        600
    }
}

/// How long it may take to run all rows: bounded, generous.
fn patience() -> Duration {
    COPYING + Duration::from_secs(rows() as u64 / 10)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_when_patchbay_is_killed_half_way() -> Result<()> {
    let sandbox = webex_sandbox::start(Config {
        seed: Seed::Large,
        ..Config::default()
    })
    .await?;
    if rows() < 1_000 {
        // A short run is slowed down, so that the kill falls into it on any machine, and on answers under way.
        let late = Effect::Delay {
            millis: 400,
            when: When::After,
        };
        sandbox.add_fault(Fault::on_assignment(late).times(None));
    }
    let home = Home::new()?;
    let order = Order::of(&sandbox, rows());
    let file = home.path("wave 1.csv");
    std::fs::write(&file, &order.csv)?;

    let page = home.open().await?;
    page.says("Connect your first Webex organisation").await?;
    page.picture("1-first-run").await?;
    add_organisation(&page, &sandbox, false).await?;
    connect(&page, &home, &sandbox).await?;
    page.picture("2-organisation").await?;
    copied(&page).await?;

    create_template(&page, &order).await?;
    page.press("button", "Choose files").await?;
    answer_file_dialog("Choose CSV files", &file).await?;
    page.find("button", "Remove wave 1.csv from the template").await?;
    page.picture("3-upload").await?;
    page.press("button", "Next").await?;
    check_and_fix(&page, &order).await?;

    page.press("button", "Plan").await?;
    page.find("heading", "wave 1").await?;
    page.find("button", "Start assignment").await?;
    page.picture("5-plan").await?;
    page.press("button", "Start assignment").await?;

    wait_within(patience(), "half of the rows", || {
        (writes(&sandbox).len() >= rows() / 2).then_some(())
    })
    .await?;
    page.picture("6-run").await?;
    page.kill().await?;
    let before = writes(&sandbox).len();
    assert!(before < rows(), "the run was over before the kill: {before}");

    let page = home.open().await?;
    page.press("link", "Bulk assignment").await?;
    page.press("button", "Report of wave 1").await?;
    page.says("Patchbay ended while this ran.").await?;
    page.picture("7-interrupted").await?;
    page.press("button", "Resume").await?;
    page.says_within("The run has ended.", patience()).await?;
    page.press("button", "Open report").await?;
    page.press("button", "Export report").await?;
    page.press("menuitem", "~For re-import").await?;
    let report = home.path("report (wave 1).csv");
    answer_file_dialog("Export report", &report).await?;
    let text = wait_for("the report", || {
        std::fs::read_to_string(&report)
            .ok()
            .filter(|text| text.ends_with('\n'))
    })
    .await?;
    page.picture("8-report").await?;
    page.close().await?;

    assert_eq!(text.lines().count(), rows() + 1);
    let assigned = text
        .lines()
        .filter(|line| line.contains(",assigned,") || line.contains(",already_assigned,"))
        .count();
    assert_eq!(
        assigned,
        rows(),
        "{}",
        text.lines()
            .filter(|line| !line.contains("assigned,"))
            .take(5)
            .collect::<Vec<_>>()
            .join("\n")
    );
    order.is_carried_out(&sandbox);
    sandbox.stop().await;
    Ok(())
}

async fn create_template(page: &Page, order: &Order) -> Result<()> {
    page.press("link", "Bulk assignment").await?;
    page.press("button", "Create").await?;
    page.fill("Name", "wave 1").await?;
    page.find("option", &order.location).await?;
    page.find("combobox", "Location")
        .await?
        .select_by_label(&order.location)
        .await?;
    page.find("option", &order.licence).await?;
    page.find("combobox", "~Calling licence")
        .await?
        .select_by_label(&order.licence)
        .await?;
    page.settle().await
}

/// The mistakes that block the plan are shown; what one press fixes is fixed so, the rest is typed into the cells.
async fn check_and_fix(page: &Page, order: &Order) -> Result<()> {
    page.says(&format!("{PLANTED} errors to fix before the plan"))
        .await?;
    page.picture("4-check").await?;
    page.press("button", "Unwrap values").await?;
    page.says(&format!("Fixed {FIXED_AT_ONCE} cells")).await?;
    for mistake in &order.by_hand {
        put_right(page, mistake).await?;
    }
    page.picture("4-fixed").await?;
    page.find("button", "Plan").await.map(drop)
}

/// Types the right value into a cell of the grid, which shows the rows with problems.
async fn put_right(page: &Page, mistake: &ByHand) -> Result<()> {
    let ByHand { row, column, right } = mistake;
    let shown = json!([row.to_string(), column]);
    let cell = page.wait_for_element(CELL, &shown).await?;
    cell.click().await?;
    page.holds("document.activeElement?.matches('tbody [data-column]')")
        .await?;
    page.keys(ENTER).await?;
    page.find("textbox", &format!("{column}, row {row}")).await?;
    // What the cell held is selected when its editor opens.
    page.keys(if right.is_empty() { DELETE } else { right }).await?;
    page.holds(&format!("document.activeElement?.value === {right:?}"))
        .await?;
    page.keys(ENTER).await?;
    page.wait_for_none(CELL, &shown).await
}

const ENTER: &str = "\u{E007}";
const DELETE: &str = "\u{E017}";

/// The cell of a row and a column's title in the grid, while the row is shown there.
const CELL: &str = "const [row, title] = arguments[0];
    const column = [...document.querySelectorAll('[role=grid] thead th')].findIndex((head) => head.textContent.trim() === title);
    for (const line of document.querySelectorAll('[role=grid] tbody tr')) {
      const number = line.querySelector('th')?.textContent.replace(/\\D/g, '');
      if (number === row) return line.children[column] ?? null;
    }
    return null";
