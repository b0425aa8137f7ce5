//! Why a request may pass the edge, as C reads it.

use crate::carrier::number;
use crate::result::sandgate_result;
use crate::sized::SizedStruct;
use sandgate::{Passed, UnixSeconds};

/// The sandbox restricts nothing.
pub const SANDGATE_PASSED_PUBLIC: u32 = 1;
/// The controller's port, where the controller has its own check.
pub const SANDGATE_PASSED_CONTROLLER_PORT: u32 = 2;
/// The traffic token was presented.
pub const SANDGATE_PASSED_TOKEN: u32 = 3;
/// A traffic pass was presented.
pub const SANDGATE_PASSED_PASS: u32 = 4;
/// The host is a signed one.
pub const SANDGATE_PASSED_SIGNED_HOST: u32 = 5;

/// Why a request may pass.
#[repr(C)]
pub struct sandgate_passed {
    /// sizeof(sandgate_passed), set by the caller, so that the struct can grow.
    pub struct_size: usize,
    /// One of SANDGATE_PASSED_*.
    pub basis: u32,
    /// Where the request carried the credential, one of SANDGATE_CARRIER_*; 0 if none was required.
    pub carrier: u32,
    /// The last second for which the credential is valid, if has_expires: a connection that outlives its request may be cut
    /// then.
    pub expires: i64,
    /// 1 if the credential expires, else 0.
    pub has_expires: u32,
}

// SAFETY: `repr(C)`, its size first.
unsafe impl SizedStruct for sandgate_passed {}

impl TryFrom<Passed> for sandgate_passed {
    type Error = sandgate_result;

    fn try_from(passed: Passed) -> Result<Self, sandgate_result> {
        let basis = match passed {
            Passed::Public => SANDGATE_PASSED_PUBLIC,
            Passed::ControllerPort => SANDGATE_PASSED_CONTROLLER_PORT,
            Passed::Token => SANDGATE_PASSED_TOKEN,
            Passed::Pass { .. } => SANDGATE_PASSED_PASS,
            Passed::SignedHost { .. } => SANDGATE_PASSED_SIGNED_HOST,
            // A variant that this interface does not know yet is refused.
            _ => return Err(sandgate_result::SANDGATE_MISUSE),
        };
        let expires = passed.expires();
        Ok(Self {
            struct_size: size_of::<Self>(),
            basis,
            carrier: passed.carrier().map_or(0, number),
            expires: expires.map_or(0, UnixSeconds::get),
            has_expires: expires.is_some().into(),
        })
    }
}
