//! Signs and verifies v1 file URLs.

use crate::arguments::{bytes, misuse, operation, presented, text, value_error};
use crate::clock;
use crate::errors::denied;
use crate::grant::Grant;
use crate::secrecy::refuse_pickling;
use crate::signed;
use pyo3::prelude::*;
use pyo3::types::PyString;
use sandgate::v1::FileUrl;
use sandgate::{AccessToken, Denied, UnixSeconds, boxed};

/// The key that signs and verifies file URLs, from an access token.
///
/// A URL is for one operation ("read", the default, or "write") on one path, as one user. `expires` is the last second for
/// which it is valid, an int or an aware datetime; `expires_in` counts from now instead. Without either it never expires.
///
/// >>> key = sandgate.v1.FileUrlKey("the sandbox's access token")
/// >>> key.sign("/a.txt", user="user", expires=1800000000)
/// 'v1_oyctafac/YFCvxnZgSPq7bLu0LE4iNBtyBcQiOPwml0'
#[pyclass(frozen, module = "sandgate.v1")]
pub(crate) struct FileUrlKey(pub(crate) Box<sandgate::v1::FileUrlKey>);

type Any<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// A URL to sign.
#[inline(always)]
fn file_url<'a>(
    path: &'a Bound<'_, PyAny>,
    operation: Any<'a, '_>,
    user: Any<'a, '_>,
    expires: Option<UnixSeconds>,
) -> PyResult<FileUrl<'a>> {
    let user = user.map(|user| bytes(user, "user")).transpose()?.unwrap_or_default();
    let url = FileUrl::new(self::operation(operation)?, bytes(path, "path")?);
    Ok(url.user(user).maybe_expires(expires))
}

impl FileUrlKey {
    /// Passes a URL of known parts to core.
    #[inline(always)]
    fn ask(
        &self,
        signature: &Bound<'_, PyAny>,
        path: &Bound<'_, PyAny>,
        operation: Any<'_, '_>,
        user: Any<'_, '_>,
        expires: Any<'_, '_>,
        now: Any<'_, '_>,
    ) -> PyResult<Result<(), Denied>> {
        let expires = clock::maybe_time(expires, "expires")?;
        let (path, user) = (presented(path, "path")?, user.map(|user| presented(user, "user")).transpose()?);
        let url = FileUrl::new(self::operation(operation)?, &path).user(user.as_deref().unwrap_or_default());
        Ok(self.0.verify(&url.maybe_expires(expires), &presented(signature, "signature")?, clock::now(now)?))
    }
}

#[pymethods]
impl FileUrlKey {
    #[new]
    #[pyo3(signature = (access_token, /))]
    fn new(access_token: &Bound<'_, PyAny>) -> PyResult<Self> {
        let key = boxed(|| {
            let token = AccessToken::try_from(bytes(access_token, "access_token")?).map_err(misuse("access_token"))?;
            sandgate::v1::FileUrlKey::new(&token).map_err(misuse("access_token"))
        });
        key.map(Self)
    }

    /// Returns the signature, 46 characters. It refuses `expires_in` without `now`, because the caller could not know the
    /// expiry that was signed: `signed` returns both.
    #[pyo3(signature = (path, operation=None, user=None, expires=None, *, expires_in=None, now=None))]
    fn sign<'py>(
        &self,
        path: &Bound<'py, PyAny>,
        operation: Any<'_, '_>,
        user: Any<'_, '_>,
        expires: Any<'_, '_>,
        expires_in: Any<'_, '_>,
        now: Any<'_, '_>,
    ) -> PyResult<Bound<'py, PyString>> {
        let url = file_url(path, operation, user, clock::known_end(expires, expires_in, now)?)?;
        PyString::from_bytes(path.py(), self.0.sign(&url).as_bytes())
    }

    /// Returns the signature and the expiry that was signed, `Signed(signature, expires)`.
    #[pyo3(signature = (path, operation=None, user=None, expires=None, *, expires_in=None, now=None))]
    fn signed<'py>(
        &self,
        path: &Bound<'py, PyAny>,
        operation: Any<'_, '_>,
        user: Any<'_, '_>,
        expires: Any<'_, '_>,
        expires_in: Any<'_, '_>,
        now: Any<'_, '_>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let end = clock::end(expires, expires_in, now)?;
        let signature = self.0.sign(&file_url(path, operation, user, end)?);
        signed::make(path.py(), signature.as_bytes(), end)
    }

    /// Returns the signed URL, `{base}/files?path=…`. `base` is the URL of the sandbox's controller,
    /// `https://49983-{sandbox_id}.{domain}`.
    #[pyo3(signature = (base, path, operation=None, user=None, expires=None, *, expires_in=None, now=None))]
    #[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn url(
        &self,
        base: &Bound<'_, PyAny>,
        path: &Bound<'_, PyAny>,
        operation: Any<'_, '_>,
        user: Any<'_, '_>,
        expires: Any<'_, '_>,
        expires_in: Any<'_, '_>,
        now: Any<'_, '_>,
    ) -> PyResult<String> {
        let url = file_url(path, operation, user, clock::end(expires, expires_in, now)?)?;
        let mut out = String::new();
        let written = self.0.write_url(&mut out, text(base, "base")?, &url);
        written.map(|()| out).map_err(|error| value_error("base", error))
    }

    /// Raises unless the signature is that of this URL, and the URL has not expired.
    #[pyo3(signature = (signature, path, operation=None, user=None, expires=None, *, now=None))]
    fn verify(
        &self,
        signature: &Bound<'_, PyAny>,
        path: &Bound<'_, PyAny>,
        operation: Any<'_, '_>,
        user: Any<'_, '_>,
        expires: Any<'_, '_>,
        now: Any<'_, '_>,
    ) -> PyResult<()> {
        self.ask(signature, path, operation, user, expires, now)?.map_err(|refusal| denied(path.py(), refusal))
    }

    /// Whether the signature is that of this URL, and the URL has not expired.
    #[pyo3(signature = (signature, path, operation=None, user=None, expires=None, *, now=None))]
    fn is_valid(
        &self,
        signature: &Bound<'_, PyAny>,
        path: &Bound<'_, PyAny>,
        operation: Any<'_, '_>,
        user: Any<'_, '_>,
        expires: Any<'_, '_>,
        now: Any<'_, '_>,
    ) -> PyResult<bool> {
        Ok(self.ask(signature, path, operation, user, expires, now)?.is_ok())
    }

    /// Returns what a raw query grants; raises if it grants nothing. The raw query is the bytes between `?` and `#`, still
    /// percent-encoded.
    #[pyo3(signature = (query, operation=None, *, now=None))]
    fn verify_query(&self, query: &Bound<'_, PyAny>, operation: Any<'_, '_>, now: Any<'_, '_>) -> PyResult<Grant> {
        let py = query.py();
        let query = presented(query, "query")?;
        let answer = self.0.verify_query(self::operation(operation)?, &query, clock::now(now)?);
        answer.map(|grant| Grant::from(&grant)).map_err(|refusal| denied(py, refusal))
    }

    fn __repr__(&self) -> &'static str {
        "<sandgate.v1.FileUrlKey>"
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        refuse_pickling("sandgate.v1.FileUrlKey")
    }
}
