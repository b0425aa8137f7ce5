//! Explains why a file URL is refused, for `sandgate.explain` and the command.

use crate::arguments::{bytes, context, misuse, operation, presented, value_error};
use crate::clock;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
use sandgate::explain::Explanation as Why;
use sandgate::{AccessToken, Denied, UnixSeconds};

type Any<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// Why a file URL is refused, and the single change of a field that makes its signature right, where there is one.
#[pyclass(frozen, module = "sandgate")]
pub(crate) struct Explanation {
    denied: Denied,
    field: Option<&'static str>,
    value: Option<String>,
    expires: Option<i64>,
    words: String,
}

impl From<Why<'_>> for Explanation {
    fn from(why: Why<'_>) -> Self {
        Self {
            denied: why.denied,
            field: why.change.map(|change| change.field()),
            value: why.change.and_then(|change| change.value()).map(|value| value.to_string()),
            expires: why.expires.map(UnixSeconds::get),
            words: why.to_string(),
        }
    }
}

#[pymethods]
impl Explanation {
    /// The refusal's code: "invalid", "expired", …
    #[getter]
    fn code(&self) -> &'static str {
        self.denied.code().as_str()
    }

    /// The HTTP status that a controller would send.
    #[getter]
    fn status(&self) -> u16 {
        self.denied.status()
    }

    /// The message that a controller would send.
    #[getter]
    fn message(&self) -> &'static str {
        self.denied.message()
    }

    /// The field that should have another value.
    #[getter]
    fn field(&self) -> Option<&'static str> {
        self.field
    }

    /// The value that the field should have, or None if it should be absent. Bytes that are not UTF-8 are percent-encoded,
    /// and `str()` says so.
    #[getter]
    fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// The expiry that the URL states.
    #[getter]
    fn expires(&self) -> Option<i64> {
        self.expires
    }

    fn __str__(&self) -> &str {
        &self.words
    }

    fn __repr__(&self) -> String {
        format!("<sandgate.Explanation {}>", self.code())
    }
}

/// Explains why a controller with these access tokens refuses a file URL, from its raw query. Returns None if it is
/// granted.
///
/// >>> key = sandgate.v1.FileUrlKey("token")
/// >>> query = key.url("x", "/a", "write").partition("?")[2]
/// >>> print(sandgate.explain(query, "token", operation="read"))
/// the signature is not that of this URL under this token; the signature is right for another operation: "write"
#[pyfunction]
#[pyo3(signature = (query, /, *access_tokens, operation=None, context=None, now=None))]
pub(crate) fn explain(
    query: &Bound<'_, PyAny>,
    access_tokens: &Bound<'_, PyTuple>,
    operation: Any<'_, '_>,
    context: Any<'_, '_>,
    now: Any<'_, '_>,
) -> PyResult<Option<Explanation>> {
    let mut tokens = Vec::with_capacity(access_tokens.len());
    for token in access_tokens {
        tokens.push(AccessToken::try_from(bytes(&token, "access_token")?).map_err(misuse("access_token"))?);
    }
    let (operation, context) = (self::operation(operation)?, self::context(context)?);
    let query = presented(query, "query")?;
    let why = sandgate::explain::file_url(&tokens, operation, &query, context, clock::now(now)?);
    Ok(why.map_err(misuse("access_token"))?.map(Explanation::from))
}

/// Returns the raw query of a file URL: the bytes between `?` and `#`. A text without `?` is taken as a query. The path of
/// the URL must end with `/files`: on every other path, a controller requires the token and reads no signature.
#[pyfunction]
#[pyo3(signature = (url, /))]
pub(crate) fn file_query<'py>(url: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let text = presented(url, "url")?;
    let url_end = text.iter().position(|byte| *byte == b'#').unwrap_or(text.len());
    let text = &text[..url_end];
    let query = match text.iter().position(|byte| *byte == b'?') {
        None => text,
        Some(0) => &text[1..],
        Some(mark) if text[..mark].ends_with(b"/files") && !text[..mark].ends_with(b"//files") => &text[mark + 1..],
        Some(_) => return Err(value_error("url", "its path must end with /files")),
    };
    Ok(PyBytes::new(url.py(), query))
}
