//! What all tests of the command line share.

#![allow(dead_code, reason = "not every platform runs every test")]

pub mod assigning;
pub mod desk;
pub mod files;
pub mod process;
pub mod sandbox;

pub use desk::Desk;
pub use process::{Ended, Running, binary};
pub use sandbox::SandboxProcess;
