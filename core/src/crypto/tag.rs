//! A tag, the 32 bytes of a digest or an HMAC, and a presented tag.

use crate::crypto::compare::{Choice, is_flawless, same, same_words};
use crate::encoding::base64;
use crate::encoding::text;
use crate::memory::wipe::{Wiped, wipe};

/// The 32 bytes of a digest or an HMAC. A secret until it is published.
///
/// Stored as the words of the SHA-256 state, each of four bytes, big-endian.
pub(crate) struct Tag(pub(crate) [u32; 8]);

impl Tag {
    #[inline]
    pub(crate) const fn new() -> Self {
        Self([0; 8])
    }

    #[cfg_attr(not(sandgate_small), inline(always))]
    pub(crate) fn write_hex(&self, out: &mut [u8; 64]) {
        text::write_hex(&self.0, out);
    }

    #[inline]
    pub(crate) fn write_base64(&self, out: &mut [u8; 43]) {
        base64::write(&self.0, out);
    }

    #[inline]
    pub(crate) fn write_base64url(&self, out: &mut [u8; 43]) {
        base64::write_url_safe(&self.0, out);
    }

    /// Compares this with a presented tag and returns the undecided result.
    #[inline]
    pub(crate) fn is(&self, presented: &PresentedTag) -> Choice {
        same_words(&self.0, &presented.tag.0, presented.flaws)
    }

    /// Compares a text with this tag in canonical base64 and returns the undecided result. Encoding the tag costs less than
    /// decoding the text.
    #[inline]
    pub(crate) fn is_base64(&self, text: &[u8; 43]) -> Choice {
        // With the five characters more, so that it is not read in other pieces than it was written, which would stall.
        let mut right = Wiped([0; 48]);
        base64::write_padded(&self.0, &mut right.0);
        same(right.0.get(..text.len()).unwrap_or_default(), text)
    }

    /// Writes the first 16 bytes in base32.
    pub(crate) fn write_base32(&self, out: &mut [u8; 26]) {
        text::write_base32(self.0.iter().take(4).fold(0, |bits, word| (bits << 32) | u128::from(*word)), out);
    }

    /// Writes the 32 bytes at the start of `place`.
    #[inline]
    pub(crate) fn write_bytes(&self, place: &mut [u8]) {
        for (place, word) in place.as_chunks_mut().0.iter_mut().zip(&self.0) {
            *place = word.to_be_bytes();
        }
    }

    #[cfg(test)]
    pub(crate) fn to_bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.write_bytes(&mut bytes);
        bytes
    }
}

impl Drop for Tag {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// A presented tag. Only its characters were checked.
///
/// Decode it before you compute the right tag: the processor then overlaps the two.
pub(crate) struct PresentedTag {
    tag: Tag,
    /// Not zero if the encoding was not the canonical one: it equals no tag.
    flaws: u32,
}

impl PresentedTag {
    #[inline]
    pub(crate) const fn new() -> Self {
        Self { tag: Tag::new(), flaws: 0 }
    }

    /// Decodes lower-case hexadecimal digits. Any other text equals no tag.
    #[inline(always)]
    pub(crate) fn read_hex(&mut self, text: &[u8; 64]) {
        let flaws = text::read_hex(text, &mut self.tag.0);
        self.flaws = (flaws | (flaws >> 32)) as u32;
    }

    /// Decodes base64url. Returns whether all characters are of its alphabet, which is not a secret.
    #[inline]
    pub(crate) fn read_base64url(&mut self, text: &[u8; 43]) -> bool {
        let (flaws, spare) = base64::read_url_safe(text, &mut self.tag.0);
        self.flaws = spare;
        is_flawless(flaws)
    }

    /// Returns the tag if its encoding was canonical.
    pub(crate) fn exact(&self) -> Option<&Tag> {
        is_flawless(self.flaws.into()).then_some(&self.tag)
    }
}
