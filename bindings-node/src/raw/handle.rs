//! Objects that carry native state, for natives that take another native object.

use super::function::released;
use super::value::{Env, Value};
use crate::thrown::Thrown;
use napi_sys as sys;
use std::any::Any;
use std::ffi::c_void;
use std::ptr;

type State = Box<dyn Any>;

/// Its address marks the objects of this very image of the addon: another one in the same process, perhaps of another
/// version, has another address.
static ANCHOR: u8 = 0;

fn tag() -> sys::napi_type_tag {
    sys::napi_type_tag { lower: (&raw const ANCHOR).addr() as u64, upper: 0x7361_6e64_6761_7465 }
}

impl<'c> Env<'c> {
    /// An empty, frozen object that carries `state`.
    pub(crate) fn handle<T: 'static>(self, state: T) -> Result<Value<'c>, Thrown> {
        let object = self.object(&[])?;
        // SAFETY: the environment and the object are alive for `'c`; the tag is copied.
        self.check(unsafe { sys::napi_type_tag_object(self.raw, object.raw, &tag()) })?;
        let state: *mut State = Box::into_raw(Box::new(Box::new(state)));
        // SAFETY: the environment and the object are alive for `'c`. `state` is a box that now belongs to the object; `drop_state`
        // is what frees it, once.
        let status = unsafe {
            let hint = ptr::null_mut();
            sys::napi_wrap(self.raw, object.raw, state.cast(), Some(drop_state), hint, ptr::null_mut())
        };
        if status != sys::Status::napi_ok {
            // SAFETY: the object did not take the box.
            drop(unsafe { Box::from_raw(state) });
            return Err(self.failure());
        }
        object.frozen()
    }
}

impl<'c> Value<'c> {
    /// The state that an object of [`Env::handle`] carries, if it is a `T`.
    pub(crate) fn state<T: 'static>(self) -> Option<&'c T> {
        // Asked about anything else than an object, Node-API throws.
        if self.type_of() != sys::ValueType::napi_object {
            return None;
        }
        let (mut ours, mut state) = (false, ptr::null_mut());
        // SAFETY: the environment and the value are alive for `'c`.
        let status = unsafe { sys::napi_check_object_type_tag(self.env.raw, self.raw, &tag(), &mut ours) };
        if status != sys::Status::napi_ok || !ours {
            return None;
        }
        // SAFETY: as before.
        let status = unsafe { sys::napi_unwrap(self.env.raw, self.raw, &mut state) };
        if status != sys::Status::napi_ok {
            return None;
        }
        // SAFETY: only `Env::handle` gives an object this tag, and then it wraps a `State`, which lives as long as the object;
        // the value keeps that alive for `'c`.
        unsafe { state.cast::<State>().as_ref() }?.downcast_ref()
    }
}

/// # Safety
/// For Node-API, with the `State` that an object of [`Env::handle`] owns.
unsafe extern "C" fn drop_state(_env: sys::napi_env, state: *mut c_void, _hint: *mut c_void) {
    // SAFETY: it is what the object owned, and the object is gone.
    released(|| drop(unsafe { Box::from_raw(state.cast::<State>()) }));
}
