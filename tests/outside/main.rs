//! Patchbay through its command table, against a simulated Webex that fails on purpose.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking")]

mod commands;
mod consent;
mod control;
mod demo;
mod drift;
mod faults;
#[cfg(unix)]
mod files;
mod interruption;
mod licences;
mod main_flow;
mod mirror_check;
mod network;
mod planner;
mod records;
mod secrets;
mod throttling;
mod verification;
