//! The results of reading an argument.

/// The result of reading a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Read {
    Text,
    /// `undefined` or `null`.
    Absent,
    /// Neither a text nor absent.
    Other,
    LoneSurrogate,
}

/// The result of reading a number.
pub(crate) enum Number {
    /// A number with an integral value that a double holds exactly.
    Integer(i64),
    /// A bigint of 64 bits.
    BigInt(i64),
    /// Another number or bigint.
    OutOfRange,
    /// `undefined` or `null`.
    Absent,
    /// Neither a number nor absent.
    Other,
}

const MAX_SAFE: i64 = 9_007_199_254_740_991;

impl Number {
    #[inline]
    pub(crate) const fn of_double(number: f64) -> Self {
        let integer = number as i64;
        // A fraction does not survive the round trip, and NaN equals nothing.
        if is_safe(integer) && integer as f64 == number { Self::Integer(integer) } else { Self::OutOfRange }
    }
}

/// Whether a double represents this number exactly, and no other integer rounds to it.
pub(crate) const fn is_safe(number: i64) -> bool {
    -MAX_SAFE <= number && number <= MAX_SAFE
}
