//! Natives, and the state that they work on.

use crate::host::{Answer, Env, Numbered, Value};
use core::ffi::CStr;

/// The most arguments that a native has.
pub(crate) const MOST_ARGUMENTS: usize = 10;

/// The code of a native. Arguments that were not given are missing at the end.
pub(crate) type Body<S> = for<'c> fn(Env<'c>, &S, &[Value<'c>]) -> Answer<'c>;

/// A native of a class.
pub(crate) struct Method<S: 'static> {
    pub(crate) name: &'static CStr,
    pub(crate) body: Body<S>,
}

/// A type whose values are the state of an object.
pub(crate) trait Class: Numbered + Sized + 'static {
    const METHODS: &'static [Method<Self>];
    /// Whether other natives take such an object, by its `handle`.
    const HAS_HANDLE: bool = false;
}

/// A native of this name, with as many arguments as its code takes.
macro_rules! native {
    ($name:literal, $body:path) => {
        crate::class::Method {
            name: $name,
            body: |env, state, arguments| $body(env, state, crate::class::exactly(env, arguments)),
        }
    };
}
pub(crate) use native;

/// The first `N` arguments.
#[inline]
pub(crate) fn exactly<'c, const N: usize>(env: Env<'c>, arguments: &[Value<'c>]) -> [Value<'c>; N] {
    const { assert!(N <= MOST_ARGUMENTS) }
    let mut all = [Value::absent(env); N];
    for (place, given) in all.iter_mut().zip(arguments) {
        *place = *given;
    }
    all
}
