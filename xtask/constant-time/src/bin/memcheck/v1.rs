//! Wire format v1.

use crate::presented::{BASE64, HEX, all, hidden};
use crate::report::{decides, derives, publishes};
use crate::request::hide;
use sandgate::v1::{FileUrl, FileUrlKey, Keyring, TOKEN_LEN};
use sandgate::{AccessToken, Operation, SandboxId, UnixSeconds};

const SEEDS: [&[u8]; 3] = [b"a seed of at least 16 bytes", b"another of at least 16 bytes", &[7; 100]];
const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);

/// A v1 token is opaque. Its first character is public, because the code must read it to see that it is no v2 secret.
pub(crate) const SECRET: usize = TOKEN_LEN - 1;
/// The characters of a signature after `v1_`.
const SIGNED: usize = 43;

pub(crate) fn hidden_keyring() -> Keyring {
    let [mut first, mut second, mut long] = SEEDS.map(<[u8]>::to_vec);
    for seed in [&mut first, &mut second, &mut long] {
        hide(seed);
    }
    let mut keyring = derives("v1::Keyring::new", || Keyring::new(&first).unwrap());
    keyring = derives("v1::Keyring::add", || {
        keyring.add(&second).unwrap();
        keyring
    });
    // Longer than a block, so that it is hashed.
    derives("v1::Keyring::add, a long seed", || {
        keyring.add(&long).unwrap();
        keyring
    })
}

pub(crate) fn id() -> SandboxId {
    "i94gcaqbpvohfr764s5l".parse().unwrap()
}

pub(crate) fn run() {
    let id = id();
    let keyring = hidden_keyring();
    derives("v1::Keyring::access_token", || keyring.access_token(&id));
    derives("v1::Keyring::traffic_token", || keyring.traffic_token(&id));
    // The tokens of the first, the second and the third seed.
    for (number, seed) in SEEDS.iter().enumerate() {
        let known = Keyring::new(seed).unwrap();
        for (which, access, right) in all(known.access_token(&id).expose_bytes(), TOKEN_LEN, HEX) {
            let name = format!("v1::Keyring::verify_access_token, seed {number}, {which}");
            decides(&name, right, || keyring.verify_access_token(&id, &access).is_ok());
            let access = hidden(&access, TOKEN_LEN);
            decides(&format!("{name}, secret"), right, || keyring.is_valid_access_token(&id, &access));
        }
        for (which, traffic, right) in all(known.traffic_token(&id).expose_bytes(), TOKEN_LEN, HEX) {
            let name = format!("v1::Keyring::verify_traffic_token, seed {number}, {which}");
            decides(&name, right, || keyring.verify_traffic_token(&id, &traffic).is_ok());
            let traffic = hidden(&traffic, TOKEN_LEN);
            decides(&format!("{name}, secret"), right, || keyring.is_valid_traffic_token(&id, &traffic));
        }
    }
    let token = Keyring::new(SEEDS[0]).unwrap().access_token(&id);
    file_urls(token.expose_bytes());
}

fn file_urls(token: &[u8]) {
    let known = FileUrlKey::new(&AccessToken::try_from(token).unwrap()).unwrap();
    let token = hidden(token, SECRET);
    let key = derives("v1::FileUrlKey::new", || FileUrlKey::new(&AccessToken::try_from(&token[..]).unwrap()).unwrap());
    let plain = FileUrl::download(b"/home/user/a b.txt").user(b"user");
    for (expiry, url) in [("no expiry", plain), ("expiry", plain.expires(NOW))] {
        derives(&format!("v1::FileUrlKey::sign, {expiry}"), || key.sign(&url));
        derives(&format!("v1::FileUrl::sign_once, {expiry}"), || url.sign_once(&token).unwrap());
        let mut out = [0; 256];
        publishes(&format!("v1::FileUrlKey::write_url, {expiry}"), || {
            key.write_url_to_bytes(&mut out, "https://a.example", &url).unwrap();
        });
        let signature = known.sign(&url);
        for (which, presented, right) in all(signature.as_bytes(), SIGNED, BASE64) {
            let name = format!("v1::FileUrlKey::verify, {expiry}, {which}");
            decides(&name, right, || key.verify(&url, &presented, NOW).is_ok());
            let presented = hidden(&presented, SIGNED);
            decides(&format!("{name}, secret"), right, || key.verify(&url, &presented, NOW).is_ok());
        }
        let mut text = String::new();
        known.write_url(&mut text, "https://a.example", &url).unwrap();
        let (_, query) = text.split_once('?').unwrap();
        let escaped = |text: &[u8]| String::from_utf8_lossy(text).replace('+', "%2B").replace('/', "%2F");
        let right = escaped(signature.as_bytes());
        assert!(query.contains(&right));
        for (which, presented, is_right) in all(signature.as_bytes(), SIGNED, BASE64) {
            let query = query.replace(&right, &escaped(&presented));
            let name = format!("v1::FileUrlKey::verify_query, {expiry}, {which}");
            decides(&name, is_right, || key.verify_query(Operation::Read, query.as_bytes(), NOW).is_ok());
        }
    }
}
