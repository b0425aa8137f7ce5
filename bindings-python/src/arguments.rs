//! Converts Python's values to core's, in one place. A wrong type is a `TypeError`, a wrong value a `ValueError`. Both name
//! the argument; neither shows the value, which may be a secret. Text that a client presents is never a wrong value.

use pyo3::PyTypeCheck;
use pyo3::exceptions::{PyTypeError, PyUnicodeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyByteArray, PyBytes, PyInt, PyIterator, PyMemoryView, PyString};
use sandgate::{Context, KeyId, Misuse, Operation, Port, SandboxId};
use std::borrow::Cow;
use std::fmt::Display;

pub(crate) fn type_error(name: &str, expected: &str, value: &Bound<'_, PyAny>) -> PyErr {
    match value.get_type().qualname() {
        Ok(found) => PyTypeError::new_err(format!("{name}: must be {expected}, not {found}")),
        Err(error) => error,
    }
}

pub(crate) fn value_error(name: &str, problem: impl Display) -> PyErr {
    PyValueError::new_err(format!("{name}: {problem}"))
}

pub(crate) const UNSIGNED_32: &str = "must be between 0 and 4294967295";
const SIGNED_64: &str = "must fit in a signed 64-bit integer";

/// The error for a number that is out of range for its argument.
pub(crate) fn out_of_range(name: &str) -> PyErr {
    value_error(name, SIGNED_64)
}

/// Refuses a text where an iterable of texts is expected: its characters would become the items.
pub(crate) fn iterable<'py>(value: &Bound<'py, PyAny>, name: &str, expected: &str) -> PyResult<Bound<'py, PyIterator>> {
    if is_text_like(value) {
        return Err(type_error(name, expected, value));
    }
    value.try_iter().map_err(|error| {
        // Keep an error that `__iter__` itself raises.
        if error.is_instance_of::<PyTypeError>(value.py()) { type_error(name, expected, value) } else { error }
    })
}

/// Whether a value is text or a buffer of bytes. Python can iterate over it, but here it is one value.
pub(crate) fn is_text_like(value: &Bound<'_, PyAny>) -> bool {
    value.is_instance_of::<PyString>()
        || value.is_instance_of::<PyBytes>()
        || value.is_instance_of::<PyByteArray>()
        || value.is_instance_of::<PyMemoryView>()
}

/// Wrong use of core, at this argument.
pub(crate) fn misuse(name: &str) -> impl FnOnce(Misuse) -> PyErr + '_ {
    move |misuse| value_error(name, misuse)
}

/// Returns the value as an object of one class, built in or our own.
#[inline]
pub(crate) fn instance<'a, 'py, T: PyTypeCheck>(
    value: &'a Bound<'py, PyAny>,
    name: &str,
    expected: &str,
) -> PyResult<&'a Bound<'py, T>> {
    value.cast::<T>().map_err(|_| type_error(name, expected, value))
}

/// Reads a bool. A value that is merely truthy is refused.
pub(crate) fn flag(value: &Bound<'_, PyAny>, name: &str) -> PyResult<bool> {
    instance::<PyBool>(value, name, "bool").map(|flag| flag.is_true())
}

/// The bytes of a `str`, as UTF-8, or of `bytes`; nothing is copied. For configuration and for values to sign: a lone
/// surrogate is a `ValueError`.
#[inline(always)]
pub(crate) fn bytes<'a>(value: &'a Bound<'_, PyAny>, name: &str) -> PyResult<&'a [u8]> {
    match exact_text(value) {
        Some(text) => Ok(text),
        None => other_bytes(value, name),
    }
}

/// The bytes of text that a client presents. No character is wrong use: [`unescape`] describes how lone surrogates are
/// read.
#[inline(always)]
pub(crate) fn presented<'a>(value: &'a Bound<'_, PyAny>, name: &str) -> PyResult<Cow<'a, [u8]>> {
    match exact_text(value) {
        Some(text) => Ok(Cow::Borrowed(text)),
        None => other_presented(value, name),
    }
}

/// Most values are a `str`, of no subclass and without lone surrogates.
#[inline(always)]
fn exact_text<'a>(value: &'a Bound<'_, PyAny>) -> Option<&'a [u8]> {
    value.cast_exact::<PyString>().ok().and_then(|text| text.to_str().ok()).map(str::as_bytes)
}

#[cold]
fn other_bytes<'a>(value: &'a Bound<'_, PyAny>, name: &str) -> PyResult<&'a [u8]> {
    if let Ok(text) = value.cast::<PyString>() {
        text.to_str()
            .map(str::as_bytes)
            .map_err(|_| value_error(name, "must be valid Unicode, without lone surrogates"))
    } else if let Ok(bytes) = value.cast::<PyBytes>() {
        Ok(bytes.as_bytes())
    } else {
        Err(type_error(name, "str or bytes", value))
    }
}

#[cold]
fn other_presented<'a>(value: &'a Bound<'_, PyAny>, name: &str) -> PyResult<Cow<'a, [u8]>> {
    let Ok(text) = value.cast::<PyString>() else { return other_bytes(value, name).map(Cow::Borrowed) };
    if let Ok(text) = text.to_str() {
        return Ok(Cow::Borrowed(text.as_bytes()));
    }
    encode(text, "utf-8", "surrogatepass").map(|encoded| Cow::Owned(unescape(&encoded)))
}

/// The bytes of a decoded path of ASGI, as UTF-8. A lone surrogate becomes the three bytes that stand for it.
#[inline]
pub(crate) fn utf8<'a>(value: &'a Bound<'_, PyAny>, name: &str) -> PyResult<Cow<'a, [u8]>> {
    match exact_text(value) {
        Some(text) => Ok(Cow::Borrowed(text)),
        None => encoded(value, name, ("utf-8", "surrogatepass")).map(Cow::Owned),
    }
}

/// The bytes of a variable of WSGI, which stores each byte as the character with the same number. Borrowed bytes are ASCII.
#[inline]
pub(crate) fn latin1<'a>(value: &'a Bound<'_, PyAny>) -> PyResult<Cow<'a, [u8]>> {
    match exact_text(value) {
        Some(text) if text.is_ascii() => Ok(Cow::Borrowed(text)),
        _ => encoded(value, "environ", ("latin-1", "strict")).map(Cow::Owned),
    }
}

#[cold]
fn encoded(value: &Bound<'_, PyAny>, name: &str, (encoding, errors): (&str, &str)) -> PyResult<Vec<u8>> {
    let Ok(text) = value.cast::<PyString>() else { return Err(type_error(name, "str", value)) };
    match encode(text, encoding, errors) {
        // Python's error holds the text, which may be a token.
        Err(error) if error.is_instance_of::<PyUnicodeError>(value.py()) => {
            Err(value_error(name, "must have no character beyond U+00FF"))
        }
        encoded => encoded,
    }
}

/// Calls the method of `str` itself: a subclass may override it.
fn encode(text: &Bound<'_, PyString>, encoding: &str, errors: &str) -> PyResult<Vec<u8>> {
    let encode = text.py().get_type::<PyString>().getattr(intern!(text.py(), "encode"))?;
    let encoded = encode.call1((text, encoding, errors))?;
    Ok(instance::<PyBytes>(&encoded, "encode()", "bytes")?.as_bytes().to_vec())
}

/// Replaces lone surrogates, which "surrogatepass" encodes as three bytes each. U+DC80 to U+DCFF are decoded as Python's
/// "surrogateescape" does, as in headers and paths. Any other one becomes U+FFFD.
fn unescape(mut encoded: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(encoded.len());
    while let Some((first, rest)) = encoded.split_first() {
        encoded = match encoded {
            [0xed, middle @ (0xb2 | 0xb3), last, after @ ..] => {
                out.push((middle << 6) | (last & 0x3f));
                after
            }
            [0xed, 0xa0..=0xbf, _, after @ ..] => {
                out.extend_from_slice("\u{fffd}".as_bytes());
                after
            }
            _ => {
                out.push(*first);
                rest
            }
        };
    }
    out
}

/// Returns an argument as text.
pub(crate) fn text<'a>(value: &'a Bound<'_, PyAny>, name: &str) -> PyResult<&'a str> {
    std::str::from_utf8(bytes(value, name)?).map_err(|_| value_error(name, "must be UTF-8"))
}

/// An integer that is not a bool.
#[inline]
pub(crate) fn as_integer<'a, 'py>(value: &'a Bound<'py, PyAny>) -> Option<&'a Bound<'py, PyInt>> {
    let subclass = || value.cast::<PyInt>().ok().filter(|_| !value.is_instance_of::<PyBool>());
    value.cast_exact::<PyInt>().ok().or_else(subclass)
}

/// Its value as 64 bits.
#[inline(always)]
pub(crate) fn in_range(number: &Bound<'_, PyInt>, name: &str) -> PyResult<i64> {
    match number.extract() {
        Ok(number) => Ok(number),
        Err(_) => Err(out_of_range(name)),
    }
}

/// An integer of 64 bits.
pub(crate) fn integer(value: &Bound<'_, PyAny>, name: &str) -> PyResult<i64> {
    in_range(as_integer(value).ok_or_else(|| type_error(name, "int", value))?, name)
}

/// An integer in the range of `T`. Of any other one, `problem` says what would be right.
pub(crate) fn number<T: TryFrom<i64>>(value: &Bound<'_, PyAny>, name: &str, problem: impl Display) -> PyResult<T> {
    let number = as_integer(value).ok_or_else(|| type_error(name, "int", value))?;
    let number: Option<i64> = number.extract().ok();
    number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| value_error(name, problem))
}

#[inline(always)]
pub(crate) fn sandbox_id(value: &Bound<'_, PyAny>, name: &str) -> PyResult<SandboxId> {
    SandboxId::try_from(bytes(value, name)?).map_err(misuse(name))
}

pub(crate) fn key_id(value: &Bound<'_, PyAny>, name: &str) -> PyResult<KeyId> {
    KeyId::try_from(bytes(value, name)?).map_err(misuse(name))
}

/// The generation of a credential, 0 by default.
pub(crate) fn generation(value: Option<&Bound<'_, PyAny>>) -> PyResult<u32> {
    value.map_or(Ok(0), |value| number(value, "generation", UNSIGNED_32))
}

pub(crate) fn port(value: &Bound<'_, PyAny>, name: &str) -> PyResult<Port> {
    Port::try_from(number::<u16>(value, name, Misuse::Port)?).map_err(misuse(name))
}

/// `"read"`, the default, or `"write"`.
#[inline(always)]
pub(crate) fn operation(value: Option<&Bound<'_, PyAny>>) -> PyResult<Operation> {
    let Some(value) = value else { return Ok(Operation::Read) };
    // A literal is the same object wherever it stands.
    if value.is(intern!(value.py(), "read")) {
        Ok(Operation::Read)
    } else if value.is(intern!(value.py(), "write")) {
        Ok(Operation::Write)
    } else {
        other_operation(value)
    }
}

#[cold]
fn other_operation(value: &Bound<'_, PyAny>) -> PyResult<Operation> {
    Operation::try_from(bytes(value, "operation")?).map_err(misuse("operation"))
}

pub(crate) fn context<'a>(value: Option<&'a Bound<'_, PyAny>>) -> PyResult<Option<Context<'a>>> {
    let Some(value) = value else { return Ok(None) };
    Context::try_from(bytes(value, "context")?).map(Some).map_err(misuse("context"))
}
