//! The signature of a webhook.

use super::hash::Hash;
use crate::crypto::tag::Tag;
use crate::value::error::Misuse;
use crate::value::signed_text::{SignedText, signed_text};

/// The shortest secret that is accepted, in bytes.
pub const MIN_SECRET_LEN: usize = 16;

signed_text! {
    /// The signature of a webhook: 43 characters of base64. `Debug` hides it.
    Signature, LEN = 43, "The length in bytes."
}

/// Signs the body of a webhook, as a platform that sends events does. Send the result as
/// [`SIGNATURE_HEADER`](super::SIGNATURE_HEADER), with [`VERSION`](super::VERSION) as
/// [`VERSION_HEADER`](super::VERSION_HEADER).
///
/// ```
/// let signature = sandgate::webhook::sign(b"the secret of the webhook", br#"{"type":"sandbox.lifecycle.killed"}"#)?;
/// assert_eq!(signature.as_str(), "3HX+9ZpU3ubwOg4c/I4RJjxNMUgwgml8y+a87MvYWJA");
/// # Ok::<(), sandgate::Misuse>(())
/// ```
///
/// # Errors
/// [`Misuse::WebhookSecret`] for a secret of fewer than [`MIN_SECRET_LEN`] bytes.
pub fn sign(secret: &[u8], body: &[u8]) -> Result<Signature, Misuse> {
    check_secret(secret)?;
    let (mut hash, mut tag) = (Hash::new(), Tag::new());
    hash.update(secret);
    hash.update(body);
    hash.finish(&mut tag);
    let mut text = SignedText::new();
    text.push_with(|place| tag.write_base64(place));
    Ok(Signature(text))
}

/// Whether a text may be a secret.
pub(super) fn check_secret(secret: &[u8]) -> Result<(), Misuse> {
    if secret.len() < MIN_SECRET_LEN { Err(Misuse::WebhookSecret) } else { Ok(()) }
}
