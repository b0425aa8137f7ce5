//! What a verifier accepts, as C passes it.

use crate::carrier;
use crate::pointer::result;
use crate::result::sandgate_result::{self, *};
use crate::sized::{self, SizedStruct};
use sandgate::{Policy, Versions};

/// The policy that NULL means: both wire formats; at the edge the header and signed hosts.
pub const SANDGATE_POLICY_DEFAULT: u32 = 0;
/// Accepts what E2B's SDKs send today: only v1, in headers.
pub const SANDGATE_POLICY_E2B_SDKS: u32 = 1;
/// Accepts only v2.
pub const SANDGATE_POLICY_V2_ALONE: u32 = 2;

/// Wire format v1.
pub const SANDGATE_FORMAT_V1: u32 = 1;
/// Wire format v2.
pub const SANDGATE_FORMAT_V2: u32 = 2;

const BOTH: u32 = SANDGATE_FORMAT_V1 | SANDGATE_FORMAT_V2;

/// What a controller and an edge accept, apart from their secrets. Start with sandgate_policy_init.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sandgate_policy {
    /// sizeof(sandgate_policy), set by the caller, so that the struct can grow.
    pub struct_size: usize,
    /// How many seconds clocks may disagree, at most 300, for v2 only: a v1 URL expires exactly at its time.
    pub leeway: u32,
    /// How many seconds ahead a v2 file URL or pass may expire.
    pub max_lifetime: u32,
    /// How many seconds ahead a signed host may expire.
    pub signed_host_max_lifetime: u32,
    /// Where an edge looks for a credential: SANDGATE_CARRIER_*, joined with |. An edge without a v2 secret reads only the
    /// header.
    pub carriers: u32,
    /// SANDGATE_FORMAT_V1, SANDGATE_FORMAT_V2 or both, joined with |.
    pub versions: u32,
    /// Not 0: a v1 file URL must have an expiry.
    pub v1_expiry_required: u32,
}

// SAFETY: `repr(C)`, its size first.
unsafe impl SizedStruct for sandgate_policy {}

impl sandgate_policy {
    fn named(name: u32) -> Result<Self, sandgate_result> {
        match name {
            SANDGATE_POLICY_DEFAULT => Ok(Policy::default().into()),
            SANDGATE_POLICY_E2B_SDKS => Ok(Policy::E2B_SDKS.into()),
            SANDGATE_POLICY_V2_ALONE => Ok(Policy::V2_ALONE.into()),
            _ => Err(SANDGATE_BAD_POLICY),
        }
    }

    fn read(&self) -> Result<Policy, sandgate_result> {
        let versions = match self.versions {
            SANDGATE_FORMAT_V1 => Versions::V1,
            SANDGATE_FORMAT_V2 => Versions::V2,
            BOTH => Versions::Both,
            _ => return Err(SANDGATE_BAD_POLICY),
        };
        let policy = Policy::default()
            .max_lifetime(self.max_lifetime)
            .signed_host_max_lifetime(self.signed_host_max_lifetime)
            .carriers(carrier::read(self.carriers)?)
            .versions(versions)
            .v1_expiry_required(self.v1_expiry_required != 0);
        Ok(policy.leeway(self.leeway)?)
    }

    /// Returns the policy at a pointer; NULL is the default.
    ///
    /// # Safety
    /// Unless it is NULL, `policy` is valid for reads of the size that stands at it.
    pub(crate) unsafe fn given(policy: *const Self) -> Result<Policy, sandgate_result> {
        if policy.is_null() {
            return Ok(Policy::default());
        }
        // SAFETY: the caller's contract.
        unsafe { sized::input(policy) }?.read()
    }
}

impl From<Policy> for sandgate_policy {
    fn from(policy: Policy) -> Self {
        Self {
            struct_size: size_of::<Self>(),
            leeway: policy.window.leeway(),
            max_lifetime: policy.window.max_lifetime(),
            signed_host_max_lifetime: policy.signed_host_window.max_lifetime(),
            carriers: carrier::bits(policy.carriers),
            versions: match policy.versions {
                Versions::V1 => SANDGATE_FORMAT_V1,
                Versions::V2 => SANDGATE_FORMAT_V2,
                Versions::Both => BOTH,
            },
            v1_expiry_required: policy.v1_expiry_required.into(),
        }
    }
}

/// Writes a policy by its name. Change the fields that should differ.
/// Returns: OK; SANDGATE_BAD_POLICY; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
/// In: name, one of SANDGATE_POLICY_*. Out: out, whose struct_size the caller has set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_policy_init(name: u32, out: *mut sandgate_policy) -> sandgate_result {
    // SAFETY: the caller's contract: an output.
    result(unsafe { sized::output(out, || sandgate_policy::named(name)) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use sandgate::{Carrier, Carriers};

    #[test]
    fn the_named_policies_are_those_of_core() {
        let named = |name| sandgate_policy::named(name).and_then(|policy| policy.read());
        assert_eq!(named(SANDGATE_POLICY_DEFAULT), Ok(Policy::default()));
        assert_eq!(named(SANDGATE_POLICY_E2B_SDKS), Ok(Policy::E2B_SDKS));
        assert_eq!(named(SANDGATE_POLICY_V2_ALONE), Ok(Policy::V2_ALONE));
        for unknown in [3, u32::MAX] {
            assert_eq!(named(unknown), Err(SANDGATE_BAD_POLICY));
        }
    }

    #[test]
    fn every_part_reaches_core() {
        let policy = sandgate_policy {
            struct_size: size_of::<sandgate_policy>(),
            leeway: 300,
            max_lifetime: u32::MAX,
            signed_host_max_lifetime: 7,
            carriers: 15,
            versions: 2,
            v1_expiry_required: 2,
        };
        let same = Policy::V2_ALONE.leeway(300).unwrap().max_lifetime(u32::MAX).signed_host_max_lifetime(7);
        assert_eq!(policy.read(), Ok(same.carriers(Carriers::of(&Carrier::ALL))));
        for bits in 0..16 {
            let all = Carrier::ALL.into_iter().zip([1, 2, 4, 8]);
            let chosen: Vec<Carrier> = all.filter(|(_, bit)| bits & bit != 0).map(|(carrier, _)| carrier).collect();
            let policy = sandgate_policy { carriers: bits, ..policy };
            assert_eq!(policy.read(), Ok(same.carriers(Carriers::of(&chosen))), "{bits}");
        }
        assert_eq!(sandgate_policy { versions: 1, ..policy }.read().map(|read| read == same), Ok(false));
        assert_eq!(sandgate_policy { leeway: 301, ..policy }.read(), Err(SANDGATE_BAD_LEEWAY));
        for (carriers, versions) in [(16, 1), (1 << 31, 1), (1, 0), (1, 4), (1, 7)] {
            let policy = sandgate_policy { carriers, versions, ..policy };
            assert_eq!(policy.read(), Err(SANDGATE_BAD_POLICY), "{carriers} {versions}");
        }
    }
}
