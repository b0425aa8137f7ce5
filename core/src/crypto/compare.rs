//! Constant-time equality: every comparison of a secret goes through this file.

use core::hint::black_box;
pub(crate) use subtle::Choice;
use subtle::ConstantTimeEq;

/// Whether two byte strings are equal. The time depends only on their lengths.
///
/// Strings of different lengths are unequal at once: the length of a token is no secret.
///
/// ```
/// assert!(sandgate::compare::equal(b"right", b"right"));
/// assert!(!sandgate::compare::equal(b"right", b"wrong"));
/// ```
#[must_use]
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    verdict(same(a, b))
}

/// Compares without deciding, for callers that combine several comparisons.
#[inline]
pub(crate) fn same(a: &[u8], b: &[u8]) -> Choice {
    if a.len() != b.len() {
        return Choice::from(0);
    }
    let differ = |x: &[u8; 8], y: &[u8; 8]| u64::from_ne_bytes(*x) ^ u64::from_ne_bytes(*y);
    let words = a.as_chunks().0.iter().zip(b.as_chunks().0);
    let words = words.fold(0, |sum, (x, y)| sum | differ(x, y));
    none(match (a.last_chunk(), b.last_chunk()) {
        // The last word overlaps the one before it.
        (Some(x), Some(y)) => words | differ(x, y),
        _ => a.iter().zip(b).fold(0, |sum, (x, y)| sum | u64::from(x ^ y)),
    })
}

/// The same for words. `flaws` are bits that were found wrong before: if any is set, the result is unequal.
#[inline]
pub(crate) fn same_words(a: &[u32; 8], b: &[u32; 8], flaws: u32) -> Choice {
    none(a.iter().zip(b).fold(flaws, |sum, (x, y)| sum | (x ^ y)).into())
}

/// Whether no difference was collected.
///
/// `subtle`'s own comparison of slices puts a barrier after every byte. Here the differences are collected by the
/// word, and one barrier at the end keeps the compiler from leaving the loop early.
#[inline]
fn none(differences: u64) -> Choice {
    black_box(differences).ct_eq(&0)
}

/// Whether one of several comparisons matched. All of them run, so that the time does not reveal which one it was.
#[inline]
pub(crate) fn any(outcomes: impl Iterator<Item = Choice>) -> Choice {
    outcomes.reduce(|found, next| found | next).unwrap_or(no_match())
}

/// Whether a decoder found no flaw. The owner of a right token knows its spelling.
#[inline]
pub(crate) fn is_flawless(flaws: u64) -> bool {
    verdict(none(flaws))
}

/// The one place where something secret becomes a decision.
///
/// With `sandgate_constant_time` it is a function of its own that branches, so that valgrind can be told its name.
#[cfg_attr(not(sandgate_constant_time), inline)]
#[cfg_attr(sandgate_constant_time, inline(never))]
pub(crate) fn verdict(outcome: Choice) -> bool {
    let equal = outcome.into();
    #[cfg(sandgate_constant_time)]
    let equal = if equal { black_box(true) } else { black_box(false) };
    equal
}

/// The result of comparing with nothing: unequal.
#[inline]
pub(crate) fn no_match() -> Choice {
    Choice::from(0)
}
