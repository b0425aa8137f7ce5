//! An SDK's URLs, each changed in one part.

use super::client::Client;
use super::probe::Probe;
use super::rows::Rows;
use super::sandbox::{CONTROLLER, Sandbox};
use super::url::{append, parameter, remove, replace, with_parameter};
use anyhow::Context;
use serde_json::json;

const PATH: &str = "/home/user/signed.txt";
const OTHER: &str = "%2Fhome%2Fuser%2Fother.txt";
const INVALID: &str = "401 invalid signature";
const MALFORMED: &str = "400 malformed request";

pub(crate) fn check(rows: &mut Rows, client: &mut Client, sandbox: &Sandbox) -> anyhow::Result<()> {
    let (id, host) = (sandbox.id.as_str(), sandbox.host(CONTROLLER));
    for path in [PATH, "/home/user/other.txt"] {
        client.text("write", json!({ "id": id, "path": path, "text": "kept" }))?;
    }
    let url = client.url("download_url", json!({ "id": id, "path": PATH }))?;
    let timed = client.url("download_url", json!({ "id": id, "path": PATH, "lifetime": 60 }))?;
    let named = client.url("download_url", json!({ "id": id, "path": PATH, "user": "user" }))?;
    let expires: i64 = parameter(&timed, "signature_expiration").context("no expiry")?.parse()?;
    let later = (expires + 3600).to_string();
    let signature = parameter(&url, "signature").context("no signature")?;
    let shorter = signature.get(..signature.len() - 1).context("no signature")?;

    for (step, url, expected) in [
        ("unchanged", url.clone(), "200 kept"),
        ("another path", replace(&url, "path", OTHER), INVALID),
        ("a user added", append(&url, "username=root"), INVALID),
        ("with a user, unchanged", named.clone(), "200 kept"),
        ("another user", replace(&named, "username", "root"), INVALID),
        ("the user removed", remove(&named, "username"), INVALID),
        ("another signature", replace(&url, "signature", &format!("v1_{}", "A".repeat(43))), INVALID),
        ("a signature cut short", replace(&url, "signature", shorter), INVALID),
        ("a signature with padding", replace(&url, "signature", &format!("{signature}%3D")), INVALID),
        ("an empty signature", replace(&url, "signature", ""), INVALID),
        ("no signature", remove(&url, "signature"), "401 missing signature query parameter"),
        ("an expiry added", append(&url, &format!("signature_expiration={expires}")), INVALID),
        ("a later expiry", replace(&timed, "signature_expiration", &later), INVALID),
        ("the expiry removed", remove(&timed, "signature_expiration"), INVALID),
        ("an expiry that is not a number", replace(&timed, "signature_expiration", "soon"), MALFORMED),
        ("the path twice", append(&url, &format!("path={OTHER}")), MALFORMED),
        ("the signature twice", append(&url, &format!("signature={signature}")), MALFORMED),
        ("a bad escape", append(&url, "utm=%zz"), MALFORMED),
        ("an unknown parameter", append(&url, "utm_source=mail"), "200 kept"),
        ("the name of a parameter escaped", url.replace("path=", "%70ath="), "200 kept"),
        ("every byte of the path escaped", with_parameter(&url, "path", |_| Some(escape_all(PATH))), "200 kept"),
    ] {
        let answer = Probe::get().header(&host).send(&url)?;
        let seen = if expected.starts_with("200") { answer.content() } else { answer.refusal() };
        rows.add(format!("download_url: {step}"), client.name(), "controller", expected, seen);
    }

    let answer = Probe::form("spoiled").header(&host).send(&url)?;
    rows.add("download_url used to upload", client.name(), "controller", INVALID, answer.refusal());
    let upload = client.url("upload_url", json!({ "id": id, "path": PATH }))?;
    let answer = Probe::get().header(&host).send(&upload)?;
    rows.add("upload_url used to download", client.name(), "controller", INVALID, answer.refusal());
    let answer = Probe::form("spoiled").header(&host).send(&replace(&upload, "path", OTHER))?;
    rows.add("upload_url: another path", client.name(), "controller", INVALID, answer.refusal());
    let answer = Probe::head().header(&host).send(&url)?;
    rows.add("download_url used for HEAD", client.name(), "controller", "401", answer.status());
    let seen = client.text("read", json!({ "id": id, "path": "/home/user/other.txt" }))?;
    rows.add("nothing was overwritten", client.name(), "controller", "kept", seen);

    let wrong = "X-Access-Token: wrong";
    let mismatch = "401 access token present in header but does not match";
    let answer = Probe::get().header(&host).header(wrong).send(&url)?;
    rows.add("a wrong token beside a right signature", client.name(), "controller", mismatch, answer.refusal());
    let right = format!("X-Access-Token: {}", sandbox.access_token()?);
    let answer = Probe::get().header(&host).header(&right).send(&replace(&url, "signature", "v1_"))?;
    rows.add("a right token beside a wrong signature", client.name(), "controller", "200 kept", answer.content());
    Ok(())
}

fn escape_all(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}
