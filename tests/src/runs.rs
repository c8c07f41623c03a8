//! Planning, starting and waiting for runs.

use crate::cloud::every_assignment;
use crate::templates::{FileRow, Gifts};
use crate::world::World;
use serde_json::{Value, json};
use webex_sandbox::{Effect, When};

impl World {
    pub async fn plan(&self, template: &str) -> Value {
        self.call("bulkAssignments.plan", json!({ "template": template }))
            .await
    }

    /// Starts `template` by the plan of now, without copying everything again; the run's id.
    pub async fn start(&self, template: &str) -> String {
        let plan = self.plan(template).await;
        let request = json!({ "template": template, "plan": plan["hash"], "checkedLive": true });
        let started = self.call("bulkAssignments.start", request).await;
        self.run_of(started["transaction"].as_str().unwrap()).await
    }

    /// The run a transaction started.
    pub async fn run_of(&self, transaction: &str) -> String {
        self.until("the run", async || {
            let transaction = self
                .call("transactions.get", json!({ "transaction": transaction }))
                .await;
            assert_ne!(transaction["state"], "failed", "{transaction:#}");
            Some(transaction["run"].as_str()?.to_owned())
        })
        .await
    }

    /// Starts a template of `rows`; the run's id.
    pub async fn start_rows(&self, rows: &[FileRow]) -> String {
        let template = self.template(rows, &Gifts::default()).await;
        self.start(&template).await
    }

    pub async fn progress(&self, run: &str) -> Value {
        self.call("runs.get", json!({ "run": run })).await
    }

    /// Waits until the run does not work any more: ended or paused.
    pub async fn over(&self, run: &str) -> Value {
        self.until("the end of the run", async || {
            let progress = self.progress(run).await;
            (progress["state"] != "running" && !self.is_held(run).await).then_some(progress)
        })
        .await
    }

    /// Between the last word of a run and the release of its lock nothing can be begun.
    async fn is_held(&self, run: &str) -> bool {
        let path = self.folder.path().join("runs").join(format!("{run}.lock"));
        match std::fs::File::open(path) {
            Ok(file) => file.try_lock_shared().is_err(),
            Err(_) => false,
        }
    }

    /// Waits until the run has come to its end.
    pub async fn completed(&self, run: &str) -> Value {
        let progress = self.over(run).await;
        assert_eq!(progress["state"], "completed", "{progress:#}");
        progress
    }

    /// Waits until the run has paused for `reason`.
    pub async fn paused(&self, run: &str, reason: &str) -> Value {
        let progress = self.over(run).await;
        assert_eq!(
            (&progress["state"], &progress["hold"]["reason"]),
            (&json!("paused"), &json!(reason)),
            "{progress:#}"
        );
        progress
    }

    /// Waits until the run has paused for `reason` without having burnt a row.
    pub async fn paused_unharmed(&self, run: &str, reason: &str) -> Value {
        let progress = self.paused(run, reason).await;
        assert_eq!(
            (&progress["failed"], &progress["unknown"]),
            (&json!(0), &json!(0)),
            "{progress:#}"
        );
        progress
    }

    /// Waits until a running run shows a wait for `reason`.
    pub async fn waits(&self, run: &str, reason: &str) -> Value {
        self.until("the wait", async || {
            let progress = self.progress(run).await;
            assert_ne!(progress["state"], "completed", "{progress:#}");
            (progress["hold"]["reason"] == reason).then_some(progress)
        })
        .await
    }

    pub async fn resume(&self, run: &str) {
        self.call("runs.resume", json!({ "run": run })).await;
    }

    /// Starts `rows` rows with answers slow enough that some are on their way at any moment, and waits until some are done.
    pub async fn under_way(&self, rows: usize) -> String {
        self.sandbox.add_fault(every_assignment(Effect::Delay {
            millis: 250,
            when: When::After,
        }));
        let run = self.start_rows(&self.rows(rows)).await;
        self.until("the first rows", async || {
            (self.progress(&run).await["assigned"].as_u64().unwrap() >= 3).then_some(())
        })
        .await;
        run
    }
}
