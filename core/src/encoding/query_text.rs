//! Takes values from a query: each byte is read once, eight at a time, and escapes are decoded on the way.

use crate::encoding::percent::{BadEscape, Decoded, hex_digit};
use crate::memory::wipe::wipe;

/// Room for the decoded values of one query. A value that does not fit is decoded where it is used instead. Wiped on drop,
/// because one of the values is a signature.
pub(crate) struct Scratch([u8; 192]);

impl Scratch {
    #[inline(always)]
    pub(crate) const fn new() -> Self {
        Self([0; 192])
    }

    #[inline(always)]
    pub(crate) const fn room(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

impl Drop for Scratch {
    #[inline(always)]
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// The bytes of one step.
const STEP: usize = 8;

/// How many of eight bytes stand before the first one that may need attention: `%`, `&`, `+`, `;` and others below `-`, which
/// are rare. The highest bits of the bytes after it may be wrong.
#[inline(always)]
fn run(eight: [u8; STEP]) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let word = u64::from_le_bytes(eight);
    let from_hyphen = (word & (EACH * 0x7f)).wrapping_add(EACH * (0x80 - 0x2d)) | word;
    let other_than_semicolon = word ^ (EACH * 0x3b);
    let semicolon = other_than_semicolon.wrapping_sub(EACH) & !other_than_semicolon;
    ((!from_hyphen | semicolon) & (EACH << 7)).trailing_zeros() as usize / 8
}

/// Takes the text up to the next `&`, which is not consumed, or up to the end, and checks its escapes. Returns it as received
/// and decoded; the decoded one uses bytes of `free` if they suffice. Sets `semicolon` if it contains an unescaped `;`.
#[inline(always)]
pub(crate) fn take_value<'q: 's, 's>(
    rest: &mut &'q [u8],
    free: &mut &'s mut [u8],
    semicolon: &mut bool,
) -> Result<(Decoded<'q>, Decoded<'s>), BadEscape> {
    let start = *rest;
    let mut after = start;
    let (mut len, mut plain): (usize, bool) = (0, true);
    loop {
        if let Some(step) = after.first_chunk() {
            // Copies the whole step; what is special in it is overwritten.
            if let Some(place) = free.get_mut(len..).and_then(|free| free.first_chunk_mut()) {
                *place = *step;
            }
            let run = run(*step);
            len = len.wrapping_add(run);
            after = after.get(run..).unwrap_or_default();
            if run == STEP {
                continue;
            }
        }
        let byte = match after {
            [b'%', high, low, behind @ ..] => {
                let (Some(high), Some(low)) = (hex_digit(high), hex_digit(low)) else { return Err(BadEscape) };
                (after, plain) = (behind, false);
                (high << 4) | low
            }
            [] | [b'&', ..] => break,
            [b'%', ..] => return Err(BadEscape),
            [b'+', behind @ ..] => {
                (after, plain) = (behind, false);
                b' '
            }
            [byte, behind @ ..] => {
                *semicolon |= *byte == b';';
                after = behind;
                *byte
            }
        };
        if let Some(place) = free.get_mut(len) {
            *place = byte;
        }
        len = len.wrapping_add(1);
    }
    *rest = after;
    let raw = start.get(..start.len().wrapping_sub(after.len())).unwrap_or_default();
    if plain {
        return Ok((Decoded::plain(raw), Decoded::plain(raw)));
    }
    let encoded = Decoded::escaped(raw, len);
    // A step that did not fit was not copied.
    if free.len() < len.saturating_add(STEP) {
        return Ok((encoded, encoded));
    }
    let (bytes, behind) = core::mem::take(free).split_at_mut_checked(len).unwrap_or_default();
    *free = behind;
    Ok((encoded, Decoded::plain(bytes)))
}
