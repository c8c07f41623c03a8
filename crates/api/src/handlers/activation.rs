//! How far licensed users are.
