//! The deployment's seeds, and the tokens derived for a sandbox.

use crate::issued::{Generations, Issued};
use crate::secrets::lines;
use crate::version::Version;
use anyhow::{Context, ensure};
use sandgate::creation::Credentials;
use sandgate::{AccessToken, Edge, KeyId, SandboxId, v1, v2};

/// Seeds of one wire format, or of both.
pub struct Seeds {
    v1: Option<v1::Keyring>,
    v2: Option<SeedsV2>,
}

/// v2 seeds: all of them together, and each one separately, because a keyring derives only with its first seed.
struct SeedsV2 {
    all: v2::Keyring,
    each: Vec<v2::Keyring>,
}

impl Seeds {
    /// Of v1 one seed per line; of v2 one key id, a space and a seed per line. The first ones derive, all verify.
    ///
    /// # Errors
    /// If there are no seeds at all; a file with none, or more than 8; a seed of fewer than 16 bytes, or of
    /// fewer than 32 for v2; a key id that is not one of `[0-9a-z]`; a repeated key id or v2 seed.
    pub fn new(v1: Option<&[u8]>, v2: Option<&[u8]>) -> anyhow::Result<Self> {
        ensure!(v1.is_some() || v2.is_some(), "there must be at least one");
        let (v1, v2) = (v1.map(keyring).transpose(), v2.map(SeedsV2::new).transpose());
        Ok(Self { v1: v1.context("v1")?, v2: v2.context("v2")? })
    }

    pub(crate) const fn has(&self, version: Version) -> bool {
        match version {
            Version::V1 => self.v1.is_some(),
            Version::V2 => self.v2.is_some(),
        }
    }

    /// The tokens of a sandbox; none where there is no seed of the format.
    pub(crate) fn issue(
        &self,
        version: Version,
        id: &SandboxId,
        credentials: Credentials,
        generations: Generations,
    ) -> Option<Issued> {
        let Generations { access, traffic } = generations;
        let (access_tokens, traffic_token) = match version {
            Version::V1 => {
                let keyring = self.v1.as_ref()?;
                (vec![keyring.access_token(id)], keyring.traffic_token(id))
            }
            Version::V2 => {
                let seeds = self.v2.as_ref()?;
                (seeds.access_tokens(id, access), seeds.all.traffic_token(id, traffic))
            }
        };
        Some(Issued {
            version,
            credentials,
            generations,
            access_tokens: if credentials.access_token { access_tokens } else { Vec::new() },
            traffic_token: credentials.traffic_token.then_some(traffic_token),
        })
    }

    /// Adds the keyrings that derive traffic tokens: the v1 seeds themselves, but only traffic roots of v2.
    pub(crate) fn give_to(&self, edge: Edge) -> Edge {
        let edge = self.v1.iter().fold(edge, |edge, keyring| edge.v1_keyring(keyring.clone()));
        self.v2.iter().fold(edge, |edge, seeds| edge.v2_keyring(seeds.all.traffic().clone()))
    }
}

fn keyring(seeds: &[u8]) -> anyhow::Result<v1::Keyring> {
    let mut seeds = lines(seeds);
    let mut keyring = v1::Keyring::new(seeds.next().context("there must be at least one")?)?;
    for seed in seeds {
        keyring.add(seed)?;
    }
    Ok(keyring)
}

impl SeedsV2 {
    fn new(text: &[u8]) -> anyhow::Result<Self> {
        let mut all: Option<v2::Keyring> = None;
        let mut each = Vec::new();
        for line in lines(text) {
            // Messages never show the content of a line.
            let space =
                line.iter().position(|byte| *byte == b' ').context("each line must be a key id, a space and a seed")?;
            let (kid, seed) = (KeyId::try_from(&line[..space])?, &line[space + 1..]);
            let alone = v2::Keyring::new(kid, seed)?;
            match &mut all {
                Some(all) => all.add(kid, seed)?,
                None => all = Some(alone.clone()),
            }
            each.push(alone);
        }
        Ok(Self { all: all.context("there must be at least one")?, each })
    }

    /// One token of each seed: a controller that has all of them accepts tokens in any order of the seeds.
    fn access_tokens(&self, id: &SandboxId, generation: u32) -> Vec<AccessToken> {
        self.each.iter().map(|keyring| keyring.access_token(id, generation)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Seeds;
    use crate::issued::{Generations, Issued};
    use crate::version::Version;
    use sandgate::creation::{Credentials, Options, decide};

    const A: &str = "a the first seed, of 32 bytes and more";
    const B: &str = "b the second seed, of 32 bytes and more";

    fn restricted() -> Credentials {
        let options = Options { allow_public_traffic: Some(false), envd_version: Some("0.5.7"), ..Options::default() };
        decide(&options).unwrap()
    }

    fn issue(seeds: &Seeds, version: Version, generations: Generations) -> Issued {
        seeds.issue(version, &"abc".parse().unwrap(), restricted(), generations).unwrap()
    }

    fn v2(text: &str) -> Issued {
        issue(&Seeds::new(None, Some(text.as_bytes())).unwrap(), Version::V2, Generations::default())
    }

    #[test]
    fn the_first_seed_of_v1_derives() {
        let v1 = |text: &[u8]| issue(&Seeds::new(Some(text), None).unwrap(), Version::V1, Generations::default());
        let new = v1(b"the new seed of the platform");
        let both = v1(b"the new seed of the platform\r\n\nthe old seed of the platform\n");
        assert!(both.access_tokens == new.access_tokens && both.traffic_token == new.traffic_token);
        assert!(v1(b"the old seed of the platform").access_tokens != new.access_tokens);
    }

    #[test]
    fn a_controller_gets_a_token_of_each_seed_of_v2() {
        let (a, b) = (v2(A), v2(B));
        let both = v2(&format!("{B}\r\n\n{A}\n"));
        assert_eq!(both.access_tokens, [b.access_tokens, a.access_tokens].concat());
        assert_eq!(both.traffic_token, b.traffic_token);
        assert!(both.access_token().unwrap().expose().starts_with("sg2a.b."));
    }

    #[test]
    fn generations_count_separately() {
        let seeds = Seeds::new(None, Some(A.as_bytes())).unwrap();
        let of = |access, traffic| issue(&seeds, Version::V2, Generations { access, traffic });
        assert!(of(0, 1).access_tokens == of(0, 0).access_tokens && of(1, 0).access_tokens != of(0, 0).access_tokens);
        assert!(of(1, 0).traffic_token == of(0, 0).traffic_token && of(0, 1).traffic_token != of(0, 0).traffic_token);
    }

    #[test]
    fn bad_seeds_are_refused_and_not_shown() {
        let twice = format!("{A}\n{A}");
        let same_kid = format!("{A}\na another seed, of 32 bytes and more..");
        let same_seed = format!("{A}\n{}", A.replacen('a', "b", 1));
        for text in
            ["", "\n", "a", "a tooshort", "A the first seed, of 32 bytes and more", &twice, &same_kid, &same_seed]
        {
            let error = Seeds::new(None, Some(text.as_bytes())).err().unwrap_or_else(|| panic!("{text}"));
            assert!(!format!("{error:#}").contains("first seed") && !format!("{error:#}").contains("tooshort"));
        }
        for text in ["\n", "too short\n"] {
            assert!(Seeds::new(Some(text.as_bytes()), None).is_err(), "{text}");
        }
        assert!(Seeds::new(None, None).is_err());
    }

    #[test]
    fn nothing_is_issued_without_a_seed_of_the_format() {
        let seeds = Seeds::new(None, Some(A.as_bytes())).unwrap();
        assert!(seeds.has(Version::V2) && !seeds.has(Version::V1));
        let id = "abc".parse().unwrap();
        assert!(seeds.issue(Version::V1, &id, restricted(), Generations::default()).is_none());
    }
}
