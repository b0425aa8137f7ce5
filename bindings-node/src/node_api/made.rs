//! Making JavaScript's values.

use super::throw::THROW_MISUSE;
use super::thrown::Thrown;
use super::value::{Env, Value};
use crate::read::is_safe;
use napi_sys as sys;
use std::ffi::{CStr, c_char};
use std::ptr;
use std::string::String;
use std::vec::Vec;

type Made<'c> = Result<Value<'c>, Thrown>;

impl<'c> Env<'c> {
    #[inline]
    pub(super) fn made(self, make: impl FnOnce(*mut sys::napi_value) -> sys::napi_status) -> Made<'c> {
        let mut raw = ptr::null_mut();
        self.check(make(&mut raw))?;
        Ok(Value { env: self, raw })
    }

    pub(crate) fn undefined(self) -> Made<'c> {
        // SAFETY: the environment is alive for `'c`.
        self.made(|raw| unsafe { sys::napi_get_undefined(self.raw, raw) })
    }

    pub(crate) fn null(self) -> Made<'c> {
        // SAFETY: the environment is alive for `'c`.
        self.made(|raw| unsafe { sys::napi_get_null(self.raw, raw) })
    }

    pub(crate) fn boolean(self, truth: bool) -> Made<'c> {
        // SAFETY: the environment is alive for `'c`.
        self.made(|raw| unsafe { sys::napi_get_boolean(self.raw, truth, raw) })
    }

    /// A number, or a bigint where no number is it exactly.
    pub(crate) fn integer(self, number: i64) -> Made<'c> {
        if is_safe(number) {
            // SAFETY: the environment is alive for `'c`.
            self.made(|raw| unsafe { sys::napi_create_double(self.raw, number as f64, raw) })
        } else {
            // SAFETY: the environment is alive for `'c`.
            self.made(|raw| unsafe { sys::napi_create_bigint_int64(self.raw, number, raw) })
        }
    }

    /// A string of ASCII.
    #[inline]
    pub(crate) fn ascii(self, text: impl AsRef<[u8]>) -> Made<'c> {
        let text = text.as_ref();
        if !text.is_ascii() {
            return self.text(&String::from_utf8_lossy(text));
        }
        let (start, len) = (text.as_ptr().cast::<c_char>(), text.len().cast_signed());
        // SAFETY: the environment is alive for `'c`; `text` is read and not kept.
        self.made(|raw| unsafe { sys::napi_create_string_latin1(self.raw, start, len, raw) })
    }

    pub(crate) fn text(self, text: &str) -> Made<'c> {
        let (start, len) = (text.as_ptr().cast::<c_char>(), text.len().cast_signed());
        // SAFETY: the environment is alive for `'c`; `text` is read and not kept.
        self.made(|raw| unsafe { sys::napi_create_string_utf8(self.raw, start, len, raw) })
    }

    /// A string of these units of UTF-16.
    pub(crate) fn units(self, units: &[u16]) -> Made<'c> {
        let (start, len) = (units.as_ptr(), units.len().cast_signed());
        // SAFETY: the environment is alive for `'c`; `units` are read and not kept.
        self.made(|raw| unsafe { sys::napi_create_string_utf16(self.raw, start, len, raw) })
    }

    /// A `Uint8Array` with a copy of `bytes`.
    pub(crate) fn bytes(self, bytes: &[u8]) -> Made<'c> {
        let mut data = ptr::null_mut();
        // SAFETY: the environment is alive for `'c`.
        let buffer = self.made(|raw| unsafe { sys::napi_create_arraybuffer(self.raw, bytes.len(), &mut data, raw) })?;
        if !data.is_null() {
            // SAFETY: the new buffer has this many bytes, and nobody else knows it.
            unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), data.cast(), bytes.len()) };
        }
        let class = sys::TypedarrayType::uint8_array;
        // SAFETY: the environment and the buffer are alive for `'c`, and the array is as long as the buffer.
        self.made(|raw| unsafe { sys::napi_create_typedarray(self.raw, class, bytes.len(), buffer.raw, 0, raw) })
    }

    pub(crate) fn array<const N: usize>(self, elements: [Value<'c>; N]) -> Made<'c> {
        // SAFETY: the environment is alive for `'c`.
        let array = self.made(|raw| unsafe { sys::napi_create_array_with_length(self.raw, N, raw) })?;
        for (place, element) in (0..).zip(elements) {
            // SAFETY: the environment, the array and the element are alive for `'c`.
            self.check(unsafe { sys::napi_set_element(self.raw, array.raw, place, element.raw) })?;
        }
        Ok(array)
    }

    /// An object with natives. Their errors are made where those of the native are that makes this object.
    pub(crate) fn natives(self, properties: &[(&CStr, Value<'c>)]) -> Made<'c> {
        match self.throw_misuse() {
            Some(throw_misuse) => self.object(&[properties, &[(THROW_MISUSE, throw_misuse)]].concat()),
            None => self.object(properties),
        }
    }

    pub(crate) fn object(self, properties: &[(&CStr, Value<'c>)]) -> Made<'c> {
        // SAFETY: the environment is alive for `'c`.
        let object = self.made(|raw| unsafe { sys::napi_create_object(self.raw, raw) })?;
        object.define(properties)?;
        Ok(object)
    }
}

impl<'c> Value<'c> {
    /// Gives an object properties of its own; no setter runs.
    pub(super) fn define(self, properties: &[(&CStr, Value<'c>)]) -> Result<(), Thrown> {
        let describe = |(name, value): &(&CStr, Value<'c>)| sys::napi_property_descriptor {
            utf8name: name.as_ptr(),
            name: ptr::null_mut(),
            method: None,
            getter: None,
            setter: None,
            value: value.raw,
            attributes: sys::PropertyAttributes::writable
                | sys::PropertyAttributes::enumerable
                | sys::PropertyAttributes::configurable,
            data: ptr::null_mut(),
        };
        let described: Vec<_> = properties.iter().map(describe).collect();
        // SAFETY: the environment, the object and the values are alive for `'c`; the descriptors are read and not kept.
        let status =
            unsafe { sys::napi_define_properties(self.env.raw, self.raw, described.len(), described.as_ptr()) };
        self.env.check(status)
    }

    /// The same value, of which no property can be changed any more.
    pub(crate) fn frozen(self) -> Made<'c> {
        // SAFETY: the environment and the object are alive for `'c`.
        self.env.check(unsafe { sys::napi_object_freeze(self.env.raw, self.raw) })?;
        Ok(self)
    }
}
