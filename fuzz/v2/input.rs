//! The input of the v2 targets besides their texts.
//!
//! Every field has a fixed width and the text comes last, so that seeds are bytes that can be written by hand.

// Each target uses a part of this file.
#![allow(dead_code)]

use crate::agreement::oracle::Verifier;
use crate::agreement::template::Tamper;
use crate::agreement::times::Offset;
use arbitrary::Arbitrary;

/// 17 bytes, or 19 with a change of a right text.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) struct Clock {
    now: i64,
    leeway: u16,
    max_lifetime: u32,
    offset: i8,
    tamper: Option<(u8, u8)>,
}

impl Clock {
    pub(crate) fn at(self, context: Option<&[u8]>) -> (Verifier<'_>, Offset, Option<Tamper>) {
        let leeway = u32::from(self.leeway % 301);
        let verifier = Verifier { context, leeway, max_lifetime: self.max_lifetime, now: self.now };
        (verifier, Offset::new(self.offset), self.tamper.map(|(at, to)| Tamper { at, to }))
    }
}

/// Whether signer and verifier have a context. 1 byte.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) struct Context(u8);

impl Context {
    /// The contexts of verifier and signer: mostly the same.
    pub(crate) fn both(self, text: &[u8]) -> (Option<&[u8]>, Option<&[u8]>) {
        let text = text.get(..255).unwrap_or(text);
        let text = Some(text).filter(|text| !text.is_empty());
        match self.0 % 8 {
            0 => (text, None),
            1 => (None, text),
            2 => (text, Some(b"another")),
            _ => (text, text),
        }
    }
}

/// The text before and after the first line feed.
pub(crate) fn line(text: &[u8]) -> (&[u8], &[u8]) {
    let mut halves = text.splitn(2, |byte| *byte == b'\n');
    (halves.next().unwrap_or_default(), halves.next().unwrap_or_default())
}
