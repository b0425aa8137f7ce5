//! A hash over a secret and a body, which is kept between the pieces.

use crate::crypto::sha256::Blocks;
use crate::crypto::tag::Tag;
use crate::memory::slots::Blank;

/// A SHA-256 computation. It is wiped on drop.
#[derive(Clone)]
pub(super) struct Hash {
    blocks: Blocks<1>,
    /// The bytes in the blocks' buffer.
    filled: usize,
}

impl Hash {
    pub(super) fn new() -> Self {
        Self { blocks: Blocks::new(), filled: 0 }
    }

    pub(super) fn update(&mut self, piece: &[u8]) {
        let mut hash = self.blocks.go_on(self.filled);
        hash.update(piece);
        self.filled = hash.filled();
    }

    /// Writes the digest, which ends the computation.
    pub(super) fn finish(&mut self, tag: &mut Tag) {
        self.blocks.go_on(self.filled).finish(tag);
    }
}

impl Blank for Hash {
    fn blank() -> Self {
        Self::new()
    }
}
