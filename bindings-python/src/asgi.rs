//! A request as an ASGI server passes it: its scope.

use crate::arguments::{type_error, utf8, value_error};
use crate::errors::refusal;
use crate::head::lines;
use crate::mapping::Mapping;
use crate::shown::{ForEdge, Shown, called_if_set, validated};
use crate::targets::{Provided, Targets, below, split};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString};
use std::borrow::Cow;

/// Decides about a request at a controller, in one call. Returns
///
/// - for an allowed request, the app's own scope;
/// - for lifespan events, the scope itself;
/// - for a CORS preflight, None;
/// - for a refusal, its status, its body and the exception, which is not raised: the app's functions may raise such ones.
#[pyfunction]
#[pyo3(signature = (scope, controller, current, clock, context, /))]
pub(crate) fn guard_scope<'py>(
    scope: &Bound<'py, PyAny>,
    controller: &Bound<'py, PyAny>,
    current: &Bound<'py, PyAny>,
    clock: &Bound<'py, PyAny>,
    context: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let (py, mapping) = (scope.py(), Mapping::new(scope));
    let method = match Kind::of(mapping)? {
        Kind::Lifespan => return Ok(scope.clone()),
        // A WebSocket is none of the controller's routes. In HTTP/2 its method is CONNECT (RFC 8441).
        Kind::WebSocket => intern!(py, "CONNECT").clone().into_any(),
        Kind::Http => mapping.item(intern!(py, "method"))?,
    };
    match shown(scope, method, context)?.guard(controller, current, clock)? {
        Ok(Some(allowed)) => with(mapping, Bound::new(py, allowed)?.as_any()).map(Bound::into_any),
        Ok(None) => Ok(py.None().into_bound(py)),
        Err(denied) => refusal(py, denied).map(Bound::into_any),
    }
}

/// Reads a request for an edge. Returns None for lifespan events.
#[pyfunction]
#[pyo3(signature = (scope, context, /))]
pub(crate) fn read_scope<'py>(
    scope: &Bound<'py, PyAny>,
    context: &Bound<'py, PyAny>,
) -> PyResult<Option<ForEdge<'py>>> {
    let (py, mapping) = (scope.py(), Mapping::new(scope));
    if matches!(Kind::of(mapping)?, Kind::Lifespan) {
        return Ok(None);
    }
    // A WebSocket starts as a GET.
    let method = mapping.get(intern!(py, "method"))?.unwrap_or_else(|| intern!(py, "GET").clone().into_any());
    shown(scope, method, context)?.for_edge().map(Some)
}

enum Kind {
    Http,
    WebSocket,
    Lifespan,
}

impl Kind {
    fn of(scope: Mapping<'_, '_>) -> PyResult<Self> {
        let kind = scope.item(intern!(scope.py(), "type"))?;
        let kind = kind.cast::<PyString>().ok().map(|kind| kind.to_cow()).transpose()?;
        match kind.as_deref() {
            Some("http") => Ok(Self::Http),
            Some("websocket") => Ok(Self::WebSocket),
            Some("lifespan") => Ok(Self::Lifespan),
            // An unknown type would reach the app unchecked.
            _ => Err(value_error("scope", "type must be http, websocket or lifespan")),
        }
    }
}

fn shown<'py>(
    scope: &Bound<'py, PyAny>,
    method: Bound<'py, PyAny>,
    context: &Bound<'py, PyAny>,
) -> PyResult<Shown<'py>> {
    let mapping = Mapping::new(scope);
    let targets = targets(mapping)?;
    let headers = mapping.item(intern!(scope.py(), "headers"))?;
    let context = called_if_set(context, || context.call1((scope,)))?;
    validated(&method, context.as_ref())?;
    Ok(Shown { method, targets, lines: lines(&headers)?, joined: false, context })
}

fn targets(scope: Mapping<'_, '_>) -> PyResult<Targets> {
    let py = scope.py();
    let raw = scope.get(intern!(py, "raw_path"))?.filter(|raw| !raw.is_none());
    let raw = raw.as_ref().map(|raw| bytes(raw, "raw_path")).transpose()?;
    // Old servers include the query here.
    let (raw, raw_query) = split(raw);
    let whole = scope.item(intern!(py, "path"))?;
    let whole = utf8(&whole, "path")?;
    let prefix = or_empty(scope.get(intern!(py, "root_path"))?)?;
    let prefix = prefix.as_ref().map_or(Ok(Cow::Borrowed(&b""[..])), |prefix| utf8(prefix, "root_path"))?;
    let query = or_empty(scope.get(intern!(py, "query_string"))?)?;
    let query = query.as_ref().map_or(Ok(&b""[..]), |query| bytes(query, "query_string"))?;
    let path = below(&prefix, &whole).unwrap_or(&whole);
    Ok(Targets::of(&Provided { raw, raw_query, path, query, prefix: &prefix, whole: &whole }))
}

/// None for what is not truthy.
fn or_empty(value: Option<Bound<'_, PyAny>>) -> PyResult<Option<Bound<'_, PyAny>>> {
    match value {
        Some(value) if value.is_truthy()? => Ok(Some(value)),
        _ => Ok(None),
    }
}

fn bytes<'a>(value: &'a Bound<'_, PyAny>, name: &str) -> PyResult<&'a [u8]> {
    match value.cast::<PyBytes>() {
        Ok(bytes) => Ok(bytes.as_bytes()),
        Err(_) => Err(type_error(name, "bytes", value)),
    }
}

/// Returns a new scope with the verified value: the server may share its own scope and state with other requests.
fn with<'py>(scope: Mapping<'_, 'py>, allowed: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    let py = allowed.py();
    let state = or_empty(scope.get(intern!(py, "state"))?)?;
    let state = state.as_ref().map_or_else(|| Ok(PyDict::new(py)), |state| Mapping::new(state).copy())?;
    state.set_item(intern!(py, "sandgate"), allowed)?;
    let scope = scope.copy()?;
    scope.set_item(intern!(py, "sandgate"), allowed)?;
    scope.set_item(intern!(py, "state"), state)?;
    Ok(scope)
}
