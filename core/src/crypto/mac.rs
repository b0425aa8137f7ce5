//! HMAC-SHA256 that keeps the state of its key.
//!
//! The tests compare it with the crate `hmac`; docs/decisions.md gives the reason for our own code.

use crate::crypto::compare::{Choice, same_words};
use crate::crypto::sha256::{BLOCK, Blocks, INITIAL_STATE, Sha256, compress, sha256};
use crate::crypto::short_message::ShortMessage;
use crate::crypto::tag::Tag;
use crate::encoding::bytes::copy;
use crate::encoding::percent::Decoded;
use crate::memory::slots::Blank;
use crate::memory::wipe::{Wiped, wipe};
use core::slice::from_ref;

/// A block with 32 free bytes, followed by the padding of a message of 96 bytes.
const OUTER_PADDING: [u8; BLOCK] = {
    let mut block = [0; BLOCK];
    block[32] = 0x80;
    [block[62], block[63]] = 768_u16.to_be_bytes();
    block
};

/// RFC 2104, section 2.
const INNER_PAD: u8 = 0x36;
const OUTER_PAD: u8 = 0x5c;

/// A key of HMAC-SHA256 (RFC 2104), kept as its two hash states.
#[derive(Clone)]
pub(crate) struct HmacKey {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl HmacKey {
    /// Returns the HMAC key of `key`. For tests and for keys that are not secret, because returning a value moves it.
    pub(crate) fn new(key: &[u8]) -> Self {
        let mut made = Self::blank();
        made.set(key);
        made
    }

    /// Sets this to the key `key`, in place.
    pub(crate) fn set(&mut self, key: &[u8]) {
        let mut block = [0; BLOCK];
        if let Some(place) = block.get_mut(..key.len()) {
            copy(place, key);
        } else {
            let mut digest = Tag::new();
            sha256(key, &mut digest);
            digest.write_bytes(&mut block);
        }
        for (state, change) in [(&mut self.inner, INNER_PAD), (&mut self.outer, OUTER_PAD ^ INNER_PAD)] {
            block.iter_mut().for_each(|byte| *byte ^= change);
            *state = INITIAL_STATE;
            compress(state, from_ref(&block));
        }
        wipe(&mut block);
    }

    /// Copies `other` into this key, in place.
    pub(crate) fn copy_from(&mut self, other: &Self) {
        self.inner = other.inner;
        self.outer = other.outer;
    }

    /// Writes the tag of a message that is already laid out. In place, because a move would leave a copy on the stack.
    #[inline]
    pub(crate) fn tag_of(&self, message: &ShortMessage, tag: &mut Tag) {
        tag.0 = self.inner;
        match message.block() {
            Some(block) => compress(&mut tag.0, block),
            None => self.inner([message.as_bytes(), b""], tag),
        }
        self.outer(tag);
    }

    /// Writes the tag of 16 bytes and a message that is already laid out.
    #[inline]
    pub(crate) fn tag_after(&self, first: &[u8; 16], message: &ShortMessage, tag: &mut Tag) {
        #[cfg(not(sandgate_small))]
        if let Some(block) = message.block_after(first) {
            tag.0 = self.inner;
            compress(&mut tag.0, &block);
            return self.outer(tag);
        }
        self.tag([first, message.as_bytes()], tag);
    }

    /// Writes the tag of the concatenated `parts`.
    #[inline]
    pub(crate) fn tag(&self, parts: [&[u8]; 2], tag: &mut Tag) {
        self.inner(parts, tag);
        self.outer(tag);
    }

    /// The inner hash of the concatenated `parts`.
    #[inline]
    fn inner(&self, parts: [&[u8]; 2], tag: &mut Tag) {
        let mut blocks = Blocks::<1>::resume(self.inner, BLOCK as u64);
        let mut message = blocks.start();
        for part in parts {
            message.update(part);
        }
        message.finish(tag);
    }

    /// Returns the blocks for a message that comes in pieces.
    #[inline(always)]
    pub(crate) fn blocks(&self) -> MacBlocks {
        Blocks::resume(self.inner, BLOCK as u64)
    }

    /// Starts the tag of such a message.
    #[inline(always)]
    pub(crate) const fn start<'b>(&'b self, blocks: &'b mut MacBlocks) -> Mac<'b> {
        Mac { key: self, message: blocks.start() }
    }

    /// Writes the key for one purpose: HKDF expand (RFC 5869) with one block.
    pub(crate) fn expand(&self, info: &[u8], tag: &mut Tag) {
        self.tag([info, &[1]], tag);
    }

    /// The same, as an HMAC key.
    pub(crate) fn expand_key(&self, info: &[u8], key: &mut Self) {
        let mut tag = Tag::new();
        self.expand(info, &mut tag);
        tag.write_key(key);
    }

    /// Compares two keys and returns the undecided result.
    pub(crate) fn same(&self, other: &Self) -> Choice {
        same_words(&self.inner, &other.inner, 0)
    }

    /// Computes the tag from the inner hash.
    #[inline]
    fn outer(&self, tag: &mut Tag) {
        // The outer message is always one block with the same padding: a digest after the block of the key.
        let mut block = OUTER_PADDING;
        tag.write_bytes(&mut block);
        tag.0 = self.outer;
        // By reference: a copy of the block would not be wiped.
        compress(&mut tag.0, from_ref(&block));
        wipe(&mut block);
    }
}

/// Blocks for the usual message.
pub(crate) type MacBlocks = Blocks<3>;

/// The tag of a message that comes in pieces.
pub(crate) struct Mac<'b> {
    key: &'b HmacKey,
    message: Sha256<'b, 3>,
}

impl Mac<'_> {
    #[inline(always)]
    pub(crate) fn update(&mut self, data: &[u8]) {
        self.message.update(data);
    }

    #[inline(always)]
    pub(crate) fn update_padded<const P: usize>(&mut self, text: (&[u8; P], usize)) {
        self.message.update_padded(text);
    }

    #[inline(always)]
    pub(crate) fn update_decoded(&mut self, text: &Decoded<'_>) {
        self.message.update_decoded(text);
    }

    #[inline(always)]
    pub(crate) fn finish(self, tag: &mut Tag) {
        self.message.finish(tag);
        self.key.outer(tag);
    }
}

/// The states of no key.
impl Blank for HmacKey {
    fn blank() -> Self {
        Self { inner: [0; 8], outer: [0; 8] }
    }
}

impl Drop for HmacKey {
    fn drop(&mut self) {
        wipe(&mut self.inner);
        wipe(&mut self.outer);
    }
}

impl Tag {
    /// Makes the tag a key for further tags.
    pub(crate) fn write_key(&self, key: &mut HmacKey) {
        let mut bytes = Wiped([0; 32]);
        self.write_bytes(&mut bytes.0);
        key.set(&bytes.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::{KeyInit, Mac};
    use proptest::prelude::*;

    #[test]
    fn laid_out_message_has_the_same_tag() {
        let key = HmacKey::new(b"key");
        let data = [0x80; 64];
        for length in 0..64 {
            let message = &data[..length];
            let laid_out = ShortMessage::new(message).unwrap();
            assert_eq!(laid_out.as_bytes(), message);
            let mut blocks = key.blocks();
            let mut streamed = key.start(&mut blocks);
            streamed.update(message);
            let mut tag = Tag::new();
            key.tag_of(&laid_out, &mut tag);
            let mut other = Tag::new();
            streamed.finish(&mut other);
            assert_eq!(tag.to_bytes(), other.to_bytes(), "{length} bytes");
        }
        assert!(ShortMessage::new(&data).is_none());
    }

    #[test]
    fn a_row_before_a_laid_out_message_is_part_of_it() {
        let key = HmacKey::new(b"key");
        let row: [u8; 16] = *b"sandbox-traffic-";
        let data: Vec<u8> = (1..64).collect();
        for length in 0..data.len() {
            let message = &data[..length];
            let (mut tag, mut other) = (Tag::new(), Tag::new());
            key.tag_after(&row, &ShortMessage::new(message).unwrap(), &mut tag);
            key.tag([&row, message], &mut other);
            assert_eq!(tag.to_bytes(), other.to_bytes(), "{length} bytes");
        }
    }

    proptest! {
        #[test]
        fn tags_are_hmac(key in prop::collection::vec(any::<u8>(), 0..150), one: Vec<u8>, two: Vec<u8>) {
            let mut oracle = hmac::Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
            oracle.update(&one);
            oracle.update(&two);
            let key = HmacKey::new(&key);
            let mut blocks = key.blocks();
            let mut streamed = key.start(&mut blocks);
            streamed.update(&one);
            streamed.update(&two);
            let oracle = oracle.finalize().into_bytes();
            let mut tag = Tag::new();
            key.tag([&one, &two], &mut tag);
            prop_assert_eq!(&tag.to_bytes()[..], &oracle[..]);
            streamed.finish(&mut tag);
            prop_assert_eq!(&tag.to_bytes()[..], &oracle[..]);
        }
    }
}
