//! The request that reaches the program in the sandbox: the edge removes the credentials.

use super::signer::{SIGNER, now};
use super::traffic::{Issuer, signed_part};
use crate::demo::platform::{DOMAIN, Platform};
use crate::demo::probe::Probe;
use crate::demo::rows::Rows;
use crate::demo::sandbox::{Sandbox, WEB};

/// Returns the secrets that must not appear in a log.
pub(super) fn check(rows: &mut Rows, platform: &Platform, sandbox: &Sandbox) -> anyhow::Result<Vec<String>> {
    let (issuer, soon) = (Issuer::new(sandbox)?, now()? + 60);
    let (pass, label) = (issuer.pass(WEB, soon)?, issuer.host(WEB, soon)?);
    let headers = [
        format!("Host: {label}.{DOMAIN}"),
        format!("e2b-traffic-access-token: {}", sandbox.traffic_token()?),
        format!("Cookie: a=1; __Host-sandgate-traffic={pass}; b=2"),
        format!("Cookie: __Host-sandgate-traffic={pass}"),
        format!("X-Forwarded-Host: {label}.{DOMAIN}, proxy.test"),
        format!("X-Original-URI: /x?sandgate_traffic={pass}&b"),
        "X-Own: kept".to_owned(),
    ];
    let url = format!("{}/echo//x%2F?a=%zz&sandgate_traffic={pass}&&b=+", platform.edge());
    let answer = headers.iter().fold(Probe::get(), |probe, header| probe.header(header)).send(&url)?;
    let line = |name: &str| {
        let found = answer.body().lines().filter(|line| line.to_lowercase().starts_with(name));
        found.collect::<Vec<_>>().join(" | ").to_lowercase()
    };
    let host = format!("host: {WEB}-{}.{DOMAIN}", sandbox.id);
    rows.add("the request line", SIGNER, "edge", "get /echo//x%2f?a=%zz&&b=+ http/1.1", line("get "));
    rows.add("the host", SIGNER, "edge", host, line("host:"));
    rows.add("the cookies", SIGNER, "edge", "cookie: a=1; b=2", line("cookie:"));
    let repeated = format!("x-forwarded-host: {WEB}-{}.{DOMAIN}, proxy.test", sandbox.id);
    rows.add("a header that repeats the host", SIGNER, "edge", repeated, line("x-forwarded-host:"));
    rows.add("a header that repeats the target", SIGNER, "edge", "x-original-uri: /x?b", line("x-original-uri:"));
    rows.add("another header of the client", SIGNER, "edge", "x-own: kept", line("x-own:"));
    let secrets = vec![pass, signed_part(&label), sandbox.traffic_token()?.to_owned()];
    let names = ["traffic", "sg2"].map(str::to_owned);
    let found = secrets.iter().chain(&names).filter(|text| answer.body().contains(text.as_str())).count();
    rows.add("credentials in the forwarded request", SIGNER, "edge", "0", found.to_string());
    Ok(secrets)
}
