//! The client over real sockets, against small servers that answer from a script.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod enterprises;
mod oauth;
mod paging;
mod resources;
mod sending;
mod server;
mod subscribers;
mod wholesale;
