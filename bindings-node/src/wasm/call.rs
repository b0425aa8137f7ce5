//! What JavaScript calls.

use super::classes::CLASSES;
use super::entry::Erased;
use super::heap;
use super::record::{NOT_GIVEN, Record};
use super::value::{Answer, Env, Value};
use crate::class::MOST_ARGUMENTS;
use crate::functions::constants;
use crate::thrown::{defect, disposed};
use alloc::vec::Vec;
use core::slice;

/// Calls a native.
///
/// # Safety
/// For JavaScript. At `state` are the bytes that this module gave a state of this class, at an address that 16 divides, or none;
/// at `arguments` are `count` records; from `heap` on, an address that 8 divides, nothing is used.
#[unsafe(no_mangle)]
unsafe extern "C" fn call(
    class: usize,
    method: usize,
    state: *const Erased,
    state_len: usize,
    arguments: *const Record,
    count: usize,
    heap: usize,
) -> *const Record {
    heap::begin(heap);
    // SAFETY: JavaScript calls.
    let env = unsafe { Env::new() };
    let mut values = [Value::absent(env); MOST_ARGUMENTS];
    let records: &[Record] = match count {
        0 => &[],
        // SAFETY: the caller promises it.
        count => unsafe { slice::from_raw_parts(arguments, count) },
    };
    for (value, record) in values.iter_mut().zip(records) {
        *value = Value { record };
    }
    let found = CLASSES.get(class).and_then(|class| Some((class, class.methods.get(method)?)));
    let Some((class, method)) = found else { return answered(Err(defect())) };
    // The state of an object that was disposed has no bytes any more.
    if state_len != class.size {
        return answered(Err(disposed()));
    }
    // SAFETY: the caller promises that at `state` is a state of this class; a class without state looks at none.
    let state = unsafe { state.as_ref() }.unwrap_or(&Erased);
    answered((method.body)(env, state, &values))
}

/// The names of the natives of each class, and the constants.
///
/// # Safety
/// For JavaScript: from `heap` on, an address that 8 divides, nothing is used.
#[unsafe(no_mangle)]
unsafe extern "C" fn describe(heap: usize) -> *const Record {
    heap::begin(heap);
    // SAFETY: JavaScript calls.
    let env = unsafe { Env::new() };
    let described = || {
        let mut names = Vec::new();
        for class in CLASSES {
            let mut of_class = Vec::new();
            for method in class.methods {
                of_class.push(env.ascii(method.name.to_bytes())?);
            }
            names.push(env.list(&of_class)?);
        }
        env.array([env.list(&names)?, env.object(&constants(env)?)?]).map(Some)
    };
    answered(described())
}

/// What is thrown after a trap.
///
/// # Safety
/// As for [`describe`].
#[unsafe(no_mangle)]
unsafe extern "C" fn trapped(heap: usize) -> *const Record {
    heap::begin(heap);
    answered(Err(defect()))
}

/// Where the heap of the last call ended.
#[unsafe(no_mangle)]
extern "C" fn heap_end() -> usize {
    heap::end()
}

fn answered(answer: Answer<'_>) -> *const Record {
    match answer {
        Ok(Some(value)) => value.record,
        Ok(None) => &NOT_GIVEN,
        Err(thrown) => match thrown {},
    }
}
