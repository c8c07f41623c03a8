//! How far each licensed user of an organisation is with Webex (product A1 to A6).

pub mod model;

pub use model::*;
