//! Copying, splitting and wiping bytes without a check that could panic.

use zeroize::optimization_barrier;

/// Copies as much of `from` as there is room for.
///
/// `copy_from_slice` panics on slices of different lengths, and keeps that path where the optimiser does not see that
/// they are the same. This loop becomes a `memcpy`, as long as it is a function of its own, where the two slices are known
/// not to overlap.
#[inline(never)]
pub(crate) fn copy(to: &mut [u8], from: &[u8]) {
    for (place, byte) in to.iter_mut().zip(from) {
        *place = *byte;
    }
}

/// The bytes before and behind the first `at`, if there is one.
pub(crate) fn split_once(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let mut halves = text.splitn(2, |byte| *byte == at);
    Some((halves.next()?, halves.next()?))
}

/// Overwrites `bytes` with zeros in a way that the compiler keeps.
#[inline]
pub(crate) fn wipe<T: Copy + Default, const N: usize>(bytes: &mut [T; N]) {
    *bytes = [T::default(); N];
    optimization_barrier(bytes);
}
