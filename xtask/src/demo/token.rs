//! `X-Access-Token` at the controller: right, wrong, none, twice; and which requests need none.

use super::client::Client;
use super::platform::Platform;
use super::probe::Probe;
use super::rows::Rows;
use super::sandbox::{CONTROLLER, Sandbox};
use serde_json::json;

const UNAUTHORIZED: &str =
    "401 unauthorized access, please provide a valid access token or method signing if supported";
const MISMATCH: &str = "401 access token present in header but does not match";
const MISSING: &str = "401 missing signature query parameter";
const MALFORMED: &str = "400 malformed request";
/// The controller allows the request, and has no such route.
const PASSED: &str = "404 not found";

pub(crate) fn check(
    rows: &mut Rows,
    client: &mut Client,
    platform: &Platform,
    sandbox: &Sandbox,
) -> anyhow::Result<()> {
    client.text("write", json!({ "id": sandbox.id, "path": "/home/user/a.txt", "text": "kept" }))?;
    let (edge, host) = (platform.edge(), sandbox.host(CONTROLLER));
    let right = format!("X-Access-Token: {}", sandbox.access_token()?);
    let (right, wrong) = (right.as_str(), "X-Access-Token: wrong");
    let almost = format!("{right}0");
    // curl sends an empty header for this spelling.
    let empty = "X-Access-Token;";

    for (step, headers, protected, file) in [
        ("no token", &[][..], UNAUTHORIZED, MISSING),
        ("an empty token", &[empty], UNAUTHORIZED, MISSING),
        ("a wrong token", &[wrong], UNAUTHORIZED, MISMATCH),
        ("a token with one more digit", &[almost.as_str()], UNAUTHORIZED, MISMATCH),
        ("the right token", &[right], PASSED, "200 kept"),
        ("the right token twice", &[right, right], MALFORMED, MALFORMED),
        ("the right token and a wrong one", &[right, wrong], MALFORMED, MALFORMED),
    ] {
        let send = |probe: Probe<'_>, path: &str| {
            let probe = headers.iter().fold(probe.header(&host), |probe, header| probe.header(header));
            probe.send(&format!("{edge}{path}"))
        };
        let signer = if headers.contains(&right) { client.name() } else { "nobody" };
        let answer = send(Probe::method("POST"), "/files/compose")?;
        rows.add(format!("{step}: POST /files/compose"), signer, "controller", protected, answer.refusal());
        let answer = send(Probe::get(), "/files?path=a.txt")?;
        let seen = if file.starts_with("200") { answer.content() } else { answer.refusal() };
        rows.add(format!("{step}: GET /files"), signer, "controller", file, seen);
        rows.add(format!("{step}: GET /health"), signer, "controller", "204", send(Probe::get(), "/health")?.status());
    }

    for path in ["/%66iles?path=a.txt", "/%68ealth", "//health", "/files/?path=a.txt"] {
        let url = format!("{edge}{path}");
        // The edge refuses the slashes before the controller sees them.
        let is_seen = !path.starts_with("//");
        let (without, with) = if is_seen { (UNAUTHORIZED, PASSED) } else { (MALFORMED, MALFORMED) };
        let verifier = if is_seen { "controller" } else { "edge" };
        let answer = Probe::get().header(&host).send(&url)?;
        rows.add(format!("no token: GET {path}"), "nobody", verifier, without, answer.refusal());
        let answer = Probe::get().header(&host).header(right).send(&url)?;
        rows.add(format!("the right token: GET {path}"), client.name(), verifier, with, answer.refusal());
    }

    let url = format!("{edge}/files?path=a.txt");
    let answer = Probe::preflight("").header(&host).send(&url)?;
    rows.add("a preflight", "nobody", "controller", "204", answer.status_or_refusal());
    let answer = Probe::preflight("{}").header(&host).send(&url)?;
    rows.add("a preflight with a body", "nobody", "controller", UNAUTHORIZED, answer.status_or_refusal());
    Ok(())
}
