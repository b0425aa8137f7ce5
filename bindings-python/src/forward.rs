//! Removes an edge's credentials from a request before the edge forwards it.

use crate::arguments::presented;
use crate::edge::route;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// Returns the value to forward of a header line, as bytes, or None if the line is removed. Call it for every line.
/// `HEADERS` names the headers that are removed or may be rewritten; all others are unchanged.
///
/// >>> sandgate.forward.header("X-Original-URI", "/a?sandgate_traffic=sg2p.x&b")
/// b'/a?b'
/// >>> sandgate.forward.header("E2b-Traffic-Access-Token", "secret")
#[pyfunction]
#[pyo3(signature = (name, value, /))]
pub(crate) fn forward_header<'py>(
    name: &Bound<'py, PyAny>,
    value: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyBytes>>> {
    let (name, given) = (presented(name, "name")?, presented(value, "value")?);
    let mut out = Vec::with_capacity(given.len());
    let stays = sandgate::forward::header(&name, &given, |piece| out.extend_from_slice(piece));
    Ok(stays.then(|| PyBytes::new(value.py(), &out)))
}

/// Returns the target, path and query, without the parameter that only the edge reads, as bytes.
///
/// >>> sandgate.forward.target("/a?sandgate_traffic=sg2p.x&b=%zz")
/// b'/a?b=%zz'
#[pyfunction]
#[pyo3(signature = (target, /))]
pub(crate) fn forward_target<'py>(target: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let given = presented(target, "target")?;
    let mut out = Vec::with_capacity(given.len());
    sandgate::forward::target(&given, |piece| out.extend_from_slice(piece));
    Ok(PyBytes::new(target.py(), &out))
}

/// Returns the query without the parameter that only the edge reads, as bytes.
#[pyfunction]
#[pyo3(signature = (query, /))]
pub(crate) fn forward_query<'py>(query: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let given = presented(query, "query")?;
    let stays: Vec<&[u8]> = sandgate::forward::query(&given).collect();
    Ok(PyBytes::new(query.py(), &stays.join(&b'&')))
}

/// Returns a Cookie line without the cookie that only the edge reads, as bytes. It is empty if no cookie is left.
#[pyfunction]
#[pyo3(signature = (line, /))]
pub(crate) fn forward_cookies<'py>(line: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let given = presented(line, "line")?;
    let stays: Vec<&[u8]> = sandgate::forward::cookies(&given).collect();
    Ok(PyBytes::new(line.py(), &stays.concat()))
}

/// Returns a host with the route in place of its left-most label, as bytes. A host that leaves the route to headers is
/// unchanged.
#[pyfunction]
#[pyo3(signature = (host, route, /))]
pub(crate) fn forward_host<'py>(host: &Bound<'py, PyAny>, route: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let (given, route) = (presented(host, "host")?, self::route(route)?.get());
    let py = host.py();
    Ok(match sandgate::forward::host(&given) {
        Some(rest) => PyBytes::new(py, &[route.0.to_string().as_bytes(), rest].concat()),
        None => PyBytes::new(py, &given),
    })
}
