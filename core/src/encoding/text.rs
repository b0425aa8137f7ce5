//! Bytes as text, in one canonical spelling each, and checks of text. Secrets are read and written without a branch on
//! their value.

use core::hint::black_box;

/// Writes words of four big-endian bytes as lower-case hexadecimal, without a branch or a table look-up. The eight digits
/// of a word are computed at once in one `u64` (SWAR: SIMD within a register).
#[cfg_attr(not(sandgate_small), inline(always))]
pub(crate) fn write_hex(words: &[u32; 8], text: &mut [u8; 64]) {
    for (place, word) in text.as_chunks_mut().0.iter_mut().zip(words) {
        let bytes = u64::from(word.swap_bytes());
        let halves = (bytes | (bytes << 16)) & 0x0000_ffff_0000_ffff;
        let quarters = (halves | (halves << 8)) & 0x00ff_00ff_00ff_00ff;
        *place = digits(((quarters >> 4) | (quarters << 8)) & 0x0f0f_0f0f_0f0f_0f0f).to_le_bytes();
    }
}

/// The digits of eight numbers below 16.
#[inline]
fn digits(nibbles: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // The highest bit is set from ten on; turn it into 0x7f. 39 is the distance from '9' + 1 to 'a'.
    let from_ten = nibbles.wrapping_add(EACH * (0x80 - 10)) & (EACH * 0x80);
    let letters = from_ten.wrapping_sub(from_ten >> 7) & (EACH * 39);
    nibbles.wrapping_add(EACH * 0x30).wrapping_add(letters)
}

/// Writes the digits of bytes that are not secret.
pub(crate) fn hex(bytes: &[u8; 32]) -> [u8; 64] {
    let (mut words, mut text) = ([0; 8], [0; 64]);
    for (word, four) in words.iter_mut().zip(bytes.as_chunks().0) {
        *word = u32::from_be_bytes(*four);
    }
    write_hex(&words, &mut text);
    text
}

/// Decodes what [`write_hex`] writes, without a branch or a table look-up on the characters. Returns the flaws: zero for that
/// spelling, not zero for any other.
#[inline]
pub(crate) fn read_hex(text: &[u8; 64], words: &mut [u32; 8]) -> u64 {
    let nibbles = text.map(|byte| {
        let among = |first, last| among(byte, first, last);
        // One more than the value, so that a character without a value becomes 255.
        let found =
            (among(b'0', b'9') & byte.wrapping_sub(b'0' - 1)) | (among(b'a', b'f') & byte.wrapping_sub(b'a' - 11));
        found.wrapping_sub(1)
    });
    let mut all = 0;
    for (word, eight) in words.iter_mut().zip(nibbles.as_chunks().0) {
        let nibbles = u64::from_le_bytes(*eight);
        let bytes = ((nibbles << 4) | (nibbles >> 8)) & 0x00ff_00ff_00ff_00ff;
        let halves = ((bytes << 8) | (bytes >> 16)) & 0x0000_ffff_0000_ffff;
        *word = ((halves << 16) | (halves >> 32)) as u32;
        all |= nibbles;
    }
    all & 0xf0f0_f0f0_f0f0_f0f0
}

/// All ones where the byte lies between the two characters, else zero.
#[inline]
pub(crate) fn among(byte: u8, first: u8, last: u8) -> u8 {
    let inside = byte.wrapping_sub(first) <= last.wrapping_sub(first);
    0_u8.wrapping_sub(u8::from(inside))
}

/// Returns 32 bytes from 64 lower-case hexadecimal digits.
pub(crate) fn parse_hex(text: impl IntoIterator<Item = u8>) -> Option<[u8; 32]> {
    let mut digits = text.into_iter().map(|byte| match byte {
        b'0'..=b'9' => byte.checked_sub(b'0'),
        b'a'..=b'f' => byte.checked_sub(b'a' - 10),
        _ => None,
    });
    let mut bytes = [0; 32];
    for place in &mut bytes {
        *place = (digits.next()?? << 4) | digits.next()??;
    }
    if digits.next().is_some() { None } else { Some(bytes) }
}

/// Writes 128 bits as 26 characters of base32, lower case, without padding.
pub(crate) fn write_base32(bits: u128, text: &mut [u8; 26]) {
    let mut rest = bits;
    // The last character holds three bits; its two other bits are unused.
    for (index, place) in text.iter_mut().rev().enumerate() {
        let five = if index == 0 { (rest << 2) & 31 } else { rest & 31 } as u8;
        rest >>= if index == 0 { 3 } else { 5 };
        // One from 26 on, where the digits begin. 73 is the distance from '2' to the character after 'z'.
        let digit = black_box(five.wrapping_add(6) >> 5);
        *place = b'a'.wrapping_add(five).wrapping_sub(digit.wrapping_mul(73));
    }
}

/// Whether all characters are of base32's alphabet.
pub(crate) fn is_base32(text: &[u8; 26]) -> bool {
    text.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'))
}

/// Whether bytes are ASCII without NUL: a fast check that most texts pass.
#[inline]
pub(crate) fn is_ascii_text(bytes: &[u8]) -> bool {
    // The highest bit of a byte that is not ASCII, or of zero minus one.
    let flaws = |eight: &[u8; 8]| {
        let word = u64::from_ne_bytes(*eight);
        (word | word.wrapping_sub(0x0101_0101_0101_0101)) & 0x8080_8080_8080_8080
    };
    match bytes.last_chunk() {
        Some(last) => bytes.as_chunks().0.iter().fold(flaws(last), |all, eight| all | flaws(eight)) == 0,
        None => bytes.iter().all(|byte| matches!(byte, 0x01..=0x7f)),
    }
}

/// Whether bytes are UTF-8 (RFC 3629) without NUL, read one by one.
pub(crate) fn is_text(bytes: impl IntoIterator<Item = u8>) -> bool {
    let mut bytes = bytes.into_iter();
    while let Some(lead) = bytes.next() {
        // How many bytes follow, and the range of the first of them (RFC 3629, section 4).
        let (more, first) = match lead {
            0x01..=0x7f => continue,
            0xc2..=0xdf => (1, 0x80..=0xbf),
            0xe0 => (2, 0xa0..=0xbf),
            0xe1..=0xec | 0xee..=0xef => (2, 0x80..=0xbf),
            0xed => (2, 0x80..=0x9f),
            0xf0 => (3, 0x90..=0xbf),
            0xf1..=0xf3 => (3, 0x80..=0xbf),
            0xf4 => (3, 0x80..=0x8f),
            _ => return false,
        };
        let mut allowed = first;
        for _ in 0..more {
            if !bytes.next().is_some_and(|byte| allowed.contains(&byte)) {
                return false;
            }
            allowed = 0x80..=0xbf;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_is_utf8_without_nul() {
        // Every sequence of two bytes, and of up to four around the borders of the table.
        let borders = [0x00, 0x01, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1];
        let borders: Vec<u8> =
            borders.into_iter().chain([0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff]).collect();
        let check = |bytes: &[u8]| {
            let expected = core::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
            assert_eq!(is_text(bytes.iter().copied()), expected, "{bytes:x?}");
            assert_eq!(is_ascii_text(bytes), expected && bytes.is_ascii(), "{bytes:x?}");
        };
        for one in 0..=255 {
            (0..=255).for_each(|two| check(&[one, two]));
        }
        for (a, b) in borders.iter().flat_map(|a| borders.iter().map(move |b| (*a, *b))) {
            for (c, d) in borders.iter().flat_map(|c| borders.iter().map(move |d| (*c, *d))) {
                check(&[a, b, c]);
                check(&[a, b, c, d]);
            }
        }
    }

    proptest! {
        #[test]
        fn base32_is_base32(bytes: [u8; 16]) {
            let mut text = [0; 26];
            write_base32(u128::from_be_bytes(bytes), &mut text);
            // Bit by bit, five to a character, with zeros after the last.
            let bits: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect::<String>() + "00";
            let alphabet = b"abcdefghijklmnopqrstuvwxyz234567";
            let naive: Vec<u8> = (0..26).map(|at| alphabet[usize::from_str_radix(&bits[5 * at..5 * at + 5], 2).unwrap()]).collect();
            prop_assert_eq!(text.to_vec(), naive);
        }

        #[test]
        fn hex_is_read_back_in_lower_case(bytes: [u8; 32]) {
            let text = hex::encode(bytes);
            prop_assert_eq!(parse_hex(text.bytes()), Some(bytes));
            prop_assert_eq!(parse_hex(text.bytes().skip(1)), None);
            prop_assert_eq!(parse_hex(text.bytes().chain(*b"0")), None);
            let upper = text.to_uppercase();
            prop_assert_eq!(parse_hex(upper.bytes()).is_some(), upper == text);
        }

        #[test]
        fn hex_is_hex(bytes: [u8; 32], at in 0..64_usize, other: u8) {
            let mut text = hex(&bytes);
            prop_assert_eq!(text.to_vec(), hex::encode(bytes).into_bytes());
            let mut words = [0; 8];
            let back = |words: &[u32; 8]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<_>>();
            prop_assert!(read_hex(&text, &mut words) == 0 && back(&words) == bytes);
            // Every other byte is another digit or none.
            text[at] = other;
            let read = read_hex(&text, &mut words) == 0;
            prop_assert_eq!(read, matches!(other, b'0'..=b'9' | b'a'..=b'f'));
            prop_assert!(!read || hex::encode(back(&words)).as_bytes() == text);
        }
    }
}
