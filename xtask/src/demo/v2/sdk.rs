//! An SDK without v2: it sends the token as received, and the controller refuses the URLs that it signs.

use crate::demo::client::Client;
use crate::demo::platform::Platform;
use crate::demo::probe::Probe;
use crate::demo::rows::Rows;
use crate::demo::sandbox::CONTROLLER;
use serde_json::json;

const PATH: &str = "/home/user/notes.txt";
const MALFORMED: &str = "400 malformed request";

/// Returns the secrets that must not appear in a log.
pub(crate) fn check(rows: &mut Rows, client: &mut Client, platform: &Platform) -> anyhow::Result<Vec<String>> {
    let name = client.name();
    let sandbox = client.sandbox("create", json!({ "metadata": { "sandgate": "v2" } }))?;
    let token = sandbox.access_token().unwrap_or_default();
    let seen = if token.starts_with("sg2a.b.") && token.len() == 50 { "an access token of v2" } else { "another" };
    rows.add("Sandbox.create(metadata: v2)", "nobody", "platform", "an access token of v2", seen);

    let (id, host) = (sandbox.id.as_str(), sandbox.host(CONTROLLER));
    let seen = client.text("write", json!({ "id": id, "path": PATH, "text": "kept" }))?;
    rows.add("v2: files.write", name, "controller", PATH, seen);
    let seen = client.text("read", json!({ "id": id, "path": PATH }))?;
    rows.add("v2: files.read", name, "controller", "kept", seen);
    let again = client.sandbox("connect", json!({ "id": id }))?;
    let seen = if again.access_token()? == token { "the same token" } else { "another token" };
    rows.add("v2: Sandbox.connect", name, "platform", "the same token", seen);

    // It signs v1 with any token: a downgrade, which the controller refuses.
    for (step, options) in [
        ("without expiry", json!({ "id": id, "path": PATH })),
        ("with expiry", json!({ "id": id, "path": PATH, "lifetime": 60 })),
    ] {
        let url = client.url("download_url", options.clone())?;
        let seen = if url.contains("signature=v1_") { "signed as v1" } else { "signed otherwise" };
        rows.add(format!("v2: download_url {step}"), name, name, "signed as v1", seen);
        let answer = Probe::get().header(&host).send(&url)?;
        rows.add(format!("v2: download_url {step}"), name, "controller", MALFORMED, answer.outcome());
        let url = client.url("upload_url", options)?;
        let answer = Probe::form("as v1").header(&host).send(&url)?;
        rows.add(format!("v2: upload_url {step}"), name, "controller", MALFORMED, answer.outcome());
    }
    let seen = client.text("read", json!({ "id": id, "path": PATH }))?;
    rows.add("v2: nothing was overwritten", name, "controller", "kept", seen);

    let before = platform.children()?.len();
    client.text("kill", json!({ "id": id }))?;
    let ended = before.saturating_sub(platform.children()?.len());
    rows.add("v2: kill: processes that ended", name, "platform", "2", ended.to_string());
    Ok(sandbox.secrets().collect())
}
