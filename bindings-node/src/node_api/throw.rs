//! Throwing. A test runner may share one addon between realms, each with classes of its own: what is thrown must be an error of
//! the caller's realm, and no native knows which one that is. So the JavaScript of each realm puts a function beside its natives,
//! which makes and throws its errors.

use super::thrown::{Fresh, Thrown};
use super::value::{Env, Value};
use crate::kind::Kind;
use napi_sys as sys;
use std::ffi::CStr;
use std::ptr;

/// The property of `this` that throws: `(kind, code, message) => never`.
pub(super) const THROW_MISUSE: &CStr = c"throwMisuse";

impl<'c> Env<'c> {
    /// What throws errors of the caller's realm, if the object whose native runs has it.
    pub(super) fn throw_misuse(self) -> Option<Value<'c>> {
        let (mut raw, name) = (ptr::null_mut(), THROW_MISUSE.as_ptr());
        // SAFETY: the environment is alive for `'c`, and so is `this`, which Node-API refuses if it is null or no object.
        let status = unsafe { sys::napi_get_named_property(self.raw, self.this, name, &mut raw) };
        let function = Value { env: self, raw };
        (status == sys::Status::napi_ok && function.type_of() == sys::ValueType::napi_function).then_some(function)
    }

    pub(super) fn throw(self, thrown: Thrown) {
        let Thrown::Fresh(fresh) = thrown else { return };
        let Fresh { kind, code, message } = *fresh;
        let (Ok(code), Ok(message)) = (self.text(&code), self.text(&message)) else { return };
        if let (Some(throw_misuse), Ok(kind)) = (self.throw_misuse(), self.ascii(kind.name())) {
            let arguments = [kind.raw, code.raw, message.raw];
            // SAFETY: the environment, `this`, the function and its arguments are alive for `'c`. What it throws is pending then.
            let status = unsafe {
                let result = ptr::null_mut();
                sys::napi_call_function(self.raw, self.this, throw_misuse.raw, 3, arguments.as_ptr(), result)
            };
            if status == sys::Status::napi_pending_exception {
                return;
            }
        }
        let make = match kind {
            Kind::Error => sys::napi_create_error,
            Kind::TypeError => sys::napi_create_type_error,
            Kind::RangeError => sys::napi_create_range_error,
        };
        // SAFETY: the environment, the code and the message are alive for `'c`.
        if let Ok(error) = self.made(|raw| unsafe { make(self.raw, code.raw, message.raw, raw) }) {
            // SAFETY: the environment and the error are alive for `'c`. It fails only where something is pending.
            unsafe { sys::napi_throw(self.raw, error.raw) };
        }
    }
}
