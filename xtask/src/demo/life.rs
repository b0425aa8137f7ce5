//! A sandbox that sleeps: an SDK pauses, wakes and resets it, and requests with a credential wake it.

use super::client::{Client, Sdk};
use super::platform::Platform;
use super::probe::{Answer, Probe};
use super::rows::Rows;
use super::sandbox::{CONTROLLER, Sandbox, WEB};
use serde_json::{Value, json};

const PATH: &str = "/home/user/kept.txt";
const DENIED: &str =
    "403 This sandbox can't be resumed with the credentials provided. Check your access token and try again.";
const INVALID: &str =
    "403 Sandbox is secured with traffic access token. Provided token in header 'e2b-traffic-access-token' is invalid";
const NOT_FOUND: &str = "502 The sandbox was not found";

/// Returns the secrets that must not appear in a log.
pub(crate) fn check(rows: &mut Rows, client: &mut Client, platform: &Platform) -> anyhow::Result<Vec<String>> {
    let sandbox = client.sandbox("create", json!({ "public": false, "auto_resume": true }))?;
    let id = json!({ "id": sandbox.id });
    client.text("write", json!({ "id": sandbox.id, "path": PATH, "text": "kept" }))?;
    let seen = client.text("set_timeout", json!({ "id": sandbox.id, "seconds": 77 }))?;
    rows.add("set_timeout(77): does it end in time?", client.name(), "platform", "true", seen);

    pause(rows, client, platform, &sandbox)?;
    refused(rows, platform, &sandbox)?;
    let seen = client.text("state", id.clone())?;
    rows.add("paused: get_info after those requests", client.name(), "platform", "paused", seen);
    let seen = client.text("is_running", id.clone())?;
    rows.add("paused: is_running", client.name(), "platform", "true", seen);
    let seen = client.text("read", json!({ "id": sandbox.id, "path": PATH }))?;
    rows.add("woken by is_running: files.read", client.name(), "controller", "kept", seen);

    client.text("pause", id.clone())?;
    let answer = with_token(platform, &sandbox, sandbox.traffic_token()?)?;
    let page = format!("200 This is sandbox {}.", sandbox.id);
    rows.add("paused: port 8080 with the traffic token", client.name(), "platform", page, answer.outcome());
    client.text("pause", id.clone())?;
    let again = client.sandbox("connect_again", id.clone())?;
    rows.add("paused: connect", client.name(), "platform", "the same tokens", again.compared(&sandbox));
    let seen = client.text("is_running", id.clone())?;
    rows.add("woken by connect: is_running", client.name(), "controller", "true", seen);

    let mut secrets: Vec<String> = sandbox.secrets().collect();
    if client.sdk.can_reset() {
        decide_again(rows, client, platform, &sandbox)?;
        secrets.extend(reset(rows, client, platform, sandbox)?);
        let of_v2 = client.sandbox("create", json!({ "public": false, "metadata": { "sandgate": "v2" } }))?;
        secrets.extend(of_v2.secrets());
        secrets.extend(reset(rows, client, platform, of_v2)?);
    } else {
        client.text("kill", id)?;
    }
    stay_asleep(rows, client, platform)?;
    Ok(secrets)
}

fn pause(rows: &mut Rows, client: &mut Client, platform: &Platform, sandbox: &Sandbox) -> anyhow::Result<()> {
    let (name, before) = (client.name(), platform.children()?.len());
    let seen = client.text("pause", json!({ "id": sandbox.id }))?;
    rows.add("pause", name, "platform", "true", seen);
    let ended = before.saturating_sub(platform.children()?.len());
    rows.add("pause: processes that ended", name, "platform", "2", ended.to_string());
    let seen = client.text("pause", json!({ "id": sandbox.id }))?;
    // Novita's for Python returns nothing in both cases.
    let expected = if client.sdk == Sdk::NovitaPython { "true" } else { "false" };
    rows.add("paused: pause", name, "platform", expected, seen);
    let seen = client.text("state", json!({ "id": sandbox.id }))?;
    rows.add("paused: get_info", name, "platform", "paused", seen);
    Ok(())
}

/// Requests that do not wake it.
fn refused(rows: &mut Rows, platform: &Platform, sandbox: &Sandbox) -> anyhow::Result<()> {
    let (controller, web, edge) = (sandbox.host(CONTROLLER), sandbox.host(WEB), platform.edge());
    let traffic = format!("e2b-traffic-access-token: {}", sandbox.traffic_token()?);
    for (step, host, header, path) in [
        ("GET /health, no token", &controller, "Accept: */*", "/health"),
        ("GET /health, a wrong token", &controller, "X-Access-Token: wrong", "/health"),
        ("GET /health, the traffic token", &controller, &traffic, "/health"),
        ("GET /files, no token", &controller, "Accept: */*", "/files?path=kept.txt"),
        ("GET /files, a wrong signature", &controller, "Accept: */*", "/files?path=kept.txt&signature=v1_x"),
        ("port 8080, no token", &web, "Accept: */*", "/"),
        ("port 8080, a wrong token", &web, "e2b-traffic-access-token: wrong", "/"),
    ] {
        let answer = Probe::get().header(host).header(header).send(&format!("{edge}{path}"))?;
        rows.add(format!("paused: {step}"), "nobody", "platform", DENIED, answer.refusal());
    }
    let answer = Probe::get().header(&web).header("User-Agent: Mozilla/5.0").send(edge)?;
    rows.add("paused: port 8080 in a browser", "nobody", "platform", "403 text/html", answer.kind());
    let answer = Probe::method("POST").header(&controller).send(&format!("{edge}/init"))?;
    rows.add("paused: POST /init", "nobody", "edge", "404 not found", answer.refusal());
    Ok(())
}

/// `connect` takes options, and does not rotate.
fn decide_again(rows: &mut Rows, client: &mut Client, platform: &Platform, sandbox: &Sandbox) -> anyhow::Result<()> {
    let page = format!("200 This is sandbox {}.", sandbox.id);
    client.sandbox("connect_again", json!({ "id": sandbox.id, "public": true }))?;
    let answer = Probe::get().header(&sandbox.host(WEB)).send(platform.edge())?;
    rows.add("connect(public): port 8080, no token", client.name(), "edge", page.as_str(), answer.outcome());
    let again = client.sandbox("connect_again", json!({ "id": sandbox.id, "public": false }))?;
    rows.add("connect(restricted)", client.name(), "platform", "the same tokens", again.compared(sandbox));
    let answer = Probe::get().header(&sandbox.host(WEB)).send(platform.edge())?;
    rows.add("connect(restricted): port 8080, no token", client.name(), "edge", "403", answer.status());
    Ok(())
}

/// Ends the sandbox. Returns the new secrets.
fn reset(rows: &mut Rows, client: &mut Client, platform: &Platform, before: Sandbox) -> anyhow::Result<Vec<String>> {
    let (name, id) = (client.name(), before.id.as_str());
    let page = format!("200 This is sandbox {id}.");
    let after = client.sandbox("reset", json!({ "id": id }))?;
    let version = if before.access_token()?.starts_with("sg2a.") { "v2: " } else { "" };
    for (step, sandbox, expected) in [("the token before", &before, INVALID), ("the new token", &after, page.as_str())]
    {
        let answer = with_token(platform, &before, sandbox.traffic_token()?)?;
        rows.add(format!("{version}reset: port 8080, {step}"), name, "edge", expected, answer.outcome());
    }
    let seen = client.text("is_running", json!({ "id": id }))?;
    rows.add(format!("{version}reset: is_running"), name, "controller", "true", seen);
    client.text("kill", json!({ "id": id }))?;
    Ok(after.secrets().collect())
}

/// Without auto-resume no request wakes it.
fn stay_asleep(rows: &mut Rows, client: &mut Client, platform: &Platform) -> anyhow::Result<()> {
    let sandbox = client.sandbox("create", json!({}))?;
    let id = json!({ "id": sandbox.id });
    client.text("pause", id.clone())?;
    let seen = client.text("is_running", id.clone())?;
    rows.add("paused for good: is_running", client.name(), "platform", "false", seen);
    let answer = Probe::get().header(&sandbox.host(WEB)).send(platform.edge())?;
    rows.add("paused for good: port 8080", "nobody", "platform", NOT_FOUND, answer.refusal());

    // An old client's id.
    let key = format!("X-API-Key: {}", platform.api_key());
    let answer =
        Probe::json("{}").header(&key).send(&format!("{}/sandboxes/{}-client/connect", platform.api(), sandbox.id))?;
    let connected: Value = serde_json::from_str(answer.body()).unwrap_or_default();
    let seen = if connected["envdAccessToken"] == sandbox.access_token()? { "the same token" } else { "another" };
    rows.add("paused for good: connect by a long id", "nobody", "platform", "the same token", seen);
    rows.add("paused for good: its status", "nobody", "platform", "201", answer.status());
    client.text("kill", id)?;
    Ok(())
}

fn with_token(platform: &Platform, sandbox: &Sandbox, token: &str) -> anyhow::Result<Answer> {
    let (host, header) = (sandbox.host(WEB), format!("e2b-traffic-access-token: {token}"));
    Probe::get().header(&host).header(&header).send(platform.edge())
}
