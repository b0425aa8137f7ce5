//! Overwriting secrets in a way that the compiler keeps. The only importer of `zeroize`.

use zeroize::optimization_barrier;

/// An array that is wiped when it goes out of scope, also when that is by a panic.
pub(crate) struct Wiped<T: Copy + Default, const N: usize>(pub(crate) [T; N]);

impl<T: Copy + Default, const N: usize> Drop for Wiped<T, N> {
    #[inline]
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// Overwrites `bytes` with zeros in a way that the compiler keeps.
#[inline]
pub(crate) fn wipe<T: Copy + Default, const N: usize>(bytes: &mut [T; N]) {
    *bytes = [T::default(); N];
    optimization_barrier(bytes);
}
