//! Signing, writing and verifying file URLs.

use super::memory::{Bytes, Input, Output, Room, Size, Sized};
use super::{Machine, assert_documented};
use arbitrary::Arbitrary;
use sandgate_capi::sandgate_result::*;
use sandgate_capi::*;
use std::ptr::null;

#[derive(Arbitrary, Debug)]
pub struct FileUrl<'a> {
    size: Size,
    operation: Operation,
    path: Bytes<'a>,
    user: Bytes<'a>,
    expires: Option<i64>,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Operation {
    Read,
    Write,
    Of(u32),
}

impl Operation {
    pub(super) fn number(self) -> u32 {
        match self {
            Self::Read => SANDGATE_OPERATION_READ,
            Self::Write => SANDGATE_OPERATION_WRITE,
            Self::Of(number) => number,
        }
    }
}

#[derive(Arbitrary, Debug)]
pub enum FileUrlCall<'a> {
    Sign { slot: u8, url: FileUrl<'a>, room: Room, now: i64 },
    Write { slot: u8, url: FileUrl<'a>, base: Option<Bytes<'a>>, room: Room, now: i64 },
    Verify { slot: u8, url: FileUrl<'a>, signature: Bytes<'a>, now: i64 },
    VerifyQuery { slot: u8, operation: Operation, query: Bytes<'a>, now: i64, out: Size },
    Decode { text: Bytes<'a>, len: usize, room: Room },
}

/// A file URL as passed, with the memory that it points to.
struct Given<'a> {
    url: Sized,
    path: Input,
    _user: Input,
    _expires: Option<&'a i64>,
}

impl Machine {
    pub(super) fn use_file_url(&mut self, call: &FileUrlCall<'_>) {
        match call {
            FileUrlCall::Sign { slot, url, room, now } => self.sign(*slot, url, room, *now),
            FileUrlCall::Write { slot, url, base, room, now } => self.write(*slot, url, base.as_ref(), room, *now),
            FileUrlCall::Verify { slot, url, signature, now } => {
                let signature = self.input(signature);
                self.verify(*slot, url, &signature, *now);
            }
            FileUrlCall::VerifyQuery { slot, operation, query, now, out } => {
                let query = self.input(query);
                self.verify_query(*slot, operation.number(), &query, *now, out);
            }
            FileUrlCall::Decode { text, len, room } => self.decode_any(text, *len, room),
        }
    }

    fn given<'a>(&self, url: &'a FileUrl<'_>) -> Given<'a> {
        let (path, user, expires) = (self.input(&url.path), self.input(&url.user), url.expires.as_ref());
        let of_c = sandgate_v1_file_url {
            struct_size: 0,
            operation: url.operation.number(),
            path: path.at(),
            path_len: path.len,
            user: user.at(),
            user_len: user.len,
            expires: expires.map_or(null(), |time| &raw const *time),
        };
        Given { url: Sized::new(&of_c, &url.size), path, _user: user, _expires: expires }
    }

    fn sign(&mut self, slot: u8, url: &FileUrl<'_>, room: &Room, now: i64) {
        let (mut given, mut out) = (self.given(url), Output::new(room));
        // SAFETY: storage, a struct of the size that it says, and a buffer with its size.
        let result =
            unsafe { sandgate_v1_file_url_sign(self.slot(slot), given.url.at(), out.at(), out.size, out.len_at()) };
        assert_documented!(
            result,
            SANDGATE_OK
                | SANDGATE_BUFFER_TOO_SMALL
                | SANDGATE_BAD_OPERATION
                | SANDGATE_NOT_INITIALIZED
                | SANDGATE_STRUCT_SIZE
                | SANDGATE_NULL_POINTER
        );
        if let Some(signature) = out.written(result) {
            let presented = Input::new(&Bytes::These(signature), &[]);
            assert_eq!(self.verify(slot, url, &presented, now), verdict(url.expires, now));
            // Only now, because the path may be the last output.
            self.last = signature.to_vec();
        }
    }

    fn write(&mut self, slot: u8, url: &FileUrl<'_>, base: Option<&Bytes<'_>>, room: &Room, now: i64) {
        let base = base.map_or_else(|| Input::new(&Bytes::These(b"x"), &[]), |base| self.input(base));
        let (mut given, mut out) = (self.given(url), Output::new(room));
        // SAFETY: storage, bytes with their length, a struct of the size that it says, and a buffer with its size.
        let result = unsafe {
            let (base, len) = (base.at(), base.len);
            sandgate_v1_file_url_write(self.slot(slot), base, len, given.url.at(), out.at(), out.size, out.len_at())
        };
        assert_documented!(
            result,
            SANDGATE_OK
                | SANDGATE_BAD_BASE_URL
                | SANDGATE_BUFFER_TOO_SMALL
                | SANDGATE_BAD_OPERATION
                | SANDGATE_NOT_INITIALIZED
                | SANDGATE_STRUCT_SIZE
                | SANDGATE_NULL_POINTER
        );
        if let Some(written) = out.written(result) {
            // A base has no query of its own.
            let (_, query) = written.split_at(1 + written.iter().position(|byte| *byte == b'?').expect("a query"));
            self.last = query.to_vec();
            let query = Input::new(&Bytes::These(query), &[]);
            let (again, path_len) = self.verify_query(slot, url.operation.number(), &query, now, &Size::Right);
            assert_eq!(again, verdict(url.expires, now));
            assert!(again != SANDGATE_OK || path_len == Some(given.path.len));
        }
    }

    fn verify(&mut self, slot: u8, url: &FileUrl<'_>, signature: &Input, now: i64) -> sandgate_result {
        let mut given = self.given(url);
        // SAFETY: storage, a struct of the size that it says, and bytes with their length.
        let result =
            unsafe { sandgate_v1_file_url_verify(self.slot(slot), given.url.at(), signature.at(), signature.len, now) };
        assert_documented!(
            result,
            SANDGATE_OK
                | SANDGATE_FILE_SIGNATURE_INVALID
                | SANDGATE_FILE_SIGNATURE_EXPIRED
                | SANDGATE_BAD_OPERATION
                | SANDGATE_NOT_INITIALIZED
                | SANDGATE_STRUCT_SIZE
                | SANDGATE_NULL_POINTER
        )
    }

    /// The result, and the length of the path that it grants.
    fn verify_query(
        &mut self,
        slot: u8,
        operation: u32,
        query: &Input,
        now: i64,
        size: &Size,
    ) -> (sandgate_result, Option<usize>) {
        let mut out = Sized::new(&nothing_allowed(), size);
        // SAFETY: storage, bytes with their length, and a struct of the size that it says.
        let result = unsafe {
            sandgate_v1_file_url_verify_query(self.slot(slot), operation, query.at(), query.len, now, out.at())
        };
        assert_documented!(
            result,
            SANDGATE_OK
                | SANDGATE_FILE_SIGNATURE_MISSING
                | SANDGATE_FILE_SIGNATURE_MALFORMED
                | SANDGATE_FILE_SIGNATURE_INVALID
                | SANDGATE_FILE_SIGNATURE_EXPIRED
                | SANDGATE_BAD_OPERATION
                | SANDGATE_NOT_INITIALIZED
                | SANDGATE_STRUCT_SIZE
                | SANDGATE_NULL_POINTER
        );
        let Some(allowed) = out.written::<sandgate_allowed>(result) else { return (result, None) };
        assert_eq!((allowed.basis, allowed.operation), (SANDGATE_ALLOWED_SIGNATURE, operation));
        decode_whole(&allowed.user);
        decode_whole(&allowed.path);
        (result, Some(allowed.path.len))
    }

    fn decode_any(&mut self, text: &Bytes<'_>, len: usize, room: &Room) {
        let (raw, mut out) = (self.input(text), Output::new(room));
        let text = sandgate_text { raw: raw.at(), raw_len: raw.len, len };
        // SAFETY: bytes with their length, and a buffer with its size.
        let result = unsafe { sandgate_text_decode(&text, out.at(), out.size, out.len_at()) };
        assert_documented!(
            result,
            SANDGATE_OK | SANDGATE_BUFFER_TOO_SMALL | SANDGATE_NULL_POINTER | SANDGATE_BAD_ESCAPE
        );
        out.written(result);
    }
}

/// The result that the library's own signature must get.
fn verdict(expires: Option<i64>, now: i64) -> sandgate_result {
    if expires.is_some_and(|expires| expires < now) { SANDGATE_FILE_SIGNATURE_EXPIRED } else { SANDGATE_OK }
}

pub(super) fn nothing_allowed() -> sandgate_allowed {
    let text = sandgate_text { raw: null(), raw_len: 0, len: 0 };
    sandgate_allowed {
        struct_size: 0,
        basis: 0,
        operation: 0,
        path: text,
        user: text,
        expires: 0,
        has_expires: 0,
        has_user: 0,
        directory: text,
        has_directory: 0,
        max_bytes: 0,
        has_max_bytes: 0,
        content_sha256: [0; 32],
        has_content_sha256: 0,
    }
}

/// A text of the library decodes to as many bytes as it states.
pub(super) fn decode_whole(text: &sandgate_text) {
    let mut out = vec![0_u8; text.len];
    let mut len = 0;
    // SAFETY: a text that points into a request that is still there, and a buffer with its size.
    let result = unsafe { sandgate_text_decode(text, out.as_mut_ptr().cast(), out.len(), &mut len) };
    assert_eq!((result, len), (SANDGATE_OK, text.len));
}
