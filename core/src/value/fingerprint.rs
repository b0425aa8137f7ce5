//! The fingerprint of a token, which a log may show.

use crate::crypto::sha256::sha256;
use crate::crypto::tag::Tag;
use crate::memory::wipe::Wiped;
use core::fmt;

/// 8 hex digits of a token's SHA-256: enough to tell two tokens apart in a log, useless as a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 8]);

impl Fingerprint {
    /// The 8 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Returns the fingerprint of a token of any length and content.
///
/// ```
/// assert_eq!(sandgate::fingerprint(b"abc").to_string(), "ba7816bf");
/// ```
#[must_use]
pub fn fingerprint(token: &[u8]) -> Fingerprint {
    let (mut digest, mut hex) = (Tag::new(), Wiped([0; 64]));
    sha256(token, &mut digest);
    digest.write_hex(&mut hex.0);
    Fingerprint(hex.0.first_chunk().copied().unwrap_or_default())
}
