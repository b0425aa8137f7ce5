//! Signs and verifies v1 file URLs.

use super::file_url_key::sandgate_v1_file_url_key;
use crate::allowed::sandgate_allowed;
use crate::operation::read as read_operation;
use crate::pointer::{bytes, result, write_text, write_url};
use crate::result::sandgate_result::{self};
use crate::sized::{self, SizedStruct};
use crate::slot::Slot;
use core::ffi::{c_char, c_void};
use sandgate::UnixSeconds;
use sandgate::v1::{FileUrl, FileUrlKey};

/// A v1 file URL before it is signed.
#[repr(C)]
pub struct sandgate_v1_file_url {
    /// sizeof(sandgate_v1_file_url), so that the struct can grow.
    pub struct_size: usize,
    /// One of SANDGATE_OPERATION_*.
    pub operation: u32,
    /// The path, any bytes. Empty: it is omitted, and the upload's multipart file name chooses it.
    pub path: *const c_void,
    /// Its length.
    pub path_len: usize,
    /// The user, any bytes. Empty: it is omitted, and means the server's default user.
    pub user: *const c_void,
    /// Its length.
    pub user_len: usize,
    /// The last second in which the URL is valid, Unix seconds. NULL: it never expires.
    pub expires: *const i64,
}

// SAFETY: `repr(C)`, its size first.
unsafe impl SizedStruct for sandgate_v1_file_url {}

impl sandgate_v1_file_url {
    /// # Safety
    /// Each pointer has its length; `expires` is NULL or points to a time.
    unsafe fn read<'a>(&self) -> Result<FileUrl<'a>, sandgate_result> {
        // SAFETY: the caller's contract.
        let (path, user, expires) =
            unsafe { (bytes(self.path, self.path_len)?, bytes(self.user, self.user_len)?, self.expires.as_ref()) };
        let expires = expires.copied().map(UnixSeconds::new);
        Ok(FileUrl::new(read_operation(self.operation)?, path).user(user).maybe_expires(expires))
    }
}

/// Signs a URL.
/// Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_BAD_OPERATION; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE;
/// SANDGATE_NULL_POINTER.
/// In: key; url. Out: out, 46 characters not NUL-terminated; out_len, their number or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v1_file_url_sign(
    key: *const sandgate_v1_file_url_key,
    url: *const sandgate_v1_file_url,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    // SAFETY: the caller's contract.
    unsafe { with_url(key, url, |key, url| write_text(key.sign(&url).as_bytes(), out, out_size, out_len)) }
}

/// Writes the signed URL, {base}/files?path=...&username=...&signature=...&signature_expiration=...
/// Returns: OK; SANDGATE_BAD_BASE_URL; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_BAD_OPERATION; SANDGATE_NOT_INITIALIZED;
/// SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
/// In: key; base, UTF-8, such as https://49983-{sandbox_id}.{domain}, without query, fragment, spaces and control
/// characters, one trailing / is dropped; url.
/// Out: out, not NUL-terminated; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v1_file_url_write(
    key: *const sandgate_v1_file_url_key,
    base: *const c_char,
    base_len: usize,
    url: *const sandgate_v1_file_url,
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

/// Verifies the signature of a URL of known parts: first the signature, then the time.
/// Returns: OK; SANDGATE_FILE_SIGNATURE_INVALID; SANDGATE_FILE_SIGNATURE_EXPIRED; SANDGATE_BAD_OPERATION;
/// SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
/// In: key; url; signature, any bytes; now, Unix seconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v1_file_url_verify(
    key: *const sandgate_v1_file_url_key,
    url: *const sandgate_v1_file_url,
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
/// Returns: OK; a refusal of SANDGATE_FILE_SIGNATURE_*; SANDGATE_BAD_OPERATION; SANDGATE_NOT_INITIALIZED;
/// SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
/// In: key; operation, one of SANDGATE_OPERATION_*; query; now, Unix seconds.
/// Out: out, whose struct_size the caller has set; its texts point into query.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_v1_file_url_verify_query(
    key: *const sandgate_v1_file_url_key,
    operation: u32,
    query: *const c_void,
    query_len: usize,
    now: i64,
    out: *mut sandgate_allowed,
) -> sandgate_result {
    // SAFETY: the caller's contract: a key, a query with its length, and an output.
    result(unsafe {
        (|| {
            let (key, query) = (Slot::<FileUrlKey>::get(key.cast())?, bytes(query, query_len)?);
            let operation = read_operation(operation)?;
            sized::output(out, || Ok(key.verify_query(operation, query, UnixSeconds::new(now))?.into()))
        })()
    })
}

/// # Safety
/// `key` is NULL or storage; `url` is NULL or a struct of the size that it says, whose pointers have their lengths.
unsafe fn with_url(
    key: *const sandgate_v1_file_url_key,
    url: *const sandgate_v1_file_url,
    act: impl FnOnce(&FileUrlKey, FileUrl<'_>) -> sandgate_result,
) -> sandgate_result {
    // SAFETY: the caller's contract.
    match unsafe { (Slot::<FileUrlKey>::get(key.cast()), sized::input(url).and_then(|url| url.read())) } {
        (Ok(key), Ok(url)) => act(key, url),
        (Err(result), _) | (_, Err(result)) => result,
    }
}
