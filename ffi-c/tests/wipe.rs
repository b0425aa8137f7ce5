//! What is dropped or wiped leaves no secret where it was. Here, since looking at what was dropped takes unsafe code,
//! which core has none of.

use sandgate::v1::{FileUrl, FileUrlKey, Keyring};
use sandgate::{AccessToken, Controller, TrafficToken};
use sandgate_capi::*;
use std::mem::MaybeUninit;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// The bytes at which a value was, after it was dropped there.
fn after_drop<T>(value: T) -> Vec<u8> {
    let mut place = Box::new(MaybeUninit::new(value));
    // SAFETY: the value is dropped once; its storage stays, and is read as plain bytes, which may be padding: the
    // allocation was zeroed by nobody, so only the absence of the secret is asserted.
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
        ("controller", after_drop(Controller::new(&[token()]).unwrap())),
    ];
    for (name, bytes) in wiped {
        assert!(!contains(&bytes, &SECRET.as_bytes()[..8]), "{name}");
    }
    let signature = FileUrlKey::new(&token()).unwrap().sign(&FileUrl::read(b"/a"));
    let text = signature.as_str().as_bytes()[3..11].to_vec();
    assert!(!contains(&after_drop(signature), &text));
}

#[test]
fn a_keyring_is_wiped_when_dropped() {
    // What it holds are states, not the seed: they are looked for as they stand in a live one.
    let keyring = Keyring::new(SECRET.as_bytes()).unwrap();
    // SAFETY: a live value of plain words; only its first 64 bytes are read, which are the states of its first key.
    let states =
        unsafe { std::slice::from_raw_parts((&raw const keyring).cast::<u8>(), size_of::<Keyring>()) }.to_vec();
    let words: Vec<&[u8]> =
        states.chunks(8).filter(|word| word.iter().filter(|byte| **byte != 0).count() >= 6).collect();
    assert!(words.len() >= 8, "the states were not found");
    let dropped = after_drop(keyring);
    for word in words {
        assert!(!contains(&dropped, word));
    }
}

#[test]
fn a_wiped_struct_is_all_zeros() {
    // SAFETY: storage of the right sizes, initialised before it is used.
    unsafe {
        let mut key = MaybeUninit::<sandgate_v1_file_url_key>::zeroed();
        let mut keyring = MaybeUninit::<sandgate_v1_keyring>::zeroed();
        let (secret, len) = (SECRET.as_ptr(), SECRET.len());
        assert_eq!(sandgate_v1_file_url_key_init(secret, len, key.as_mut_ptr()), sandgate_result::SANDGATE_OK);
        assert_eq!(sandgate_v1_keyring_init(secret, len, keyring.as_mut_ptr()), sandgate_result::SANDGATE_OK);
        assert!(key.assume_init_ref()._opaque.iter().any(|word| *word != 0));
        sandgate_v1_file_url_key_wipe(key.as_mut_ptr());
        sandgate_v1_keyring_wipe(keyring.as_mut_ptr());
        assert!(key.assume_init_ref()._opaque.iter().all(|word| *word == 0));
        assert!(keyring.assume_init_ref()._opaque.iter().all(|word| *word == 0));
    }
}
