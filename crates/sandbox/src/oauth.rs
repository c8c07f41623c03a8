//! OAuth of the simulated cloud: authorize, token exchange and refresh, device grant, service apps.
//!
//! Reference: section 2.

pub mod authorize;
pub mod device;
pub mod exchange;
pub mod pages;
pub mod revoke;
pub mod scopes;
pub mod tokens;
