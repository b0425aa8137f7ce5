//! What reading an argument finds.

/// What was found in place of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Read {
    Text,
    /// `undefined` or `null`.
    Absent,
    /// No text.
    Other,
    LoneSurrogate,
}

/// What a value is as a number.
pub(crate) enum Number {
    /// A number with an integral value that a double holds exactly.
    Integer(i64),
    /// A bigint of 64 bits.
    BigInt(i64),
    /// Another number or bigint.
    OutOfRange,
    /// `undefined` or `null`.
    Absent,
    /// No number.
    Other,
}

const MAX_SAFE: i64 = 9_007_199_254_740_991;

impl Number {
    #[inline]
    pub(crate) const fn of_double(number: f64) -> Self {
        let integer = number as i64;
        // A fraction does not survive the way there and back, and NaN equals nothing.
        if is_safe(integer) && integer as f64 == number { Self::Integer(integer) } else { Self::OutOfRange }
    }
}

/// Whether a double holds this number, and no other rounds to it.
pub(crate) const fn is_safe(number: i64) -> bool {
    -MAX_SAFE <= number && number <= MAX_SAFE
}
