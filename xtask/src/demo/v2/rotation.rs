//! Access tokens that are revoked, and those of a seed that no longer derives.

use super::signer::{SIGNER, Signer, rotate, soon};
use crate::demo::client::Client;
use crate::demo::platform::Platform;
use crate::demo::probe::Probe;
use crate::demo::rows::Rows;
use crate::demo::sandbox::{CONTROLLER, Sandbox};
use sandgate::v2::{FileUrl, Keyring};
use serde_json::json;

const PATH: &str = "/home/user/rotated.txt";
const INVALID: &str = "401 invalid signature";
const MISMATCH: &str = "401 access token present in header but does not match";

/// Returns the secrets that must not appear in a log.
pub(super) fn check(
    rows: &mut Rows,
    client: &mut Client,
    platform: &Platform,
    sandbox: &Sandbox,
    v1: &Sandbox,
) -> anyhow::Result<Vec<String>> {
    let id = sandbox.id.as_str();
    client.text("write", json!({ "id": id, "path": PATH, "text": "kept" }))?;
    let [_, (kid, seed)] = platform.seeds_v2();
    let second = Keyring::new(*kid, seed.as_bytes())?.access_token(&id.parse()?, 0);
    let mut secrets = vec![second.expose().to_owned()];
    let mut show =
        |who: &str, token: &str, header: &str, url: &str| show(rows, platform, sandbox, (who, token), (header, url));
    show("the token", sandbox.access_token()?, "200 kept", "200 kept")?;
    // The platform hands over the token of the first seed alone.
    show("the second seed's token", second.expose(), MISMATCH, INVALID)?;
    let one = rotate(platform, sandbox, r#"{"access":true}"#)?;
    show("revoked: the token", sandbox.access_token()?, MISMATCH, INVALID)?;
    show("the new token", one.access_token()?, "200 kept", "200 kept")?;
    let two = rotate(platform, sandbox, r#"{"access":true}"#)?;
    show("revoked: the new token", one.access_token()?, MISMATCH, INVALID)?;
    show("the newest token", two.access_token()?, "200 kept", "200 kept")?;
    secrets.extend([&one, &two].into_iter().flat_map(Sandbox::secrets));

    let same = if two.traffic_token()? == sandbox.traffic_token()? { "the same" } else { "another" };
    rows.add("access revoked: the traffic token", "nobody", "platform", "the same", same);
    let seen = client.text("read", json!({ "id": id, "path": PATH }))?;
    let seen = if seen.contains("does not match") { "refused" } else { &seen };
    rows.add("access revoked: files.read", client.name(), "controller", "refused", seen);
    client.sandbox("connect", json!({ "id": id }))?;
    let seen = client.text("read", json!({ "id": id, "path": PATH }))?;
    rows.add("access revoked: Sandbox.connect, files.read", client.name(), "controller", "kept", seen);

    beside(rows, client, platform, (v1, &two))?;
    Ok(secrets)
}

/// The requests that a token allows, in a header and as a signature.
fn show(
    rows: &mut Rows,
    platform: &Platform,
    sandbox: &Sandbox,
    (who, token): (&str, &str),
    (in_header, signed): (&str, &str),
) -> anyhow::Result<()> {
    let (host, header) = (sandbox.host(CONTROLLER), format!("X-Access-Token: {token}"));
    let plain = format!("{}/files?path={PATH}", platform.edge());
    let answer = Probe::get().header(&host).header(&header).send(&plain)?;
    rows.add(format!("{who}, in the header"), "the platform", "controller", in_header, answer.outcome());
    let url = Signer::new(platform, token)?.url(&FileUrl::download(PATH.as_bytes(), soon()?))?;
    let answer = Probe::get().header(&host).send(&url)?;
    rows.add(format!("{who}, a URL signed with it"), SIGNER, "controller", signed, answer.outcome());
    Ok(())
}

/// A v1 sandbox on the same platform is unchanged.
fn beside(
    rows: &mut Rows,
    client: &mut Client,
    platform: &Platform,
    (v1, v2): (&Sandbox, &Sandbox),
) -> anyhow::Result<()> {
    let (path, key) = ("/home/user/beside.txt", format!("X-API-Key: {}", platform.api_key()));
    client.text("write", json!({ "id": v1.id, "path": path, "text": "kept" }))?;
    let rotation = format!("{}/sandboxes/{}/credentials/rotate", platform.api(), v1.id);
    let answer = Probe::json(r#"{"access":true}"#).header(&key).send(&rotation)?;
    let expected = "409 tokens of version 1 have no generation";
    rows.add("revoking tokens of v1", "nobody", "platform", expected, answer.outcome());
    let answer = Probe::json(r#"{"access":true}"#).send(&rotation)?;
    rows.add("revoking tokens without an API key", "nobody", "platform", "401 invalid API key", answer.outcome());

    let (host, plain) = (v1.host(CONTROLLER), format!("{}/files?path={path}", platform.edge()));
    let header = format!("X-Access-Token: {}", v2.access_token()?);
    let answer = Probe::get().header(&host).header(&header).send(&plain)?;
    rows.add("a token of v2 at a sandbox of v1", "the platform", "controller", MISMATCH, answer.outcome());
    let url = Signer::new(platform, v2.access_token()?)?.url(&FileUrl::download(path.as_bytes(), soon()?))?;
    let answer = Probe::get().header(&host).send(&url)?;
    rows.add("a URL of v2 at a sandbox of v1", SIGNER, "controller", INVALID, answer.outcome());
    let url = client.url("download_url", json!({ "id": v1.id, "path": path }))?;
    let answer = Probe::get().header(&host).send(&url)?;
    rows.add("a URL of v1 at a sandbox of v1", client.name(), "controller", "200 kept", answer.outcome());
    let answer = Probe::get().header(&v2.host(CONTROLLER)).send(&url)?;
    rows.add("a URL of v1 at a sandbox of v2", client.name(), "controller", "400 malformed request", answer.outcome());
    Ok(())
}
