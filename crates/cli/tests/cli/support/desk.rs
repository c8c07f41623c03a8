//! One administrator's computer: a data folder, a passphrase, files.

use super::process::{Ended, Running, binary, run};
use super::sandbox::SandboxProcess;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The organisation's name in Patchbay.
pub const ORG: &str = "Northgate";
pub const PASSPHRASE: &str = "correct horse battery staple";
/// Variables that hold what must not be an argument.
pub const PASSPHRASE_VARIABLE: &str = "TEST_VAULT_PASSPHRASE";
pub const SECRET_VARIABLE: &str = "TEST_CLIENT_SECRET";

pub struct Desk {
    folder: TempDir,
    pub data: PathBuf,
}

impl Desk {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        Self { folder, data }
    }

    /// A desk whose organisation is connected to the sandbox and copied.
    pub fn copied(sandbox: &SandboxProcess) -> Self {
        let desk = Self::connected(sandbox);
        desk.run(&["org", "sync", ORG]).expect(0);
        desk
    }

    /// A desk whose organisation is connected to the sandbox. A run copies it by itself.
    pub fn connected(sandbox: &SandboxProcess) -> Self {
        let desk = Self::new();
        desk.connect(sandbox, &["--no-sync"]);
        desk
    }

    /// Adds the organisation, with `more` options, and connects it.
    pub fn connect(&self, sandbox: &SandboxProcess, more: &[&str]) {
        let base_url = sandbox.base_url();
        let add = [&["org", "add", ORG, "--base-url", &base_url], more].concat();
        self.run(&add).expect(0);
        self.connect_command(sandbox)
            .args(["--method", "device"])
            .ended()
            .expect(0);
    }

    /// `org connect` with client id and secret; the method is still to be said.
    pub fn connect_command(&self, sandbox: &SandboxProcess) -> Command {
        let mut command = self.command(&[
            "org",
            "connect",
            ORG,
            "--client-id",
            &sandbox.announced("client_id"),
            "--client-secret-env",
            SECRET_VARIABLE,
        ]);
        command.env(SECRET_VARIABLE, sandbox.announced("client_secret"));
        command
    }

    /// The binary on this desk's data folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = binary();
        command
            .env(PASSPHRASE_VARIABLE, PASSPHRASE)
            .arg("--data-dir")
            .arg(&self.data);
        command
            .args(["--vault-passphrase-env", PASSPHRASE_VARIABLE])
            .args(arguments);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        run(&mut self.command(arguments))
    }

    pub fn start(&self, arguments: &[&str]) -> Running {
        Running::start(&mut self.command(arguments))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file of this content; its path as an argument.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).expect("the file is written");
        text(&path)
    }
}

/// A command that is run to its end.
pub trait RunToEnd {
    fn ended(&mut self) -> Ended;
}

impl RunToEnd for Command {
    #[track_caller]
    fn ended(&mut self) -> Ended {
        run(self)
    }
}

/// A path as an argument.
pub fn text(path: &Path) -> String {
    path.to_str().expect("paths of tests are text").to_owned()
}
