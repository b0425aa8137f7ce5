//! A signed host: a host label that grants access where no header can be set.
//!
//! ```text
//! signed_host_key = expand(traffic_key, "signed-host")
//! label = port "-" sandbox_id "-" kid expires36 mac
//! mac   = the first 16 bytes of tag(signed_host_key, claims) in base32
//! ```

use super::claims::{Expiry, time_and_scope, traffic_tag};
use crate::crypto::compare::{same, verdict};
use crate::crypto::mac::HmacKey;
use crate::crypto::tag::Tag;
use crate::encoding::number::{Decimal, MAX_BASE36, base36, parse_base36};
use crate::encoding::text::is_base32;
use crate::memory::wipe::Wiped;
use crate::request::route::SignedPart;
use crate::value::error::{Code, Misuse};
use crate::value::ids::{KeyId, MAX_DNS_LABEL, Port, SandboxId};
use crate::value::signed_text::{SignedText, signed_text};
use crate::value::time::{UnixSeconds, Window};

signed_text! {
    /// The label of a signed host, at most 63 characters of `[a-z0-9-]`. Anyone who has it can reach the port, so `Debug`
    /// hides it.
    SignedHost, MAX_LEN = MAX_DNS_LABEL, "The longest label, in bytes."
}

impl SignedHost {
    pub(super) fn new(key: &HmacKey, kid: KeyId, id: &SandboxId, port: Port, expires: Expiry) -> Result<Self, Misuse> {
        let (routable, id, port_digits) = (id.is_routable(), id.as_bytes(), Decimal::new(port.get().into()));
        let before = port_digits.as_bytes().len().saturating_add(id.len()).saturating_add(2);
        let fits = before.saturating_add(SignedPart::LEN) <= Self::MAX_LEN;
        if !fits || !routable || expires.get() > MAX_BASE36 {
            return Err(Misuse::SignedHost);
        }
        let mut label = SignedText::new();
        label.push(port_digits.as_bytes());
        label.push(b"-");
        label.push(id);
        label.push(&[b'-', kid.byte()]);
        label.push(&base36(expires.get()));
        let mut tag = Tag::new();
        traffic_tag(key, expires, None, port, &mut tag);
        label.push_with(|place| tag.write_base32(place));
        Ok(Self(label))
    }
}

/// Writes the key for a sandbox's signed hosts.
pub(crate) fn signed_host_key(traffic_key: &HmacKey, key: &mut HmacKey) {
    traffic_key.expand_key(b"signed-host", key);
}

/// A signed host of the right shape.
pub(crate) struct PresentedHost {
    kid: KeyId,
    port: Port,
    expires: Expiry,
    mac: [u8; 26],
}

impl PresentedHost {
    pub(crate) fn parse(part: &SignedPart, port: Port) -> Option<Self> {
        let (kid, rest) = part.text.split_first()?;
        let (expires, mac) = rest.split_first_chunk()?;
        let mac = mac.try_into().ok().filter(is_base32)?;
        if !part.well_formed {
            return None;
        }
        let expires = Expiry::of_exact(parse_base36(expires)?);
        Some(Self { kid: (*kid).try_into().ok()?, port, expires, mac })
    }

    pub(crate) fn kid(&self) -> KeyId {
        self.kid
    }

    #[cfg(feature = "explain")]
    pub(crate) fn expires(&self) -> UnixSeconds {
        self.expires.into()
    }

    /// Whether a key has made the signature, whatever the time and the requested port.
    pub(crate) fn is_signed(&self, key: &HmacKey) -> bool {
        let (mut tag, mut right) = (Tag::new(), Wiped([0; 26]));
        traffic_tag(key, self.expires, None, self.port, &mut tag);
        tag.write_base32(&mut right.0);
        verdict(same(&right.0, &self.mac))
    }

    pub(crate) fn verify(
        &self,
        key: &HmacKey,
        port: Port,
        window: Window,
        now: UnixSeconds,
    ) -> Result<UnixSeconds, Code> {
        if !self.is_signed(key) {
            return Err(Code::Invalid);
        }
        time_and_scope(self.expires, self.port, port, window, now)
    }
}
