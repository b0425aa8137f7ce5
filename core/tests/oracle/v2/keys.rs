//! Keys and static tokens.

use super::text::{base64url, kid_and_rest};
use base64::Engine;
use hmac::{KeyInit, Mac};

pub(crate) type Key = [u8; 32];

pub(crate) fn hmac(key: &[u8], message: &[u8]) -> Key {
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().into()
}

pub(crate) fn expand(key: &Key, info: &[u8]) -> Key {
    hmac(key, &[info, &[1]].concat())
}

pub(crate) fn root(seed: &[u8]) -> Key {
    hmac(b"sandgate/2", seed)
}

pub(crate) fn access_root(seed: &[u8]) -> Key {
    expand(&root(seed), b"access")
}

pub(crate) fn traffic_root(seed: &[u8]) -> Key {
    expand(&root(seed), b"traffic")
}

/// The access key or the traffic key of a sandbox, depending on the root.
pub(crate) fn sandbox_key(root: &Key, sandbox_id: &str, generation: u32) -> Key {
    let length = u16::try_from(sandbox_id.len()).unwrap().to_be_bytes();
    expand(root, &[&length, sandbox_id.as_bytes(), &generation.to_be_bytes()].concat())
}

pub(crate) fn file_url_key(access_key: &Key) -> Key {
    expand(access_key, b"file-url")
}

pub(crate) fn pass_key(traffic_key: &Key) -> Key {
    expand(traffic_key, b"traffic-pass")
}

pub(crate) fn signed_host_key(traffic_key: &Key) -> Key {
    expand(traffic_key, b"signed-host")
}

/// A key as text; `kind` is `sg2a` (access), `sg2t` (traffic) or `sg2r` (traffic root).
pub(crate) fn token(kind: &str, kid: char, key: &Key) -> String {
    format!("{kind}.{kid}.{}", base64url(key))
}

/// The key id and the key of a token in canonical spelling.
pub(crate) fn read_token(kind: &str, text: &str) -> Option<(char, Key)> {
    let (kid, encoded) = kid_and_rest(text.strip_prefix(kind)?.strip_prefix('.')?)?;
    let key = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(encoded).ok()?.try_into().ok()?;
    (token(kind, kid, &key) == text).then_some((kid, key))
}
