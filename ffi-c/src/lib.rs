//! The C interface of sandgate. It only converts; core decides. The generated header, `include/sandgate.h`, starts with its
//! conventions.

#![cfg_attr(not(feature = "std"), no_std)]
#![allow(non_camel_case_types, reason = "the names are those of the C interface")]
#![allow(
    clippy::missing_safety_doc,
    reason = "what every function asks of its pointers is said once, in the header's conventions"
)]
#![allow(clippy::must_use_candidate, reason = "C callers do not see the attribute")]

mod access_token;
mod allowed;
mod carrier;
mod clean_stack;
mod compare;
mod controller;
mod creation;
mod edge;
mod forward;
mod guard;
mod head;
mod initialize;
mod limits;
mod name_lists;
mod operation;
mod passed;
mod pointer;
mod policy;
mod request;
mod result;
mod result_text;
mod route;
mod sandbox_id;
mod sandbox_state;
mod sized;
mod slot;
mod text;
mod unknown_sandbox;
mod v1;
mod v2;
mod wake;
mod webhook;

pub use allowed::*;
pub use carrier::{SANDGATE_CARRIER_COOKIE, SANDGATE_CARRIER_HEADER, SANDGATE_CARRIER_HOST, SANDGATE_CARRIER_QUERY};
pub use compare::{sandgate_equal, sandgate_fingerprint};
pub use controller::{
    sandgate_controller, sandgate_controller_add_token, sandgate_controller_check, sandgate_controller_init,
    sandgate_controller_init_open, sandgate_controller_is_open, sandgate_controller_wipe,
};
pub use creation::*;
pub use edge::*;
pub use forward::*;
pub use guard::*;
pub use head::{sandgate_head, sandgate_header_line};
pub use initialize::*;
pub use limits::*;
pub use name_lists::*;
pub use operation::{SANDGATE_OPERATION_READ, SANDGATE_OPERATION_WRITE};
pub use passed::*;
pub use policy::*;
pub use request::{sandgate_bytes, sandgate_header, sandgate_request, sandgate_request_path_is};
pub use result::sandgate_result;
pub use result_text::*;
pub use route::{sandgate_route, sandgate_route_parse};
pub use sandbox_id::{sandgate_check_sandbox_id, sandgate_sandbox_id_shorten};
pub use sandbox_state::sandgate_sandbox_state;
pub use text::{sandgate_text, sandgate_text_decode, sandgate_text_equal};
pub use unknown_sandbox::*;
pub use v1::*;
pub use v2::*;
pub use wake::sandgate_wake_check;
pub use webhook::*;

/// The version of the library. Returns: `MAJOR.MINOR.PATCH`, static NUL-terminated text. Never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn sandgate_version() -> *const core::ffi::c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// Firmware has no unwinder, so it stops. This is unreachable, as a freestanding link shows.
#[cfg(not(feature = "std"))]
#[panic_handler]
fn stop(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
