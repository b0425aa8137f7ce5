//! A message shorter than a block, laid out for HMAC.

use crate::crypto::sha256::BLOCK;
use crate::encoding::bytes::copy;

/// A message shorter than a block, laid out as the block that follows a key's block. It includes the padding if that fits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ShortMessage {
    block: [u8; BLOCK],
    len: usize,
}

impl ShortMessage {
    pub(crate) const MAX_LEN: usize = BLOCK - 1;

    #[inline]
    pub(crate) fn new(message: &[u8]) -> Option<Self> {
        let mut laid_out = Self { block: [0; BLOCK], len: message.len() };
        // FIPS 180-4, section 5.1.1: a one bit, zeros, the length in bits.
        *laid_out.block.get_mut(message.len())? = 0x80;
        copy(&mut laid_out.block, message);
        if message.len() < PADDED
            && let Some(place) = laid_out.block.last_chunk_mut()
        {
            // The length in bits counts the block of the key.
            *place = (message.len() as u64).wrapping_add(BLOCK as u64).wrapping_mul(8).to_be_bytes();
        }
        Some(laid_out)
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.block.get(..self.len).unwrap_or_default()
    }

    /// The padded block of a row of 16 bytes and this message, if it has less than 32 bytes.
    ///
    /// Rows are copied whole, as the processor's hash instructions read them: they would wait for a row that was just written in
    /// parts (store-forwarding stall). An edge checks a v1 token in 0.92 times the time.
    #[cfg(not(sandgate_small))]
    #[inline(always)]
    pub(crate) fn block_after(&self, first: &[u8; ROW]) -> Option<[[u8; BLOCK]; 1]> {
        let last = ENDS.get(self.len)?;
        let mut block = [[0; BLOCK]];
        let rows = [first].into_iter().chain(self.block.as_chunks().0);
        for (place, row) in block.as_flattened_mut().as_chunks_mut().0.iter_mut().zip(rows) {
            *place = *row;
        }
        if let Some(place) = block.as_flattened_mut().last_chunk_mut() {
            *place = *last;
        }
        Some(block)
    }

    /// The padded block, if the padding fits.
    #[inline]
    pub(crate) fn block(&self) -> Option<&[[u8; BLOCK]; 1]> {
        (self.len < PADDED).then_some(core::array::from_ref(&self.block))
    }
}

/// Messages shorter than this leave room in the block for the one bit and the length.
const PADDED: usize = BLOCK - 8;

/// The bytes of a row.
#[cfg(not(sandgate_small))]
const ROW: usize = 16;

/// The last row of the block of [`ShortMessage::block_after`], by the length of the message.
#[cfg(not(sandgate_small))]
static ENDS: [[u8; ROW]; 32] = {
    let mut ends = [[0; ROW]; 32];
    let (mut rest, mut len): (&mut [[u8; ROW]], u16) = (&mut ends, 0);
    while let [first, after @ ..] = rest {
        // The block of the key, the first row and the message, in bits.
        let [high, low] = ((BLOCK + ROW) as u16 + len).wrapping_mul(8).to_be_bytes();
        let [.., before, last] = first;
        (*before, *last) = (high, low);
        (rest, len) = (after, len + 1);
    }
    ends
};
