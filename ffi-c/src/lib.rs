//! The C interface of sandgate. It converts and decides nothing; its conventions head the generated header,
//! `include/sandgate.h`.

#![allow(non_camel_case_types, reason = "the names are those of the C interface")]
#![allow(
    clippy::missing_safety_doc,
    reason = "what every function asks of its pointers is said once, in the header's conventions"
)]
#![allow(clippy::must_use_candidate, reason = "C callers do not see the attribute")]

mod compare;
mod controller;
mod pointer;
mod request;
mod result;
mod slot;
mod text;

pub use compare::{sandgate_equal, sandgate_fingerprint};
pub use controller::{
    SANDGATE_ALLOWED_EXEMPT, SANDGATE_ALLOWED_OPEN, SANDGATE_ALLOWED_SIGNATURE, SANDGATE_ALLOWED_TOKEN,
    SANDGATE_OPERATION_READ, SANDGATE_OPERATION_WRITE, sandgate_allowed, sandgate_controller,
    sandgate_controller_add_token, sandgate_controller_check, sandgate_controller_init, sandgate_controller_init_open,
    sandgate_controller_wipe,
};
pub use request::{sandgate_header, sandgate_request};
pub use result::{sandgate_refusal_json, sandgate_result, sandgate_result_message, sandgate_result_status};
pub use text::{sandgate_text, sandgate_text_decode};

/// The version of the library, `MAJOR.MINOR.PATCH`, with a NUL at its end. Never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn sandgate_version() -> *const core::ffi::c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}
