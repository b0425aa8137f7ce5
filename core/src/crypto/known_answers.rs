//! Published test vectors, computed by the primitives of this folder. `vectors/known-answers` names their sources.

use super::compare::{same, verdict};
use super::mac::HmacKey;
use super::sha256::sha256;
use super::tag::Tag;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Error};

/// Bytes that are hexadecimal in the file.
#[derive(Debug, PartialEq)]
struct Hex(Vec<u8>);

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        hex::decode(String::deserialize(from)?).map(Self).map_err(D::Error::custom)
    }
}

fn read<T: DeserializeOwned>(name: &str) -> T {
    let file = format!("{}/../vectors/known-answers/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut tag = Tag::new();
    HmacKey::new(key).tag([message, b""], &mut tag);
    tag.to_bytes()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rfc {
    hmac_sha256: Vec<HmacCase>,
    hkdf_sha256: Vec<HkdfCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HmacCase {
    key: Hex,
    msg: Hex,
    /// The first bytes of the tag: one case truncates it.
    tag: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HkdfCase {
    ikm: Hex,
    salt: Hex,
    info: Hex,
    prk: Hex,
    okm: Hex,
}

#[test]
fn hmac_sha256_is_that_of_rfc_4231() {
    let cases = read::<Rfc>("rfc.json").hmac_sha256;
    assert_eq!(cases.len(), 7);
    for HmacCase { key, msg, tag } in cases {
        assert_eq!(hmac(&key.0, &msg.0)[..tag.0.len()], tag.0);
    }
    println!("known answers: HMAC-SHA256 7 of RFC 4231");
}

/// The pseudorandom key, and the first block of the output: core expands to one block.
#[test]
fn hkdf_is_that_of_rfc_5869() {
    let cases = read::<Rfc>("rfc.json").hkdf_sha256;
    assert_eq!(cases.len(), 3);
    for HkdfCase { ikm, salt, info, prk, okm } in cases {
        assert_eq!(hmac(&salt.0, &ikm.0)[..], prk.0);
        let mut first = Tag::new();
        HmacKey::new(&prk.0).expand(&info.0, &mut first);
        assert_eq!(first.to_bytes()[..], okm.0[..32]);
    }
    println!("known answers: HKDF-SHA256 3 of RFC 5869");
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wycheproof {
    cases: Vec<WycheproofCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WycheproofCase {
    id: u32,
    key: Hex,
    msg: Hex,
    tag: Hex,
    valid: bool,
}

/// Every key of the file fits: an HMAC key may have any length. Only the seeds of a keyring have a least length.
#[test]
fn hmac_sha256_accepts_what_wycheproof_calls_valid_and_nothing_else() {
    let cases = read::<Wycheproof>("hmac-sha256-wycheproof.json").cases;
    assert_eq!((cases.len(), cases.iter().filter(|case| case.valid).count()), (174, 66));
    for WycheproofCase { id, key, msg, tag, valid } in cases {
        // Half of the tags are truncated to 16 bytes.
        let ours = &hmac(&key.0, &msg.0)[..tag.0.len()];
        assert_eq!(verdict(same(ours, &tag.0)), valid, "case {id}");
    }
    println!("known answers: HMAC-SHA256 174 of Wycheproof");
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hashes {
    short: Vec<HashCase>,
    long: Vec<HashCase>,
    /// The start of the Monte Carlo test, and the first links of its chain.
    seed: Hex,
    chain: Vec<Hex>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HashCase {
    msg: Hex,
    digest: Hex,
}

impl Hashes {
    fn check<const N: usize>(self, short: usize, hash: impl Fn(&[u8]) -> [u8; N]) {
        assert_eq!((self.short.len(), self.long.len(), self.chain.len()), (short, 12, 10));
        for HashCase { msg, digest } in self.short.into_iter().chain(self.long) {
            assert_eq!(hash(&msg.0)[..], digest.0, "{} bytes", msg.0.len());
        }
        // SHAVS, section 6.4: each digest is that of the three before it.
        let mut seed: [u8; N] = self.seed.0.try_into().unwrap();
        for link in self.chain {
            let mut last = [seed; 3];
            for _ in 0..1000 {
                let digest = hash(last.as_flattened());
                last = [last[1], last[2], digest];
            }
            seed = last[2];
            assert_eq!(seed[..], link.0);
        }
    }
}

#[test]
fn sha256_is_that_of_nist() {
    read::<Hashes>("sha256.json").check(65, |message| {
        let mut digest = Tag::new();
        sha256(message, &mut digest);
        digest.to_bytes()
    });
    println!("known answers: SHA-256 77 messages and 10 Monte Carlo links of NIST");
}

#[cfg(feature = "initialize")]
#[test]
fn sha512_is_that_of_nist() {
    read::<Hashes>("sha512.json").check(129, |message| {
        let words = super::sha512::digest(message);
        std::array::from_fn::<u8, 64, _>(|at| words[at / 8].to_be_bytes()[at % 8])
    });
    println!("known answers: SHA-512 141 messages and 10 Monte Carlo links of NIST");
}
