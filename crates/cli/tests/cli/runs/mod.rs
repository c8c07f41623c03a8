//! `bulk run`, `resume`, `report`, `list`: the whole way against a sandbox.

#[cfg(unix)]
mod kills;
mod outcomes;
#[cfg(unix)]
mod pauses;
mod refusals;
mod reports;
mod whole;
