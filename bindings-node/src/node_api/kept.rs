//! State that can be disposed.

use super::thrown::Thrown;
use crate::thrown::disposed;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;

/// The state of an object while a call works on it.
pub(crate) struct State<'c, S>(Rc<S>, PhantomData<&'c ()>);

impl<S> State<'_, S> {
    pub(super) const fn new(state: Rc<S>) -> Self {
        Self(state, PhantomData)
    }
}

impl<S> std::ops::Deref for State<'_, S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.0
    }
}

/// The state of an object until the object is disposed. Calls that run meanwhile keep theirs until they return.
pub(super) struct Kept<S>(RefCell<Option<Rc<S>>>);

impl<S> Kept<S> {
    pub(super) fn new(state: S) -> Rc<Self> {
        Rc::new(Self(RefCell::new(Some(Rc::new(state)))))
    }

    pub(super) fn get(&self) -> Result<Rc<S>, Thrown> {
        // It is only borrowed inside of these two functions, which call nothing.
        self.0.try_borrow().ok().and_then(|state| state.clone()).ok_or_else(disposed)
    }

    /// Drops the state, which wipes it.
    pub(super) fn dispose(&self) {
        drop(self.0.replace(None));
    }
}
