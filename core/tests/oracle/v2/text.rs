//! Digits, and raw queries.

use base64::Engine;

pub(super) const LAST_NUMBER: i128 = (1 << 53) - 1;

pub(crate) fn base64url(bytes: &[u8]) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// Lower case and no padding; the unused bits of the last digit are zero.
pub(crate) fn base32(bytes: &[u8]) -> String {
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |place| byte >> place & 1)).collect();
    let digits = bits.chunks(5).map(|bits| (0..5).fold(0, |digit, place| digit * 2 + bits.get(place).unwrap_or(&0)));
    digits.map(|digit| char::from(b"abcdefghijklmnopqrstuvwxyz234567"[usize::from(digit)])).collect()
}

/// Seven digits, if the number fits.
pub(crate) fn base36(number: i128) -> Option<String> {
    let digits = (0..7).rev().map(|place| number / 36_i128.pow(place) % 36);
    let in_range = (0..36_i128.pow(7)).contains(&number);
    in_range.then(|| digits.map(|digit| char::from_digit(u32::try_from(digit).unwrap(), 36).unwrap()).collect())
}

/// Decimal digits without a sign or leading zeros, up to `last`.
pub(super) fn decimal(text: &str, last: i128) -> Option<i128> {
    let digits = !text.is_empty() && text.len() < 30 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.then(|| text.parse::<i128>().unwrap())?;
    (number <= last && number.to_string() == text).then_some(number)
}

pub(super) fn is_kid(kid: char) -> bool {
    kid.is_ascii_digit() || kid.is_ascii_lowercase()
}

/// `{kid}.{rest}`.
pub(super) fn kid_and_rest(text: &str) -> Option<(char, &str)> {
    let kid = text.chars().next().filter(|kid| is_kid(*kid))?;
    Some((kid, text[1..].strip_prefix('.')?))
}

pub(super) fn has_tag_shape(tag: &str) -> bool {
    tag.len() == 43 && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

pub(super) fn kid_and_tag(text: Option<&str>) -> Option<(char, &str)> {
    kid_and_rest(text?).filter(|(_, tag)| has_tag_shape(tag))
}

pub(super) fn lower_hex(text: &str) -> Option<[u8; 32]> {
    let digit = |digit: &u8| char::from(*digit).to_digit(16).filter(|_| !digit.is_ascii_uppercase());
    let digits: Vec<u32> = text.as_bytes().iter().map(digit).collect::<Option<_>>()?;
    let bytes: Vec<u8> =
        digits.chunks(2).map(|pair| u8::try_from(pair.iter().fold(0, |n, d| n * 16 + d)).unwrap()).collect();
    (text.len() == 64).then(|| bytes.try_into().unwrap())
}

/// Names and values, not yet decoded.
pub(super) fn pieces(query: &[u8]) -> Vec<(&[u8], &[u8])> {
    let pieces = query.split(|byte| *byte == b'&').filter(|piece| !piece.is_empty());
    pieces.map(|piece| split_at_equals(piece).unwrap_or((piece, b""))).collect()
}

pub(super) fn split_at_equals(piece: &[u8]) -> Option<(&[u8], &[u8])> {
    let place = piece.iter().position(|byte| *byte == b'=')?;
    Some((&piece[..place], &piece[place + 1..]))
}

pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let escapes = text.split(|byte| *byte == b'%').skip(1);
    if !escapes.into_iter().all(|rest| rest.len() >= 2 && rest[..2].iter().all(u8::is_ascii_hexdigit)) {
        return None;
    }
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    Some(percent_encoding::percent_decode(&spaced).collect())
}
