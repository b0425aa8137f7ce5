//! Constant-time comparison, SHA-256, HMAC and its tags. Only this folder imports `subtle` and `sha2`.

pub mod compare;
pub(crate) mod mac;
pub(crate) mod sha256;
pub(crate) mod short_message;
pub(crate) mod tag;
