//! What an edge takes out of a request before it forwards it: what runs in the sandbox has no business with it.
//!
//! The edge removes the header [`TRAFFIC_HEADER`], the parameter [`TRAFFIC_PARAMETER`] and the cookie
//! [`TRAFFIC_COOKIE`], whether it looked at them or not, and puts [`Route`](crate::Route)'s text in place of the host's
//! left-most label.

use crate::carrier::{cookies as pieces_of, our_cookie};
use crate::query::{pieces, value_of};

pub use crate::carrier::{TRAFFIC_COOKIE, TRAFFIC_HEADER, TRAFFIC_PARAMETER};

/// The pieces of a query that stay, to be joined with `&`: as they were, the empty ones too.
///
/// ```
/// let stays: Vec<&[u8]> = sandgate::forward::query(b"a=1&sandgate%5Ftraffic=sg2p.x&b").collect();
/// assert_eq!(stays.join(&b'&'), b"a=1&b");
/// ```
pub fn query(query: &[u8]) -> impl Iterator<Item = &[u8]> {
    pieces(query).filter(|piece| value_of(piece, TRAFFIC_PARAMETER.as_bytes()).is_none())
}

/// What stays of a host behind the route that takes the place of its left-most label: the dot, and what follows. Nothing for a
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

/// The cookies of one `Cookie` line that stay, trimmed, to be joined with `; `. When none does, the line goes too.
///
/// ```
/// let stays: Vec<&[u8]> = sandgate::forward::cookies(b"a=1; __Host-sandgate-traffic=sg2p.x; b=2").collect();
/// assert_eq!(stays.join(&b"; "[..]), b"a=1; b=2");
/// ```
pub fn cookies(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    pieces_of(line).filter(|piece| !piece.is_empty() && our_cookie(piece).is_none())
}
