//! A sandbox as the SDKs read it.

use crate::sandbox::Sandbox;
use humantime::format_rfc3339_seconds;
use serde_json::{Value, json};

const NEVER: &str = "9999-12-31T23:59:59Z";

/// The answer to creating a sandbox, to connecting to one, and to new tokens. Absent tokens are omitted.
pub(super) fn created(sandbox: &Sandbox, domain: &str) -> Value {
    let mut answer = json!({
        "templateID": sandbox.template.name,
        "sandboxID": sandbox.id.as_str(),
        "clientID": "sandgate",
        "envdVersion": sandbox.template.version_for_sdk(),
        "domain": domain,
    });
    let issued = sandbox.issued();
    if let Some(token) = &issued.access_token {
        answer["envdAccessToken"] = token.expose().into();
    }
    if let Some(token) = &issued.traffic_token {
        answer["trafficAccessToken"] = token.expose().into();
    }
    answer
}

/// The answer to a query for one sandbox. The SDKs require an end, which not every sandbox has, and sizes, which have no
/// limits here.
pub(super) fn info(sandbox: &Sandbox, domain: &str) -> Value {
    let end = sandbox.ends_at().map_or(NEVER.into(), |end| format_rfc3339_seconds(end).to_string());
    json!({
        "templateID": sandbox.template.name,
        "sandboxID": sandbox.id.as_str(),
        "clientID": "sandgate",
        "envdVersion": sandbox.template.version_for_sdk(),
        "domain": domain,
        "state": if sandbox.is_open() { "running" } else { "paused" },
        "startedAt": format_rfc3339_seconds(sandbox.started_at).to_string(),
        "endAt": end,
        "cpuCount": 0,
        "memoryMB": 0,
        "diskSizeMB": 0,
    })
}
