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
    /// Start in the tray, or where there is none with the window minimised.
    #[arg(long)]
    pub minimised: bool,
}

impl Arguments {
    /// The command line for a start at login: the same data, without the window in the way.
    pub fn at_login(&self) -> Vec<String> {
        let mut arguments = vec!["--minimised".to_owned()];
        if let Some(folder) = &self.data_dir {
            let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
            arguments.extend(["--data-dir".to_owned(), as_entry(&folder.display().to_string())]);
        }
        arguments
    }
}

/// The argument as the system's entry for programs at login wants it: those are one line of text, but for macOS, which
/// keeps a list.
fn as_entry(argument: &str) -> String {
    if cfg!(target_os = "macos") {
        return argument.to_owned();
    }
    let mut quoted = String::from("\"");
    for character in argument.chars() {
        if cfg!(target_os = "linux") {
            // Desktop Entry Specification, "The Exec key".
            match character {
                '"' | '`' | '$' => quoted.push('\\'),
                '\\' => quoted.push_str("\\\\\\"),
                '%' => quoted.push('%'),
                _ => {}
            }
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_folder_with_odd_characters_stays_one_argument() {
        let arguments = Arguments {
            data_dir: Some(PathBuf::from("/srv/My \"data\" 100%/$x")),
            minimised: false,
        };
        assert_eq!(
            arguments.at_login(),
            ["--minimised", "--data-dir", r#""/srv/My \"data\" 100%%/\$x""#]
        );
    }
}
