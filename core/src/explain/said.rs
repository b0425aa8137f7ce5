//! What a query says, and whether its signature is right with one field changed.

use super::change::Change;
use crate::encoding::percent::Decoded;
use crate::gate::access_keys::AccessKeys;
use crate::request::file_query::FileQuery;
use crate::value::error::{Code, Denied};
use crate::value::ids::{Context, Operation};
use crate::value::time::UnixSeconds;
use core::fmt::Write;

/// The longest value that is tried in place of another, in bytes: the longest path of v2.
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
        let mut room = [0; MAX_VALUE];
        let Some(changed) = self.with(change, &mut room) else { return false };
        match changed.check(keys, now).map_err(Denied::code) {
            Ok(()) | Err(Code::Expired | Code::LifetimeTooLong | Code::OutOfScope) => true,
            Err(Code::Missing | Code::Malformed | Code::Invalid) => false,
        }
    }

    /// The same with one field changed, whose value is put into `room`, if it fits.
    fn with<'b>(&'b self, change: &Change<'_>, room: &'b mut [u8]) -> Option<Said<'b>> {
        let mut said: Said<'b> = *self;
        let query = &mut said.query;
        match *change {
            Change::Operation(operation) => said.operation = operation,
            Change::Path(path) => query.path = Some(put(room, path.bytes())?),
            Change::User(user) => query.user = put_optional(room, user.map(|user| user.bytes()))?,
            Change::Expires(time) => {
                let digits = time.map(|time| digits(time.get()));
                query.expiration = put_optional(room, digits.as_ref().map(|digits| digits.bytes()))?;
            }
            Change::Directory(directory) => {
                query.beyond_v1.directory = put_optional(room, directory.map(|directory| directory.bytes()))?;
            }
            Change::MaxBytes(max) => {
                query.beyond_v1.max_bytes = Some(put(room, digits(max.cast_signed()).bytes())?);
            }
            Change::NoMaxBytes => query.beyond_v1.max_bytes = None,
            Change::ContentSha256(digits) => query.beyond_v1.sha256 = Some(put(room, digits.bytes())?),
            Change::NoContentSha256 => query.beyond_v1.sha256 = None,
            Change::NoContext => said.context = None,
            Change::KeyId(kid) => {
                // The key id stands between the two dots of `v2.a.…`.
                let bytes = query.signature?.bytes().enumerate();
                let at = |(index, byte)| if index == KEY_ID_AT { kid.byte() } else { byte };
                query.signature = Some(put(room, bytes.map(at))?);
            }
            Change::Signature(signature) => query.signature = Some(put(room, signature.bytes())?),
            // No file URL says these.
            Change::Port(_) | Change::SandboxId(_) => return None,
        }
        Some(said)
    }
}

const KEY_ID_AT: usize = b"v2.".len();

/// A number in decimal. Not by `number::Decimal`, which the compiler inlines in the hash of a file URL as long as it has no
/// other caller.
fn digits(number: i64) -> heapless::String<20> {
    let mut digits = heapless::String::new();
    // A sign and 19 digits at the most.
    let _ = write!(digits, "{number}");
    digits
}

/// Puts bytes at the beginning of `room`, if they fit.
pub(super) fn put(room: &mut [u8], bytes: impl Iterator<Item = u8>) -> Option<Decoded<'_>> {
    let mut len: usize = 0;
    for byte in bytes {
        *room.get_mut(len)? = byte;
        len = len.saturating_add(1);
    }
    room.get(..len).map(Decoded::plain)
}

/// The same for a field that may be absent.
fn put_optional(room: &mut [u8], bytes: Option<impl Iterator<Item = u8>>) -> Option<Option<Decoded<'_>>> {
    match bytes {
        Some(bytes) => put(room, bytes).map(Some),
        None => Some(None),
    }
}
