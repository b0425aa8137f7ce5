//! Bytes and their spellings: base64, hex, base32, numbers, JSON text, and buffers that the caller provides.

pub(crate) mod base64;
pub(crate) mod buffer;
pub(crate) mod bytes;
pub(crate) mod json;
pub(crate) mod number;
pub(crate) mod text;
