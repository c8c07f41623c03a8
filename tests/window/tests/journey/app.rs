//! Patchbay in a home of its own, with a browser that writes down what it is asked to open.

use crate::Result;
use crate::page::{PATIENCE, Page};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::Command;
use tokio::time::Instant;

/// A person's home: what Patchbay keeps there survives its end.
pub struct Home {
    folder: TempDir,
}

impl Home {
    pub fn new() -> Result<Self> {
        let folder = TempDir::with_prefix("patchbay-home-")?;
        let home = Self { folder };
        let bin = home.path("bin");
        std::fs::create_dir_all(&bin)?;
        let browser = bin.join("xdg-open");
        std::fs::write(&browser, format!("#!/bin/sh\nprintf '%s' \"$1\" > {:?}\n", home.path("opened")))?;
        executable(&browser)?;
        Ok(home)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Opens Patchbay's window.
    pub async fn open(&self) -> Result<Page> {
        let program = std::env::var_os("PATCHBAY_WINDOW").map_or_else(
            || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/debug/patchbay"),
            PathBuf::from,
        );
        if !program.exists() {
            return Err(format!(
                "{} does not exist: cargo build -p patchbay --features custom-protocol",
                program.display()
            )
            .into());
        }
        let path = std::env::var("PATH").unwrap_or_default();
        let environment = [
            ("HOME", self.folder.path().display().to_string()),
            ("XDG_DATA_HOME", self.path("share").display().to_string()),
            ("XDG_CONFIG_HOME", self.path("config").display().to_string()),
            ("XDG_CACHE_HOME", self.path("cache").display().to_string()),
            ("PATH", format!("{}:{path}", self.path("bin").display())),
        ];
        let page = Page::open(Some((&program, &[])), &environment).await?;
        page.settle().await?;
        Ok(page)
    }

    /// The address that Patchbay asked the system to open.
    pub async fn opened_link(&self) -> Result<String> {
        let file = self.path("opened");
        wait_for("the system to be asked for a page", || {
            std::fs::read_to_string(&file).ok().filter(|link| !link.is_empty())
        })
        .await
    }
}

#[cfg(unix)]
fn executable(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755))
}

/// Waits until `look` finds something.
pub async fn wait_for<T>(what: &str, look: impl Fn() -> Option<T>) -> Result<T> {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return Ok(found);
        }
        if begun.elapsed() > PATIENCE {
            return Err(format!("waited too long for {what}").into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Answers the native file dialog whose title begins with `title`: types the path and confirms.
pub async fn answer_file_dialog(title: &str, path: &Path) -> Result<()> {
    let begun = Instant::now();
    let window = loop {
        let found = output("xdotool", &["search", "--onlyvisible", "--name", &format!("^{title}")]).await?;
        if let Some(window) = found.lines().next() {
            break window.to_owned();
        }
        if begun.elapsed() > PATIENCE {
            return Err(format!("no dialog {title:?} came up").into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    // Without a window manager nothing has the focus by itself.
    run("xdotool", &["windowfocus", "--sync", &window]).await?;
    // A chooser for opening takes a typed path only after its location field was asked for.
    run("xdotool", &["key", "ctrl+l"]).await?;
    run("xdotool", &["key", "ctrl+a"]).await?;
    run("xdotool", &["type", "--delay", "15", &path.display().to_string()]).await?;
    run("xdotool", &["key", "Return"]).await?;
    let begun = Instant::now();
    while !output("xdotool", &["search", "--onlyvisible", "--name", &format!("^{title}")]).await?.is_empty() {
        if begun.elapsed() > PATIENCE {
            return Err(format!("the dialog {title:?} did not close").into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

async fn run(program: &str, arguments: &[&str]) -> Result<()> {
    let status = Command::new(program).args(arguments).stdin(Stdio::null()).status().await?;
    if status.success() { Ok(()) } else { Err(format!("{program} {} ended with {status}", arguments.join(" ")).into()) }
}

async fn output(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().await?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
