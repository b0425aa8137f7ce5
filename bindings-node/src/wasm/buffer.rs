//! Reading text: a string or a `Uint8Array`, as bytes.

use super::record::{ASCII, BYTES, UTF_16};
use super::thrown::Thrown;
use super::value::Value;
use crate::read::Read;
use crate::thrown::not_text;
use crate::utf16::{encode, encode_received};
use crate::wiped::Wiped;
use alloc::boxed::Box;

/// A text that was read: where JavaScript wrote it, or on the heap if it had to be encoded. Both stay there until the call ends.
pub(crate) struct Buffer<const N: usize, const SECRET: bool>(&'static [u8]);

impl<const N: usize, const SECRET: bool> Buffer<N, SECRET> {
    pub(crate) const fn new() -> Self {
        Self(&[])
    }

    /// The text that was read last.
    pub(crate) const fn bytes(&self) -> &[u8] {
        self.0
    }

    /// Reads a text. `lossy`: a lone surrogate becomes U+FFFD.
    pub(crate) fn read(&mut self, value: Value<'_>, lossy: bool) -> Read {
        self.read_by(value, |units, out| encode(units, lossy, out))
    }

    /// The text, which must be one.
    #[inline(always)]
    pub(crate) fn required(&mut self, value: Value<'_>, lossy: bool, name: &str) -> Result<&[u8], Thrown> {
        Ok(required(value, lossy, name))
    }

    /// The text, if it is given.
    #[inline(always)]
    pub(crate) fn optional(&mut self, value: Value<'_>, lossy: bool, name: &str) -> Result<Option<&[u8]>, Thrown> {
        Ok(*optional(value, lossy, name))
    }

    /// Reads what a server received, which Node and `Headers` hand over as strings of bytes: each character is one.
    pub(crate) fn read_received(&mut self, value: Value<'_>) -> Read {
        self.read_by(value, encode_received)
    }

    fn read_by(&mut self, value: Value<'_>, encode: impl FnOnce(&[u16], &mut Wiped) -> Read) -> Read {
        match value.record.kind {
            ASCII | BYTES => {
                self.0 = value.record.items();
                Read::Text
            }
            UTF_16 => {
                let mut encoded = Wiped::new();
                let read = encode(value.record.items(), &mut encoded);
                self.0 = encoded.leaked();
                read
            }
            _ if value.is_absent() => Read::Absent,
            _ => Read::Other,
        }
    }

    /// Reads a `Uint8Array`, and nothing else.
    pub(crate) fn read_bytes(&mut self, value: Value<'_>) -> bool {
        value.record.kind == BYTES && self.read(value, false) == Read::Text
    }
}

/// The text behind one pointer, which needs less code of the caller's than a slice.
fn required(value: Value<'_>, lossy: bool, name: &str) -> &'static &'static [u8] {
    match optional(value, lossy, name) {
        Some(text) => text,
        None => match not_text(Read::Absent, name) {},
    }
}

/// The same, if it is given.
fn optional(value: Value<'_>, lossy: bool, name: &str) -> &'static Option<&'static [u8]> {
    let mut buffer = Buffer::<0, true>::new();
    let text = match buffer.read(value, lossy) {
        Read::Text => Some(buffer.0),
        Read::Absent => None,
        refused => match not_text(refused, name) {},
    };
    Box::leak(Box::new(text))
}
