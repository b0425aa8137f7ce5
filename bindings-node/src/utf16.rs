//! Converts UTF-16, JavaScript's encoding, to UTF-8.

use crate::read::Read;
use crate::wiped::Wiped;
#[cfg(not(target_family = "wasm"))]
use core::mem::MaybeUninit;

/// Writes the low byte of each unit, and returns the bits that any unit has: above `0x7f` it was not ASCII, above `0xff` what `bytes`
/// holds means nothing.
#[cfg(not(target_family = "wasm"))]
#[inline]
pub(crate) fn narrow(units: &[u16], bytes: &mut [MaybeUninit<u8>]) -> u16 {
    // In eights, which the compiler makes single instructions of.
    let (eights, rest) = units.as_chunks::<8>();
    let (byte_eights, _) = bytes.as_chunks_mut::<8>();
    let mut all = 0;
    for (from, to) in eights.iter().zip(byte_eights) {
        all |= from.iter().fold(0, |all, unit| all | unit);
        *to = from.map(|unit| MaybeUninit::new(unit as u8));
    }
    let behind = bytes.get_mut(units.len() - rest.len()..).unwrap_or_default();
    for (from, to) in rest.iter().zip(behind) {
        all |= from;
        *to = MaybeUninit::new(*from as u8);
    }
    all
}

/// Appends text of any kind. `lossy`: a lone surrogate becomes U+FFFD.
pub(crate) fn encode(units: &[u16], lossy: bool, out: &mut Wiped) -> Read {
    // A unit becomes at most three bytes, so that the text does not move while it grows.
    *out = Wiped::with_capacity(units.len().saturating_mul(3));
    for read in char::decode_utf16(units.iter().copied()) {
        match read {
            Ok(character) => out.extend(character.encode_utf8(&mut [0; 4]).as_bytes()),
            Err(_) if lossy => out.extend("\u{fffd}".as_bytes()),
            Err(_) => return Read::LoneSurrogate,
        }
    }
    Read::Text
}

/// Appends text in which each character is one byte, as servers hand over what they received. Text with other characters was
/// decoded from UTF-8 before, and is that again.
pub(crate) fn encode_received(units: &[u16], out: &mut Wiped) -> Read {
    if units.iter().any(|unit| *unit > 0xff) {
        return encode(units, true, out);
    }
    *out = Wiped::with_capacity(units.len());
    for unit in units {
        out.push(*unit as u8);
    }
    Read::Text
}
