//! Secrets of the platform: read from a file or the environment, never from an argument, which every user of the machine
//! can read.

use anyhow::{Context, ensure};
use sandgate::compare::equal;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;
use zeroize::Zeroizing;

/// Reads `file`, or the environment's `variable` if no file is named; none if there is neither.
///
/// # Errors
/// When the file cannot be read.
pub fn read_secret(file: Option<&Path>, variable: &str) -> anyhow::Result<Option<Zeroizing<Vec<u8>>>> {
    let bytes = match file {
        Some(file) => Some(std::fs::read(file).with_context(|| format!("reading {}", file.display()))?),
        None => std::env::var_os(variable).map(OsStringExt::into_vec),
    };
    Ok(bytes.map(Zeroizing::new))
}

/// The keys that the control API accepts.
pub struct ApiKeys(Vec<Zeroizing<Vec<u8>>>);

impl ApiKeys {
    /// Keys, one per line.
    ///
    /// # Errors
    /// When there is none.
    pub fn new(keys: &[u8]) -> anyhow::Result<Self> {
        let keys: Vec<_> = lines(keys).map(|key| Zeroizing::new(key.to_vec())).collect();
        ensure!(!keys.is_empty(), "there must be at least one");
        Ok(Self(keys))
    }

    /// Compares every key, so that the time does not reveal which one matched.
    pub(crate) fn knows(&self, presented: &[u8]) -> bool {
        self.0.iter().fold(false, |known, key| known | equal(key, presented))
    }
}

pub(crate) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let line = |line| <[u8]>::strip_suffix(line, b"\r").unwrap_or(line);
    text.split(|byte| *byte == b'\n').map(line).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::ApiKeys;

    #[test]
    fn api_keys_are_whole_lines() {
        let keys = ApiKeys::new(b"one\ntwo\n").unwrap();
        assert!(keys.knows(b"one") && keys.knows(b"two"));
        assert!(!keys.knows(b"") && !keys.knows(b"on") && !keys.knows(b"one\ntwo"));
        assert!(ApiKeys::new(b"\n").is_err());
    }
}
