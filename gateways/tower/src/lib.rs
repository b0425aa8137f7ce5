//! tower layers for the two rules of sandgate: [`ControllerLayer`] in front of a server inside a sandbox, and [`EdgeLayer`] in
//! front of a service that forwards to sandboxes.
//!
//! Both decide with core and repeat none of its rules. They work on [`http`] types, so they fit axum, hyper and tonic. A refused
//! request never reaches the inner service. The answer has the status and the JSON body that core gives.
//!
//! ```
//! use axum::{Extension, Router, routing::get};
//! use sandgate::{AccessToken, Controller, Policy};
//! use sandgate_tower::{Allowed, ControllerLayer};
//!
//! let controller = Controller::new(&[AccessToken::try_from("token")?], Policy::default())?;
//! let read = async |Extension(allowed): Extension<Allowed>| format!("{:?}", allowed.grant());
//! let app: Router = Router::new().route("/files", get(read)).layer(ControllerLayer::new(controller));
//! # Ok::<(), sandgate::Misuse>(())
//! ```
//!
//! What holds for both layers:
//!
//! - The rule reads the target as received. Put layers that rewrite the URI or the method inside of these layers.
//! - A nested axum router sees its own part of the path, and so does a layer inside of it: that path is the one that is routed.
//! - The body is never read. Whether a request has one is asked of [`http_body::Body::is_end_stream`]; a body that cannot tell
//!   counts as one, so such a preflight needs the token.
//! - `Debug` of every type here shows no credential.

#![forbid(unsafe_code)]

mod allowed;
mod controller;
mod edge;
mod edge_rule;
mod forwarded;
mod given;
mod lookup;
mod received;
mod refusal;

pub use allowed::{Allowed, Grant};
pub use controller::{ControllerLayer, ControllerService};
pub use edge::{EdgeLayer, EdgeService};
pub use edge_rule::{EdgeRule, Permitted};
pub use forwarded::{Forwarded, NotForwardable, headers, rewrite};
pub use lookup::{Lookup, Sandbox, StateUnavailable};
pub use received::{Received, lines};
pub use refusal::{Cause, Refusal};

/// The README's example compiles as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
