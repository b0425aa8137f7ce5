//! Objects with state of ours.

use super::function::{Task, released};
use super::kept::{Kept, State};
use super::thrown::Thrown;
use super::value::{Env, Value};
use crate::class::Class;
use napi_sys as sys;
use std::any::Any;
use std::boxed::Box;
use std::ffi::{CStr, c_void};
use std::ptr;
use std::rc::Rc;
use std::vec::Vec;

/// What a handle carries: a `Kept` of its class.
type Carried = Box<dyn Any>;

/// Its address marks the objects of this very image of the addon: another one in the same process, perhaps of another
/// version, has another address.
static ANCHOR: u8 = 0;

fn tag() -> sys::napi_type_tag {
    sys::napi_type_tag { lower: (&raw const ANCHOR).addr() as u64, upper: 0x7361_6e64_6761_7465 }
}

impl<'c> Env<'c> {
    /// An object with the natives of a class, which work on `state`, and with `properties`.
    pub(crate) fn stateful<S: Class>(self, state: S, properties: &[(&CStr, Value<'c>)]) -> Result<Value<'c>, Thrown> {
        let kept = Kept::new(state);
        let mut all = Vec::from(properties);
        for method in S::METHODS {
            all.push((method.name, self.function(method.name, &kept, Task::Call(method.body))?));
        }
        all.push((c"dispose", self.function(c"dispose", &kept, Task::Dispose)?));
        if S::HAS_HANDLE {
            all.push((c"handle", self.carrying(kept)?));
        }
        self.natives(&all)
    }

    /// An empty, frozen object that carries `state`, for natives that take one.
    pub(crate) fn handle<S: Class>(self, state: S) -> Result<Value<'c>, Thrown> {
        self.carrying(Kept::new(state))
    }

    fn carrying<S: Class>(self, kept: Rc<Kept<S>>) -> Result<Value<'c>, Thrown> {
        let object = self.object(&[])?;
        // SAFETY: the environment and the object are alive for `'c`; the tag is copied.
        self.check(unsafe { sys::napi_type_tag_object(self.raw, object.raw, &tag()) })?;
        let carried: *mut Carried = Box::into_raw(Box::new(Box::new(kept)));
        // SAFETY: the environment and the object are alive for `'c`. `carried` is a box that now belongs to the object; `drop_carried`
        // is what frees it, once.
        let status = unsafe {
            let hint = ptr::null_mut();
            sys::napi_wrap(self.raw, object.raw, carried.cast(), Some(drop_carried), hint, ptr::null_mut())
        };
        if status != sys::Status::napi_ok {
            // SAFETY: the object did not take the box.
            drop(unsafe { Box::from_raw(carried) });
            return Err(self.failure());
        }
        object.frozen()
    }
}

impl<'c> Value<'c> {
    /// The state of an object of [`Env::handle`] or of a `handle`, if it is an `S`.
    pub(crate) fn state<S: Class>(self) -> Result<Option<State<'c, S>>, Thrown> {
        let Some(kept) = self.carried().and_then(|carried| carried.downcast_ref::<Rc<Kept<S>>>()) else {
            return Ok(None);
        };
        kept.get().map(|state| Some(State::new(state)))
    }

    fn carried(self) -> Option<&'c Carried> {
        // Asked about anything else than an object, Node-API throws.
        if self.type_of() != sys::ValueType::napi_object {
            return None;
        }
        let (mut ours, mut carried) = (false, ptr::null_mut());
        // SAFETY: the environment and the value are alive for `'c`.
        let status = unsafe { sys::napi_check_object_type_tag(self.env.raw, self.raw, &tag(), &mut ours) };
        if status != sys::Status::napi_ok || !ours {
            return None;
        }
        // SAFETY: as before.
        let status = unsafe { sys::napi_unwrap(self.env.raw, self.raw, &mut carried) };
        if status != sys::Status::napi_ok {
            return None;
        }
        // SAFETY: only `Env::carrying` gives an object this tag, and then it wraps a `Carried`, which lives as long as the object;
        // the value keeps that alive for `'c`.
        unsafe { carried.cast::<Carried>().as_ref() }
    }
}

/// # Safety
/// For Node-API, with the `Carried` that an object of [`Env::carrying`] owns.
unsafe extern "C" fn drop_carried(_env: sys::napi_env, carried: *mut c_void, _hint: *mut c_void) {
    // SAFETY: it is what the object owned, and the object is gone.
    released(|| drop(unsafe { Box::from_raw(carried.cast::<Carried>()) }));
}
