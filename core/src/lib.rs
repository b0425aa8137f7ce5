//! The piece that decides who may reach a cloud sandbox: it makes the tokens of a sandbox, compares them in constant
//! time, signs file URLs and verifies them, and holds the whole rule of the controller inside the sandbox and of the
//! edge proxy in front of it.
//!
//! No allocation, no clock, no randomness, no unsafe code, and no path that panics. Inputs are bytes; time is an
//! argument; refusals are values.
//!
//! | who | has | uses |
//! | --- | --- | --- |
//! | API server | the seed | [`creation::decide`], [`v1::Keyring`] |
//! | controller in the sandbox | its access token | [`Controller`] |
//! | edge proxy | traffic tokens, or the seed | [`Route`], [`Edge`] |
//! | SDK | the sandbox's tokens | [`v1::FileUrlKey`] |
//!
//! [`v1`] is what E2B and Novita sandboxes speak today. Its weaknesses are theirs: a `:` inside a path or a user is
//! ambiguous, the signature is a plain hash with the secret inside, and a URL without an expiry never ends.

#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]
#![deny(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::panic))]

#[cfg(all(feature = "std", not(test)))]
extern crate std;

// In alphabetical order; which may import which is checked by `cargo xtask lint` against its list of layers.
mod address;
mod buffer;
mod bytes;
pub mod compare;
mod controller;
pub mod creation;
mod edge;
mod error;
mod file_query;
mod fingerprint;
mod grant;
mod header;
mod host;
mod ids;
mod internal_route;
mod json;
mod mac;
mod query;
mod request;
mod secret;
mod text;
mod time;
pub mod v1;

pub use buffer::{BufferTooSmall, write_to_slice};
pub use controller::{Allowed, Controller};
pub use edge::{Edge, Passed, SandboxState, write_refusal};
pub use error::{Code, Denied, Gate, Misuse};
pub use fingerprint::{Fingerprint, fingerprint};
pub use grant::Grant;
pub use header::Header;
pub use host::Route;
pub use ids::{Operation, Port, SandboxId};
pub use query::{BadEscape, Decoded};
pub use request::Request;
pub use secret::{AccessToken, MAX_TOKEN_LEN, TrafficToken};
pub use time::UnixSeconds;

/// The quick start of the repository's README runs as a test.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../../README.md")]
struct Readme;
