//! Takes values from a query: each byte is read once, eight at a time, and escapes are decoded on the way.

use crate::encoding::percent::{BadEscape, Decoded, hex_digit};
use crate::memory::wipe::Wiped;

/// The bytes of one step.
const STEP: usize = 8;

/// A buffer for the decoded values of one query. Wiped on drop, because one of the values is a signature.
pub(crate) struct Scratch {
    bytes: Wiped<u8, { Self::LEN + STEP }>,
    used: usize,
}

impl Scratch {
    const LEN: usize = 184;

    #[inline(always)]
    pub(crate) const fn new() -> Self {
        Self { bytes: Wiped([0; Self::LEN + STEP]), used: 0 }
    }

    #[inline(always)]
    pub(crate) const fn bytes(&self) -> &[u8] {
        &self.bytes.0
    }

    /// Writes a step. One that does not fit overwrites the last bytes of the buffer, which no value that fits uses.
    #[inline(always)]
    fn put<const N: usize>(&mut self, at: usize, step: [u8; N]) {
        if let Some(place) = self.bytes.0.get_mut(at.min(Self::LEN)..).and_then(|rest| rest.first_chunk_mut()) {
            *place = step;
        }
    }
}

/// A value of a query.
#[derive(Clone, Copy)]
pub(crate) struct Value<'q> {
    /// As received.
    pub(crate) text: Decoded<'q>,
    /// Where it begins in the scratch when it is decoded.
    at: usize,
}

impl<'q> Value<'q> {
    /// The decoded text, if the scratch has it; otherwise it is decoded where it is used.
    #[inline(always)]
    pub(crate) fn decoded<'s>(&self, scratch: &'s [u8]) -> Decoded<'s>
    where
        'q: 's,
    {
        if self.text.as_plain().is_some() {
            return self.text;
        }
        let end = self.at.wrapping_add(self.text.len());
        scratch.get(self.at..end).map_or(self.text, Decoded::plain)
    }
}

/// Text that is in no scratch.
impl<'q> From<Decoded<'q>> for Value<'q> {
    fn from(text: Decoded<'q>) -> Self {
        Self { text, at: usize::MAX }
    }
}

/// The highest bits of the bytes that may need attention: `%`, `&`, `+`, `;` and others below `-`, which are rare. Those of the
/// bytes after the first one may be wrong.
#[inline(always)]
const fn specials(eight: [u8; STEP]) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let word = u64::from_le_bytes(eight);
    let from_hyphen = (word & (EACH * 0x7f)).wrapping_add(EACH * (0x80 - 0x2d)) | word;
    let beside_semicolon = word ^ (EACH * 0x3b);
    let semicolon = beside_semicolon.wrapping_sub(EACH) & !beside_semicolon;
    (!from_hyphen | semicolon) & (EACH << 7)
}

/// Takes the text up to the next `&`, which is not consumed, or up to the end, checks its escapes and decodes it into the
/// scratch. Sets `semicolon` if it contains an unescaped `;`.
#[inline(always)]
pub(crate) fn take_value<'q>(
    rest: &mut &'q [u8],
    scratch: &mut Scratch,
    semicolon: &mut bool,
) -> Result<Value<'q>, BadEscape> {
    let start = *rest;
    let mut after = start;
    let (at, mut end, mut plain) = (scratch.used, scratch.used, true);
    loop {
        if let Some((step, next)) = after.split_first_chunk() {
            // Copies the whole step; what is special in it is overwritten.
            scratch.put(end, *step);
            let found = specials(*step);
            if found == 0 {
                (after, end) = (next, end.wrapping_add(STEP));
                continue;
            }
            let run = found.trailing_zeros() as usize / 8;
            (after, end) = (after.get(run..).unwrap_or_default(), end.wrapping_add(run));
        }
        let byte = match after {
            // The usual escape. Read with the others, it makes a verification from the query 5 % slower.
            [b'%', b'2', b'F', next @ ..] => {
                (after, plain) = (next, false);
                b'/'
            }
            [] | [b'&', ..] => break,
            [b'%', high, low, next @ ..] => {
                let (Some(high), Some(low)) = (hex_digit(high), hex_digit(low)) else { return Err(BadEscape) };
                (after, plain) = (next, false);
                (high << 4) | low
            }
            [b'%', ..] => return Err(BadEscape),
            [b'+', next @ ..] => {
                (after, plain) = (next, false);
                b' '
            }
            [byte, next @ ..] => {
                *semicolon |= *byte == b';';
                after = next;
                *byte
            }
        };
        scratch.put(end, [byte]);
        end = end.wrapping_add(1);
    }
    *rest = after;
    let raw = start.get(..start.len().wrapping_sub(after.len())).unwrap_or_default();
    if plain {
        return Ok(Value { text: Decoded::plain(raw), at });
    }
    let text = Decoded::escaped(raw, end.wrapping_sub(at));
    if end > Scratch::LEN {
        return Ok(text.into());
    }
    scratch.used = end;
    Ok(Value { text, at })
}
