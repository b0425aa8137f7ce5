//! Objects with state of ours.

use super::made::value;
use super::record::{Record, STATE, STATEFUL};
use super::thrown::Thrown;
use super::value::{Env, Value};
use crate::class::Class;
use crate::thrown::disposed;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ffi::CStr;
use core::ptr;

/// The state of an object while a call works on it.
pub(crate) type State<'c, S> = &'c S;

impl<'c> Env<'c> {
    /// An object with the natives of a class, which work on `state`, and with `properties`.
    pub(crate) fn stateful<S: Class>(self, state: S, properties: &[(&CStr, Value<'c>)]) -> Result<Value<'c>, Thrown> {
        self.entries(STATEFUL, Vec::from([*self.handle(state)?.record]), properties)
    }

    /// The state alone, for natives that take it.
    #[allow(clippy::cast_possible_truncation)]
    pub(crate) fn handle<S: Class>(self, state: S) -> Result<Value<'c>, Thrown> {
        let place: &'static S = Box::leak(Box::new(state));
        let bits = core::ptr::from_ref(place).addr() as u64 | u64::from(S::NUMBER) << 32;
        Ok(value(Record { kind: STATE, len: size_of::<S>() as u32, bits }))
    }
}

impl<'c> Value<'c> {
    /// The state of an object, if it is an `S`.
    pub(crate) fn state<S: Class>(self) -> Result<Option<State<'c, S>>, Thrown> {
        let state = self.state_of(S::NUMBER, size_of::<S>())?;
        // SAFETY: JavaScript gives a state of this class the bytes that `Env::stateful` or `Env::handle` gave it, aligned, and nothing
        // changes them until the call ends. They may be those of another module of the package: all are built from the same sources, by
        // the same compiler, so that a class has the same layout in each.
        Ok(unsafe { state.cast::<S>().as_ref() })
    }

    /// Where the state of an object of a class is; null for everything else.
    fn state_of(self, class: u32, size: usize) -> Result<*const u8, Thrown> {
        if self.record.kind != STATE || self.record.class() != class {
            return Ok(ptr::null());
        }
        // The state of an object that was disposed has no bytes any more.
        if self.record.len as usize == size { Ok(self.record.address()) } else { Err(disposed()) }
    }
}
