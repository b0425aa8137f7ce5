//! Numbers as text: decimal, and base 36.

/// A signed 64-bit number in decimal: no plus sign, no leading zeros.
#[derive(Clone, Copy)]
pub(crate) struct Decimal {
    /// Zero after the text, so that a hash takes the whole array.
    text: [u8; Self::CAPACITY],
    len: usize,
}

impl Decimal {
    pub(crate) const CAPACITY: usize = 24;

    /// Most numbers have at most sixteen digits. These are computed in two words (SWAR): a loop that divides by ten and stores
    /// each digit makes a v1 signature 10 % slower.
    #[inline]
    pub(crate) fn new(number: i64) -> Self {
        match u64::try_from(number) {
            Ok(number) if number < EIGHT_DIGITS * EIGHT_DIGITS => Self::short(number),
            _ => Self::long(number),
        }
    }

    #[inline]
    fn short(number: u64) -> Self {
        let (high, low) = (digits(number / EIGHT_DIGITS), digits(number % EIGHT_DIGITS));
        // Leading zeros are shifted out, except for the last digit.
        let zeros =
            if high == 0 { 8_u32.wrapping_add((low.trailing_zeros() / 8).min(7)) } else { high.trailing_zeros() / 8 };
        let (high, low) = (high | ASCII_ZEROS, low | ASCII_ZEROS);
        let shift = zeros.wrapping_mul(8);
        let (first, second) = if shift >= 64 {
            (low >> (shift & 63), 0)
        } else {
            ((high >> shift) | ((low << 1) << (63_u32.wrapping_sub(shift))), low >> shift)
        };
        let mut text = [0; Self::CAPACITY];
        for (place, word) in text.as_chunks_mut().0.iter_mut().zip([first, second]) {
            *place = word.to_le_bytes();
        }
        Self { text, len: 16_u32.wrapping_sub(zeros) as usize }
    }

    #[cold]
    fn long(number: i64) -> Self {
        let mut backwards = [0; Self::CAPACITY];
        let (mut rest, mut len) = (number.unsigned_abs(), 0_usize);
        for place in &mut backwards {
            if rest == 0 && len > 0 {
                if number < 0 {
                    *place = b'-';
                    len = len.wrapping_add(1);
                }
                break;
            }
            *place = b'0'.wrapping_add((rest % 10) as u8);
            rest /= 10;
            len = len.wrapping_add(1);
        }
        let mut text = [0; Self::CAPACITY];
        for (place, byte) in text.iter_mut().zip(backwards.iter().take(len).rev()) {
            *place = *byte;
        }
        Self { text, len }
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.text.get(..self.len).unwrap_or_default()
    }

    pub(crate) fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// The text with the zeros after it, and its length.
    #[inline]
    pub(crate) const fn padded(&self) -> (&[u8; Self::CAPACITY], usize) {
        (&self.text, self.len)
    }
}

const EIGHT_DIGITS: u64 = 100_000_000;
const ASCII_ZEROS: u64 = 0x3030_3030_3030_3030;

/// The eight decimal digits of a number below 10^8, the first one in the lowest byte.
#[inline]
const fn digits(number: u64) -> u64 {
    let fours = (number / 10_000) | ((number % 10_000) << 32);
    // A division by 100 or 10 in each lane, as a multiplication that is exact for so small a number.
    let hundreds = (fours.wrapping_mul(5243) >> 19) & 0x7f_0000_007f;
    let pairs = hundreds | (fours.wrapping_sub(hundreds.wrapping_mul(100)) << 16);
    let tens = (pairs.wrapping_mul(103) >> 10) & 0x000f_000f_000f_000f;
    tens | (pairs.wrapping_sub(tens.wrapping_mul(10)) << 8)
}

/// The number of eight decimal digits, if all are digits.
#[inline]
const fn eight(digits: [u8; 8]) -> Option<u64> {
    let text = u64::from_le_bytes(digits);
    let ones = text.wrapping_sub(ASCII_ZEROS);
    // A byte from ten on reaches the highest bit.
    if (ones | text | ones.wrapping_add(0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080 != 0 {
        return None;
    }
    let pairs = (ones.wrapping_mul(10).wrapping_add(ones >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100).wrapping_add(pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours.wrapping_mul(10_000).wrapping_add(fours >> 32)) & 0xffff_ffff)
}

/// Parses 8 to 16 decimal digits, eight at once (SWAR). None for any other text.
#[inline]
pub(crate) fn parse_short(text: &[u8]) -> Option<u64> {
    let (first, last) = text.split_last_chunk()?;
    if first.len() > 8 {
        return None;
    }
    let first =
        first.iter().try_fold(0_u64, |number, byte| Some(number.wrapping_mul(10).wrapping_add(digit(*byte)?.into())));
    // Sixteen digits do not wrap.
    Some(first?.wrapping_mul(EIGHT_DIGITS).wrapping_add(eight(*last)?))
}

/// Parses decimal digits and nothing else. Leading zeros are allowed.
pub(crate) fn parse_digits(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0_u64, |number, byte| number.checked_mul(10)?.checked_add(digit(*byte)?.into()))
}

/// The same without leading zeros.
pub(crate) fn parse_plain(text: &[u8]) -> Option<u64> {
    parse_digits(text).filter(|_| text == b"0" || !text.starts_with(b"0"))
}

/// The largest integer that every language holds exactly.
pub(crate) const MAX_EXACT: u64 = (1 << 53) - 1;

/// Parses a number of at most 2^53 - 1 in its canonical spelling: no sign, no leading zeros.
pub(crate) fn parse_exact(text: impl IntoIterator<Item = u8>) -> Option<u64> {
    let mut bytes = text.into_iter();
    let first = digit(bytes.next()?)?;
    let number = bytes.try_fold(u64::from(first), |number, byte| {
        // At most 2^53 - 1, so that nothing wraps.
        let next = number.wrapping_mul(10).wrapping_add(digit(byte)?.into());
        if number > 0 && next <= MAX_EXACT { Some(next) } else { None }
    })?;
    Some(number)
}

fn digit(byte: u8) -> Option<u8> {
    byte.checked_sub(b'0').filter(|digit| *digit < 10)
}

/// Parses a signed 64-bit number as E2B's controller does: a sign is optional, leading zeros are allowed.
#[inline]
pub(crate) fn parse_decimal(text: impl IntoIterator<Item = u8>) -> Option<i64> {
    let mut bytes = text.into_iter();
    let mut next = bytes.next();
    let negative = next == Some(b'-');
    if negative || next == Some(b'+') {
        next = bytes.next();
    }
    let mut number = 0_i64;
    loop {
        let digit = i64::from(digit(next?)?);
        // Add or subtract by the sign, so that the smallest number does not overflow.
        number = number.checked_mul(10)?;
        number = if negative { number.checked_sub(digit)? } else { number.checked_add(digit)? };
        next = bytes.next();
        if next.is_none() {
            return Some(number);
        }
    }
}

/// The largest number of 7 digits in base 36.
pub(crate) const MAX_BASE36: u64 = 36_u64.pow(7) - 1;

/// Writes exactly 7 digits of base 36, lower case, zero-padded.
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

/// Parses what [`base36`] writes.
pub(crate) fn parse_base36(text: &[u8; 7]) -> Option<u64> {
    text.iter().try_fold(0_u64, |number, byte| {
        let digit = match byte {
            b'0'..=b'9' => byte.checked_sub(b'0'),
            b'a'..=b'z' => byte.checked_sub(b'a' - 10),
            _ => None,
        };
        // Seven digits are less than 2^37, so that nothing wraps.
        Some(number.wrapping_mul(36).wrapping_add(digit?.into()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_parsed_as_by_the_controller() {
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
    fn exact_number_has_one_spelling() {
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

    /// Numbers with each count of digits alike, and those beside a power of ten: almost all numbers of 64 bits have 19 digits, and
    /// none of them is short.
    fn numbers() -> impl Strategy<Value = i64> {
        let power = |digits: u32| 10_i64.pow(digits);
        let of_digits =
            (0_u32..19, any::<u64>()).prop_map(move |(digits, number)| (number % power(digits) as u64) as i64);
        let beside = (0_u32..19, -1_i64..=1).prop_map(move |(digits, more)| power(digits) + more);
        let ends = prop_oneof![Just(i64::MIN), Just(i64::MAX), any::<i64>()];
        (prop_oneof![4 => of_digits, 2 => beside, 1 => ends], any::<bool>())
            .prop_map(|(number, negated)| if negated { number.wrapping_neg() } else { number })
    }

    /// Which way it is written: negative, short with as many digits, or long.
    fn way(number: i64) -> Option<usize> {
        u64::try_from(number)
            .ok()
            .filter(|number| *number < EIGHT_DIGITS * EIGHT_DIGITS)
            .map(|number| number.to_string().len())
    }

    /// Otherwise the property below would say little.
    #[test]
    fn numbers_of_each_length_are_tried() {
        use proptest::strategy::ValueTree;
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let mut seen = std::collections::BTreeMap::<Option<usize>, u32>::new();
        for _ in 0..1024 {
            *seen.entry(way(numbers().new_tree(&mut runner).unwrap().current())).or_default() += 1;
        }
        for expected in [None].into_iter().chain((1..=16).map(Some)) {
            assert!(seen.get(&expected).is_some_and(|count| *count >= 5), "{expected:?}: {seen:?}");
        }
    }

    proptest! {
        #[test]
        fn base36_is_read_back(number in 0..=MAX_BASE36) {
            prop_assert_eq!(parse_base36(&base36(number)), Some(number));
            prop_assert_eq!(u64::from_str_radix(core::str::from_utf8(&base36(number)).unwrap(), 36), Ok(number));
        }

        #[test]
        fn decimals_are_written_and_read_back(number in numbers()) {
            let text = Decimal::new(number);
            prop_assert_eq!(text.as_str(), number.to_string());
            prop_assert_eq!(parse_decimal(text.as_bytes().iter().copied()), Some(number));
            let (padded, len) = text.padded();
            prop_assert!(padded[len..].iter().all(|byte| *byte == 0), "a hash takes the whole array");
        }

        #[test]
        fn eight_digits_at_once_are_read_like_one_by_one(text in "[0-9]{7,17}|[0-9]{0,15}[/:a\\-][0-9]{0,15}") {
            let expected = text.parse().ok().filter(|_| (8..=16).contains(&text.len()));
            prop_assert_eq!(parse_short(text.as_bytes()), expected);
        }

        #[test]
        fn a_number_is_read_as_the_standard_library_reads_it(text in "[-+]?[0-9]{0,20}[ a]?") {
            prop_assert_eq!(parse_decimal(text.bytes()), text.parse().ok());
        }
    }
}
