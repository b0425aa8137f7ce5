//! A URL of v2, changed in one part.

use super::signer::{SIGNER, Signer, soon};
use crate::demo::client::Client;
use crate::demo::platform::Platform;
use crate::demo::probe::Probe;
use crate::demo::rows::Rows;
use crate::demo::sandbox::{CONTROLLER, Sandbox};
use crate::demo::url::{append, parameter, remove, replace, with_parameter};
use anyhow::Context;
use sandgate::v2::FileUrl;
use serde_json::json;

const PATH: &str = "/home/user/signed.txt";
const SPELT_PATH: &str = "%2Fhome%2Fuser%2Fsigned.txt";
const INVALID: &str = "401 invalid signature";
const MALFORMED: &str = "400 malformed request";

pub(super) fn check(
    rows: &mut Rows,
    client: &mut Client,
    platform: &Platform,
    sandbox: &Sandbox,
) -> anyhow::Result<()> {
    let (signer, host, end) = (Signer::new(platform, sandbox.access_token()?)?, sandbox.host(CONTROLLER), soon()?);
    client.text("write", json!({ "id": sandbox.id, "path": PATH, "text": "kept" }))?;
    let url = signer.url(&FileUrl::download(PATH.as_bytes(), end))?;
    let named = signer.url(&FileUrl::download(PATH.as_bytes(), end).user(b"user"))?;
    let signature = parameter(&url, "signature").context("no signature")?;
    let shorter = signature.get(..signature.len() - 1).context("no signature")?;
    let (later, zeros) = ((end.get() + 1).to_string(), format!("0{end}"));

    for (step, url, expected) in [
        ("unchanged", url.clone(), "200 kept"),
        ("another path", replace(&url, "path", "%2Fhome%2Fuser%2Fother.txt"), INVALID),
        ("no path", remove(&url, "path"), MALFORMED),
        ("a user added", append(&url, "username=user"), INVALID),
        ("an empty user added", append(&url, "username="), INVALID),
        ("with a user, unchanged", named.clone(), "200 kept"),
        ("another user", replace(&named, "username", "root"), INVALID),
        ("the user removed", remove(&named, "username"), INVALID),
        ("another key id", url.replace("v2.b.", "v2.z."), INVALID),
        ("the second seed's key id", url.replace("v2.b.", "v2.a."), INVALID),
        ("another spelling of the signature", replace(&url, "signature", &respell(signature)), INVALID),
        ("a signature cut short", replace(&url, "signature", shorter), MALFORMED),
        ("a signature with padding", replace(&url, "signature", &format!("{signature}%3D")), MALFORMED),
        ("an empty signature", replace(&url, "signature", ""), MALFORMED),
        ("a signature of v1", replace(&url, "signature", &format!("v1_{}", "A".repeat(43))), MALFORMED),
        ("no signature", remove(&url, "signature"), "401 missing signature query parameter"),
        ("a later expiry", replace(&url, "signature_expiration", &later), INVALID),
        ("no expiry", remove(&url, "signature_expiration"), MALFORMED),
        ("an expiry that is not a number", replace(&url, "signature_expiration", "soon"), MALFORMED),
        ("an expiry with a leading zero", replace(&url, "signature_expiration", &zeros), MALFORMED),
        ("a directory added", append(&url, "signature_directory=%2Fhome%2Fuser%2F"), INVALID),
        ("max_bytes on a download", append(&url, "signature_max_bytes=10"), MALFORMED),
        ("the path twice", append(&url, &format!("path={SPELT_PATH}")), MALFORMED),
        ("the user twice", append(&named, "username=user"), MALFORMED),
        ("the signature twice", append(&url, &format!("signature={signature}")), MALFORMED),
        ("the expiry twice", append(&url, &format!("signature_expiration={end}")), MALFORMED),
        ("the path twice, once escaped", append(&url, &format!("%70ath={SPELT_PATH}")), MALFORMED),
        ("signature_max_byte, misspelt", append(&url, "signature_max_byte=1"), MALFORMED),
        ("signature_expires, misspelt", append(&url, "signature_expires=1"), MALFORMED),
        ("signatures, misspelt", append(&url, "signatures"), MALFORMED),
        ("a bad escape", append(&url, "utm=%zz"), MALFORMED),
        ("an unknown parameter", append(&url, "utm_source=mail&Signature=x"), "200 kept"),
        ("the name of a parameter escaped", url.replace("path=", "%70ath="), "200 kept"),
        ("every byte of the path escaped", with_parameter(&url, "path", |_| Some(escape_all(PATH))), "200 kept"),
    ] {
        let answer = Probe::get().header(&host).send(&url)?;
        rows.add(format!("download: {step}"), SIGNER, "controller", expected, answer.outcome());
    }

    let wrong = "X-Access-Token: wrong";
    let answer = Probe::get().header(&host).header(wrong).send(&url)?;
    let mismatch = "401 access token present in header but does not match";
    rows.add("a wrong token beside a right signature", "nobody", "controller", mismatch, answer.outcome());
    let right = format!("X-Access-Token: {}", sandbox.access_token()?);
    let answer = Probe::get().header(&host).header(&right).send(&replace(&url, "signature", "v2."))?;
    rows.add("a right token beside a wrong signature", client.name(), "controller", "200 kept", answer.outcome());
    Ok(())
}

/// The last of 43 characters has two unused bits: this sets one of them.
fn respell(signature: &str) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (rest, last) = signature.split_at(signature.len() - 1);
    let next = ALPHABET.split(last).nth(1).and_then(|behind| behind.get(..1)).unwrap_or_default();
    format!("{rest}{next}")
}

fn escape_all(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}
