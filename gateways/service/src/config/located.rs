//! Errors that name a file and a line.

use super::address::NO_HOST_PORT;
use super::secrets::NO_CREDENTIAL;
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

    /// The same for an error of the parser.
    pub(crate) fn toml(&self, error: &toml::de::Error) -> anyhow::Error {
        self.error(error.span().map_or(0, |span| span.start), &without_values(error.message()))
    }
}

/// What the parser says without the value that it found: a secret in a wrong place would stand in a log.
///
/// Only texts of the program's own are kept: the names of fields, and what follows the last `, expected`.
fn without_values(message: &str) -> String {
    const KINDS: [&str; 5] = ["unknown field", "unknown variant", "invalid type", "invalid value", "invalid length"];
    const WHOLE: [&str; 5] =
        ["missing field `", "invalid socket address syntax", "invalid IP address syntax", NO_HOST_PORT, NO_CREDENTIAL];
    if WHOLE.iter().any(|whole| message.starts_with(whole)) {
        return message.to_owned();
    }
    let kind = KINDS.into_iter().find(|kind| message.starts_with(kind));
    match (kind, message.rsplit_once(", expected ")) {
        (Some(kind), Some((_, expected))) => format!("{kind}: must be {expected}"),
        (Some(kind), None) => kind.to_owned(),
        (None, _) => "must be valid TOML as documented".to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_of_the_parser_is_kept_without_the_value() {
        for (message, kept) in [
            (
                "unknown variant `SECRET`, expected `file` or `credential`",
                "unknown variant: must be `file` or `credential`",
            ),
            ("unknown field `SECRET`, expected one of `a`, `b`", "unknown field: must be one of `a`, `b`"),
            ("invalid type: string \"SECRET, expected SECRET\", expected u32", "invalid type: must be u32"),
            ("unknown field `SECRET`, there are no fields", "unknown field"),
            ("missing field `state`", "missing field `state`"),
            ("duplicate key `SECRET`", "must be valid TOML as documented"),
            ("anything, expected SECRET", "must be valid TOML as documented"),
        ] {
            assert_eq!(without_values(message), kept);
        }
    }
}
