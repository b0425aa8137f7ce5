//! The headers that decide, and the one request that is let through without any.

use crate::arguments::{HeaderValues, Long, presented};
use crate::raw::{Answer, Env, Value};
use crate::thrown::Thrown;
use sandgate::{forward, headers};

/// Their names, and those of what else may carry a traffic pass.
pub(crate) fn names(env: Env<'_>) -> Result<Value<'_>, Thrown> {
    let both = |[one, other]: [&str; 2]| env.array([env.ascii(one)?, env.ascii(other)?])?.frozen();
    env.object(&[
        (c"accessToken", env.ascii(headers::ACCESS_TOKEN)?),
        (c"trafficToken", env.ascii(headers::TRAFFIC_TOKEN)?),
        (c"trafficParameter", env.ascii(forward::TRAFFIC_PARAMETER)?),
        (c"trafficCookie", env.ascii(forward::TRAFFIC_COOKIE)?),
        (c"sandboxId", both(headers::SANDBOX_ID)?),
        (c"sandboxPort", both(headers::SANDBOX_PORT)?),
    ])?
    .frozen()
}

/// Whether a browser asks what it may send.
pub(crate) fn is_preflight<'c>(
    env: Env<'c>,
    (): &(),
    [method, origin, request_method, upgrade]: [Value<'c>; 4],
) -> Answer<'c> {
    let mut room = Long::new();
    let method = presented(method, &mut room, "method")?;
    let origin = HeaderValues::read(origin, "origin")?;
    let request_method = HeaderValues::read(request_method, "requestMethod")?;
    let upgrade = HeaderValues::read(upgrade, "upgrade")?;
    let preflight = headers::is_preflight(method, origin.header(), request_method.header(), upgrade.header());
    env.boolean(preflight).map(Some)
}
