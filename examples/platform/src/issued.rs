//! The credentials issued to a sandbox. They may change while it exists.

use crate::edge_tokens::EdgeTokens;
use crate::random;
use crate::seeds::Seeds;
use crate::version::Version;
use anyhow::Context;
use sandgate::creation::Credentials;
use sandgate::{AccessToken, SandboxId, SandboxState, TrafficToken, fingerprint};
use std::fmt;

pub(crate) struct Issued {
    pub(crate) version: Version,
    /// The existing tokens.
    pub(crate) credentials: Credentials,
    pub(crate) generations: Generations,
    /// None: the sandbox was requested to be open.
    pub(crate) access_token: Option<AccessToken>,
    /// None: the sandbox is public.
    pub(crate) traffic_token: Option<TrafficToken>,
    /// Whether its traffic tokens are drawn at random. v1 derives one per sandbox, which is revoked with the first reset, and
    /// must never be issued again.
    pub(crate) draws_traffic: bool,
}

/// The generations of a sandbox's credentials. v1 has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Generations {
    pub(crate) access: u32,
    pub(crate) traffic: u32,
}

impl Generations {
    /// The next generations; none if one would be too large.
    fn raised(self, renewal: Renewal) -> Option<Self> {
        let raised = |generation: u32, raise: bool| generation.checked_add(raise.into());
        Some(Self { access: raised(self.access, renewal.access)?, traffic: raised(self.traffic, renewal.traffic)? })
    }
}

/// The tokens that are replaced by new ones.
#[derive(Clone, Copy, Default)]
pub(crate) struct Renewal {
    pub(crate) access: bool,
    pub(crate) traffic: bool,
}

impl Issued {
    /// The first tokens of a sandbox; an error where there is no seed of the format.
    pub(crate) fn first(
        seeds: &Seeds,
        version: Version,
        id: &SandboxId,
        credentials: Credentials,
    ) -> anyhow::Result<Self> {
        let generations = Generations::default();
        let none =
            Self { version, credentials, generations, access_token: None, traffic_token: None, draws_traffic: false };
        none.then(seeds, id, credentials, Renewal::default())
    }

    /// The tokens that follow these. One that is neither renewed nor missing stays as it is, whatever the seeds are by now.
    pub(crate) fn then(
        &self,
        seeds: &Seeds,
        id: &SandboxId,
        credentials: Credentials,
        renewal: Renewal,
    ) -> anyhow::Result<Self> {
        let version = self.version;
        let of_v2 = version == Version::V2;
        let draws_traffic = self.draws_traffic || (renewal.traffic && !of_v2);
        let generations = if of_v2 { self.generations.raised(renewal) } else { Some(self.generations) };
        let generations = generations.context("there is no further generation")?;
        let access_token = match &self.access_token {
            _ if !credentials.access_token => None,
            Some(token) if !renewal.access => Some(token.clone()),
            _ => Some(seeds.access_token(version, id, generations.access).context("there is no seed of this format")?),
        };
        let traffic_token = match &self.traffic_token {
            _ if !credentials.traffic_token => None,
            Some(token) if !renewal.traffic => Some(token.clone()),
            _ if draws_traffic => Some(random::traffic_token()?),
            _ => {
                Some(seeds.traffic_token(version, id, generations.traffic).context("there is no seed of this format")?)
            }
        };
        Ok(Self { version, credentials, generations, access_token, traffic_token, draws_traffic })
    }

    /// The state for the edge.
    pub(crate) fn state(&self, edge_tokens: EdgeTokens) -> SandboxState<'_> {
        match (&self.traffic_token, edge_tokens) {
            (None, _) => SandboxState::public(),
            (Some(_), EdgeTokens::Derived) if !self.draws_traffic => {
                SandboxState::restricted().generation(self.generations.traffic)
            }
            (Some(token), _) => SandboxState::restricted().traffic_token(token),
        }
    }
}

/// For the log: only fingerprints.
impl fmt::Display for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown =
            |token: Option<&str>| token.map_or("none".into(), |token| fingerprint(token.as_bytes()).to_string());
        let Generations { access, traffic } = self.generations;
        let access_token = shown(self.access_token.as_ref().map(AccessToken::expose));
        let traffic_token = shown(self.traffic_token.as_ref().map(TrafficToken::expose));
        write!(f, "access token {access_token} ({access}), traffic token {traffic_token} ({traffic})")
    }
}

#[cfg(test)]
mod tests {
    use super::{Generations, Issued, Renewal};
    use crate::seeds::Seeds;
    use crate::version::Version;
    use sandgate::creation::{Credentials, Options, decide};

    const ACCESS: Renewal = Renewal { access: true, traffic: false };
    const TRAFFIC: Renewal = Renewal { access: false, traffic: true };

    fn seeds(name: &str) -> Seeds {
        let v1 = format!("the seed {name} of v1, long enough");
        let v2 = format!("{name} the seed {name} of v2, of 32 bytes and more");
        Seeds::new(Some(v1.as_bytes()), Some(v2.as_bytes())).unwrap()
    }

    fn decided(restricted: bool) -> Credentials {
        let envd_version = Some("0.5.7");
        decide(&Options { allow_public_traffic: Some(!restricted), envd_version, ..Options::default() }).unwrap()
    }

    fn first(version: Version) -> Issued {
        Issued::first(&seeds("a"), version, &"abc".parse().unwrap(), decided(true)).unwrap()
    }

    fn then(before: &Issued, seed: &str, restricted: bool, renewal: Renewal) -> Issued {
        before.then(&seeds(seed), &"abc".parse().unwrap(), decided(restricted), renewal).unwrap()
    }

    #[test]
    fn a_generation_never_wraps_around() {
        let last = Generations { access: u32::MAX, traffic: 0 };
        assert_eq!(last.raised(ACCESS), None);
        assert_eq!(last.raised(TRAFFIC), Some(Generations { access: u32::MAX, traffic: 1 }));
    }

    #[test]
    fn only_the_renewed_token_changes() {
        for version in [Version::V1, Version::V2] {
            let before = first(version);
            // The seeds may have changed meanwhile.
            let after = then(&before, "b", true, TRAFFIC);
            assert!(after.access_token == before.access_token && after.traffic_token != before.traffic_token);
            let after = then(&before, "b", true, ACCESS);
            assert!(after.access_token != before.access_token && after.traffic_token == before.traffic_token);
            let after = then(&before, "b", true, Renewal::default());
            assert!(after.access_token == before.access_token && after.traffic_token == before.traffic_token);
        }
    }

    #[test]
    fn renewed_traffic_is_the_next_generation_in_v2_and_random_in_v1() {
        let after = then(&first(Version::V2), "a", true, TRAFFIC);
        assert_eq!((after.generations.traffic, after.draws_traffic), (1, false));
        let [one, other] = [(), ()].map(|()| then(&first(Version::V1), "a", true, TRAFFIC).traffic_token.unwrap());
        assert!(one != other && one.expose().len() == 64);
        assert!(one.expose().bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
    }

    #[test]
    fn a_revoked_token_does_not_come_back_with_the_restriction() {
        for version in [Version::V1, Version::V2] {
            let old = first(version);
            let public = then(&then(&old, "a", true, TRAFFIC), "a", false, Renewal::default());
            assert!(public.traffic_token.is_none());
            let restricted = then(&public, "a", true, Renewal::default());
            assert!(restricted.traffic_token.is_some() && restricted.traffic_token != old.traffic_token);
        }
    }

    #[test]
    fn nothing_is_issued_without_a_seed_of_the_format() {
        let v2 = Seeds::new(None, Some(b"a a seed of v2, of 32 bytes and more")).unwrap();
        assert!(Issued::first(&v2, Version::V1, &"abc".parse().unwrap(), decided(true)).is_err());
    }
}
