//! Times: the caller's, or Python's clock.

use crate::arguments::{as_integer, in_range, integer, number, out_of_range, type_error, value_error};
use pyo3::exceptions::{PyAttributeError, PyOverflowError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyFloat, PyType};
use sandgate::UnixSeconds;
use std::fmt::Display;

/// The needed parts of the `datetime` module.
struct DateTime {
    datetime: Py<PyType>,
    timedelta: Py<PyType>,
    epoch: Py<PyAny>,
    second: Py<PyAny>,
}

static DATETIME: PyOnceLock<DateTime> = PyOnceLock::new();

fn datetime(py: Python<'_>) -> PyResult<&DateTime> {
    DATETIME.get_or_try_init(py, || {
        let module = py.import("datetime")?;
        let (datetime, timedelta) = (module.getattr("datetime")?, module.getattr("timedelta")?);
        let utc = module.getattr("timezone")?.getattr("utc")?;
        Ok(DateTime {
            epoch: datetime.call1((1970, 1, 1, 0, 0, 0, 0, utc))?.unbind(),
            second: timedelta.call1((0, 1))?.unbind(),
            datetime: datetime.cast_into()?.unbind(),
            timedelta: timedelta.cast_into()?.unbind(),
        })
    })
}

/// An int, or an aware `datetime` whose fraction is floored.
#[inline(always)]
pub(crate) fn time(value: &Bound<'_, PyAny>, name: &str) -> PyResult<UnixSeconds> {
    match as_integer(value) {
        Some(seconds) => Ok(UnixSeconds::new(in_range(seconds, name)?)),
        None => instant(value, name),
    }
}

/// The same for an optional value.
#[inline(always)]
pub(crate) fn maybe_time(value: Option<&Bound<'_, PyAny>>, name: &str) -> PyResult<Option<UnixSeconds>> {
    match value {
        Some(value) => Ok(Some(time(value, name)?)),
        None => Ok(None),
    }
}

#[cold]
fn instant(value: &Bound<'_, PyAny>, name: &str) -> PyResult<UnixSeconds> {
    let py = value.py();
    let known = datetime(py)?;
    if !value.is_instance(known.datetime.bind(py))? {
        return Err(type_error(name, "int or an aware datetime", value));
    }
    if value.call_method0("utcoffset")?.is_none() {
        return Err(value_error(name, "a datetime must have a time zone"));
    }
    let since = value.sub(known.epoch.bind(py))?;
    integer(&since.floor_div(known.second.bind(py))?, name).map(UnixSeconds::new)
}

/// The attributes of the `time` module.
static TIME: PyOnceLock<Py<PyDict>> = PyOnceLock::new();

/// Returns `time.time()`, floored. The attribute is looked up at each call, because tests replace it (freezegun) or the
/// function that it names (time-machine).
fn read(py: Python<'_>) -> PyResult<UnixSeconds> {
    let attributes = TIME.get_or_try_init(py, || py.import("time").map(|module| module.dict().unbind()))?.bind(py);
    let function = attributes.get_item(intern!(py, "time"))?;
    let time = function.ok_or_else(|| PyAttributeError::new_err("the time module has no time()"))?.call0()?;
    let seconds = match time.cast_exact::<PyFloat>() {
        Ok(seconds) => seconds.value().floor(),
        Err(_) => other_seconds(&time)?,
    };
    // 2^63 is the first `f64` that is too large; NaN lies in no range.
    if (0.0..9_223_372_036_854_775_808.0).contains(&seconds) {
        #[allow(clippy::cast_possible_truncation, reason = "it is a whole number in the range of i64")]
        Ok(UnixSeconds::new(seconds as i64))
    } else {
        Err(value_error("now", "time.time() must return 0 to 2^63 - 1"))
    }
}

/// A test's clock may return any kind of number.
#[cold]
fn other_seconds(time: &Bound<'_, PyAny>) -> PyResult<f64> {
    match time.extract::<f64>() {
        Ok(seconds) => Ok(seconds.floor()),
        Err(error) if error.is_instance_of::<PyOverflowError>(time.py()) => Ok(f64::INFINITY),
        Err(_) => Err(type_error("time.time()", "a function that returns a float", time)),
    }
}

/// Returns `now`, or reads the clock if it is absent.
#[inline]
pub(crate) fn now(value: Option<&Bound<'_, PyAny>>) -> PyResult<UnixSeconds> {
    match value {
        Some(value) => time(value, "now"),
        None => Python::attach(read),
    }
}

/// Seconds, as an int or a `timedelta` whose fraction is floored.
fn whole_seconds<'py>(value: &Bound<'py, PyAny>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    if as_integer(value).is_some() {
        return Ok(value.clone());
    }
    let py = value.py();
    let known = datetime(py)?;
    if !value.is_instance(known.timedelta.bind(py))? {
        return Err(type_error(name, "int or timedelta", value));
    }
    value.floor_div(known.second.bind(py))
}

/// Seconds that a verifier allows. If they are out of range, `problem` says what would be right.
pub(crate) fn seconds(value: &Bound<'_, PyAny>, name: &str, problem: impl Display) -> PyResult<u32> {
    number(&whole_seconds(value, name)?, name, problem)
}

/// Returns the expiry, from a time or from a lifetime from now. A negative lifetime would sign what has ended.
pub(crate) fn end(
    expires: Option<&Bound<'_, PyAny>>,
    expires_in: Option<&Bound<'_, PyAny>>,
    now: Option<&Bound<'_, PyAny>>,
) -> PyResult<Option<UnixSeconds>> {
    match (expires, expires_in) {
        (Some(_), Some(_)) => Err(value_error("expires_in", "must not be given together with expires")),
        (Some(expires), None) => time(expires, "expires").map(Some),
        (None, Some(lifetime)) => {
            let seconds = u64::try_from(integer(&whole_seconds(lifetime, "expires_in")?, "expires_in")?)
                .map_err(|_| value_error("expires_in", "must be 0 seconds or more"))?;
            let end = self::now(now)?.get().checked_add_unsigned(seconds);
            end.map(UnixSeconds::new).map(Some).ok_or_else(|| out_of_range("expires_in"))
        }
        (None, None) => Ok(None),
    }
}

/// The same for a signature alone. The caller needs the expiry to verify it, and so must be able to know it.
pub(crate) fn known_end(
    expires: Option<&Bound<'_, PyAny>>,
    expires_in: Option<&Bound<'_, PyAny>>,
    now: Option<&Bound<'_, PyAny>>,
) -> PyResult<Option<UnixSeconds>> {
    if expires.is_none() && expires_in.is_some() && now.is_none() {
        return Err(value_error(
            "expires_in",
            "must be given together with now, or use signed() or url(), because sign() does not return the expiry",
        ));
    }
    end(expires, expires_in, now)
}
