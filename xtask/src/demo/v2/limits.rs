//! Uploads with a signed maximum size, or with a signed SHA-256.

use super::signer::{SIGNER, Signer, soon};
use crate::demo::client::Client;
use crate::demo::platform::Platform;
use crate::demo::probe::Probe;
use crate::demo::rows::Rows;
use crate::demo::sandbox::{CONTROLLER, Sandbox};
use crate::demo::url::{remove, replace};
use sandgate::v2::FileUrl;
use serde_json::json;

/// Of `abc` (FIPS 180-4).
const ABC: [u8; 32] = [
    0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61,
    0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
];
const TOO_LARGE: &str = "413 upload is larger than 10 bytes";
const OTHER_CONTENT: &str = "422 content does not have the signed SHA-256";
const INVALID: &str = "401 invalid signature";
/// With it, curl sends no Content-Length.
const CHUNKED: &str = "Transfer-Encoding: chunked";

pub(super) fn check(
    rows: &mut Rows,
    client: &mut Client,
    platform: &Platform,
    sandbox: &Sandbox,
) -> anyhow::Result<()> {
    let (signer, host, end) = (Signer::new(platform, sandbox.access_token()?)?, sandbox.host(CONTROLLER), soon()?);
    client.text("write", json!({ "id": sandbox.id, "path": "/home/user/limits/kept.txt", "text": "kept" }))?;
    let new = FileUrl::upload(b"/home/user/limits/new.txt", end);
    let small = signer.url(&new.max_bytes(10))?;
    let exact = signer.url(&new.content_sha256(ABC))?;
    let kept = signer.url(&FileUrl::upload(b"/home/user/limits/kept.txt", end).max_bytes(10))?;

    for (step, probe, url, expected) in [
        ("11 bytes, PUT", Probe::put("eleven byte"), &small, TOO_LARGE),
        ("11 bytes, POST", Probe::bytes("eleven byte"), &small, TOO_LARGE),
        ("11 bytes, a form", Probe::form("eleven byte"), &small, TOO_LARGE),
        ("11 bytes, in chunks", Probe::put("eleven byte").header(CHUNKED), &small, TOO_LARGE),
        ("11 bytes over a file", Probe::put("eleven byte"), &kept, TOO_LARGE),
        ("the limit raised", Probe::put("eleven byte"), &replace(&small, "signature_max_bytes", "11"), INVALID),
        ("the limit removed", Probe::put("eleven byte"), &remove(&small, "signature_max_bytes"), INVALID),
        ("other content, PUT", Probe::put("abd"), &exact, OTHER_CONTENT),
        ("other content, a form", Probe::form("abd"), &exact, OTHER_CONTENT),
        ("no content", Probe::put(""), &exact, OTHER_CONTENT),
        ("the hash removed", Probe::put("abd"), &remove(&exact, "signature_sha256"), INVALID),
    ] {
        let answer = probe.header(&host).send(url)?;
        rows.add(format!("upload: {step}"), SIGNER, "controller", expected, answer.outcome());
        let seen = platform.names_in(&sandbox.id, "/home/user/limits")?.join(" ");
        rows.add(format!("upload: {step}: the files afterwards"), "nobody", "controller", "kept.txt", seen);
    }
    let seen = client.text("read", json!({ "id": sandbox.id, "path": "/home/user/limits/kept.txt" }))?;
    rows.add("nothing was overwritten", client.name(), "controller", "kept", seen);

    for (step, probe, url, text) in [
        ("10 bytes, PUT", Probe::put("ten bytes."), &small, "ten bytes."),
        ("10 bytes, a form", Probe::form("TEN BYTES."), &small, "TEN BYTES."),
        ("the content that was signed", Probe::put("abc"), &exact, "abc"),
    ] {
        let answer = probe.header(&host).send(url)?;
        rows.add(format!("upload: {step}"), SIGNER, "controller", "200", answer.status_or_refusal());
        let seen = client.text("read", json!({ "id": sandbox.id, "path": "/home/user/limits/new.txt" }))?;
        rows.add(format!("upload: {step}: files.read"), client.name(), "controller", text, seen);
    }
    Ok(())
}
