//! Several values in one string, each with its length in front: JavaScript takes it apart faster than Node-API makes an array.
//! `ts/flat.ts` reads it.

use alloc::vec::Vec;
use sandgate::Decoded;

/// The greatest integer that is written as a number.
const MOST: i64 = 1 << 52;

/// The UTF-16 units of the string. Those of numbers and bytes are below 256.
pub(crate) struct Flat(Vec<u16>);

impl Flat {
    /// Nothing yet, and capacity for `more` bytes of text beside everything else.
    pub(crate) fn with_capacity(more: usize) -> Self {
        Self(Vec::with_capacity(more.saturating_add(64)))
    }

    /// Adds a number, seven bits in each unit, the lowest first.
    pub(crate) fn number(&mut self, mut number: u64) {
        while number >= 128 {
            self.0.push((number & 127 | 128) as u16);
            number >>= 7;
        }
        self.0.push(number as u16);
    }

    /// Adds an integer, if there is one. What a double may not hold is a 1 and eight bytes.
    pub(crate) fn integer(&mut self, integer: Option<i64>) {
        match integer {
            None => self.number(0),
            Some(integer @ 0..=MOST) => self.number(integer.cast_unsigned() + 2),
            Some(integer) => {
                self.number(1);
                self.add(&integer.to_le_bytes());
            }
        }
    }

    /// Adds text, if there is any: as bytes if it is not UTF-8.
    pub(crate) fn text(&mut self, text: Option<Decoded<'_>>) {
        let Some(text) = text else { return self.number(0) };
        let (before, mut all) = (self.0.len(), 0);
        self.counted(text.len(), false);
        // ASCII is decoded in place.
        self.0.extend(text.bytes().map(|byte| {
            all |= byte;
            u16::from(byte)
        }));
        if !all.is_ascii() {
            self.0.truncate(before);
            self.wide(&text.bytes().collect::<Vec<u8>>());
        }
    }

    /// Adds text that is not ASCII.
    #[inline(never)]
    fn wide(&mut self, bytes: &[u8]) {
        let Ok(text) = core::str::from_utf8(bytes) else { return self.bytes(bytes) };
        self.counted(text.encode_utf16().count(), false);
        self.0.extend(text.encode_utf16());
    }

    /// Adds bytes as such.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.counted(bytes.len(), true);
        self.add(bytes);
    }

    /// Adds a length: twice, and 2 more for a text, 3 more for bytes. 0 is none.
    fn counted(&mut self, len: usize, as_bytes: bool) {
        self.number(((len as u64) << 1) + if as_bytes { 3 } else { 2 });
    }

    fn add(&mut self, bytes: &[u8]) {
        self.0.extend(bytes.iter().map(|byte| u16::from(*byte)));
    }

    pub(crate) fn units(&self) -> &[u16] {
        &self.0
    }
}
