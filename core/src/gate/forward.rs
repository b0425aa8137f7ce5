//! What an edge takes out of a request before it forwards it: what runs in the sandbox has no business with it.
//!
//! [`header`] says what becomes of each header line, and [`target`] of the target. They remove the header [`TRAFFIC_HEADER`](crate::headers::TRAFFIC_HEADER),
//! the parameter [`TRAFFIC_PARAMETER`] and the cookie [`TRAFFIC_COOKIE`], whether the edge looked at them or not, and the
//! signed part of a host's label. Proxies repeat host and target in headers of their own; [`HEADERS`] names those that are
//! cleaned as well. What an application or a proxy repeats anywhere else, in a body or in a header of its own, stays.

use crate::encoding::bytes::{trim, trim_end};
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

/// What becomes of a header line: hands the value that goes on to `out`, piece by piece, and returns whether the line goes on
/// at all.
///
/// - [`TRAFFIC_HEADER`](crate::headers::TRAFFIC_HEADER) is removed, and a `Cookie` line in which only our cookie stands.
/// - The left-most label of `Host` becomes `{port}-{sandbox_id}`.
/// - From all others of [`HEADERS`] signed parts of labels, passes and the parameter are cut out.
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
    let is = |known: &&str| name.eq_ignore_ascii_case(known.as_bytes());
    match HEADERS.into_iter().find(is) {
        Some(TRAFFIC_HEADER) => return false,
        Some(COOKIE) => return cookies(value).map(out).count() > 0,
        Some(HOST | AUTHORITY) => write_host(trim(value), out),
        Some(_) => target(value, |piece| scrub(piece, &mut out)),
        None => out(value),
    }
    true
}

/// The target, path and query, without the parameter: hands what stays to `out`, piece by piece. All else stays as it is.
///
/// ```
/// let mut out = Vec::new();
/// sandgate::forward::target(b"/a?sandgate_traffic=sg2p.x&b=%zz", |piece| out.extend_from_slice(piece));
/// assert_eq!(out, b"/a?b=%zz");
/// ```
pub fn target(target: &[u8], mut out: impl FnMut(&[u8])) {
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

/// The pieces of a query that stay, to be joined with `&`: as they were, the empty ones too.
///
/// ```
/// let stays: Vec<&[u8]> = sandgate::forward::query(b"a=1&sandgate%5Ftraffic=sg2p.x&b").collect();
/// assert_eq!(stays.join(&b'&'), b"a=1&b");
/// ```
pub fn query(query: &[u8]) -> impl Iterator<Item = &[u8]> {
    pieces(query).filter(|piece| value_of(piece, TRAFFIC_PARAMETER.as_bytes()).is_none())
}

/// What stays of a host after the route that takes the place of its left-most label: the dot, and what follows. Nothing for a
/// host that leaves the route to headers: it has no `-` there, and stays as it is.
///
/// ```
/// assert_eq!(sandgate::forward::host(b"8080-abc-signed.e2b.app:80"), Some(&b".e2b.app:80"[..]));
/// assert_eq!(sandgate::forward::host(b"sandbox.e2b.app"), None);
/// ```
#[must_use]
pub fn host(host: &[u8]) -> Option<&[u8]> {
    let dot = host.iter().position(|byte| *byte == b'.')?;
    let (label, rest) = host.split_at_checked(dot)?;
    label.contains(&b'-').then_some(rest)
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

/// `{port}-{sandbox_id}` of the host's own label, the port without leading zeros, and what follows the label.
fn write_host(value: &[u8], mut out: impl FnMut(&[u8])) {
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
