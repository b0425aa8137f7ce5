//! Bytes and numbers as text: one canonical spelling each. What may be a secret is read and written without a branch on it.

use crate::bytes::wipe;

/// Lower-case hexadecimal, without a branch or a table look-up on the bytes.
#[inline]
pub(crate) fn write_hex(bytes: &[u8; 32], text: &mut [u8; 64]) {
    // 39 lies between '9' + 1 and 'a'; the shift fills with the sign, so it is added from 10 on.
    let digit = |nibble: u8| {
        let letter = (9_i8.wrapping_sub(nibble.cast_signed()) >> 7).cast_unsigned() & 39;
        nibble.wrapping_add(b'0').wrapping_add(letter)
    };
    for (place, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *place = [digit(byte >> 4), digit(byte & 15)];
    }
}

/// The same, as a value.
pub(crate) fn hex(bytes: &[u8; 32]) -> [u8; 64] {
    let mut text = [0; 64];
    write_hex(bytes, &mut text);
    text
}

/// Reads what [`write_hex`] writes and no other spelling, without a branch or a table look-up on the characters.
#[inline]
pub(crate) fn read_hex(text: &[u8; 64], bytes: &mut [u8; 32]) -> bool {
    let nibbles = text.map(|byte| {
        // All ones where the byte lies between the two characters, else zero.
        let among = |first: u8, last: u8| {
            let inside = byte.wrapping_sub(first) <= last.wrapping_sub(first);
            0_u8.wrapping_sub(u8::from(inside))
        };
        // One more than what is meant, so that what is not found becomes 255.
        let found =
            (among(b'0', b'9') & byte.wrapping_sub(b'0' - 1)) | (among(b'a', b'f') & byte.wrapping_sub(b'a' - 11));
        found.wrapping_sub(1)
    });
    let mut pairs = [0_u16; 32];
    for (place, pair) in pairs.iter_mut().zip(nibbles.as_chunks().0) {
        *place = u16::from_le_bytes(*pair);
    }
    *bytes = pairs.map(|pair| ((pair << 4) | (pair >> 8)) as u8);
    pairs.iter().fold(0, |all, pair| all | pair) & 0xf0f0 == 0
}

/// Writes 43 characters: standard alphabet, no padding, without a branch or a table look-up on the bytes.
#[inline]
pub(crate) fn write_base64(bytes: &[u8; 32], out: &mut [u8; 43]) {
    encode::<b'+', b'/'>(bytes, out);
}

/// The same in the alphabet that needs no escaping in a URL.
#[inline]
pub(crate) fn write_base64url(bytes: &[u8; 32], out: &mut [u8; 43]) {
    encode::<b'-', b'_'>(bytes, out);
}

/// 32 bytes are eleven groups of three, of which the last one lacks a byte. All are done at once, in lanes of four bytes.
#[inline]
fn encode<const C62: u8, const C63: u8>(bytes: &[u8; 32], out: &mut [u8; 43]) {
    let mut words = [0; 9];
    for (word, four) in words.iter_mut().zip(bytes.as_chunks().0) {
        *word = u32::from_be_bytes(*four);
    }
    let [a, b, c, d, e, f, g, h, last] = words;
    let threes = |[a, b, c]: [u32; 3]| [a >> 8, (a << 16) | (b >> 16), (b << 8) | (c >> 24), c];
    let groups = [[a, b, c], [d, e, f], [g, h, last]].map(threes);
    let mut text = [0; 48];
    for (place, group) in text.as_chunks_mut().0.iter_mut().zip(groups.as_flattened()) {
        let spread = ((group >> 18) & 0x3f) | ((group >> 4) & 0x3f00) | ((group << 10) & 0x3f_0000) | (group << 24);
        *place = (spread & 0x3f3f_3f3f).to_le_bytes();
    }
    for (place, six) in out.iter_mut().zip(text.map(character::<C62, C63>)) {
        *place = six;
    }
}

/// The character for six bits. The alphabets differ in their last two.
#[inline]
fn character<const C62: u8, const C63: u8>(six: u8) -> u8 {
    // All ones above the limit, else zero: the shift fills with the sign.
    let above = |limit: i8| (limit.wrapping_sub(six.cast_signed()) >> 7).cast_unsigned();
    six.wrapping_add(b'A')
        .wrapping_add(above(25) & (b'a' - b'Z' - 1))
        .wrapping_sub(above(51) & (b'z' + 1 - b'0'))
        .wrapping_add(above(61) & C62.wrapping_sub(b'9' + 1))
        .wrapping_add(above(62) & C63.wrapping_sub(C62).wrapping_sub(1))
}

/// Reads what [`write_base64url`] writes and no other spelling, without a branch on the characters.
pub(crate) fn read_base64url(text: &[u8; 43], out: &mut [u8; 32]) -> bool {
    decode::<b'-', b'_'>(text, out)
}

#[inline]
fn decode<const C62: u8, const C63: u8>(text: &[u8; 43], out: &mut [u8; 32]) -> bool {
    // Filled up to whole lanes with what stands for zero.
    let mut sixes = [b'A'; 48];
    for (place, byte) in sixes.iter_mut().zip(text) {
        *place = *byte;
    }
    sixes = sixes.map(six_bits::<C62, C63>);
    let outside = sixes.iter().fold(0, |all, six| all | six);
    let mut groups = [0; 12];
    for (group, four) in groups.iter_mut().zip(sixes.as_chunks().0) {
        let spread = u32::from_le_bytes(*four) & 0x3f3f_3f3f;
        *group = ((spread & 0x3f) << 18) | ((spread & 0x3f00) << 4) | ((spread >> 10) & 0xfc0) | (spread >> 24);
    }
    let words = |[a, b, c, d]: [u32; 4]| [(a << 8) | (b >> 16), (b << 16) | (c >> 8), (c << 24) | d];
    let mut words = groups.as_chunks().0.iter().flat_map(|four| words(*four));
    for (place, word) in out.as_chunks_mut().0.iter_mut().zip(words.by_ref()) {
        *place = word.to_be_bytes();
    }
    // The last character has two bits more than are needed: they have to be zero.
    let spare = words.fold(0, |all, word| all | word);
    wipe(&mut sixes);
    outside < 64 && spare == 0
}

/// Whether all characters are of the alphabet, without a branch on them: a presented token that is right is a secret.
#[inline]
pub(crate) fn is_base64url(text: &[u8; 43]) -> bool {
    text.iter().fold(0, |outside, byte| outside | six_bits::<b'-', b'_'>(*byte)) < 64
}

/// What a character stands for; 255 for one that is not of the alphabet.
#[inline]
fn six_bits<const C62: u8, const C63: u8>(byte: u8) -> u8 {
    // All ones between the two characters, else zero.
    let among = |first: u8, last: u8| {
        let inside = byte.wrapping_sub(first) <= last.wrapping_sub(first);
        0_u8.wrapping_sub(u8::from(inside))
    };
    // One more than what is meant, so that what is not found becomes 255.
    let found = (among(b'A', b'Z') & byte.wrapping_sub(b'A' - 1))
        | (among(b'a', b'z') & byte.wrapping_sub(b'a' - 27))
        | (among(b'0', b'9') & byte.wrapping_add(53 - b'0'))
        | (among(C62, C62) & 63)
        | (among(C63, C63) & 64);
    found.wrapping_sub(1)
}

/// 16 bytes in 26 characters of base32, lower case, without padding.
pub(crate) fn base32(bytes: &[u8; 16]) -> [u8; 26] {
    let mut rest = u128::from_be_bytes(*bytes);
    let mut text = [0; 26];
    // The last character holds the last three bits, so that two are spare.
    for (index, place) in text.iter_mut().rev().enumerate() {
        let bits = if index == 0 { (rest << 2) & 31 } else { rest & 31 } as u8;
        rest >>= if index == 0 { 3 } else { 5 };
        // 73 lies between '2' and what would follow 'z'; the shift fills with the sign, so it is taken from 26 on.
        let digit = (25_i8.wrapping_sub(bits.cast_signed()) >> 7).cast_unsigned() & 73;
        *place = b'a'.wrapping_add(bits).wrapping_sub(digit);
    }
    text
}

/// Whether all characters are of base32's alphabet.
pub(crate) fn is_base32(text: &[u8; 26]) -> bool {
    text.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'))
}

/// The largest number of 7 digits in base 36.
pub(crate) const MAX_BASE36: u64 = 36_u64.pow(7) - 1;

/// Exactly 7 digits of base 36, lower case, zero-padded.
pub(crate) fn base36(number: u64) -> [u8; 7] {
    let mut rest = number;
    let mut text = [b'0'; 7];
    for place in text.iter_mut().rev() {
        let digit = (rest % 36) as u8;
        *place = if digit < 10 { b'0'.wrapping_add(digit) } else { (b'a' - 10).wrapping_add(digit) };
        rest /= 36;
    }
    text
}

/// Reads what [`base36`] writes.
pub(crate) fn parse_base36(text: &[u8; 7]) -> Option<u64> {
    text.iter().try_fold(0_u64, |number, byte| {
        let digit = match byte {
            b'0'..=b'9' => byte.checked_sub(b'0'),
            b'a'..=b'z' => byte.checked_sub(b'a' - 10),
            _ => None,
        };
        number.checked_mul(36)?.checked_add(digit?.into())
    })
}

/// 32 bytes from 64 lower-case hexadecimal digits.
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

/// Whether bytes are ASCII without NUL: most texts are, and that is seen at once.
#[inline]
pub(crate) fn is_ascii_text(bytes: &[u8]) -> bool {
    bytes.iter().fold(true, |all, byte| all & (byte.wrapping_sub(1) < 0x7f))
}

/// Whether bytes are UTF-8 as RFC 3629 has it and hold no NUL, read one by one.
pub(crate) fn is_text(bytes: impl IntoIterator<Item = u8>) -> bool {
    let mut bytes = bytes.into_iter();
    while let Some(lead) = bytes.next() {
        // How many bytes follow, and which ones the first of them may be (RFC 3629, section 4).
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

/// A signed 64-bit number in decimal, without a plus sign or leading zeros.
pub(crate) struct Decimal {
    digits: [u8; 20],
    start: usize,
}

impl Decimal {
    #[inline]
    pub(crate) fn new(number: i64) -> Self {
        const EIGHT: u64 = 100_000_000;
        let rest = number.unsigned_abs();
        let (rest, low) = (rest / EIGHT, eight_digits(rest % EIGHT));
        // Times have ten digits for long, so that the first word is nearly always zero.
        let (high, middle) = if rest < EIGHT { (0, rest) } else { (eight_digits(rest / EIGHT), rest % EIGHT) };
        let words = [high, eight_digits(middle), low];
        // The first word holds three digits at the most; its first four are left out.
        let [high, middle, low] = words;
        let zeros = |word: u64| word.trailing_zeros().wrapping_div(8) as usize;
        let start = match (high, middle, low) {
            (0, 0, 0) => 19,
            (0, 0, low) => zeros(low).wrapping_add(12),
            (0, middle, _) => zeros(middle).wrapping_add(4),
            (high, ..) => zeros(high).wrapping_sub(4),
        };
        let mut all = [0; 24];
        for (place, word) in all.as_chunks_mut().0.iter_mut().zip(words) {
            *place = (word | u64::from_ne_bytes([b'0'; 8])).to_le_bytes();
        }
        let [_, _, _, _, digits @ ..] = all;
        let mut text = Self { digits, start };
        if number < 0 {
            // 19 digits at the most: the first place is free.
            text.start = start.wrapping_sub(1);
            if let Some(place) = text.digits.get_mut(text.start) {
                *place = b'-';
            }
        }
        text
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.digits.get(self.start..).unwrap_or_default()
    }

    pub(crate) fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

/// The digits of a number below 10^8, the first one in the lowest byte: by halves, by quarters, by eighths, all of them at
/// once.
#[inline]
fn eight_digits(number: u64) -> u64 {
    let fours = (number / 10_000) | ((number % 10_000) << 32);
    // Products with the reciprocals of 100 and of 10, exact as far as the lanes reach.
    let hundreds = (fours.wrapping_mul(10_486) >> 20) & 0x0000_007f_0000_007f;
    let twos = hundreds | (fours.wrapping_sub(hundreds.wrapping_mul(100)) << 16);
    let tens = (twos.wrapping_mul(103) >> 10) & 0x000f_000f_000f_000f;
    tens | (twos.wrapping_sub(tens.wrapping_mul(10)) << 8)
}

/// Reads decimal digits and nothing else; leading zeros count for nothing.
pub(crate) fn parse_digits(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0_u64, |number, byte| number.checked_mul(10)?.checked_add(digit(*byte)?.into()))
}

/// The largest integer that every language holds exactly.
pub(crate) const MAX_EXACT: u64 = (1 << 53) - 1;

/// Reads a number of at most 2^53 - 1 in its one spelling: no sign, no leading zeros.
pub(crate) fn parse_exact(text: impl IntoIterator<Item = u8>) -> Option<u64> {
    let mut bytes = text.into_iter();
    let first = digit(bytes.next()?)?;
    let number = bytes.try_fold(u64::from(first), |number, byte| {
        let spelled = number > 0;
        number.checked_mul(10)?.checked_add(digit(byte)?.into()).filter(|number| spelled && *number <= MAX_EXACT)
    })?;
    Some(number)
}

fn digit(byte: u8) -> Option<u8> {
    byte.checked_sub(b'0').filter(|digit| *digit < 10)
}

/// Reads a signed 64-bit number as E2B's controller does: a sign is optional, leading zeros count for nothing.
#[inline]
pub(crate) fn parse_decimal(text: impl IntoIterator<Item = u8>) -> Option<i64> {
    let mut bytes = text.into_iter().peekable();
    let negative = bytes.peek() == Some(&b'-');
    if negative || bytes.peek() == Some(&b'+') {
        bytes.next();
    }
    bytes.peek()?;
    bytes.try_fold(0_i64, |number, byte| {
        let digit = i64::from(digit(byte)?);
        // Towards the sign, so that the smallest number is reached without overflow.
        let number = number.checked_mul(10)?;
        if negative { number.checked_sub(digit) } else { number.checked_add(digit) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64ct::Encoding;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_as_the_controller_reads_them() {
        let read = |text: &str| parse_decimal(text.bytes());
        assert_eq!(read("007"), Some(7));
        assert_eq!(read("+5"), Some(5));
        assert_eq!(read("-0"), Some(0));
        assert_eq!(read("9223372036854775807"), Some(i64::MAX));
        assert_eq!(read("-9223372036854775808"), Some(i64::MIN));
        for wrong in [
            "",
            "+",
            "-",
            "+-1",
            " 5",
            "5 ",
            "1_000",
            "0x10",
            "1e3",
            "9223372036854775808",
            "-9223372036854775809",
            "\u{0661}",
        ] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn an_exact_number_has_one_spelling() {
        let read = |text: &str| parse_exact(text.bytes());
        assert_eq!(read("0"), Some(0));
        assert_eq!(read("10"), Some(10));
        assert_eq!(read("9007199254740991"), Some(MAX_EXACT));
        let wrong = ["", "00", "01", "+1", "-1", "-0", " 1", "1 ", "1.", "1e3", "0x1", "9007199254740992", "\u{0661}"];
        for wrong in wrong.into_iter().map(str::to_owned).chain(["9".repeat(40)]) {
            assert_eq!(read(&wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn base36_reaches_its_ends() {
        assert_eq!(base36(0), *b"0000000");
        assert_eq!(base36(35), *b"000000z");
        assert_eq!(base36(MAX_BASE36), *b"zzzzzzz");
        for wrong in [b"000000Z", b"-000001", b"000 000"] {
            assert_eq!(parse_base36(wrong), None);
        }
    }

    #[test]
    fn text_is_what_the_standard_library_takes_but_nul() {
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

    #[test]
    fn the_alphabet_has_64_characters() {
        let with = |byte| {
            let mut text = [b'a'; 43];
            text[7] = byte;
            text
        };
        let inside: Vec<u8> = (0..=255).filter(|byte| is_base64url(&with(*byte))).collect();
        assert_eq!(inside, b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
    }

    proptest! {
        #[test]
        fn base64url_is_base64url(bytes: [u8; 32], spare in 1_u8..4) {
            let mut text = [0; 43];
            write_base64url(&bytes, &mut text);
            prop_assert_eq!(text.to_vec(), base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes).into_bytes());
            let mut back = [0; 32];
            prop_assert!(read_base64url(&text, &mut back) && back == bytes && is_base64url(&text));
            // The last character has two spare bits.
            let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            let last = alphabet.iter().position(|byte| *byte == text[42]).unwrap();
            text[42] = alphabet[last | usize::from(spare)];
            prop_assert!(is_base64url(&text) && !read_base64url(&text, &mut back));
        }

        #[test]
        fn base64_is_read_as_base64ct_reads_it(text in "[A-Za-z0-9_-]{42}[A-Za-z0-9_+/=. -]|[A-Za-z0-9+/]{43}|.{43}") {
            let Ok(text) = <[u8; 43]>::try_from(text.as_bytes()) else { return Ok(()) };
            let (mut ours, mut theirs) = ([0; 32], [0; 32]);
            let read = base64ct::Base64UrlUnpadded::decode(text, &mut theirs).is_ok();
            prop_assert_eq!(read_base64url(&text, &mut ours), read);
            prop_assert!(!read || ours == theirs);
        }

        #[test]
        fn base32_is_base32(bytes: [u8; 16]) {
            // Bit by bit, five to a character, with zeros behind the last.
            let bits: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect::<String>() + "00";
            let alphabet = b"abcdefghijklmnopqrstuvwxyz234567";
            let naive: Vec<u8> = (0..26).map(|at| alphabet[usize::from_str_radix(&bits[5 * at..5 * at + 5], 2).unwrap()]).collect();
            prop_assert_eq!(base32(&bytes).to_vec(), naive);
        }

        #[test]
        fn base36_is_read_back(number in 0..=MAX_BASE36) {
            prop_assert_eq!(parse_base36(&base36(number)), Some(number));
            prop_assert_eq!(u64::from_str_radix(core::str::from_utf8(&base36(number)).unwrap(), 36), Ok(number));
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
            let mut back = [0; 32];
            prop_assert!(read_hex(&text, &mut back) && back == bytes);
            // Every other byte is another digit or none.
            text[at] = other;
            let read = read_hex(&text, &mut back);
            prop_assert_eq!(read, matches!(other, b'0'..=b'9' | b'a'..=b'f'));
            prop_assert!(!read || hex(&back) == text);
        }

        #[test]
        fn base64_is_base64(bytes: [u8; 32]) {
            let mut text = [0; 43];
            write_base64(&bytes, &mut text);
            prop_assert_eq!(text.to_vec(), base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes).into_bytes());
        }

        #[test]
        fn decimals_are_written_and_read_back(number in prop_oneof![any::<i64>(), -100_i64..100, Just(i64::MIN), Just(i64::MAX)]) {
            let text = Decimal::new(number);
            prop_assert_eq!(text.as_str(), number.to_string());
            prop_assert_eq!(parse_decimal(text.as_bytes().iter().copied()), Some(number));
        }

        #[test]
        fn a_number_is_read_as_the_standard_library_reads_it(text in "[-+]?[0-9]{0,20}[ a]?") {
            prop_assert_eq!(parse_decimal(text.bytes()), text.parse().ok());
        }
    }
}
