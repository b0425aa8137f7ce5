//! Making JavaScript's values.

use super::record::{ABSENT, ARRAY, ASCII, BIG_INT, BYTES, DOUBLE, FALSE, FROZEN, NULL, OBJECT, Record, TRUE, UTF_16};
use super::thrown::Thrown;
use super::value::{Env, Value};
use crate::read::is_safe;
use crate::thrown::defect;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ffi::CStr;

type Made<'c> = Result<Value<'c>, Thrown>;

/// Puts it where it stays until the call ends.
fn kept<T>(items: Vec<T>) -> &'static [T] {
    items.leak()
}

/// ASCII, one byte each.
fn ascii(text: &[u8]) -> Record {
    Record::at(ASCII, kept(text.to_vec()))
}

fn text(text: &str) -> Record {
    if text.is_ascii() {
        return ascii(text.as_bytes());
    }
    let mut units = Vec::<u16>::with_capacity(text.len());
    text.encode_utf16().for_each(|unit| units.push(unit));
    Record::at(UTF_16, kept(units))
}

pub(super) fn value<'c>(record: Record) -> Value<'c> {
    Value { record: Box::leak(Box::new(record)) }
}

// Everything can be made here; the results are those of Node-API, which can fail.
#[allow(clippy::unnecessary_wraps, clippy::unused_self)]
impl<'c> Env<'c> {
    pub(crate) fn undefined(self) -> Made<'c> {
        Ok(value(Record::plain(ABSENT)))
    }

    pub(crate) fn null(self) -> Made<'c> {
        Ok(value(Record::plain(NULL)))
    }

    pub(crate) fn boolean(self, truth: bool) -> Made<'c> {
        Ok(value(Record::plain(if truth { TRUE } else { FALSE })))
    }

    /// A number, or a bigint where no number is it exactly.
    pub(crate) fn integer(self, number: i64) -> Made<'c> {
        let (kind, bits) =
            if is_safe(number) { (DOUBLE, (number as f64).to_bits()) } else { (BIG_INT, number.cast_unsigned()) };
        Ok(value(Record { kind, len: 0, bits }))
    }

    /// A string of ASCII.
    pub(crate) fn ascii(self, text: impl AsRef<[u8]>) -> Made<'c> {
        let bytes = text.as_ref();
        if bytes.is_ascii() { Ok(value(ascii(bytes))) } else { Err(defect()) }
    }

    pub(crate) fn text(self, text: &str) -> Made<'c> {
        Ok(value(self::text(text)))
    }

    /// A string of these units of UTF-16.
    pub(crate) fn units(self, units: &[u16]) -> Made<'c> {
        Ok(value(Record::at(UTF_16, kept(units.to_vec()))))
    }

    /// A `Uint8Array` with a copy of `bytes`.
    pub(crate) fn bytes(self, bytes: &[u8]) -> Made<'c> {
        Ok(value(Record::at(BYTES, kept(bytes.to_vec()))))
    }

    pub(crate) fn array<const N: usize>(self, elements: [Value<'c>; N]) -> Made<'c> {
        self.list(&elements)
    }

    pub(super) fn list(self, elements: &[Value<'c>]) -> Made<'c> {
        Ok(value(Record::at(ARRAY, kept(elements.iter().map(|element| *element.record).collect()))))
    }

    pub(crate) fn object(self, properties: &[(&CStr, Value<'c>)]) -> Made<'c> {
        self.entries(OBJECT, Vec::new(), properties)
    }

    pub(super) fn entries(self, kind: u32, mut records: Vec<Record>, properties: &[(&CStr, Value<'c>)]) -> Made<'c> {
        for (name, value) in properties {
            records.push(ascii(name.to_bytes()));
            records.push(*value.record);
        }
        Ok(value(Record::at(kind, kept(records))))
    }
}

impl<'c> Value<'c> {
    /// The same value, of which no property can be changed any more.
    #[allow(clippy::unnecessary_wraps)]
    pub(crate) fn frozen(self) -> Made<'c> {
        Ok(value(Record { kind: self.record.kind | FROZEN, ..*self.record }))
    }
}
