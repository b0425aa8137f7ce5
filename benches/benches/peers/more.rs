//! The peers that take minutes to build: `ring`, `aws-lc-rs` and `jsonwebtoken`.

use crate::measure::{Candidate, peer};
use crate::usual::{hashed, tokens};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use sandgate_benches::deployment::Deployment;
use sandgate_benches::{PATH, SEED, TOKEN};
use serde::{Deserialize, Serialize};
use std::hint::black_box;

#[derive(Serialize, Deserialize)]
struct Claims {
    op: String,
    path: String,
    user: String,
    exp: u64,
}

pub(crate) fn candidates(on: &Deployment) -> Vec<Candidate<'_>> {
    let mut all = hashed(on, "ring", |message| bytes(ring::digest::digest(&ring::digest::SHA256, message).as_ref()));
    all.extend(hashed(on, "aws-lc-rs", |message| {
        bytes(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, message).as_ref())
    }));
    all.extend(tokens(on, "ring", |id| {
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, black_box(SEED));
        hex::encode(ring::hmac::sign(&key, id))
    }));
    all.extend(tokens(on, "aws-lc-rs", |id| {
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, black_box(SEED));
        hex::encode(aws_lc_rs::hmac::sign(&key, id))
    }));
    all.extend(web_tokens());
    all
}

fn bytes(digest: &[u8]) -> [u8; 32] {
    digest.try_into().expect("SHA-256")
}

/// What a JSON web token costs in place of a v2 signature: the same claims, HS256.
fn web_tokens<'a>() -> Vec<Candidate<'a>> {
    let secret = TOKEN.as_bytes();
    let encoding = EncodingKey::from_secret(secret).expect("a secret");
    let decoding = DecodingKey::from_secret(secret).expect("a secret");
    let (header, validation) = (Header::new(Algorithm::HS256), Validation::new(Algorithm::HS256));
    let path = str::from_utf8(PATH).expect("a text").to_owned();
    let claims = Claims { op: "read".to_owned(), path, user: "user".to_owned(), exp: 4_000_000_000 };
    let sign = move || jsonwebtoken::encode(&header, black_box(&claims), &encoding).expect("claims");
    let signed = sign();
    let verify = move || jsonwebtoken::decode::<Claims>(black_box(&signed), &decoding, &validation).is_ok();
    assert!(verify());
    let again = verify.clone();
    vec![
        peer("v2 sign", "jsonwebtoken", sign),
        peer("v2 verify", "jsonwebtoken", verify),
        peer("v2 check, our URL", "jsonwebtoken; no query", again),
    ]
}
