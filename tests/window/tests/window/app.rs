//! Patchbay in a home of its own, with a browser that writes down what it is asked to open.

use crate::Result;
use crate::page::{PATIENCE, Page};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::{Child, Command};
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
        std::fs::write(
            &browser,
            format!("#!/bin/sh\nprintf '%s' \"$1\" > {:?}\n", home.path("opened")),
        )?;
        executable(&browser)?;
        Ok(home)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Opens Patchbay's window under a driver.
    pub async fn open(&self) -> Result<Page> {
        let page = Page::open(Some((&program()?, &[])), &self.environment()).await?;
        page.settle().await?;
        Ok(page)
    }

    /// Starts Patchbay without a driver.
    pub fn start(&self, arguments: &[&str]) -> Result<Child> {
        let mut command = Command::new(program()?);
        command
            .args(arguments)
            .envs(self.environment())
            .stdin(Stdio::null());
        Ok(command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?)
    }

    fn environment(&self) -> [(&'static str, String); 5] {
        let folder = |name: &str| self.path(name).display().to_string();
        let path = std::env::var("PATH").unwrap_or_default();
        [
            ("HOME", self.folder.path().display().to_string()),
            ("XDG_DATA_HOME", folder("share")),
            ("XDG_CONFIG_HOME", folder("config")),
            ("XDG_CACHE_HOME", folder("cache")),
            ("PATH", format!("{}:{path}", folder("bin"))),
        ]
    }

    /// The address that Patchbay asked the system to open.
    pub async fn opened_link(&self) -> Result<String> {
        let file = self.path("opened");
        wait_for("the system to be asked for a page", || {
            std::fs::read_to_string(&file)
                .ok()
                .filter(|link| !link.is_empty())
        })
        .await
    }
}

/// The binary under test: `PATCHBAY_WINDOW`, else the debug build.
fn program() -> Result<PathBuf> {
    let program = std::env::var_os("PATCHBAY_WINDOW").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/debug/patchbay"),
        PathBuf::from,
    );
    if program.exists() {
        return Ok(program);
    }
    Err(format!(
        "{} does not exist: cargo build -p patchbay --features custom-protocol",
        program.display()
    )
    .into())
}

#[cfg(unix)]
fn executable(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755))
}

/// Waits until `look` finds something.
pub async fn wait_for<T>(what: &str, look: impl Fn() -> Option<T>) -> Result<T> {
    wait_within(PATIENCE, what, look).await
}

pub async fn wait_within<T>(patience: Duration, what: &str, look: impl Fn() -> Option<T>) -> Result<T> {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return Ok(found);
        }
        if begun.elapsed() > patience {
            return Err(format!("waited too long for {what}").into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Answers the native file dialog whose title begins with `title`: gives the path and confirms.
pub async fn answer_file_dialog(title: &str, path: &Path) -> Result<()> {
    let window = dialog(title).await?;
    // A chooser for opening shows its location field only when asked; one for saving has it in focus then too.
    run("xdotool", &["key", "ctrl+l"]).await?;
    run("xdotool", &["key", "ctrl+a"]).await?;
    run("xdotool", &["type", "--delay", "15", &path.display().to_string()]).await?;
    confirm(title, &window).await
}

/// Presses the only button of the native message whose title begins with `title`.
pub async fn answer_message_dialog(title: &str) -> Result<()> {
    let window = dialog(title).await?;
    confirm(title, &window).await
}

/// The native dialog, with the focus: without a window manager nothing has it by itself.
async fn dialog(title: &str) -> Result<String> {
    let begun = Instant::now();
    loop {
        if let Some(window) = windows(title).await?.first() {
            run("xdotool", &["windowfocus", "--sync", window]).await?;
            return Ok(window.clone());
        }
        if begun.elapsed() > PATIENCE {
            return Err(format!("no dialog {title:?} came up").into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Confirms until the dialog is gone: the first Return of a chooser may only settle its completion of the path.
async fn confirm(title: &str, window: &String) -> Result<()> {
    let begun = Instant::now();
    while windows(title).await?.contains(window) {
        if begun.elapsed() > PATIENCE {
            picture_of_the_screen("dialog").await;
            return Err(format!("the dialog {title:?} did not close").into());
        }
        run("xdotool", &["key", "Return"]).await?;
        let pressed = Instant::now();
        while pressed.elapsed() < Duration::from_secs(1) && windows(title).await?.contains(window) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    Ok(())
}

/// What a person would see, native dialogs included; for whoever has to find out why.
async fn picture_of_the_screen(name: &str) {
    if let Some(folder) = std::env::var_os("PATCHBAY_SCREENSHOTS") {
        let file = Path::new(&folder)
            .join(format!("{name}.png"))
            .display()
            .to_string();
        if let Err(error) = run("import", &["-window", "root", &file]).await {
            eprintln!("no picture of the screen: {error}");
        }
    }
}

/// Windows on the screen whose title begins so.
pub async fn windows(title: &str) -> Result<Vec<String>> {
    let found = output(
        "xdotool",
        &["search", "--onlyvisible", "--name", &format!("^{title}")],
    )
    .await?;
    Ok(found.lines().map(str::to_owned).collect())
}

/// A machine on which nobody has chosen a language has one without umlauts, in which xdotool types none.
const LOCALE: &str = "C.UTF-8";

async fn run(program: &str, arguments: &[&str]) -> Result<()> {
    let status = Command::new(program)
        .args(arguments)
        .env("LC_ALL", LOCALE)
        .stdin(Stdio::null())
        .status()
        .await?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{program} {} ended with {status}", arguments.join(" ")).into())
    }
}

async fn output(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .env("LC_ALL", LOCALE)
        .stdin(Stdio::null())
        .output()
        .await?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
