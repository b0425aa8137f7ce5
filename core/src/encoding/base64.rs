//! The 32 bytes of a tag in base64: one canonical encoding, read and written in constant time.
//!
//! Computes four characters at once in one `u32` (SWAR: SIMD within a register). Computed one by one, signing and deriving
//! a v2 token take 11 to 15 % longer.

use crate::encoding::text::among;
use crate::memory::wipe::{Wiped, wipe};

/// Writes 43 characters: standard alphabet, no padding, without a branch or a table look-up on the bytes.
#[inline]
pub(crate) fn write(words: &[u32; 8], out: &mut [u8; 43]) {
    // Signatures, which are published.
    encode::<b'+', b'/'>(words, &mut [0; 48], out);
}

/// The same in the URL-safe alphabet.
#[inline]
pub(crate) fn write_url_safe(words: &[u32; 8], out: &mut [u8; 43]) {
    // Tokens too.
    encode::<b'-', b'_'>(words, &mut Wiped([0; 48]).0, out);
}

/// Writes the 43 characters of the standard alphabet, and five more.
#[inline]
pub(crate) fn write_padded(words: &[u32; 8], text: &mut [u8; 48]) {
    write_characters::<b'+', b'/'>(words, text);
}

#[inline]
fn encode<const C62: u8, const C63: u8>(words: &[u32; 8], text: &mut [u8; 48], out: &mut [u8; 43]) {
    write_characters::<C62, C63>(words, text);
    for (place, character) in out.iter_mut().zip(text) {
        *place = *character;
    }
}

/// 32 bytes are eleven groups of three bytes; the last group has only two. Each group becomes four characters.
#[inline]
fn write_characters<const C62: u8, const C63: u8>([a, b, c, d, e, f, g, h]: &[u32; 8], text: &mut [u8; 48]) {
    let threes = |[a, b, c]: [u32; 3]| [a >> 8, (a << 16) | (b >> 16), (b << 8) | (c >> 24), c];
    let groups = [[*a, *b, *c], [*d, *e, *f], [*g, *h, 0]].map(threes);
    for (place, group) in text.as_chunks_mut().0.iter_mut().zip(groups.as_flattened()) {
        let spread = ((group >> 18) & 0x3f) | ((group >> 4) & 0x3f00) | ((group << 10) & 0x3f_0000) | (group << 24);
        *place = characters::<C62, C63>(spread & 0x3f3f_3f3f).to_le_bytes();
    }
}

/// Returns the characters for four times six bits, one per byte of the word. The alphabets differ in their last two
/// characters.
#[inline]
fn characters<const C62: u8, const C63: u8>(sixes: u32) -> u32 {
    let each = |byte: u8| u32::from_ne_bytes([byte; 4]);
    // The highest bit is set from a limit on; turn it into 0x7f.
    let from = |limit: u8| {
        let reached = sixes.wrapping_add(each(0x80_u8.wrapping_sub(limit))) & each(0x80);
        reached.wrapping_sub(reached >> 7)
    };
    sixes
        .wrapping_add(each(b'A'))
        .wrapping_add(from(26) & each(b'a' - b'Z' - 1))
        .wrapping_sub(from(52) & each(b'z' + 1 - b'0'))
        .wrapping_sub(from(62) & each((b'9' + 1).wrapping_sub(C62)))
        .wrapping_add(from(63) & each(C63.wrapping_sub(C62).wrapping_sub(1)))
}

/// Reads what [`write_url_safe`] writes. See [`decode`].
#[inline]
pub(crate) fn read_url_safe(text: &[u8; 43], words: &mut [u32; 8]) -> (u64, u32) {
    decode::<b'-', b'_'>(text, words)
}

/// Returns the flaws, zero if each character is in the alphabet, and the unused bits of the last character, zero in the
/// canonical encoding. The values of the characters are secret, because the presented tag may be the right one.
#[inline]
fn decode<const C62: u8, const C63: u8>(text: &[u8; 43], words: &mut [u32; 8]) -> (u64, u32) {
    // The third lane overlaps the second: padded instead, it would be written in pieces, and reading it would stall.
    let mut lanes = [[0; 16]; 3];
    if let ([first, second, ..], Some(last)) = (text.as_chunks().0, text.last_chunk()) {
        lanes = [*first, *second, *last];
    }
    // In place: the text may be a token, and a map would leave a copy. The flaws are collected here: later, the six words would be
    // alive together, and the compiler would save some of them on the stack.
    let mut all = [0; 16];
    for lane in &mut lanes {
        for (place, all) in lane.iter_mut().zip(&mut all) {
            *place = six_bits::<C62, C63>(*place);
            *all |= *place;
        }
    }
    // Six times eight characters become 48 bits each, of which the first 256 are the words. Group by group, verifying takes
    // a tenth longer.
    let bits = |sixes: u64| {
        let twelves = ((sixes & 0x003f_003f_003f_003f) << 6) | ((sixes >> 8) & 0x003f_003f_003f_003f);
        let halves = ((twelves & 0x0fff_0000_0fff) << 12) | ((twelves >> 16) & 0x0fff_0000_0fff);
        ((halves & 0xff_ffff) << 24) | (halves >> 32)
    };
    let at = |place: usize| u64::from_le_bytes(*lanes.as_flattened().as_chunks().0.get(place).unwrap_or(&[0; 8]));
    let [a, b, c, d, e, f] = [at(0), at(1), at(2), at(3), (at(4) >> 40) | (at(5) << 24), at(5) >> 40].map(bits);
    let read = [(a << 16) | (b >> 32), (b << 32) | (c >> 16), (c << 48) | d, (e << 16) | (f >> 32)];
    for (pair, read) in words.as_chunks_mut().0.iter_mut().zip(read) {
        *pair = [(read >> 32) as u32, read as u32];
    }
    wipe(&mut lanes);
    let [low, high] =
        [all.first_chunk(), all.last_chunk()].map(|half| half.map_or(0, |half| u64::from_le_bytes(*half)));
    ((low | high) & 0xc0c0_c0c0_c0c0_c0c0, f as u32)
}

/// Returns the value of a character, or 255 if it is not in the alphabet.
#[inline]
fn six_bits<const C62: u8, const C63: u8>(byte: u8) -> u8 {
    let among = |first, last| among(byte, first, last);
    // One more than the value, so that a character without a value becomes 255.
    let found = (among(b'A', b'Z') & byte.wrapping_sub(b'A' - 1))
        | (among(b'a', b'z') & byte.wrapping_sub(b'a' - 27))
        | (among(b'0', b'9') & byte.wrapping_add(53 - b'0'))
        | (among(C62, C62) & 63)
        | (among(C63, C63) & 64);
    found.wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::base64::Engine;
    use base64ct::Encoding;
    use proptest::prelude::*;

    fn words(bytes: &[u8; 32]) -> [u32; 8] {
        std::array::from_fn(|at| u32::from_be_bytes(bytes[4 * at..4 * at + 4].try_into().unwrap()))
    }

    #[test]
    fn the_alphabet_has_64_characters() {
        let with = |byte| {
            let mut text = [b'a'; 43];
            text[7] = byte;
            text
        };
        let inside: Vec<u8> = (0..=255).filter(|byte| read_url_safe(&with(*byte), &mut [0; 8]).0 == 0).collect();
        assert_eq!(inside, b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
    }

    proptest! {
        #[test]
        fn url_safe_is_base64url(bytes: [u8; 32], spare in 1_u8..4) {
            let mut text = [0; 43];
            write_url_safe(&words(&bytes), &mut text);
            prop_assert_eq!(text.to_vec(), ::base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes).into_bytes());
            let mut back = [0; 8];
            prop_assert_eq!(read_url_safe(&text, &mut back), (0, 0));
            prop_assert_eq!(back, words(&bytes));
            // The last character has two spare bits.
            let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            let last = alphabet.iter().position(|byte| *byte == text[42]).unwrap();
            text[42] = alphabet[last | usize::from(spare)];
            prop_assert!(matches!(read_url_safe(&text, &mut back), (0, 1..)));
        }

        #[test]
        fn url_safe_is_read_as_base64ct_reads_it(
            text in "[A-Za-z0-9_-]{42}[A-Za-z0-9_+/=. -]|[A-Za-z0-9+/]{43}|.{43}"
        ) {
            let Ok(text) = <[u8; 43]>::try_from(text.as_bytes()) else { return Ok(()) };
            let (mut ours, mut theirs) = ([0; 8], [0; 32]);
            let read = base64ct::Base64UrlUnpadded::decode(text, &mut theirs).is_ok();
            prop_assert_eq!(read_url_safe(&text, &mut ours) == (0, 0), read);
            prop_assert!(!read || ours == words(&theirs));
        }

        #[test]
        fn standard_is_base64(bytes: [u8; 32]) {
            let mut text = [0; 43];
            write(&words(&bytes), &mut text);
            prop_assert_eq!(text.to_vec(), ::base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes).into_bytes());
        }
    }
}
