//! The embedded state: a TOML or JSON file, which is read again when it changes.

use super::text::{Sandboxes, parse};
use crate::config::Located;
use anyhow::Context;
use sandgate_tower::Sandbox;
use std::fs::{File, Metadata};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use zeroize::Zeroizing;

/// How often the file is looked at.
const EVERY: Duration = Duration::from_millis(250);
/// How long a file must stay as it is before it is used. Half of a file may be valid TOML, with an older generation.
const SETTLED: Duration = Duration::from_millis(150);
/// How often a file that is being written is read before it is an error.
const TRIES: usize = 20;

/// What differs when the file was changed or replaced.
type Version = (u64, u64, i64, i64);

fn version(found: &Metadata) -> Version {
    (found.ino(), found.size(), found.mtime(), found.mtime_nsec())
}

/// The sandboxes of a file.
pub(crate) struct FileState {
    path: PathBuf,
    sandboxes: RwLock<Arc<Sandboxes>>,
    /// The version that was read last. One reload at a time holds it, so the newer one of two reads wins.
    seen: Mutex<Option<Version>>,
}

impl FileState {
    /// # Errors
    /// `file:line: what is wrong`.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let state = Self { path: path.to_owned(), sandboxes: RwLock::default(), seen: Mutex::new(None) };
        state.reload()?;
        Ok(state)
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
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (text, version) = settled(&self.path)?;
        *seen = Some(version);
        let sandboxes = parse(&Located { path: &self.path, text: &text })?;
        let count = sandboxes.len();
        *self.sandboxes.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(sandboxes);
        Ok(count)
    }

    /// Whether the file is another one than that read last. A file that is not there is no other one.
    fn is_changed(&self) -> bool {
        let now = std::fs::metadata(&self.path).ok().map(|found| version(&found));
        now.is_some() && now != *self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the file again whenever it changes.
pub(crate) async fn watch(state: Arc<FileState>) {
    loop {
        tokio::time::sleep(EVERY).await;
        let state = Arc::clone(&state);
        let reloaded = tokio::task::spawn_blocking(move || state.is_changed().then(|| state.reload())).await;
        match reloaded {
            Ok(Some(Ok(count))) => tracing::info!(sandboxes = count, "the state file was read again"),
            Ok(Some(Err(error))) => tracing::error!(error = %format!("{error:#}"), "the state stays as it was"),
            Ok(None) | Err(_) => {}
        }
    }
}

/// Returns a text that two reads agree on, with its version.
fn settled(path: &Path) -> anyhow::Result<(Zeroizing<String>, Version)> {
    let mut before = text(path)?;
    for _ in 0..TRIES {
        std::thread::sleep(SETTLED);
        let after = text(path)?;
        if after == before {
            return Ok(after);
        }
        before = after;
    }
    anyhow::bail!("{}:1: must not change all the time", path.display())
}

fn text(path: &Path) -> anyhow::Result<(Zeroizing<String>, Version)> {
    let shown = || path.display().to_string();
    let mut file = File::open(path).with_context(shown)?;
    // Taken first: a write during the read makes another version.
    let version = version(&file.metadata().with_context(shown)?);
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).with_context(shown)?;
    Ok((text, version))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn written(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.toml");
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    #[test]
    fn broken_file_is_not_used() {
        let (_folder, path) = written("[sandboxes.abc]\n");
        let state = FileState::read(&path).unwrap();
        let change = |text: &str| {
            assert!(!state.is_changed());
            std::fs::write(&path, text).unwrap();
            assert!(state.is_changed());
            state.reload().ok()
        };
        assert_eq!(change("[sandboxes.abc]\ngeneration = 1\n"), Some(1));
        assert_eq!(change("[sandboxes.abc\n"), None);
        assert_eq!(state.find("abc").unwrap().generation, 1);
        assert_eq!(change(""), Some(0));
        assert_eq!(state.find("abc"), None);
        // A missing file is no change, but an error at a reload.
        std::fs::remove_file(&path).unwrap();
        assert!(!state.is_changed() && state.reload().is_err());
    }

    #[test]
    fn file_that_is_being_written_is_not_used() {
        // The writer's pause is short, but a loaded machine may make it longer than the limit.
        let complete = (0..5).any(|_| {
            let (_folder, path) = written("[sandboxes.abc]\ngeneration = 11\n");
            let state = FileState::read(&path).unwrap();
            let mut file = File::create(&path).unwrap();
            file.write_all(b"[sandboxes.abc]\ngeneration = 1").unwrap();
            let writer = std::thread::spawn(move || {
                std::thread::sleep(SETTLED / 4);
                file.write_all(b"2\n").unwrap();
            });
            state.reload().unwrap();
            writer.join().unwrap();
            state.find("abc").unwrap().generation == 12
        });
        assert!(complete);
    }

    #[test]
    fn change_that_comes_right_after_the_start_is_seen() {
        let (_folder, path) = written("[sandboxes.abc]\ngeneration = 1\n");
        let state = FileState::read(&path).unwrap();
        std::fs::write(&path, "[sandboxes.abc]\ngeneration = 22\n").unwrap();
        assert!(state.is_changed());
        // However many reloads run at once, the last text counts, or is still to be read.
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| state.reload().unwrap());
            }
            std::fs::write(&path, "[sandboxes.abc]\ngeneration = 333\n").unwrap();
        });
        assert!(state.find("abc").unwrap().generation == 333 || state.is_changed());
    }
}
