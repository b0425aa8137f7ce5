//! Refusals as Python exceptions, which `sandgate.errors` defines.

use crate::arguments::value_error;
use crate::classes::class;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
use sandgate::creation::Refused;
use sandgate::{Code, Denied, Gate};

fn class_of(py: Python<'_>, code: Code) -> PyResult<Bound<'_, PyAny>> {
    class(match code {
        Code::Missing => intern!(py, "MissingError"),
        Code::Malformed => intern!(py, "MalformedError"),
        Code::Invalid => intern!(py, "InvalidError"),
        Code::Expired => intern!(py, "ExpiredError"),
        Code::LifetimeTooLong => intern!(py, "LifetimeTooLongError"),
        Code::OutOfScope => intern!(py, "OutOfScopeError"),
        Code::NotInitialized => intern!(py, "NotInitializedError"),
        _ => return Err(value_error("code", "must be the code of a refusal")),
    })
}

/// The exception for a refusal.
#[cold]
pub(crate) fn denied(py: Python<'_>, denied: Denied) -> PyErr {
    let make = || class_of(py, denied.code())?.call1((denied.gate().as_str(),));
    make().map_or_else(|error: PyErr| error, PyErr::from_value)
}

/// A refusal at a controller, for a middleware: its status, its body and the exception.
#[cold]
pub(crate) fn refusal(py: Python<'_>, denied: Denied) -> PyResult<Bound<'_, PyTuple>> {
    let body = PyBytes::new(py, Refusal::Denied(denied).body().as_bytes());
    (denied.status(), body, self::denied(py, denied).into_value(py)).into_pyobject(py)
}

/// The exception for a refused creation.
pub(crate) fn refused(py: Python<'_>, refused: Refused) -> PyErr {
    let make = || class(intern!(py, "CreationRefusedError"))?.call1((refused.as_str(),));
    make().map_or_else(|error: PyErr| error, PyErr::from_value)
}

/// The gate of a creation that is refused. Core has none: no request is refused there.
const CREATION: &str = "creation";

/// A refusal of either kind.
pub(crate) enum Refusal {
    Denied(Denied),
    Creation(Refused),
}

impl Refusal {
    /// The one that a gate and a code name.
    pub(crate) fn read(gate: &str, code: &str) -> PyResult<Self> {
        let refused = Refused::ALL.into_iter().find(|known| gate == CREATION && known.as_str() == code);
        if let Some(refused) = refused {
            return Ok(Self::Creation(refused));
        }
        let gate = Gate::ALL.into_iter().find(|known| known.as_str() == gate);
        let code = Code::ALL.into_iter().find(|known| known.as_str() == code);
        let gate = gate.ok_or_else(|| value_error("gate", "must be the gate of a refusal"))?;
        Ok(Self::Denied(Denied::new(gate, code.ok_or_else(|| value_error("code", "must be the code of a refusal"))?)))
    }

    /// The JSON body of the controller or of the API server.
    pub(crate) fn body(&self) -> String {
        let mut body = String::new();
        // Writing to a String cannot fail.
        let _ = match self {
            Self::Denied(denied) => denied.write_json(&mut body),
            Self::Creation(refused) => refused.write_json(&mut body),
        };
        body
    }
}

/// Every gate with each of its codes, by the names of core.
#[pyfunction]
pub(crate) fn refusals() -> Vec<(&'static str, &'static str)> {
    let denied = Gate::ALL.into_iter().flat_map(|gate| Code::ALL.map(|code| (gate.as_str(), code.as_str())));
    denied.chain(Refused::ALL.map(|refused| (CREATION, refused.as_str()))).collect()
}

#[pyfunction]
pub(crate) fn refusal_status(gate: &str, code: &str) -> PyResult<u16> {
    Ok(match Refusal::read(gate, code)? {
        Refusal::Denied(denied) => denied.status(),
        Refusal::Creation(refused) => refused.status(),
    })
}

#[pyfunction]
pub(crate) fn refusal_message(gate: &str, code: &str) -> PyResult<&'static str> {
    Ok(match Refusal::read(gate, code)? {
        Refusal::Denied(denied) => denied.message(),
        Refusal::Creation(refused) => refused.message(),
    })
}

#[pyfunction]
pub(crate) fn refusal_body(gate: &str, code: &str) -> PyResult<String> {
    Ok(Refusal::read(gate, code)?.body())
}
