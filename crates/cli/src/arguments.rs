//! The command line as it is written. What it means stands in the other modules.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Patchbay without a window: check, run and report bulk assignments of Webex organisations.
#[derive(Debug, Parser)]
#[command(name = "patchbay-cli", version, arg_required_else_help = true)]
pub struct Arguments {
    /// Folder of the database; the desktop application's own unless said otherwise
    #[arg(long, global = true, value_name = "FOLDER", env = "PATCHBAY_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
    /// Name of the environment variable that holds the vault's passphrase, where there is no keychain
    #[arg(long, global = true, value_name = "VAR")]
    pub vault_passphrase_env: Option<String>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check files, assign people in bulk, report
    Bulk {
        #[command(subcommand)]
        command: Bulk,
    },
    /// Register, connect and copy organisations
    Org {
        #[command(subcommand)]
        command: Org,
    },
    /// Hand out what Patchbay keeps
    Export {
        #[command(subcommand)]
        command: Export,
    },
    /// Copy the database to a file, and put such a file back
    Backup {
        #[command(subcommand)]
        command: Backup,
    },
    /// A simulated Webex cloud on this computer
    Sandbox {
        #[command(subcommand)]
        command: Sandbox,
    },
    /// Serve the user interface and the command table on loopback, for browser tests
    #[cfg(feature = "bridge")]
    Bridge(Bridge),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Bulk {
    /// Check files offline; all problems at once
    Validate {
        /// CSV files that belong to one template
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Check against the local copy of this organisation as well
        #[arg(long, value_name = "NAME")]
        org: Option<String>,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Write one of the two sample files
    Sample {
        /// How users are named
        #[arg(long, value_enum)]
        by: By,
        /// Where to; standard output unless given
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Check, plan and assign
    Run {
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[arg(long, value_name = "NAME")]
        org: String,
        #[arg(long, value_name = "NAME")]
        location: String,
        /// The calling licence, by name or id
        #[arg(long, value_name = "NAME|ID")]
        licence: String,
        /// A further licence every user gets; may be repeated
        #[arg(long = "addon", value_name = "NAME|ID")]
        add_ons: Vec<String>,
        /// Start without asking
        #[arg(long)]
        yes: bool,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Go on with a run that was paused or interrupted
    Resume {
        run: String,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// The report of a run, one line a row
    Report {
        run: String,
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[arg(long, value_enum, default_value_t)]
        kind: Kind,
    },
    /// All runs, newest first
    List {
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(Debug, Subcommand)]
pub enum Export {
    /// The log of who did what, as JSON Lines, its chain of hashes verified
    Audit {
        /// Where to; standard output unless given
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// The list of organisations, without any secret
    Organisations {
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
        /// Where to; standard output unless given
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// What Patchbay did, newest first, as CSV
    Transactions {
        #[command(flatten)]
        which: Which,
        #[arg(long, value_enum, default_value_t)]
        kind: Kind,
        /// Where to; standard output unless given
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub enum Backup {
    /// Copy the database to a file; secrets stay sealed in it
    Save {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Put a backup in the place of the database, which is set aside
    Restore {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ListFormat {
    #[default]
    Csv,
    Json,
}

/// Which transactions.
#[derive(Debug, Args)]
pub struct Which {
    /// Those of one organisation
    #[arg(long, value_name = "NAME")]
    pub org: Option<String>,
    /// Those that ended so
    #[arg(long, value_enum)]
    pub state: Option<Ended>,
    /// Begun at or after, for instance 2026-03-01T08:00:00Z
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Begun before
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Part of title, organisation, who or tracking id
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Ended {
    Running,
    Succeeded,
    Failed,
    Cancelled,
    Interrupted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    Name,
    Uuid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Kind {
    /// Values as they are, to be fed in again
    #[default]
    Reimport,
    /// No cell can be taken for a formula
    Spreadsheet,
}

#[derive(Debug, Subcommand)]
pub enum Org {
    /// Register an organisation
    Add(Box<OrgAdd>),
    /// Change fields of an organisation; what is not given stays, an empty text clears
    Edit(Box<OrgEdit>),
    /// Obtain an administrator's consent, then copy the organisation
    Connect(OrgConnect),
    /// All organisations
    List {
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Copy people, licences, roles, locations and numbers
    Sync { name: String },
    /// Try the way to Webex step by step: name, proxy, connection, token, permissions
    Check { name: String },
    /// Customers of a wholesale organisation, as they were copied last
    Customers(Customers),
    /// Delete the organisation here, with its copy, templates and tokens
    Remove {
        name: String,
        /// Have Webex take the tokens back first; where it does not, nothing is deleted
        #[arg(long)]
        revoke: bool,
    },
    /// Register organisations from a list that was exported or written in a spreadsheet
    Import {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Organisations that are there already take the fields of the file
        #[arg(long)]
        update: bool,
        /// Only say what would be done
        #[arg(long)]
        dry_run: bool,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(Debug, Args)]
pub struct Customers {
    /// The organisation
    pub name: String,
    /// Copy them from Webex first
    #[arg(long)]
    pub sync: bool,
    /// Only customers of this status, as Webex writes it
    #[arg(long, value_name = "STATUS")]
    pub status: Option<String>,
    /// Only customers whose id, name, external id, city or packages hold this
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct OrgAdd {
    pub name: String,
    /// Address of the API where it is not Webex's commercial one; ends in /v1
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Webex for Government
    #[arg(long, conflicts_with = "base_url")]
    pub government: bool,
    /// Organisation id of Control Hub
    #[arg(long, value_name = "UUID")]
    pub account: Option<String>,
    #[arg(long, value_name = "EMAIL")]
    pub admin_email: Option<String>,
    /// http(s)://[user:password@]host:port; with a password better by --http-proxy-env
    #[arg(long, value_name = "URL")]
    pub http_proxy: Option<String>,
    #[arg(long, value_name = "URL")]
    pub https_proxy: Option<String>,
    /// Name of the environment variable that holds the HTTP proxy
    #[arg(long, value_name = "VAR", conflicts_with = "http_proxy")]
    pub http_proxy_env: Option<String>,
    /// Name of the environment variable that holds the HTTPS proxy
    #[arg(long, value_name = "VAR", conflicts_with = "https_proxy")]
    pub https_proxy_env: Option<String>,
    /// PEM file of a further certificate authority, where the network has one of its own
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<std::path::PathBuf>,
    #[arg(long)]
    pub wholesale: bool,
    /// Region of a contact center customer
    #[arg(long, value_enum, value_name = "REGION")]
    pub contact_center: Option<Region>,
    #[arg(long)]
    pub directory_sync: bool,
    /// Do not copy the organisation after its consent
    #[arg(long)]
    pub no_sync: bool,
    #[arg(long, value_name = "DOMAIN")]
    pub email_domain: Option<String>,
    #[arg(long)]
    pub notes: Option<String>,
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("change").required(true).multiple(true).args([
    "new_name", "base_url", "government", "commercial", "account", "admin_email", "http_proxy", "https_proxy",
    "http_proxy_env", "https_proxy_env", "no_http_proxy", "no_https_proxy", "ca_file", "no_ca_file", "wholesale",
    "no_wholesale", "contact_center", "no_contact_center", "directory_sync", "no_directory_sync", "sync", "no_sync",
    "email_domain", "notes",
])))]
pub struct OrgEdit {
    /// The name it has now
    pub name: String,
    #[arg(long = "name", value_name = "NAME")]
    pub new_name: Option<String>,
    /// Address of the API where it is not Webex's commercial one; ends in /v1
    #[arg(long, value_name = "URL", conflicts_with_all = ["government", "commercial"])]
    pub base_url: Option<String>,
    /// Webex for Government
    #[arg(long, conflicts_with = "commercial")]
    pub government: bool,
    /// Webex's commercial cloud
    #[arg(long)]
    pub commercial: bool,
    /// Organisation id of Control Hub
    #[arg(long, value_name = "UUID")]
    pub account: Option<String>,
    #[arg(long, value_name = "EMAIL")]
    pub admin_email: Option<String>,
    /// http(s)://[user:password@]host:port; with a password better by --http-proxy-env
    #[arg(long, value_name = "URL", conflicts_with = "no_http_proxy")]
    pub http_proxy: Option<String>,
    #[arg(long, value_name = "URL", conflicts_with = "no_https_proxy")]
    pub https_proxy: Option<String>,
    /// Name of the environment variable that holds the HTTP proxy
    #[arg(long, value_name = "VAR", conflicts_with_all = ["http_proxy", "no_http_proxy"])]
    pub http_proxy_env: Option<String>,
    /// Name of the environment variable that holds the HTTPS proxy
    #[arg(long, value_name = "VAR", conflicts_with_all = ["https_proxy", "no_https_proxy"])]
    pub https_proxy_env: Option<String>,
    #[arg(long)]
    pub no_http_proxy: bool,
    #[arg(long)]
    pub no_https_proxy: bool,
    /// PEM file of a further certificate authority, where the network has one of its own
    #[arg(long, value_name = "FILE", conflicts_with = "no_ca_file")]
    pub ca_file: Option<std::path::PathBuf>,
    #[arg(long)]
    pub no_ca_file: bool,
    #[arg(long, conflicts_with = "no_wholesale")]
    pub wholesale: bool,
    #[arg(long)]
    pub no_wholesale: bool,
    /// Region of a contact center customer
    #[arg(long, value_enum, value_name = "REGION", conflicts_with = "no_contact_center")]
    pub contact_center: Option<Region>,
    #[arg(long)]
    pub no_contact_center: bool,
    #[arg(long, conflicts_with = "no_directory_sync")]
    pub directory_sync: bool,
    #[arg(long)]
    pub no_directory_sync: bool,
    /// Copy the organisation after its consent
    #[arg(long, conflicts_with = "no_sync")]
    pub sync: bool,
    /// Do not copy the organisation after its consent
    #[arg(long)]
    pub no_sync: bool,
    #[arg(long, value_name = "DOMAIN")]
    pub email_domain: Option<String>,
    #[arg(long)]
    pub notes: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Region {
    Us,
    Anz,
    Uk,
    EuFrankfurt,
    Japan,
    Canada,
    Singapore,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Method {
    #[default]
    Browser,
    Device,
    ServiceApp,
}

#[derive(Debug, Args)]
pub struct OrgConnect {
    pub name: String,
    #[arg(long, value_name = "ID")]
    pub client_id: String,
    /// Name of the environment variable that holds the client secret
    #[arg(long, value_name = "VAR")]
    pub client_secret_env: String,
    #[arg(long, value_enum, default_value_t)]
    pub method: Method,
    /// Port of the redirect URI, for --method browser
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Name of the environment variable that holds the service app's refresh token
    #[arg(long, value_name = "VAR", required_if_eq("method", "service-app"))]
    pub refresh_token_env: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Sandbox {
    /// Serve until stopped; the first line printed is a JSON object with addresses and credentials
    Serve {
        #[arg(long, default_value = "demo", value_name = "demo|large|awkward")]
        seed: String,
        /// Any free port unless given
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// Throttle to so many requests a second
        #[arg(long, value_name = "REQUESTS_PER_SECOND")]
        rate: Option<f64>,
        /// Approve authorize and device requests without a person
        #[arg(long)]
        auto_consent: bool,
    },
}

#[cfg(feature = "bridge")]
#[derive(Debug, Args)]
pub struct Bridge {
    /// Any free port unless given
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// The built user interface
    #[arg(long, default_value = "ui/dist", value_name = "FOLDER")]
    pub ui: PathBuf,
    /// What requests must carry; made up unless given
    #[arg(long, value_name = "TOKEN")]
    pub token: Option<String>,
}
