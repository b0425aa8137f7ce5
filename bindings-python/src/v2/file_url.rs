//! Signing and verifying file URLs, v2.

use crate::arguments::{bytes, context, misuse, number, operation, text, value_error};
use crate::clock;
use crate::errors::denied;
use crate::grant::Grant;
use crate::policy::window;
use crate::secrecy::refuse_pickling;
use pyo3::prelude::*;
use pyo3::types::PyString;
use sandgate::v2::FileUrl;
use sandgate::{AccessToken, Misuse, UnixSeconds, WriteUrlError};

/// What follows from an access token of v2 to sign and verify file URLs.
///
/// A URL is for one operation ("read", the default, or "write") on one path or a whole `directory`, as one `user`, until
/// the end of the second `expires` (an int or an aware datetime; `expires_in` counts from now instead), writing at most
/// `max_bytes` or what has the `content_sha256`, for whoever both sides know by `context`.
///
/// >>> key = sandgate.v2.FileUrlKey("sg2a.a.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
/// >>> signature = key.sign("/in/a.txt", operation="write", directory="/in/", expires=1800000060)
/// >>> key.is_valid(signature, "/in/b.txt", operation="write", directory="/in/", expires=1800000060, now=1800000000)
/// True
#[pyclass(frozen, module = "sandgate.v2")]
pub(crate) struct FileUrlKey(sandgate::v2::FileUrlKey);

type Any<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// The parts of a URL but for its end.
struct Parts<'a, 'py> {
    path: &'a Bound<'py, PyAny>,
    operation: Any<'a, 'py>,
    user: Any<'a, 'py>,
    directory: Any<'a, 'py>,
    max_bytes: Any<'a, 'py>,
    content_sha256: Any<'a, 'py>,
    context: Any<'a, 'py>,
}

impl<'a> Parts<'a, '_> {
    fn until(&self, expires: UnixSeconds) -> PyResult<FileUrl<'a>> {
        let mut url = FileUrl::new(operation(self.operation)?, bytes(self.path, "path")?, expires);
        if let Some(user) = self.user {
            url = url.user(bytes(user, "user")?);
        }
        if let Some(directory) = self.directory {
            url = url.directory(bytes(directory, "directory")?);
        }
        if let Some(max_bytes) = self.max_bytes {
            url = url.max_bytes(number(max_bytes, "max_bytes")?);
        }
        if let Some(sha256) = self.content_sha256 {
            let sha256 = bytes(sha256, "content_sha256")?.try_into();
            url = url.content_sha256(sha256.map_err(|_| value_error("content_sha256", "it has 32 bytes"))?);
        }
        if let Some(context) = context(self.context)? {
            url = url.context(context);
        }
        Ok(url)
    }

    fn until_given(&self, expires: Any<'_, '_>, expires_in: Any<'_, '_>, now: Any<'_, '_>) -> PyResult<FileUrl<'a>> {
        let end = clock::end(expires, expires_in, now)?;
        self.until(end.ok_or_else(|| value_error("expires", "a URL of v2 has to end"))?)
    }
}

/// Which argument core found wrong.
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
        let token = AccessToken::try_from(bytes(access_token, "access_token")?).map_err(misuse("access_token"))?;
        let key = sandgate::v2::FileUrlKey::new(&token).map_err(misuse("access_token"))?;
        Ok(Self(key.window(window(sandgate::Window::DEFAULT, leeway, max_lifetime, "max_lifetime")?)))
    }

    /// The signature, 48 characters.
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
        let url = parts.until_given(expires, expires_in, now)?;
        let signature = self.0.sign(&url).map_err(unsignable)?;
        PyString::from_bytes(path.py(), signature.as_bytes())
    }

    /// The signed URL, `{base}/files?path=…`. An empty path beside a directory is left out, for the client to add.
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
        let url = parts.until_given(expires, expires_in, now)?;
        let mut out = String::new();
        match self.0.write_url(&mut out, text(base, "base")?, &url) {
            Ok(()) => Ok(out),
            Err(WriteUrlError::Misuse(misuse)) => Err(unsignable(misuse)),
            Err(error) => Err(value_error("base", error)),
        }
    }

    /// Raises unless the signature is that of this URL, and the URL holds now.
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
        let url = parts.until_given(expires, None, None)?;
        let answer = self.0.verify(&url, bytes(signature, "signature")?, clock::now(now)?);
        answer.map_err(|refusal| denied(path.py(), refusal))
    }

    /// Whether the signature is that of this URL, and the URL holds now.
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
        let url = parts.until_given(expires, None, None)?;
        Ok(self.0.verify(&url, bytes(signature, "signature")?, clock::now(now)?).is_ok())
    }

    /// What a raw query grants, the bytes between `?` and `#`, still percent-encoded; raises if it grants nothing.
    #[pyo3(signature = (query, operation=None, *, context=None, now=None))]
    fn verify_query(
        &self,
        query: &Bound<'_, PyAny>,
        operation: Any<'_, '_>,
        context: Any<'_, '_>,
        now: Any<'_, '_>,
    ) -> PyResult<Grant> {
        let (operation, context) = (self::operation(operation)?, self::context(context)?);
        let answer = self.0.verify_query(operation, bytes(query, "query")?, context, clock::now(now)?);
        answer.map(|grant| Grant::from(&grant)).map_err(|refusal| denied(query.py(), refusal))
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
    Ok(sandgate::v2::is_access_token(bytes(token, "token")?))
}
