//! SHA-512 of a message that stays secret.

use crate::crypto::compare::{Choice, same};
use crate::crypto::sha512_block::compress;
use crate::encoding::bytes::copy;
use crate::encoding::text;
use crate::memory::wipe::Wiped;

const BLOCK: usize = 128;

/// The bytes of a digest in hexadecimal.
const HEX: usize = 128;

/// FIPS 180-4, section 5.3.5.
const INITIAL_STATE: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

/// Compares a text with the SHA-512 of a message in lower-case hexadecimal and returns the undecided result.
pub(crate) fn is_sha512_hex(text: &[u8], message: &[u8]) -> Choice {
    let mut state = Wiped(INITIAL_STATE);
    hash(&mut state.0, message);
    let mut digits = Wiped([0; HEX]);
    for (place, half) in digits.0.as_chunks_mut().0.iter_mut().zip(state.0.as_chunks().0) {
        // Four words of 64 bits are eight of 32.
        let mut words = Wiped([0; 8]);
        for (pair, word) in words.0.as_chunks_mut().0.iter_mut().zip::<&[u64; 4]>(half) {
            *pair = [(word >> 32) as u32, *word as u32];
        }
        text::write_hex(&words.0, place);
    }
    same(&digits.0, text)
}

/// FIPS 180-4, sections 5.1.2 and 6.4: a one bit, zeros, the length in bits.
fn hash(state: &mut [u64; 8], message: &[u8]) {
    let (blocks, rest) = message.as_chunks::<BLOCK>();
    blocks.iter().for_each(|block| compress(state, block));
    let mut last = Wiped([0_u8; 2 * BLOCK]);
    copy(&mut last.0, rest);
    if let Some(end) = last.0.get_mut(rest.len()) {
        *end = 0x80;
    }
    // The length takes 16 bytes after the one bit, in the same block or in the next.
    let blocks = if rest.len() < BLOCK - 16 { 1 } else { 2 };
    let length = (message.len() as u128).wrapping_mul(8).to_be_bytes();
    let (padded, _) = last.0.as_chunks_mut::<BLOCK>();
    let padded = padded.get_mut(..blocks).unwrap_or_default();
    if let Some(place) = padded.last_mut().and_then(|block| block.last_chunk_mut()) {
        *place = length;
    }
    padded.iter().for_each(|block| compress(state, block));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::compare::verdict;
    use sha2::Digest;

    #[test]
    fn digest_equals_sha2_at_every_length_around_the_block() {
        let data: Vec<u8> = (0..=255).cycle().take(5 * BLOCK).collect();
        for length in 0..data.len() {
            let message = &data[..length];
            let oracle = hex::encode(sha2::Sha512::digest(message));
            assert!(verdict(is_sha512_hex(oracle.as_bytes(), message)), "{length} bytes");
            assert!(!verdict(is_sha512_hex(oracle.to_uppercase().as_bytes(), message)), "{length} bytes");
            assert!(!verdict(is_sha512_hex(&oracle.as_bytes()[..127], message)), "{length} bytes");
        }
    }
}
