//! SHA-256 over the block function of `sha2`.
//!
//! The tests compare it with `sha2`'s own interface; docs/decisions.md gives the reason for our own code.

use crate::crypto::tag::Tag;
use crate::encoding::bytes::{copy, copy_short};
use crate::encoding::percent::Decoded;
use crate::memory::wipe::wipe;
pub(crate) use sha2::block_api::compress256 as compress;

/// The bytes of a block.
pub(crate) const BLOCK: usize = 64;

/// FIPS 180-4, section 5.3.3.
pub(crate) const INITIAL_STATE: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// The state of a SHA-256 computation and the `N` blocks that it collects before it compresses them; `N` is the length of the
/// usual message.
#[derive(Clone)]
pub(crate) struct Blocks<const N: usize> {
    state: [u32; 8],
    /// Zero after what was filled, so that padding writes only the one bit and the length.
    buffer: [[u8; BLOCK]; N],
    /// Bytes compressed before those in the buffer.
    compressed: u64,
}

impl<const N: usize> Blocks<N> {
    const LEN: usize = N * BLOCK;

    #[inline]
    pub(crate) fn new() -> Self {
        Self::resume(INITIAL_STATE, 0)
    }

    #[inline]
    pub(crate) fn resume(state: [u32; 8], compressed: u64) -> Self {
        Self { state, buffer: [[0; BLOCK]; N], compressed }
    }

    /// Starts the message.
    #[inline(always)]
    pub(crate) const fn start(&mut self) -> Sha256<'_, N> {
        self.go_on(0)
    }

    /// Goes on with a message of which the buffer has `filled` bytes.
    #[inline(always)]
    pub(crate) const fn go_on(&mut self, filled: usize) -> Sha256<'_, N> {
        Sha256 { blocks: self, filled }
    }

    #[inline(always)]
    fn free(&mut self, filled: usize) -> &mut [u8] {
        self.buffer.as_flattened_mut().get_mut(filled..).unwrap_or_default()
    }

    /// Fills the buffer and compresses it until `data` is used up. Returns how much is filled then.
    #[cold]
    fn overflow(&mut self, filled: usize, data: &[u8]) -> usize {
        let (mut filled, mut rest) = (filled, data);
        while !rest.is_empty() {
            if filled == Self::LEN {
                self.flush();
                filled = 0;
            }
            let free = self.free(filled);
            let now = rest.len().min(free.len());
            copy(free, rest);
            filled = filled.wrapping_add(now);
            rest = rest.get(now..).unwrap_or_default();
        }
        filled
    }

    /// Adds text that is decoded on the way. Returns how much is filled then.
    #[cold]
    fn escaped(&mut self, filled: usize, text: &Decoded<'_>) -> usize {
        let mut filled = filled;
        text.feed(|bytes| filled = self.overflow(filled, bytes));
        filled
    }

    /// Compresses the whole buffer.
    fn flush(&mut self) {
        compress(&mut self.state, &self.buffer);
        self.buffer = [[0; BLOCK]; N];
        self.compressed = self.compressed.wrapping_add(Self::LEN as u64);
    }
}

/// A SHA-256 computation that takes its message in pieces. It holds the blocks by reference: so the compiler keeps `filled` in a
/// register, and signing takes 5 % less. With `sandgate_small` its functions are calls, for programs that must be small.
pub(crate) struct Sha256<'b, const N: usize> {
    blocks: &'b mut Blocks<N>,
    filled: usize,
}

impl<const N: usize> Sha256<'_, N> {
    #[cfg_attr(not(sandgate_small), inline(always))]
    pub(crate) fn update(&mut self, data: &[u8]) {
        let free = self.blocks.free(self.filled);
        if data.len() <= free.len() {
            copy_short(free, data);
            self.filled = self.filled.wrapping_add(data.len());
        } else {
            self.filled = self.blocks.overflow(self.filled, data);
        }
    }

    /// The same for text that has `P` bytes with the zeros after it: copying a fixed number of bytes takes a fourth of the
    /// instructions.
    #[cfg_attr(not(sandgate_small), inline(always))]
    pub(crate) fn update_padded<const P: usize>(&mut self, (text, len): (&[u8; P], usize)) {
        if let Some(place) = self.blocks.free(self.filled).first_chunk_mut() {
            *place = *text;
            self.filled = self.filled.wrapping_add(len);
        } else {
            self.filled = self.blocks.overflow(self.filled, text.get(..len).unwrap_or_default());
        }
    }

    /// The same for checked text of a query.
    #[cfg_attr(not(sandgate_small), inline(always))]
    pub(crate) fn update_decoded(&mut self, text: &Decoded<'_>) {
        match text.as_plain() {
            Some(plain) => self.update(plain),
            None => self.filled = self.blocks.escaped(self.filled, text),
        }
    }

    /// The bytes in the buffer, for [`Blocks::go_on`].
    pub(crate) const fn filled(&self) -> usize {
        self.filled
    }

    /// Writes the digest. FIPS 180-4, section 5.1.1: a one bit, zeros, the length in bits.
    #[cfg_attr(not(sandgate_small), inline(always))]
    pub(crate) fn finish(self, tag: &mut Tag) {
        let Self { blocks, mut filled } = self;
        if filled == Blocks::<N>::LEN {
            blocks.flush();
            filled = 0;
        }
        let length = blocks.compressed.wrapping_add(filled as u64);
        if let Some(end) = blocks.buffer.as_flattened_mut().get_mut(filled) {
            *end = 0x80;
        }
        // The length takes 8 bytes after the one bit, in the same block or in the next.
        let mut last = filled.wrapping_add(8) / BLOCK;
        if last == N {
            blocks.flush();
            last = 0;
        }
        if let Some(place) = blocks.buffer.get_mut(last).and_then(|block| block.last_chunk_mut()) {
            *place = length.wrapping_mul(8).to_be_bytes();
        }
        compress(&mut blocks.state, blocks.buffer.get(..=last).unwrap_or_default());
        tag.0 = blocks.state;
    }
}

impl<const N: usize> Drop for Blocks<N> {
    fn drop(&mut self) {
        wipe(&mut self.state);
        self.buffer.iter_mut().for_each(wipe);
    }
}

/// SHA-256 of one byte string.
pub(crate) fn sha256(data: &[u8], tag: &mut Tag) {
    let mut blocks = Blocks::<1>::new();
    let mut hash = blocks.start();
    hash.update(data);
    hash.finish(tag);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sha2::Digest;

    fn digest<const N: usize>(pieces: &[&[u8]]) -> [u8; 32] {
        let mut blocks = Blocks::<N>::new();
        let mut hash = blocks.start();
        for piece in pieces {
            hash.update(piece);
        }
        let mut tag = Tag::new();
        hash.finish(&mut tag);
        tag.to_bytes()
    }

    #[test]
    fn digest_equals_sha2_at_every_length_around_the_buffer() {
        let data: Vec<u8> = (0..=255).cycle().take(10 * BLOCK).collect();
        for length in 0..data.len() {
            let message = &data[..length];
            let oracle = sha2::Sha256::digest(message);
            assert_eq!(digest::<1>(&[message])[..], oracle[..], "{length} bytes");
            assert_eq!(digest::<3>(&[message])[..], oracle[..], "{length} bytes");
        }
    }

    proptest! {
        #[test]
        fn pieces_hash_like_the_whole(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..8)) {
            let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
            let oracle = sha2::Sha256::digest(pieces.concat());
            prop_assert_eq!(&digest::<1>(&pieces)[..], &oracle[..]);
            prop_assert_eq!(&digest::<3>(&pieces)[..], &oracle[..]);
        }
    }
}
