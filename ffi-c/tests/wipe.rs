//! Dropped and wiped values leave no secret in their memory. The test is here because reading dropped memory requires
//! unsafe code, which core forbids.

use sandgate::v1::{FileUrl, FileUrlKey, Keyring};
use sandgate::{AccessToken, Controller, Edge, Policy, TrafficToken, v2, webhook};
use sandgate_capi::*;
use std::mem::MaybeUninit;
use std::ptr::null;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// Returns the memory of a value after it was dropped.
fn after_drop<T>(value: T) -> Vec<u8> {
    let mut place = Box::new(MaybeUninit::new(value));
    // SAFETY: the value is dropped once. Its storage stays allocated and is read as plain bytes, including padding. Nothing
    // zeroed the allocation, so the test asserts only that the secret is absent.
    unsafe {
        place.assume_init_drop();
        let bytes = place.as_ptr().cast::<MaybeUninit<u8>>();
        (0..size_of::<T>()).map(|at| bytes.add(at).read_volatile().assume_init()).collect()
    }
}

fn contains(bytes: &[u8], secret: &[u8]) -> bool {
    bytes.windows(secret.len()).any(|window| window == secret)
}

#[test]
fn tokens_and_keys_are_wiped_when_dropped() {
    let token = || AccessToken::try_from(SECRET).unwrap();
    let wiped = [
        ("access token", after_drop(token())),
        ("traffic token", after_drop(TrafficToken::try_from(SECRET).unwrap())),
        ("file URL key", after_drop(FileUrlKey::new(&token()).unwrap())),
        ("controller", after_drop(Controller::new(&[token()], Policy::default()).unwrap())),
    ];
    for (name, bytes) in wiped {
        assert!(!contains(&bytes, &SECRET.as_bytes()[..8]), "{name}");
    }
    let signature = FileUrlKey::new(&token()).unwrap().sign(&FileUrl::download(b"/a"));
    let text = signature.as_str().as_bytes()[3..11].to_vec();
    assert!(!contains(&after_drop(signature), &text));
}

/// A keyring holds states of 64 bytes, not the secret. Key ids, numbers and padding between them may stay.
fn assert_states_are_wiped<T>(name: &str, value: T, states: usize) {
    // SAFETY: a live value; its padding may have any content.
    let live = unsafe { std::slice::from_raw_parts((&raw const value).cast::<u8>(), size_of::<T>()) }.to_vec();
    let dropped = after_drop(value);
    let wiped = live.iter().zip(&dropped).filter(|(live, dropped)| **live != 0 && **dropped == 0).count();
    assert!(wiped >= states * 60, "{name}: {wiped} bytes were wiped");
    assert!(!dropped.windows(16).any(|left| left.iter().all(|byte| *byte != 0)), "{name}: {dropped:x?}");
}

/// Eight seeds each.
fn keyrings() -> (Keyring, v2::Keyring) {
    let seed = |number: u8| [&[number], SECRET.as_bytes()].concat();
    let mut keyrings = (Keyring::new(&seed(0)).unwrap(), v2::Keyring::new('0'.try_into().unwrap(), &seed(0)).unwrap());
    for number in 1..8 {
        keyrings.0.add(&seed(number)).unwrap();
        keyrings.1.add((b'0' + number).try_into().unwrap(), &seed(number)).unwrap();
    }
    keyrings
}

#[test]
fn keyrings_and_their_owners_are_wiped_when_dropped() {
    let (v1, v2) = keyrings();
    let edge = Edge::new(Policy::default()).v1_keyring(v1.clone()).v2_keyring(v2.traffic().clone());
    assert_states_are_wiped("edge", edge, 16);
    assert_states_are_wiped("v1 keyring", v1, 8);
    assert_states_are_wiped("traffic keyring", v2.traffic().clone(), 8);
    assert_states_are_wiped("v2 keyring", v2, 16);
}

#[test]
fn keys_of_v2_tokens_are_wiped_when_dropped() {
    let (id, port, end) = ("abc".parse().unwrap(), 8080.try_into().unwrap(), 1_800_000_000.into());
    let access = |kid: char| {
        let keyring = v2::Keyring::new(kid.try_into().unwrap(), format!("{kid}{SECRET}").as_bytes()).unwrap();
        (keyring.access_token(&id, 0), keyring.traffic_token(&id, 0))
    };
    let tokens: Vec<AccessToken> = ('a'..'i').map(|kid| access(kid).0).collect();
    let (file_url, traffic) = (v2::FileUrlKey::new(&tokens[0]).unwrap(), v2::TrafficKey::new(&access('a').1).unwrap());
    let root = v2::TrafficRoot::derive('a'.try_into().unwrap(), SECRET.as_bytes()).unwrap();
    let made = [
        ("root", root.expose().to_owned(), after_drop(root.clone())),
        {
            let signature = file_url.sign(&v2::FileUrl::download(b"/a", end)).unwrap();
            ("signature", signature.as_str().to_owned(), after_drop(signature))
        },
        {
            let pass = traffic.issue_pass(port, end, None).unwrap();
            ("pass", pass.as_str().to_owned(), after_drop(pass))
        },
        {
            let host = traffic.issue_signed_host(&id, port, end).unwrap();
            ("signed host", host.as_str().to_owned(), after_drop(host))
        },
    ];
    for (name, text, dropped) in made {
        assert!(text.as_bytes().chunks_exact(8).all(|part| !contains(&dropped, part)), "{name}");
    }
    assert_states_are_wiped("controller", Controller::new(&tokens, Policy::V2_ALONE).unwrap(), 8);
    assert_states_are_wiped("file URL key", file_url, 1);
    assert_states_are_wiped("traffic key", traffic, 2);
}

/// The states of a hash after a secret are as good as the secret, and so are the 43 presented characters.
#[test]
fn webhooks_are_wiped_when_dropped() {
    let secret = |number: u8| [&[number], SECRET.as_bytes()].concat();
    let mut verifier = webhook::Verifier::new(&secret(0)).unwrap();
    (1..8).for_each(|number| verifier.add(&secret(number)).unwrap());
    let signature = webhook::sign(&secret(0), b"body").unwrap();
    let headers = webhook::Headers { signature: Some(signature.as_bytes()).into(), ..webhook::Headers::default() };
    let verification = verifier.start(&headers).unwrap();
    assert!(verification.finish().is_err());
    for dropped in [after_drop(verifier), after_drop(verification)] {
        assert!(!contains(&dropped, &SECRET.as_bytes()[..8]));
        assert!(!contains(&dropped, &signature.as_bytes()[..8]));
        assert!(!dropped.windows(16).any(|left| left.iter().all(|byte| *byte != 0)), "{dropped:x?}");
    }
}

#[test]
fn a_wiped_struct_is_all_zeros() {
    macro_rules! check {
        ($kind:ty, $wipe:ident, $init:expr) => {
            let mut held = MaybeUninit::<$kind>::zeroed();
            {
                let init: &dyn Fn(*mut $kind) -> sandgate_result = &$init;
                assert_eq!(init(held.as_mut_ptr()), sandgate_result::SANDGATE_OK);
                assert!(held.assume_init_ref()._opaque.iter().any(|word| *word != 0));
                $wipe(held.as_mut_ptr());
                assert!(held.assume_init_ref()._opaque.iter().all(|word| *word == 0));
            }
        };
    }
    let (secret, len) = (SECRET.as_ptr(), SECRET.len());
    let keyring = v2::Keyring::new('a'.try_into().unwrap(), SECRET.as_bytes()).unwrap();
    let (access, traffic) =
        (keyring.access_token(&"abc".parse().unwrap(), 0), keyring.traffic_token(&"abc".parse().unwrap(), 0));
    let root = v2::TrafficRoot::derive('a'.try_into().unwrap(), SECRET.as_bytes()).unwrap();
    let kid = b'a' as std::ffi::c_char;
    // SAFETY: of all: texts with their lengths, and storage of the right size.
    unsafe {
        check!(sandgate_v1_file_url_key, sandgate_v1_file_url_key_wipe, |out| sandgate_v1_file_url_key_init(
            secret.cast(),
            len,
            out
        ));
        check!(sandgate_v1_keyring, sandgate_v1_keyring_wipe, |out| sandgate_v1_keyring_init(secret.cast(), len, out));
        check!(sandgate_controller, sandgate_controller_wipe, |out| sandgate_controller_init(
            secret.cast(),
            len,
            null(),
            out
        ));
        check!(sandgate_edge, sandgate_edge_wipe, |out| sandgate_edge_init(null(), out));
        check!(sandgate_v2_keyring, sandgate_v2_keyring_wipe, |out| sandgate_v2_keyring_init(
            kid,
            secret.cast(),
            len,
            out
        ));
        check!(sandgate_v2_traffic_keyring, sandgate_v2_traffic_keyring_wipe, |out| {
            sandgate_v2_traffic_keyring_init(root.expose().as_ptr().cast(), 50, out)
        });
        check!(sandgate_v2_file_url_key, sandgate_v2_file_url_key_wipe, |out| {
            sandgate_v2_file_url_key_init(access.expose().as_ptr().cast(), 50, out)
        });
        check!(sandgate_webhook_verifier, sandgate_webhook_verifier_wipe, |out| sandgate_webhook_verifier_init(
            secret.cast(),
            len,
            out
        ));
        check!(sandgate_v2_traffic_key, sandgate_v2_traffic_key_wipe, |out| {
            sandgate_v2_traffic_key_init(traffic.expose().as_ptr().cast(), 50, out)
        });
    }
}
