//! Refusals as Python exceptions, which `sandgate.errors` defines.

use crate::arguments::value_error;
use crate::classes::class;
use pyo3::intern;
use pyo3::prelude::*;
use sandgate::creation::Refused;
use sandgate::{Code, Denied, Gate};

const GATES: [Gate; 6] =
    [Gate::Route, Gate::FileToken, Gate::FileSignature, Gate::Traffic, Gate::Host, Gate::InternalRoute];
const CODES: [Code; 6] =
    [Code::Missing, Code::Malformed, Code::Invalid, Code::Expired, Code::LifetimeTooLong, Code::OutOfScope];

fn class_of(py: Python<'_>, code: Code) -> PyResult<Bound<'_, PyAny>> {
    class(match code {
        Code::Missing => intern!(py, "MissingError"),
        Code::Malformed => intern!(py, "MalformedError"),
        Code::Invalid => intern!(py, "InvalidError"),
        Code::Expired => intern!(py, "ExpiredError"),
        Code::LifetimeTooLong => intern!(py, "LifetimeTooLongError"),
        Code::OutOfScope => intern!(py, "OutOfScopeError"),
        _ => return Err(value_error("code", "must be the code of a refusal")),
    })
}

/// The exception for a refusal.
#[cold]
pub(crate) fn denied(py: Python<'_>, denied: Denied) -> PyErr {
    let make = || class_of(py, denied.code())?.call1((denied.gate().as_str(),));
    make().map_or_else(|error: PyErr| error, PyErr::from_value)
}

/// The exception for a refused creation.
pub(crate) fn refused(py: Python<'_>, refused: Refused) -> PyErr {
    let make = || {
        let mut body = String::new();
        let _ = refused.write_json(&mut body);
        class(intern!(py, "CreationRefusedError"))?.call1((refused.message(), refused.as_str(), refused.status(), body))
    };
    make().map_or_else(|error: PyErr| error, PyErr::from_value)
}

/// The refusal that a gate and a code name.
pub(crate) fn read(gate: &str, code: &str) -> PyResult<Denied> {
    let gate = GATES.into_iter().find(|known| known.as_str() == gate);
    let code = CODES.into_iter().find(|known| known.as_str() == code);
    let gate = gate.ok_or_else(|| value_error("gate", "must be the gate of a refusal"))?;
    Ok(Denied::new(gate, code.ok_or_else(|| value_error("code", "must be the code of a refusal"))?))
}

#[pyfunction]
pub(crate) fn refusal_status(gate: &str, code: &str) -> PyResult<u16> {
    Ok(read(gate, code)?.status())
}

#[pyfunction]
pub(crate) fn refusal_message(gate: &str, code: &str) -> PyResult<&'static str> {
    Ok(read(gate, code)?.message())
}

#[pyfunction]
pub(crate) fn refusal_body(gate: &str, code: &str) -> PyResult<String> {
    let mut body = String::new();
    // Writing to a String cannot fail.
    let _ = read(gate, code)?.write_json(&mut body);
    Ok(body)
}
