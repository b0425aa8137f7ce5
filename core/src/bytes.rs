//! Copying bytes without a check that could panic.

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
