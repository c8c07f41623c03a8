//! Patchbay through its command table, against a simulated Webex that fails on purpose.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking")]

mod main_flow;
