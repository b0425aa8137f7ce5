//! The deployment's seeds, and the tokens derived from them.
//!
//! ```text
//! access token  = "sg2a." kid "." base64url(access_key)        50 characters
//! traffic token = "sg2t." kid "." base64url(traffic_key)
//! ```

use super::roots::{Roots, add_seed};
use super::spelling::TOKEN_LEN;
use super::traffic_keyring::TrafficKeyring;
use crate::value::error::{Code, Denied, Gate, Misuse};
use crate::value::ids::{KeyId, SandboxId};
use crate::value::token::{ACCESS_TOKEN_PREFIX, AccessToken, TrafficToken, lend};

/// 1 to 8 seeds with distinct key ids: the first one derives tokens, all verify them.
///
/// To rotate, add the new seed everywhere, give controllers their new tokens and edges their new root, then make it the
/// first. To revoke the credentials of one sandbox, increment its generation.
///
/// ```
/// use sandgate::{SandboxId, v2::Keyring};
///
/// let keyring = Keyring::new("a".parse()?, b"a seed of at least 32 bytes, kept secret")?;
/// let id: SandboxId = "i94gcaqbpvohfr764s5l".parse()?;
/// let token = keyring.access_token(&id, 0);
/// assert!(token.expose().starts_with("sg2a.a."));
/// assert_eq!(keyring.verify_access_token(&id, 0, token.expose().as_bytes()), Ok(()));
/// assert!(!keyring.is_valid_access_token(&id, 1, token.expose().as_bytes()));
/// # Ok::<(), sandgate::Misuse>(())
/// ```
#[derive(Clone)]
pub struct Keyring {
    access: Roots,
    traffic: TrafficKeyring,
}

impl Keyring {
    /// Returns a keyring of one seed.
    ///
    /// # Errors
    /// [`Misuse::WeakSeed`] for fewer than 32 bytes.
    pub fn new(kid: KeyId, seed: &[u8]) -> Result<Self, Misuse> {
        let mut keyring = Self { access: Roots::new(), traffic: TrafficKeyring::empty() };
        keyring.add(kid, seed)?;
        Ok(keyring)
    }

    /// Appends a seed that only verifies.
    ///
    /// # Errors
    /// [`Misuse::WeakSeed`] for fewer than 32 bytes; [`Misuse::RepeatedKey`] for a key id or a seed that the keyring
    /// already holds; [`Misuse::TooManySeeds`] for the ninth.
    pub fn add(&mut self, kid: KeyId, seed: &[u8]) -> Result<(), Misuse> {
        add_seed(&mut self.access, self.traffic.roots_mut(), kid, seed)
    }

    /// Returns the keyring for an edge. It serves only traffic: no access token can be derived from it.
    #[must_use]
    pub const fn traffic(&self) -> &TrafficKeyring {
        &self.traffic
    }

    /// Derives the sandbox's access token with the first seed: 50 characters. Generations start at 0.
    #[must_use]
    pub fn access_token(&self, id: &SandboxId, generation: u32) -> AccessToken {
        AccessToken::written(|text| self.access.write_token(text, ACCESS_TOKEN_PREFIX, id, generation))
    }

    /// Derives the sandbox's traffic token with the first seed: 50 characters. Its generation is counted separately.
    #[must_use]
    pub fn traffic_token(&self, id: &SandboxId, generation: u32) -> TrafficToken {
        self.traffic.traffic_token(id, generation)
    }

    /// Passes the access token to `borrow`, and wipes it afterwards. For bindings, which copy it into a string of their
    /// language.
    #[doc(hidden)]
    #[inline]
    pub fn with_access_token<R>(
        &self,
        id: &SandboxId,
        generation: u32,
        borrow: impl FnOnce(&[u8; TOKEN_LEN]) -> R,
    ) -> R {
        lend(|text| self.access.write_token(text, ACCESS_TOKEN_PREFIX, id, generation), borrow)
    }

    /// Passes the traffic token to `borrow` in the same way.
    #[doc(hidden)]
    #[inline]
    pub fn with_traffic_token<R>(
        &self,
        id: &SandboxId,
        generation: u32,
        borrow: impl FnOnce(&[u8; TOKEN_LEN]) -> R,
    ) -> R {
        self.traffic.with_traffic_token(id, generation, borrow)
    }

    /// Verifies a presented access token. Only the token of its key id is derived and compared.
    ///
    /// # Errors
    /// [`Code::Missing`] if nothing is presented, [`Code::Malformed`] for text without the shape of an access token,
    /// [`Code::Invalid`] for an unknown key id and any other token.
    pub fn verify_access_token(&self, id: &SandboxId, generation: u32, presented: &[u8]) -> Result<(), Denied> {
        self.verify_access(id, generation, presented).map_err(|code| Denied::new(Gate::Route, code))
    }

    /// Verifies a presented traffic token.
    ///
    /// # Errors
    /// Those of [`TrafficKeyring::verify_traffic_token`].
    pub fn verify_traffic_token(&self, id: &SandboxId, generation: u32, presented: &[u8]) -> Result<(), Denied> {
        self.traffic.verify_traffic_token(id, generation, presented)
    }

    /// Whether this is the sandbox's access token.
    #[must_use]
    pub fn is_valid_access_token(&self, id: &SandboxId, generation: u32, presented: &[u8]) -> bool {
        self.verify_access(id, generation, presented).is_ok()
    }

    /// Whether this is the sandbox's traffic token.
    #[must_use]
    pub fn is_valid_traffic_token(&self, id: &SandboxId, generation: u32, presented: &[u8]) -> bool {
        self.traffic.is_valid_traffic_token(id, generation, presented)
    }

    fn verify_access(&self, id: &SandboxId, generation: u32, presented: &[u8]) -> Result<(), Code> {
        self.access.verify(ACCESS_TOKEN_PREFIX, id, generation, presented)
    }
}

impl core::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Keyring(redacted)")
    }
}
