//! The secrets of the cases. Every key id has a seed, but controllers and edges know only those in [`KNOWN`].

use super::oracle::{self, Key};
use sandgate::TrafficToken;
use sandgate::v1;
use sandgate::v2::{TrafficKeyring, TrafficRoot};
use std::sync::LazyLock;

pub(crate) const ID: &str = "i94gcaqbpvohfr764s5l";
pub(crate) const KNOWN: [char; 2] = ['a', 'b'];

/// Derived once: a fuzz target runs a case in a fraction of a millisecond.
static ACCESS_KEYS: LazyLock<Vec<Key>> =
    LazyLock::new(|| seeds().map(|seed| oracle::sandbox_key(&oracle::access_root(&seed), ID, 0)).collect());
static TRAFFIC_ROOTS: LazyLock<Vec<Key>> = LazyLock::new(|| seeds().map(|seed| oracle::traffic_root(&seed)).collect());

fn seeds() -> impl Iterator<Item = [u8; 32]> {
    (0..=u8::MAX).map(|kid| [kid; 32])
}

/// A character that is not a key id gets the first key.
fn place(kid: char) -> usize {
    usize::from(u8::try_from(kid).unwrap_or_default())
}

pub(crate) fn access_key(kid: char) -> Key {
    ACCESS_KEYS[place(kid)]
}

pub(crate) fn access_token(kid: char) -> String {
    oracle::token("sg2a", kid, &access_key(kid))
}

pub(crate) fn traffic_key(kid: char, id: &str, generation: u32) -> Key {
    oracle::sandbox_key(&TRAFFIC_ROOTS[place(kid)], id, generation)
}

pub(crate) fn traffic_token(kid: char, id: &str, generation: u32) -> TrafficToken {
    oracle::token("sg2t", kid, &traffic_key(kid, id, generation)).parse().unwrap()
}

/// The keyring of an edge.
pub(crate) fn traffic_keyring() -> TrafficKeyring {
    static ROOTS: LazyLock<[TrafficRoot; 2]> =
        LazyLock::new(|| KNOWN.map(|kid| oracle::token("sg2r", kid, &TRAFFIC_ROOTS[place(kid)]).parse().unwrap()));
    let mut keyring = TrafficKeyring::new(&ROOTS[0]).unwrap();
    keyring.add(&ROOTS[1]).unwrap();
    keyring
}

/// For an edge that knows both formats.
pub(crate) fn v1_keyring() -> v1::Keyring {
    v1::Keyring::new(b"a seed of wire format v1").unwrap()
}

pub(crate) fn v1_token(id: &str) -> Option<String> {
    Some(v1_keyring().traffic_token(&id.parse().ok()?).expose().to_owned())
}
