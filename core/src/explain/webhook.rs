//! Why a receiver refuses a webhook, and what its sender or its receiver did differently.

use super::edited_body::{BodyEdit, each_piece};
use crate::crypto::compare::verdict;
use crate::crypto::mac::HmacKey;
use crate::crypto::sha256::Blocks;
use crate::crypto::tag::Tag;
use crate::encoding::text::parse_hex;
use crate::memory::slots::Blank;
use crate::request::header::Header;
use crate::value::error::{Code, Denied, Misuse};
use crate::webhook::{Headers, VERSION, Verifier};
use core::fmt;

/// Why a webhook is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookExplanation {
    /// The refusal that a receiver answers with.
    pub denied: Denied,
    /// What would have to differ, if one of the mistakes that are tried was made.
    pub differs: Option<WebhookDiffers>,
}

/// How the presented signature differs from the right one: the first of these that applies. [`WebhookMade`] can name several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookDiffers {
    /// The signature is right, and the version is not `v1`.
    Version,
    /// A header is there twice.
    Repeated,
    /// The signature is made of this secret and this body, in another way.
    Made(WebhookMade),
}

/// How a signature was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebhookMade {
    prefixed: bool,
    spelling: Spelling,
    hash: Hash,
    body: BodyEdit,
    trimmed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spelling {
    Right,
    Hex,
    Padded,
    UrlSafe,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hash {
    Plain,
    Hmac,
    SecretLast,
}

/// What other systems write before a signature.
const PREFIXES: [&[u8]; 4] = [b"sha256=", b"v1=", b"v1,", b"v1:"];

/// Explains why a receiver with this secret refuses a webhook. Returns none for one that it accepts.
///
/// It tries other spellings of the signature (hexadecimal, padded, URL-safe, after `sha256=`), other ways to make it (HMAC, the
/// secret after the body), other bodies (line feeds, white space of JSON) and a secret without the white space around it: at most
/// 42 hashes of the body.
///
/// ```
/// use sandgate::explain::webhook;
/// use sandgate::webhook::{Headers, sign};
///
/// let (secret, body) = (b"the secret of the webhook", br#"{"type":"sandbox.lifecycle.killed"}"#);
/// let signature = sign(secret, body)?;
/// let headers = Headers { signature: Some(signature.as_bytes()).into(), ..Headers::default() };
/// assert_eq!(webhook(secret, &headers, body)?, None);
///
/// let explained = webhook(secret, &headers, br#"{"type": "sandbox.lifecycle.killed"}"#)?.unwrap();
/// assert_eq!(
///     explained.to_string(),
///     "the signature is not that of this body under this secret; it is right for the body without white space between the \
///      tokens of JSON: something has parsed it and written it again"
/// );
/// # Ok::<(), sandgate::Misuse>(())
/// ```
///
/// # Errors
/// Those of [`Verifier::new`].
pub fn webhook(secret: &[u8], headers: &Headers<'_>, body: &[u8]) -> Result<Option<WebhookExplanation>, Misuse> {
    let verifier = Verifier::new(secret)?;
    let Err(denied) = verifier.verify(headers, body) else { return Ok(None) };
    let is_repeated = headers.signature == Header::Repeated || headers.version == Header::Repeated;
    let differs = if denied.code() == Code::Missing {
        None
    } else if is_repeated {
        Some(WebhookDiffers::Repeated)
    } else if verifier.verify(&Headers { version: Header::Absent, ..*headers }, body).is_ok() {
        Some(WebhookDiffers::Version)
    } else {
        made(secret, headers, body).map(WebhookDiffers::Made)
    };
    Ok(Some(WebhookExplanation { denied, differs }))
}

fn made(secret: &[u8], headers: &Headers<'_>, body: &[u8]) -> Option<WebhookMade> {
    let Header::Once(presented) = headers.signature else { return None };
    let bare = PREFIXES.iter().find_map(|prefix| presented.strip_prefix(*prefix));
    let (spelling, canonical) = canonical(bare.unwrap_or(presented))?;
    for trimmed in [false, true] {
        let secret = if trimmed { secret.trim_ascii() } else { secret };
        for body_edit in BodyEdit::ALL {
            for hash in [Hash::Plain, Hash::Hmac, Hash::SecretLast] {
                if verdict(tag(hash, secret, body, body_edit).is_base64(&canonical)) {
                    return Some(WebhookMade { prefixed: bare.is_some(), spelling, hash, body: body_edit, trimmed });
                }
            }
        }
    }
    None
}

/// How 32 bytes are spelled, and how they should be.
fn canonical(text: &[u8]) -> Option<(Spelling, [u8; 43])> {
    let mut right = [0; 43];
    if let Some(bytes) = parse_hex(text.iter().map(u8::to_ascii_lowercase)) {
        let mut tag = Tag::new();
        for (word, bytes) in tag.0.iter_mut().zip(bytes.as_chunks().0) {
            *word = u32::from_be_bytes(*bytes);
        }
        tag.write_base64(&mut right);
        return Some((Spelling::Hex, right));
    }
    let (text, rest) = text.split_first_chunk::<43>()?;
    if rest.len() > 3 || rest.iter().any(|byte| *byte != b'=') {
        return None;
    }
    right = text.map(|byte| match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    });
    Some(match (right == *text, rest) {
        (false, _) => (Spelling::UrlSafe, right),
        (true, []) => (Spelling::Right, right),
        (true, _) => (Spelling::Padded, right),
    })
}

fn tag(hash: Hash, secret: &[u8], body: &[u8], edit: BodyEdit) -> Tag {
    let mut tag = Tag::new();
    if hash == Hash::Hmac {
        let mut key = HmacKey::blank();
        key.set(secret);
        let mut blocks = key.blocks();
        let mut mac = key.start(&mut blocks);
        each_piece(body, edit, &mut |piece| mac.update(piece));
        mac.finish(&mut tag);
    } else {
        let mut blocks = Blocks::<1>::new();
        let mut message = blocks.start();
        let secret_if = |place| if hash == place { secret } else { b"" };
        message.update(secret_if(Hash::Plain));
        each_piece(body, edit, &mut |piece| message.update(piece));
        message.update(secret_if(Hash::SecretLast));
        message.finish(&mut tag);
    }
    tag
}

impl fmt::Display for WebhookExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.denied.code() {
            Code::Missing => "the request has no header e2b-signature",
            Code::Malformed => {
                "the headers do not have the shape of this format: e2b-signature once, 43 characters of base64 without \
                padding, and e2b-signature-version absent or v1"
            }
            _ => "the signature is not that of this body under this secret",
        })?;
        match self.differs {
            None => Ok(()),
            Some(WebhookDiffers::Version) => {
                f.write_str("; the signature is right, and the version is not ")?;
                f.write_str(VERSION)
            }
            Some(WebhookDiffers::Repeated) => f.write_str("; a header is given more than once"),
            Some(WebhookDiffers::Made(made)) => fmt::Display::fmt(&made, f),
        }
    }
}

impl fmt::Display for WebhookMade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spelling = match self.spelling {
            Spelling::Right => "",
            Spelling::Hex => "; it is hexadecimal, and should be base64",
            Spelling::Padded => "; it is padded with =, and should not be",
            Spelling::UrlSafe => "; it is in the URL-safe alphabet, and should be in the standard one",
        };
        let hash = match self.hash {
            Hash::Plain => "",
            Hash::Hmac => "; it is an HMAC-SHA256, and should be the plain SHA-256 of the secret and the body",
            Hash::SecretLast => "; it is the hash of the body and the secret, and the secret should come first",
        };
        let prefix = if self.prefixed { "; it has a prefix, and should have none" } else { "" };
        let secret = if self.trimmed { "; it is right for the secret without the white space around it" } else { "" };
        [prefix, spelling, hash, secret, self.body.words()].into_iter().try_for_each(|words| f.write_str(words))
    }
}
