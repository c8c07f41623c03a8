//! See model.rs.
pub mod model;
pub use model::*;
