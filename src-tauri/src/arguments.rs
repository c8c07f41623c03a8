//! The command line of the window.

use clap::Parser;
use std::path::PathBuf;

/// Patchbay: Webex organisations and their telephony, administered from the desktop.
#[derive(Debug, Parser)]
#[command(name = "patchbay", version)]
pub struct Arguments {
    /// Where database and logs lie, instead of the platform's application data folder.
    #[arg(long, env = "PATCHBAY_DATA_DIR", value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
}
