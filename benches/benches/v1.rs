//! v1 compared with bare SHA-256 compressions in the same run, and with the usual crates used in the usual way.
//!
//! `cargo xtask bench`, or `cargo bench --manifest-path benches/Cargo.toml`. Compare only ratios within one run.

use base64::Engine;
use criterion::{Criterion, criterion_group, criterion_main};
use hmac::{KeyInit, Mac};
use sandgate::v1::{FileUrl, FileUrlKey, Keyring};
use sandgate::{AccessToken, Operation, SandboxId, UnixSeconds};
use sandgate_benches::{EXPIRES, NOW, PATH, TOKEN, USER, compress};
use sha2::Digest;
use std::hint::black_box;
use subtle::ConstantTimeEq;

fn floor(c: &mut Criterion) {
    let blocks = [[0x5a; 64]; 4];
    for count in 1..=4 {
        c.bench_function(&format!("floor/{count} blocks"), |b| b.iter(|| compress(black_box(&blocks[..count]))));
    }
}

fn file_urls(c: &mut Criterion) {
    let key = FileUrlKey::new(&AccessToken::try_from(TOKEN).unwrap()).unwrap();
    let url = FileUrl::download(PATH).user(USER).expires(UnixSeconds::new(EXPIRES));
    let now = UnixSeconds::new(NOW);
    let signature = key.sign(&url).as_str().to_owned();
    let mut text = String::new();
    key.write_url(&mut text, "https://49983-i94gcaqbpvohfr764s5l.e2b.app", &url).unwrap();
    let query = text.split_once('?').unwrap().1.as_bytes();

    c.bench_function("v1/sign", |b| b.iter(|| key.sign(black_box(&url))));
    c.bench_function("v1/verify", |b| b.iter(|| key.verify(black_box(&url), black_box(signature.as_bytes()), now)));
    c.bench_function("v1/verify raw query", |b| {
        b.iter(|| key.verify_query(Operation::Read, black_box(query), now).map(|grant| grant.path().len()))
    });
    c.bench_function("v1/write url", |b| {
        let mut out = [0; 512];
        b.iter(|| {
            key.write_url_to_slice(black_box(&mut out), "https://49983-i94gcaqbpvohfr764s5l.e2b.app", &url)
                .map(str::len)
        })
    });
    c.bench_function("usual crates/verify", |b| b.iter(|| usual_verify(black_box(&signature))));
}

/// `format!`, `sha2`, `base64`, `subtle`: the usual code without this crate.
fn usual_verify(presented: &str) -> bool {
    let (path, user) = (str::from_utf8(PATH).unwrap(), str::from_utf8(USER).unwrap());
    let message = format!("{path}:read:{user}:{TOKEN}:{EXPIRES}");
    let expected = base64::engine::general_purpose::STANDARD_NO_PAD.encode(sha2::Sha256::digest(message));
    presented.strip_prefix("v1_").is_some_and(|tag| tag.as_bytes().ct_eq(expected.as_bytes()).into()) && EXPIRES >= NOW
}

fn tokens(c: &mut Criterion) {
    let seed = b"a seed of at least 16 bytes";
    let keyring = Keyring::new(seed).unwrap();
    let id: SandboxId = "i94gcaqbpvohfr764s5l".parse().unwrap();
    let token = keyring.access_token(&id).expose().to_owned();

    c.bench_function("v1/derive token", |b| b.iter(|| keyring.access_token(black_box(&id))));
    c.bench_function("v1/verify token", |b| {
        b.iter(|| keyring.verify_access_token(black_box(&id), black_box(token.as_bytes())))
    });
    c.bench_function("usual crates/verify token", |b| {
        b.iter(|| {
            let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(black_box(seed)).unwrap();
            mac.update(black_box(id.as_str().as_bytes()));
            let expected = hex::encode(mac.finalize().into_bytes());
            bool::from(expected.as_bytes().ct_eq(black_box(token.as_bytes())))
        })
    });
}

criterion_group!(benches, floor, file_urls, tokens);
criterion_main!(benches);
