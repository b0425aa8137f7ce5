//! A sandbox platform in small: the control API that `Sandbox.create()` of the SDKs calls, and the edge in front of the
//! sandboxes.
//!
//! It decides nothing of its own about tokens: what a sandbox is issued comes from [`sandgate::creation::decide`] and
//! [`sandgate::v1::Keyring`], who may reach one from [`sandgate::Route`] and [`sandgate::Edge`]. What is left is what a
//! platform has around that: processes, a table of sandboxes, HTTP.

mod api;
mod edge;
mod http;
mod launcher;
mod platform;
mod process;
mod sandbox;
mod sandbox_id;
mod secrets;
mod server;
mod templates;

pub use api::router as api_router;
pub use edge::router as edge_router;
pub use http::serve_http1;
pub use platform::{EdgeTokens, Platform};
pub use secrets::{ApiKeys, keyring, read_secret};
pub use server::serve;
