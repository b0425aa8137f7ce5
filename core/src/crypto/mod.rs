//! Constant-time comparison, SHA-256, SHA-512, HMAC and its tags. Only this folder imports `subtle` and `sha2`.

pub mod compare;
#[cfg(test)]
mod known_answers;
pub(crate) mod mac;
pub(crate) mod sha256;
#[cfg(feature = "initialize")]
pub(crate) mod sha512;
pub(crate) mod short_message;
pub(crate) mod tag;
