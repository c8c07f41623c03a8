//! The command line from outside: the built binary, its own sandbox as a child process, data folders that are thrown away.
//!
//! What is asserted is the contract a script relies on: standard output, exit status, files, and what the sandbox was asked.
//! Every child has a bound on its life and is ended by its own id.

mod support;

mod arguments;
mod lists;
mod organisations;
mod runs;
mod sandbox_serve;
#[cfg(target_os = "linux")]
mod storage;
mod validate;
