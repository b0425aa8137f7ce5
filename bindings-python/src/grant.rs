//! The grant of a request.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use sandgate::{Decoded, UnixSeconds};

/// One operation on one path, as one user. The server acts on it and does not parse the request again.
#[pyclass(frozen, module = "sandgate", name = "Grant")]
#[derive(Clone)]
pub(crate) struct Grant {
    operation: &'static str,
    path: Vec<u8>,
    user: Option<Vec<u8>>,
    /// The last second at which the signature is valid. None: it never expires, or no signature decided.
    #[pyo3(get)]
    expires: Option<i64>,
    directory: Option<Vec<u8>>,
    /// The total number of bytes that may be written, after content decoding.
    #[pyo3(get)]
    max_bytes: Option<u64>,
    content_sha256: Option<[u8; 32]>,
}

impl From<&sandgate::Grant<'_>> for Grant {
    fn from(grant: &sandgate::Grant<'_>) -> Self {
        Self {
            operation: grant.operation().as_str(),
            path: decoded(grant.path()),
            user: grant.user().map(decoded),
            expires: grant.expires().map(UnixSeconds::get),
            directory: grant.directory().map(decoded),
            max_bytes: grant.max_bytes(),
            content_sha256: grant.content_sha256(),
        }
    }
}

fn decoded(text: Decoded<'_>) -> Vec<u8> {
    let mut bytes = vec![0; text.len()];
    // It has the needed size.
    let _ = text.copy_to(&mut bytes);
    bytes
}

#[pymethods]
impl Grant {
    /// The operation, "read" or "write".
    #[getter]
    fn operation(&self) -> &'static str {
        self.operation
    }

    /// The path. Bytes that are not UTF-8, which v1 allows, become lone surrogates as in `os.fsdecode`, so that `open` opens
    /// the file that was signed.
    #[getter]
    fn path<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        as_str(py, &self.path)
    }

    /// The path as it was signed.
    #[getter]
    fn path_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.path)
    }

    /// The user. None or empty: the server's default applies. Bytes that are not UTF-8, which v1 allows, become lone
    /// surrogates as in `os.fsdecode`.
    #[getter]
    fn user<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.user.as_deref().map(|user| as_str(py, user)).transpose()
    }

    /// The user as it was signed, or None.
    #[getter]
    fn user_bytes<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.user.as_deref().map(|user| PyBytes::new(py, user))
    }

    /// The directory that was signed instead of the path; the path is inside it.
    #[getter]
    fn directory<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.directory.as_deref().map(|directory| as_str(py, directory)).transpose()
    }

    /// The SHA-256 that the written content must have, 32 bytes.
    #[getter]
    fn content_sha256<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.content_sha256.map(|sha256| PyBytes::new(py, &sha256))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let path = as_str(py, &self.path)?.repr()?;
        Ok(format!("<sandgate.Grant {} {}>", self.operation, path.to_string_lossy()))
    }
}

fn as_str<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(PyString::new(py, text).into_any()),
        Err(_) => PyBytes::new(py, bytes).call_method1("decode", ("utf-8", "surrogateescape")),
    }
}
