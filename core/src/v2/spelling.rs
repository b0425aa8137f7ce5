//! `prefix kid "." base64url(32 bytes)`: tokens, traffic roots, signatures, and the end of passes.

use crate::crypto::mac::HmacKey;
use crate::crypto::tag::{PresentedTag, Tag};
use crate::value::error::Misuse;
use crate::value::ids::KeyId;
use crate::value::signed_text::SignedText;
use crate::value::token::{ACCESS_TOKEN_PREFIX, TRAFFIC_TOKEN_PREFIX, mistaken};

pub(crate) const PASS_PREFIX: &[u8; 5] = b"sg2p.";
pub(crate) const SIGNATURE_PREFIX: &[u8; 3] = b"v2.";

/// 32 bytes in base64url.
pub(super) const TAG_LEN: usize = 43;
/// The length of a derived token, in bytes.
pub const TOKEN_LEN: usize = TRAFFIC_TOKEN_PREFIX.len() + 2 + TAG_LEN;

/// Writes a token or a traffic root.
#[inline]
pub(super) fn write_token(text: &mut [u8; TOKEN_LEN], [a, b, c, d, e]: [u8; 5], kid: KeyId, tag: &Tag) {
    if let Some((head, key)) = text.split_first_chunk_mut() {
        *head = [a, b, c, d, e, kid.byte(), b'.'];
        if let Some(key) = key.first_chunk_mut() {
            tag.write_base64url(key);
        }
    }
}

/// Writes a signature.
#[inline]
pub(super) fn write<const N: usize>([a, b, c]: [u8; 3], kid: KeyId, tag: &Tag) -> SignedText<N> {
    let mut text = SignedText::new();
    text.push_with(|head| *head = [a, b, c, kid.byte(), b'.']);
    text.push_with(|place| tag.write_base64url(place));
    text
}

/// Parses the key id and the 32 bytes, if the shape is right. The base64url may still be non-canonical.
#[inline]
pub(super) fn parse(prefix: &[u8], text: &[u8], tag: &mut PresentedTag) -> Option<KeyId> {
    let [kid, b'.', digits @ ..] = text.strip_prefix(prefix)? else { return None };
    let kid = KeyId::try_from(*kid).ok()?;
    tag.read_base64url(digits.try_into().ok()?).then_some(kid)
}

/// Returns the key id of a traffic token in canonical spelling.
pub(crate) fn traffic_token_kid(token: &[u8]) -> Option<KeyId> {
    kid_after(TRAFFIC_TOKEN_PREFIX, token)
}

/// The key id of a text with this prefix, if it is in its one spelling.
pub(crate) fn kid_after(prefix: &[u8], text: &[u8]) -> Option<KeyId> {
    let mut tag = PresentedTag::new();
    let kid = parse(prefix, text, &mut tag)?;
    tag.exact().map(|_| kid)
}

/// Writes the key of a traffic token, if the text is one.
pub(crate) fn traffic_key_of(token: &[u8], key: &mut HmacKey) -> Option<()> {
    let mut presented = PresentedTag::new();
    let (_, tag) = read_key(TRAFFIC_TOKEN_PREFIX, token, &mut presented).ok()?;
    tag.write_key(key);
    Some(())
}

/// Returns the key id of a presented traffic token, if the shape is right.
pub(crate) fn presented_kid(text: &[u8]) -> Option<KeyId> {
    parse(TRAFFIC_TOKEN_PREFIX, text, &mut PresentedTag::new())
}

/// Whether a text claims to be a v2 access token: it begins with `sg2a.`, so it is a v2 token or invalid.
///
/// ```
/// assert!(sandgate::v2::is_access_token(b"sg2a.a.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
/// assert!(!sandgate::v2::is_access_token(b"a token of v1"));
/// ```
#[must_use]
pub fn is_access_token(token: &[u8]) -> bool {
    token.starts_with(ACCESS_TOKEN_PREFIX)
}

/// Returns the key id and the key of the owner's token or root. Any other text is misuse. The key is written to `place`.
pub(super) fn read_key<'p>(
    prefix: &[u8; 5],
    text: &[u8],
    place: &'p mut PresentedTag,
) -> Result<(KeyId, &'p Tag), Misuse> {
    if !text.starts_with(prefix) {
        return Err(mistaken(text));
    }
    let kid = parse(prefix, text, place).ok_or(Misuse::TokenShape)?;
    Ok((kid, place.exact().ok_or(Misuse::TokenShape)?))
}
