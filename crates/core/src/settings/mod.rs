//! What the person has set.
pub mod model;
pub use model::*;
