//! Removes an edge's credentials from a request before the edge forwards it, so that code in the sandbox never sees them.
//!
//! [`header`] rewrites one header line, and [`target`] the target. They remove the header
//! [`TRAFFIC_HEADER`](crate::headers::TRAFFIC_HEADER), the parameter [`TRAFFIC_PARAMETER`] and the cookie
//! [`TRAFFIC_COOKIE`], whether or not the edge read them, and the signed part of a host's label. Proxies repeat the host
//! and the target in further headers; [`HEADERS`] lists those that are cleaned too. Copies that an application or a proxy
//! makes anywhere else, in a body or in another header, stay.

use crate::encoding::bytes::{has, trim, trim_end};
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
        Some(HOST | AUTHORITY) => write_host(trim(value), out),
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

/// What stays of one `Cookie` line, piece by piece, to be written one after the other. A line without our cookie stays as it
/// is. From any other one our cookie is cut, and `; ` separates the rest; when nothing is left, the line goes too.
///
/// Where a server has joined two lines by a comma, our cookie may stand inside of another one, which stays.
///
/// ```
/// let stays: Vec<&[u8]> = sandgate::forward::cookies(b"a=1, __Host-sandgate-traffic=sg2p.x; b=2").collect();
/// assert_eq!(stays.concat(), b"a=1; b=2");
/// ```
pub fn cookies(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let whole = (!has_ours(line)).then_some(line);
    let cut = pieces_of(if whole.is_none() { line } else { b"" });
    let mut between: &[u8] = b"";
    let parts = cut.filter(|piece| !piece.is_empty()).flat_map(parts_left).flat_map(move |(is_first, part)| {
        let before = if is_first { core::mem::replace(&mut between, b"; ") } else { b"," };
        [before, part]
    });
    whole.into_iter().chain(parts)
}

fn has_ours(text: &[u8]) -> bool {
    text.split(|byte| matches!(byte, b';' | b',')).any(|part| our_cookie(part).is_some())
}

/// What stays of a piece between `;`, and whether it is the first of it: a piece without our cookie whole, and of any other one
/// the parts between commas. Parts without a name that follow our cookie belong to its value.
fn parts_left(piece: &[u8]) -> impl Iterator<Item = (bool, &[u8])> {
    let parts = if has_ours(piece) { usize::MAX } else { 1 };
    let mut is_cut = false;
    let stays = piece.splitn(parts, |byte| *byte == b',').filter(move |part| {
        is_cut = our_cookie(part).is_some() || (is_cut && !part.contains(&b'='));
        !is_cut && !trim(part).is_empty()
    });
    let mut is_first = true;
    stays.map(move |part| {
        let first = core::mem::replace(&mut is_first, false);
        (first, if first { trim(part) } else { trim_end(part) })
    })
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
    for piece in cookies(line) {
        out(piece);
        any = true;
    }
    any
}
