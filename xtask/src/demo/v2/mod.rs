//! Wire format v2: sandboxes whose metadata ask for it, and what `sandgate` signs for them.

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
use super::creation;
use super::ending;
use super::platform::Platform;
use super::rows::{Row, Rows};
use super::sandbox::Sandbox;
use crate::setup::Tools;
use serde_json::{Value, json};

/// Returns the rows, and the secrets that no log may contain. `v1` is a sandbox of v1 on the same platform.
pub(crate) fn check(client: &mut Client, platform: &Platform, v1: &Sandbox) -> anyhow::Result<(Rows, Vec<String>)> {
    let (mut rows, mut secrets) = (Rows::begin("v2, URLs"), Vec::new());
    let sandbox = client.sandbox("create", restricted())?;
    let other = client.sandbox("create", restricted())?;
    urls::check(&mut rows, client, platform, &sandbox, &other)?;
    times::check(&mut rows, client, platform, &sandbox)?;
    spoiled::check(&mut rows, client, platform, &sandbox)?;
    rows.next("v2, directories");
    directory::check(&mut rows, client, platform, &sandbox)?;
    rows.next("v2, limits");
    limits::check(&mut rows, client, platform, &sandbox)?;
    rows.next("v2, new tokens");
    secrets.extend(rotation::check(&mut rows, client, platform, &sandbox, v1)?);
    rows.next("v2, traffic");
    secrets.extend(traffic::check(&mut rows, platform, &sandbox, &other)?);
    secrets.extend(forwarded::check(&mut rows, platform, &other)?);
    secrets.extend(traffic::revoke(&mut rows, platform, &other)?);
    for sandbox in [sandbox, other] {
        client.text("kill", json!({ "id": sandbox.id }))?;
        secrets.extend(sandbox.secrets());
    }
    Ok((rows, secrets))
}

/// The traffic of v2 at an edge that derives the tokens, where an operator restricts what a creation does not mention.
pub(crate) fn check_derived(tools: &Tools) -> anyhow::Result<Vec<Row>> {
    let mut rows = Rows::begin("v2, traffic, derived");
    let derived = Platform::start(tools, "derived", &["--edge-tokens", "derived", "--restricted-by-default"])?;
    let mut client = Client::start(Sdk::E2bNode, tools, &derived)?;
    let (sandbox, other) = (client.sandbox("create", restricted())?, client.sandbox("create", restricted())?);
    let mut shown = traffic::check(&mut rows, &derived, &sandbox, &other)?;
    traffic::check_second_seed(&mut rows, &derived, &sandbox)?;
    shown.extend(traffic::revoke(&mut rows, &derived, &sandbox)?);
    shown.extend(sandbox.secrets());
    shown.extend(creation::check_default(&mut rows, &mut client, &derived)?);
    ending::check_log(&mut rows, &derived, &shown)?;
    Ok(rows.into_vec())
}

/// The options of a restricted sandbox with tokens of v2.
fn restricted() -> Value {
    json!({ "metadata": { "sandgate": "v2" }, "public": false })
}
