//! The operations, each with two classes of inputs that a leak would tell apart.

use crate::classes::{class, measure};
use crate::random::Random;
use crate::{edges, signs};
use sandgate::{AccessToken, Controller, Operation, Policy, SandboxId, UnixSeconds, compare, v1, v2};

pub(crate) const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);
const SEED: &[u8] = b"a seed of at least 32 bytes, kept secret";
pub(crate) const HEX: &[u8] = b"0123456789abcdef";
const BASE64URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// The characters of 32 bytes in base64.
pub(crate) const TAG: usize = 43;

/// Texts that are wrong in the first of their last `secret` characters, and texts that are wrong in the last one.
pub(crate) fn first_and_last(right: &[u8], secret: usize, [a, b]: [u8; 2]) -> [Vec<Vec<u8>>; 2] {
    [right.len() - secret, right.len() - 1].map(|at| {
        let mut text = right.to_vec();
        text[at] = if text[at] == a { b } else { a };
        class(|| text.clone())
    })
}

/// One input again and again, and random ones.
pub(crate) fn fixed_and_random<I: Clone>(mut make: impl FnMut() -> I) -> [Vec<I>; 2] {
    let fixed = make();
    [class(|| fixed.clone()), class(make)]
}

pub(crate) fn run(number: usize) {
    let id: SandboxId = "i94gcaqbpvohfr764s5l".parse().expect("an id");
    let kid = "a".parse().expect("a key id");
    let keyring1 = v1::Keyring::new(SEED).expect("a keyring");
    let keyring2 = v2::Keyring::new(kid, SEED).expect("a keyring");
    let (token1, token2) = (keyring1.access_token(&id), keyring2.access_token(&id, 0));
    let mut random = Random::new();
    let ours = |name: &str, classes, run: &mut dyn FnMut(&Vec<u8>) -> bool| {
        measure("ours", name, number, classes, run);
    };

    let right = token1.expose_bytes();
    ours("compare::equal", first_and_last(right, right.len(), *b"01"), &mut |text| compare::equal(right, text));
    ours("v1::Keyring::verify_access_token", first_and_last(right, right.len(), *b"01"), &mut |text| {
        keyring1.is_valid_access_token(&id, text)
    });
    let right = token2.expose_bytes();
    ours("v2::Keyring::verify_access_token", first_and_last(right, TAG, *b"AE"), &mut |text| {
        keyring2.is_valid_access_token(&id, 0, text)
    });
    // Its key id is unknown, so that it is decoded and no more.
    let unknown = fixed_and_random(|| [b"sg2a.x.", &random.text(TAG - 1, BASE64URL)[..], b"A"].concat());
    ours("v2: decode a token", unknown, &mut |text| keyring2.is_valid_access_token(&id, 0, text));

    file_urls(&ours, &token1, &token2);
    edges::run(&ours, &keyring1, &keyring2);
    signs::run(number, &mut random);

    let seeds = fixed_and_random(|| random.text(40, HEX));
    ours("v1::Keyring::new", seeds, &mut |seed| v1::Keyring::new(seed).is_ok());
    let keyrings = fixed_and_random(|| v1::Keyring::new(&random.text(40, HEX)).expect("a keyring"));
    measure("ours", "v1::Keyring::access_token", number, keyrings, |keyring| keyring.access_token(&id));
    let keyrings = fixed_and_random(|| v2::Keyring::new(kid, &random.text(40, HEX)).expect("a keyring"));
    measure("ours", "v2::Keyring::access_token", number, keyrings, |keyring| keyring.access_token(&id, 0));

    let mut controller = Controller::new(&[token1], Policy::default()).expect("a controller");
    let token1 = keyring1.access_token(&id);
    let right = [br#"{"accessToken":""#, token1.expose_bytes()].concat();
    let bodies = first_and_last(&right, token1.expose_bytes().len(), *b"01")
        .map(|class| class.into_iter().map(|body| [&body[..], br#""}"#].concat()).collect());
    ours("Controller::initialize", bodies, &mut |body| controller.initialize(body, b"").is_ok());
}

pub(crate) type Ours<'a> = &'a dyn Fn(&str, [Vec<Vec<u8>>; 2], &mut dyn FnMut(&Vec<u8>) -> bool);

fn file_urls(ours: Ours<'_>, token1: &AccessToken, token2: &AccessToken) {
    let key = v1::FileUrlKey::new(token1).expect("a key");
    // The signature is the last parameter, and none of its characters is escaped.
    let path = (0_u32..).map(|at| format!("/home/user/{at}")).find(|path| {
        let signature = key.sign(&v1::FileUrl::download(path.as_bytes()).user(b"user"));
        !signature.as_str().contains(['+', '/'])
    });
    let path = path.expect("a path");
    let signature = key.sign(&v1::FileUrl::download(path.as_bytes()).user(b"user"));
    let query = format!("path={path}&username=user&signature={}", signature.as_str());
    ours("v1::FileUrlKey::verify_query", first_and_last(query.as_bytes(), TAG, *b"AE"), &mut |query| {
        key.verify_query(Operation::Read, query, NOW).is_ok()
    });

    let key = v2::FileUrlKey::new(token2).expect("a key");
    let signature = key.sign(&v2::FileUrl::download(b"/home/user/a", NOW).user(b"user")).expect("a signature");
    let query =
        format!("path=/home/user/a&username=user&signature_expiration=1800000000&signature={}", signature.as_str());
    ours("v2::FileUrlKey::verify_query", first_and_last(query.as_bytes(), TAG, *b"AE"), &mut |query| {
        key.verify_query(Operation::Read, query, None, NOW).is_ok()
    });
    assert!(key.verify_query(Operation::Read, query.as_bytes(), None, NOW).is_ok());
}
