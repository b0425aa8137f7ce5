//! The embedded state: a TOML or JSON file, which is read again when it changes.

use crate::config::Located;
use anyhow::{Context, bail};
use sandgate::{SandboxId, TrafficToken};
use sandgate_tower::Sandbox;
use serde::Deserialize;
use std::collections::HashMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// How often the file is looked at.
const EVERY: Duration = Duration::from_millis(500);

type Sandboxes = HashMap<String, Sandbox>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    sandboxes: HashMap<String, Row>,
}

/// A sandbox that does not say so is restricted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    #[serde(default = "yes")]
    pub(super) restricted: bool,
    #[serde(default)]
    pub(super) generation: u32,
    pub(super) traffic_token: Option<String>,
}

const fn yes() -> bool {
    true
}

impl Row {
    pub(super) fn sandbox(self) -> anyhow::Result<Sandbox> {
        let token = self.traffic_token.map(zeroize::Zeroizing::new);
        let traffic_token = token.map(|token| TrafficToken::try_from(token.as_str())).transpose();
        let traffic_token = traffic_token.context("traffic_token")?;
        Ok(Sandbox { restricted: self.restricted, generation: self.generation, traffic_token })
    }
}

/// The sandboxes of a file.
pub(crate) struct FileState {
    path: PathBuf,
    sandboxes: RwLock<Arc<Sandboxes>>,
}

impl FileState {
    /// # Errors
    /// `file:line: what is wrong`.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let sandboxes = RwLock::new(Arc::new(read(path)?));
        Ok(Self { path: path.to_owned(), sandboxes })
    }

    pub(crate) fn find(&self, id: &str) -> Option<Sandbox> {
        let sandboxes = Arc::clone(&self.sandboxes.read().unwrap_or_else(PoisonError::into_inner));
        sandboxes.get(id).cloned()
    }

    /// Reads the file again. On an error the sandboxes stay as they were.
    ///
    /// # Errors
    /// `file:line: what is wrong`.
    pub(crate) fn reload(&self) -> anyhow::Result<usize> {
        let sandboxes = read(&self.path)?;
        let count = sandboxes.len();
        *self.sandboxes.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(sandboxes);
        Ok(count)
    }

    /// What differs when the file was changed or replaced.
    fn version(&self) -> Option<(u64, u64, i64, i64)> {
        let found = std::fs::metadata(&self.path).ok()?;
        Some((found.ino(), found.size(), found.mtime(), found.mtime_nsec()))
    }
}

/// Reads the file again whenever it changes.
pub(crate) async fn watch(state: Arc<FileState>) {
    let mut seen = state.version();
    loop {
        tokio::time::sleep(EVERY).await;
        let now = state.version();
        if now == seen {
            continue;
        }
        seen = now;
        match state.reload() {
            Ok(count) => tracing::info!(sandboxes = count, "the state file was read again"),
            Err(error) => tracing::error!(error = %format!("{error:#}"), "the state stays as it was"),
        }
    }
}

fn read(path: &Path) -> anyhow::Result<Sandboxes> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let text = zeroize::Zeroizing::new(text);
    let located = Located { path, text: &text };
    let table: Table = match path.extension().and_then(|extension| extension.to_str()) {
        Some("toml") => toml::from_str(&text).map_err(|error| located.toml(&error))?,
        // serde_json's message may repeat a value, but names the place.
        Some("json") => serde_json::from_str(&text).map_err(|error| {
            anyhow::anyhow!("{}:{}: must be JSON with sandboxes as documented", path.display(), error.line().max(1))
        })?,
        _ => bail!("{}:1: the file's name must end with .toml or .json", path.display()),
    };
    let mut sandboxes = Sandboxes::with_capacity(table.sandboxes.len());
    for (id, row) in table.sandboxes {
        let line = text.find(id.as_str()).unwrap_or_default();
        let wrong = |error: &dyn std::fmt::Display| located.error(line, &format!("sandboxes.{id}: {error}"));
        SandboxId::try_from(id.as_str()).map_err(|misuse| wrong(&misuse))?;
        let sandbox = row.sandbox().map_err(|error| wrong(&format!("{error:#}")))?;
        sandboxes.insert(id, sandbox);
    }
    Ok(sandboxes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    #[test]
    fn toml_and_json_say_the_same() {
        let toml = "[sandboxes.abc]\ngeneration = 3\ntraffic_token = \"t\"\n[sandboxes.pub]\nrestricted = false\n";
        let json = r#"{"sandboxes":{"abc":{"generation":3,"traffic_token":"t"},"pub":{"restricted":false}}}"#;
        for (name, text) in [("s.toml", toml), ("s.json", json)] {
            let (_folder, path) = written(name, text);
            let state = FileState::read(&path).unwrap();
            let token = Some(TrafficToken::try_from("t").unwrap());
            assert_eq!(state.find("abc"), Some(Sandbox { restricted: true, generation: 3, traffic_token: token }));
            assert_eq!(state.find("pub"), Some(Sandbox::public()));
            assert_eq!(state.find("other"), None);
        }
    }

    #[test]
    fn errors_name_file_and_line_and_no_token() {
        for (name, text, line) in [
            ("s.toml", "[sandboxes.abc]\nrestricted = \"no\"\n", 2),
            ("s.toml", "\n[sandboxes.abc]\nlimited = true\n", 3),
            ("s.toml", "\n\n[sandboxes.\"a b\"]\n", 3),
            ("s.toml", "\n[sandboxes.abc]\ntraffic_token = \"\"\n", 2),
            ("s.toml", "\n[sandboxes.abc]\ntraffic_token = \"secret\n", 3),
            ("s.json", "{\"sandboxes\":\n{\"abc\":{\"traffic_token\":7}}}", 2),
            ("s.json", "{\"sandboxes\":\n{\"abc\":{\"traffic_token\":\"secret\"}}", 2),
            ("s.yaml", "", 1),
        ] {
            let (_folder, path) = written(name, text);
            let error = format!("{:#}", FileState::read(&path).err().unwrap());
            assert!(error.starts_with(&format!("{}:{line}: ", path.display())), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn broken_file_is_not_used() {
        let (_folder, path) = written("s.toml", "[sandboxes.abc]\n");
        let state = FileState::read(&path).unwrap();
        let change = |text: &str| {
            let before = state.version();
            std::fs::write(&path, text).unwrap();
            assert_ne!(state.version(), before);
            state.reload().ok()
        };
        assert_eq!(change("[sandboxes.abc]\ngeneration = 1\n"), Some(1));
        assert_eq!(change("[sandboxes.abc\n"), None);
        assert_eq!(state.find("abc").unwrap().generation, 1);
        assert_eq!(change(""), Some(0));
        assert_eq!(state.find("abc"), None);
    }
}
