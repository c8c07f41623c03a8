//! What an administrator should look at first.

pub mod model;

pub use model::*;
