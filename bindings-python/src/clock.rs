//! Times: what the caller gives, or the clock.

use crate::arguments::{as_integer, in_range, integer, misuse, type_error, value_error};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;
use sandgate::UnixSeconds;

/// The `datetime` module, as far as it is needed.
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

/// The same, if it is given.
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
        return Err(value_error(name, "a datetime without a time zone has no instant"));
    }
    let since = value.sub(known.epoch.bind(py))?;
    integer(&since.floor_div(known.second.bind(py))?, name).map(UnixSeconds::new)
}

/// `now`, or the clock when the caller gives none.
#[inline]
pub(crate) fn now(value: Option<&Bound<'_, PyAny>>) -> PyResult<UnixSeconds> {
    match value {
        Some(value) => time(value, "now"),
        None => sandgate::clock::now().map_err(misuse("now")),
    }
}

/// Seconds, as an int or a `timedelta` whose fraction is floored.
pub(crate) fn lifetime(value: &Bound<'_, PyAny>, name: &str) -> PyResult<i64> {
    if let Some(seconds) = as_integer(value) {
        return in_range(seconds, name);
    }
    let py = value.py();
    let known = datetime(py)?;
    if !value.is_instance(known.timedelta.bind(py))? {
        return Err(type_error(name, "int or timedelta", value));
    }
    integer(&value.floor_div(known.second.bind(py))?, name)
}

/// The same, in the range of `T`.
pub(crate) fn seconds<T: TryFrom<i64>>(value: &Bound<'_, PyAny>, name: &str) -> PyResult<T> {
    T::try_from(lifetime(value, name)?).map_err(|_| value_error(name, "the number is out of range"))
}

/// The end that is given, either itself or as a lifetime from now.
pub(crate) fn end(
    expires: Option<&Bound<'_, PyAny>>,
    expires_in: Option<&Bound<'_, PyAny>>,
    now: Option<&Bound<'_, PyAny>>,
) -> PyResult<Option<UnixSeconds>> {
    match (expires, expires_in) {
        (Some(_), Some(_)) => Err(value_error("expires_in", "give expires or expires_in, not both")),
        (Some(expires), None) => time(expires, "expires").map(Some),
        (None, Some(lifetime)) => {
            let (seconds, now) = (self::lifetime(lifetime, "expires_in")?, self::now(now)?);
            let end = now.get().checked_add(seconds);
            end.map(UnixSeconds::new).map(Some).ok_or_else(|| value_error("expires_in", "the number is out of range"))
        }
        (None, None) => Ok(None),
    }
}
