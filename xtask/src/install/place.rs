//! Where an installation goes.

use anyhow::{Context, bail, ensure};
use std::path::{Component, Path, PathBuf};

pub(crate) struct Place {
    /// Where the library will be used: absolute.
    pub(super) prefix: String,
    /// Where its libraries are, below the prefix.
    pub(super) libdir: String,
    /// The directory that replaces the root while the files are written.
    pub(super) destdir: Option<PathBuf>,
}

impl Place {
    /// # Errors
    ///
    /// If the prefix is not a plain absolute path, or if the directory of the libraries is not below it.
    pub(crate) fn new(prefix: &Path, libdir: &Path, destdir: Option<&Path>) -> anyhow::Result<Self> {
        ensure!(prefix.is_absolute(), "--prefix: must be an absolute path, not {}", prefix.display());
        let (prefix, destdir) = (plain("--prefix", prefix)?, destdir.map(Path::to_owned));
        let below = if libdir.is_absolute() {
            let below = libdir.strip_prefix(&prefix).ok();
            below.with_context(|| format!("--libdir: must be below {prefix}, not {}", libdir.display()))?
        } else {
            libdir
        };
        let libdir = plain("--libdir", below)?;
        ensure!(!libdir.is_empty(), "--libdir: must not be the prefix itself");
        Ok(Self { prefix, libdir, destdir })
    }

    /// Returns the path at which to write a file that will be used as `below` in the prefix.
    pub(super) fn inside(&self, below: &str) -> PathBuf {
        match &self.destdir {
            None => Path::new(&self.prefix).join(below),
            Some(destdir) => destdir.join(self.prefix.trim_start_matches('/')).join(below),
        }
    }

    /// Reports where each file goes, before anything is built or written.
    pub(crate) fn announcement(&self) -> String {
        let at = |below: &str| self.inside(below).display().to_string();
        format!(
            "sandgate.h goes to {}, libsandgate to {} (change with --prefix, --libdir or --destdir)",
            at("include"),
            at(&self.libdir)
        )
    }

    /// The relative path from the CMake package to the prefix.
    pub(super) fn up(&self) -> String {
        let depth = Path::new(&self.libdir).components().count() + 2;
        vec![".."; depth].join("/")
    }

    /// Where the loader will find the shared library.
    pub(super) fn libraries(&self) -> String {
        format!("{}/{}", self.prefix.trim_end_matches('/'), self.libdir)
    }
}

/// Returns the path without repeated or trailing separators.
///
/// Only plain characters are accepted: readers of `sandgate.pc` do not agree on how a space is quoted.
fn plain(option: &str, path: &Path) -> anyhow::Result<String> {
    let text = path.to_str().with_context(|| format!("{option}: must be UTF-8"))?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+".contains(&byte);
    ensure!(text.bytes().all(is_plain), "{option}: must contain only letters, digits and /._-+, not {text}");
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => bail!("{option}: must not contain .., as {text} does"),
            other => plain.push(other),
        }
    }
    Ok(plain.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announcement_names_where_files_are_written() -> anyhow::Result<()> {
        let place = Place::new(Path::new("/usr/local"), Path::new("lib"), None)?;
        let (said, options) = (place.announcement(), "(change with --prefix, --libdir or --destdir)");
        assert_eq!(said, format!("sandgate.h goes to /usr/local/include, libsandgate to /usr/local/lib {options}"));
        let packaged = Place::new(Path::new("/usr"), Path::new("lib64"), Some(Path::new("/tmp/root")))?;
        assert!(packaged.announcement().contains("/tmp/root/usr/lib64 "), "{}", packaged.announcement());
        Ok(())
    }
}
