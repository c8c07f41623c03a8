//! A page under WebDriver: found by role and name, waited for by condition.

use crate::Result;
use fantoccini::elements::{Element, ElementRef};
use fantoccini::{Client, ClientBuilder};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::time::Instant;

/// How long a condition may take before the journey says what it saw instead.
pub const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(100);
const FIND: &str = include_str!("page.js");
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A WebKit driver with its session.
pub struct Page {
    pub client: Client,
    driver: Child,
}

impl Page {
    /// Starts a driver that starts `program`, or WebKit's own small browser.
    pub async fn open(program: Option<(&Path, &[String])>, environment: &[(&str, String)]) -> Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let driver = Command::new("WebKitWebDriver")
            .args([format!("--port={port}"), "--host=127.0.0.1".into()])
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let mut capabilities = serde_json::Map::new();
        if let Some((program, arguments)) = program {
            capabilities.insert(
                "webkitgtk:browserOptions".into(),
                json!({ "binary": program, "args": arguments }),
            );
        }
        let address = format!("http://127.0.0.1:{port}");
        let begun = Instant::now();
        loop {
            let http = hyper_util::client::legacy::connect::HttpConnector::new();
            match ClientBuilder::new(http)
                .capabilities(capabilities.clone())
                .connect(&address)
                .await
            {
                Ok(client) => return Ok(Self { client, driver }),
                Err(error) if begun.elapsed() > PATIENCE => {
                    return Err(format!("no WebDriver session: {error}").into());
                }
                Err(_) => tokio::time::sleep(LOOK_AGAIN).await,
            }
        }
    }

    /// Ends the session, then the driver: in the other order the program would be left over.
    pub async fn close(mut self) -> Result<()> {
        let children = children(self.driver_id()?);
        // The program may be gone already, and its session with it.
        drop(self.client.clone().close().await);
        ended(&children).await;
        self.driver.kill().await?;
        Ok(())
    }

    /// Kills the program as a crash would (SIGKILL), then ends the driver.
    pub async fn kill(mut self) -> Result<()> {
        let children = children(self.driver_id()?);
        for child in &children {
            Command::new("kill")
                .args(["-KILL", &child.to_string()])
                .status()
                .await?;
        }
        ended(&children).await;
        self.driver.kill().await?;
        Ok(())
    }

    fn driver_id(&self) -> Result<u32> {
        self.driver
            .id()
            .ok_or_else(|| "the driver ended by itself".into())
    }

    /// The element of `role` that is called `name` (`~name`: whose name holds it), as soon as it is there.
    pub async fn find(&self, role: &str, name: &str) -> Result<Element> {
        self.find_within(role, name, PATIENCE).await
    }

    pub async fn find_within(&self, role: &str, name: &str, patience: Duration) -> Result<Element> {
        let begun = Instant::now();
        loop {
            if let Some(element) = self.look(role, name).await? {
                return Ok(element);
            }
            if begun.elapsed() > patience {
                return Err(format!("no {role} {name:?} on this page:\n{}", self.text().await?).into());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// The same, but only if it is there now.
    pub async fn look(&self, role: &str, name: &str) -> Result<Option<Element>> {
        self.element(FIND, vec![json!(role), json!(name)]).await
    }

    /// The element that `script` returns for `given`, as soon as there is one.
    pub async fn wait_for_element(&self, script: &str, given: &Value) -> Result<Element> {
        let begun = Instant::now();
        loop {
            if let Some(element) = self.element(script, vec![given.clone()]).await? {
                return Ok(element);
            }
            if begun.elapsed() > PATIENCE {
                return Err(format!("nothing for {given} on this page:\n{}", self.text().await?).into());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Waits until `script` returns no element for `given` any more.
    pub async fn wait_for_none(&self, script: &str, given: &Value) -> Result<()> {
        let begun = Instant::now();
        while self.element(script, vec![given.clone()]).await?.is_some() {
            if begun.elapsed() > PATIENCE {
                return Err(format!("{given} is still on this page:\n{}", self.text().await?).into());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(())
    }

    async fn element(&self, script: &str, given: Vec<Value>) -> Result<Option<Element>> {
        let found = self.client.execute(script, given).await?;
        Ok(found[ELEMENT]
            .as_str()
            .map(|id| Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned()))))
    }

    /// Types into what has the focus.
    pub async fn keys(&self, keys: &str) -> Result<()> {
        self.client.active_element().await?.send_keys(keys).await?;
        self.settle().await
    }

    /// Presses the button, link or tab as soon as it is there.
    pub async fn press(&self, role: &str, name: &str) -> Result<()> {
        let element = self.find(role, name).await?;
        self.settle().await?;
        element.click().await?;
        self.settle().await
    }

    /// Replaces what is in the text field.
    pub async fn fill(&self, label: &str, text: &str) -> Result<()> {
        let field = self.find("textbox", label).await?;
        field.clear().await?;
        field.send_keys(text).await?;
        self.settle().await
    }

    /// Everything that can be read.
    pub async fn text(&self) -> Result<String> {
        let text = self
            .client
            .execute("return document.body ? document.body.innerText : ''", vec![])
            .await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the page says `words`.
    pub async fn says(&self, words: &str) -> Result<()> {
        self.says_within(words, PATIENCE).await
    }

    pub async fn says_within(&self, words: &str, patience: Duration) -> Result<()> {
        let begun = Instant::now();
        loop {
            let text = self.text().await?;
            if text.contains(words) {
                return Ok(());
            }
            if begun.elapsed() > patience {
                return Err(format!("the page does not say {words:?}:\n{text}").into());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Waits until `expression` is neither false, null nor undefined in the page.
    pub async fn holds(&self, expression: &str) -> Result<()> {
        let begun = Instant::now();
        let script = format!("return Boolean({expression})");
        while self.client.execute(&script, vec![]).await? != json!(true) {
            if begun.elapsed() > PATIENCE {
                return Err(format!("{expression} did not come true").into());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(())
    }

    /// Two frames, so that the screen shows what the document says.
    pub async fn settle(&self) -> Result<()> {
        let script = "const done = arguments[arguments.length - 1];
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)))";
        let begun = Instant::now();
        while let Err(error) = self.client.execute_async(script, vec![]).await {
            // A page that is just being left answers so; the next one settles.
            if !error.to_string().contains("unload") || begun.elapsed() > PATIENCE {
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// Keeps a picture where `PATCHBAY_SCREENSHOTS` says.
    pub async fn picture(&self, name: &str) -> Result<()> {
        if let Some(folder) = std::env::var_os("PATCHBAY_SCREENSHOTS") {
            self.settle().await?;
            let picture = self.client.screenshot().await?;
            std::fs::create_dir_all(&folder)?;
            std::fs::write(Path::new(&folder).join(format!("{name}.png")), picture)?;
        }
        Ok(())
    }

    /// A command through the page's own door.
    pub async fn rpc(&self, command: &str, request: Value) -> Result<Value> {
        let script = "const done = arguments[arguments.length - 1];
            window.__TAURI_INTERNALS__.invoke('rpc', { command: arguments[0], request: arguments[1] })
              .then((reply) => done({ reply }), (failure) => done({ failure }))";
        let answer = self
            .client
            .execute_async(script, vec![json!(command), request])
            .await?;
        match answer.get("reply") {
            Some(reply) => Ok(reply.clone()),
            None => Err(format!("{command} failed: {}", answer["failure"]).into()),
        }
    }
}

impl Drop for Page {
    /// A journey that failed leaves no window behind.
    fn drop(&mut self) {
        for child in self.driver.id().map(children).unwrap_or_default() {
            // It may have ended meanwhile.
            drop(
                std::process::Command::new("kill")
                    .args(["-KILL", &child.to_string()])
                    .status(),
            );
        }
    }
}

/// The processes that `process` has started.
fn children(process: u32) -> Vec<u32> {
    let threads = std::fs::read_dir(format!("/proc/{process}/task"))
        .into_iter()
        .flatten()
        .flatten();
    threads
        .filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok())
        .flat_map(|list| {
            list.split_whitespace()
                .filter_map(|id| id.parse().ok())
                .collect::<Vec<u32>>()
        })
        .collect()
}

/// Waits until none of the processes runs any more.
async fn ended(processes: &[u32]) {
    let begun = Instant::now();
    let runs = |process: &u32| {
        std::fs::read_to_string(format!("/proc/{process}/stat"))
            .is_ok_and(|stat| !stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('Z')))
    };
    while processes.iter().any(runs) && begun.elapsed() < PATIENCE {
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}
