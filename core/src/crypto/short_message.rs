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

    /// The padded block, if the padding fits.
    #[inline]
    pub(crate) fn block(&self) -> Option<&[[u8; BLOCK]; 1]> {
        (self.len < PADDED).then_some(core::array::from_ref(&self.block))
    }
}

/// Messages shorter than this leave room in the block for the one bit and the length.
const PADDED: usize = BLOCK - 8;
