//! A value as it lies in linear memory. `ts/wasm/memory.ts` has the same numbers.

use core::slice;

/// A value: what it is, and 12 bytes more.
#[repr(C, align(8))]
#[derive(Clone, Copy)]
pub(super) struct Record {
    pub(super) kind: u32,
    /// How many bytes, units or records are at the address.
    pub(super) len: u32,
    /// The bits of a double, a 64-bit integer, or an address (low half) and the class of a state (high half).
    pub(super) bits: u64,
}

/// `undefined` or `null`.
pub(super) const ABSENT: u32 = 0;
pub(super) const FALSE: u32 = 1;
pub(super) const TRUE: u32 = 2;
pub(super) const DOUBLE: u32 = 3;
pub(super) const BIG_INT: u32 = 4;
/// A bigint of more than 64 bits.
pub(super) const HUGE_INT: u32 = 5;
/// A string of ASCII, one byte each.
pub(super) const ASCII: u32 = 6;
/// Another string, two bytes each.
pub(super) const UTF_16: u32 = 7;
pub(super) const BYTES: u32 = 8;
pub(super) const ARRAY: u32 = 9;
/// The state of an object.
pub(super) const STATE: u32 = 10;
// 11 is anything else that JavaScript has.
/// Only in answers: names and values, one after the other.
pub(super) const OBJECT: u32 = 12;
/// Only in answers: a state, then names and values of the object that has it.
pub(super) const STATEFUL: u32 = 13;
/// `null`, where `undefined` is something else.
pub(super) const NULL: u32 = 14;
/// Added to an array or an object: the result is frozen.
pub(super) const FROZEN: u32 = 16;

pub(super) static NOT_GIVEN: Record = Record::plain(ABSENT);

impl Record {
    pub(super) const fn plain(kind: u32) -> Self {
        Self { kind, len: 0, bits: 0 }
    }

    /// One with `items` at an address, which stay there until the call ends.
    pub(super) fn at<T>(kind: u32, items: &'static [T]) -> Self {
        // An address has 32 bits here.
        Self { kind, len: items.len() as u32, bits: items.as_ptr().addr() as u64 }
    }

    /// The items.
    pub(super) fn items<T>(&self) -> &'static [T] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: JavaScript, or `at`, has put as many items of this record's kind there, aligned; they stay until the call ends, and
        // nothing lives longer than a call.
        unsafe { slice::from_raw_parts(self.address(), self.len as usize) }
    }

    /// Where the items are.
    #[allow(clippy::cast_possible_truncation)]
    pub(super) const fn address<T>(&self) -> *const T {
        self.bits as u32 as usize as *const T
    }

    /// The class of a state.
    pub(super) const fn class(&self) -> u32 {
        (self.bits >> 32) as u32
    }
}
