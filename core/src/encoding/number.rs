//! Numbers as text: decimal, and base 36.

/// A signed 64-bit number in decimal: no plus sign, no leading zeros.
#[derive(Clone, Copy)]
pub(crate) struct Decimal {
    digits: [u8; 20],
    start: usize,
}

impl Decimal {
    #[inline]
    pub(crate) fn new(number: i64) -> Self {
        let mut text = Self { digits: [0; 20], start: 20 };
        let mut rest = number.unsigned_abs();
        // Two digits per division.
        while rest >= 100 {
            let pair = (rest % 100) as u8;
            rest /= 100;
            text.push_front(b'0'.wrapping_add(pair % 10));
            text.push_front(b'0'.wrapping_add(pair / 10));
        }
        text.push_front(b'0'.wrapping_add((rest % 10) as u8));
        if rest >= 10 {
            text.push_front(b'0'.wrapping_add((rest / 10) as u8));
        }
        if number < 0 {
            text.push_front(b'-');
        }
        text
    }

    #[inline]
    fn push_front(&mut self, character: u8) {
        self.start = self.start.wrapping_sub(1);
        if let Some(place) = self.digits.get_mut(self.start) {
            *place = character;
        }
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.digits.get(self.start..).unwrap_or_default()
    }

    pub(crate) fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
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

    proptest! {
        #[test]
        fn base36_is_read_back(number in 0..=MAX_BASE36) {
            prop_assert_eq!(parse_base36(&base36(number)), Some(number));
            prop_assert_eq!(u64::from_str_radix(core::str::from_utf8(&base36(number)).unwrap(), 36), Ok(number));
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
