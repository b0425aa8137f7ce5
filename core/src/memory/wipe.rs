//! Overwrites secrets so that the compiler cannot remove the writes. Only this file imports `zeroize`.

use zeroize::optimization_barrier;

/// An array that is wiped when it goes out of scope, also on a panic.
#[derive(Clone)]
pub(crate) struct Wiped<T: Copy + Default, const N: usize>(pub(crate) [T; N]);

impl<T: Copy + Default, const N: usize> Drop for Wiped<T, N> {
    #[inline]
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// Overwrites `bytes` with zeros. The compiler cannot remove the writes.
#[inline]
pub(crate) fn wipe<T: Copy + Default, const N: usize>(bytes: &mut [T; N]) {
    *bytes = [T::default(); N];
    optimization_barrier(bytes);
}
