//! Time and ids come in as arguments, so that a hold or an expiry is an ordinary unit test.
//!
//! Wall-clock time is only read here and through this trait; delays use `tokio::time`.

use jiff::Timestamp;
use uuid::Uuid;

/// The wall clock: for `Retry-After` dates, the deadline of a hold and the receipt time of a grant.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// Where tracking ids come from. Every call must return a value that was not returned before.
pub trait Ids: Send + Sync {
    fn uuid(&self) -> Uuid;
}
