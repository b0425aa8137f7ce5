//! A traffic pass: access to one port of one sandbox until its expiry.
//!
//! ```text
//! pass_key = expand(traffic_key, "traffic-pass")
//! pass     = "sg2p." kid "." port "." expires "." base64url(tag(pass_key, claims))
//! ```

use super::claims::{Expiry, time_and_scope, traffic_tag};
use super::spelling::PASS_PREFIX;
use crate::crypto::compare::verdict;
use crate::crypto::mac::HmacKey;
use crate::crypto::tag::{PresentedTag, Tag};
use crate::encoding::bytes::split_once;
use crate::encoding::number::{Decimal, parse_exact};
use crate::encoding::percent::Decoded;
use crate::memory::wipe::Wiped;
use crate::value::error::Code;
use crate::value::ids::{Context, KeyId, Port};
use crate::value::signed_text::{SignedText, signed_text};
use crate::value::time::{UnixSeconds, Window};

signed_text! {
    /// A traffic pass, up to 73 characters that need no escaping anywhere. Anyone who has it can reach the port, so `Debug`
    /// hides it.
    Pass, MAX_LEN = 73, "The longest pass, in bytes."
}

impl Pass {
    pub(super) fn new(key: &HmacKey, kid: KeyId, port: Port, expires: Expiry, context: Option<Context<'_>>) -> Self {
        let mut text = SignedText::new();
        text.push(PASS_PREFIX);
        text.push(&[kid.byte(), b'.']);
        text.push(Decimal::new(port.get().into()).as_bytes());
        text.push(b".");
        text.push(Decimal::new(UnixSeconds::from(expires).get()).as_bytes());
        text.push(b".");
        let mut tag = Tag::new();
        traffic_tag(key, expires, context, port, &mut tag);
        text.push_with(|place| tag.write_base64url(place));
        Self(text)
    }
}

/// Writes the key for a sandbox's passes.
pub(crate) fn pass_key(traffic_key: &HmacKey, key: &mut HmacKey) {
    traffic_key.expand_key(b"traffic-pass", key);
}

/// A pass of the right shape.
pub(crate) struct PresentedPass {
    kid: KeyId,
    port: Port,
    expires: Expiry,
    tag: PresentedTag,
}

impl PresentedPass {
    pub(crate) fn parse(text: Decoded<'_>) -> Option<Self> {
        // One byte more than the longest pass, so that a longer one, truncated, is not accepted.
        let mut room = Wiped([0; Pass::MAX_LEN + 1]);
        let text = text.as_plain().unwrap_or_else(|| text.first_bytes(&mut room.0));
        let (kid, rest) = split_once(text.strip_prefix(PASS_PREFIX)?, b'.')?;
        let (port, rest) = split_once(rest, b'.')?;
        let (expires, presented) = split_once(rest, b'.')?;
        let port = parse_exact(port.iter().copied()).and_then(|port| u16::try_from(port).ok())?;
        let expires = Expiry::of_exact(parse_exact(expires.iter().copied())?);
        let mut tag = PresentedTag::new();
        let read = tag.read_base64url(presented.try_into().ok()?);
        let pass = Self { kid: kid.try_into().ok()?, port: port.try_into().ok()?, expires, tag };
        read.then_some(pass)
    }

    pub(crate) fn kid(&self) -> KeyId {
        self.kid
    }

    #[cfg(feature = "explain")]
    pub(crate) fn port(&self) -> Port {
        self.port
    }

    #[cfg(feature = "explain")]
    pub(crate) fn expires(&self) -> UnixSeconds {
        self.expires.into()
    }

    /// The same for another port, as if the pass said so.
    #[cfg(feature = "explain")]
    pub(crate) fn with_port(self, port: Port) -> Self {
        Self { port, ..self }
    }

    /// Whether a key has made the signature, whatever the time and the requested port.
    pub(crate) fn is_signed(&self, key: &HmacKey, context: Option<Context<'_>>) -> bool {
        let mut tag = Tag::new();
        traffic_tag(key, self.expires, context, self.port, &mut tag);
        verdict(tag.is(&self.tag))
    }

    pub(crate) fn verify(
        &self,
        key: &HmacKey,
        port: Port,
        context: Option<Context<'_>>,
        window: Window,
        now: UnixSeconds,
    ) -> Result<UnixSeconds, Code> {
        if !self.is_signed(key, context) {
            return Err(Code::Invalid);
        }
        time_and_scope(self.expires, self.port, port, window, now)
    }
}
