//! Functions of JavaScript that run code of ours.

use super::value::{Env, Value};
use crate::thrown::{Class, Thrown};
use napi_sys as sys;
use std::ffi::{CStr, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::rc::Rc;

/// What a native answers; none is `undefined`.
pub(crate) type Answer<'c> = Result<Option<Value<'c>>, Thrown>;

/// What belongs to a function: its code, and a share of the state that it works on. It runs in one thread, that of its environment.
struct Bound<S, F> {
    state: Rc<S>,
    body: F,
}

impl<'c> Env<'c> {
    /// A function with `N` arguments. It keeps its share of the state until it is garbage.
    pub(crate) fn function<S, F, const N: usize>(self, name: &CStr, state: &Rc<S>, body: F) -> Result<Value<'c>, Thrown>
    where
        S: 'static,
        F: for<'f> Fn(Env<'f>, &'f S, [Value<'f>; N]) -> Answer<'f> + 'static,
    {
        let bound = Box::into_raw(Box::new(Bound { state: Rc::clone(state), body })).cast::<c_void>();
        let drop_it = || {
            // SAFETY: it was made above, and nothing of JavaScript's has it.
            drop(unsafe { Box::from_raw(bound.cast::<Bound<S, F>>()) });
        };
        let (start, len) = (name.as_ptr(), name.count_bytes().cast_signed());
        // SAFETY: the environment is alive for `'c`; `bound` is what `enter` expects, and is freed when the function is gone.
        let function = self
            .made(|raw| unsafe { sys::napi_create_function(self.raw, start, len, Some(enter::<S, F, N>), bound, raw) });
        let Ok(function) = function else {
            drop_it();
            return function;
        };
        // SAFETY: the environment and the function are alive for `'c`; `leave` frees the box, once, when nothing can call the function.
        let status = unsafe {
            let finalizer = Some(leave::<S, F> as unsafe extern "C" fn(_, _, _));
            sys::napi_add_finalizer(self.raw, function.raw, bound, finalizer, ptr::null_mut(), ptr::null_mut())
        };
        // Should it fail, the box is leaked, since the function exists.
        self.check(status)?;
        Ok(function)
    }
}

/// # Safety
/// For Node-API, as the code of a function whose data is a `Bound<S, F>`.
unsafe extern "C" fn enter<S, F, const N: usize>(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value
where
    F: for<'f> Fn(Env<'f>, &'f S, [Value<'f>; N]) -> Answer<'f>,
{
    let (mut count, mut raw) = (N, [ptr::null_mut(); N]);
    let (mut this, mut data) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: Node-API calls with an environment and an info that are alive; there is room for `N` arguments, and all are written.
    let status = unsafe { sys::napi_get_cb_info(env, info, &mut count, raw.as_mut_ptr(), &mut this, &mut data) };
    if status != sys::Status::napi_ok {
        return ptr::null_mut();
    }
    // Those that are not given are null here, which is seen without a call, and `undefined` for everybody else.
    raw.iter_mut().skip(count).for_each(|missing| *missing = ptr::null_mut());
    // SAFETY: the function's data is its `Bound`, which is freed after the function, and a function that runs is not garbage.
    let bound = unsafe { &*data.cast::<Bound<S, F>>() };
    // SAFETY: the environment is alive until the callback returns, and so is its handle scope, which `this` belongs to; they do not
    // outlive this call.
    let env = unsafe { Env::new(env, this) };
    let arguments = raw.map(|raw| Value { env, raw });
    match catch_unwind(AssertUnwindSafe(|| (bound.body)(env, &bound.state, arguments))) {
        Ok(Ok(Some(answer))) => answer.raw,
        Ok(Ok(None)) => ptr::null_mut(),
        Ok(Err(thrown)) => {
            env.throw(thrown);
            ptr::null_mut()
        }
        Err(_) => {
            env.throw(Thrown::new(Class::Error, "ERR_SANDGATE_PANIC", "sandgate has a defect; please report it"));
            ptr::null_mut()
        }
    }
}

/// # Safety
/// For Node-API, as the finalizer of a function whose data is a `Bound<S, F>`.
unsafe extern "C" fn leave<S, F>(_env: sys::napi_env, data: *mut c_void, _hint: *mut c_void) {
    // SAFETY: it is what the function owned, and the function is gone.
    released(|| drop(unsafe { Box::from_raw(data.cast::<Bound<S, F>>()) }));
}

/// Frees something where nobody could take a panic.
pub(super) fn released(free: impl FnOnce()) {
    // What is not freed is lost, and nothing else.
    let _ = catch_unwind(AssertUnwindSafe(free));
}
