//! Reading text: a string or a `Uint8Array`, as bytes.

use super::thrown::Thrown;
use super::value::Value;
use crate::read::Read;
use crate::thrown::not_text;
use crate::utf16::{encode, encode_received, narrow};
use crate::wiped::{Wiped, wipe};
use napi_sys as sys;
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicU8, Ordering};

/// Where a text is read to: short ones on the stack, which is wiped afterwards if they are `SECRET`, others on the heap, which
/// always is.
pub(crate) struct Buffer<const N: usize, const SECRET: bool = true> {
    units: [MaybeUninit<u16>; N],
    bytes: [MaybeUninit<u8>; N],
    /// How many units were written.
    written: usize,
    /// How many bytes of the text are in `bytes`.
    len: usize,
    heap: Wiped,
    on_heap: bool,
}

impl<const N: usize, const SECRET: bool> Buffer<N, SECRET> {
    #[inline(always)]
    pub(crate) const fn new() -> Self {
        Self {
            units: [MaybeUninit::uninit(); N],
            bytes: [MaybeUninit::uninit(); N],
            written: 0,
            len: 0,
            heap: Wiped::new(),
            on_heap: false,
        }
    }

    /// The text that was read last.
    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        if self.on_heap {
            return &self.heap;
        }
        // SAFETY: `read` has written the first `len` bytes; it sets `len` after that.
        unsafe { std::slice::from_raw_parts(self.bytes.as_ptr().cast(), self.len) }
    }

    /// Reads a text. `lossy`: a lone surrogate becomes U+FFFD.
    #[inline]
    pub(crate) fn read(&mut self, value: Value<'_>, lossy: bool) -> Read {
        self.read_by(value, 0x7f, |units, out| encode(units, lossy, out))
    }

    /// The text, which must be one.
    #[inline]
    pub(crate) fn required(&mut self, value: Value<'_>, lossy: bool, name: &str) -> Result<&[u8], Thrown> {
        match self.read(value, lossy) {
            Read::Text => Ok(self.bytes()),
            refused => Err(not_text(refused, name)),
        }
    }

    /// The text, if it is given.
    #[inline]
    pub(crate) fn optional(&mut self, value: Value<'_>, lossy: bool, name: &str) -> Result<Option<&[u8]>, Thrown> {
        match self.read(value, lossy) {
            Read::Text => Ok(Some(self.bytes())),
            Read::Absent => Ok(None),
            refused => Err(not_text(refused, name)),
        }
    }

    /// Reads what a server received, which Node and `Headers` hand over as strings of bytes: each character is one.
    #[inline]
    pub(crate) fn read_received(&mut self, value: Value<'_>) -> Read {
        self.read_by(value, 0xff, encode_received)
    }

    /// Reads a text. Units up to `last` are bytes, and what has others is encoded.
    #[inline]
    fn read_by(&mut self, value: Value<'_>, last: u16, encode: impl FnOnce(&[u16], &mut Wiped) -> Read) -> Read {
        if value.raw.is_null() {
            return Read::Absent;
        }
        let mut length = 0;
        // SAFETY: the environment and the value are alive; there is room for `N` units.
        let status = unsafe {
            let units = self.units.as_mut_ptr().cast();
            sys::napi_get_value_string_utf16(value.env.raw, value.raw, units, N, &mut length)
        };
        if status != sys::Status::napi_ok {
            return self.read_other(value);
        }
        self.written = length;
        // A buffer that is full may have truncated the text, without saying so. Its last unit is a NUL.
        if length >= N - 1 {
            return self.read_long(value, encode);
        }
        // SAFETY: Node-API has written `length` units.
        let units: &[u16] = unsafe { std::slice::from_raw_parts(self.units.as_ptr().cast(), length) };
        if narrow(units, &mut self.bytes) <= last {
            (self.len, self.on_heap) = (length, false);
            return Read::Text;
        }
        self.on_heap = true;
        encode(units, &mut self.heap)
    }

    #[cold]
    fn read_long(&mut self, value: Value<'_>, encode: impl FnOnce(&[u16], &mut Wiped) -> Read) -> Read {
        let mut length = 0;
        // SAFETY: the environment and the value, a string, are alive; without a place for it, its length is told.
        unsafe { sys::napi_get_value_string_utf16(value.env.raw, value.raw, ptr::null_mut(), 0, &mut length) };
        let mut units: Wiped<u16> = Wiped::with_capacity(length + 1);
        let mut written = 0;
        // SAFETY: as before, and there is room for `length` units and a NUL, of which `written` are written.
        unsafe {
            let place = units.as_mut_ptr();
            sys::napi_get_value_string_utf16(value.env.raw, value.raw, place, length + 1, &mut written);
            units.set_len(written);
        }
        self.on_heap = true;
        encode(&units, &mut self.heap)
    }

    #[cold]
    fn read_other(&mut self, value: Value<'_>) -> Read {
        if value.is_absent() {
            Read::Absent
        } else if self.read_bytes(value) {
            Read::Text
        } else {
            Read::Other
        }
    }

    /// Reads a `Uint8Array`, and nothing else.
    pub(crate) fn read_bytes(&mut self, value: Value<'_>) -> bool {
        let (mut class, mut length, mut data) = (0, 0, ptr::null_mut());
        // SAFETY: the environment and the value are alive; what is not asked for may be null.
        let status = unsafe {
            let (buffer, offset) = (ptr::null_mut(), ptr::null_mut());
            sys::napi_get_typedarray_info(value.env.raw, value.raw, &mut class, &mut length, &mut data, buffer, offset)
        };
        if status != sys::Status::napi_ok || class != sys::TypedarrayType::uint8_array {
            return false;
        }
        self.heap = Wiped::with_capacity(length);
        self.on_heap = true;
        let data: *mut u8 = data.cast();
        for at in 0..length {
            // SAFETY: `data` points to `length` bytes (there are none if the buffer is detached), and nothing runs meanwhile that
            // could free them. Another thread may write to shared ones, so each is read atomically.
            self.heap.push(unsafe { AtomicU8::from_ptr(data.add(at)) }.load(Ordering::Relaxed));
        }
        true
    }
}

impl<const N: usize, const SECRET: bool> Drop for Buffer<N, SECRET> {
    #[inline]
    fn drop(&mut self) {
        if !SECRET {
            return;
        }
        // As many bytes as units were written, also of a text that turned out not to be ASCII.
        let (units, bytes) = (self.units.get_mut(..self.written), self.bytes.get_mut(..self.written));
        wipe(units.unwrap_or_default(), MaybeUninit::new(0));
        wipe(bytes.unwrap_or_default(), MaybeUninit::new(0));
    }
}
