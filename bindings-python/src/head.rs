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
    pub(crate) beside: Option<Py<Head>>,
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
        presented(method, "method")?;
        let target = presented(target, "target")?.into_owned();
        let lines = lines(headers)?;
        let mut head = Self::new_view(method, target, &lines, is_set(joined, "joined")?, context)?;
        head.with_body = is_set(with_body, "with_body")?;
        head.beside = beside.map(other_view).transpose()?;
        Ok(head)
    }

    fn __repr__(&self) -> String {
        format!("<sandgate.Head {}>", self.method.escape_ascii())
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        refuse_pickling("sandgate.Head")
    }
}

impl Head {
    pub(crate) fn new_view(
        method: &Bound<'_, PyAny>,
        target: Vec<u8>,
        lines: &[Line<'_>],
        joined: bool,
        context: Any<'_, '_>,
    ) -> PyResult<Self> {
        self::context(context)?;
        Ok(Self {
            method: presented(method, "method")?.into_owned(),
            target,
            lines: lines
                .iter()
                .map(|(name, value)| Ok((*name, bytes(value, VALUE)?.to_vec())))
                .collect::<PyResult<_>>()?,
            joined,
            with_body: false,
            beside: None,
            context: context.map(|context| bytes(context, "context").map(<[u8]>::to_vec)).transpose()?,
        })
    }

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

/// A deciding header: its name in lower case, and its value, of which [`bytes`] returns the bytes.
pub(crate) type Line<'py> = (&'static str, Bound<'py, PyAny>);

const VALUE: &str = "a header's value";

/// The lines of the deciding headers. Of the other lines only the name is read.
pub(crate) fn lines<'py>(headers: &Bound<'py, PyAny>) -> PyResult<Vec<Line<'py>>> {
    let mut lines = Vec::new();
    each(headers, |line| read(line, &mut lines))?;
    Ok(lines)
}

/// Calls `take` with the name and the value of each line.
pub(crate) fn pairs<'py>(
    headers: &Bound<'py, PyAny>,
    mut take: impl FnMut(&[u8], &Bound<'py, PyAny>) -> PyResult<()>,
) -> PyResult<()> {
    each(headers, |line| take(&text(&part(line, 0)?, "a header's name")?, &part(line, 1)?))
}

fn each<'py>(headers: &Bound<'py, PyAny>, mut take: impl FnMut(&Bound<'py, PyAny>) -> PyResult<()>) -> PyResult<()> {
    if let Ok(headers) = headers.cast_exact::<PyList>() {
        // Most servers pass a list. This iterator makes no Python object.
        headers.into_iter().try_for_each(|line| take(&line))
    } else {
        iterable(headers, "headers", PAIRS)?.try_for_each(|line| take(&line?))
    }
}

#[inline]
fn read<'py>(line: &Bound<'py, PyAny>, lines: &mut Vec<Line<'py>>) -> PyResult<()> {
    let Some(name) = deciding(&part(line, 0)?)? else { return Ok(()) };
    let value = part(line, 1)?;
    let other = match text(&value, VALUE)? {
        Cow::Borrowed(_) => None,
        Cow::Owned(bytes) => Some(PyBytes::new(value.py(), &bytes).into_any()),
    };
    lines.push((name, other.unwrap_or(value)));
    Ok(())
}

/// The deciding header of this name.
#[inline]
fn deciding(name: &Bound<'_, PyAny>) -> PyResult<Option<&'static str>> {
    let name = text(name, "a header's name")?;
    Ok(DECIDING.into_iter().find(|known| name.eq_ignore_ascii_case(known.as_bytes())))
}

/// The same lines for core.
pub(crate) fn header_lines<'a>(lines: &'a [Line<'_>]) -> PyResult<Vec<HeaderLine<'a>>> {
    lines.iter().map(|(name, value)| Ok((name.as_bytes(), bytes(value, VALUE)?))).collect()
}

/// One part of a pair.
#[inline]
fn part<'py>(line: &Bound<'py, PyAny>, index: usize) -> PyResult<Bound<'py, PyAny>> {
    if let Ok(tuple) = line.cast::<PyTuple>() {
        if tuple.len() == 2 {
            return tuple.get_item(index);
        }
    } else if let Ok(list) = line.cast::<PyList>()
        && list.len() == 2
    {
        return list.get_item(index);
    }
    Err(not_pairs(line))
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
