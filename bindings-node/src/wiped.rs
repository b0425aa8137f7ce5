//! Native copies of text that may be a secret.

use alloc::vec::Vec;
use core::fmt;
#[cfg(not(target_family = "wasm"))]
use zeroize::optimization_barrier;

#[cfg(not(target_family = "wasm"))]
/// Overwrites `bytes` with `zero` in a way that the compiler keeps.
#[inline]
pub(crate) fn wipe<T: Copy>(bytes: &mut [T], zero: T) {
    bytes.fill(zero);
    optimization_barrier(bytes);
}

/// Bytes that are wiped when they are dropped, and where they were before they grew.
#[derive(Default)]
pub(crate) struct Wiped<T: Copy + Default = u8>(Vec<T>);

impl<T: Copy + Default> Wiped<T> {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Nothing yet, and room for `capacity` elements.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    /// The bytes, which stay where they are.
    #[cfg(target_family = "wasm")]
    pub(crate) fn leaked(self) -> &'static [T] {
        self.0.leak()
    }

    pub(crate) fn extend(&mut self, more: &[T]) {
        let needed = self.0.len().saturating_add(more.len());
        if needed > self.0.capacity() {
            let mut grown = Self::with_capacity(needed.max(self.0.capacity().saturating_mul(2)));
            grown.0.extend_from_slice(&self.0);
            *self = grown;
        }
        self.0.extend_from_slice(more);
    }
}

impl<T: Copy + Default> core::ops::Deref for Wiped<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T: Copy + Default> core::ops::DerefMut for Wiped<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }
}

// In WebAssembly JavaScript wipes the heap after each call.
#[cfg(not(target_family = "wasm"))]
impl<T: Copy + Default> Drop for Wiped<T> {
    #[inline]
    fn drop(&mut self) {
        if self.0.capacity() > 0 {
            wipe(&mut self.0, T::default());
        }
    }
}

impl fmt::Write for Wiped {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.extend(text.as_bytes());
        Ok(())
    }
}

impl From<&[u8]> for Wiped {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}
