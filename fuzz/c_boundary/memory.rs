//! Memory as passed by a careless C program.
//!
//! Every buffer is on the heap with its exact size, so that the address sanitizer reports any access outside of it.

use arbitrary::Arbitrary;
use sandgate_capi::sandgate_result::{self, *};
use std::ptr::{null, null_mut};

/// A value that an output has only if nothing was written to it.
const UNWRITTEN: u8 = 0xA5;

/// A pointer and a length.
#[derive(Arbitrary, Debug)]
pub enum Bytes<'a> {
    These(&'a [u8]),
    /// Bytes that reach more code than random ones: an id, a token, a seed, or the last output.
    Known(u8),
    Null,
    NullWith(usize),
    Huge(u32),
}

/// The same, as passed.
pub struct Input {
    bytes: Option<Box<[u8]>>,
    pub len: usize,
}

impl Input {
    pub fn new(bytes: &Bytes<'_>, known: &[&[u8]]) -> Self {
        let these = |bytes: &[u8]| Self { len: bytes.len(), bytes: Some(bytes.into()) };
        match bytes {
            Bytes::These(bytes) => these(bytes),
            Bytes::Known(which) => these(known[usize::from(*which) % known.len()]),
            Bytes::Null => Self { bytes: None, len: 0 },
            Bytes::NullWith(len) => Self { bytes: None, len: *len },
            Bytes::Huge(less) => Self { bytes: Some([0].into()), len: usize::MAX - *less as usize },
        }
    }

    /// The readable bytes; none for an invalid pointer or length.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.bytes {
            Some(bytes) => (bytes.len() == self.len).then_some(bytes),
            None => (self.len == 0).then_some(&[]),
        }
    }

    pub fn at<T>(&self) -> *const T {
        self.bytes.as_ref().map_or(null(), |bytes| bytes.as_ptr().cast())
    }
}

/// A buffer for the library to write into.
#[derive(Arbitrary, Debug)]
pub enum Room {
    Of(u16),
    /// NULL, with a size that is wrong unless it is 0.
    Null(u16),
    Huge(u32),
    WithoutLength(u16),
}

/// The same, as passed.
pub struct Output {
    buffer: Box<[u8]>,
    len: usize,
    pub size: usize,
    is_null: bool,
    has_length: bool,
}

impl Output {
    /// The initial value of the length.
    const NO_LENGTH: usize = usize::MAX / 3;

    pub fn new(room: &Room) -> Self {
        let (has, size) = match room {
            Room::Of(size) | Room::WithoutLength(size) => (usize::from(*size % 2048), usize::from(*size % 2048)),
            Room::Null(size) => (0, usize::from(*size)),
            Room::Huge(less) => (64, usize::MAX - *less as usize),
        };
        Self {
            buffer: vec![UNWRITTEN; has].into(),
            len: Self::NO_LENGTH,
            size,
            is_null: matches!(room, Room::Null(_)),
            has_length: !matches!(room, Room::WithoutLength(_)),
        }
    }

    pub fn at<T>(&mut self) -> *mut T {
        if self.is_null { null_mut() } else { self.buffer.as_mut_ptr().cast() }
    }

    pub fn len_at(&mut self) -> *mut usize {
        if self.has_length { &mut self.len } else { null_mut() }
    }

    /// The output on success. On failure no byte may have changed.
    pub fn written(&self, result: sandgate_result) -> Option<&[u8]> {
        let untouched = |bytes: &[u8]| bytes.iter().all(|byte| *byte == UNWRITTEN);
        match result {
            SANDGATE_OK => {
                let (text, rest) = self.buffer.split_at(self.len);
                assert!(untouched(rest));
                Some(text)
            }
            SANDGATE_BUFFER_TOO_SMALL => {
                assert!(self.len > self.size && untouched(&self.buffer));
                None
            }
            _ => {
                assert!(self.len == Self::NO_LENGTH && untouched(&self.buffer), "{result:?}");
                None
            }
        }
    }
}

/// The stated size of a struct.
#[derive(Arbitrary, Debug)]
pub enum Size {
    Right,
    AlsoRight,
    Wrong(u8),
    Huge(u32),
    Null,
}

/// A struct that begins with its size, in memory of the stated size.
pub struct Sized {
    words: Vec<u64>,
    before: Vec<u64>,
    is_null: bool,
}

impl Sized {
    pub fn new<T>(value: &T, size: &Size) -> Self {
        const WORD: usize = size_of::<u64>();
        let said = match size {
            Size::Wrong(size) => usize::from(*size),
            Size::Huge(less) => usize::MAX - *less as usize,
            _ => size_of::<T>(),
        };
        let has = if said < size_of::<T>() { said.max(WORD) } else { size_of::<T>() };
        let mut words = vec![0_u64; has.div_ceil(WORD)];
        // SAFETY: both have `has` bytes at least; the struct is plain data of C, aligned to a word at most.
        unsafe { words.as_mut_ptr().cast::<u8>().copy_from((&raw const *value).cast(), has.min(size_of::<T>())) };
        words[0] = said as u64;
        Self { before: words.clone(), words, is_null: matches!(size, Size::Null) }
    }

    pub fn at<T>(&mut self) -> *mut T {
        if self.is_null { null_mut() } else { self.words.as_mut_ptr().cast() }
    }

    /// The struct; it was written only if the call succeeded.
    pub fn written<T>(&self, result: sandgate_result) -> Option<&T> {
        if result != SANDGATE_OK {
            assert_eq!(self.words, self.before, "{result:?}");
            return None;
        }
        assert_eq!(self.words[0], size_of::<T>() as u64);
        // SAFETY: as large as the struct that was written into it, and aligned.
        Some(unsafe { &*self.words.as_ptr().cast() })
    }
}
