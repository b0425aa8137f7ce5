//! Credentials for a browser: passes in a header, a query or a cookie, and signed hosts.

use super::signer::{SIGNER, now, rotate};
use crate::demo::platform::{DOMAIN, Platform};
use crate::demo::probe::Probe;
use crate::demo::rows::Rows;
use crate::demo::sandbox::{CONTROLLER, Sandbox, WEB};
use sandgate::v2::{Keyring, TrafficKey};
use sandgate::{Context, Port, SandboxId, TrafficToken};

const MISSING: &str =
    "403 Sandbox is secured with traffic access token. Token header 'e2b-traffic-access-token' is missing";
const INVALID: &str =
    "403 Sandbox is secured with traffic access token. Provided token in header 'e2b-traffic-access-token' is invalid";
const EXPIRED: &str = "403 traffic access token is already expired";
const TOO_LONG: &str = "403 traffic access token lifetime is too long";
const OTHER_PORT: &str = "403 traffic access token does not cover this port";
const DAY: i64 = 86_400;

/// Issues credentials for a sandbox.
pub(super) struct Issuer {
    key: TrafficKey,
    id: SandboxId,
}

impl Issuer {
    pub(super) fn new(sandbox: &Sandbox) -> anyhow::Result<Self> {
        let key = TrafficKey::new(&TrafficToken::try_from(sandbox.traffic_token()?)?)?;
        Ok(Self { key, id: sandbox.id.parse()? })
    }

    pub(super) fn pass(&self, port: u16, expires: i64) -> anyhow::Result<String> {
        Ok(self.key.issue_pass(Port::try_from(port)?, expires.into(), None)?.as_str().to_owned())
    }

    /// The label.
    pub(super) fn host(&self, port: u16, expires: i64) -> anyhow::Result<String> {
        Ok(self.key.issue_signed_host(&self.id, Port::try_from(port)?, expires.into())?.as_str().to_owned())
    }
}

fn host(label: &str) -> String {
    format!("Host: {label}.{DOMAIN}")
}

fn header(text: &str) -> String {
    format!("e2b-traffic-access-token: {text}")
}

fn query(pass: &str) -> String {
    format!("/?a=1&sandgate_traffic={pass}")
}

fn cookie(pass: &str) -> String {
    format!("Cookie: a=1; __Host-sandgate-traffic={pass}")
}

/// Returns the secrets that must not appear in a log.
pub(super) fn check(
    rows: &mut Rows,
    platform: &Platform,
    sandbox: &Sandbox,
    other: &Sandbox,
) -> anyhow::Result<Vec<String>> {
    let (issuer, foreign, now) = (Issuer::new(sandbox)?, Issuer::new(other)?, now()?);
    let (plain, closed, soon) = (sandbox.host(WEB), sandbox.host(3000), now + 60);
    let (pass, to_closed, of_other) = (issuer.pass(WEB, soon)?, issuer.pass(3000, soon)?, foreign.pass(WEB, soon)?);
    let label = issuer.host(WEB, soon)?;
    let moved = |label: String, from: &str, to: &str| host(&label.replacen(from, to, 1));
    let bound = issuer.key.issue_pass(Port::try_from(WEB)?, soon.into(), Some(Context::try_from("192.0.2.1")?))?;
    let page = format!("200 This is sandbox {}.", sandbox.id);
    let (page, root) = (page.as_str(), "/".to_owned());

    for (step, target, headers, expected) in [
        ("nothing", root.clone(), vec![plain.clone()], MISSING),
        ("the token", root.clone(), vec![plain.clone(), header(sandbox.traffic_token()?)], page),
        ("another sandbox's token", root.clone(), vec![plain.clone(), header(other.traffic_token()?)], INVALID),
        ("the access token", root.clone(), vec![plain.clone(), header(sandbox.access_token()?)], INVALID),
        ("the token in the query", query(sandbox.traffic_token()?), vec![plain.clone()], INVALID),
        ("a pass in the header", root.clone(), vec![plain.clone(), header(&pass)], page),
        ("a pass in the query", query(&pass), vec![plain.clone()], page),
        ("a pass in a cookie", root.clone(), vec![plain.clone(), cookie(&pass)], page),
        ("a signed host", root.clone(), vec![host(&label)], page),
        ("a pass for another port, header", root.clone(), vec![plain.clone(), header(&to_closed)], OTHER_PORT),
        ("a pass for another port, query", query(&to_closed), vec![plain.clone()], OTHER_PORT),
        ("a pass for another port, cookie", root.clone(), vec![plain.clone(), cookie(&to_closed)], OTHER_PORT),
        (
            "that pass at its own port",
            query(&to_closed),
            vec![closed.clone()],
            "502 The sandbox is running but port is not open",
        ),
        ("a pass at another port", query(&pass), vec![closed], OTHER_PORT),
        (
            "a signed host, its port changed",
            root.clone(),
            vec![moved(issuer.host(3000, soon)?, "3000-", "8080-")],
            INVALID,
        ),
        ("another sandbox's pass", query(&of_other), vec![plain.clone()], INVALID),
        (
            "another sandbox's signed host",
            root.clone(),
            vec![moved(foreign.host(WEB, soon)?, &other.id, &sandbox.id)],
            INVALID,
        ),
        ("a signed host in upper case", root.clone(), vec![host(&shout(&label))], INVALID),
        ("an expired pass", query(&issuer.pass(WEB, now - 1)?), vec![plain.clone()], EXPIRED),
        ("a pass for eight days", query(&issuer.pass(WEB, now + 8 * DAY)?), vec![plain.clone()], TOO_LONG),
        ("an expired signed host", root.clone(), vec![host(&issuer.host(WEB, now - 1)?)], EXPIRED),
        ("a signed host for two days", root.clone(), vec![host(&issuer.host(WEB, now + 2 * DAY)?)], TOO_LONG),
        (
            "a pass bound to a client address that the edge does not check",
            query(bound.as_str()),
            vec![plain.clone()],
            INVALID,
        ),
        ("an empty parameter", query(""), vec![plain.clone()], INVALID),
        ("the parameter twice", query(&pass) + "&sandgate_traffic=" + &pass, vec![plain.clone()], INVALID),
        ("the parameter twice, once escaped", query(&pass) + "&sandgate%5Ftraffic=", vec![plain.clone()], INVALID),
        ("the parameter misspelt", query(&pass).replace("traffic", "trafic"), vec![plain.clone()], MISSING),
        ("the cookie twice", root.clone(), vec![plain.clone(), cookie(&pass), cookie(&pass)], INVALID),
        ("the cookie in quotes", root.clone(), vec![plain.clone(), cookie(&format!("\"{pass}\""))], INVALID),
        ("the cookie misspelt", root.clone(), vec![plain.clone(), cookie(&pass).replace("__H", "__h")], MISSING),
        // The first present carrier decides.
        ("a wrong header beside a right cookie", root, vec![plain.clone(), header("x"), cookie(&pass)], INVALID),
        ("a wrong query beside a right cookie", query("x"), vec![plain, cookie(&pass)], INVALID),
        ("a signed host beside a wrong query", query("x"), vec![host(&label)], page),
    ] {
        let probe = headers.iter().fold(Probe::get(), |probe, header| probe.header(header));
        let answer = probe.send(&format!("{}{target}", platform.edge()))?;
        rows.add(format!("port 8080: {step}"), SIGNER, "edge", expected, answer.outcome());
    }

    let refused = issuer.pass(CONTROLLER, soon).err().map(|error| error.to_string());
    let expected = sandgate::Misuse::ControllerPort.message();
    rows.add("a pass for the controller's port", SIGNER, SIGNER, expected, refused.unwrap_or_default());
    Ok(vec![pass, to_closed, of_other, bound.as_str().to_owned(), signed_part(&label)])
}

/// Incrementing the generation revokes earlier credentials.
pub(super) fn revoke(rows: &mut Rows, platform: &Platform, sandbox: &Sandbox) -> anyhow::Result<Vec<String>> {
    let after = rotate(platform, sandbox, r#"{"traffic":true}"#)?;
    let same = if after.access_token()? == sandbox.access_token()? { "the same" } else { "another" };
    rows.add("traffic revoked: the access token", "nobody", "platform", "the same", same);
    let (plain, soon) = (sandbox.host(WEB), now()? + 60);
    let page = format!("200 This is sandbox {}.", sandbox.id);
    let mut secrets = Vec::new();
    for (when, of, expected) in [("issued before", sandbox, INVALID), ("issued after", &after, page.as_str())] {
        let issuer = Issuer::new(of)?;
        let (pass, label) = (issuer.pass(WEB, soon)?, issuer.host(WEB, soon)?);
        for (step, target, headers) in [
            ("the token", "/".to_owned(), vec![plain.clone(), header(of.traffic_token()?)]),
            ("a pass in the query", query(&pass), vec![plain.clone()]),
            ("a pass in a cookie", "/".into(), vec![plain.clone(), cookie(&pass)]),
            ("a signed host", "/".into(), vec![host(&label)]),
        ] {
            let probe = headers.iter().fold(Probe::get(), |probe, header| probe.header(header));
            let answer = probe.send(&format!("{}{target}", platform.edge()))?;
            rows.add(format!("traffic revoked: {step}, {when}"), SIGNER, "edge", expected, answer.outcome());
        }
        secrets.extend([pass, signed_part(&label)]);
    }
    secrets.extend(after.secrets());
    Ok(secrets)
}

/// Tokens of a seed that no longer derives: an edge with its root accepts them.
pub(super) fn check_second_seed(rows: &mut Rows, platform: &Platform, sandbox: &Sandbox) -> anyhow::Result<()> {
    let [_, (kid, seed)] = platform.seeds_v2();
    let token = Keyring::new(*kid, seed.as_bytes())?.traffic_token(&sandbox.id.parse()?, 0);
    let pass = TrafficKey::new(&token)?.issue_pass(Port::try_from(WEB)?, (now()? + 60).into(), None)?;
    let page = format!("200 This is sandbox {}.", sandbox.id);
    let (plain, token) = (sandbox.host(WEB), header(token.expose()));
    let answer = Probe::get().header(&plain).header(&token).send(&format!("{}/", platform.edge()))?;
    rows.add("port 8080: the second seed's token", "the platform", "edge", page.as_str(), answer.outcome());
    let answer = Probe::get().header(&plain).send(&format!("{}{}", platform.edge(), query(pass.as_str())))?;
    rows.add("port 8080: the second seed's pass", SIGNER, "edge", page, answer.outcome());
    Ok(())
}

/// The secret part of a label.
pub(super) fn signed_part(label: &str) -> String {
    label.rsplit('-').next().unwrap_or_default().to_owned()
}

/// The label with the secret part in upper case.
fn shout(label: &str) -> String {
    let part = signed_part(label);
    label.replace(&part, &part.to_uppercase())
}
