//! The deployment's seeds, and the tokens derived from them.
//!
//! ```text
//! access token  = hex(HMAC-SHA256(seed, sandbox_id))
//! traffic token = hex(HMAC-SHA256(seed, "sandbox-traffic-" || sandbox_id))
//! ```
//!
//! Source: the token generator of E2B's API server.

use crate::crypto::compare::{Choice, any, no_match, verdict};
use crate::crypto::mac::HmacKey;
use crate::crypto::tag::{PresentedTag, Tag};
use crate::memory::slots::Slots;
use crate::value::error::{Code, Denied, Gate, Misuse};
use crate::value::ids::SandboxId;
use crate::value::token::{AccessToken, TrafficToken, lend};

/// The length of a derived token, in bytes.
pub const TOKEN_LEN: usize = 64;

const MIN_SEED_LEN: usize = 16;
const MAX_SEEDS: usize = 8;

/// 1 to 8 seeds: the first one derives tokens, all verify them.
///
/// To rotate, add the new seed everywhere, then make it the first, then remove the old one. A keyring stores only the HMAC
/// state of a seed, and wipes it on drop.
///
/// ```
/// use sandgate::{SandboxId, v1::Keyring};
///
/// let keyring = Keyring::new(b"a seed of at least 16 bytes")?;
/// let id: SandboxId = "i94gcaqbpvohfr764s5l".parse()?;
/// let token = keyring.access_token(&id);
/// assert_eq!(keyring.verify_access_token(&id, token.expose().as_bytes()), Ok(()));
/// # Ok::<(), sandgate::Misuse>(())
/// ```
#[derive(Clone)]
pub struct Keyring {
    keys: Slots<HmacKey, MAX_SEEDS>,
}

impl Keyring {
    /// Returns a keyring of one seed.
    ///
    /// # Errors
    /// [`Misuse::WeakSeed`] for fewer than 16 bytes.
    pub fn new(seed: &[u8]) -> Result<Self, Misuse> {
        let mut keyring = Self { keys: Slots::new() };
        keyring.add(seed)?;
        Ok(keyring)
    }

    /// Appends a seed that only verifies.
    ///
    /// # Errors
    /// [`Misuse::WeakSeed`] for fewer than 16 bytes, [`Misuse::TooManySeeds`] for the ninth.
    pub fn add(&mut self, seed: &[u8]) -> Result<(), Misuse> {
        if seed.len() < MIN_SEED_LEN {
            return Err(Misuse::WeakSeed);
        }
        self.keys.push_with(|key| key.set(seed)).ok_or(Misuse::TooManySeeds)
    }

    /// Derives the sandbox's access token with the first seed: 64 lower-case hex digits.
    #[must_use]
    pub fn access_token(&self, id: &SandboxId) -> AccessToken {
        let mut tag = Tag::new();
        self.first(access_tag, id, &mut tag);
        AccessToken::written(|hex| tag.write_hex(hex))
    }

    /// Derives the sandbox's traffic token with the first seed: 64 lower-case hex digits.
    #[must_use]
    pub fn traffic_token(&self, id: &SandboxId) -> TrafficToken {
        let mut tag = Tag::new();
        self.first(traffic_tag, id, &mut tag);
        TrafficToken::written(|hex| tag.write_hex(hex))
    }

    /// Passes the access token to `borrow`, and wipes it afterwards. For bindings, which copy it into a string of their
    /// language.
    ///
    /// ```
    /// # use sandgate::{SandboxId, v1::Keyring};
    /// # let (keyring, id) = (Keyring::new(b"a seed of at least 16 bytes")?, "i94gcaqbpvohfr764s5l".parse()?);
    /// let text = keyring.with_access_token(&id, |token| String::from_utf8_lossy(token).into_owned());
    /// assert_eq!(text, keyring.access_token(&id).expose());
    /// # Ok::<(), sandgate::Misuse>(())
    /// ```
    #[doc(hidden)]
    #[inline]
    pub fn with_access_token<R>(&self, id: &SandboxId, borrow: impl FnOnce(&[u8; TOKEN_LEN]) -> R) -> R {
        lend(|hex| self.write(access_tag, id, hex), borrow)
    }

    /// Passes the traffic token to `borrow` in the same way.
    #[doc(hidden)]
    #[inline]
    pub fn with_traffic_token<R>(&self, id: &SandboxId, borrow: impl FnOnce(&[u8; TOKEN_LEN]) -> R) -> R {
        lend(|hex| self.write(traffic_tag, id, hex), borrow)
    }

    /// Checks a presented access token against every seed.
    ///
    /// # Errors
    /// [`Code::Missing`] when nothing is presented, [`Code::Invalid`] when no seed gives this token.
    pub fn verify_access_token(&self, id: &SandboxId, presented: &[u8]) -> Result<(), Denied> {
        self.verify(access_tag, id, presented).map_err(|code| Denied::new(Gate::Route, code))
    }

    /// Checks a presented traffic token against every seed.
    ///
    /// # Errors
    /// [`Code::Missing`] when nothing is presented, [`Code::Invalid`] when no seed gives this token.
    pub fn verify_traffic_token(&self, id: &SandboxId, presented: &[u8]) -> Result<(), Denied> {
        self.verify(traffic_tag, id, presented).map_err(|code| Denied::new(Gate::Traffic, code))
    }

    /// Whether any seed derives the presented access token.
    #[must_use]
    pub fn is_valid_access_token(&self, id: &SandboxId, presented: &[u8]) -> bool {
        self.verify_access_token(id, presented).is_ok()
    }

    /// Whether any seed gives the presented traffic token.
    #[must_use]
    pub fn is_valid_traffic_token(&self, id: &SandboxId, presented: &[u8]) -> bool {
        self.verify_traffic_token(id, presented).is_ok()
    }

    /// Compares the presented traffic token with that of every seed and returns the undecided result.
    pub(crate) fn is_traffic_token(&self, id: &SandboxId, presented: &[u8]) -> Choice {
        self.matches(traffic_tag, id, presented)
    }

    #[inline]
    fn write(&self, write_tag: WriteTag, id: &SandboxId, hex: &mut [u8; TOKEN_LEN]) {
        let mut tag = Tag::new();
        self.first(write_tag, id, &mut tag);
        tag.write_hex(hex);
    }

    /// Writes the tag of the first seed.
    #[inline]
    fn first(&self, write_tag: WriteTag, id: &SandboxId, tag: &mut Tag) {
        if let [first, ..] = self.keys.as_slice() {
            write_tag(first, id, tag);
        }
    }

    #[inline]
    fn verify(&self, write_tag: WriteTag, id: &SandboxId, presented: &[u8]) -> Result<(), Code> {
        match presented {
            [] => Err(Code::Missing),
            _ if verdict(self.matches(write_tag, id, presented)) => Ok(()),
            _ => Err(Code::Invalid),
        }
    }

    #[inline]
    fn matches(&self, write_tag: WriteTag, id: &SandboxId, presented: &[u8]) -> Choice {
        let Ok(hex) = presented.try_into() else { return no_match() };
        let mut presented_tag = PresentedTag::new();
        presented_tag.read_hex(hex);
        let mut tag = Tag::new();
        any(self.keys.as_slice().iter().map(|key| {
            write_tag(key, id, &mut tag);
            tag.is(&presented_tag)
        }))
    }
}

impl core::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Keyring(redacted)")
    }
}

type WriteTag = fn(&HmacKey, &SandboxId, &mut Tag);

#[inline]
fn access_tag(key: &HmacKey, id: &SandboxId, tag: &mut Tag) {
    key.tag_of(id.message(), tag);
}

#[inline]
fn traffic_tag(key: &HmacKey, id: &SandboxId, tag: &mut Tag) {
    key.tag_after(b"sandbox-traffic-", id.message(), tag);
}
