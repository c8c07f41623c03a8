//! What the tests that go through the outside share: a simulated Webex, a way to it that can be cut, and a Patchbay that
//! is driven by the names of the command table and nothing else.
//!
//! Invariants: nothing sleeps; waiting is listening to topics and looking again, within a bound that only a hang reaches.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking")]

mod cloud;
mod forwarder;
mod http;
mod organisations;
mod runs;
mod schedules;
#[cfg(target_os = "linux")]
pub mod squid;
mod templates;
mod tls;
mod truth;
mod world;

pub use cloud::{answer, every_assignment, some_assignments};
pub use forwarder::Forwarder;
pub use http::{browse, encoded};
pub use templates::{FileRow, Gifts, LICENCE, PLACE};
pub use tls::{Authority, TlsFront};
pub use truth::Report;
pub use world::{Setting, World, quick};
