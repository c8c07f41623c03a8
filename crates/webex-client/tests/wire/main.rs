//! The client over real sockets, against small servers that answer from a script.

mod oauth;
mod paging;
mod resources;
mod sending;
mod server;
