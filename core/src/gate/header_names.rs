//! The names of the deciding headers, in lower case.

/// The access token, for a controller.
pub const ACCESS_TOKEN: &str = "x-access-token";

/// The traffic token or a pass, for an edge.
pub const TRAFFIC_HEADER: &str = "e2b-traffic-access-token";

/// The sandbox id, for an edge. Each vendor's SDKs have their own name for it. Both names count as one header, so that two
/// of them are refused as a repetition.
pub const SANDBOX_ID: [&str; 2] = ["e2b-sandbox-id", "novita-sandbox-id"];

/// The port, likewise.
pub const SANDBOX_PORT: [&str; 2] = ["e2b-sandbox-port", "novita-sandbox-port"];

/// The method of a CORS preflight. Of a request with another method, and without a second view, a controller reads no header
/// but [`ACCESS_TOKEN`]: for bindings.
#[doc(hidden)]
pub const PREFLIGHT_METHOD: &str = "OPTIONS";

pub(crate) const HOST: &str = "host";
pub(crate) const AUTHORITY: &str = ":authority";
pub(crate) const COOKIE: &str = "cookie";
pub(crate) const ORIGIN: &str = "origin";
pub(crate) const ACCESS_REQUEST_METHOD: &str = "access-control-request-method";
pub(crate) const UPGRADE: &str = "upgrade";
pub(crate) const CONTENT_LENGTH: &str = "content-length";
pub(crate) const TRANSFER_ENCODING: &str = "transfer-encoding";

/// Every header that a guard reads, including the host and those of a CORS preflight.
pub const DECIDING: [&str; 14] = [
    ACCESS_TOKEN,
    TRAFFIC_HEADER,
    SANDBOX_ID[0],
    SANDBOX_ID[1],
    SANDBOX_PORT[0],
    SANDBOX_PORT[1],
    HOST,
    AUTHORITY,
    COOKIE,
    ORIGIN,
    ACCESS_REQUEST_METHOD,
    UPGRADE,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
];
