//! v2 compared with bare SHA-256 compressions in the same run.
//!
//! `cargo xtask bench`, or `cargo bench --manifest-path benches/Cargo.toml`. Compare only ratios within one run.

use criterion::{Criterion, criterion_group, criterion_main};
use sandgate::v2::{FileUrl, FileUrlKey, Keyring, TrafficKey};
use sandgate::{Edge, Header, Operation, Policy, Port, Request, Route, SandboxId, SandboxState, UnixSeconds};
use sandgate_benches::{EXPIRES, NOW, PATH, USER, compress};
use std::hint::black_box;

const BASE: &str = "https://49983-i94gcaqbpvohfr764s5l.e2b.app";

fn keyring() -> (Keyring, SandboxId) {
    let keyring = Keyring::new("a".parse().unwrap(), b"a seed of at least 32 bytes, kept secret").unwrap();
    (keyring, "i94gcaqbpvohfr764s5l".parse().unwrap())
}

fn floor(c: &mut Criterion) {
    let blocks = [[0x5a; 64]; 4];
    for count in 1..=4 {
        c.bench_function(&format!("floor/{count} blocks"), |b| b.iter(|| compress(black_box(&blocks[..count]))));
    }
}

fn file_urls(c: &mut Criterion) {
    let (keyring, id) = keyring();
    let key = FileUrlKey::new(&keyring.access_token(&id, 0)).unwrap();
    let url = FileUrl::download(PATH, UnixSeconds::new(EXPIRES)).user(USER);
    let now = UnixSeconds::new(NOW);
    let signature = key.sign(&url).unwrap().as_str().to_owned();
    let mut text = String::new();
    key.write_url(&mut text, BASE, &url).unwrap();
    let query = text.split_once('?').unwrap().1.as_bytes();

    c.bench_function("v2/sign", |b| b.iter(|| key.sign(black_box(&url))));
    c.bench_function("v2/verify", |b| b.iter(|| key.verify(black_box(&url), black_box(signature.as_bytes()), now)));
    c.bench_function("v2/verify raw query", |b| {
        b.iter(|| key.verify_query(Operation::Read, black_box(query), None, now).map(|grant| grant.path().len()))
    });
}

fn traffic(c: &mut Criterion) {
    let (keyring, id) = keyring();
    let token = keyring.traffic_token(&id, 0);
    let key = TrafficKey::new(&token).unwrap();
    let (port, end, now) = (Port::try_from(8080).unwrap(), UnixSeconds::new(EXPIRES), UnixSeconds::new(NOW));
    let pass = key.issue_pass(port, end, None).unwrap().as_str().to_owned();
    let host = format!("{}.e2b.app", key.issue_signed_host(&id, port, end).unwrap());

    c.bench_function("v2/derive token", |b| b.iter(|| keyring.access_token(black_box(&id), 0)));
    c.bench_function("v2/verify token", |b| {
        b.iter(|| keyring.verify_traffic_token(black_box(&id), 0, black_box(token.expose().as_bytes())))
    });
    c.bench_function("v2/issue pass", |b| b.iter(|| key.issue_pass(black_box(port), end, None)));
    c.bench_function("v2/verify pass", |b| b.iter(|| key.verify_pass(black_box(pass.as_bytes()), port, None, now)));

    let edge = Edge::new(Policy::V2_ALONE).v2_keyring(keyring.traffic().clone());
    let check = |host: &str, header: Header<'_>| {
        let route = Route::parse(Header::Once(host.as_bytes()), Header::Absent, Header::Absent).unwrap();
        let request = Request::new(b"GET", b"/").traffic_token(header);
        edge.check(&route, SandboxState::restricted(), &request, now)
    };
    let plain = "8080-i94gcaqbpvohfr764s5l.e2b.app";
    for (name, host, header) in [
        ("token", plain, Header::Once(token.expose().as_bytes())),
        ("pass", plain, Header::Once(pass.as_bytes())),
        ("signed host", host.as_str(), Header::Absent),
    ] {
        assert!(check(host, header).is_ok());
        c.bench_function(&format!("v2/edge, {name}"), |b| b.iter(|| check(black_box(host), black_box(header))));
    }
}

criterion_group!(benches, floor, file_urls, traffic);
criterion_main!(benches);
