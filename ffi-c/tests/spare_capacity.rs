//! The spare capacity of a keyring or a controller holds no bytes of secrets that were there before.

use sandgate_capi::sandgate_result::SANDGATE_OK;
use sandgate_capi::*;
use std::collections::HashSet;
use std::mem::MaybeUninit;
use std::ptr::null;

/// The SHA-512 of the empty text: the host allows that the token is cleared.
const OF_NOTHING: &[u8] = b"cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce\
    47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e";

/// The bytes of a live value.
fn bytes<T>(held: &MaybeUninit<T>) -> Vec<u8> {
    let at = held.as_ptr().cast::<MaybeUninit<u8>>();
    // SAFETY: the storage was zeroed before anything was stored, and is read as plain bytes, including padding.
    (0..size_of::<T>()).map(|place| unsafe { at.add(place).read_volatile().assume_init() }).collect()
}

/// The runs of 8 bytes that look like a secret. Numbers, pointers and padding contain a zero; blank capacity repeats a byte.
fn secret_runs(bytes: &[u8]) -> HashSet<[u8; 8]> {
    let runs = bytes.windows(8).filter_map(|run| run.try_into().ok());
    runs.filter(|run: &[u8; 8]| !run.contains(&0) && run.iter().collect::<HashSet<_>>().len() >= 4).collect()
}

/// Fails if anything of `before` is left. Some of it must have been a secret.
fn assert_gone<T>(before: &[u8], now: &MaybeUninit<T>, name: &str) {
    // Behind the marker.
    let (before, now) = (secret_runs(&before[8..]), secret_runs(&bytes(now)[8..]));
    assert!(before.len() >= 200, "{name}: {} runs were secret", before.len());
    let left: Vec<_> = before.intersection(&now).collect();
    assert!(left.is_empty(), "{name}: {} of {} runs are left: {left:x?}", left.len(), before.len());
}

/// Eight tokens of one wire format.
fn tokens(is_v2: bool) -> Vec<String> {
    let id = "abc".parse().unwrap();
    let seed = |number: u8| [&[number], &b"0123456789abcdef0123456789abcdef"[..]].concat();
    let token = |number: u8| {
        if is_v2 {
            let keyring = sandgate::v2::Keyring::new((b'0' + number).try_into().unwrap(), &seed(number)).unwrap();
            return keyring.access_token(&id, 0).expose().to_owned();
        }
        sandgate::v1::Keyring::new(&seed(number)).unwrap().access_token(&id).expose().to_owned()
    };
    (0..8).map(token).collect()
}

/// A controller that requires all of them.
fn full(tokens: &[String]) -> MaybeUninit<sandgate_controller> {
    let mut held = MaybeUninit::zeroed();
    // SAFETY: texts with their lengths, and storage of the right size.
    unsafe {
        assert_eq!(sandgate_controller_init_open(held.as_mut_ptr()), SANDGATE_OK);
        for token in tokens {
            assert_eq!(
                sandgate_controller_add_token(held.as_mut_ptr(), token.as_ptr().cast(), token.len()),
                SANDGATE_OK
            );
        }
    }
    held
}

fn initialize(held: &mut MaybeUninit<sandgate_controller>, body: &str, hash: &[u8]) {
    let mut outcome = sandgate_initialized::SANDGATE_INITIALIZED_KEPT;
    // SAFETY: an initialised controller, and texts with their lengths.
    let result = unsafe {
        let (body, hash) = ((body.as_ptr().cast(), body.len()), (hash.as_ptr().cast(), hash.len()));
        sandgate_controller_initialize(held.as_mut_ptr(), body.0, body.1, hash.0, hash.1, &raw mut outcome)
    };
    assert_eq!(result, SANDGATE_OK, "{body}");
    assert_ne!(outcome, sandgate_initialized::SANDGATE_INITIALIZED_KEPT, "{body}");
}

#[test]
fn controller_that_gets_fewer_tokens_keeps_nothing_of_the_others() {
    for is_v2 in [false, true] {
        let all = tokens(is_v2);
        let mut held = full(&all);
        let before = bytes(&held);
        initialize(&mut held, "{}", OF_NOTHING);
        assert_gone(&before, &held, "cleared");
        initialize(&mut held, r#"{"accessToken":"a short one"}"#, b"");
        assert_gone(&before, &held, "one token");

        // What `init` finds in its storage.
        let mut again = full(&all);
        // SAFETY: a text with its length, and storage of the right size.
        let result = unsafe { sandgate_controller_init(c"another".as_ptr().cast(), 7, null(), again.as_mut_ptr()) };
        assert_eq!(result, SANDGATE_OK);
        assert_gone(&before, &again, "initialised again");
    }
}

#[test]
fn keyring_with_fewer_seeds_keeps_nothing_of_the_others() {
    let seed = |number: u8| [&[number], &b"0123456789abcdef0123456789abcdef"[..]].concat();
    let kid = |number: u8| std::ffi::c_char::try_from(b'0' + number).unwrap();
    let mut v1 = MaybeUninit::<sandgate_v1_keyring>::zeroed();
    let mut v2 = MaybeUninit::<sandgate_v2_keyring>::zeroed();
    // SAFETY: seeds with their lengths, and storage of the right size.
    unsafe {
        let first = seed(0);
        assert_eq!(sandgate_v1_keyring_init(first.as_ptr().cast(), first.len(), v1.as_mut_ptr()), SANDGATE_OK);
        assert_eq!(sandgate_v2_keyring_init(kid(0), first.as_ptr().cast(), first.len(), v2.as_mut_ptr()), SANDGATE_OK);
        for number in 1..8 {
            let more = seed(number);
            assert_eq!(sandgate_v1_keyring_add(v1.as_mut_ptr(), more.as_ptr().cast(), more.len()), SANDGATE_OK);
            assert_eq!(
                sandgate_v2_keyring_add(v2.as_mut_ptr(), kid(number), more.as_ptr().cast(), more.len()),
                SANDGATE_OK
            );
        }
        let (v1_before, v2_before) = (bytes(&v1), bytes(&v2));
        let new = seed(9);
        assert_eq!(sandgate_v1_keyring_init(new.as_ptr().cast(), new.len(), v1.as_mut_ptr()), SANDGATE_OK);
        assert_eq!(sandgate_v2_keyring_init(kid(9), new.as_ptr().cast(), new.len(), v2.as_mut_ptr()), SANDGATE_OK);
        assert_gone(&v1_before, &v1, "v1 keyring");
        assert_gone(&v2_before, &v2, "v2 keyring");
    }
}

/// A refused seed or token is not stored in the spare capacity.
#[test]
fn refused_secret_leaves_the_spare_capacity_as_it_was() {
    let all = tokens(false);
    let mut held = full(&all[..2]);
    let before = bytes(&held);
    // Of another wire format, and too long.
    for refused in [&tokens(true)[0], &"x".repeat(300)] {
        // SAFETY: an initialised controller, and a text with its length.
        let result =
            unsafe { sandgate_controller_add_token(held.as_mut_ptr(), refused.as_ptr().cast(), refused.len()) };
        assert_ne!(result, SANDGATE_OK);
        assert_eq!(bytes(&held), before);
    }
}
