//! Wire format v2: keyrings, their tokens, and file URLs.

use super::file_urls::{Operation, decode_whole, nothing_allowed};
use super::memory::{Bytes, Input, Output, Room, Size, Sized};
use super::{Machine, assert_documented, given};
use arbitrary::Arbitrary;
use sandgate_capi::sandgate_result::*;
use sandgate_capi::*;
use std::ptr::null;

#[derive(Arbitrary, Debug)]
pub struct FileUrl<'a> {
    size: Size,
    operation: Operation,
    path: Bytes<'a>,
    directory: Option<Bytes<'a>>,
    user: Option<Bytes<'a>>,
    expires: i64,
    max_bytes: Option<u64>,
    content_sha256: Option<[u8; 32]>,
    context: Option<Bytes<'a>>,
}

/// The keyring that derives a token.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Of {
    Access,
    Traffic,
    TrafficOfRoots,
}

#[derive(Arbitrary, Debug)]
pub enum V2Call<'a> {
    Sign { slot: u8, url: FileUrl<'a>, room: Room, now: i64 },
    Write { slot: u8, url: FileUrl<'a>, base: Option<Bytes<'a>>, room: Room, now: i64 },
    Verify { slot: u8, url: FileUrl<'a>, signature: Bytes<'a>, now: i64 },
    VerifyQuery { slot: u8, operation: Operation, query: Bytes<'a>, context: Option<Bytes<'a>>, now: i64, out: Size },
    Window { slot: u8, leeway: u16, max_lifetime: u32 },
    Derive { slot: u8, of: Of, id: Bytes<'a>, generation: u32, room: Room },
    VerifyToken { slot: u8, of: Of, id: Bytes<'a>, generation: u32, presented: Bytes<'a> },
    Root { kid: u8, seed: Bytes<'a>, room: Room },
    Traffic { from: u8, to: u8 },
}

/// A file URL as passed, with the memory that it points to.
struct Given {
    url: Sized,
    context: Input,
    _inputs: [Input; 3],
}

impl Machine {
    pub(super) fn use_v2(&mut self, call: &V2Call<'_>) {
        match call {
            V2Call::Sign { slot, url, room, now } => self.sign_v2(*slot, url, room, *now),
            V2Call::Write { slot, url, base, room, now } => self.write_v2(*slot, url, base.as_ref(), room, *now),
            V2Call::Verify { slot, url, signature, now } => {
                let signature = self.input(signature);
                self.verify_v2(*slot, url, &signature, *now);
            }
            V2Call::VerifyQuery { slot, operation, query, context, now, out } => {
                let (query, context) = (self.input(query), given(context.as_ref(), self));
                self.verify_query_v2(*slot, operation.number(), &query, &context, *now, out);
            }
            V2Call::Window { slot, leeway, max_lifetime } => {
                let leeway = u32::from(*leeway % 512);
                // SAFETY: storage.
                let result = unsafe { sandgate_v2_file_url_key_set_window(self.slot(*slot), leeway, *max_lifetime) };
                assert_documented!(result, SANDGATE_OK | SANDGATE_BAD_LEEWAY | SANDGATE_NOT_INITIALIZED);
                assert!(result != SANDGATE_OK || leeway <= 300);
            }
            V2Call::Derive { slot, of, id, generation, room } => self.derive_v2(*slot, *of, id, *generation, room),
            V2Call::VerifyToken { slot, of, id, generation, presented } => {
                let (id, presented) = (self.input(id), self.input(presented));
                self.verify_token_v2(*slot, *of, &id, *generation, &presented);
            }
            V2Call::Root { kid, seed, room } => self.root(*kid, seed, room),
            // An output overlaps no input.
            V2Call::Traffic { from, to } if self.is_same(*from, *to) => {}
            V2Call::Traffic { from, to } => {
                // SAFETY: storage.
                let result = unsafe { sandgate_v2_keyring_traffic(self.slot(*from), self.slot(*to)) };
                assert_documented!(result, SANDGATE_OK | SANDGATE_NOT_INITIALIZED);
            }
        }
    }

    fn given_v2(&self, url: &FileUrl<'_>) -> Given {
        let (path, directory) = (self.input(&url.path), given(url.directory.as_ref(), self));
        let (user, context) = (given(url.user.as_ref(), self), given(url.context.as_ref(), self));
        let of_c = sandgate_v2_file_url {
            struct_size: 0,
            operation: url.operation.number(),
            path: path.at(),
            path_len: path.len,
            directory: directory.at(),
            directory_len: directory.len,
            user: user.at(),
            user_len: user.len,
            expires: url.expires,
            max_bytes: url.max_bytes.as_ref().map_or(null(), |max| &raw const *max),
            content_sha256: url.content_sha256.as_ref().map_or(null(), |bytes| bytes.as_ptr().cast()),
            context: context.at(),
            context_len: context.len,
        };
        Given { url: Sized::new(&of_c, &url.size), context, _inputs: [path, directory, user] }
    }

    fn sign_v2(&mut self, slot: u8, url: &FileUrl<'_>, room: &Room, now: i64) {
        let (mut given, mut out) = (self.given_v2(url), Output::new(room));
        // SAFETY: storage, a struct of the size that it says, and a buffer with its size.
        let result =
            unsafe { sandgate_v2_file_url_sign(self.slot(slot), given.url.at(), out.at(), out.size, out.len_at()) };
        assert_signed(result);
        if let Some(signature) = out.written(result) {
            let presented = Input::new(&Bytes::These(signature), &[]);
            assert_right(self.verify_v2(slot, url, &presented, now));
            self.last = signature.to_vec();
        }
    }

    fn write_v2(&mut self, slot: u8, url: &FileUrl<'_>, base: Option<&Bytes<'_>>, room: &Room, now: i64) {
        let base = base.map_or_else(|| Input::new(&Bytes::These(b"x"), &[]), |base| self.input(base));
        let (mut given, mut out) = (self.given_v2(url), Output::new(room));
        // SAFETY: storage, bytes with their length, a struct of the size that it says, and a buffer with its size.
        let result = unsafe {
            let (base, len) = (base.at(), base.len);
            sandgate_v2_file_url_write(self.slot(slot), base, len, given.url.at(), out.at(), out.size, out.len_at())
        };
        if result != SANDGATE_BAD_BASE_URL {
            assert_signed(result);
        }
        if let Some(written) = out.written(result) {
            // A base has no query of its own.
            let (_, query) = written.split_at(1 + written.iter().position(|byte| *byte == b'?').expect("a query"));
            let has_path = query.starts_with(b"path=");
            self.last = query.to_vec();
            let query = Input::new(&Bytes::These(query), &[]);
            let operation = url.operation.number();
            let again = self.verify_query_v2(slot, operation, &query, &given.context, now, &Size::Right);
            // The client completes the URL of a directory.
            if has_path { assert_right(again) } else { assert_eq!(again, SANDGATE_FILE_SIGNATURE_MALFORMED) }
        }
    }

    fn verify_v2(&mut self, slot: u8, url: &FileUrl<'_>, signature: &Input, now: i64) -> sandgate_result {
        let mut given = self.given_v2(url);
        // SAFETY: storage, a struct of the size that it says, and bytes with their length.
        let result =
            unsafe { sandgate_v2_file_url_verify(self.slot(slot), given.url.at(), signature.at(), signature.len, now) };
        assert_verified(result)
    }

    fn verify_query_v2(
        &mut self,
        slot: u8,
        operation: u32,
        query: &Input,
        context: &Input,
        now: i64,
        size: &Size,
    ) -> sandgate_result {
        let mut out = Sized::new(&nothing_allowed(), size);
        // SAFETY: storage, bytes with their lengths, and a struct of the size that it says.
        let result = unsafe {
            let (query, query_len, context, context_len) = (query.at(), query.len, context.at(), context.len);
            let key = self.slot(slot);
            sandgate_v2_file_url_verify_query(key, operation, query, query_len, context, context_len, now, out.at())
        };
        if result != SANDGATE_FILE_SIGNATURE_MISSING {
            assert_verified(result);
        }
        if let Some(allowed) = out.written::<sandgate_allowed>(result) {
            assert_eq!((allowed.basis, allowed.operation), (SANDGATE_ALLOWED_SIGNATURE, operation));
            assert!(allowed.has_expires == 1 && allowed.path.len > 0);
            assert_granted(allowed);
        }
        result
    }

    fn derive_v2(&mut self, slot: u8, of: Of, id: &Bytes<'_>, generation: u32, room: &Room) {
        let (id, mut out) = (self.input(id), Output::new(room));
        // SAFETY: storage, bytes with their length, and a buffer with its size.
        let result = unsafe {
            let (at, len, to, size, written) = (id.at(), id.len, out.at(), out.size, out.len_at());
            match of {
                Of::Access => sandgate_v2_keyring_access_token(self.slot(slot), at, len, generation, to, size, written),
                Of::Traffic => {
                    sandgate_v2_keyring_traffic_token(self.slot(slot), at, len, generation, to, size, written)
                }
                Of::TrafficOfRoots => {
                    sandgate_v2_traffic_keyring_traffic_token(self.slot(slot), at, len, generation, to, size, written)
                }
            }
        };
        assert_documented!(
            result,
            SANDGATE_OK
                | SANDGATE_BAD_SANDBOX_ID
                | SANDGATE_BUFFER_TOO_SMALL
                | SANDGATE_NOT_INITIALIZED
                | SANDGATE_NULL_POINTER
        );
        if let Some(token) = out.written(result) {
            assert_eq!(token.len(), SANDGATE_V2_TOKEN_LEN);
            let presented = Input::new(&Bytes::These(token), &[]);
            assert_eq!(self.verify_token_v2(slot, of, &id, generation, &presented), SANDGATE_OK);
            assert_ne!(self.verify_token_v2(slot, of, &id, !generation, &presented), SANDGATE_OK);
            self.last = token.to_vec();
        }
    }

    fn verify_token_v2(&mut self, slot: u8, of: Of, id: &Input, generation: u32, given: &Input) -> sandgate_result {
        let (at, len) = (given.at(), given.len);
        // SAFETY: storage, and bytes with their lengths.
        unsafe {
            match of {
                Of::Access => assert_documented!(
                    sandgate_v2_keyring_verify_access_token(self.slot(slot), id.at(), id.len, generation, at, len),
                    SANDGATE_OK
                        | SANDGATE_ROUTE_MISSING
                        | SANDGATE_ROUTE_MALFORMED
                        | SANDGATE_ROUTE_INVALID
                        | SANDGATE_BAD_SANDBOX_ID
                        | SANDGATE_NOT_INITIALIZED
                        | SANDGATE_NULL_POINTER
                ),
                Of::Traffic | Of::TrafficOfRoots => {
                    let (id, id_len) = (id.at(), id.len);
                    let result = if matches!(of, Of::Traffic) {
                        sandgate_v2_keyring_verify_traffic_token(self.slot(slot), id, id_len, generation, at, len)
                    } else {
                        let keyring = self.slot(slot);
                        sandgate_v2_traffic_keyring_verify_traffic_token(keyring, id, id_len, generation, at, len)
                    };
                    assert_documented!(
                        result,
                        SANDGATE_OK
                            | SANDGATE_TRAFFIC_MISSING
                            | SANDGATE_TRAFFIC_MALFORMED
                            | SANDGATE_TRAFFIC_INVALID
                            | SANDGATE_BAD_SANDBOX_ID
                            | SANDGATE_NOT_INITIALIZED
                            | SANDGATE_NULL_POINTER
                    )
                }
            }
        }
    }

    fn root(&mut self, kid: u8, seed: &Bytes<'_>, room: &Room) {
        let (seed, mut out) = (self.input(seed), Output::new(room));
        // SAFETY: bytes with their length, and a buffer with its size.
        let result =
            unsafe { sandgate_v2_traffic_root(kid as _, seed.at(), seed.len, out.at(), out.size, out.len_at()) };
        assert_documented!(
            result,
            SANDGATE_OK | SANDGATE_BAD_KEY_ID | SANDGATE_WEAK_SEED | SANDGATE_BUFFER_TOO_SMALL | SANDGATE_NULL_POINTER
        );
        if let Some(root) = out.written(result) {
            assert_eq!(root.len(), SANDGATE_V2_TOKEN_LEN);
            self.last = root.to_vec();
        }
    }
}

/// Every text decodes to as many bytes as it states, and an absent one is empty.
pub(super) fn assert_granted(allowed: &sandgate_allowed) {
    for (text, is_there) in
        [(&allowed.path, 1), (&allowed.user, allowed.has_user), (&allowed.directory, allowed.has_directory)]
    {
        decode_whole(text);
        assert!(is_there == 1 || (is_there == 0 && text.len == 0 && text.raw.is_null()));
    }
    assert!(allowed.has_expires <= 1 && (allowed.has_expires == 1 || allowed.expires == 0));
    assert!(allowed.has_max_bytes <= 1 && allowed.max_bytes < 1 << 53);
    assert!(allowed.has_content_sha256 == 1 || allowed.content_sha256 == [0; 32]);
}

/// A URL that the library signed is not refused as invalid.
fn assert_right(result: sandgate_result) {
    let times = [SANDGATE_FILE_SIGNATURE_EXPIRED, SANDGATE_FILE_SIGNATURE_LIFETIME_TOO_LONG];
    assert!(result == SANDGATE_OK || times.contains(&result), "{result:?}");
}

fn assert_signed(result: sandgate_result) {
    assert_documented!(
        result,
        SANDGATE_OK
            | SANDGATE_BAD_PATH
            | SANDGATE_BAD_DIRECTORY
            | SANDGATE_BAD_USER
            | SANDGATE_BAD_LIMIT
            | SANDGATE_BAD_TIME
            | SANDGATE_BAD_CONTEXT
            | SANDGATE_BAD_OPERATION
            | SANDGATE_BUFFER_TOO_SMALL
            | SANDGATE_NOT_INITIALIZED
            | SANDGATE_STRUCT_SIZE
            | SANDGATE_NULL_POINTER
    );
}

fn assert_verified(result: sandgate_result) -> sandgate_result {
    assert_documented!(
        result,
        SANDGATE_OK
            | SANDGATE_FILE_SIGNATURE_MALFORMED
            | SANDGATE_FILE_SIGNATURE_INVALID
            | SANDGATE_FILE_SIGNATURE_EXPIRED
            | SANDGATE_FILE_SIGNATURE_LIFETIME_TOO_LONG
            | SANDGATE_FILE_SIGNATURE_OUT_OF_SCOPE
            | SANDGATE_BAD_CONTEXT
            | SANDGATE_BAD_OPERATION
            | SANDGATE_NOT_INITIALIZED
            | SANDGATE_STRUCT_SIZE
            | SANDGATE_NULL_POINTER
    )
}
