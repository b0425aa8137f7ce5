//! A message of less than a block, laid out for HMAC.

use crate::crypto::sha256::BLOCK;
use crate::encoding::bytes::copy;

/// A message of fewer bytes than a block has, laid out behind the block of a key and padded, where the padding has room.
///
/// A processor that reads sixteen bytes at once, and has just written them by pieces, waits until all of these have left for
/// its cache. So it is done where the message is checked, and row by row, each written as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ShortMessage {
    block: [u8; BLOCK],
    len: usize,
}

impl ShortMessage {
    pub(crate) const MAX_LEN: usize = BLOCK - 1;

    #[inline(always)]
    pub(crate) fn new(message: &[u8]) -> Option<Self> {
        let mut laid_out = Self { block: *end_of(message.len())?, len: message.len() };
        let (rows, _) = laid_out.block.as_chunks_mut();
        let (whole, rest) = message.as_chunks::<ROW>();
        if let Some(last) = message.last_chunk() {
            let row = rows.get_mut(whole.len())?;
            *row = begin(row, last, rest.len())?;
            for (row, whole) in rows.iter_mut().zip(whole) {
                *row = *whole;
            }
        } else {
            copy(&mut laid_out.block, message);
        }
        // The length in bits counts the block of the key.
        if message.len() < PADDED
            && let Some(place) = laid_out.block.last_chunk_mut()
        {
            *place = (message.len() as u64).wrapping_add(BLOCK as u64).wrapping_mul(8).to_be_bytes();
        }
        Some(laid_out)
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.block.get(..self.len).unwrap_or_default()
    }

    /// The padded block, if the padding has room in it.
    #[inline]
    pub(crate) fn block(&self) -> Option<&[[u8; BLOCK]; 1]> {
        (self.len < PADDED).then_some(core::array::from_ref(&self.block))
    }
}

/// Behind fewer bytes than these there is room for the one bit and the length.
const PADDED: usize = BLOCK - 8;

/// What a vector register holds.
const ROW: usize = 16;

/// Zeros, and behind `len` bytes the one bit that ends a message.
#[inline(always)]
fn end_of(len: usize) -> Option<&'static [u8; BLOCK]> {
    static ENDS: [u8; 2 * BLOCK - 1] = {
        let mut bytes = [0; 2 * BLOCK - 1];
        bytes[ShortMessage::MAX_LEN] = 0x80;
        bytes
    };
    ENDS.get(ShortMessage::MAX_LEN.checked_sub(len)?..)?.first_chunk()
}

/// A row that begins with the last `len` of sixteen bytes and goes on as `end`. In two equal lanes, so that compilers make one
/// vector of them.
#[inline(always)]
fn begin(end: &[u8; ROW], bytes: &[u8; ROW], len: usize) -> Option<[u8; ROW]> {
    static MASKS: [[u8; ROW]; 2] = [[0xff; ROW], [0; ROW]];
    let before = ROW.checked_sub(len)?;
    let mask = MASKS.as_flattened().get(before..)?.first_chunk()?;
    let turned = u128::from_le_bytes(*bytes).rotate_right((before as u32).wrapping_mul(8)).to_le_bytes();
    let [mask, turned, end] = [mask, &turned, end].map(lanes);
    let mut row = [0; ROW];
    for (((place, mask), turned), end) in row.as_chunks_mut().0.iter_mut().zip(mask).zip(turned).zip(end) {
        *place = ((turned & mask) | end).to_le_bytes();
    }
    Some(row)
}

#[inline(always)]
fn lanes(row: &[u8; ROW]) -> impl Iterator<Item = u64> {
    row.as_chunks().0.iter().map(|lane| u64::from_le_bytes(*lane))
}
