//! Structs that begin with their own size, so that they can grow.
//!
//! So far each has only one size, and every other size is refused.

use crate::result::sandgate_result::{self, *};

/// A struct whose first field, a `usize`, is its size as the caller was compiled.
///
/// # Safety
/// The first field is that `usize`, and the struct is `repr(C)`.
pub(crate) unsafe trait SizedStruct {}

/// Reads a struct that the caller filled in.
///
/// # Safety
/// Unless it is NULL, `pointer` is valid for reads of the size that stands at it.
pub(crate) unsafe fn input<'a, T: SizedStruct>(pointer: *const T) -> Result<&'a T, sandgate_result> {
    // SAFETY: the caller's contract.
    unsafe { check(pointer) }?;
    // SAFETY: not NULL, and of our size as it says.
    Ok(unsafe { &*pointer })
}

/// Writes the result of `make` into the caller's struct. Does not call it if `pointer` is NULL.
///
/// # Safety
/// Unless it is NULL, `pointer` is valid for reads and writes of the size that stands at it.
pub(crate) unsafe fn output<T: SizedStruct>(
    pointer: *mut T,
    make: impl FnOnce() -> Result<T, sandgate_result>,
) -> Result<(), sandgate_result> {
    // SAFETY: the caller's contract.
    unsafe { check(pointer) }?;
    let value = make()?;
    // SAFETY: not NULL, and of our size as it says.
    unsafe { pointer.write(value) };
    Ok(())
}

/// # Safety
/// Unless it is NULL, `pointer` is valid for reads of a `usize`.
unsafe fn check<T: SizedStruct>(pointer: *const T) -> Result<(), sandgate_result> {
    if pointer.is_null() {
        return Err(SANDGATE_NULL_POINTER);
    }
    // SAFETY: not NULL, and every such struct begins with its size.
    if unsafe { pointer.cast::<usize>().read() } != size_of::<T>() {
        return Err(SANDGATE_STRUCT_SIZE);
    }
    Ok(())
}
