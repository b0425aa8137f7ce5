//! The headers that core reads or cleans, and how a request is forwarded. Removed parts end at ASCII characters, so the rest of
//! a text is still text.

use crate::arguments::{Long, presented, utf8};
use crate::class::{Arguments, Functions};
use crate::host::{Answer, Env, Thrown, Value};
use alloc::vec::Vec;
use sandgate::{forward, headers, webhook};

/// Returns the names of the deciding headers, of the headers to clean, and of the parameter and the cookie for a traffic pass.
pub(crate) fn names(env: Env<'_>) -> Result<Value<'_>, Thrown> {
    env.object(&[
        (c"deciding", list(env, headers::DECIDING)?),
        (c"forward", list(env, forward::HEADERS)?),
        (c"accessToken", env.ascii(headers::ACCESS_TOKEN)?),
        (c"preflightMethod", env.ascii(headers::PREFLIGHT_METHOD)?),
        (c"trafficToken", env.ascii(headers::TRAFFIC_HEADER)?),
        (c"trafficParameter", env.ascii(forward::TRAFFIC_PARAMETER)?),
        (c"trafficCookie", env.ascii(forward::TRAFFIC_COOKIE)?),
        (c"webhookSignature", env.ascii(webhook::SIGNATURE_HEADER)?),
        (c"webhookVersion", env.ascii(webhook::VERSION_HEADER)?),
        (c"webhookIsVersion", env.ascii(webhook::VERSION)?),
    ])?
    .frozen()
}

pub(crate) fn list<'c, const N: usize>(env: Env<'c>, names: [&str; N]) -> Result<Value<'c>, Thrown> {
    let mut list = [env.undefined()?; N];
    fill(env, &mut list, &names)?;
    env.array(list)?.frozen()
}

fn fill<'c>(env: Env<'c>, list: &mut [Value<'c>], names: &[&str]) -> Result<(), Thrown> {
    for (place, name) in list.iter_mut().zip(names) {
        *place = env.ascii(name)?;
    }
    Ok(())
}

/// Returns the value of a header line to forward, or `undefined` to omit the line.
pub(crate) fn forward_header<'c>(env: Env<'c>, _: &Functions, &[name, value, ..]: &Arguments<'c>) -> Answer<'c> {
    let (mut name_buffer, mut value_buffer, mut out) = (Long::new(), Long::new(), Vec::new());
    let name = presented(name, &mut name_buffer, "name")?;
    let value = presented(value, &mut value_buffer, "value")?;
    let stays = forward::header(name, value, |piece| out.extend_from_slice(piece));
    if stays { env.text(utf8(&out, "value")?).map(Some) } else { Ok(None) }
}

/// Returns the target without the edge's own parameter.
pub(crate) fn forward_target<'c>(env: Env<'c>, _: &Functions, &[target, ..]: &Arguments<'c>) -> Answer<'c> {
    let (mut buffer, mut out) = (Long::new(), Vec::new());
    forward::target(presented(target, &mut buffer, "target")?, |piece| out.extend_from_slice(piece));
    env.text(utf8(&out, "target")?).map(Some)
}
