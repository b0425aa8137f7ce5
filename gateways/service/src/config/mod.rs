//! The configuration file: what it may say, and where it is wrong.

mod address;
mod located;
mod secrets;

pub(crate) use address::HostPort;
pub(crate) use located::Located;
pub(crate) use secrets::Seeds;

use crate::profile::Profile;
use anyhow::Context;
use ipnet::IpNet;
use located::at;
use sandgate::{Carrier, Carriers, Edge, Policy, Port, Versions};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::Spanned;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    #[serde(default)]
    policy: PolicyTable,
    #[serde(default)]
    pub(crate) seeds: Seeds,
    pub(crate) state: StateTable,
    #[serde(default)]
    pub(crate) store: Remote,
    pub(crate) admin: Option<Admin>,
    /// How long connections are accepted after the service was asked to stop. Gateways must notice first.
    #[serde(default = "drain_ms")]
    drain_ms: u64,
    pub(crate) listener: Vec<Listener>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PolicyTable {
    carriers: Vec<Spanned<String>>,
    versions: Option<Spanned<String>>,
    controller_port: Option<Spanned<u16>>,
    leeway: Option<Spanned<u32>>,
    max_lifetime: Option<u32>,
    signed_host_max_lifetime: Option<u32>,
}

/// The carriers that core accepts by default.
impl Default for PolicyTable {
    fn default() -> Self {
        let carriers = ["header", "host"].map(|name| Spanned::new(0..0, name.to_owned())).into();
        Self {
            carriers,
            versions: None,
            controller_port: None,
            leeway: None,
            max_lifetime: None,
            signed_host_max_lifetime: None,
        }
    }
}

/// Where metrics and health are served.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Admin {
    pub(crate) address: SocketAddr,
}

/// One listener for one kind of gateway.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listener {
    pub(crate) profile: Spanned<Profile>,
    pub(crate) address: SocketAddr,
    /// The gateways' addresses. A request from any other one is refused.
    pub(crate) peers: Spanned<Vec<IpNet>>,
    /// Whether v2 credentials are bound to the client's address.
    #[serde(default)]
    pub(crate) bind_to_client: bool,
    /// `envoy-http`: what Envoy puts before the path.
    #[serde(default)]
    pub(crate) path_prefix: String,
}

/// Where the state of sandboxes is: exactly one of `file`, `redis` and `http`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) enum StateTable {
    /// A TOML or JSON file.
    File(PathBuf),
    /// A Redis server.
    Redis(RedisTable),
    /// A service of the operator's.
    Http(HttpTable),
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RedisTable {
    /// No password can stand here, since files are shown to people.
    pub(crate) address: HostPort,
    /// A file or credential with the password.
    pub(crate) password: Option<secrets::SecretPlace>,
    /// The user of an access control list. Absent: the default user.
    pub(crate) user: Option<String>,
    /// Begins the key of each sandbox's hash, and names the channel of changes.
    #[serde(default = "prefix")]
    pub(crate) prefix: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HttpTable {
    /// A service that answers `GET /sandboxes/{id}`.
    pub(crate) address: HostPort,
}

/// What holds for a store that is elsewhere.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Remote {
    /// How long one question may take.
    timeout_ms: u64,
    /// How long an answer is used again.
    ttl_ms: u64,
    /// How many sandboxes are remembered.
    pub(crate) cache_size: usize,
    /// While the store is away: `closed` refuses, `stale` uses an answer of at most this age.
    away: Away,
    stale_ms: u64,
}

impl Default for Remote {
    fn default() -> Self {
        Self { timeout_ms: 250, ttl_ms: 5_000, cache_size: 10_000, away: Away::Closed, stale_ms: 60_000 }
    }
}

impl Remote {
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }
    pub(crate) fn ttl(&self) -> Duration {
        Duration::from_millis(self.ttl_ms)
    }
    /// How old an answer may be while the store is away.
    pub(crate) fn stale(&self) -> Duration {
        match self.away {
            Away::Closed => Duration::ZERO,
            Away::Stale => Duration::from_millis(self.stale_ms),
        }
    }
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq, Debug)]
#[serde(rename_all = "lowercase")]
enum Away {
    #[default]
    Closed,
    Stale,
}

const fn drain_ms() -> u64 {
    3_000
}

fn prefix() -> String {
    "sandgate".to_owned()
}

impl Config {
    /// Reads and checks the file.
    ///
    /// # Errors
    /// `file:line: what is wrong`.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let located = Located { path, text: &text };
        let config: Self = toml::from_str(&text).map_err(|error| located.toml(&error))?;
        config.policy(&located)?;
        config.check_listeners(&located)?;
        Ok(config)
    }

    pub(crate) fn drain(&self) -> Duration {
        Duration::from_millis(self.drain_ms)
    }

    fn check_listeners(&self, file: &Located<'_>) -> anyhow::Result<()> {
        if self.listener.is_empty() {
            return Err(file.error(0, "listener: at least one must be given"));
        }
        let accepted = self.carriers(file)?;
        for listener in &self.listener {
            let profile = *listener.profile.get_ref();
            if let Some(carrier) = profile.not_removed().iter().find(|carrier| accepted.accepts(**carrier)) {
                let why = format!(
                    "profile: {profile} cannot remove the carrier {carrier} from a request, so policy.carriers must not contain \"{carrier}\""
                );
                return Err(file.error(listener.profile.span().start, &why));
            }
            if listener.peers.get_ref().is_empty() {
                return Err(file.error(listener.peers.span().start, "peers: at least one network must be given"));
            }
            if !listener.path_prefix.is_empty() && profile != Profile::EnvoyHttp {
                let why = "path_prefix: only the profile envoy-http has one";
                return Err(file.error(listener.profile.span().start, why));
            }
        }
        Ok(())
    }

    fn carriers(&self, file: &Located<'_>) -> anyhow::Result<Carriers> {
        self.policy.carriers.iter().try_fold(Carriers::NONE, |set, name| {
            let known = Carrier::ALL.into_iter().find(|carrier| carrier.as_str() == name.get_ref());
            let carrier = known.ok_or_else(|| at(file, name, "carriers: must be header, host, query or cookie"))?;
            Ok(set.with(carrier))
        })
    }

    fn policy(&self, file: &Located<'_>) -> anyhow::Result<Policy> {
        let table = &self.policy;
        let mut policy = Policy::default().carriers(self.carriers(file)?);
        if let Some(versions) = &table.versions {
            policy = policy.versions(match versions.get_ref().as_str() {
                "v1" => Versions::V1,
                "v2" => Versions::V2,
                "both" => Versions::Both,
                _ => return Err(at(file, versions, "versions: must be v1, v2 or both")),
            });
        }
        if let Some(leeway) = &table.leeway {
            policy = policy.leeway(*leeway.get_ref()).map_err(|misuse| at(file, leeway, misuse.message()))?;
        }
        if let Some(seconds) = table.max_lifetime {
            policy = policy.max_lifetime(seconds);
        }
        if let Some(seconds) = table.signed_host_max_lifetime {
            policy = policy.signed_host_max_lifetime(seconds);
        }
        if let Some(port) = &table.controller_port {
            Port::try_from(*port.get_ref()).map_err(|misuse| at(file, port, misuse.message()))?;
        }
        Ok(policy)
    }

    /// Makes the edge, and names its keys. Reads the files with seeds, so it may be called again after they have changed.
    ///
    /// # Errors
    /// If a file with seeds cannot be read, or has a seed that core refuses: `file:line: what is wrong`.
    pub(crate) fn edge(&self) -> anyhow::Result<(Edge, Vec<String>)> {
        // The policy was checked when the file was read.
        let nowhere = Located { path: Path::new(""), text: "" };
        let mut edge = Edge::new(self.policy(&nowhere)?);
        let mut names = Vec::new();
        if let Some(port) = &self.policy.controller_port {
            edge = edge.controller_port(Port::try_from(*port.get_ref())?);
        }
        if let Some(read) = self.seeds.v1()? {
            edge = edge.v1_keyring(read.keyring);
            names.extend(read.names);
        }
        if let Some(read) = self.seeds.v2()? {
            edge = edge.v2_keyring(read.keyring);
            names.extend(read.names);
        }
        Ok((edge, names))
    }
}
