//! Passes, signed hosts, and the edge's decision.

use super::keys::{Key, hmac, pass_key, read_token, sandbox_key, signed_host_key, token};
use super::text::*;
use super::{Code, Verifier, encode, u64_bytes};

pub(crate) fn pass_claims(port: u16, expires: i128, context: Option<&[u8]>) -> Vec<u8> {
    let port = port.to_be_bytes().to_vec();
    encode(&[(5, Some(u64_bytes(expires))), (9, context.map(<[u8]>::to_vec)), (10, Some(port))])
}

pub(crate) fn pass(kid: char, traffic_key: &Key, port: u16, expires: i128, context: Option<&[u8]>) -> String {
    let tag = hmac(&pass_key(traffic_key), &pass_claims(port, expires, context));
    format!("sg2p.{kid}.{port}.{expires}.{}", base64url(&tag))
}

/// A label, if the time and the sandbox id fit in one.
pub(crate) fn signed_host(kid: char, traffic_key: &Key, sandbox_id: &str, port: u16, expires: i128) -> Option<String> {
    let time = base36(expires)?;
    let tag = hmac(&signed_host_key(traffic_key), &pass_claims(port, expires, None));
    let label = format!("{port}-{sandbox_id}-{kid}{time}{}", base32(&tag[..16]));
    let lower = sandbox_id.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
    (label.len() <= 63 && lower && !sandbox_id.is_empty()).then_some(label)
}

/// The key ids and traffic keys of a sandbox.
pub(crate) type TrafficKeys = Vec<(char, Key)>;

/// The keys derived from traffic roots (`sg2r.…`).
pub(crate) fn traffic_keys(roots: &[&str], sandbox_id: &str, generation: u32) -> TrafficKeys {
    let roots = roots.iter().map(|root| read_token("sg2r", root).expect("a traffic root"));
    roots.map(|(kid, root)| (kid, sandbox_key(&root, sandbox_id, generation))).collect()
}

fn key_of(keys: &[(char, Key)], kid: char) -> Result<&Key, Code> {
    keys.iter().find(|(ours, _)| *ours == kid).map(|(_, key)| key).ok_or("invalid")
}

/// The expiry of a pass for `port`.
pub(crate) fn verify_pass(
    keys: &[(char, Key)],
    presented: &[u8],
    port: u16,
    verifier: &Verifier<'_>,
) -> Result<i128, Code> {
    let (kid, said_port, expires) = read_pass(presented).ok_or("malformed")?;
    let key = key_of(keys, kid)?;
    if pass(kid, key, said_port, expires, verifier.context).as_bytes() != presented {
        return Err("invalid");
    }
    verifier.check_time(expires)?;
    if said_port == port { Ok(expires) } else { Err("out_of_scope") }
}

fn read_pass(presented: &[u8]) -> Option<(char, u16, i128)> {
    let (kid, rest) = kid_and_rest(core::str::from_utf8(presented).ok()?.strip_prefix("sg2p.")?)?;
    let [port, expires, tag] = rest.split('.').collect::<Vec<_>>().try_into().ok()?;
    let port = u16::try_from(decimal(port, 65535)?).ok().filter(|port| *port != 0)?;
    Some((kid, port, decimal(expires, LAST_NUMBER)?)).filter(|_| has_tag_shape(tag))
}

/// The expiry of a signed host that leads to `port` of `sandbox_id`.
pub(crate) fn verify_signed_host(
    keys: &[(char, Key)],
    label: &str,
    sandbox_id: &str,
    port: u16,
    verifier: &Verifier<'_>,
) -> Result<i128, Code> {
    let (kid, expires) = read_label(label).ok_or("malformed")?;
    let key = key_of(keys, kid)?;
    if signed_host(kid, key, sandbox_id, port, expires).as_deref() != Some(label) {
        return Err("invalid");
    }
    verifier.check_time(expires)?;
    Ok(expires)
}

/// The key id and the expiry in a label of the right shape.
fn read_label(label: &str) -> Option<(char, i128)> {
    let lower = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
    let [port, sandbox_id, third] = label.split('-').collect::<Vec<_>>().try_into().ok()?;
    decimal(port, 65535).filter(|port| *port != 0)?;
    if label.len() > 63 || sandbox_id.is_empty() || third.len() != 34 || !lower(sandbox_id) || !lower(third) {
        return None;
    }
    let (kid, expires, mac) = (&third[..1], &third[1..8], &third[8..]);
    let in_alphabet = mac.bytes().all(|byte| !matches!(byte, b'0' | b'1' | b'8' | b'9'));
    in_alphabet.then(|| (kid.chars().next().unwrap(), i128::from_str_radix(expires, 36).unwrap()))
}

/// A request to a restricted sandbox, already routed. The carriers are named as the crate names them.
#[derive(Clone, Debug)]
pub(crate) struct EdgeRequest<'a> {
    pub(crate) host: &'a str,
    pub(crate) sandbox_id: &'a str,
    pub(crate) port: u16,
    pub(crate) header: Vec<&'a [u8]>,
    pub(crate) query: &'a [u8],
    pub(crate) cookies: Vec<&'a [u8]>,
}

/// The setup of an edge that knows only v2. The verifier's `max_lifetime` is that of passes.
#[derive(Clone, Debug)]
pub(crate) struct Edge<'a> {
    pub(crate) accepted: Vec<&'a str>,
    pub(crate) controller_port: u16,
    pub(crate) signed_host_max_lifetime: u32,
    pub(crate) verifier: Verifier<'a>,
}

/// Whether the request may pass, and the carrier that decided.
pub(crate) fn decide(
    edge: &Edge<'_>,
    keys: &[(char, Key)],
    request: &EdgeRequest<'_>,
) -> (Result<(), Code>, Option<&'static str>) {
    if request.port == edge.controller_port {
        return (Ok(()), None);
    }
    let accepts = |carrier| edge.accepted.contains(&carrier);
    if accepts("header") && (request.header.len() > 1 || request.header.iter().any(|value| !value.is_empty())) {
        return (only(&request.header).and_then(|value| check_header(edge, keys, request, value)), Some("header"));
    }
    let label = request.host.split('.').next().unwrap();
    let parts: Vec<&str> = label.split('-').collect();
    if accepts("host") && parts.len() == 3 && parts[2].len() == 34 {
        let verifier = Verifier { max_lifetime: edge.signed_host_max_lifetime, ..edge.verifier };
        let verified = verify_signed_host(keys, label, request.sandbox_id, request.port, &verifier);
        return (verified.map(|_| ()), Some("host"));
    }
    let check = |value: &[u8]| verify_pass(keys, value, request.port, &edge.verifier).map(|_| ());
    let ours = |name| decode(name).is_some_and(|name| name == b"sandgate_traffic");
    let parameters: Vec<&[u8]> =
        pieces(request.query).into_iter().filter(|(name, _)| ours(name)).map(|(_, value)| value).collect();
    if accepts("query") && !parameters.is_empty() {
        let value = only(&parameters).and_then(|value| decode(value).ok_or("malformed"));
        return (value.and_then(|value| check(&value)), Some("query"));
    }
    let cookies: Vec<&[u8]> = request.cookies.iter().flat_map(|line| cookie_values(line)).collect();
    if accepts("cookie") && !cookies.is_empty() {
        return (only(&cookies).and_then(check), Some("cookie"));
    }
    (Err("missing"), None)
}

fn only<'a>(values: &[&'a [u8]]) -> Result<&'a [u8], Code> {
    if let [value] = values { Ok(value) } else { Err("malformed") }
}

fn check_header(edge: &Edge<'_>, keys: &[(char, Key)], request: &EdgeRequest<'_>, value: &[u8]) -> Result<(), Code> {
    if value.starts_with(b"sg2p.") {
        return verify_pass(keys, value, request.port, &edge.verifier).map(|_| ());
    }
    let text = core::str::from_utf8(value).map_err(|_| "malformed")?;
    let (kid, _) = kid_and_tag(text.strip_prefix("sg2t.")).ok_or("malformed")?;
    if token("sg2t", kid, key_of(keys, kid)?) == text { Ok(()) } else { Err("invalid") }
}

fn cookie_values(line: &[u8]) -> Vec<&[u8]> {
    let cookies = line.split(|byte| *byte == b';').filter_map(|piece| split_at_equals(piece));
    cookies.filter(|(name, _)| trim(name) == b"__Host-sandgate-traffic").map(|(_, value)| trim(value)).collect()
}

fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}
