//! The values of a query, and whether its signature is right with one field changed.

use super::change::{Change, Kind};
use super::text::{Edit, Text};
use crate::encoding::number::Decimal;
use crate::encoding::percent::Decoded;
use crate::encoding::query_text::Value;
use crate::gate::access_keys::AccessKeys;
use crate::request::file_query::{FileQuery, text_of};
use crate::value::error::{Code, Denied};
use crate::value::ids::{Context, Operation};
use crate::value::time::UnixSeconds;

/// The longest replacement value to try, in bytes: the longest v2 path.
const MAX_VALUE: usize = 4096;

/// Everything that decides whether a signature is right, except the tokens.
#[derive(Clone, Copy)]
pub(super) struct Said<'a> {
    pub(super) query: FileQuery<'a>,
    pub(super) operation: Operation,
    pub(super) context: Option<Context<'a>>,
}

impl Said<'_> {
    pub(super) fn check(&self, keys: &AccessKeys, now: UnixSeconds) -> Result<(), Denied> {
        keys.verify(&self.query, self.operation, self.context, now).map(drop)
    }

    /// Whether the syntax and the tag are right with this change. Time and scope may still refuse.
    pub(super) fn is_signed_with(&self, change: &Change<'_>, keys: &AccessKeys, now: UnixSeconds) -> bool {
        let mut buffer = [0; MAX_VALUE];
        let Some(changed) = self.with(change, &mut buffer) else { return false };
        match changed.check(keys, now).map_err(Denied::code) {
            Ok(()) | Err(Code::Expired | Code::LifetimeTooLong | Code::OutOfScope) => true,
            Err(Code::Missing | Code::Malformed | Code::Invalid | Code::NotInitialized) => false,
        }
    }

    /// Returns the same with one field changed. The value is written to `buffer`; none if it does not fit.
    fn with<'b>(&'b self, change: &Change<'_>, buffer: &'b mut [u8]) -> Option<Said<'b>> {
        let mut said: Said<'b> = *self;
        let query = &mut said.query;
        let value = match change.value().map(|value| value.0) {
            Some(Kind::Text(text)) => Some(put(buffer, &text)?),
            Some(Kind::Number(number)) => Some(put(buffer, &Text::plain(Decimal::new(number).as_bytes()))?),
            Some(Kind::KeyId(kid)) => Some(put(buffer, &Text::new(text_of(query.signature)?, Edit::KeyId(kid)))?),
            Some(Kind::Word(_) | Kind::SandboxId(_)) | None => None,
        };
        let place = match *change {
            Change::Operation(operation) => return Some(Said { operation, ..said }),
            Change::NoContext => return Some(Said { context: None, ..said }),
            // No file URL says these.
            Change::Port(_) | Change::SandboxId(_) => return None,
            Change::Path(_) => &mut query.path,
            Change::User(_) => &mut query.user,
            Change::Expires(_) => &mut query.expiration,
            Change::Directory(_) => &mut query.beyond_v1.directory,
            Change::MaxBytes(_) | Change::NoMaxBytes => &mut query.beyond_v1.max_bytes,
            Change::ContentSha256(_) | Change::NoContentSha256 => &mut query.beyond_v1.sha256,
            Change::KeyId(_) | Change::Signature(_) => &mut query.signature,
        };
        *place = value.map(Value::from);
        Some(said)
    }
}

/// Writes a text to the start of `buffer`, if it fits.
pub(super) fn put<'b>(buffer: &'b mut [u8], text: &Text<'_>) -> Option<Decoded<'b>> {
    let mut len: usize = 0;
    for byte in text.bytes() {
        *buffer.get_mut(len)? = byte;
        len = len.saturating_add(1);
    }
    buffer.get(..len).map(Decoded::plain)
}
