//! The message that a v1 signature signs.

use crate::crypto::sha256::Sha256;
use crate::crypto::tag::Tag;
use crate::encoding::number::Decimal;
use crate::encoding::percent::Decoded;
use crate::value::ids::Operation;
use crate::value::time::UnixSeconds;

/// The claims of a file URL, which its signature signs.
#[derive(Clone, Copy)]
pub(super) struct Claims<'a> {
    pub(super) operation: Operation,
    pub(super) path: Decoded<'a>,
    pub(super) user: Decoded<'a>,
    pub(super) expires: Option<UnixSeconds>,
}

impl Claims<'_> {
    /// Writes the hash of the message. The token is passed with its colons.
    #[inline]
    pub(super) fn tag(&self, [before, token, after]: [&[u8]; 3], tag: &mut Tag) {
        let operation: &[u8] = match self.operation {
            Operation::Read => b":read:",
            Operation::Write => b":write:",
        };
        let expires = self.expires.map(|time| Decimal::new(time.get()));
        let expires = expires.as_ref().map_or(&[][..], Decimal::as_bytes);
        let mut message = Sha256::<3>::new();
        self.path.feed(|bytes| message.update(bytes));
        message.update(operation);
        self.user.feed(|bytes| message.update(bytes));
        for piece in [before, token, after, expires] {
            message.update(piece);
        }
        message.finish(tag);
    }
}
