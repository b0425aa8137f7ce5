//! Webhooks: the signature of E2B's lifecycle events.

use crate::arguments::{bytes, instance, misuse};
use crate::errors::denied;
use crate::head::{pairs, text};
use crate::secrecy::refuse_pickling;
use pyo3::exceptions::PyAttributeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyTuple};
use sandgate::webhook::{Headers, SIGNATURE_HEADER, VERSION_HEADER};
use sandgate::{Denied, boxed};
use std::sync::{Mutex, PoisonError};

/// 1 to 8 secrets of at least 16 bytes each, of which any may have signed a webhook: several while one is replaced.
///
/// `headers` are those of the request: a mapping such as `request.headers`, or pairs of a name and a value. `body` is the bytes
/// as received, before anything parses them.
///
/// >>> secret, body = "the secret of the webhook", b'{"type":"sandbox.lifecycle.killed"}'
/// >>> verifier = sandgate.webhook.Verifier(secret)
/// >>> headers = {"e2b-signature": sandgate.webhook.sign(secret, body), "e2b-signature-version": "v1"}
/// >>> verifier.verify(headers, body)
/// >>> verifier.is_valid(headers, body + b" ")
/// False
#[pyclass(frozen, module = "sandgate.webhook")]
pub(crate) struct Verifier(Box<sandgate::webhook::Verifier>);

#[pymethods]
impl Verifier {
    #[new]
    #[pyo3(signature = (secret, /, *more))]
    fn new(secret: &Bound<'_, PyAny>, more: &Bound<'_, PyTuple>) -> PyResult<Self> {
        let verifier = boxed(|| {
            let mut verifier = sandgate::webhook::Verifier::new(bytes(secret, "secret")?).map_err(misuse("secret"))?;
            for secret in more {
                verifier.add(bytes(&secret, "secret")?).map_err(misuse("secret"))?;
            }
            Ok(verifier)
        });
        verifier.map(Self)
    }

    /// Raises unless a secret signed this body.
    #[pyo3(signature = (headers, body, /))]
    fn verify(&self, headers: &Bound<'_, PyAny>, body: &Bound<'_, PyAny>) -> PyResult<()> {
        self.ask(headers, body)?.map_err(|refusal| denied(body.py(), refusal))
    }

    /// Whether a secret signed this body.
    #[pyo3(signature = (headers, body, /))]
    fn is_valid(&self, headers: &Bound<'_, PyAny>, body: &Bound<'_, PyAny>) -> PyResult<bool> {
        self.ask(headers, body).map(|answer| answer.is_ok())
    }

    /// Begins to verify a body that comes in pieces. Raises if the headers are refused whatever the body. Do not act on a piece
    /// before `finish` returns, and limit how much you read.
    ///
    /// >>> secret = "the secret of the webhook"
    /// >>> headers = {"e2b-signature": sandgate.webhook.sign(secret, b"a body in pieces")}
    /// >>> verification = sandgate.webhook.Verifier(secret).start(headers)
    /// >>> for piece in b"a body ", b"in pieces":
    /// ...     verification.update(piece)
    /// >>> verification.finish()
    #[pyo3(signature = (headers, /))]
    fn start(&self, headers: &Bound<'_, PyAny>) -> PyResult<Verification> {
        let lines = lines(headers)?;
        let started = boxed(|| self.0.start(&read(&lines)));
        started.map(|begun| Verification(Mutex::new(begun))).map_err(|refusal| denied(headers.py(), refusal))
    }

    fn __repr__(&self) -> &'static str {
        "<sandgate.webhook.Verifier>"
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        refuse_pickling("sandgate.webhook.Verifier")
    }
}

impl Verifier {
    fn ask(&self, headers: &Bound<'_, PyAny>, body: &Bound<'_, PyAny>) -> PyResult<Result<(), Denied>> {
        let lines = lines(headers)?;
        Ok(self.0.verify(&read(&lines), raw(body, "body")?))
    }
}

/// The verification of a body that comes in pieces: `Verifier.start` returns one.
#[pyclass(frozen, module = "sandgate.webhook")]
pub(crate) struct Verification(Mutex<Box<sandgate::webhook::Verification>>);

#[pymethods]
impl Verification {
    /// Takes the next piece of the body, bytes.
    #[pyo3(signature = (piece, /))]
    fn update(&self, piece: &Bound<'_, PyAny>) -> PyResult<()> {
        let piece = raw(piece, "piece")?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).update(piece);
        Ok(())
    }

    /// Raises unless the pieces so far are the signed body.
    fn finish(&self, py: Python<'_>) -> PyResult<()> {
        let answer = self.0.lock().unwrap_or_else(PoisonError::into_inner).finish();
        answer.map_err(|refusal| denied(py, refusal))
    }

    fn __repr__(&self) -> &'static str {
        "<sandgate.webhook.Verification>"
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        refuse_pickling("sandgate.webhook.Verification")
    }
}

/// Signs the body of a webhook, as a platform that sends events does: 43 characters for the header `e2b-signature`. Send
/// `e2b-signature-version: v1` beside it.
///
/// >>> sandgate.webhook.sign("the secret of the webhook", b'{"type":"sandbox.lifecycle.killed"}')
/// '3HX+9ZpU3ubwOg4c/I4RJjxNMUgwgml8y+a87MvYWJA'
#[pyfunction]
#[pyo3(signature = (secret, body, /))]
pub(crate) fn sign<'py>(secret: &Bound<'py, PyAny>, body: &Bound<'_, PyAny>) -> PyResult<Bound<'py, PyString>> {
    let (given, body) = (bytes(secret, "secret")?, raw(body, "body")?);
    let signature = sandgate::webhook::sign(given, body).map_err(misuse("secret"))?;
    PyString::from_bytes(secret.py(), signature.as_bytes())
}

/// A body must be bytes: one that was decoded to text may have other bytes than the signed ones.
fn raw<'a>(body: &'a Bound<'_, PyAny>, name: &str) -> PyResult<&'a [u8]> {
    instance::<PyBytes>(body, name, "bytes, as received").map(|bytes| bytes.as_bytes())
}

/// The lines of the two headers. What has `items`, has them as pairs, also the repeated ones of a multi-dict.
fn lines(headers: &Bound<'_, PyAny>) -> PyResult<Vec<(&'static str, Vec<u8>)>> {
    let items = match headers.getattr(intern!(headers.py(), "items")) {
        Ok(items) => Some(items.call0()?),
        Err(error) if error.is_instance_of::<PyAttributeError>(headers.py()) => None,
        Err(error) => return Err(error),
    };
    let mut lines = Vec::new();
    pairs(items.as_ref().unwrap_or(headers), |name, value| {
        let known = [SIGNATURE_HEADER, VERSION_HEADER];
        let known = known.into_iter().find(|known| name.eq_ignore_ascii_case(known.as_bytes()));
        if let Some(name) = known {
            lines.push((name, text(value, "a header's value")?.into_owned()));
        }
        Ok(())
    })?;
    Ok(lines)
}

fn read<'a>(lines: &'a [(&'static str, Vec<u8>)]) -> Headers<'a> {
    Headers::read(lines.iter().map(|(name, value)| (name.as_bytes(), &value[..])))
}
