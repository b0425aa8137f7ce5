//! A sandbox platform in miniature: the control API that `Sandbox.create()` of the SDKs calls, and the edge in front of the
//! sandboxes.
//!
//! It makes no decision about tokens itself. [`sandgate::creation::decide`], [`sandgate::v1::Keyring`] and
//! [`sandgate::v2::Keyring`] issue credentials, [`sandgate::Edge`] checks traffic, [`sandgate::wake::check`] decides who wakes
//! a paused sandbox, and [`sandgate::forward`] rewrites forwarded requests. This crate adds the rest of a platform: processes, a table of sandboxes, HTTP.

mod api;
mod clock;
mod current;
mod deadline;
mod edge;
mod edge_tokens;
mod http;
mod initialize;
mod issued;
mod launcher;
mod lifecycle;
mod platform;
mod process;
mod random;
mod sandbox;
mod secrets;
mod seeds;
mod server;
mod templates;
mod version;
mod wake;
mod wanted;

pub use api::router as api_router;
pub use current::SeedFiles;
pub use edge::router as edge_router;
pub use edge_tokens::EdgeTokens;
pub use http::serve_http1;
pub use platform::{Platform, Settings};
pub use secrets::{ApiKeys, read_secret};
pub use seeds::Seeds;
pub use server::serve;
pub use version::Version;
