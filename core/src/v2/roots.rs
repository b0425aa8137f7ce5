//! Derives roots from seeds, and the keys of one sandbox from roots.
//!
//! ```text
//! root         = HMAC("sandgate/2", seed)
//! access_root  = expand(root, "access")         traffic_root = expand(root, "traffic")
//! access_key   = expand(access_root,  u16(len id) || id || u32(generation))
//! traffic_key  = expand(traffic_root, u16(len id) || id || u32(generation))
//! ```

use super::spelling::{TOKEN_LEN, parse, write_token};
use crate::crypto::compare::verdict;
use crate::crypto::mac::HmacKey;
use crate::crypto::tag::{PresentedTag, Tag};
use crate::encoding::bytes::copy;
use crate::memory::slots::{Blank, Slots};
use crate::value::error::{Code, Misuse};
use crate::value::ids::{KeyId, SandboxId};
use crate::value::token::{TRAFFIC_ROOT_PREFIX, TrafficRoot};

const MIN_SEED_LEN: usize = 32;
const MAX_ROOTS: usize = 8;

/// Passes the root of a seed to `make`, and wipes it afterwards.
fn with_root<R>(seed: &[u8], make: impl FnOnce(&HmacKey) -> R) -> Result<R, Misuse> {
    if seed.len() < MIN_SEED_LEN {
        return Err(Misuse::WeakSeed);
    }
    let mut tag = Tag::new();
    HmacKey::new(b"sandgate/2").tag([seed, b""], &mut tag);
    let mut root = HmacKey::blank();
    tag.write_key(&mut root);
    Ok(make(&root))
}

/// Adds the two roots of a seed.
pub(super) fn add_seed(access: &mut Roots, traffic: &mut Roots, kid: KeyId, seed: &[u8]) -> Result<(), Misuse> {
    with_root(seed, |root| {
        let expand = |info| move |key: &mut HmacKey| root.expand_key(info, key);
        access.add(kid, expand(&b"access"[..]))?;
        traffic.add(kid, expand(TRAFFIC))
    })?
}

const TRAFFIC: &[u8] = b"traffic";

impl TrafficRoot {
    /// Derives the traffic root of a seed, with which an edge is configured.
    ///
    /// # Errors
    /// [`Misuse::WeakSeed`] for fewer than 32 bytes.
    pub fn derive(kid: KeyId, seed: &[u8]) -> Result<Self, Misuse> {
        let mut traffic_root = Tag::new();
        with_root(seed, |root| root.expand(TRAFFIC, &mut traffic_root))?;
        Ok(Self::written(|text| write_token(text, *TRAFFIC_ROOT_PREFIX, kid, &traffic_root)))
    }
}

/// Writes the key of one sandbox in one generation.
pub(super) fn sandbox_key(root: &HmacKey, id: &SandboxId, generation: u32, key: &mut Tag) {
    const LEN: usize = 2;
    const GENERATION: usize = 4;
    let mut info = [0; LEN + SandboxId::MAX_LEN + GENERATION];
    let id = id.as_bytes();
    let mut end: usize = 0;
    for part in [&(id.len() as u16).to_be_bytes()[..], id, &generation.to_be_bytes()] {
        copy(info.get_mut(end..).unwrap_or_default(), part);
        end = end.wrapping_add(part.len());
    }
    root.expand(info.get(..end).unwrap_or_default(), key);
}

/// 1 to 8 roots of one kind with distinct key ids: the first one derives, all verify.
#[derive(Clone)]
pub(super) struct Roots {
    roots: Slots<Root, MAX_ROOTS>,
}

#[derive(Clone)]
struct Root {
    kid: KeyId,
    key: HmacKey,
}

impl Blank for Root {
    fn blank() -> Self {
        Self { kid: KeyId::BLANK, key: HmacKey::blank() }
    }
}

impl Roots {
    /// No roots yet. The caller adds one before it is used.
    pub(super) fn new() -> Self {
        Self { roots: Slots::new() }
    }

    /// Adds a root that `set` writes. The same seed under two key ids is refused: retiring one of them would not retire the
    /// key.
    pub(super) fn add(&mut self, kid: KeyId, set: impl FnOnce(&mut HmacKey)) -> Result<(), Misuse> {
        if self.get(kid).is_some() {
            return Err(Misuse::RepeatedKey);
        }
        let mut key = HmacKey::blank();
        set(&mut key);
        if self.roots.as_slice().iter().any(|root| verdict(root.key.same(&key))) {
            return Err(Misuse::RepeatedKey);
        }
        let fill = |place: &mut Root| {
            place.kid = kid;
            place.key.copy_from(&key);
        };
        self.roots.push_with(fill).ok_or(Misuse::TooManySeeds)
    }

    /// Derives the token of a sandbox with the first root.
    pub(super) fn write_token(&self, text: &mut [u8; TOKEN_LEN], prefix: &[u8; 5], id: &SandboxId, generation: u32) {
        let [Root { kid, key }, ..] = self.roots.as_slice() else { return };
        let mut tag = Tag::new();
        sandbox_key(key, id, generation, &mut tag);
        write_token(text, *prefix, *kid, &tag);
    }

    /// Verifies a presented token. Only the token of its key id is derived and compared.
    pub(super) fn verify(
        &self,
        prefix: &[u8; 5],
        id: &SandboxId,
        generation: u32,
        presented: &[u8],
    ) -> Result<(), Code> {
        if presented.is_empty() {
            return Err(Code::Missing);
        }
        let mut presented_tag = PresentedTag::new();
        let kid = parse(prefix, presented, &mut presented_tag).ok_or(Code::Malformed)?;
        let mut tag = Tag::new();
        sandbox_key(self.get(kid).ok_or(Code::Invalid)?, id, generation, &mut tag);
        if verdict(tag.is(&presented_tag)) { Ok(()) } else { Err(Code::Invalid) }
    }

    /// Key ids are not secret, so the look-up need not take constant time.
    pub(super) fn get(&self, kid: KeyId) -> Option<&HmacKey> {
        self.roots.as_slice().iter().find(|root| root.kid == kid).map(|root| &root.key)
    }
}
