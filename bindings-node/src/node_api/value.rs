//! Reading JavaScript's values.

use super::thrown::Thrown;
use crate::kind::Kind;
use crate::read::Number;
use napi_sys as sys;
use std::marker::PhantomData;
use std::ptr;

/// The environment that a callback runs in, for as long as it runs.
#[derive(Clone, Copy)]
pub(crate) struct Env<'c> {
    pub(super) raw: sys::napi_env,
    /// The object whose native runs, null outside of a native.
    pub(super) this: sys::napi_value,
    callback: PhantomData<&'c ()>,
}

/// A value, for as long as the callback runs whose handle scope holds it. Null is an argument that was not given.
#[derive(Clone, Copy)]
pub(crate) struct Value<'c> {
    pub(super) env: Env<'c>,
    pub(super) raw: sys::napi_value,
}

/// What a native answers; none is `undefined`.
pub(crate) type Answer<'c> = Result<Option<Value<'c>>, Thrown>;

impl<'c> Env<'c> {
    /// # Safety
    /// `raw` is an environment in which the caller may use Node-API for all of `'c`, on this thread, with a handle scope that is open for as long.
    /// `this` is null or a value of that scope.
    pub(super) const unsafe fn new(raw: sys::napi_env, this: sys::napi_value) -> Self {
        Self { raw, this, callback: PhantomData }
    }

    /// Why Node-API did not do what it should have.
    #[cold]
    pub(super) fn failure(self) -> Thrown {
        let mut pending = false;
        // SAFETY: `Env::new` promises that the environment is alive; `pending` is where the answer goes.
        unsafe { sys::napi_is_exception_pending(self.raw, &mut pending) };
        if pending {
            Thrown::Pending
        } else {
            Thrown::new(Kind::Error, "ERR_SANDGATE_NODE_API", "Node-API has failed".into())
        }
    }

    #[inline]
    pub(super) fn check(self, status: sys::napi_status) -> Result<(), Thrown> {
        if status == sys::Status::napi_ok { Ok(()) } else { Err(self.failure()) }
    }
}

impl<'c> Value<'c> {
    /// An argument that is not given.
    pub(crate) const fn absent(env: Env<'c>) -> Self {
        Self { env, raw: ptr::null_mut() }
    }

    pub(super) fn type_of(self) -> sys::napi_valuetype {
        // What stays for null, which Node-API refuses.
        let mut found = sys::ValueType::napi_undefined;
        // SAFETY: the environment and the value are alive for `'c`.
        unsafe { sys::napi_typeof(self.env.raw, self.raw, &mut found) };
        found
    }

    /// Whether it is `undefined` or `null`.
    pub(crate) fn is_absent(self) -> bool {
        self.raw.is_null() || matches!(self.type_of(), sys::ValueType::napi_undefined | sys::ValueType::napi_null)
    }

    pub(crate) fn is_string(self) -> bool {
        !self.raw.is_null() && self.type_of() == sys::ValueType::napi_string
    }

    #[inline]
    pub(crate) fn number(self) -> Number {
        if self.raw.is_null() {
            return Number::Absent;
        }
        let mut number = 0.0;
        // SAFETY: the environment and the value are alive for `'c`.
        let status = unsafe { sys::napi_get_value_double(self.env.raw, self.raw, &mut number) };
        if status != sys::Status::napi_ok {
            return self.no_double();
        }
        Number::of_double(number)
    }

    fn no_double(self) -> Number {
        match self.type_of() {
            sys::ValueType::napi_undefined | sys::ValueType::napi_null => Number::Absent,
            sys::ValueType::napi_bigint => self.big_int(),
            _ => Number::Other,
        }
    }

    fn big_int(self) -> Number {
        let (mut number, mut lossless) = (0, false);
        // SAFETY: the environment and the value are alive for `'c`.
        let status = unsafe { sys::napi_get_value_bigint_int64(self.env.raw, self.raw, &mut number, &mut lossless) };
        if status == sys::Status::napi_ok && lossless { Number::BigInt(number) } else { Number::OutOfRange }
    }

    pub(crate) fn boolean(self) -> Option<bool> {
        let mut truth = false;
        // SAFETY: the environment and the value are alive for `'c`.
        let status = unsafe { sys::napi_get_value_bool(self.env.raw, self.raw, &mut truth) };
        (status == sys::Status::napi_ok).then_some(truth)
    }

    /// The elements of an array. Reading one may run a getter of the caller's.
    pub(crate) fn elements(self) -> Option<Elements<'c>> {
        let (mut is_array, mut length) = (false, 0);
        // SAFETY: the environment and the value are alive for `'c`; the length is asked of arrays alone.
        unsafe {
            let status = sys::napi_is_array(self.env.raw, self.raw, &mut is_array);
            if status != sys::Status::napi_ok || !is_array {
                return None;
            }
            sys::napi_get_array_length(self.env.raw, self.raw, &mut length);
        }
        Some(Elements { array: self, places: 0..length })
    }
}

/// The elements of an array, one after the other, as long as it was at the start.
pub(crate) struct Elements<'c> {
    array: Value<'c>,
    places: std::ops::Range<u32>,
}

impl<'c> Iterator for Elements<'c> {
    type Item = Result<Value<'c>, Thrown>;

    fn next(&mut self) -> Option<Self::Item> {
        let (place, env) = (self.places.next()?, self.array.env);
        let mut raw = ptr::null_mut();
        // SAFETY: the environment and the array are alive for `'c`.
        let status = unsafe { sys::napi_get_element(env.raw, self.array.raw, place, &mut raw) };
        Some(env.check(status).map(|()| Value { env, raw }))
    }
}
