//! A request as a WSGI server passes it: its environ.

use crate::arguments::latin1;
use crate::errors::refusal;
use crate::head::Line;
use crate::mapping::Mapping;
use crate::shown::{ForEdge, Shown, called_if_set, validated};
use crate::targets::{Provided, Targets, split};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyString};
use sandgate::headers::DECIDING;
use std::borrow::Cow;

/// Decides about a request at a controller, in one call. Returns
///
/// - for an allowed request, the app's own environ;
/// - for a CORS preflight, None;
/// - for a refusal, its status, its body and the exception, which is not raised: the app's functions may raise such ones.
#[pyfunction]
#[pyo3(signature = (environ, controller, current, clock, context, /))]
pub(crate) fn guard_environ<'py>(
    environ: &Bound<'py, PyAny>,
    controller: &Bound<'py, PyAny>,
    current: &Bound<'py, PyAny>,
    clock: &Bound<'py, PyAny>,
    context: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = environ.py();
    match shown(environ, context)?.guard(controller, current, clock)? {
        Ok(Some(allowed)) => {
            // The server may share the environ with other requests.
            let environ = Mapping::new(environ).copy()?;
            environ.set_item(intern!(py, "sandgate.allowed"), Bound::new(py, allowed)?)?;
            Ok(environ.into_any())
        }
        Ok(None) => Ok(py.None().into_bound(py)),
        Err(denied) => refusal(py, denied).map(Bound::into_any),
    }
}

/// Reads a request for an edge.
#[pyfunction]
#[pyo3(signature = (environ, context, /))]
pub(crate) fn read_environ<'py>(environ: &Bound<'py, PyAny>, context: &Bound<'py, PyAny>) -> PyResult<ForEdge<'py>> {
    shown(environ, context)?.for_edge()
}

fn shown<'py>(environ: &Bound<'py, PyAny>, context: &Bound<'py, PyAny>) -> PyResult<Shown<'py>> {
    let mapping = Mapping::new(environ);
    let targets = targets(mapping)?;
    let method = mapping.item(intern!(environ.py(), "REQUEST_METHOD"))?;
    let lines = lines(mapping)?;
    let context = called_if_set(context, || context.call1((environ,)))?;
    validated(&method, context.as_ref())?;
    Ok(Shown { method, targets, lines, joined: true, context })
}

fn targets(environ: Mapping<'_, '_>) -> PyResult<Targets> {
    let py = environ.py();
    // The target as received.
    let (uri, raw_uri) = (environ.get(intern!(py, "REQUEST_URI"))?, environ.get(intern!(py, "RAW_URI"))?);
    let uri = uri.as_ref().map(latin1).transpose()?;
    let raw_uri = raw_uri.as_ref().map(latin1).transpose()?;
    if let (Some(uri), Some(raw_uri)) = (&uri, &raw_uri)
        && uri != raw_uri
    {
        return Ok(Targets { received: uri.to_vec(), other: Some(raw_uri.to_vec()), whole: None });
    }
    let raw = uri.as_deref().or(raw_uri.as_deref());
    // Werkzeug's test client omits the query here.
    let (raw, raw_query) = split(raw);
    let variable = |name| environ.get(name);
    let (path, prefix) = (variable(intern!(py, "PATH_INFO"))?, variable(intern!(py, "SCRIPT_NAME"))?);
    let query = variable(intern!(py, "QUERY_STRING"))?;
    let (path, prefix, query) = (or_empty(path.as_ref())?, or_empty(prefix.as_ref())?, or_empty(query.as_ref())?);
    let whole = if prefix.is_empty() { Cow::Borrowed(&*path) } else { Cow::Owned([&*prefix, &*path].concat()) };
    Ok(Targets::of(&Provided { raw, raw_query, path: &path, query: &query, prefix: &prefix, whole: &whole }))
}

fn or_empty<'a>(value: Option<&'a Bound<'_, PyAny>>) -> PyResult<Cow<'a, [u8]>> {
    value.map_or(Ok(Cow::Borrowed(&b""[..])), latin1)
}

/// The variables of the deciding headers, in the order of their names. A server sets a variable only if the request has the
/// header.
static VARIABLES: PyOnceLock<Vec<Py<PyString>>> = PyOnceLock::new();

fn variables(py: Python<'_>) -> &[Py<PyString>] {
    let variable = |name: &str| {
        let variable = format!("HTTP_{}", name.to_ascii_uppercase().replace('-', "_"));
        PyString::intern(py, &variable).unbind()
    };
    VARIABLES.get_or_init(py, || DECIDING.map(variable).into())
}

fn lines<'py>(environ: Mapping<'_, 'py>) -> PyResult<Vec<Line<'py>>> {
    let py = environ.py();
    let mut lines = Vec::new();
    for (name, variable) in DECIDING.into_iter().zip(variables(py)) {
        if let Some(value) = environ.get(variable.bind(py))? {
            lines.push((name, held(value)?));
        }
    }
    if let Some(length) = environ.get(intern!(py, "CONTENT_LENGTH"))?
        && length.is_truthy()?
    {
        lines.push(("content-length", held(length)?));
    }
    Ok(lines)
}

/// The value as text that is the same in UTF-8, or as bytes.
fn held(value: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyAny>> {
    let bytes = match latin1(&value)? {
        Cow::Borrowed(_) => None,
        Cow::Owned(bytes) => Some(PyBytes::new(value.py(), &bytes).into_any()),
    };
    Ok(bytes.unwrap_or(value))
}
