//! Consent and tokens against the simulated cloud, over real sockets.

#![expect(clippy::unwrap_used, reason = "the helpers of tests may end them")]

mod attempts;
mod authorised_app;
mod bench;
mod device;
#[path = "../organisation/mod.rs"]
mod organisation;
mod revoke;
mod tokens;
