//! SHA-256 and HMAC-SHA256 with kept state, over the block function of `sha2`.
//!
//! `sha2`'s and `hmac`'s own interfaces are the oracles of the tests; docs/decisions.md says what these few lines gain.

use crate::bytes::{copy, wipe};
use crate::compare::{Choice, same};
use crate::text;
use sha2::block_api::compress256;

const BLOCK: usize = 64;

/// How much is collected before it is compressed: the usual message of a file URL fits, so that it is compressed in
/// one call.
const BUFFER: usize = 4 * BLOCK;

/// FIPS 180-4, section 5.3.3.
const INITIAL_STATE: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// A SHA-256 computation that takes its message in pieces.
pub(crate) struct Sha256 {
    state: [u32; 8],
    /// Zero behind `filled`, so that padding writes two things only.
    buffer: [u8; BUFFER],
    filled: usize,
    /// Bytes compressed before those in the buffer.
    compressed: u64,
}

impl Sha256 {
    #[inline]
    pub(crate) fn new() -> Self {
        Self::resume(INITIAL_STATE, 0)
    }

    #[inline]
    fn resume(state: [u32; 8], compressed: u64) -> Self {
        Self { state, buffer: [0; BUFFER], filled: 0, compressed }
    }

    #[inline]
    pub(crate) fn update(&mut self, data: &[u8]) {
        let free = self.buffer.get_mut(self.filled..).unwrap_or_default();
        if data.len() <= free.len() {
            copy(free, data);
            self.filled = self.filled.wrapping_add(data.len());
        } else {
            self.overflow(data);
        }
    }

    /// Fills the buffer, as often as `data` lasts.
    #[cold]
    fn overflow(&mut self, data: &[u8]) {
        let mut rest = data;
        while !rest.is_empty() {
            if self.filled == BUFFER {
                self.flush();
            }
            let free = self.buffer.get_mut(self.filled..).unwrap_or_default();
            let now = rest.len().min(free.len());
            copy(free, rest);
            self.filled = self.filled.wrapping_add(now);
            rest = rest.get(now..).unwrap_or_default();
        }
    }

    /// Compresses the whole buffer.
    fn flush(&mut self) {
        compress256(&mut self.state, self.buffer.as_chunks().0);
        self.buffer = [0; BUFFER];
        self.compressed = self.compressed.wrapping_add(BUFFER as u64);
        self.filled = 0;
    }

    /// The digest of what was fed in, which ends the computation. By reference, since a move would leave the message
    /// behind. FIPS 180-4, section 5.1.1: a one bit, zeros, the length in bits.
    #[inline]
    pub(crate) fn finish(&mut self) -> Tag {
        Tag(to_bytes(self.pad()))
    }

    #[inline]
    fn pad(&mut self) -> &[u32; 8] {
        if self.filled == BUFFER {
            self.flush();
        }
        let length = self.compressed.wrapping_add(self.filled as u64);
        if let Some(end) = self.buffer.get_mut(self.filled) {
            *end = 0x80;
        }
        // The length takes 8 bytes behind the one bit, in the same block or in the next.
        let mut last = self.filled.wrapping_add(8) / BLOCK;
        if last == BUFFER / BLOCK {
            self.flush();
            last = 0;
        }
        let (blocks, _) = self.buffer.as_chunks_mut::<BLOCK>();
        if let Some(place) = blocks.get_mut(last).and_then(|block| block.last_chunk_mut()) {
            *place = length.wrapping_mul(8).to_be_bytes();
        }
        compress256(&mut self.state, blocks.get(..=last).unwrap_or_default());
        &self.state
    }
}

impl Drop for Sha256 {
    fn drop(&mut self) {
        wipe(&mut self.state);
        wipe(&mut self.buffer);
    }
}

/// A block with 32 bytes left free in front of the padding of a message of 96 bytes.
const OUTER_PADDING: [u8; BLOCK] = {
    let mut block = [0; BLOCK];
    block[32] = 0x80;
    [block[62], block[63]] = 768_u16.to_be_bytes();
    block
};

/// A key of HMAC-SHA256 (RFC 2104), kept as the two states that follow from it.
#[derive(Clone)]
pub(crate) struct HmacKey {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl HmacKey {
    pub(crate) fn new(key: &[u8]) -> Self {
        let mut block = [0; BLOCK];
        if let Some(place) = block.get_mut(..key.len()) {
            copy(place, key);
        } else {
            copy(&mut block, &sha256(key).0);
        }
        let keyed = |block: &[u8; BLOCK], pad: u8| {
            let mut padded = block.map(|byte| byte ^ pad);
            let mut state = INITIAL_STATE;
            compress256(&mut state, &[padded]);
            wipe(&mut padded);
            state
        };
        let key = Self { inner: keyed(&block, 0x36), outer: keyed(&block, 0x5c) };
        wipe(&mut block);
        key
    }

    /// The tag of a message that is laid out already.
    #[inline]
    pub(crate) fn tag_of(&self, message: &ShortMessage) -> Tag {
        if !message.is_padded() {
            return self.tag([message.as_bytes(), b""]);
        }
        let mut inner = self.inner;
        compress256(&mut inner, core::slice::from_ref(&message.block));
        self.outer(&mut inner)
    }

    /// The tag of the concatenated `parts`.
    #[inline]
    pub(crate) fn tag(&self, parts: [&[u8]; 2]) -> Tag {
        let mut inner = self.inner;
        let mut block = [0; BLOCK];
        if let Some(padded) = padded(parts, BLOCK as u64, &mut block) {
            compress256(&mut inner, padded);
            wipe(&mut block);
        } else {
            let mut message = Sha256::resume(self.inner, BLOCK as u64);
            for part in parts {
                message.update(part);
            }
            inner = *message.pad();
        }
        self.outer(&mut inner)
    }

    /// Begins the tag of a message that comes in pieces.
    #[inline]
    pub(crate) fn start(&self) -> Mac<'_> {
        Mac { key: self, message: Sha256::resume(self.inner, BLOCK as u64) }
    }

    /// The key for one purpose: HKDF expand (RFC 5869) with one block.
    pub(crate) fn expand(&self, info: &[u8]) -> Tag {
        self.tag([info, &[1]])
    }

    /// Whether two keys are the same, undecided.
    pub(crate) fn same(&self, other: &Self) -> Choice {
        let (mut one, mut two) = (to_bytes(&self.inner), to_bytes(&other.inner));
        let same = same(&one, &two);
        wipe(&mut one);
        wipe(&mut two);
        same
    }

    /// The tag that follows from the inner hash, which is wiped.
    #[inline]
    fn outer(&self, inner: &mut [u32; 8]) -> Tag {
        // The outer message is one block and its padding always the same: a digest behind the block of the key.
        let mut block = OUTER_PADDING;
        for (place, word) in block.as_chunks_mut().0.iter_mut().zip(&*inner) {
            *place = word.to_be_bytes();
        }
        wipe(inner);
        let mut state = self.outer;
        compress256(&mut state, &[block]);
        wipe(&mut block);
        let tag = Tag(to_bytes(&state));
        wipe(&mut state);
        tag
    }
}

/// A message of fewer bytes than a block has, laid out behind the block of a key and padded, where the padding has room.
///
/// A processor that has just written a block by pieces waits before it can read it as a whole: better it was long ago.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(align(16))]
pub(crate) struct ShortMessage {
    block: [u8; BLOCK],
    len: u8,
}

impl ShortMessage {
    pub(crate) const MAX_LEN: usize = BLOCK - 1;

    #[inline]
    pub(crate) fn new(message: &[u8]) -> Option<Self> {
        if message.len() > Self::MAX_LEN {
            return None;
        }
        let mut laid_out = Self { block: [0; BLOCK], len: message.len() as u8 };
        if padded([message], BLOCK as u64, &mut laid_out.block).is_none() {
            copy(&mut laid_out.block, message);
        }
        Some(laid_out)
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.block.get(..usize::from(self.len)).unwrap_or_default()
    }

    #[inline]
    fn is_padded(&self) -> bool {
        usize::from(self.len) < BLOCK - 8
    }
}

/// The tag of a message that comes in pieces.
pub(crate) struct Mac<'k> {
    key: &'k HmacKey,
    message: Sha256,
}

impl Mac<'_> {
    #[inline]
    pub(crate) fn update(&mut self, data: &[u8]) {
        self.message.update(data);
    }

    /// By reference for the same reason as [`Sha256::finish`].
    #[inline]
    pub(crate) fn finish(&mut self) -> Tag {
        let mut inner = *self.message.pad();
        self.key.outer(&mut inner)
    }
}

impl Drop for HmacKey {
    fn drop(&mut self) {
        wipe(&mut self.inner);
        wipe(&mut self.outer);
    }
}

/// The 32 bytes of a digest or of an HMAC. A secret until it is published.
pub(crate) struct Tag([u8; 32]);

impl Tag {
    #[inline]
    pub(crate) fn write_hex(&self, out: &mut [u8; 64]) {
        text::write_hex(&self.0, out);
    }

    #[inline]
    pub(crate) fn write_base64(&self, out: &mut [u8; 43]) {
        text::write_base64(&self.0, out);
    }

    #[inline]
    pub(crate) fn write_base64url(&self, out: &mut [u8; 43]) {
        text::write_base64url(&self.0, out);
    }

    /// Whether this is the tag that was presented, undecided.
    #[inline]
    pub(crate) fn is(&self, presented: &PresentedTag) -> Choice {
        same(&self.0, &presented.tag.0) & presented.readable
    }

    /// Whether a text is this tag in base64, in its one spelling, undecided.
    #[inline]
    pub(crate) fn is_base64(&self, text: &[u8; 43]) -> Choice {
        let mut right = [0; 43];
        self.write_base64(&mut right);
        let same = same(&right, text);
        wipe(&mut right);
        same
    }

    /// A key from its text, in its one spelling.
    pub(crate) fn read_base64url(text: &[u8; 43]) -> Option<Self> {
        let mut key = Self([0; 32]);
        text::read_base64url(text, &mut key.0).then_some(key)
    }

    /// The first 16 bytes in base32.
    pub(crate) fn base32(&self) -> [u8; 26] {
        self.0.first_chunk().map_or([0; 26], text::base32)
    }

    /// As the key of further tags.
    pub(crate) fn key(&self) -> HmacKey {
        HmacKey::new(&self.0)
    }
}

/// A tag as it is presented.
///
/// Read it before the right one is computed: a processor reads it while it waits for the message.
pub(crate) struct PresentedTag {
    tag: Tag,
    readable: Choice,
}

impl PresentedTag {
    #[inline]
    pub(crate) fn from_hex(text: &[u8; 64]) -> Self {
        let mut tag = Tag([0; 32]);
        let readable = text::read_hex(text, &mut tag.0);
        Self { tag, readable: u8::from(readable).into() }
    }
}

impl Drop for Tag {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// The concatenated pieces as the last blocks of a message, in a room of zeros, if they fit: the usual case, and the hot one.
/// The end is that of [`Sha256::pad`].
#[inline]
fn padded<'r, const N: usize>(pieces: [&[u8]; N], compressed: u64, room: &'r mut [u8]) -> Option<&'r [[u8; BLOCK]]> {
    // Before anything is copied: what does not fit leaves nothing of a secret behind.
    let len = pieces.iter().try_fold(0_usize, |sum, piece| sum.checked_add(piece.len()))?;
    if len >= room.len().checked_sub(8)? {
        return None;
    }
    let mut filled: usize = 0;
    for piece in pieces {
        if piece.is_empty() {
            continue;
        }
        copy(room.get_mut(filled..)?.get_mut(..piece.len())?, piece);
        filled = filled.wrapping_add(piece.len());
    }
    *room.get_mut(filled)? = 0x80;
    let last = filled.wrapping_add(8) / BLOCK;
    let (blocks, _) = room.as_chunks_mut();
    let length = compressed.wrapping_add(filled as u64).wrapping_mul(8);
    *blocks.get_mut(last)?.last_chunk_mut()? = length.to_be_bytes();
    blocks.get(..=last)
}

#[inline]
fn to_bytes(state: &[u32; 8]) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (place, word) in bytes.as_chunks_mut().0.iter_mut().zip(state) {
        *place = word.to_be_bytes();
    }
    bytes
}

/// SHA-256 of the concatenated pieces, if they fit in three blocks.
#[inline]
pub(crate) fn sha256_at_once<const N: usize>(pieces: [&[u8]; N]) -> Option<Tag> {
    let mut room = [0; 3 * BLOCK];
    let mut state = INITIAL_STATE;
    compress256(&mut state, padded(pieces, 0, &mut room)?);
    wipe(&mut room);
    let tag = Tag(to_bytes(&state));
    wipe(&mut state);
    Some(tag)
}

/// SHA-256 of one byte string.
pub(crate) fn sha256(data: &[u8]) -> Tag {
    let mut hash = Sha256::new();
    hash.update(data);
    hash.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::{KeyInit, Mac};
    use proptest::prelude::*;
    use sha2::Digest;

    #[test]
    fn every_length_around_the_buffer_has_the_oracles_digest() {
        let data: Vec<u8> = (0..=255).cycle().take(3 * BUFFER).collect();
        for length in 0..data.len() {
            let message = &data[..length];
            assert_eq!(sha256(message).0[..], sha2::Sha256::digest(message)[..], "{length} bytes");
        }
    }

    #[test]
    fn a_message_that_is_laid_out_has_the_same_tag() {
        let key = HmacKey::new(b"key");
        let data = [0x80; 64];
        for length in 0..64 {
            let message = &data[..length];
            let laid_out = ShortMessage::new(message).unwrap();
            assert_eq!(laid_out.as_bytes(), message);
            let mut streamed = key.start();
            streamed.update(message);
            assert_eq!(key.tag_of(&laid_out).0, streamed.finish().0, "{length} bytes");
        }
        assert!(ShortMessage::new(&data).is_none());
    }

    #[test]
    fn what_does_not_fit_leaves_nothing_behind() {
        let mut room = [0; BLOCK];
        assert!(padded([&[1; 20], &[1; 36]], 0, &mut room).is_none());
        assert_eq!(room, [0; BLOCK]);
        assert!(padded([&[1; 20], &[1; 35]], 0, &mut room).is_some());
    }

    proptest! {
        #[test]
        fn pieces_hash_like_the_whole(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..8)) {
            let mut hash = Sha256::new();
            for piece in &pieces {
                hash.update(piece);
            }
            prop_assert_eq!(&hash.finish().0[..], &sha2::Sha256::digest(pieces.concat())[..]);
        }

        #[test]
        fn tags_are_hmac(key in prop::collection::vec(any::<u8>(), 0..150), one: Vec<u8>, two: Vec<u8>) {
            let mut oracle = hmac::Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
            oracle.update(&one);
            oracle.update(&two);
            let key = HmacKey::new(&key);
            let mut streamed = key.start();
            streamed.update(&one);
            streamed.update(&two);
            let oracle = oracle.finalize().into_bytes();
            prop_assert_eq!(&key.tag([&one, &two]).0[..], &oracle[..]);
            prop_assert_eq!(&streamed.finish().0[..], &oracle[..]);
        }
    }
}
