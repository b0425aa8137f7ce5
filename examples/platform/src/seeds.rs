//! The deployment's seeds, and the tokens derived for a sandbox.

use crate::secrets::lines;
use crate::version::Version;
use anyhow::{Context, ensure};
use sandgate::{AccessToken, Edge, KeyId, SandboxId, TrafficToken, v1, v2};

/// Seeds of one wire format, or of both.
pub struct Seeds {
    v1: Option<v1::Keyring>,
    v2: Option<v2::Keyring>,
}

impl Seeds {
    /// Of v1 one seed per line; of v2 one key id, a space and a seed per line. The first ones derive, all verify.
    ///
    /// # Errors
    /// If there are no seeds at all; a file with none, or more than 8; a seed of fewer than 16 bytes, or of
    /// fewer than 32 for v2; a key id that is not one of `[0-9a-z]`; a repeated key id or v2 seed.
    pub fn new(v1: Option<&[u8]>, v2: Option<&[u8]>) -> anyhow::Result<Self> {
        ensure!(v1.is_some() || v2.is_some(), "there must be at least one");
        let (v1, v2) = (v1.map(keyring).transpose(), v2.map(keyring_of_v2).transpose());
        Ok(Self { v1: v1.context("v1")?, v2: v2.context("v2")? })
    }

    pub(crate) const fn has(&self, version: Version) -> bool {
        match version {
            Version::V1 => self.v1.is_some(),
            Version::V2 => self.v2.is_some(),
        }
    }

    /// None where there is no seed of the format.
    pub(crate) fn access_token(&self, version: Version, id: &SandboxId, generation: u32) -> Option<AccessToken> {
        match version {
            Version::V1 => self.v1.as_ref().map(|keyring| keyring.access_token(id)),
            Version::V2 => self.v2.as_ref().map(|keyring| keyring.access_token(id, generation)),
        }
    }

    /// None where there is no seed of the format.
    pub(crate) fn traffic_token(&self, version: Version, id: &SandboxId, generation: u32) -> Option<TrafficToken> {
        match version {
            Version::V1 => self.v1.as_ref().map(|keyring| keyring.traffic_token(id)),
            Version::V2 => self.v2.as_ref().map(|keyring| keyring.traffic_token(id, generation)),
        }
    }

    /// Adds the keyrings that derive traffic tokens: the v1 seeds themselves, but only traffic roots of v2.
    pub(crate) fn give_to(&self, edge: Edge) -> Edge {
        let edge = self.v1.iter().fold(edge, |edge, keyring| edge.v1_keyring(keyring.clone()));
        self.v2.iter().fold(edge, |edge, keyring| edge.v2_keyring(keyring.traffic().clone()))
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

fn keyring_of_v2(text: &[u8]) -> anyhow::Result<v2::Keyring> {
    let mut keyring: Option<v2::Keyring> = None;
    for line in lines(text) {
        // Messages never show the content of a line.
        let space =
            line.iter().position(|byte| *byte == b' ').context("each line must be a key id, a space and a seed")?;
        let (kid, seed) = (KeyId::try_from(&line[..space])?, &line[space + 1..]);
        match &mut keyring {
            Some(keyring) => keyring.add(kid, seed)?,
            None => keyring = Some(v2::Keyring::new(kid, seed)?),
        }
    }
    keyring.context("there must be at least one")
}

#[cfg(test)]
mod tests {
    use super::Seeds;
    use crate::version::Version;
    use sandgate::AccessToken;

    const A: &str = "a the first seed, of 32 bytes and more";
    const B: &str = "b the second seed, of 32 bytes and more";

    fn access_token(seeds: &Seeds, version: Version, generation: u32) -> AccessToken {
        seeds.access_token(version, &"abc".parse().unwrap(), generation).unwrap()
    }

    #[test]
    fn the_first_seed_of_v1_derives() {
        let v1 = |text: &[u8]| access_token(&Seeds::new(Some(text), None).unwrap(), Version::V1, 0);
        let new = v1(b"the new seed of the platform");
        assert!(v1(b"the new seed of the platform\r\n\nthe old seed of the platform\n") == new);
        assert!(v1(b"the old seed of the platform") != new);
    }

    #[test]
    fn the_first_seed_of_v2_derives() {
        let v2 = |text: &str| access_token(&Seeds::new(None, Some(text.as_bytes())).unwrap(), Version::V2, 0);
        let both = v2(&format!("{B}\r\n\n{A}\n"));
        assert!(both == v2(B) && both.expose().starts_with("sg2a.b."));
    }

    #[test]
    fn generations_count_only_in_v2() {
        let seeds = Seeds::new(Some(b"the seed of the platform"), Some(A.as_bytes())).unwrap();
        for (version, same) in [(Version::V1, true), (Version::V2, false)] {
            let of = |generation| access_token(&seeds, version, generation);
            assert_eq!(of(0) == of(1), same);
        }
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
}
