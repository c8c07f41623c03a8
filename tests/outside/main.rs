//! Patchbay through its command table, against a simulated Webex that fails on purpose.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking")]

mod commands;
mod consent;
mod control;
mod drift;
mod faults;
mod interruption;
mod licences;
mod main_flow;
mod network;
mod planner;
mod records;
mod secrets;
mod throttling;
mod verification;
