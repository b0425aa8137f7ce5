//! Natives and the state they work on.

use crate::host::{Answer, Env, Numbered, Value};
use core::ffi::CStr;

/// The maximum number of arguments of a native.
pub(crate) const MOST_ARGUMENTS: usize = 12;

/// The arguments of a native. Missing ones are absent values.
pub(crate) type Arguments<'c> = [Value<'c>; MOST_ARGUMENTS];

/// The code of a native.
pub(crate) type Body<S> = for<'c> fn(Env<'c>, &S, &Arguments<'c>) -> Answer<'c>;

/// A native of a class.
pub(crate) struct Method<S: 'static> {
    pub(crate) name: &'static CStr,
    pub(crate) body: Body<S>,
}

/// A type whose values are the state of an object.
pub(crate) trait Class: Numbered + Sized + 'static {
    const METHODS: &'static [Method<Self>];
    /// Whether other natives accept such an object, through its `handle`.
    #[cfg_attr(target_family = "wasm", allow(dead_code))]
    const HAS_HANDLE: bool = false;
}

/// Returns a native with this name.
pub(crate) const fn native<S>(name: &'static CStr, body: Body<S>) -> Method<S> {
    Method { name, body }
}

/// The state of natives that need no object: none.
pub(crate) struct Functions;
