//! Verifies the signature of a webhook, whose body may come in pieces.

use super::hash::Hash;
use super::headers::Headers;
use super::signature::check_secret;
use crate::crypto::compare::{any, verdict};
use crate::crypto::tag::Tag;
use crate::memory::slots::Slots;
use crate::memory::wipe::Wiped;
use crate::value::error::{Code, Denied, Gate, Misuse};

/// The most secrets that a verifier holds.
pub const MAX_SECRETS: usize = 8;

/// Holds 1 to 8 secrets, each of which may have signed a webhook.
///
/// To replace a secret, add the new one here, then change it at the sender, then remove the old one. For each secret a verifier
/// keeps a hash that has taken it: the state after its whole blocks of 64 bytes, and the bytes of the last one. It wipes them on
/// drop.
#[derive(Clone)]
pub struct Verifier {
    secrets: Slots<Hash, MAX_SECRETS>,
}

impl Verifier {
    /// Returns a verifier with one secret.
    ///
    /// # Errors
    /// [`Misuse::WebhookSecret`] for a secret of fewer than 16 bytes.
    pub fn new(secret: &[u8]) -> Result<Self, Misuse> {
        let mut verifier = Self { secrets: Slots::new() };
        verifier.add(secret)?;
        Ok(verifier)
    }

    /// Adds a secret.
    ///
    /// # Errors
    /// [`Misuse::WebhookSecret`] for a secret of fewer than 16 bytes, [`Misuse::TooManySecrets`] for the ninth.
    pub fn add(&mut self, secret: &[u8]) -> Result<(), Misuse> {
        check_secret(secret)?;
        self.secrets.push_with(|hash| hash.update(secret)).ok_or(Misuse::TooManySecrets)
    }

    /// Verifies the body of a webhook: the bytes as received, before anything parses them.
    ///
    /// # Errors
    /// [`Gate::Webhook`]: [`Code::Missing`] without a signature; [`Code::Malformed`] for a header that was given twice,
    /// another version than `v1`, or a signature that is not 43 characters of base64; [`Code::Invalid`] if no secret gives
    /// this signature.
    pub fn verify(&self, headers: &Headers<'_>, body: &[u8]) -> Result<(), Denied> {
        verify(&self.secrets, body, headers.signature()?)
    }

    /// Begins to verify a body that comes in pieces. Do not act on any of them before [`Verification::finish`] accepts the
    /// whole, and limit how much you read.
    ///
    /// ```
    /// use sandgate::webhook::{Headers, Verifier, sign};
    ///
    /// let signature = sign(b"the secret of the webhook", b"a body in pieces")?;
    /// let headers = Headers { signature: Some(signature.as_bytes()).into(), ..Headers::default() };
    /// let mut verification = Verifier::new(b"the secret of the webhook")?.start(&headers).unwrap();
    /// verification.update(b"a body ");
    /// verification.update(b"in pieces");
    /// assert_eq!(verification.finish(), Ok(()));
    /// # Ok::<(), sandgate::Misuse>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Self::verify`] that do not depend on the body.
    pub fn start(&self, headers: &Headers<'_>) -> Result<Verification, Denied> {
        let presented = Wiped(*headers.signature()?);
        Ok(Verification { hashes: self.secrets.clone(), presented })
    }
}

/// The verification of a body that comes in pieces. It is wiped on drop.
#[derive(Clone)]
pub struct Verification {
    hashes: Slots<Hash, MAX_SECRETS>,
    presented: Wiped<u8, 43>,
}

impl Verification {
    /// Takes the next piece of the body.
    pub fn update(&mut self, piece: &[u8]) {
        self.hashes.as_mut_slice().iter_mut().for_each(|hash| hash.update(piece));
    }

    /// Whether the pieces so far are the signed body.
    ///
    /// # Errors
    /// [`Code::Invalid`] if no secret gives the presented signature.
    pub fn finish(&self) -> Result<(), Denied> {
        verify(&self.hashes, b"", &self.presented.0)
    }
}

/// Compares the signature with that of each of the begun hashes.
fn verify(begun: &Slots<Hash, MAX_SECRETS>, rest: &[u8], presented: &[u8; 43]) -> Result<(), Denied> {
    let mut tag = Tag::new();
    let matches = |begun: &Hash| {
        let mut hash = begun.clone();
        hash.update(rest);
        hash.finish(&mut tag);
        tag.is_base64(presented)
    };
    if verdict(any(begun.as_slice().iter().map(matches))) {
        Ok(())
    } else {
        Err(Denied::new(Gate::Webhook, Code::Invalid))
    }
}

impl core::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Verifier(redacted)")
    }
}

impl core::fmt::Debug for Verification {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Verification(redacted)")
    }
}
