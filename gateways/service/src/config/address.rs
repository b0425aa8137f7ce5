//! The address of a store.

use serde::Deserialize;

/// `host:port`, or `[address]:port` for IPv6.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub(crate) struct HostPort {
    /// Without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
}

/// The message names no value: a password could stand in it.
pub(super) const NO_HOST_PORT: &str = "address: must be host:port, or [address]:port for IPv6";

impl TryFrom<String> for HostPort {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let parsed = || {
            let (host, port) = text.rsplit_once(':')?;
            let port = port.bytes().all(|digit| digit.is_ascii_digit()).then(|| port.parse().ok())??;
            let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
                Some(address) => address.parse::<std::net::Ipv6Addr>().ok()?.to_string(),
                None => host.to_owned(),
            };
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
            let is_host = !host.is_empty() && (host.contains(':') || host.bytes().all(is_name));
            (is_host && (text.starts_with('[') || !host.contains(':'))).then_some(Self { host, port })
        };
        parsed().ok_or(NO_HOST_PORT)
    }
}

impl std::fmt::Display for HostPort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_is_a_host_and_a_port() {
        for (text, host, port) in
            [("redis:6379", "redis", 6379), ("10.0.0.1:1", "10.0.0.1", 1), ("[::1]:6379", "::1", 6379)]
        {
            let parsed = HostPort::try_from(text.to_owned()).unwrap();
            assert_eq!((parsed.host.as_str(), parsed.port, parsed.to_string().as_str()), (host, port, text));
        }
        for text in
            ["", "redis", ":1", "redis:", "redis:+1", "redis:65536", "::1:6379", "[redis]:1", "a@b:1", "a/b:1", "[::1]"]
        {
            assert_eq!(HostPort::try_from(text.to_owned()), Err(NO_HOST_PORT), "{text}");
        }
    }
}
