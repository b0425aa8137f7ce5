//! The head of a request, which every guard reads.

use crate::arguments::{bytes, context, flag, instance, iterable, misuse, presented, type_error, value_error};
use crate::secrecy::refuse_pickling;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyTuple};
use sandgate::headers::DECIDING;
use sandgate::{Context, HeaderLine};
use std::borrow::Cow;

type Any<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// The request line and the header lines as received, not decoded and not filtered: the input of `Controller.guard`,
/// `Edge.route` and `Edge.guard`.
///
/// `target` is the path and query of the request line, still percent-encoded. `headers` are pairs of a name, in upper or
/// lower case, and a value; a repeated header is several pairs. Set `joined` if the server joins repeated headers with
/// commas, as WSGI does, and `with_body` if there is a body that no header announces. `beside` is a second view of the same
/// request: a request whose views differ is refused. `context` is the context for which v2 credentials were signed.
///
/// >>> head = sandgate.Head("GET", "/metrics", [("X-Access-Token", "the token")])
/// >>> sandgate.Controller("the token").guard(head)
/// <sandgate.Allowed token>
#[pyclass(frozen, module = "sandgate")]
pub(crate) struct Head {
    method: Vec<u8>,
    target: Vec<u8>,
    /// Only deciding headers.
    lines: Vec<(&'static str, Vec<u8>)>,
    joined: bool,
    with_body: bool,
    context: Option<Vec<u8>>,
    beside: Option<Py<Head>>,
}

#[pymethods]
impl Head {
    #[new]
    #[pyo3(signature = (method, target, headers, *, joined=None, with_body=None, beside=None, context=None))]
    fn new(
        method: &Bound<'_, PyAny>,
        target: &Bound<'_, PyAny>,
        headers: &Bound<'_, PyAny>,
        joined: Any<'_, '_>,
        with_body: Any<'_, '_>,
        beside: Any<'_, '_>,
        context: Any<'_, '_>,
    ) -> PyResult<Self> {
        let is_set = |value: Any<'_, '_>, name| value.map_or(Ok(false), |value| flag(value, name));
        self::context(context)?;
        Ok(Self {
            method: presented(method, "method")?.into_owned(),
            target: presented(target, "target")?.into_owned(),
            lines: lines(headers)?,
            joined: is_set(joined, "joined")?,
            with_body: is_set(with_body, "with_body")?,
            beside: beside.map(other_view).transpose()?,
            context: context.map(|context| bytes(context, "context").map(<[u8]>::to_vec)).transpose()?,
        })
    }

    fn __repr__(&self) -> String {
        format!("<sandgate.Head {}>", self.method.escape_ascii())
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        refuse_pickling("sandgate.Head")
    }
}

impl Head {
    /// Passes the head to core.
    pub(crate) fn ask<R>(&self, ask: impl FnOnce(&sandgate::Head<'_>) -> R) -> PyResult<R> {
        let lines = self.lines();
        let head = self.view(&lines)?;
        let Some(other) = &self.beside else { return Ok(ask(&head)) };
        let other = other.get();
        let lines = other.lines();
        Ok(ask(&head.beside(&other.view(&lines)?)))
    }

    fn lines(&self) -> Vec<HeaderLine<'_>> {
        self.lines.iter().map(|(name, value)| (name.as_bytes(), &value[..])).collect()
    }

    fn view<'a>(&'a self, lines: &'a [HeaderLine<'a>]) -> PyResult<sandgate::Head<'a>> {
        let mut head = sandgate::Head::new(&self.method, &self.target, lines);
        if self.joined {
            head = head.joined();
        }
        if self.with_body {
            head = head.body();
        }
        let context = self.context.as_deref().map(Context::try_from).transpose();
        Ok(head.maybe_context(context.map_err(misuse("context"))?))
    }
}

pub(crate) fn head<'a, 'py>(value: &'a Bound<'py, PyAny>) -> PyResult<&'a Bound<'py, Head>> {
    instance(value, "head", "sandgate.Head")
}

fn other_view(value: &Bound<'_, PyAny>) -> PyResult<Py<Head>> {
    let view = instance::<Head>(value, "beside", "sandgate.Head")?;
    // Core compares two views; it would ignore a third one.
    if view.get().beside.is_some() {
        return Err(value_error("beside", "must not have a view beside it: a request has at most two"));
    }
    Ok(view.clone().unbind())
}

const PAIRS: &str = "an iterable of pairs, each a tuple or a list of a name and a value";

/// The lines of the deciding headers.
fn lines(headers: &Bound<'_, PyAny>) -> PyResult<Vec<(&'static str, Vec<u8>)>> {
    let mut lines = Vec::new();
    pairs(headers, |name, value| {
        let known = DECIDING.into_iter().find(|known| name.eq_ignore_ascii_case(known.as_bytes()));
        if let Some(name) = known {
            lines.push((name, text(value, "a header's value")?.into_owned()));
        }
        Ok(())
    })?;
    Ok(lines)
}

/// Calls `take` with the name and the value of each line.
pub(crate) fn pairs<'py>(
    headers: &Bound<'py, PyAny>,
    mut take: impl FnMut(&[u8], &Bound<'py, PyAny>) -> PyResult<()>,
) -> PyResult<()> {
    for line in iterable(headers, "headers", PAIRS)? {
        let line = line?;
        let [name, value] = pair(&line)?;
        take(&text(&name, "a header's name")?, &value)?;
    }
    Ok(())
}

fn pair<'py>(line: &Bound<'py, PyAny>) -> PyResult<[Bound<'py, PyAny>; 2]> {
    let found = if let Ok(tuple) = line.cast::<PyTuple>() {
        (tuple.len() == 2).then(|| [tuple.get_item(0), tuple.get_item(1)])
    } else if let Ok(list) = line.cast::<PyList>() {
        (list.len() == 2).then(|| [list.get_item(0), list.get_item(1)])
    } else {
        None
    };
    let [name, value] = found.ok_or_else(|| not_pairs(line))?;
    Ok([name?, value?])
}

#[cold]
fn not_pairs(value: &Bound<'_, PyAny>) -> PyErr {
    type_error("headers", PAIRS, value)
}

/// Most servers pass bytes.
pub(crate) fn text<'a>(value: &'a Bound<'_, PyAny>, name: &str) -> PyResult<Cow<'a, [u8]>> {
    match value.cast_exact::<PyBytes>() {
        Ok(bytes) => Ok(Cow::Borrowed(bytes.as_bytes())),
        Err(_) => presented(value, name),
    }
}
