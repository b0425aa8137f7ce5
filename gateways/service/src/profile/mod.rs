//! The gateways: which headers describe a client's request, and how an answer reaches the gateway.

mod answer;
mod described;
pub(crate) mod envoy;

pub(crate) use answer::{Allow, respond};
pub(crate) use described::{Described, NotDescribed, token};

use sandgate::Carrier;
use serde::Deserialize;

/// A kind of gateway.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Profile {
    /// Envoy's `ext_authz` with `grpc_service`.
    EnvoyGrpc,
    /// Envoy's `ext_authz` with `http_service`.
    EnvoyHttp,
    /// nginx's `auth_request`.
    Nginx,
    /// Traefik's `forwardAuth`.
    Traefik,
    /// Caddy's `forward_auth`.
    Caddy,
}

impl Profile {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::EnvoyGrpc => "envoy-grpc",
            Self::EnvoyHttp => "envoy-http",
            Self::Nginx => "nginx",
            Self::Traefik => "traefik",
            Self::Caddy => "caddy",
        }
    }

    /// The carriers that the gateway cannot remove from a request on the word of an authorization service.
    ///
    /// Neither `ext_authz` over HTTP nor `forwardAuth` changes the target or `Host`. Caddy's `rewrite` can change the query only
    /// together with the path, whose escapes it writes anew, so another path than the checked one would go on.
    pub(crate) const fn not_removed(self) -> &'static [Carrier] {
        match self {
            Self::EnvoyGrpc | Self::Nginx => &[],
            Self::Caddy => &[Carrier::Query],
            Self::EnvoyHttp | Self::Traefik => &[Carrier::Query, Carrier::Host],
        }
    }
}

impl std::fmt::Display for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
