//! A value of ours inside storage of the caller's.

use crate::result::sandgate_result::{self, *};
use core::mem::MaybeUninit;
use core::sync::atomic::{Ordering, compiler_fence};

/// What an opaque struct holds: a marker that says so, and the value.
///
/// The value holds no pointer, so that the struct may be moved. Zeroed and wiped storage lacks the marker.
#[repr(C)]
pub(crate) struct Slot<T> {
    marker: u64,
    value: MaybeUninit<T>,
}

/// The type of a slot, told apart by its marker, and the opaque struct that it lives in.
pub(crate) trait Held: Sized {
    const MARKER: u64;
    type Storage;
}

impl<T: Held> Slot<T> {
    /// Checked for every type that is put anywhere.
    const FITS: () = {
        assert!(size_of::<Self>() <= size_of::<T::Storage>());
        assert!(align_of::<Self>() <= align_of::<T::Storage>());
    };

    /// Puts `value` into storage whose content does not matter.
    ///
    /// # Safety
    /// Unless it is NULL, `slot` is valid for writes of its whole size and aligned for `u64`.
    pub(crate) unsafe fn put(slot: *mut Self, value: T) -> Result<(), sandgate_result> {
        let () = Self::FITS;
        if slot.is_null() {
            return Err(SANDGATE_NULL_POINTER);
        }
        // SAFETY: not NULL, and writable in its whole size by the caller's contract. The storage behind the value is
        // zero; room that the value itself keeps free holds whatever its place on the stack held.
        unsafe {
            slot.cast::<u8>().write_bytes(0, size_of::<T::Storage>());
            slot.write(Self { marker: T::MARKER, value: MaybeUninit::new(value) });
        }
        Ok(())
    }

    /// The value, if there is one.
    ///
    /// # Safety
    /// Unless it is NULL, `slot` is valid for reads of its whole size, and what it holds was written by [`Self::put`] if it
    /// has the marker. Nobody writes to it meanwhile.
    pub(crate) unsafe fn get<'a>(slot: *const Self) -> Result<&'a T, sandgate_result> {
        // SAFETY: the caller's contract.
        unsafe { check(slot) }?;
        // SAFETY: the marker says that `put` wrote the value.
        Ok(unsafe { (*slot).value.assume_init_ref() })
    }

    /// The value, to be changed.
    ///
    /// # Safety
    /// As [`Self::get`], and nobody else reads it meanwhile.
    pub(crate) unsafe fn get_mut<'a>(slot: *mut Self) -> Result<&'a mut T, sandgate_result> {
        // SAFETY: the caller's contract.
        unsafe { check(slot) }?;
        // SAFETY: the marker says that `put` wrote the value.
        Ok(unsafe { (*slot).value.assume_init_mut() })
    }

    /// Overwrites the storage with zeros in a way that the compiler keeps.
    ///
    /// # Safety
    /// Unless it is NULL, `slot` is valid for writes of its whole size.
    pub(crate) unsafe fn wipe(slot: *mut Self) {
        if slot.is_null() {
            return;
        }
        let words = size_of::<T::Storage>() / size_of::<u64>();
        for word in 0..words {
            // SAFETY: within the storage, which is writable by the caller's contract. Zeros need no `drop`: what is held
            // owns nothing outside the storage.
            unsafe { slot.cast::<u64>().add(word).write_volatile(0) };
        }
        compiler_fence(Ordering::SeqCst);
    }
}

/// Looks at the marker alone: a reference to more would claim that more is there.
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
