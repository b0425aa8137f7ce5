//! Secrets, from files or from the credentials that systemd passes. Never from arguments or the environment.

use anyhow::{Context, anyhow, bail};
use sandgate::v2::TrafficRoot;
use sandgate::{Misuse, v1, v2};
use serde::Deserialize;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// Where the seeds are. An edge without any gets each sandbox's token from its state.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seeds {
    /// Seeds of v1, one per line. Anyone who holds them can also derive access tokens.
    v1: Option<SecretPlace>,
    /// Traffic roots of v2 (`sg2r.…`), one per line.
    v2_traffic_roots: Option<SecretPlace>,
}

/// `{ file = "…" }` or `{ credential = "…" }`.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum SecretPlace {
    /// A path.
    File(PathBuf),
    /// A name in the directory `$CREDENTIALS_DIRECTORY`.
    Credential(CredentialName),
}

/// A name without a path.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct CredentialName(String);

pub(super) const NO_CREDENTIAL: &str = "credential: must be a name, not a path";

impl TryFrom<String> for CredentialName {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        if name.is_empty() || name.contains('/') || name.starts_with('.') { Err(NO_CREDENTIAL) } else { Ok(Self(name)) }
    }
}

impl SecretPlace {
    fn path(&self) -> anyhow::Result<PathBuf> {
        match self {
            Self::File(path) => Ok(path.clone()),
            Self::Credential(CredentialName(name)) => {
                let directory = std::env::var_os("CREDENTIALS_DIRECTORY");
                let directory = directory.context("credential: $CREDENTIALS_DIRECTORY is not set; systemd sets it")?;
                Ok(PathBuf::from(directory).join(name))
            }
        }
    }

    /// Calls `add` with each line that is not empty.
    fn each_line(&self, mut add: impl FnMut(&[u8]) -> Result<(), Misuse>) -> anyhow::Result<()> {
        let path = self.path()?;
        let shown = path.display();
        let text = Zeroizing::new(std::fs::read(&path).with_context(|| shown.to_string())?);
        let mut any = false;
        for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.is_empty() {
                add(line).map_err(|misuse| anyhow!("{shown}:{}: {misuse}", index + 1))?;
                any = true;
            }
        }
        if any { Ok(()) } else { bail!("{shown}:1: must have a secret on a line of its own") }
    }

    /// The only line. A second one is an error: nobody could say which of the two counts.
    pub(crate) fn only(&self) -> anyhow::Result<Zeroizing<Vec<u8>>> {
        let mut lines = 0;
        let mut only = Zeroizing::new(Vec::new());
        self.each_line(|line| {
            lines += 1;
            *only = line.to_vec();
            Ok(())
        })?;
        anyhow::ensure!(lines == 1, "{}:2: must have only one line", self.path()?.display());
        Ok(only)
    }
}

/// A keyring, and what a log may say of it.
pub(super) struct Read<K> {
    pub(super) keyring: K,
    /// `v2:a` for a key id of v2, `v1:1` for the first seed of v1.
    pub(super) names: Vec<String>,
}

impl Seeds {
    pub(super) fn v1(&self) -> anyhow::Result<Option<Read<v1::Keyring>>> {
        let Some(place) = &self.v1 else { return Ok(None) };
        let mut names = Vec::new();
        let mut keyring: Option<v1::Keyring> = None;
        place.each_line(|seed| {
            match &mut keyring {
                Some(keyring) => keyring.add(seed),
                None => v1::Keyring::new(seed).map(|first| keyring = Some(first)),
            }?;
            names.push(format!("v1:{}", names.len() + 1));
            Ok(())
        })?;
        Ok(keyring.map(|keyring| Read { keyring, names }))
    }

    pub(super) fn v2(&self) -> anyhow::Result<Option<Read<v2::TrafficKeyring>>> {
        let Some(place) = &self.v2_traffic_roots else { return Ok(None) };
        let mut names = Vec::new();
        let mut keyring: Option<v2::TrafficKeyring> = None;
        place.each_line(|line| {
            let root = TrafficRoot::try_from(line)?;
            match &mut keyring {
                Some(keyring) => keyring.add(&root),
                None => v2::TrafficKeyring::new(&root).map(|first| keyring = Some(first)),
            }?;
            // The keyring has accepted the line, so the key id is its second part.
            let key_id = line.split(|byte| *byte == b'.').nth(1).unwrap_or_default();
            names.push(format!("v2:{}", key_id.escape_ascii()));
            Ok(())
        })?;
        Ok(keyring.map(|keyring| Read { keyring, names }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_is_the_only_line_of_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        let only = |text: &str| {
            std::fs::write(&path, text).unwrap();
            SecretPlace::File(path.clone()).only().map(|line| line.to_vec()).map_err(|error| error.to_string())
        };
        for text in ["SECRET", "SECRET\n", "SECRET\r\n\n"] {
            assert_eq!(only(text).as_deref(), Ok(&b"SECRET"[..]));
        }
        for text in ["", "\n", "SECRET\nOTHER\n"] {
            let error = only(text).unwrap_err();
            assert!(error.starts_with(path.to_str().unwrap()) && !error.contains("SECRET"), "{error}");
        }
    }
}
