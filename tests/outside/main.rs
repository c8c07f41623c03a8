//! Patchbay through its command table, against a simulated Webex that fails on purpose.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking")]

mod activation;
mod backups;
mod certificates;
mod commands;
mod connection_check;
mod consent;
mod control;
mod deletion;
mod demo;
mod directory_sync;
mod drift;
mod faults;
#[cfg(unix)]
mod files;
mod import_export;
mod interruption;
mod licences;
mod main_flow;
mod mirror_check;
mod network;
mod notices;
mod oidc;
mod onboarding;
mod one_copy;
mod organisations;
mod overview;
mod planner;
#[cfg(target_os = "linux")]
mod proxies;
mod records;
mod schedules;
mod secrets;
mod throttling;
mod tokens;
mod transactions;
mod vault;
mod verification;
mod wholesale;
