//! The credentials issued to a sandbox. They may change while it runs.

use crate::edge_tokens::EdgeTokens;
use crate::version::Version;
use sandgate::creation::Credentials;
use sandgate::{AccessToken, SandboxState, TrafficToken, fingerprint};
use std::fmt;

pub(crate) struct Issued {
    pub(crate) version: Version,
    /// The existing tokens.
    pub(crate) credentials: Credentials,
    pub(crate) generations: Generations,
    /// All tokens that the controller accepts; clients get the first one. None: the sandbox was requested to be open.
    pub(crate) access_tokens: Vec<AccessToken>,
    /// None: the sandbox is public.
    pub(crate) traffic_token: Option<TrafficToken>,
}

/// The generations of a sandbox's credentials. v1 has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Generations {
    pub(crate) access: u32,
    pub(crate) traffic: u32,
}

impl Generations {
    /// The next generations; none if one would be too large.
    pub(crate) fn raised(self, access: bool, traffic: bool) -> Option<Self> {
        let raised = |generation: u32, raise: bool| generation.checked_add(raise.into());
        Some(Self { access: raised(self.access, access)?, traffic: raised(self.traffic, traffic)? })
    }
}

impl Issued {
    pub(crate) fn access_token(&self) -> Option<&AccessToken> {
        self.access_tokens.first()
    }

    /// The state for the edge.
    pub(crate) fn state(&self, edge_tokens: EdgeTokens) -> SandboxState<'_> {
        match (&self.traffic_token, edge_tokens) {
            (None, _) => SandboxState::public(),
            (Some(token), EdgeTokens::Stored) => SandboxState::restricted().traffic_token(token),
            (Some(_), EdgeTokens::Derived) => SandboxState::restricted().generation(self.generations.traffic),
        }
    }
}

/// For the log: only fingerprints.
impl fmt::Display for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown =
            |token: Option<&str>| token.map_or("none".into(), |token| fingerprint(token.as_bytes()).to_string());
        let Generations { access, traffic } = self.generations;
        let access_token = shown(self.access_token().map(AccessToken::expose));
        let traffic_token = shown(self.traffic_token.as_ref().map(TrafficToken::expose));
        write!(f, "access token {access_token} ({access}), traffic token {traffic_token} ({traffic})")
    }
}

#[cfg(test)]
mod tests {
    use super::Generations;

    #[test]
    fn a_generation_never_wraps_around() {
        let last = Generations { access: u32::MAX, traffic: 0 };
        assert_eq!(last.raised(true, false), None);
        assert_eq!(last.raised(false, true), Some(Generations { access: u32::MAX, traffic: 1 }));
    }
}
