//! A request as a server shows it to a middleware.

use crate::arguments::{context, presented};
use crate::clock;
use crate::controller::{Allowed, Controller};
use crate::head::{Head, Line, header_lines};
use crate::targets::Targets;
use pyo3::intern;
use pyo3::prelude::*;
use sandgate::Denied;

/// The head of one request. Method, headers and context stay in Python's memory.
pub(crate) struct Shown<'py> {
    pub(crate) method: Bound<'py, PyAny>,
    pub(crate) targets: Targets,
    pub(crate) lines: Vec<Line<'py>>,
    /// Whether the server joins repeated headers.
    pub(crate) joined: bool,
    pub(crate) context: Option<Bound<'py, PyAny>>,
}

/// Checks what the app's functions and the server provide, before anything else is called.
pub(crate) fn validated(method: &Bound<'_, PyAny>, context: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
    self::context(context)?;
    presented(method, "method").map(drop)
}

impl<'py> Shown<'py> {
    /// Passes the head to core: as received, and beside it the app's view if they differ.
    fn ask<R>(&self, ask: impl FnOnce(&sandgate::Head<'_>) -> R) -> PyResult<R> {
        let method = presented(&self.method, "method")?;
        let context = self::context(self.context.as_ref())?;
        let lines = header_lines(&self.lines)?;
        let view = |target| {
            let head = sandgate::Head::new(&method, target, &lines).maybe_context(context);
            if self.joined { head.joined() } else { head }
        };
        let head = view(&self.targets.received);
        Ok(match &self.targets.other {
            None => ask(&head),
            Some(other) => ask(&head.beside(&view(other))),
        })
    }

    /// Asks the controller of a middleware. `current` returns the controller that a function provides.
    pub(crate) fn guard(
        &self,
        controller: &Bound<'py, PyAny>,
        current: &Bound<'py, PyAny>,
        clock: &Bound<'py, PyAny>,
    ) -> PyResult<Result<Option<Allowed>, Denied>> {
        let provided;
        let controller = if let Ok(controller) = controller.cast::<Controller>() {
            controller
        } else {
            let py = controller.py();
            let kind = py.get_type::<Controller>();
            provided = current.call1((controller, kind, intern!(py, "controller")))?;
            provided.cast::<Controller>()?
        };
        let now = clock::now(called_if_set(clock, || clock.call0())?.as_ref())?;
        self.ask(|head| controller.get().admit(head, now))
    }

    /// The same request as a Python object, with its targets, for an edge.
    pub(crate) fn for_edge(self) -> PyResult<ForEdge<'py>> {
        let Targets { received, other, whole } = self.targets;
        let py = self.method.py();
        let beside =
            other.map(|other| Py::new(py, Head::new_view(&self.method, other, &self.lines, self.joined, None)?));
        let mut head = Head::new_view(&self.method, received.clone(), &self.lines, self.joined, self.context.as_ref())?;
        head.beside = beside.transpose()?;
        Ok((Py::new(py, head)?, self.method, received, whole))
    }
}

/// The head, the method, the target as received, and the target that a mounted app may forward instead.
pub(crate) type ForEdge<'py> = (Py<Head>, Bound<'py, PyAny>, Vec<u8>, Option<Vec<u8>>);

/// Calls an optional function of a middleware.
pub(crate) fn called_if_set<'py>(
    function: &Bound<'py, PyAny>,
    call: impl FnOnce() -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    if function.is_none() {
        return Ok(None);
    }
    Ok(Some(call()?).filter(|returned| !returned.is_none()))
}
