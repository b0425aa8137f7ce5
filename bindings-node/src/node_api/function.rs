//! Functions of JavaScript that run code of ours.

use super::kept::Kept;
use super::thrown::Thrown;
use super::value::{Env, Value};
use crate::class::{Body, Class, MOST_ARGUMENTS};
use crate::thrown::defect;
use napi_sys as sys;
use std::boxed::Box;
use std::ffi::{CStr, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::rc::Rc;

/// What a function does with the state that it works on.
pub(super) enum Task<S> {
    Call(Body<S>),
    Dispose,
}

/// What belongs to a function. It runs in one thread, that of its environment.
struct Bound<S> {
    kept: Rc<Kept<S>>,
    task: Task<S>,
}

impl<'c> Env<'c> {
    /// A function. It keeps its share of the state until it is garbage.
    pub(super) fn function<S: Class>(
        self,
        name: &CStr,
        kept: &Rc<Kept<S>>,
        task: Task<S>,
    ) -> Result<Value<'c>, Thrown> {
        let bound = Box::into_raw(Box::new(Bound { kept: Rc::clone(kept), task })).cast::<c_void>();
        let drop_it = || {
            // SAFETY: it was made above, and nothing of JavaScript's has it.
            drop(unsafe { Box::from_raw(bound.cast::<Bound<S>>()) });
        };
        let (start, len) = (name.as_ptr(), name.count_bytes().cast_signed());
        // SAFETY: the environment is alive for `'c`; `bound` is what `enter` expects, and is freed when the function is gone.
        let function =
            self.made(|raw| unsafe { sys::napi_create_function(self.raw, start, len, Some(enter::<S>), bound, raw) });
        let Ok(function) = function else {
            drop_it();
            return function;
        };
        // SAFETY: the environment and the function are alive for `'c`; `leave` frees the box, once, when nothing can call the function.
        let status = unsafe {
            let finalizer = Some(leave::<S> as unsafe extern "C" fn(_, _, _));
            sys::napi_add_finalizer(self.raw, function.raw, bound, finalizer, ptr::null_mut(), ptr::null_mut())
        };
        // Should it fail, the box is leaked, since the function exists.
        self.check(status)?;
        Ok(function)
    }
}

/// # Safety
/// For Node-API, as the code of a function whose data is a `Bound<S>`.
unsafe extern "C" fn enter<S: Class>(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    let (mut count, mut raw) = (MOST_ARGUMENTS, [ptr::null_mut(); MOST_ARGUMENTS]);
    let (mut this, mut data) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: Node-API calls with an environment and an info that are alive; there is room for as many arguments, and all are written.
    let status = unsafe { sys::napi_get_cb_info(env, info, &mut count, raw.as_mut_ptr(), &mut this, &mut data) };
    if status != sys::Status::napi_ok {
        return ptr::null_mut();
    }
    // SAFETY: the function's data is its `Bound`, which is freed after the function, and a function that runs is not garbage.
    let bound = unsafe { &*data.cast::<Bound<S>>() };
    // SAFETY: the environment is alive until the callback returns, and so is its handle scope, which `this` belongs to; they do not
    // outlive this call.
    let env = unsafe { Env::new(env, this) };
    // `undefined` stands for those that were not given; null is seen to be absent without a call.
    raw.iter_mut().skip(count).for_each(|raw| *raw = ptr::null_mut());
    let arguments = raw.map(|raw| Value { env, raw });
    let answer = catch_unwind(AssertUnwindSafe(|| match bound.task {
        Task::Call(body) => body(env, &*bound.kept.get()?, &arguments),
        Task::Dispose => {
            bound.kept.dispose();
            Ok(None)
        }
    }));
    match answer.unwrap_or_else(|_| Err(defect())) {
        Ok(Some(answer)) => answer.raw,
        Ok(None) => ptr::null_mut(),
        Err(thrown) => {
            env.throw(thrown);
            ptr::null_mut()
        }
    }
}

/// # Safety
/// For Node-API, as the finalizer of a function whose data is a `Bound<S>`.
unsafe extern "C" fn leave<S>(_env: sys::napi_env, data: *mut c_void, _hint: *mut c_void) {
    // SAFETY: it is what the function owned, and the function is gone.
    released(|| drop(unsafe { Box::from_raw(data.cast::<Bound<S>>()) }));
}

/// Frees something where nobody could take a panic.
pub(super) fn released(free: impl FnOnce()) {
    // What is not freed is lost, and nothing else.
    let _ = catch_unwind(AssertUnwindSafe(free));
}
