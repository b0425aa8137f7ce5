//! Signs and verifies v2 file URLs.

use super::file_url_key::sandgate_v2_file_url_key;
use crate::allowed::sandgate_allowed;
use crate::operation::read as read_operation;
use crate::pointer::{bytes, context, optional_bytes, result, write_text, write_url};
use crate::result::sandgate_result;
use crate::sized::{self, SizedStruct};
use crate::slot::Slot;
use core::ffi::{c_char, c_void};
use sandgate::UnixSeconds;
use sandgate::v2::{FileUrl, FileUrlKey};

/// A v2 file URL before it is signed.
#[repr(C)]
pub struct sandgate_v2_file_url {
    /// sizeof(sandgate_v2_file_url), so that the struct can grow.
    pub struct_size: usize,
    /// One of SANDGATE_OPERATION_*.
    pub operation: u32,
    /// The path, 1 to 4096 bytes of UTF-8 without NUL. With a directory it may be empty: then the URL has none, and its
    /// recipient adds &path=.
    pub path: *const c_void,
    /// Its length.
    pub path_len: usize,
    /// The directory to sign instead of the path, for everything beneath it. It begins and ends with /. NULL: the path is
    /// signed.
    pub directory: *const c_void,
    /// Its length.
    pub directory_len: usize,
    /// The user, 0 to 255 bytes of UTF-8 without NUL. NULL: no user. An empty user and no user are different claims.
    pub user: *const c_void,
    /// Its length.
    pub user_len: usize,
    /// The last second in which the URL is valid, Unix seconds from 0 to 2^53 - 1.
    pub expires: i64,
    /// How many bytes may be written, at most 2^53 - 1. NULL: any number. Must be NULL for a download.
    pub max_bytes: *const u64,
    /// The SHA-256 that the written content must have, 32 bytes. NULL: any content. Must be NULL for a download.
    pub content_sha256: *const c_void,
    /// The context, which the verifier knows and the URL does not carry, 1 to 255 bytes. NULL: none.
    pub context: *const c_void,
    /// Its length.
    pub context_len: usize,
}

// SAFETY: `repr(C)`, its size first.
unsafe impl SizedStruct for sandgate_v2_file_url {}

impl sandgate_v2_file_url {
    /// # Safety
    /// Each pointer has its length; `max_bytes` and `content_sha256` are NULL or point to what they say.
    unsafe fn read<'a>(&self) -> Result<FileUrl<'a>, sandgate_result> {
        // SAFETY: the caller's contract.
        let (path, directory, user, context, max_bytes, sha256) = unsafe {
            (
                bytes(self.path, self.path_len)?,
                optional_bytes(self.directory, self.directory_len)?,
                optional_bytes(self.user, self.user_len)?,
                context(self.context, self.context_len)?,
                self.max_bytes.as_ref(),
                self.content_sha256.cast::<[u8; 32]>().as_ref(),
            )
        };
        Ok(FileUrl::new(read_operation(self.operation)?, path, UnixSeconds::new(self.expires))
            .maybe_directory(directory)
            .maybe_user(user)
            .maybe_max_bytes(max_bytes.copied())
            .maybe_content_sha256(sha256.copied())
            .maybe_context(context))
    }
}

/// Signs a URL.
/// Returns: OK; SANDGATE_BAD_PATH, also for a path outside its directory; SANDGATE_BAD_DIRECTORY; SANDGATE_BAD_USER;
/// SANDGATE_BAD_LIMIT; SANDGATE_BAD_TIME; SANDGATE_BAD_CONTEXT; SANDGATE_BAD_OPERATION; SANDGATE_BUFFER_TOO_SMALL;
/// SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
/// In: key; url. Out: out, 48 characters not NUL-terminated; out_len, their number or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_file_url_sign(
    key: *const sandgate_v2_file_url_key,
    url: *const sandgate_v2_file_url,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    // SAFETY: the caller's contract.
    unsafe {
        with_url(key, url, |key, url| match key.sign(&url) {
            Ok(signature) => write_text(signature.as_bytes(), out, out_size, out_len),
            Err(misuse) => misuse.into(),
        })
    }
}

/// Writes the signed URL, {base}/files?path=...&username=...&signature=...&signature_expiration=..., followed by the
/// parameters of the other claims. The context is not part of the URL.
/// Returns: OK; SANDGATE_BAD_BASE_URL; those of sandgate_v2_file_url_sign.
/// In: key; base, UTF-8, such as https://49983-{sandbox_id}.{domain}, without query, fragment, spaces and control
/// characters, one trailing / is dropped; url.
/// Out: out, not NUL-terminated; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_file_url_write(
    key: *const sandgate_v2_file_url_key,
    base: *const c_char,
    base_len: usize,
    url: *const sandgate_v2_file_url,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    // SAFETY: the caller's contract.
    unsafe {
        with_url(key, url, |key, url| {
            write_url(base, base_len, out, out_size, out_len, |out, base| {
                Ok(key.write_url_to_bytes(out, base, &url)?.len())
            })
        })
    }
}

/// Verifies the signature of a URL of known parts: its shape, the key, the signature, the time, the directory.
/// Returns: OK; a refusal of SANDGATE_FILE_SIGNATURE_*, malformed also for parts that cannot be signed;
/// SANDGATE_BAD_CONTEXT; SANDGATE_BAD_OPERATION; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
/// In: key; url; signature, any bytes; now, Unix seconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_file_url_verify(
    key: *const sandgate_v2_file_url_key,
    url: *const sandgate_v2_file_url,
    signature: *const c_void,
    signature_len: usize,
    now: i64,
) -> sandgate_result {
    // SAFETY: the caller's contract.
    unsafe {
        with_url(key, url, |key, url| {
            result(
                bytes(signature, signature_len)
                    .and_then(|signature| Ok(key.verify(&url, signature, UnixSeconds::new(now))?)),
            )
        })
    }
}

/// Verifies a file URL from its raw query, the bytes between ? and #, still percent-encoded.
/// Returns: OK; a refusal of SANDGATE_FILE_SIGNATURE_*; SANDGATE_BAD_CONTEXT; SANDGATE_BAD_OPERATION;
/// SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
/// In: key; operation, one of SANDGATE_OPERATION_*; query; context, or NULL for none; now, Unix seconds.
/// Out: out, whose struct_size the caller has set; its texts point into query.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v2_file_url_verify_query(
    key: *const sandgate_v2_file_url_key,
    operation: u32,
    query: *const c_void,
    query_len: usize,
    context: *const c_void,
    context_len: usize,
    now: i64,
    out: *mut sandgate_allowed,
) -> sandgate_result {
    // SAFETY: the caller's contract: a key, bytes with their lengths, and an output.
    result(unsafe {
        (|| {
            let (key, query) = (Slot::<FileUrlKey>::get(key.cast())?, bytes(query, query_len)?);
            let context = self::context(context, context_len)?;
            let operation = read_operation(operation)?;
            sized::output(out, || Ok(key.verify_query(operation, query, context, UnixSeconds::new(now))?.into()))
        })()
    })
}

/// # Safety
/// `key` is NULL or storage; `url` is NULL or a struct of the size that it says, whose pointers have their lengths.
unsafe fn with_url(
    key: *const sandgate_v2_file_url_key,
    url: *const sandgate_v2_file_url,
    act: impl FnOnce(&FileUrlKey, FileUrl<'_>) -> sandgate_result,
) -> sandgate_result {
    // SAFETY: the caller's contract.
    match unsafe { (Slot::<FileUrlKey>::get(key.cast()), sized::input(url).and_then(|url| url.read())) } {
        (Ok(key), Ok(url)) => act(key, url),
        (Err(result), _) | (_, Err(result)) => result,
    }
}
