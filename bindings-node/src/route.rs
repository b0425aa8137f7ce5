//! Reads the sandbox and the port from the host and the routing headers.

use crate::arguments::{HeaderValues, Long, port, sandbox_id, text};
use crate::class::{Arguments, Class, Functions, Method};
use crate::host::{Answer, Env};
use crate::refusals::refused;
use crate::thrown::{misuse, shown};
use sandgate::{Route, SandboxId};

/// Makes a route to a port of a sandbox.
pub(crate) fn route<'c>(env: Env<'c>, _: &Functions, &[id, port, ..]: &Arguments<'c>) -> Answer<'c> {
    parts(env, Route::new(sandbox_id(id, "sandboxId")?, self::port(port, "port")?))
}

/// Reads `{port}-{sandbox_id}[-…].{domain}`, or the routing headers where the host names no sandbox.
pub(crate) fn parse_route<'c>(env: Env<'c>, _: &Functions, &[host, id, port, ..]: &Arguments<'c>) -> Answer<'c> {
    let (mut hosts, mut ids, mut ports) = (HeaderValues::new(), HeaderValues::new(), HeaderValues::new());
    hosts.read(host, "host")?;
    ids.read(id, "sandboxId")?;
    ports.read(port, "port")?;
    match Route::parse(hosts.header(), ids.header(), ports.header()) {
        Ok(route) => parts(env, route),
        Err(denied) => refused(env, denied),
    }
}

/// Returns the id of a sandbox from the long form that old clients send.
pub(crate) fn shorten_sandbox_id<'c>(env: Env<'c>, _: &Functions, &[id, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut buffer = Long::new();
    let id = SandboxId::shorten(text(id, &mut buffer, "sandboxId")?).map_err(misuse("sandboxId"))?;
    env.ascii(id.as_str()).map(Some)
}

impl Class for Route {
    const METHODS: &'static [Method<Self>] = &[];
}

/// Returns the route, its sandbox, its port, and its host label.
pub(crate) fn parts(env: Env<'_>, route: Route) -> Answer<'_> {
    let (id, label) = (env.ascii(route.sandbox_id().as_str())?, env.ascii(shown(&route))?);
    let port = env.integer(route.port().get().into())?;
    env.array([env.handle(route)?, id, port, label]).map(Some)
}
