//! The edge: restricted sandboxes, internal routes, unroutable hosts.

use super::client::Client;
use super::platform::{DOMAIN, Platform};
use super::probe::Probe;
use super::rows::Rows;
use super::sandbox::{CONTROLLER, Sandbox, WEB};
use serde_json::json;

const MISSING: &str =
    "403 Sandbox is secured with traffic access token. Token header 'e2b-traffic-access-token' is missing";
const INVALID: &str =
    "403 Sandbox is secured with traffic access token. Provided token in header 'e2b-traffic-access-token' is invalid";
const BROWSER: [&str; 3] = [
    "Accept: text/html,application/xhtml+xml,*/*;q=0.8",
    "Sec-Fetch-Mode: navigate",
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
];

pub(crate) fn check_restricted(rows: &mut Rows, client: &mut Client, platform: &Platform) -> anyhow::Result<Sandbox> {
    let sandbox = client.sandbox("create", json!({ "public": false }))?;
    let seen = if sandbox.has_traffic_token() { "a traffic token" } else { "none" };
    rows.add("Sandbox.create() with restricted traffic", "nobody", "platform", "a traffic token", seen);

    let url = format!("{}/", platform.edge());
    let (web, closed) = (sandbox.host(WEB), sandbox.host(3000));
    let right = format!("e2b-traffic-access-token: {}", sandbox.traffic_token()?);
    let wrong = format!("e2b-traffic-access-token: {}", sandbox.access_token()?);
    let page = format!("200 This is sandbox {}.", sandbox.id);

    let answer = Probe::get().header(&web).send(&url)?;
    rows.add("port 8080 without a token", "nobody", "edge", MISSING, answer.refusal());
    let answer = Probe::get().header(&web).header(&wrong).send(&url)?;
    rows.add("port 8080 with the access token", client.name(), "edge", INVALID, answer.refusal());
    let answer = Probe::get().header(&web).header(&right).header(&right).send(&url)?;
    rows.add("port 8080 with the token twice", client.name(), "edge", INVALID, answer.refusal());
    let answer = Probe::get().header(&web).header(&right).send(&url)?;
    rows.add("port 8080 with the token", client.name(), "edge", page, answer.content());
    let answer = BROWSER.iter().fold(Probe::get().header(&web), |probe, header| probe.header(header)).send(&url)?;
    rows.add("port 8080 in a browser", "nobody", "edge", "403 text/html", answer.kind());
    let answer = Probe::get().header(&closed).send(&url)?;
    rows.add("a closed port without a token", "nobody", "edge", MISSING, answer.refusal());
    let answer = Probe::get().header(&closed).header(&right).send(&url)?;
    let expected = "502 The sandbox is running but port is not open";
    rows.add("a closed port with the token", client.name(), "edge", expected, answer.refusal());

    // The controller's port has its own check.
    let (id, path) = (sandbox.id.as_str(), "/home/user/a.txt");
    let seen = client.text("write", json!({ "id": id, "path": path, "text": "kept" }))?;
    rows.add("files.write, traffic restricted", client.name(), "controller", path, seen);
    let url = client.url("download_url", json!({ "id": id, "path": path }))?;
    let answer = Probe::get().header(&sandbox.host(CONTROLLER)).send(&url)?;
    rows.add("download_url, traffic restricted", client.name(), "controller", "200 kept", answer.content());
    client.text("kill", json!({ "id": id }))?;
    Ok(sandbox)
}

pub(crate) fn check_edge(rows: &mut Rows, platform: &Platform, public: &Sandbox) -> anyhow::Result<()> {
    let edge = platform.edge();
    let answer = Probe::get().header(&public.host(WEB)).send(edge)?;
    let page = format!("200 This is sandbox {}.", public.id);
    rows.add("port 8080 of a public sandbox", "nobody", "edge", page, answer.content());

    let nobody = format!("Host: {CONTROLLER}-nothere.{DOMAIN}");
    for (path, name) in [
        ("/init", "/init"),
        ("/upgrade", "/upgrade"),
        ("/freeze", "/freeze"),
        ("/unfreeze", "/unfreeze"),
        ("/fsfreeze", "/fsfreeze"),
        ("/fsthaw", "/fsthaw"),
        ("/collapse", "/collapse"),
        ("/%69nit", "/init"),
        ("/%69nit/", "/init"),
        ("/x/../init", "/init"),
        ("/./init?x=y", "/init"),
    ] {
        let expected = format!(r#"404 {{"message":"not found","path":"{name}","code":404}}"#);
        let url = format!("{edge}{path}");
        for (step, host) in [("a sandbox", public.host(CONTROLLER)), ("no sandbox", nobody.clone())] {
            let answer = Probe::method("POST").header(&host).send(&url)?;
            rows.add(format!("POST {path} of {step}"), "nobody", "edge", &expected, answer.content());
        }
    }
    // Paths that a forwarder or a router after the edge could read as another path.
    for path in ["/init%", "//init/", "/%2569nit", "/%252e/init", "/init%23x", "/init%3Fx", "/x%5C..%5Cinit"] {
        for (step, host) in [("a sandbox", public.host(CONTROLLER)), ("no sandbox", nobody.clone())] {
            let answer = Probe::method("POST").header(&host).send(&format!("{edge}{path}"))?;
            rows.add(format!("POST {path} of {step}"), "nobody", "edge", "400 malformed request", answer.refusal());
        }
    }

    let malformed = "400 invalid host or routing headers";
    let id = format!("E2b-Sandbox-Id: {}", public.id);
    for (step, headers, expected) in [
        ("a host that names no sandbox", &["Host: nowhere.localhost"][..], malformed),
        ("port 0", &["Host: 0-abc.sandbox.localhost"], malformed),
        ("no routing headers", &[], "400 missing sandbox id or port in host and routing headers"),
        ("only one routing header", &[&id], "400 missing sandbox id or port in host and routing headers"),
        ("a routing header twice", &[&id, &id, "E2b-Sandbox-Port: 8080"], malformed),
        ("an unknown sandbox", &["Host: 8080-abc.sandbox.localhost"], "502 The sandbox was not found"),
    ] {
        let answer = headers.iter().fold(Probe::get(), |probe, header| probe.header(header)).send(edge)?;
        rows.add(step, "nobody", "edge", expected, answer.refusal());
    }
    Ok(())
}
