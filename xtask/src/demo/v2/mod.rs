//! Wire format v2: sandboxes that ask for it in their metadata, and what this project signs for them.

mod directory;
mod forwarded;
mod limits;
mod rotation;
mod sdk;
mod signer;
mod spoiled;
mod times;
mod traffic;
mod urls;

pub(crate) use sdk::check as use_sdk;

use super::client::{Client, Sdk};
use super::ending;
use super::platform::Platform;
use super::rows::Rows;
use super::sandbox::Sandbox;
use crate::setup::Tools;
use serde_json::{Value, json};

/// Returns what must not be found in a log. `v1` is a sandbox of v1 on the same platform.
pub(crate) fn check(
    rows: &mut Rows,
    tools: &Tools,
    client: &mut Client,
    platform: &Platform,
    v1: &Sandbox,
) -> anyhow::Result<Vec<String>> {
    let mut secrets = Vec::new();
    let sandbox = client.sandbox("create", restricted())?;
    let other = client.sandbox("create", restricted())?;
    rows.begin("v2, URLs");
    urls::check(rows, client, platform, &sandbox, &other)?;
    times::check(rows, client, platform, &sandbox)?;
    spoiled::check(rows, client, platform, &sandbox)?;
    rows.begin("v2, directories");
    directory::check(rows, client, platform, &sandbox)?;
    rows.begin("v2, limits");
    limits::check(rows, client, platform, &sandbox)?;
    rows.begin("v2, new tokens");
    secrets.extend(rotation::check(rows, client, platform, &sandbox, v1)?);
    rows.begin("v2, traffic");
    secrets.extend(traffic::check(rows, platform, &sandbox, &other)?);
    secrets.extend(forwarded::check(rows, platform, &other)?);
    secrets.extend(traffic::revoke(rows, platform, &other)?);
    for sandbox in [sandbox, other] {
        client.text("kill", json!({ "id": sandbox.id }))?;
        secrets.extend(sandbox.secrets());
    }

    rows.begin("v2, traffic, derived");
    let derived = Platform::start(tools, "derived")?;
    let mut client = Client::start(Sdk::E2bPython, tools, &derived, derived.api_key())?;
    let (sandbox, other) = (client.sandbox("create", restricted())?, client.sandbox("create", restricted())?);
    let mut shown = traffic::check(rows, &derived, &sandbox, &other)?;
    traffic::check_second_seed(rows, &derived, &sandbox)?;
    shown.extend(traffic::revoke(rows, &derived, &sandbox)?);
    shown.extend(sandbox.secrets());
    ending::check_log(rows, &derived, &shown)?;
    Ok(secrets)
}

/// What an SDK is told to ask for.
fn restricted() -> Value {
    json!({ "metadata": { "sandgate": "v2" }, "public": false })
}
