//! Policies: what a verifier accepts.

use crate::arguments::{Name, OF_32_BITS, maybe_flag, maybe_seconds, maybe_state, text, texts};
use crate::class::{Arguments, Class, Functions, Method};
use crate::host::{Answer, Env, Thrown, Value};
use crate::thrown::{joined, misuse, wrong_value};
use alloc::string::String;
use sandgate::{Carrier, Carriers, Policy, Versions, Window};

impl Class for Policy {
    const METHODS: &'static [Method<Self>] = &[];
}

/// Returns a window with the given values replaced.
pub(crate) fn window(base: Window, leeway: Value<'_>, max: Value<'_>, max_name: &str) -> Result<Window, Thrown> {
    let leeway = maybe_seconds(leeway, "leeway", "an integer between 0 and 300")?.unwrap_or(base.leeway());
    let max = maybe_seconds(max, max_name, OF_32_BITS)?.unwrap_or(base.max_lifetime());
    Window::new(leeway, max).map_err(misuse("leeway"))
}

fn read_base(value: Value<'_>) -> Result<Policy, Thrown> {
    if let Some(policy) = value.state::<Policy>()? {
        return Ok(*policy);
    }
    let mut buffer = Name::new();
    let name = text(value, &mut buffer, "base")?;
    if name == b"default" {
        Ok(Policy::default())
    } else if name == b"E2B_SDKS" {
        Ok(Policy::E2B_SDKS)
    } else if name == b"V2_ALONE" {
        Ok(Policy::V2_ALONE)
    } else {
        Err(wrong_value("base", "must be a Policy"))
    }
}

fn read_carriers(names: Value<'_>) -> Result<Carriers, Thrown> {
    let mut carriers = Carriers::NONE;
    for name in texts(names, "carriers")? {
        let mut buffer = Name::new();
        let name = text(name?, &mut buffer, "carriers")?;
        let known = Carrier::ALL.into_iter().find(|carrier| carrier.as_str().as_bytes() == name);
        carriers = carriers
            .with(known.ok_or_else(|| {
                wrong_value("carriers", "each must be \"header\", \"host\", \"query\" or \"cookie\"")
            })?);
    }
    Ok(carriers)
}

fn read_versions(names: Value<'_>) -> Result<Versions, Thrown> {
    let (mut v1, mut v2) = (false, false);
    for name in texts(names, "versions")? {
        match text(name?, &mut Name::new(), "versions")? {
            b"v1" => v1 = true,
            b"v2" => v2 = true,
            _ => return Err(wrong_value("versions", "each must be \"v1\" or \"v2\"")),
        }
    }
    match (v1, v2) {
        (true, true) => Ok(Versions::Both),
        (true, false) => Ok(Versions::V1),
        (false, true) => Ok(Versions::V2),
        (false, false) => Err(wrong_value("versions", "must contain \"v1\", \"v2\" or both")),
    }
}

fn described(policy: &Policy) -> String {
    let versions = match policy.versions {
        Versions::V1 => "v1",
        Versions::V2 => "v2",
        Versions::Both => "v1, v2",
    };
    let mut text = joined(&["Policy <", versions]);
    let mut before = "; ";
    for carrier in Carrier::ALL {
        if policy.carriers.accepts(carrier) {
            text.push_str(before);
            text.push_str(carrier.as_str());
            before = ", ";
        }
    }
    text.push_str("; leeway ");
    push_decimal(&mut text, policy.window.leeway());
    text.push_str(", maxLifetime ");
    push_decimal(&mut text, policy.window.max_lifetime());
    text.push('>');
    text
}

fn push_decimal(text: &mut String, number: u32) {
    if number >= 10 {
        push_decimal(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

/// Makes a policy from another one, with the given values replaced.
pub(crate) fn policy<'c>(
    env: Env<'c>,
    _: &Functions,
    &[base, leeway, max_lifetime, signed_host_max_lifetime, carriers, versions, v1_expiry_required, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let mut policy = read_base(base)?;
    policy.window = window(policy.window, leeway, max_lifetime, "maxLifetime")?;
    let of_host = policy.signed_host_window;
    policy.signed_host_window = window(of_host, leeway, signed_host_max_lifetime, "signedHostMaxLifetime")?;
    if !carriers.is_absent() {
        policy.carriers = read_carriers(carriers)?;
    }
    if !versions.is_absent() {
        policy.versions = read_versions(versions)?;
    }
    if let Some(required) = maybe_flag(v1_expiry_required, "v1ExpiryRequired")? {
        policy.v1_expiry_required = required;
    }
    env.object(&[(c"handle", env.handle(policy)?), (c"text", env.text(&described(&policy))?)]).map(Some)
}

/// Returns the given policy or the default.
pub(crate) fn given(value: Value<'_>) -> Result<Policy, Thrown> {
    Ok(maybe_state::<Policy>(value, "policy", "a Policy")?.map(|policy| *policy).unwrap_or_default())
}
