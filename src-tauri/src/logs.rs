//! The log: a file a day in the data folder's `logs`, standard error where that cannot be written.

use std::path::{Path, PathBuf};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// Days of log that are kept.
const KEPT: usize = 14;

/// Where the log of a data folder lies.
pub fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("logs")
}

/// Starts logging; `PATCHBAY_LOG` filters, the default is `info`.
pub fn start(data_dir: &Path) {
    let filter = EnvFilter::try_from_env("PATCHBAY_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let file = appender(&folder(data_dir));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false);
    // Both refuse only when a log was started before, and then there is one.
    let _ = match file {
        Ok(file) => lines.with_writer(std::sync::Mutex::new(file)).try_init(),
        Err(error) => {
            crate::complain(&format!(
                "no log can be written in {}: {error}",
                data_dir.display()
            ));
            lines.with_writer(std::io::stderr).try_init()
        }
    };
}

fn appender(folder: &Path) -> Result<RollingFileAppender, Box<dyn std::error::Error>> {
    std::fs::create_dir_all(folder)?;
    let daily = RollingFileAppender::builder().rotation(Rotation::DAILY);
    Ok(daily
        .filename_prefix("patchbay")
        .filename_suffix("log")
        .max_log_files(KEPT)
        .build(folder)?)
}
