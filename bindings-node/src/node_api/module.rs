//! Where Node begins: once for each environment, of which a process has several when there are workers.

use super::function::Task;
use super::kept::Kept;
use super::thrown::Thrown;
use super::value::{Env, Value};
use crate::class::{Class, Functions};
use crate::functions::constants;
use napi::JsValue;
use napi_derive::napi;
use std::ffi::CStr;
use std::panic::catch_unwind;
use std::prelude::rust_2024::*;
use std::ptr;

/// Everything that the module exports: natives without an object, and constants.
fn everything(env: Env<'_>) -> Result<Vec<(&'static CStr, Value<'_>)>, Thrown> {
    let mut all = Vec::from(constants(env)?);
    let kept = Kept::new(Functions);
    for native in Functions::METHODS {
        all.push((native.name, env.function(native.name, &kept, Task::Call(native.body))?));
    }
    Ok(all)
}

#[napi(module_exports)]
pub(crate) fn module_exports(exports: napi::bindgen_prelude::Object<'_>, env: napi::Env) -> napi::Result<()> {
    let (raw, exports) = (env.raw(), exports.raw());
    let filled = catch_unwind(|| {
        // SAFETY: Node-API calls with an environment, and with a handle scope that is open until this function returns.
        let env = unsafe { Env::new(raw, ptr::null_mut()) };
        let defined = everything(env).and_then(|all| Value { env, raw: exports }.define(&all));
        defined.map_err(|thrown| match thrown {
            Thrown::Pending => String::from("an exception is pending"),
            Thrown::Fresh(fresh) => fresh.message,
        })
    });
    let filled = filled.unwrap_or_else(|_| Err(String::from("sandgate has a defect; please report it")));
    filled.map_err(|message| napi::Error::new(napi::Status::GenericFailure, message))
}
