//! The real window, driven by WebKit's own driver: what Chromium on the bridge cannot prove.

mod activation;
mod app;
mod frame;
mod journey;
mod order;
mod organisation;
mod page;
mod tray;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
