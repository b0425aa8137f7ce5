//! Secrets of the platform: read from a file or the environment, never from an argument, which every user of the machine
//! can read.

use anyhow::{Context, ensure};
use sandgate::compare::equal;
use sandgate::v1::Keyring;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;
use zeroize::Zeroizing;

/// Reads `file`, or the environment's `variable` where no file is named.
///
/// # Errors
/// When there is neither, or the file cannot be read.
pub fn read_secret(file: Option<&Path>, variable: &str) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let bytes = match file {
        Some(file) => std::fs::read(file).with_context(|| format!("reading {}", file.display()))?,
        None => std::env::var_os(variable).with_context(|| format!("no file, and no ${variable}"))?.into_vec(),
    };
    Ok(Zeroizing::new(bytes))
}

/// A keyring of seeds, one a line, the first of which derives.
///
/// # Errors
/// When there is no seed, one of fewer than 16 bytes, or more than 8.
pub fn keyring(seeds: &[u8]) -> anyhow::Result<Keyring> {
    let mut seeds = lines(seeds);
    let mut keyring = Keyring::new(seeds.next().context("there is none")?)?;
    for seed in seeds {
        keyring.add(seed)?;
    }
    Ok(keyring)
}

/// The keys that the control API takes.
pub struct ApiKeys(Vec<Zeroizing<Vec<u8>>>);

impl ApiKeys {
    /// Keys, one a line.
    ///
    /// # Errors
    /// When there is none.
    pub fn new(keys: &[u8]) -> anyhow::Result<Self> {
        let keys: Vec<_> = lines(keys).map(|key| Zeroizing::new(key.to_vec())).collect();
        ensure!(!keys.is_empty(), "there is none");
        Ok(Self(keys))
    }

    /// Every key is compared, so that the time does not tell which one it was.
    pub(crate) fn knows(&self, presented: &[u8]) -> bool {
        self.0.iter().fold(false, |known, key| known | equal(key, presented))
    }
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let line = |line| <[u8]>::strip_suffix(line, b"\r").unwrap_or(line);
    text.split(|byte| *byte == b'\n').map(line).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{ApiKeys, keyring};

    #[test]
    fn the_first_seed_derives_and_all_verify() {
        let id = "abc".parse().unwrap();
        let [old, new] = [keyring(b"the old seed of the platform\n"), keyring(b"the new seed of the platform")];
        let (old, new) = (old.unwrap(), new.unwrap());
        let both = keyring(b"the new seed of the platform\r\n\nthe old seed of the platform\n").unwrap();
        assert_eq!(both.access_token(&id), new.access_token(&id));
        assert!(both.is_valid_access_token(&id, old.access_token(&id).expose().as_bytes()));
        assert!(keyring(b"\n").is_err() && keyring(b"too short\n").is_err());
    }

    #[test]
    fn api_keys_are_whole_lines() {
        let keys = ApiKeys::new(b"one\ntwo\n").unwrap();
        assert!(keys.knows(b"one") && keys.knows(b"two"));
        assert!(!keys.knows(b"") && !keys.knows(b"on") && !keys.knows(b"one\ntwo"));
        assert!(ApiKeys::new(b"\n").is_err());
    }
}
