//! The platform's decisions when a client creates a sandbox.

use super::client::Client;
use super::platform::Platform;
use super::probe::Probe;
use super::rows::Rows;
use super::sandbox::{CONTROLLER, WEB};
use serde_json::{Value, json};

const TOO_OLD: &str =
    "secured access needs a template whose controller is version 0.2.0 or newer, please rebuild the template";
const UNKNOWN: &str =
    "secured access needs a template whose controller has a known version, please rebuild the template";

/// `secure: false`: the client must ask for an open sandbox.
pub(crate) fn check_open(rows: &mut Rows, client: &mut Client, platform: &Platform) -> anyhow::Result<()> {
    let sandbox = client.sandbox("create", json!({ "secure": false }))?;
    let seen = if sandbox.has_access_token() { "an access token" } else { "no token" };
    rows.add("Sandbox.create(secure: false)", "nobody", "platform", "no token", seen);

    let (id, path, host) = (sandbox.id.as_str(), "/home/user/open.txt", sandbox.host(CONTROLLER));
    let seen = client.text("write", json!({ "id": id, "path": path, "text": "open" }))?;
    rows.add("files.write, open", "nobody", "controller", path, seen);
    let seen = client.text("read", json!({ "id": id, "path": path }))?;
    rows.add("files.read, open", "nobody", "controller", "open", seen);
    let url = client.url("download_url", json!({ "id": id, "path": path }))?;
    let seen = if url.contains("signature") { "signed" } else { "not signed" };
    rows.add("download_url, open", "nobody", client.name(), "not signed", seen);
    let answer = Probe::get().header(&host).send(&url)?;
    rows.add("download_url, open", "nobody", "controller", "200 open", answer.content());
    let url = client.url("upload_url", json!({ "id": id, "path": path }))?;
    let answer = Probe::form("by all").header(&host).send(&url)?;
    rows.add("upload_url, open", "nobody", "controller", "200", answer.status_or_refusal());
    // The controller allows the request, and has no such route.
    let answer = Probe::method("POST").header(&host).send(&format!("{}/files/compose", platform.edge()))?;
    rows.add("POST /files/compose, open", "nobody", "controller", "404 not found", answer.refusal());
    client.text("kill", json!({ "id": id }))?;

    let seen = client.text("create", json!({ "secure": false, "public": false }))?;
    let expected = "restricted public traffic needs secured access, please turn secure on";
    rows.add("secure: false with restricted traffic", "nobody", "platform", expected, says(&seen, expected));
    Ok(())
}

/// A deployment that restricts what a creation does not mention. Returns the secrets.
pub(crate) fn check_default(rows: &mut Rows, client: &mut Client, platform: &Platform) -> anyhow::Result<Vec<String>> {
    let mut secrets = Vec::new();
    for (options, expected) in
        [(json!({}), "403"), (json!({ "public": true }), "200"), (json!({ "public": false }), "403")]
    {
        let sandbox = client.sandbox("create", options.clone())?;
        let answer = Probe::get().header(&sandbox.host(WEB)).send(platform.edge())?;
        let step = format!("restricted by default, create({options}): port 8080, no token");
        rows.add(step, "nobody", "edge", expected, answer.status());
        secrets.extend(sandbox.secrets());
    }
    Ok(secrets)
}

/// Templates from which the platform cannot make a secure sandbox.
pub(crate) fn check_refused(rows: &mut Rows, client: &mut Client) -> anyhow::Result<()> {
    for (template, expected) in [("old", TOO_OLD), ("unversioned", UNKNOWN), ("nowhere", "template not found")] {
        let seen = client.text("create", json!({ "template": template }))?;
        rows.add(format!("Sandbox.create({template:?})"), "nobody", "platform", expected, says(&seen, expected));
    }
    Ok(())
}

/// The expected text if the SDK's error contains it, otherwise the whole error.
fn says(error: &str, expected: &str) -> String {
    if error.contains(expected) { expected.into() } else { error.into() }
}

pub(crate) fn check_api_key(rows: &mut Rows, client: &mut Client) -> anyhow::Result<()> {
    let seen = client.text("create", json!({ "api_key": "e2b_nobody's" }))?;
    rows.add(
        "Sandbox.create() with an unknown API key",
        "nobody",
        "platform",
        "invalid API key",
        says(&seen, "invalid API key"),
    );
    Ok(())
}

/// The control API as it is on the wire.
pub(crate) fn check_api(rows: &mut Rows, platform: &Platform) -> anyhow::Result<()> {
    let key = format!("X-API-Key: {}", platform.api_key());
    let url = |path: &str| format!("{}{path}", platform.api());
    for path in ["/v2/sandboxes", "/sandboxes"] {
        for (step, key, expected) in [
            ("no API key", "X-Elsewhere: x", "401 invalid API key"),
            ("an unknown API key", "X-API-Key: e2b_0", "401 invalid API key"),
            ("a body that is not JSON", &key, "400 malformed request body"),
        ] {
            let answer = Probe::json("{").header(key).send(&url(path))?;
            rows.add(format!("POST {path}: {step}"), "nobody", "platform", expected, answer.refusal());
        }
        let old = r#"{"templateID":"old"}"#;
        let answer = Probe::json(old).header(&key).send(&url(path))?;
        let expected = format!("400 {TOO_OLD}");
        rows.add(format!("POST {path}: an old template"), "nobody", "platform", expected, answer.refusal());
    }

    for (value, expected) in [
        ("false", "restricted"),
        ("null", "restricted"),
        ("0", "restricted"),
        (r#""""#, "restricted"),
        ("true", "public"),
        (r#""false""#, "public"),
    ] {
        let body = format!(r#"{{"templateID":"base","network":{{"allowPublicTraffic":{value}}}}}"#);
        let answer = Probe::json(&body).header(&key).send(&url("/v2/sandboxes"))?;
        let sandbox: Value = serde_json::from_str(answer.body()).unwrap_or_default();
        let seen = match (sandbox["sandboxID"].as_str(), sandbox["trafficAccessToken"].as_str()) {
            (Some(_), Some(_)) => "restricted".into(),
            (Some(_), None) => "public".into(),
            _ => answer.content(),
        };
        rows.add(format!("allowPublicTraffic: {value}"), "nobody", "platform", expected, seen);
        if let Some(id) = sandbox["sandboxID"].as_str() {
            let answer = Probe::method("DELETE").header(&key).send(&url(&format!("/sandboxes/{id}")))?;
            rows.add("DELETE /sandboxes/{id}", "nobody", "platform", "204", answer.status());
            let answer = Probe::method("DELETE").header(&key).send(&url(&format!("/sandboxes/{id}")))?;
            rows.add("DELETE /sandboxes/{id} again", "nobody", "platform", "404 sandbox not found", answer.refusal());
        }
    }
    Ok(())
}
