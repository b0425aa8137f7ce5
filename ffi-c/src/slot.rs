//! Stores a Rust value in caller-allocated storage.

use crate::result::sandgate_result::{self, *};
use core::mem::MaybeUninit;
use core::sync::atomic::{Ordering, compiler_fence};

/// The content of an opaque struct: a marker, and the value.
///
/// The value holds no pointer, so the caller may move the struct. Zeroed and wiped storage lacks the marker.
#[repr(C)]
pub(crate) struct Slot<T> {
    marker: u64,
    value: MaybeUninit<T>,
}

/// A type that a slot can hold: its marker, and its opaque struct.
pub(crate) trait Held: Sized {
    const MARKER: u64;
    type Storage;
}

impl<T: Held> Slot<T> {
    /// Checked for each type that is stored.
    const FITS: () = {
        assert!(size_of::<Self>() <= size_of::<T::Storage>());
        assert!(align_of::<Self>() <= align_of::<T::Storage>());
    };

    /// Stores `value`. The previous content of the storage is ignored.
    ///
    /// # Safety
    /// Unless it is NULL, `slot` is valid for writes of its whole size and aligned for `u64`.
    pub(crate) unsafe fn put(slot: *mut Self, value: T) -> Result<(), sandgate_result> {
        let () = Self::FITS;
        if slot.is_null() {
            return Err(SANDGATE_NULL_POINTER);
        }
        // SAFETY: not NULL, and writable in its whole size by the caller's contract. The storage after the value is zeroed;
        // padding inside the value keeps what was on the stack.
        unsafe {
            slot.cast::<u8>().write_bytes(0, size_of::<T::Storage>());
            slot.write(Self { marker: T::MARKER, value: MaybeUninit::new(value) });
        }
        Ok(())
    }

    /// Returns the value, if there is one.
    ///
    /// # Safety
    /// Unless it is NULL, `slot` is valid for reads of its whole size, and storage with the marker was written by
    /// [`Self::put`]. Nothing writes to it during the borrow.
    pub(crate) unsafe fn get<'a>(slot: *const Self) -> Result<&'a T, sandgate_result> {
        // SAFETY: the caller's contract.
        unsafe { check(slot) }?;
        // SAFETY: the marker says that `put` wrote the value.
        Ok(unsafe { (*slot).value.assume_init_ref() })
    }

    /// Returns the value, mutable.
    ///
    /// # Safety
    /// As [`Self::get`], and nothing else reads it during the borrow.
    pub(crate) unsafe fn get_mut<'a>(slot: *mut Self) -> Result<&'a mut T, sandgate_result> {
        // SAFETY: the caller's contract.
        unsafe { check(slot) }?;
        // SAFETY: the marker says that `put` wrote the value.
        Ok(unsafe { (*slot).value.assume_init_mut() })
    }

    /// Overwrites the storage with zeros. The compiler cannot remove the writes.
    ///
    /// # Safety
    /// Unless it is NULL, `slot` is valid for writes of its whole size.
    pub(crate) unsafe fn wipe(slot: *mut Self) {
        if slot.is_null() {
            return;
        }
        let words = size_of::<T::Storage>() / size_of::<u64>();
        for word in 0..words {
            // SAFETY: within the storage, which is writable by the caller's contract. Zeros need no `drop`: the value owns
            // nothing outside the storage.
            unsafe { slot.cast::<u64>().add(word).write_volatile(0) };
        }
        compiler_fence(Ordering::SeqCst);
    }
}

/// Reads only the marker: a reference to the whole slot would require that the whole slot is initialised.
///
/// # Safety
/// Unless it is NULL, `slot` is valid for reads of a `u64`.
unsafe fn check<T: Held>(slot: *const Slot<T>) -> Result<(), sandgate_result> {
    if slot.is_null() {
        return Err(SANDGATE_NULL_POINTER);
    }
    // SAFETY: not NULL, and a slot begins with its marker.
    if unsafe { slot.cast::<u64>().read() } == T::MARKER { Ok(()) } else { Err(SANDGATE_NOT_INITIALIZED) }
}
