//! The decision about a new sandbox's credentials.

use crate::pointer::{optional_bytes, result};
use crate::result::sandgate_result;
use crate::sized::{self, SizedStruct};
use core::ffi::c_char;
use sandgate::creation::{Credentials, Options, decide, read_version};

/// The options of a request to create a sandbox.
#[repr(C)]
pub struct sandgate_creation_options {
    /// sizeof(sandgate_creation_options), so that the struct can grow.
    pub struct_size: usize,
    /// 0 for off; NULL: not given, which means on.
    pub secure: *const i32,
    /// 0 for off; NULL: not given, which means on unless restricted_by_default.
    pub allow_public_traffic: *const i32,
    /// The version of the controller in the template, a semantic version. NULL: unknown.
    pub envd_version: *const c_char,
    /// Its length.
    pub envd_version_len: usize,
    /// What the operator says about requests that do not mention allow_public_traffic: other than 0 for restricted.
    pub restricted_by_default: u32,
}

/// The credentials to issue.
#[repr(C)]
pub struct sandgate_credentials {
    /// sizeof(sandgate_credentials), set by the caller, so that the struct can grow.
    pub struct_size: usize,
    /// 1: the controller requires an access token.
    pub access_token: u32,
    /// 1: the edge requires a traffic token.
    pub traffic_token: u32,
}

// SAFETY: `repr(C)`, its size first.
unsafe impl SizedStruct for sandgate_creation_options {}
// SAFETY: `repr(C)`, its size first.
unsafe impl SizedStruct for sandgate_credentials {}

/// Decides which credentials a new sandbox gets. One that should be secure is secure or is not created.
/// Returns: OK; SANDGATE_CREATION_TEMPLATE_TOO_OLD; SANDGATE_CREATION_TEMPLATE_VERSION_UNKNOWN;
/// SANDGATE_CREATION_RESTRICTED_NEEDS_SECURE; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
/// In: options. Out: out, whose struct_size the caller has set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_creation_decide(
    options: *const sandgate_creation_options,
    out: *mut sandgate_credentials,
) -> sandgate_result {
    // SAFETY: the caller's contract: options whose pointers have their lengths or are NULL, and an output.
    result(unsafe {
        (|| {
            let options = sized::input(options)?;
            let given = |flag: *const i32| flag.as_ref().map(|flag| *flag != 0);
            let version = optional_bytes(options.envd_version.cast(), options.envd_version_len)?;
            let asked = Options {
                secure: given(options.secure),
                allow_public_traffic: given(options.allow_public_traffic),
                restricted_by_default: options.restricted_by_default != 0,
                envd_version: version.map(read_version),
            };
            sized::output(out, || {
                let Credentials { access_token, traffic_token, .. } = decide(&asked)?;
                let struct_size = size_of::<sandgate_credentials>();
                Ok(sandgate_credentials {
                    struct_size,
                    access_token: access_token.into(),
                    traffic_token: traffic_token.into(),
                })
            })
        })()
    })
}
