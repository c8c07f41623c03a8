//! A real proxy: squid on a port of its own, with one user, whose log says what went through it.
//!
//! It looks names up in a file of its own, so that a test can reach this computer under a name nobody else knows.

use crate::http::encoded;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;
use tokio::net::TcpStream;

/// A user and a password with what has a meaning in an address. (A colon ends a user's name, RFC 7617.)
pub const USER: &str = "kest@rel";
pub const PASSWORD: &str = "p@:/%w #1";

/// A running squid; it ends with the value.
pub struct Squid {
    child: Child,
    folder: TempDir,
    pub port: u16,
}

impl Squid {
    /// Starts one that knows `names` as this computer.
    ///
    /// # Panics
    /// When squid is not installed: this suite is worth nothing without a real proxy.
    pub async fn start(names: &[&str]) -> Self {
        let (squid, check) = (
            installed(&["/usr/sbin/squid", "/usr/local/sbin/squid", "/usr/bin/squid"]),
            installed(&[
                "/usr/lib/squid/basic_ncsa_auth",
                "/usr/lib64/squid/basic_ncsa_auth",
                "/usr/libexec/squid/basic_ncsa_auth",
            ]),
        );
        for _ in 0..5 {
            if let Some(running) = Self::try_start(&squid, &check, names).await {
                return running;
            }
        }
        panic!("squid found no port five times");
    }

    async fn try_start(squid: &Path, check: &Path, names: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        // Started as root, squid becomes another account, which must be able to work here.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
        std::fs::write(place("hosts"), format!("127.0.0.1 {}\n", names.join(" "))).unwrap();
        std::fs::write(place("passwords"), format!("{}:{}\n", USER, hashed())).unwrap();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let shown = folder.path().display();
        let configuration = format!(
            "http_port 127.0.0.1:{port}\n\
             pid_filename {shown}/squid.pid\n\
             coredump_dir {shown}\n\
             cache_log {shown}/cache.log\n\
             logformat lines %un %rm %ru %>Hs\n\
             access_log stdio:{shown}/access.log logformat=lines\n\
             hosts_file {shown}/hosts\n\
             visible_hostname squid.test\n\
             cache deny all\n\
             cache_mem 8 MB\n\
             pinger_enable off\n\
             netdb_filename none\n\
             shutdown_lifetime 0 seconds\n\
             auth_param basic program {} {shown}/passwords\n\
             auth_param basic children 1 startup=1\n\
             auth_param basic realm proxy\n\
             acl known proxy_auth REQUIRED\n\
             acl forbidden dstdomain forbidden.test\n\
             http_access deny !known\n\
             http_access deny forbidden\n\
             http_access allow known\n",
            check.display()
        );
        std::fs::write(place("squid.conf"), configuration).unwrap();
        let mut child = Command::new(squid)
            .arg("-N")
            .arg("-f")
            .arg(place("squid.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        loop {
            if child.try_wait().unwrap().is_some() {
                let log = std::fs::read_to_string(place("cache.log")).unwrap_or_default();
                assert!(log.contains("in use"), "squid ended: {log}");
                return None;
            }
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return Some(Self { child, folder, port });
            }
            tokio::task::yield_now().await;
        }
    }

    /// Its address with user and password.
    #[must_use]
    pub fn address(&self) -> String {
        self.address_with(PASSWORD)
    }

    /// Its address with another password.
    #[must_use]
    pub fn address_with(&self, password: &str) -> String {
        format!(
            "http://{}:{}@127.0.0.1:{}",
            encoded(USER),
            encoded(password),
            self.port
        )
    }

    /// What was asked of it so far: "user method address status". A connection without a request is left out: the check
    /// makes one to see whether somebody listens.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.folder.path().join("access.log")).unwrap_or_default();
        let asked = text.lines().filter(|line| !line.starts_with("- - error:"));
        asked.map(str::to_owned).collect()
    }
}

impl Drop for Squid {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The password as `basic_ncsa_auth` compares it.
fn hashed() -> String {
    let output = Command::new("openssl")
        .args(["passwd", "-apr1", PASSWORD])
        .output()
        .expect("openssl is missing: install it (cargo xtask setup; on Debian, apt-get install openssl)");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn installed(places: &[&str]) -> PathBuf {
    places
        .iter()
        .map(PathBuf::from)
        .find(|place| place.exists())
        .unwrap_or_else(|| {
            panic!(
                "{} is missing: install squid (cargo xtask setup; on Debian, apt-get install --no-install-recommends squid)",
                places[0]
            )
        })
}
