//! Directory synchronisation of BroadWorks enterprises (product A7).

pub mod model;

pub use model::*;
