//! The npm package's native code: a Node-API addon, and for everything else a WebAssembly module. It converts and decides
//! nothing; `ts/` gives it its public names.

// Its tests are in JavaScript; a harness for Rust would find a crate that nothing calls.
#![cfg(not(test))]
#![no_std]
#![deny(unsafe_code)]
// In WebAssembly errors do not return, and some natives are in other modules.
#![cfg_attr(target_family = "wasm", allow(dead_code, unreachable_code, unused_imports))]
#![cfg_attr(
    any(feature = "sign-only", feature = "inspect-only", feature = "initialize-only"),
    allow(dead_code, unused_imports, unused_macros)
)]

extern crate alloc;
#[cfg(not(target_family = "wasm"))]
extern crate std;

mod arguments;
mod class;
mod clock;
mod controller;
mod creation;
mod e2b;
mod edge;
mod explain;
mod flat;
mod forward;
mod free;
mod functions;
mod grant;
mod head;
mod inspect;
mod kind;
mod policy;
mod properties;
mod read;
mod refusals;
mod route;
mod thrown;
mod utf16;
mod v1;
mod v2;
mod webhook;
mod wiped;

#[cfg(not(target_family = "wasm"))]
mod node_api;
#[cfg(target_family = "wasm")]
mod wasm;

/// The host that runs the natives. Both hosts have the same interface.
#[cfg(not(target_family = "wasm"))]
use node_api as host;
#[cfg(target_family = "wasm")]
use wasm as host;
