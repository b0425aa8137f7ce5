//! Bytes and numbers as text: one canonical spelling each.

use base64ct::{Base64Unpadded, Encoding};

/// Lower-case hexadecimal, without a branch or a table look-up on the bytes.
#[inline]
pub(crate) fn hex(bytes: &[u8; 32]) -> [u8; 64] {
    // 39 lies between '9' + 1 and 'a'; the shift fills with the sign, so it is added from 10 on.
    let digit = |nibble: u8| {
        let letter = (9_i8.wrapping_sub(nibble.cast_signed()) >> 7).cast_unsigned() & 39;
        nibble.wrapping_add(b'0').wrapping_add(letter)
    };
    let mut text = [0; 64];
    for (place, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *place = [digit(byte >> 4), digit(byte & 15)];
    }
    text
}

/// Writes 43 characters: standard alphabet, no padding, without a branch or a table look-up on the bytes.
#[inline]
pub(crate) fn write_base64(bytes: &[u8; 32], out: &mut [u8; 43]) {
    // It fails for want of room only.
    let _ = Base64Unpadded::encode(bytes, out);
}

/// A signed 64-bit number in decimal, without a plus sign or leading zeros.
pub(crate) struct Decimal {
    digits: [u8; 20],
    start: usize,
}

impl Decimal {
    #[inline]
    pub(crate) fn new(number: i64) -> Self {
        let mut digits = [b'0'; 20];
        let mut rest = number.unsigned_abs();
        let mut start = digits.len();
        // Two digits a step: each step waits for the division before it.
        for pair in digits.as_chunks_mut::<2>().0.iter_mut().rev() {
            let value = (rest % 100) as u8;
            *pair = [b'0'.wrapping_add(value / 10), b'0'.wrapping_add(value % 10)];
            rest /= 100;
            start = start.wrapping_sub(if rest == 0 && value < 10 { 1 } else { 2 });
            if rest == 0 {
                break;
            }
        }
        if number < 0 {
            // 19 digits at the most: the first place is free.
            start = start.wrapping_sub(1);
            if let Some(place) = digits.get_mut(start) {
                *place = b'-';
            }
        }
        Self { digits, start }
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.digits.get(self.start..).unwrap_or_default()
    }

    pub(crate) fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

/// Reads decimal digits and nothing else; leading zeros count for nothing.
pub(crate) fn parse_digits(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0_u64, |number, byte| number.checked_mul(10)?.checked_add(digit(*byte)?.into()))
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

    proptest! {
        #[test]
        fn hex_is_hex(bytes: [u8; 32]) {
            prop_assert_eq!(hex(&bytes).to_vec(), hex::encode(bytes).into_bytes());
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
