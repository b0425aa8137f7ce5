//! A class as JavaScript calls it: of whatever type its state is.

use crate::class::{Class, Method};
use core::slice;

/// A class: its natives by number, and how many bytes a state has.
pub(super) struct Entry {
    pub(super) methods: &'static [Method<Erased>],
    pub(super) size: usize,
}

/// A state of any class.
pub(super) struct Erased;

impl Entry {
    pub(super) const fn of<S: Class>() -> Self {
        const { assert!(align_of::<S>() <= 16) }
        let methods: &'static [Method<S>] = S::METHODS;
        // SAFETY: the two types differ in that of a reference which is handed on, which changes neither layout nor calling convention.
        let methods = unsafe { slice::from_raw_parts(methods.as_ptr().cast(), methods.len()) };
        Self { methods, size: size_of::<S>() }
    }
}
