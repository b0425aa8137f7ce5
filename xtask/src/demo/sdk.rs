//! The main uses of an SDK: a sandbox that is secure by default, its files, and URLs for others.

use super::client::Client;
use super::platform::Platform;
use super::probe::Probe;
use super::rows::Rows;
use super::sandbox::{CONTROLLER, Sandbox};
use super::url;
use anyhow::Context;
use serde_json::json;

const PATH: &str = "/home/user/notes.txt";
const EXPIRED: &str = "401 signature is already expired";

pub(crate) fn create(rows: &mut Rows, client: &mut Client) -> anyhow::Result<Sandbox> {
    let sandbox = client.sandbox("create", json!({}))?;
    let token = sandbox.access_token().unwrap_or_default();
    let is_hex = token.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let seen = if token.len() == 64 && is_hex { "an access token of 64 hex digits" } else { "none" };
    rows.add("Sandbox.create()", "nobody", "platform", "an access token of 64 hex digits", seen);
    let seen = if sandbox.has_traffic_token() { "restricted" } else { "public" };
    rows.add("Sandbox.create(), its traffic", "nobody", "platform", "public", seen);
    Ok(sandbox)
}

pub(crate) fn use_files(rows: &mut Rows, client: &mut Client, sandbox: &Sandbox) -> anyhow::Result<()> {
    let (name, id) = (client.name(), sandbox.id.as_str());
    let seen = client.text("write", json!({ "id": id, "path": PATH, "text": "first" }))?;
    rows.add("files.write", name, "controller", PATH, seen);
    let seen = client.text("read", json!({ "id": id, "path": PATH }))?;
    rows.add("files.read", name, "controller", "first", seen);
    let seen = client.text("read", json!({ "id": id, "path": "/home/user/none.txt" }))?;
    let missing = "path '/home/user/none.txt' does not exist";
    let seen = if seen.contains(missing) { missing.to_owned() } else { seen };
    rows.add("files.read of a missing file", name, "controller", missing, seen);
    Ok(())
}

pub(crate) fn use_urls(
    rows: &mut Rows,
    client: &mut Client,
    platform: &Platform,
    sandbox: &Sandbox,
) -> anyhow::Result<()> {
    let (name, id) = (client.name(), sandbox.id.as_str());
    // URLs as printed: only the URL names the sandbox.
    let download = |url: &str| Probe::get().send(url);
    let upload = |url: &str, text| Probe::form(text).send(url);

    for (step, has_expiry, options) in [
        ("without expiry", "no", json!({ "id": id, "path": PATH })),
        ("with expiry", "yes", json!({ "id": id, "path": PATH, "lifetime": 60 })),
    ] {
        client.text("write", json!({ "id": id, "path": PATH, "text": "by the SDK" }))?;
        let url = client.url("download_url", options.clone())?;
        let seen = if url::parameter(&url, "signature_expiration").is_some() { "yes" } else { "no" };
        rows.add(format!("download_url {step}: does it have an expiry?"), name, name, has_expiry, seen);
        rows.add(format!("download_url {step}"), name, "controller", "200 by the SDK", download(&url)?.content());
        let url = client.url("upload_url", options)?;
        rows.add(format!("upload_url {step}"), name, "controller", "200", upload(&url, step)?.status_or_refusal());
        let seen = client.text("read", json!({ "id": id, "path": PATH }))?;
        rows.add(format!("upload_url {step}: files.read"), name, "controller", step, seen);
    }
    let url = client.url("upload_url", json!({ "id": id, "path": PATH }))?;
    let seen = Probe::bytes("as bytes").send(&url)?.status_or_refusal();
    rows.add("upload_url with application/octet-stream", name, "controller", "200", seen);
    let seen = client.text("read", json!({ "id": id, "path": PATH }))?;
    rows.add("upload_url with application/octet-stream: files.read", name, "controller", "as bytes", seen);

    let url = client.url("download_url", json!({ "id": id, "path": PATH, "lifetime": 0 }))?;
    let seen = if url::parameter(&url, "signature_expiration").is_some() { "yes" } else { "no" };
    let expected = if client.sdk.takes_zero_for_never() { "no" } else { "yes" };
    rows.add("download_url with a lifetime of 0: does it have an expiry?", name, name, expected, seen);

    let late = json!({ "id": id, "path": PATH, "lifetime": -10 });
    let url = client.url("download_url", late.clone())?;
    rows.add("download_url with a negative lifetime", name, "controller", EXPIRED, download(&url)?.refusal());
    let url = client.url("upload_url", late)?;
    rows.add("upload_url with a negative lifetime", name, "controller", EXPIRED, upload(&url, "late")?.refusal());

    // The same URL with headers that name the sandbox, as in the SDKs' own requests.
    let url = client.url("download_url", json!({ "id": id, "path": PATH }))?;
    let (id, port) = (format!("E2b-Sandbox-Id: {id}"), format!("E2b-Sandbox-Port: {CONTROLLER}"));
    let (_, target) = url.split_once("/files").context("no file URL")?;
    let seen = Probe::get().header(&id).header(&port).send(&format!("{}/files{target}", platform.edge()))?.content();
    rows.add("download_url, routed by headers", name, "controller", "200 as bytes", seen);
    Ok(())
}

pub(crate) fn come_back(rows: &mut Rows, client: &mut Client, sandbox: &Sandbox) -> anyhow::Result<()> {
    let (name, id) = (client.name(), sandbox.id.as_str());
    let seen = client.text("state", json!({ "id": id }))?;
    rows.add("get_info", name, "platform", "running", seen);
    let again = client.sandbox("connect", json!({ "id": id }))?;
    let same = if again.access_token()? == sandbox.access_token()? { "the same token" } else { "another token" };
    rows.add("Sandbox.connect", name, "platform", "the same token", same);
    let seen = client.text("read", json!({ "id": id, "path": PATH }))?;
    rows.add("Sandbox.connect: files.read", name, "controller", "as bytes", seen);
    Ok(())
}

pub(crate) fn kill(rows: &mut Rows, client: &mut Client, platform: &Platform, sandbox: &Sandbox) -> anyhow::Result<()> {
    let before = platform.children()?.len();
    let seen = client.text("kill", json!({ "id": sandbox.id }))?;
    rows.add("kill", client.name(), "platform", "true", seen);
    let ended = before.saturating_sub(platform.children()?.len());
    rows.add("kill: processes that ended", client.name(), "platform", "2", ended.to_string());
    let answer = Probe::get().header(&sandbox.host(CONTROLLER)).send(&format!("{}/health", platform.edge()))?;
    rows.add("kill: the sandbox afterwards", "nobody", "edge", "502 The sandbox was not found", answer.refusal());
    Ok(())
}
