//! Decides who may reach a cloud sandbox. This crate derives a sandbox's tokens, compares them in constant time,
//! signs and verifies file URLs, and holds the complete rule of the controller inside the sandbox and of the edge
//! proxy in front of it.
//!
//! No allocation, no randomness, no unsafe code, and no path that panics. Inputs are bytes, and refusals are values. Time is
//! an argument: only [`UnixSeconds::now`], under the feature `std`, reads a clock.
//!
//! | who | has | uses |
//! | --- | --- | --- |
//! | API server | the seeds | [`creation::decide`], [`wake::check`], [`v2::Keyring`], [`v1::Keyring`] |
//! | controller in the sandbox | its access tokens | [`Controller`] |
//! | edge proxy | traffic roots, or each sandbox's traffic token | [`Route`], [`Edge`], [`forward`] |
//! | SDK | the sandbox's tokens | [`v2::FileUrlKey`], [`v2::TrafficKey`], [`v1::FileUrlKey`] |
//! | receiver of webhooks | their secret | [`webhook::Verifier`] |
//!
//! ```
//! use sandgate::v2::{FileUrl, FileUrlKey, Keyring};
//! use sandgate::{Operation, UnixSeconds};
//!
//! let seed = b"a seed of at least 32 bytes, kept secret";
//! let token = Keyring::new("a".parse()?, seed)?.access_token(&"i94gcaqbpvohfr764s5l".parse()?, 0);
//!
//! let key = FileUrlKey::new(&token)?;
//! let (now, end) = (UnixSeconds::new(1_800_000_000), UnixSeconds::new(1_800_000_060));
//! let mut url = String::new();
//! key.write_url(&mut url, "https://49983-i94gcaqbpvohfr764s5l.e2b.app", &FileUrl::download(b"/a.txt", end))?;
//!
//! let (_, query) = url.split_once('?').unwrap();
//! let grant = key.verify_query(Operation::Read, query.as_bytes(), None, now).unwrap();
//! assert_eq!(grant.path(), "/a.txt");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Use [`v2`] where you control both the issuer and the verifier. [`v1`] is what E2B and Novita sandboxes speak today, with its
//! weaknesses: a `:` inside a path or a user is ambiguous, the signature is a plain hash with the secret inside, and a URL
//! without an expiry never expires.

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

// Modules in alphabetical order. `cargo xtask lint` checks which of them may import which.
pub mod creation;
mod crypto;
pub mod e2b;
mod encoding;
#[cfg(feature = "explain")]
pub mod explain;
mod gate;
mod memory;
mod request;
pub mod v1;
pub mod v2;
mod value;
pub mod webhook;

pub use crypto::compare;
pub use encoding::buffer::{BufferTooSmall, write_to_slice};
pub use encoding::percent::{BadEscape, Decoded};
pub use gate::carrier::{Carrier, Carriers};
pub use gate::checked_request::Request;
pub use gate::controller::{Allowed, Controller};
pub use gate::edge::{Edge, Passed, write_refusal};
pub use gate::head::{Head, HeaderLine};
#[cfg(feature = "initialize")]
pub use gate::initialize::Initialized;
pub use gate::policy::{Policy, Versions};
pub use gate::sandbox_state::SandboxState;
pub use gate::{forward, header_names as headers, unknown_sandbox, wake};
#[cfg(feature = "std")]
pub use memory::residue::boxed;
pub use memory::residue::clean_stack;
pub use request::grant::Grant;
pub use request::header::Header;
pub use request::route::Route;
#[doc(hidden)]
pub use request::route::SignedPart;
pub use request::url_writer::WriteUrlError;
pub use value::error::{Code, Denied, Gate, Misuse};
pub use value::fingerprint::{Fingerprint, fingerprint};
pub use value::ids::{Context, KeyId, Operation, Port, SandboxId};
pub use value::time::{UnixSeconds, Window};
pub use value::token::{AccessToken, MAX_TOKEN_LEN, TrafficToken};

/// The quick start of the repository's README runs as a test.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The quick start of the crate's own README runs as a test.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../README.md")]
struct CrateReadme;

/// The program of the migration guide runs as a test.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../../docs/migration.md")]
struct Migration;
