//! The usual crates in the usual way: `form_urlencoded`, `format!`, `sha2`, `base64`, `hmac`, `hex`, `subtle`.

use crate::measure::{Candidate, peer};
use crate::ours::CHECKS;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sandgate_benches::deployment::Deployment;
use sandgate_benches::{EXPIRES, ID, NOW, PATH, SEED, TOKEN, USER};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::hint::black_box;
use subtle::ConstantTimeEq;

/// A hash function of some crate.
pub(crate) trait Hash: Fn(&[u8]) -> [u8; 32] + Copy {}
impl<F: Fn(&[u8]) -> [u8; 32] + Copy> Hash for F {}

/// A v1 signature, without its prefix.
pub(crate) fn signature(hash: impl Hash, path: &str, user: &str, expires: &str) -> String {
    STANDARD_NO_PAD.encode(hash(format!("{path}:read:{user}:{TOKEN}:{expires}").as_bytes()))
}

fn sign(hash: impl Hash) -> String {
    let [path, user] = black_box([PATH, USER]).map(|text| str::from_utf8(text).expect("a text"));
    format!("v1_{}", signature(hash, path, user, &black_box(EXPIRES).to_string()))
}

fn verify(hash: impl Hash, presented: &str) -> bool {
    let [path, user] = black_box([PATH, USER]).map(|text| str::from_utf8(text).expect("a text"));
    let right = signature(hash, path, user, &black_box(EXPIRES).to_string());
    presented.strip_prefix("v1_").is_some_and(|tag| same(tag, &right)) && EXPIRES >= black_box(NOW)
}

/// What a controller does with a target.
fn check(hash: impl Hash, target: &str) -> Option<Cow<'_, str>> {
    let query = target.strip_prefix("/files?")?;
    let (mut path, mut user, mut tag, mut expires) = (None, None, None, None);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let place = match &*name {
            "path" => &mut path,
            "username" => &mut user,
            "signature" => &mut tag,
            "signature_expiration" => &mut expires,
            _ => continue,
        };
        if place.replace(value).is_some() {
            return None;
        }
    }
    let (path, expires) = (path?, expires?);
    let right = signature(hash, &path, user.as_deref().unwrap_or_default(), &expires);
    let is_right = same(tag?.strip_prefix("v1_")?, &right) && expires.parse::<i64>().ok()? >= black_box(NOW);
    is_right.then_some(path)
}

pub(crate) fn same(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

/// Signing and verifying with one crate's hash.
pub(crate) fn hashed<'a>(on: &'a Deployment, with: &str, hash: impl Hash + 'a) -> Vec<Candidate<'a>> {
    assert!(sign(hash) == on.v1_signature && verify(hash, &on.v1_signature) && !verify(hash, "v1_"), "{with}");
    let mut all = vec![
        peer("v1 sign", &format!("format!, {with}, base64"), move || sign(hash)),
        peer("v1 verify", &format!("format!, {with}, base64, subtle"), move || {
            verify(hash, black_box(&on.v1_signature))
        }),
    ];
    for (row, (_, target)) in CHECKS.into_iter().zip(&on.v1_targets) {
        assert!(check(hash, target).is_some() && check(hash, &target.replace("v1_", "v1_a")).is_none());
        let name = format!("form_urlencoded, format!, {with}, base64, subtle");
        all.push(peer(row, &name, move || check(hash, black_box(target)).is_some()));
    }
    all
}

/// Deriving and verifying a v1 token by an HMAC.
pub(crate) fn tokens<'a>(
    on: &'a Deployment,
    with: &str,
    derive: impl Fn(&[u8]) -> String + Copy + 'a,
) -> Vec<Candidate<'a>> {
    let right = on.v1_token.expose();
    assert_eq!(derive(ID.as_bytes()), right, "{with}");
    let traffic = move || {
        let id = format!("sandbox-traffic-{}", black_box(ID));
        same(&derive(id.as_bytes()), black_box(on.v1_traffic.expose()))
    };
    assert!(traffic(), "{with}");
    vec![
        peer("v1 derive a token", &format!("{with}, hex"), move || derive(black_box(ID.as_bytes()))),
        peer("v1 verify a token", &format!("{with}, hex, subtle"), move || {
            same(&derive(black_box(ID.as_bytes())), black_box(right))
        }),
        peer("v1 edge, token in the header", &format!("format!, {with}, hex, subtle; no route"), traffic),
    ]
}

pub(crate) fn candidates(on: &Deployment) -> Vec<Candidate<'_>> {
    let mut all = hashed(on, "sha2", |message| Sha256::digest(message).into());
    all.extend(tokens(on, "hmac", |id| {
        let mut mac = Hmac::<Sha256>::new_from_slice(black_box(SEED)).expect("any length");
        mac.update(id);
        hex::encode(mac.finalize().into_bytes())
    }));
    all
}
