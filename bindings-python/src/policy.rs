//! What a verifier accepts.

use crate::arguments::{UNSIGNED_32, flag, instance, iterable, misuse, text, value_error};
use crate::clock::seconds;
use pyo3::prelude::*;
use sandgate::{Carrier, Carriers, Misuse, Versions, Window};

/// What a `Controller` and an `Edge` accept.
///
/// Without arguments: both wire formats ("v1", "v2"); at the edge the carriers "header" and "host"; no leeway, lifetimes of
/// at most 7 days, for signed hosts of one day; v1 URLs without an expiry. `base` is another policy to start with.
/// Leeway and lifetimes are for v2 only: a v1 URL expires exactly at its time.
///
/// >>> strict = sandgate.Policy(base=sandgate.Policy.V2_ALONE, leeway=30, carriers=("header", "cookie"))
/// >>> strict == sandgate.Policy.V2_ALONE
/// False
#[pyclass(frozen, module = "sandgate", eq)]
#[derive(Clone, PartialEq)]
pub(crate) struct Policy(pub(crate) sandgate::Policy);

type Any<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// The window `base`, with the arguments that the caller gives.
pub(crate) fn window(base: Window, leeway: Any<'_, '_>, max: Any<'_, '_>, max_name: &str) -> PyResult<Window> {
    let leeway = leeway.map_or(Ok(base.leeway()), |given| seconds(given, "leeway", Misuse::Leeway))?;
    let max = max.map_or(Ok(base.max_lifetime()), |given| seconds(given, max_name, UNSIGNED_32))?;
    Window::new(leeway, max).map_err(misuse("leeway"))
}

fn read_carriers(names: &Bound<'_, PyAny>) -> PyResult<Carriers> {
    let mut carriers = Carriers::NONE;
    for name in iterable(names, "carriers", "an iterable of str")? {
        let name = name?;
        let name = text(&name, "carriers")?;
        let known = Carrier::ALL.into_iter().find(|carrier| carrier.as_str() == name);
        carriers =
            carriers.with(known.ok_or_else(|| value_error("carriers", "each must be header, host, query or cookie"))?);
    }
    Ok(carriers)
}

fn read_versions(names: &Bound<'_, PyAny>) -> PyResult<Versions> {
    let (mut v1, mut v2) = (false, false);
    for name in iterable(names, "versions", "an iterable of str")? {
        match text(&name?, "versions")? {
            "v1" => v1 = true,
            "v2" => v2 = true,
            _ => return Err(value_error("versions", "each must be v1 or v2")),
        }
    }
    match (v1, v2) {
        (true, true) => Ok(Versions::Both),
        (true, false) => Ok(Versions::V1),
        (false, true) => Ok(Versions::V2),
        (false, false) => Err(value_error("versions", "must contain v1, v2 or both")),
    }
}

#[pymethods]
impl Policy {
    #[new]
    #[pyo3(signature = (*, base=None, leeway=None, max_lifetime=None, signed_host_max_lifetime=None, carriers=None,
        versions=None, v1_expiry_required=None))]
    #[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        base: Any<'_, '_>,
        leeway: Any<'_, '_>,
        max_lifetime: Any<'_, '_>,
        signed_host_max_lifetime: Any<'_, '_>,
        carriers: Any<'_, '_>,
        versions: Any<'_, '_>,
        v1_expiry_required: Any<'_, '_>,
    ) -> PyResult<Self> {
        let mut policy = given(base, "base")?;
        policy.window = window(policy.window, leeway, max_lifetime, "max_lifetime")?;
        let of_host = policy.signed_host_window;
        policy.signed_host_window = window(of_host, leeway, signed_host_max_lifetime, "signed_host_max_lifetime")?;
        if let Some(names) = carriers {
            policy.carriers = read_carriers(names)?;
        }
        if let Some(names) = versions {
            policy.versions = read_versions(names)?;
        }
        if let Some(required) = v1_expiry_required {
            policy.v1_expiry_required = flag(required, "v1_expiry_required")?;
        }
        Ok(Self(policy))
    }

    /// Accepts what E2B's SDKs send today: only v1, in headers.
    #[classattr]
    #[pyo3(name = "E2B_SDKS")]
    fn e2b_sdks() -> Self {
        Self(sandgate::Policy::E2B_SDKS)
    }

    /// Accepts only v2.
    #[classattr]
    #[pyo3(name = "V2_ALONE")]
    fn v2_alone() -> Self {
        Self(sandgate::Policy::V2_ALONE)
    }

    fn __hash__(&self) -> u64 {
        let window = |window: Window| (u64::from(window.leeway()) << 32) | u64::from(window.max_lifetime());
        window(self.0.window) ^ window(self.0.signed_host_window).rotate_left(21)
    }

    fn __repr__(&self) -> String {
        let policy = self.0;
        let carriers = Carrier::ALL.into_iter().filter(|carrier| policy.carriers.accepts(*carrier));
        let carriers: Vec<&str> = carriers.map(Carrier::as_str).collect();
        let versions = match policy.versions {
            Versions::V1 => "v1",
            Versions::V2 => "v2",
            Versions::Both => "v1, v2",
        };
        let (leeway, max_lifetime) = (policy.window.leeway(), policy.window.max_lifetime());
        format!("<sandgate.Policy {versions}; {}; leeway {leeway}, max_lifetime {max_lifetime}>", carriers.join(", "))
    }
}

/// Returns the given policy, or the default.
pub(crate) fn given(policy: Any<'_, '_>, name: &str) -> PyResult<sandgate::Policy> {
    let Some(policy) = policy else { return Ok(sandgate::Policy::default()) };
    Ok(instance::<Policy>(policy, name, "sandgate.Policy")?.get().0)
}
