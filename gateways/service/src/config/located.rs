//! Errors that name a file and a line.

use anyhow::anyhow;
use std::path::Path;
use toml::Spanned;

/// A file and its text.
pub(crate) struct Located<'a> {
    pub(crate) path: &'a Path,
    pub(crate) text: &'a str,
}

impl Located<'_> {
    /// `file:line: message` for the line of a byte.
    pub(crate) fn error(&self, byte: usize, message: &str) -> anyhow::Error {
        anyhow!("{}:{}: {message}", self.path.display(), line_of(self.text, byte))
    }

    /// The same for an error of the parser. Its own text would repeat the line, which may hold a secret.
    pub(crate) fn toml(&self, error: &toml::de::Error) -> anyhow::Error {
        self.error(error.span().map_or(0, |span| span.start), error.message())
    }
}

/// The error of a value.
pub(super) fn at<T>(file: &Located<'_>, value: &Spanned<T>, message: &str) -> anyhow::Error {
    file.error(value.span().start, message)
}

/// The line of a byte, from 1.
fn line_of(text: &str, byte: usize) -> usize {
    1 + text.bytes().take(byte).filter(|byte| *byte == b'\n').count()
}
