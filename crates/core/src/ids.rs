//! The only place that makes ids and randomness.

use uuid::Uuid;

/// A new id for a row of ours: time-ordered, so that lists made of them sort by age.
#[expect(clippy::disallowed_methods, reason = "this is the place the ban points to")]
pub fn new_id() -> String {
    Uuid::now_v7().to_string()
}

/// Fills a key, salt or nonce from the operating system's randomness.
///
/// # Errors
/// When the operating system has none to give.
pub fn random<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
