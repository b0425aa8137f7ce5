//! Expiries close to the limits of verifiers.

use super::oracle::{Verifier, base36};
use super::template::fill;

/// The distance from the first or the last accepted expiry: at most a few seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offset(i8);

impl Offset {
    pub(crate) fn new(seconds: i8) -> Self {
        Self(seconds % 3)
    }
}

/// The values of `$<` and `$>`.
pub(crate) fn expiry(placeholder: char, offset: Offset, verifier: &Verifier<'_>) -> Option<i128> {
    let (now, leeway) = (i128::from(verifier.now), i128::from(verifier.leeway));
    let border = match placeholder {
        '<' => now - leeway,
        '>' => now + leeway + i128::from(verifier.max_lifetime),
        _ => return None,
    };
    Some(border + i128::from(offset.0))
}

/// The text with its times, in decimal.
pub(crate) fn fill_times(text: &[u8], offset: Offset, verifier: &Verifier<'_>) -> Vec<u8> {
    fill(text, |placeholder| Some(expiry(placeholder, offset, verifier)?.to_string()))
}

/// The same in the seven digits of a signed host. A time that does not fit becomes the last one that does.
pub(crate) fn fill_base36(text: &[u8], offset: Offset, verifier: &Verifier<'_>) -> Vec<u8> {
    let digits = |time| base36(time).unwrap_or("zzzzzzz".to_owned());
    fill(text, |placeholder| expiry(placeholder, offset, verifier).map(digits))
}
