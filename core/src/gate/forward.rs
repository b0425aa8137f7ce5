//! Removes an edge's credentials from a request before the edge forwards it, so that code in the sandbox never sees them.
//!
//! [`header`] rewrites one header line, and [`target`] the target. They remove the header
//! [`TRAFFIC_HEADER`](crate::headers::TRAFFIC_HEADER), the parameter [`TRAFFIC_PARAMETER`] and the cookie
//! [`TRAFFIC_COOKIE`], whether or not the edge read them, and the signed part of a host's label. Proxies repeat the host
//! and the target in further headers; [`HEADERS`] lists those that are cleaned too. Copies that an application or a proxy
//! makes anywhere else, in a body or in another header, stay.

use crate::encoding::bytes::has;
use crate::gate::carrier::{cookies as pieces_of, our_cookie};
use crate::gate::header_names::{AUTHORITY, COOKIE, HOST};
use crate::gate::scrub::scrub;
use crate::request::query::{pieces, value_of};

pub use crate::gate::carrier::{TRAFFIC_COOKIE, TRAFFIC_PARAMETER};
use crate::gate::header_names::TRAFFIC_HEADER;

/// Every header that [`header`] removes or may rewrite, in lower case: those that carry a credential, and those in which
/// browsers and proxies repeat the host or the target of a request.
///
/// Sources: RFC 7239 (`Forwarded`), RFC 9110 (`Referer`), RFC 6454 (`Origin`), RFC 7838 (`Alt-Used`), RFC 4918 (WebDAV's
/// `Destination` and `If`), the HTML standard (`Ping-From`, `Ping-To`), HTTP/2's `:authority` and `:path`, and the documentation
/// of nginx, Traefik, Caddy, Envoy, HAProxy, IIS and Azure, oauth2-proxy and Vercel for the rest.
pub const HEADERS: [&str; 35] = [
    TRAFFIC_HEADER,
    COOKIE,
    HOST,
    AUTHORITY,
    ":path",
    "alt-used",
    "destination",
    "forwarded",
    "if",
    "origin",
    "ping-from",
    "ping-to",
    "referer",
    "disguised-host",
    "x-auth-request-redirect",
    "x-envoy-original-host",
    "x-envoy-original-path",
    "x-forwarded-host",
    "x-forwarded-path",
    "x-forwarded-server",
    "x-forwarded-uri",
    "x-forwarded-url",
    "x-host",
    "x-http-host-override",
    "x-ms-original-url",
    "x-original-forwarded-host",
    "x-original-host",
    "x-original-path",
    "x-original-uri",
    "x-original-url",
    "x-real-host",
    "x-request-uri",
    "x-rewrite-url",
    "x-vercel-forwarded-host",
    "x-waws-unencoded-url",
];

/// Writes the value of a header line to forward into `out`, in pieces, and returns whether to forward the line at all.
///
/// - [`TRAFFIC_HEADER`](crate::headers::TRAFFIC_HEADER) is removed, and so is a `Cookie` line that holds only our cookie.
/// - The left-most label of `Host` becomes `{port}-{sandbox_id}`.
/// - From all other [`HEADERS`] the signed parts of labels, passes and the parameter are removed.
///
/// ```
/// use sandgate::forward::header;
///
/// let forwarded = |name: &str, value: &str| {
///     let mut out = Vec::new();
///     let stays = header(name.as_bytes(), value.as_bytes(), |piece| out.extend_from_slice(piece));
///     stays.then(|| String::from_utf8(out).unwrap())
/// };
/// assert_eq!(forwarded("E2b-Traffic-Access-Token", "secret"), None);
/// assert_eq!(forwarded("Host", "8080-abc-anything.e2b.app").as_deref(), Some("8080-abc.e2b.app"));
/// assert_eq!(forwarded("X-Original-URI", "/a?sandgate_traffic=sg2p.x&b").as_deref(), Some("/a?b"));
/// assert_eq!(forwarded("Accept", "*/*").as_deref(), Some("*/*"));
/// ```
pub fn header(name: &[u8], value: &[u8], mut out: impl FnMut(&[u8])) -> bool {
    write_header(name, value, &mut out)
}

/// Takes the text to forward, in pieces.
type Out<'o> = &'o mut dyn FnMut(&[u8]);

fn write_header(name: &[u8], value: &[u8], out: Out<'_>) -> bool {
    let is = |known: &&&str| name.eq_ignore_ascii_case(known.as_bytes());
    match HEADERS.iter().find(is).copied() {
        Some(TRAFFIC_HEADER) => return false,
        Some(COOKIE) => return write_cookies(value, out),
        Some(HOST | AUTHORITY) => write_host(value, out),
        Some(_) => write_target(value, &mut |piece| scrub(piece, out)),
        None => out(value),
    }
    true
}

/// Writes the target, path and query, into `out` without the parameter, in pieces. Everything else is unchanged.
///
/// ```
/// let mut out = Vec::new();
/// sandgate::forward::target(b"/a?sandgate_traffic=sg2p.x&b=%zz", |piece| out.extend_from_slice(piece));
/// assert_eq!(out, b"/a?b=%zz");
/// ```
pub fn target(target: &[u8], mut out: impl FnMut(&[u8])) {
    write_target(target, &mut out);
}

fn write_target(target: &[u8], out: Out<'_>) {
    let mark = target.iter().position(|byte| *byte == b'?').unwrap_or(target.len());
    let (path, rest) = target.split_at_checked(mark).unwrap_or_default();
    out(path);
    let mut between: &[u8] = b"?";
    for piece in rest.get(1..).into_iter().flat_map(query) {
        out(between);
        out(piece);
        between = b"&";
    }
}

/// Returns the pieces of a query to forward, to be joined with `&`. They are unchanged, and empty ones are kept.
///
/// ```
/// let stays: Vec<&[u8]> = sandgate::forward::query(b"a=1&sandgate%5Ftraffic=sg2p.x&b").collect();
/// assert_eq!(stays.join(&b'&'), b"a=1&b");
/// ```
pub fn query(query: &[u8]) -> impl Iterator<Item = &[u8]> {
    pieces(query).filter(|piece| value_of(piece, TRAFFIC_PARAMETER.as_bytes()).is_none())
}

/// Returns the part of a host after its left-most label, from the dot on; the route replaces that label. None if the label
/// has no `-`: the routing headers then name the route, and the host is forwarded unchanged.
///
/// ```
/// assert_eq!(sandgate::forward::host(b"8080-abc-signed.e2b.app:80"), Some(&b".e2b.app:80"[..]));
/// assert_eq!(sandgate::forward::host(b"sandbox.e2b.app"), None);
/// ```
#[must_use]
pub fn host(host: &[u8]) -> Option<&[u8]> {
    let dot = host.iter().position(|byte| *byte == b'.')?;
    let (label, rest) = host.split_at_checked(dot)?;
    has(label, b'-').then_some(rest)
}

/// Returns the cookies of one `Cookie` line to forward, trimmed, to be joined with `; `. If there are none, omit the line.
/// If a server has joined two lines with a comma, our cookie may be inside another one, which is then removed too.
///
/// ```
/// let stays: Vec<&[u8]> = sandgate::forward::cookies(b"a=1; __Host-sandgate-traffic=sg2p.x; b=2").collect();
/// assert_eq!(stays.join(&b"; "[..]), b"a=1; b=2");
/// ```
pub fn cookies(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_ours = |piece: &[u8]| piece.split(|byte| *byte == b',').any(|part| our_cookie(part).is_some());
    pieces_of(line).filter(move |piece| !piece.is_empty() && !is_ours(piece))
}

/// Writes `{port}-{sandbox_id}` from the host's own label, without leading zeros in the port, and the rest of the host.
fn write_host(value: &[u8], out: Out<'_>) {
    let Some(rest) = host(value) else { return out(value) };
    let label = value.split(|byte| *byte == b'.').next().unwrap_or_default();
    let mut parts = label.split(|byte| *byte == b'-');
    let (port, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let zeros = port.iter().take_while(|digit| **digit == b'0').count();
    out(port.get(zeros..).unwrap_or_default());
    out(b"-");
    out(id);
    out(rest);
}

/// Writes the cookies that stay, and returns whether there were any.
fn write_cookies(line: &[u8], out: Out<'_>) -> bool {
    let mut any = false;
    for cookie in cookies(line) {
        if any {
            out(b"; ");
        }
        out(cookie);
        any = true;
    }
    any
}
