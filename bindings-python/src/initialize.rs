//! A controller whose state `initialize` replaces while other threads use it.

use crate::arguments::bytes;
use pyo3::prelude::*;
use sandgate::{Controller, Denied, Initialized, boxed, clean_stack};
use std::convert::Infallible;
use std::mem::swap;
use std::sync::{Mutex, PoisonError, RwLock};

/// Holds a controller on the heap, so that replacing it moves only a pointer: a panic or another thread finds the old one or
/// the new one.
///
/// Under both locks only core runs, never Python, which could wait for another thread that waits for the lock.
pub(crate) struct Replaceable {
    current: RwLock<Box<Controller>>,
    /// One `initialize` at a time. Requests are checked meanwhile.
    initializing: Mutex<()>,
}

impl Replaceable {
    pub(crate) fn new(controller: Box<Controller>) -> Self {
        Self { current: RwLock::new(controller), initializing: Mutex::new(()) }
    }

    /// Passes the current controller to core.
    #[inline(always)]
    pub(crate) fn ask<R>(&self, ask: impl FnOnce(&Controller) -> R) -> R {
        // A panic leaves nothing half changed.
        ask(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn initialize(&self, body: &[u8], expected_hash: &[u8]) -> Result<Initialized, Denied> {
        let _alone = self.initializing.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(mut next) = boxed(|| Ok::<_, Infallible>(self.ask(Controller::clone)));
        let outcome = clean_stack::<16_384, _>(|| next.initialize(body, expected_hash))?;
        swap(&mut *self.current.write().unwrap_or_else(PoisonError::into_inner), &mut next);
        // The old one is wiped here, after the lock is released.
        drop(next);
        Ok(outcome)
    }
}

/// The argument `expected_hash`. Only an absent one is empty: `None` is refused, which a failed look-up may return.
pub(crate) struct Published<'py>(Option<Bound<'py, PyAny>>);

impl Published<'_> {
    pub(crate) const NOTHING: Self = Self(None);

    pub(crate) fn bytes(&self) -> PyResult<&[u8]> {
        self.0.as_ref().map_or(Ok(&b""[..]), |given| bytes(given, "expected_hash"))
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Published<'py> {
    type Error = Infallible;

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> Result<Self, Infallible> {
        Ok(Self(Some(given.to_owned())))
    }
}
