//! Short texts that carry a signature: signatures of file URLs, passes, labels of signed hosts. Anyone who has one can use
//! it.

use crate::encoding::bytes::copy;
use crate::memory::wipe::wipe;

/// Up to `N` bytes of ASCII, wiped on drop.
#[derive(Clone)]
pub(crate) struct SignedText<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> SignedText<N> {
    #[inline]
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; N], len: 0 }
    }

    /// Appends as many bytes as fit.
    #[inline]
    pub(crate) fn push(&mut self, text: &[u8]) {
        let place = self.bytes.get_mut(self.len..).unwrap_or_default();
        copy(place, text);
        self.len = self.len.saturating_add(text.len().min(place.len()));
    }

    /// Appends an array that `write` fills in place.
    #[inline]
    pub(crate) fn push_with<const M: usize>(&mut self, write: impl FnOnce(&mut [u8; M])) {
        if let Some(place) = self.bytes.get_mut(self.len..).and_then(|rest| rest.first_chunk_mut()) {
            write(place);
            self.len = self.len.wrapping_add(M);
        }
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

impl<const N: usize> Drop for SignedText<N> {
    fn drop(&mut self) {
        wipe(&mut self.bytes);
    }
}

/// Defines a public type for such a text.
macro_rules! signed_text {
    ($(#[$doc:meta])* $name:ident, $len:ident = $max:expr, $len_doc:literal) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(pub(crate) $crate::value::signed_text::SignedText<{ Self::$len }>);

        impl $name {
            #[doc = $len_doc]
            pub const $len: usize = $max;

            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                core::str::from_utf8(self.0.as_bytes()).unwrap_or_default()
            }

            /// The same as bytes.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8] {
                self.0.as_bytes()
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    };
}

pub(crate) use signed_text;
