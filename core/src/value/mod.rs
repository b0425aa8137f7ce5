//! Tokens, ids, times, refusals: validated on construction, so that no other module checks them again.

pub(crate) mod error;
pub(crate) mod fingerprint;
pub(crate) mod ids;
pub(crate) mod signed_text;
pub(crate) mod time;
#[cfg(feature = "initialize")]
pub(crate) mod timestamp;
pub(crate) mod token;
