//! Journeys through the real window; see `tests/`.
