//! Reading JavaScript's values.

use super::record::{ABSENT, ARRAY, ASCII, BIG_INT, DOUBLE, FALSE, HUGE_INT, NOT_GIVEN, NULL, Record, TRUE, UTF_16};
use super::thrown::Thrown;
use crate::read::Number;
use core::marker::PhantomData;
use core::slice;

/// The call that runs.
#[derive(Clone, Copy)]
pub(crate) struct Env<'c>(PhantomData<&'c ()>);

/// A value, for as long as the call runs whose memory holds it.
#[derive(Clone, Copy)]
pub(crate) struct Value<'c> {
    pub(super) record: &'c Record,
}

/// What a native answers; none is `undefined`.
pub(crate) type Answer<'c> = Result<Option<Value<'c>>, Thrown>;

impl<'c> Env<'c> {
    /// # Safety
    /// A call of JavaScript's is under way for all of `'c`.
    pub(super) const unsafe fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'c> Value<'c> {
    /// An argument that is not given.
    pub(crate) const fn absent(_: Env<'c>) -> Self {
        Self { record: &NOT_GIVEN }
    }

    pub(crate) fn is_absent(self) -> bool {
        matches!(self.record.kind, ABSENT | NULL)
    }

    pub(crate) const fn is_string(self) -> bool {
        matches!(self.record.kind, ASCII | UTF_16)
    }

    pub(crate) fn number(self) -> Number {
        match self.record.kind {
            DOUBLE => Number::of_double(f64::from_bits(self.record.bits)),
            BIG_INT => Number::BigInt(self.record.bits.cast_signed()),
            HUGE_INT => Number::OutOfRange,
            ABSENT | NULL => Number::Absent,
            _ => Number::Other,
        }
    }

    pub(crate) fn boolean(self) -> Option<bool> {
        match self.record.kind {
            FALSE => Some(false),
            TRUE => Some(true),
            _ => None,
        }
    }

    /// The elements of an array.
    pub(crate) fn elements(self) -> Option<Elements<'c>> {
        (self.record.kind == ARRAY).then(|| Elements { records: self.record.items().iter() })
    }
}

/// The elements of an array, one after the other.
pub(crate) struct Elements<'c> {
    records: slice::Iter<'c, Record>,
}

impl<'c> Iterator for Elements<'c> {
    type Item = Result<Value<'c>, Thrown>;

    fn next(&mut self) -> Option<Self::Item> {
        self.records.next().map(|record| Ok(Value { record }))
    }
}
