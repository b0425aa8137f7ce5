//! SHA-512 of a message that stays secret: FIPS 180-4.
//!
//! The tests compare it with `sha2`; docs/decisions.md gives the reason for our own code.

use crate::crypto::compare::{Choice, same};
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

/// Section 4.2.3: the first 64 bits of the fractions of the cube roots of the first 80 primes.
#[rustfmt::skip]
const ROUNDS: [u64; 80] = [
    0x428a_2f98_d728_ae22, 0x7137_4491_23ef_65cd, 0xb5c0_fbcf_ec4d_3b2f, 0xe9b5_dba5_8189_dbbc,
    0x3956_c25b_f348_b538, 0x59f1_11f1_b605_d019, 0x923f_82a4_af19_4f9b, 0xab1c_5ed5_da6d_8118,
    0xd807_aa98_a303_0242, 0x1283_5b01_4570_6fbe, 0x2431_85be_4ee4_b28c, 0x550c_7dc3_d5ff_b4e2,
    0x72be_5d74_f27b_896f, 0x80de_b1fe_3b16_96b1, 0x9bdc_06a7_25c7_1235, 0xc19b_f174_cf69_2694,
    0xe49b_69c1_9ef1_4ad2, 0xefbe_4786_384f_25e3, 0x0fc1_9dc6_8b8c_d5b5, 0x240c_a1cc_77ac_9c65,
    0x2de9_2c6f_592b_0275, 0x4a74_84aa_6ea6_e483, 0x5cb0_a9dc_bd41_fbd4, 0x76f9_88da_8311_53b5,
    0x983e_5152_ee66_dfab, 0xa831_c66d_2db4_3210, 0xb003_27c8_98fb_213f, 0xbf59_7fc7_beef_0ee4,
    0xc6e0_0bf3_3da8_8fc2, 0xd5a7_9147_930a_a725, 0x06ca_6351_e003_826f, 0x1429_2967_0a0e_6e70,
    0x27b7_0a85_46d2_2ffc, 0x2e1b_2138_5c26_c926, 0x4d2c_6dfc_5ac4_2aed, 0x5338_0d13_9d95_b3df,
    0x650a_7354_8baf_63de, 0x766a_0abb_3c77_b2a8, 0x81c2_c92e_47ed_aee6, 0x9272_2c85_1482_353b,
    0xa2bf_e8a1_4cf1_0364, 0xa81a_664b_bc42_3001, 0xc24b_8b70_d0f8_9791, 0xc76c_51a3_0654_be30,
    0xd192_e819_d6ef_5218, 0xd699_0624_5565_a910, 0xf40e_3585_5771_202a, 0x106a_a070_32bb_d1b8,
    0x19a4_c116_b8d2_d0c8, 0x1e37_6c08_5141_ab53, 0x2748_774c_df8e_eb99, 0x34b0_bcb5_e19b_48a8,
    0x391c_0cb3_c5c9_5a63, 0x4ed8_aa4a_e341_8acb, 0x5b9c_ca4f_7763_e373, 0x682e_6ff3_d6b2_b8a3,
    0x748f_82ee_5def_b2fc, 0x78a5_636f_4317_2f60, 0x84c8_7814_a1f0_ab72, 0x8cc7_0208_1a64_39ec,
    0x90be_fffa_2363_1e28, 0xa450_6ceb_de82_bde9, 0xbef9_a3f7_b2c6_7915, 0xc671_78f2_e372_532b,
    0xca27_3ece_ea26_619c, 0xd186_b8c7_21c0_c207, 0xeada_7dd6_cde0_eb1e, 0xf57d_4f7f_ee6e_d178,
    0x06f0_67aa_7217_6fba, 0x0a63_7dc5_a2c8_98a6, 0x113f_9804_bef9_0dae, 0x1b71_0b35_131c_471b,
    0x28db_77f5_2304_7d84, 0x32ca_ab7b_40c7_2493, 0x3c9e_be0a_15c9_bebc, 0x431d_67c4_9c10_0d4c,
    0x4cc5_d4be_cb3e_42b6, 0x597f_299c_fc65_7e2a, 0x5fcb_6fab_3ad6_faec, 0x6c44_198c_4a47_5817,
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

/// Section 6.4.2.
fn compress(state: &mut [u64; 8], block: &[u8; BLOCK]) {
    // The last sixteen words of the message schedule, in a ring.
    let mut schedule = Wiped([0_u64; 16]);
    for (word, bytes) in schedule.0.iter_mut().zip(block.as_chunks().0) {
        *word = u64::from_be_bytes(*bytes);
    }
    let mut working = Wiped(*state);
    for (round, constant) in ROUNDS.iter().enumerate() {
        let before = |back: usize| schedule.0.get(round.wrapping_sub(back) % 16).copied().unwrap_or_default();
        let mut word = before(16);
        if round >= 16 {
            let (early, late) = (before(15), before(2));
            let early = early.rotate_right(1) ^ early.rotate_right(8) ^ (early >> 7);
            let late = late.rotate_right(19) ^ late.rotate_right(61) ^ (late >> 6);
            word = word.wrapping_add(early).wrapping_add(before(7)).wrapping_add(late);
        }
        if let Some(place) = schedule.0.get_mut(round % 16) {
            *place = word;
        }
        let [a, b, c, d, e, f, g, h] = working.0;
        let sum1 = e.rotate_right(14) ^ e.rotate_right(18) ^ e.rotate_right(41);
        let choice = (e & f) ^ (!e & g);
        let first = h.wrapping_add(sum1).wrapping_add(choice).wrapping_add(*constant).wrapping_add(word);
        let sum0 = a.rotate_right(28) ^ a.rotate_right(34) ^ a.rotate_right(39);
        let majority = (a & b) ^ (a & c) ^ (b & c);
        let second = sum0.wrapping_add(majority);
        working.0 = [first.wrapping_add(second), a, b, c, d.wrapping_add(first), e, f, g];
    }
    for (word, sum) in state.iter_mut().zip(&working.0) {
        *word = word.wrapping_add(*sum);
    }
}

/// The words of a digest.
#[cfg(test)]
pub(super) fn digest(message: &[u8]) -> [u64; 8] {
    let mut state = INITIAL_STATE;
    hash(&mut state, message);
    state
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
