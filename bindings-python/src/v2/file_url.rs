//! Signing and verifying file URLs, v2.

use crate::arguments::{bytes, context, instance, misuse, number, operation, presented, text, value_error};
use crate::clock;
use crate::errors::denied;
use crate::grant::Grant;
use crate::policy::window;
use crate::secrecy::refuse_pickling;
use crate::signed;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use sandgate::v2::FileUrl;
use sandgate::{AccessToken, Denied, Misuse, UnixSeconds, WriteUrlError, boxed};
use std::borrow::Cow;

/// The key to sign and verify file URLs, derived from an access token of v2.
///
/// A URL is for one operation ("read", the default, or "write") on one path or a whole `directory`, as one `user`, until
/// the end of the second `expires` (an int or an aware datetime; `expires_in` counts from now instead), writing at most
/// `max_bytes` or exactly the content with this `content_sha256`, bound to a `context` that both sides know.
///
/// >>> key = sandgate.v2.FileUrlKey("sg2a.a.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
/// >>> signature = key.sign("/in/a.txt", operation="write", directory="/in/", expires=1800000060)
/// >>> key.is_valid(signature, "/in/b.txt", operation="write", directory="/in/", expires=1800000060, now=1800000000)
/// True
#[pyclass(frozen, module = "sandgate.v2")]
pub(crate) struct FileUrlKey(Box<sandgate::v2::FileUrlKey>);

type Any<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

const NO_END: &str = "must be given, or else expires_in, because a URL of v2 must end";
const SIZE: &str = "must be between 0 and 9007199254740991";

/// The parts of a URL without its expiry.
struct Parts<'a, 'py> {
    path: &'a Bound<'py, PyAny>,
    operation: Any<'a, 'py>,
    user: Any<'a, 'py>,
    directory: Any<'a, 'py>,
    max_bytes: Any<'a, 'py>,
    content_sha256: Any<'a, 'py>,
    context: Any<'a, 'py>,
}

/// Its texts, which a `FileUrl` borrows.
struct Texts<'a> {
    path: Cow<'a, [u8]>,
    user: Option<Cow<'a, [u8]>>,
    directory: Option<Cow<'a, [u8]>>,
}

impl<'a, 'py> Parts<'a, 'py> {
    /// The texts of what a caller signs.
    #[inline(always)]
    fn signed(&self) -> PyResult<Texts<'a>> {
        self.texts(|value, name| bytes(value, name).map(Cow::Borrowed))
    }

    /// The texts of what a client presents.
    #[inline(always)]
    fn presented(&self) -> PyResult<Texts<'a>> {
        self.texts(presented)
    }

    #[inline(always)]
    fn texts(&self, read: impl Fn(&'a Bound<'py, PyAny>, &str) -> PyResult<Cow<'a, [u8]>>) -> PyResult<Texts<'a>> {
        Ok(Texts {
            path: read(self.path, "path")?,
            user: self.user.map(|user| read(user, "user")).transpose()?,
            directory: self.directory.map(|directory| read(directory, "directory")).transpose()?,
        })
    }

    #[inline]
    fn until<'t>(&'t self, texts: &'t Texts<'a>, expires: Option<UnixSeconds>) -> PyResult<FileUrl<'t>> {
        let expires = expires.ok_or_else(|| value_error("expires", NO_END))?;
        Ok(FileUrl::new(operation(self.operation)?, &texts.path, expires)
            .maybe_user(texts.user.as_deref())
            .maybe_directory(texts.directory.as_deref())
            .maybe_max_bytes(self.max_bytes.map(|max_bytes| number(max_bytes, "max_bytes", SIZE)).transpose()?)
            .maybe_content_sha256(self.content_sha256.map(sha256).transpose()?)
            .maybe_context(context(self.context)?))
    }
}

/// Refuses a `str`: 32 of its characters would be half of a digest in hex.
fn sha256(value: &Bound<'_, PyAny>) -> PyResult<[u8; 32]> {
    let bytes = instance::<PyBytes>(value, "content_sha256", "bytes")?.as_bytes();
    bytes.try_into().map_err(|_| value_error("content_sha256", "must be 32 bytes"))
}

impl FileUrlKey {
    /// Asks core about a URL whose parts a client presents.
    #[inline(always)]
    fn ask(
        &self,
        parts: &Parts<'_, '_>,
        signature: &Bound<'_, PyAny>,
        expires: Any<'_, '_>,
        now: Any<'_, '_>,
    ) -> PyResult<Result<(), Denied>> {
        let texts = parts.presented()?;
        let url = parts.until(&texts, clock::maybe_time(expires, "expires")?)?;
        Ok(self.0.verify(&url, &presented(signature, "signature")?, clock::now(now)?))
    }
}

/// Names the argument that core refused.
pub(crate) fn unsignable(misuse: Misuse) -> PyErr {
    let name = match misuse {
        Misuse::Path => "path",
        Misuse::Directory => "directory",
        Misuse::User => "user",
        Misuse::Limit => "max_bytes or content_sha256",
        Misuse::Time => "expires",
        _ => "url",
    };
    value_error(name, misuse)
}

#[pymethods]
impl FileUrlKey {
    #[new]
    #[pyo3(signature = (access_token, /, *, leeway=None, max_lifetime=None))]
    fn new(access_token: &Bound<'_, PyAny>, leeway: Any<'_, '_>, max_lifetime: Any<'_, '_>) -> PyResult<Self> {
        let key = boxed(|| {
            let token = AccessToken::try_from(bytes(access_token, "access_token")?).map_err(misuse("access_token"))?;
            let key = sandgate::v2::FileUrlKey::new(&token).map_err(misuse("access_token"))?;
            Ok(key.window(window(sandgate::Window::DEFAULT, leeway, max_lifetime, "max_lifetime")?))
        });
        key.map(Self)
    }

    /// The signature, 48 characters. `expires_in` without `now` is refused, as the caller could not know the expiry that was
    /// signed: `signed` returns both.
    #[pyo3(signature = (path, operation=None, user=None, expires=None, *, expires_in=None, now=None, directory=None,
        max_bytes=None, content_sha256=None, context=None))]
    #[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn sign<'py>(
        &self,
        path: &Bound<'py, PyAny>,
        operation: Any<'_, 'py>,
        user: Any<'_, 'py>,
        expires: Any<'_, 'py>,
        expires_in: Any<'_, 'py>,
        now: Any<'_, 'py>,
        directory: Any<'_, 'py>,
        max_bytes: Any<'_, 'py>,
        content_sha256: Any<'_, 'py>,
        context: Any<'_, 'py>,
    ) -> PyResult<Bound<'py, PyString>> {
        let parts = Parts { path, operation, user, directory, max_bytes, content_sha256, context };
        let (texts, end) = (parts.signed()?, clock::known_end(expires, expires_in, now)?);
        let signature = self.0.sign(&parts.until(&texts, end)?).map_err(unsignable)?;
        PyString::from_bytes(path.py(), signature.as_bytes())
    }

    /// Returns the signature and the expiry that was signed, `Signed(signature, expires)`.
    #[pyo3(signature = (path, operation=None, user=None, expires=None, *, expires_in=None, now=None, directory=None,
        max_bytes=None, content_sha256=None, context=None))]
    #[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn signed<'py>(
        &self,
        path: &Bound<'py, PyAny>,
        operation: Any<'_, 'py>,
        user: Any<'_, 'py>,
        expires: Any<'_, 'py>,
        expires_in: Any<'_, 'py>,
        now: Any<'_, 'py>,
        directory: Any<'_, 'py>,
        max_bytes: Any<'_, 'py>,
        content_sha256: Any<'_, 'py>,
        context: Any<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let parts = Parts { path, operation, user, directory, max_bytes, content_sha256, context };
        let (texts, end) = (parts.signed()?, clock::end(expires, expires_in, now)?);
        let signature = self.0.sign(&parts.until(&texts, end)?).map_err(unsignable)?;
        signed::make(path.py(), signature.as_bytes(), end)
    }

    /// The signed URL, `{base}/files?path=…`. With a directory, an empty path is omitted, for the client to add.
    #[pyo3(signature = (base, path, operation=None, user=None, expires=None, *, expires_in=None, now=None,
        directory=None, max_bytes=None, content_sha256=None, context=None))]
    #[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn url<'py>(
        &self,
        base: &Bound<'py, PyAny>,
        path: &Bound<'py, PyAny>,
        operation: Any<'_, 'py>,
        user: Any<'_, 'py>,
        expires: Any<'_, 'py>,
        expires_in: Any<'_, 'py>,
        now: Any<'_, 'py>,
        directory: Any<'_, 'py>,
        max_bytes: Any<'_, 'py>,
        content_sha256: Any<'_, 'py>,
        context: Any<'_, 'py>,
    ) -> PyResult<String> {
        let parts = Parts { path, operation, user, directory, max_bytes, content_sha256, context };
        let (texts, end) = (parts.signed()?, clock::end(expires, expires_in, now)?);
        let url = parts.until(&texts, end)?;
        let mut out = String::new();
        match self.0.write_url(&mut out, text(base, "base")?, &url) {
            Ok(()) => Ok(out),
            Err(WriteUrlError::Misuse(misuse)) => Err(unsignable(misuse)),
            Err(error) => Err(value_error("base", error)),
        }
    }

    /// Raises unless the signature is that of this URL, and the URL is valid now.
    #[pyo3(signature = (signature, path, operation=None, user=None, expires=None, *, directory=None, max_bytes=None,
        content_sha256=None, context=None, now=None))]
    #[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn verify<'py>(
        &self,
        signature: &Bound<'py, PyAny>,
        path: &Bound<'py, PyAny>,
        operation: Any<'_, 'py>,
        user: Any<'_, 'py>,
        expires: Any<'_, 'py>,
        directory: Any<'_, 'py>,
        max_bytes: Any<'_, 'py>,
        content_sha256: Any<'_, 'py>,
        context: Any<'_, 'py>,
        now: Any<'_, 'py>,
    ) -> PyResult<()> {
        let parts = Parts { path, operation, user, directory, max_bytes, content_sha256, context };
        self.ask(&parts, signature, expires, now)?.map_err(|refusal| denied(path.py(), refusal))
    }

    /// Whether the signature is that of this URL, and the URL is valid now.
    #[pyo3(signature = (signature, path, operation=None, user=None, expires=None, *, directory=None, max_bytes=None,
        content_sha256=None, context=None, now=None))]
    #[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn is_valid<'py>(
        &self,
        signature: &Bound<'py, PyAny>,
        path: &Bound<'py, PyAny>,
        operation: Any<'_, 'py>,
        user: Any<'_, 'py>,
        expires: Any<'_, 'py>,
        directory: Any<'_, 'py>,
        max_bytes: Any<'_, 'py>,
        content_sha256: Any<'_, 'py>,
        context: Any<'_, 'py>,
        now: Any<'_, 'py>,
    ) -> PyResult<bool> {
        let parts = Parts { path, operation, user, directory, max_bytes, content_sha256, context };
        Ok(self.ask(&parts, signature, expires, now)?.is_ok())
    }

    /// Returns what a raw query grants; raises if it grants nothing. The raw query is the bytes between `?` and `#`, still
    /// percent-encoded.
    #[pyo3(signature = (query, operation=None, *, context=None, now=None))]
    fn verify_query(
        &self,
        query: &Bound<'_, PyAny>,
        operation: Any<'_, '_>,
        context: Any<'_, '_>,
        now: Any<'_, '_>,
    ) -> PyResult<Grant> {
        let (operation, context) = (self::operation(operation)?, self::context(context)?);
        let py = query.py();
        let query = presented(query, "query")?;
        let answer = self.0.verify_query(operation, &query, context, clock::now(now)?);
        answer.map(|grant| Grant::from(&grant)).map_err(|refusal| denied(py, refusal))
    }

    fn __repr__(&self) -> &'static str {
        "<sandgate.v2.FileUrlKey>"
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        refuse_pickling("sandgate.v2.FileUrlKey")
    }
}

/// Whether an access token claims to be one of v2; it is then one of v2, or none at all.
///
/// >>> sandgate.v2.is_access_token("a token of v1")
/// False
#[pyfunction]
#[pyo3(signature = (token, /))]
pub(crate) fn is_access_token(token: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(sandgate::v2::is_access_token(&presented(token, "token")?))
}
