//! What an edge takes out of a request before it forwards it.

use crate::arguments::presented;
use crate::edge::route;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// The query without the parameter that only the edge reads, as bytes.
#[pyfunction]
#[pyo3(signature = (query, /))]
pub(crate) fn forward_query<'py>(query: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let given = presented(query, "query")?;
    let stays: Vec<&[u8]> = sandgate::forward::query(&given).collect();
    Ok(PyBytes::new(query.py(), &stays.join(&b'&')))
}

/// A Cookie line without the cookie that only the edge reads, as bytes; empty when none stays.
#[pyfunction]
#[pyo3(signature = (line, /))]
pub(crate) fn forward_cookies<'py>(line: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let given = presented(line, "line")?;
    let stays: Vec<&[u8]> = sandgate::forward::cookies(&given).collect();
    Ok(PyBytes::new(line.py(), &stays.join(&b"; "[..])))
}

/// A host with the route in the place of its left-most label, as bytes; as it is where it leaves the route to headers.
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
