//! Bytes and their spellings: base64, hex, base32, percent-encoding, numbers, JSON text, and caller-provided buffers.

pub(crate) mod base64;
pub(crate) mod buffer;
pub(crate) mod bytes;
pub(crate) mod json;
#[cfg(feature = "initialize")]
pub(crate) mod json_object;
pub(crate) mod number;
pub(crate) mod percent;
pub(crate) mod query_text;
pub(crate) mod text;
