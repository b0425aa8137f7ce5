//! The piece that decides who may reach a cloud sandbox: it makes the tokens of a sandbox, compares them in constant
//! time, signs file URLs and verifies them, and holds the whole rule of the controller inside the sandbox and of the
//! edge proxy in front of it.
//!
//! No allocation, no clock, no randomness, no unsafe code, and no path that panics. Inputs are bytes; time is an
//! argument; refusals are values.
//!
//! | who | has | uses |
//! | --- | --- | --- |
//! | API server | the seeds | [`creation::decide`], [`v2::Keyring`], [`v1::Keyring`] |
//! | controller in the sandbox | its access tokens | [`Controller`] |
//! | edge proxy | traffic roots, or each sandbox's traffic token | [`Route`], [`Edge`], [`forward`] |
//! | SDK | the sandbox's tokens | [`v2::FileUrlKey`], [`v2::TrafficKey`], [`v1::FileUrlKey`] |
//!
//! [`v2`] is for whoever has both ends in hand. [`v1`] is what E2B and Novita sandboxes speak today. Its weaknesses are theirs: a `:` inside a path or a user is
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
mod base64;
mod buffer;
mod bytes;
mod carrier;
pub mod compare;
mod controller;
pub mod creation;
mod credential;
pub mod e2b;
mod edge;
mod error;
#[cfg(feature = "explain")]
pub mod explain;
mod file_query;
mod fingerprint;
pub mod forward;
mod grant;
mod head;
mod header;
pub mod headers;
mod host;
mod ids;
mod internal_route;
mod json;
mod mac;
mod number;
mod policy;
mod query;
mod request;
mod residue;
mod scrub;
mod secret;
mod sha256;
mod short_message;
mod slots;
mod tag;
mod target;
mod text;
mod time;
mod traffic_secrets;
pub mod unknown_sandbox;
mod url;
pub mod v1;
pub mod v2;

pub use buffer::{BufferTooSmall, write_to_slice};
pub use carrier::{Carrier, Carriers};
pub use controller::{Allowed, Controller};
pub use edge::{Edge, Passed, SandboxState, write_refusal};
pub use error::{Code, Denied, Gate, Misuse};
pub use fingerprint::{Fingerprint, fingerprint};
pub use grant::Grant;
pub use head::{Head, HeaderLine};
pub use header::Header;
pub use host::{Route, SignedPart};
pub use ids::{Context, KeyId, Operation, Port, SandboxId};
pub use policy::{Policy, Versions};
pub use query::{BadEscape, Decoded};
pub use request::Request;
#[cfg(feature = "std")]
pub use residue::boxed;
pub use residue::clean_stack;
pub use secret::{AccessToken, MAX_TOKEN_LEN, TrafficToken};
pub use time::{UnixSeconds, Window};
pub use url::WriteUrlError;

/// The quick start of the repository's README runs as a test.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../../README.md")]
struct Readme;

/// So does the program of the migration guide.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../../docs/migration.md")]
struct Migration;
