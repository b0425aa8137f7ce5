//! Key ids, as C passes them.

use crate::result::sandgate_result;
use core::ffi::c_char;
use sandgate::KeyId;

/// A C character may be signed.
pub(super) fn key_id(kid: c_char) -> Result<KeyId, sandgate_result> {
    let [byte] = kid.to_ne_bytes();
    Ok(KeyId::try_from(byte)?)
}
