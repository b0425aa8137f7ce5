//! From seeds to roots, and from roots to the keys of one sandbox.
//!
//! ```text
//! root         = HMAC("sandgate/2", seed)
//! access_root  = expand(root, "access")         traffic_root = expand(root, "traffic")
//! access_key   = expand(access_root,  u16(len id) || id || u32(generation))
//! traffic_key  = expand(traffic_root, u16(len id) || id || u32(generation))
//! ```

use super::tag_text::{TOKEN_LEN, TRAFFIC_ROOT, parse, write_token};
use crate::bytes::copy;
use crate::compare::verdict;
use crate::error::{Code, Misuse};
use crate::ids::{KeyId, SandboxId};
use crate::mac::HmacKey;
use crate::secret::TrafficRoot;
use crate::tag::{PresentedTag, Tag};

const MIN_SEED_LEN: usize = 32;
const MAX_ROOTS: usize = 8;

/// HKDF extract: the salt is the key.
pub(super) fn root(seed: &[u8]) -> Result<HmacKey, Misuse> {
    if seed.len() < MIN_SEED_LEN {
        Err(Misuse::WeakSeed)
    } else {
        let mut root = Tag::new();
        HmacKey::new(b"sandgate/2").tag([seed, b""], &mut root);
        Ok(root.key())
    }
}

pub(super) fn access_root(root: &HmacKey) -> HmacKey {
    root.expand_key(b"access")
}

const TRAFFIC: &[u8] = b"traffic";

pub(super) fn traffic_root(root: &HmacKey) -> HmacKey {
    root.expand_key(TRAFFIC)
}

impl TrafficRoot {
    /// The traffic root of a seed, for whoever configures an edge.
    ///
    /// # Errors
    /// [`Misuse::WeakSeed`] for fewer than 32 bytes.
    pub fn derive(kid: KeyId, seed: &[u8]) -> Result<Self, Misuse> {
        let mut traffic_root = Tag::new();
        root(seed)?.expand(TRAFFIC, &mut traffic_root);
        Ok(Self::written(|text| write_token(text, *TRAFFIC_ROOT, kid, &traffic_root)))
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
    first: Root,
    others: heapless::Vec<Root, { MAX_ROOTS - 1 }>,
}

#[derive(Clone)]
struct Root {
    kid: KeyId,
    key: HmacKey,
}

impl Roots {
    pub(super) fn new(kid: KeyId, key: HmacKey) -> Self {
        Self { first: Root { kid, key }, others: heapless::Vec::new() }
    }

    /// The same seed under two key ids would be one key, and could not be told to be retired.
    pub(super) fn add(&mut self, kid: KeyId, key: HmacKey) -> Result<(), Misuse> {
        if self.all().any(|root| root.kid == kid || verdict(root.key.same(&key))) {
            return Err(Misuse::RepeatedKey);
        }
        self.others.push(Root { kid, key }).map_err(|_| Misuse::TooManySeeds)
    }

    /// The token of a sandbox, made with the first root.
    pub(super) fn write_token(&self, text: &mut [u8; TOKEN_LEN], prefix: &[u8; 5], id: &SandboxId, generation: u32) {
        let Root { kid, key } = &self.first;
        let mut tag = Tag::new();
        sandbox_key(key, id, generation, &mut tag);
        write_token(text, *prefix, *kid, &tag);
    }

    /// Checks a presented token: only the one of its key id is derived and compared.
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

    /// Key ids are no secrets: the look-up may take as long as it takes.
    pub(super) fn get(&self, kid: KeyId) -> Option<&HmacKey> {
        self.all().find(|root| root.kid == kid).map(|root| &root.key)
    }

    fn all(&self) -> impl Iterator<Item = &Root> {
        core::iter::once(&self.first).chain(&self.others)
    }
}
