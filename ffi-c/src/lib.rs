//! The C interface of sandgate. It converts and decides nothing; its conventions head the generated header,
//! `include/sandgate.h`.

#![cfg_attr(not(feature = "std"), no_std)]
#![allow(non_camel_case_types, reason = "the names are those of the C interface")]
#![allow(
    clippy::missing_safety_doc,
    reason = "what every function asks of its pointers is said once, in the header's conventions"
)]
#![allow(clippy::must_use_candidate, reason = "C callers do not see the attribute")]

mod allowed;
mod carrier;
mod compare;
mod controller;
mod creation;
mod edge;
mod explain;
mod file_url;
mod forward;
mod guard;
mod head;
mod header_names;
mod keyring;
mod keys;
mod limits;
mod passed;
mod pointer;
mod policy;
mod request;
mod result;
mod route;
mod sandbox_state;
mod sized;
mod slot;
mod text;
mod unknown_sandbox;
mod v2;

pub use allowed::*;
pub use carrier::{SANDGATE_CARRIER_COOKIE, SANDGATE_CARRIER_HEADER, SANDGATE_CARRIER_HOST, SANDGATE_CARRIER_QUERY};
pub use compare::{sandgate_equal, sandgate_fingerprint};
pub use controller::{
    sandgate_controller, sandgate_controller_add_token, sandgate_controller_check, sandgate_controller_init,
    sandgate_controller_init_open, sandgate_controller_is_open, sandgate_controller_wipe,
};
pub use creation::*;
pub use edge::*;
pub use explain::*;
pub use file_url::*;
pub use forward::*;
pub use guard::*;
pub use head::{sandgate_head, sandgate_header_line};
pub use header_names::*;
pub use keyring::{
    sandgate_check_sandbox_id, sandgate_v1_keyring, sandgate_v1_keyring_access_token, sandgate_v1_keyring_add,
    sandgate_v1_keyring_init, sandgate_v1_keyring_traffic_token, sandgate_v1_keyring_verify_access_token,
    sandgate_v1_keyring_verify_traffic_token, sandgate_v1_keyring_wipe,
};
pub use limits::*;
pub use passed::*;
pub use policy::*;
pub use request::{sandgate_bytes, sandgate_header, sandgate_request, sandgate_request_path_is};
pub use result::sandgate_result;
pub use route::{sandgate_route, sandgate_route_parse};
pub use sandbox_state::sandgate_sandbox_state;
pub use text::{sandgate_text, sandgate_text_decode, sandgate_text_equal};
pub use unknown_sandbox::*;
pub use v2::*;

/// The version of the library. Returns: `MAJOR.MINOR.PATCH`, static text with a NUL at its end. Never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn sandgate_version() -> *const core::ffi::c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// Firmware has no unwinder and nobody to tell: it stops. Nothing reaches this, as a freestanding link shows.
#[cfg(not(feature = "std"))]
#[panic_handler]
fn stop(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
