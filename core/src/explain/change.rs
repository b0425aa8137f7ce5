//! The single change of a field that makes a signature right.

use super::text::Text;
use crate::value::ids::{KeyId, Operation, Port, SandboxId};
use crate::value::time::UnixSeconds;

/// The change after which the signature is right: the same URL with this value in the field.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change<'q> {
    /// Another operation.
    Operation(Operation),
    /// Another path.
    Path(Text<'q>),
    /// Another user, or none.
    User(Option<Text<'q>>),
    /// Another expiry, or none.
    Expires(Option<UnixSeconds>),
    /// Another directory, or none.
    Directory(Option<Text<'q>>),
    /// The same limit on the bytes, in its one spelling.
    MaxBytes(u64),
    /// No limit on the bytes.
    NoMaxBytes,
    /// The same hash of the content, in its one spelling.
    ContentSha256(Text<'q>),
    /// No hash of the content.
    NoContentSha256,
    /// No context.
    NoContext,
    /// The key id of another of the tokens.
    KeyId(KeyId),
    /// The requested port, in a pass or a signed host.
    Port(Port),
    /// The requested sandbox, in a signed host.
    SandboxId(SandboxId),
    /// Another spelling of the signature.
    Signature(Text<'q>),
}

impl<'q> Change<'q> {
    /// The name of the field: the parameter's name if the query carries it.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Operation(_) => "operation",
            Self::Path(_) => "path",
            Self::User(_) => "username",
            Self::Expires(_) => "signature_expiration",
            Self::Directory(_) => "signature_directory",
            Self::MaxBytes(_) | Self::NoMaxBytes => "signature_max_bytes",
            Self::ContentSha256(_) | Self::NoContentSha256 => "signature_sha256",
            Self::NoContext => "context",
            Self::KeyId(_) => "key id",
            Self::Port(_) => "port",
            Self::SandboxId(_) => "sandbox id",
            Self::Signature(_) => "signature",
        }
    }

    /// The value that the field should have, or none if the field should be absent.
    #[must_use]
    pub const fn value(&self) -> Option<Value<'q>> {
        Some(Value(match *self {
            Self::Operation(operation) => Kind::Word(operation.as_str()),
            Self::Path(text) | Self::ContentSha256(text) | Self::Signature(text) => Kind::Text(text),
            Self::User(Some(text)) | Self::Directory(Some(text)) => Kind::Text(text),
            Self::Expires(Some(time)) => Kind::Number(time.get()),
            // At most 2^53 - 1.
            Self::MaxBytes(max) => Kind::Number(max.cast_signed()),
            Self::KeyId(kid) => Kind::KeyId(kid),
            Self::Port(port) => Kind::Number(port.get() as i64),
            Self::SandboxId(id) => Kind::SandboxId(id),
            Self::User(None) | Self::Expires(None) | Self::Directory(None) => return None,
            Self::NoMaxBytes | Self::NoContentSha256 | Self::NoContext => return None,
        }))
    }
}

/// The value that a field should have.
///
/// `Display` writes it as text. Bytes that are not UTF-8, and those with a NUL, are written percent-encoded, as a query
/// carries them: [`Self::is_percent_encoded`] says which.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Value<'q>(pub(super) Kind<'q>);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'q> {
    Word(&'static str),
    Number(i64),
    KeyId(KeyId),
    SandboxId(SandboxId),
    Text(Text<'q>),
}

impl Value<'_> {
    /// Whether `Display` writes the value percent-encoded, because it is not UTF-8 without NUL.
    #[must_use]
    pub fn is_percent_encoded(&self) -> bool {
        matches!(self.0, Kind::Text(text) if text.is_percent_encoded())
    }
}
