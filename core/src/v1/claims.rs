//! The message that a v1 signature signs.

use crate::crypto::sha256::{Blocks, Sha256};
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

/// A hash that collects the usual message.
pub(super) type Message<'b> = Sha256<'b, 3>;

impl Claims<'_> {
    /// Writes the hash of the message. `token` adds the access token.
    #[inline(always)]
    pub(super) fn tag(&self, token: impl FnOnce(&mut Message<'_>), tag: &mut Tag) {
        let mut blocks = Blocks::new();
        let mut message: Message<'_> = blocks.start();
        message.update_decoded(&self.path);
        message.update_padded(match self.operation {
            Operation::Read => (b":read:\0\0", 6),
            Operation::Write => (b":write:\0", 7),
        });
        message.update_decoded(&self.user);
        message.update_padded((b":", 1));
        token(&mut message);
        if let Some(expires) = self.expires {
            message.update_padded((b":", 1));
            message.update_padded(Decimal::new(expires.get()).padded());
        }
        message.finish(tag);
    }
}
