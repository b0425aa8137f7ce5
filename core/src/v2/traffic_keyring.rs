//! The edge's keyring. It holds only traffic roots.

use super::roots::{Roots, sandbox_key};
use super::spelling::{TOKEN_LEN, read_key};
use crate::crypto::mac::HmacKey;
use crate::crypto::tag::{PresentedTag, Tag};
use crate::value::error::{Code, Denied, Gate, Misuse};
use crate::value::ids::{KeyId, SandboxId};
use crate::value::token::{TRAFFIC_ROOT_PREFIX, TRAFFIC_TOKEN_PREFIX, TrafficRoot, TrafficToken, lend};

/// 1 to 8 traffic roots with distinct key ids: the first one derives, all verify. No access token can be derived from them.
///
/// ```
/// use sandgate::{SandboxId, v2::{Keyring, TrafficKeyring, TrafficRoot}};
///
/// let seed = b"a seed of at least 32 bytes, kept secret";
/// let edge = TrafficKeyring::new(&TrafficRoot::derive("a".parse()?, seed)?)?;
/// let id: SandboxId = "i94gcaqbpvohfr764s5l".parse()?;
/// assert_eq!(edge.traffic_token(&id, 0), Keyring::new("a".parse()?, seed)?.traffic_token(&id, 0));
/// # Ok::<(), sandgate::Misuse>(())
/// ```
#[derive(Clone)]
pub struct TrafficKeyring {
    roots: Roots,
}

impl TrafficKeyring {
    /// Returns a keyring of one root.
    ///
    /// # Errors
    /// [`Misuse::TrafficTokenGiven`], [`Misuse::AccessTokenGiven`] or [`Misuse::V1TokenGiven`] for another kind of secret;
    /// [`Misuse::TokenShape`] for text that begins with `sg2r.` but is not a traffic root.
    pub fn new(root: &TrafficRoot) -> Result<Self, Misuse> {
        let mut keyring = Self::empty();
        keyring.add(root)?;
        Ok(keyring)
    }

    /// Appends a root that only verifies.
    ///
    /// # Errors
    /// Those of [`Self::new`]; [`Misuse::RepeatedKey`] for a key id or a root that the keyring already holds;
    /// [`Misuse::TooManySeeds`] for the ninth.
    pub fn add(&mut self, root: &TrafficRoot) -> Result<(), Misuse> {
        let mut presented = PresentedTag::new();
        let (kid, root) = read_key(TRAFFIC_ROOT_PREFIX, root.as_bytes(), &mut presented)?;
        self.roots.add(kid, |key| root.write_key(key))
    }

    /// Returns a keyring without roots. The caller must add one before use.
    pub(super) fn empty() -> Self {
        Self { roots: Roots::new() }
    }

    pub(super) fn roots_mut(&mut self) -> &mut Roots {
        &mut self.roots
    }

    /// Derives the sandbox's traffic token with the first root: 50 characters. Generations start at 0.
    #[must_use]
    pub fn traffic_token(&self, id: &SandboxId, generation: u32) -> TrafficToken {
        TrafficToken::written(|text| self.roots.write_token(text, TRAFFIC_TOKEN_PREFIX, id, generation))
    }

    /// Passes the traffic token to `borrow`, and wipes it afterwards. For bindings, which copy it into a string of their
    /// language.
    #[doc(hidden)]
    #[inline]
    pub fn with_traffic_token<R>(
        &self,
        id: &SandboxId,
        generation: u32,
        borrow: impl FnOnce(&[u8; TOKEN_LEN]) -> R,
    ) -> R {
        lend(|text| self.roots.write_token(text, TRAFFIC_TOKEN_PREFIX, id, generation), borrow)
    }

    /// Verifies a presented traffic token. Only the token of its key id is derived and compared.
    ///
    /// # Errors
    /// [`Code::Missing`] if nothing is presented, [`Code::Malformed`] for text without the shape of a traffic token,
    /// [`Code::Invalid`] for an unknown key id and any other token.
    pub fn verify_traffic_token(&self, id: &SandboxId, generation: u32, presented: &[u8]) -> Result<(), Denied> {
        self.verify(id, generation, presented).map_err(|code| Denied::new(Gate::Traffic, code))
    }

    /// Whether this is the sandbox's traffic token.
    #[must_use]
    pub fn is_valid_traffic_token(&self, id: &SandboxId, generation: u32, presented: &[u8]) -> bool {
        self.verify(id, generation, presented).is_ok()
    }

    pub(crate) fn verify(&self, id: &SandboxId, generation: u32, presented: &[u8]) -> Result<(), Code> {
        self.roots.verify(TRAFFIC_TOKEN_PREFIX, id, generation, presented)
    }

    /// Writes the key of a sandbox under a key id that a pass or a signed host names, if there is one.
    pub(crate) fn traffic_key(&self, kid: KeyId, id: &SandboxId, generation: u32, key: &mut HmacKey) -> Option<()> {
        let mut tag = Tag::new();
        sandbox_key(self.roots.get(kid)?, id, generation, &mut tag);
        tag.write_key(key);
        Some(())
    }
}

impl core::fmt::Debug for TrafficKeyring {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("TrafficKeyring(redacted)")
    }
}
