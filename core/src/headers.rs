//! The headers that decide, by their names in lower case, and the one request that is let through without any.

use crate::header::Header;

pub use crate::carrier::TRAFFIC_HEADER as TRAFFIC_TOKEN;

/// The access token, for a controller.
pub const ACCESS_TOKEN: &str = "x-access-token";

/// Which sandbox, for an edge. Each vendor's SDKs have their own name for it; two values that differ would leave us to choose, so
/// both names are one header.
pub const SANDBOX_ID: [&str; 2] = ["e2b-sandbox-id", "novita-sandbox-id"];

/// Which port of it, likewise.
pub const SANDBOX_PORT: [&str; 2] = ["e2b-sandbox-port", "novita-sandbox-port"];

/// Whether a browser asks what it may send: `OPTIONS` with `Origin` and `Access-Control-Request-Method`. It sends no credentials
/// with it, so a server answers by its CORS rule before it asks the controller's. An upgrade is none, by whatever method.
///
/// Source: the Fetch standard, "CORS-preflight request".
///
/// ```
/// use sandgate::{Header::{Absent, Once}, headers::is_preflight};
///
/// assert!(is_preflight(b"OPTIONS", Once(b"https://app.example"), Once(b"PUT"), Absent));
/// assert!(!is_preflight(b"OPTIONS", Once(b"https://app.example"), Absent, Absent));
/// ```
#[must_use]
pub fn is_preflight(method: &[u8], origin: Header<'_>, request_method: Header<'_>, upgrade: Header<'_>) -> bool {
    let given_once = |header: Header<'_>| matches!(header.non_empty(), Ok(Some(_)));
    method == b"OPTIONS" && given_once(origin) && given_once(request_method) && upgrade == Header::Absent
}
