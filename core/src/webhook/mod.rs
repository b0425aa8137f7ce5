//! Webhooks: the signature under which E2B sends lifecycle events.
//!
//! ```text
//! e2b-signature: base64(SHA-256(secret || raw body))      standard alphabet, no padding, 43 characters
//! e2b-signature-version: v1                               where it is sent
//! ```
//!
//! It is not an HMAC. A hash with the secret in front can be extended: anyone who sees one signed body, and knows or guesses
//! the length of the secret, can append bytes to this body and sign the result. The appended bytes begin with the padding of
//! SHA-256, of which at least one byte (0x80) cannot occur there in UTF-8. Read a verified body as JSON with a strict parser,
//! which refuses such a body; a parser that stops after the first value accepts it.
//!
//! The signature holds no time and no recipient, so a webhook can be sent again. Remember the ids of the events that you have
//! handled.
//!
//! Verify the body as received. A body that was parsed and written again has other bytes.
//!
//! ```
//! use sandgate::webhook::{Headers, Verifier};
//!
//! let verifier = Verifier::new(b"the secret of the webhook")?;
//! let body = br#"{"type":"sandbox.lifecycle.killed"}"#;
//! let lines: [(&[u8], &[u8]); 2] = [
//!     (b"E2B-Signature", b"3HX+9ZpU3ubwOg4c/I4RJjxNMUgwgml8y+a87MvYWJA"),
//!     (b"E2B-Signature-Version", b"v1"),
//! ];
//! assert_eq!(verifier.verify(&Headers::read(lines), body), Ok(()));
//! # Ok::<(), sandgate::Misuse>(())
//! ```
//!
//! Source: E2B's documentation and public receivers.

mod hash;
mod headers;
mod signature;
mod verifier;

pub use headers::{Headers, SIGNATURE_HEADER, VERSION, VERSION_HEADER};
pub use signature::{MIN_SECRET_LEN, Signature, sign};
pub use verifier::{MAX_SECRETS, Verification, Verifier};
