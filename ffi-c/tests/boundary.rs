//! The C boundary, used as by a hostile or careless C program.

use sandgate::{Code, Denied, Gate};
use sandgate_capi::sandgate_result::*;
use sandgate_capi::*;
use std::ffi::CStr;
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};

/// The size of a controller.
const WORDS: usize = size_of::<sandgate_controller>() / size_of::<u64>();

fn controller(token: &[u8]) -> (sandgate_result, Box<sandgate_controller>) {
    let mut controller = Box::new(sandgate_controller { _opaque: [0; WORDS] });
    // SAFETY: storage of the right size, and a token with its length.
    let result = unsafe { sandgate_controller_init(token.as_ptr().cast(), token.len(), null(), &mut *controller) };
    (result, controller)
}

fn header(value: &[u8], count: u32) -> sandgate_header {
    let value_at = if count == 0 { null() } else { value.as_ptr() };
    sandgate_header { value: value_at.cast(), value_len: value.len(), count }
}

fn request(method: &[u8], target: &[u8], access_token: sandgate_header) -> sandgate_request {
    sandgate_request {
        struct_size: size_of::<sandgate_request>(),
        method: method.as_ptr().cast(),
        method_len: method.len(),
        target: target.as_ptr().cast(),
        target_len: target.len(),
        access_token,
        traffic_token: header(b"", 0),
        cookies: null(),
        cookie_count: 0,
        context: null(),
        context_len: 0,
    }
}

fn allowed() -> sandgate_allowed {
    let text = sandgate_text { raw: null(), raw_len: 0, len: 0 };
    let struct_size = size_of::<sandgate_allowed>();
    sandgate_allowed {
        struct_size,
        basis: 0,
        operation: 0,
        path: text,
        user: text,
        expires: 0,
        has_expires: 0,
        has_user: 0,
        directory: text,
        has_directory: 0,
        max_bytes: 0,
        has_max_bytes: 0,
        content_sha256: [0; 32],
        has_content_sha256: 0,
    }
}

fn check(controller: &sandgate_controller, request: &sandgate_request) -> (sandgate_result, sandgate_allowed) {
    let mut out = allowed();
    // SAFETY: all three are valid.
    let result = unsafe { sandgate_controller_check(controller, request, 1_800_000_000, &mut out) };
    (result, out)
}

fn decode(text: &sandgate_text) -> Vec<u8> {
    let mut out = vec![0; text.len];
    let mut len = 0;
    // SAFETY: a text of the library, and a buffer with its size.
    assert_eq!(unsafe { sandgate_text_decode(text, out.as_mut_ptr().cast(), out.len(), &mut len) }, SANDGATE_OK);
    assert_eq!(len, out.len());
    out
}

#[test]
fn a_request_is_decided_from_bytes_to_grant() {
    let (result, controller) = controller(b"tok");
    assert_eq!(result, SANDGATE_OK);
    // The signature is from the vectors.
    let target = b"/files?path=%2Fa.txt&username=user&signature=v1_gMNqi6kqR6ecvPryJoAUDkADvoej9X7wPINcb84xvNw&signature_expiration=4102444800";
    let (result, out) = check(&controller, &request(b"GET", target, header(b"", 0)));
    assert_eq!((result, out.basis, out.operation), (SANDGATE_OK, SANDGATE_ALLOWED_SIGNATURE, SANDGATE_OPERATION_READ));
    assert_eq!((decode(&out.path), decode(&out.user)), (b"/a.txt".to_vec(), b"user".to_vec()));
    assert_eq!((out.has_expires, out.expires, out.has_user), (1, 4_102_444_800, 1));
    assert_eq!((out.has_directory, out.has_max_bytes, out.has_content_sha256), (0, 0, 0));

    let (result, out) = check(&controller, &request(b"GET", b"/metrics", header(b"tok", 1)));
    assert_eq!((result, out.basis, out.operation), (SANDGATE_OK, SANDGATE_ALLOWED_TOKEN, 0));
    assert_eq!(check(&controller, &request(b"GET", b"/metrics", header(b"tok", 2))).0, SANDGATE_ROUTE_MALFORMED);
    assert_eq!(check(&controller, &request(b"GET", b"/metrics", header(b"", 0))).0, SANDGATE_ROUTE_MISSING);
    assert_eq!(check(&controller, &request(b"GET", target, header(b"x", 1))).0, SANDGATE_FILE_TOKEN_INVALID);
    assert_eq!(check(&controller, &request(b"GET", b"/health", header(b"", 0))).1.basis, SANDGATE_ALLOWED_EXEMPT);
}

#[test]
fn a_path_is_matched_as_by_the_rule() {
    let is = |target: &[u8], path: &[u8]| {
        let request = request(b"GET", target, header(b"", 0));
        // SAFETY: a request, and a path with its length.
        unsafe { sandgate_request_path_is(&request, path.as_ptr().cast(), path.len()) }
    };
    assert!(is(b"/health?x", b"/health") && is(b"", b"") && is(b"/%zz", b"/%zz"));
    assert!(!is(b"/%68ealth", b"/health") && !is(b"/health/", b"/health"));
    // SAFETY: NULL is refused.
    unsafe {
        assert!(!sandgate_request_path_is(null(), null(), 0));
        assert!(!sandgate_request_path_is(&request(b"GET", b"/", header(b"", 0)), null(), 1));
    }
}

#[test]
fn only_an_initialised_controller_decides() {
    let get = request(b"GET", b"/metrics", header(b"", 0));
    let zeroed = sandgate_controller { _opaque: [0; WORDS] };
    assert_eq!(check(&zeroed, &get).0, SANDGATE_NOT_INITIALIZED);

    let (_, mut held) = controller(b"tok");
    let moved = sandgate_controller { _opaque: held._opaque };
    assert_eq!(check(&moved, &get).0, SANDGATE_ROUTE_MISSING);

    // SAFETY: an initialised controller; then a wiped one; then NULL.
    unsafe {
        sandgate_controller_wipe(&mut *held);
        assert_eq!(held._opaque, [0; WORDS]);
        assert_eq!(sandgate_controller_add_token(&mut *held, b"x".as_ptr().cast(), 1), SANDGATE_NOT_INITIALIZED);
        sandgate_controller_wipe(null_mut());
    }
    assert_eq!(check(&held, &get).0, SANDGATE_NOT_INITIALIZED);
}

#[test]
fn an_open_controller_requires_a_token_once_one_is_added() {
    let mut storage = MaybeUninit::<sandgate_controller>::uninit();
    // SAFETY: writable storage, read only after it was initialised.
    unsafe {
        assert_eq!(sandgate_controller_init_open(storage.as_mut_ptr()), SANDGATE_OK);
        let get = request(b"GET", b"/metrics", header(b"", 0));
        assert_eq!(check(storage.assume_init_ref(), &get).1.basis, SANDGATE_ALLOWED_OPEN);
        assert!(sandgate_controller_is_open(storage.as_ptr()) && !sandgate_controller_is_open(null()));
        for _ in 0..8 {
            assert_eq!(sandgate_controller_add_token(storage.as_mut_ptr(), b"tok".as_ptr().cast(), 3), SANDGATE_OK);
        }
        assert_eq!(
            sandgate_controller_add_token(storage.as_mut_ptr(), b"tok".as_ptr().cast(), 3),
            SANDGATE_TOO_MANY_TOKENS
        );
        assert_eq!(check(storage.assume_init_ref(), &get).0, SANDGATE_ROUTE_MISSING);
        assert!(!sandgate_controller_is_open(storage.as_ptr()));
        sandgate_controller_wipe(storage.as_mut_ptr());
        assert!(!sandgate_controller_is_open(storage.as_ptr()));
    }
}

#[test]
fn invalid_tokens_are_wrong_use() {
    for wrong in [&b""[..], b"\xff", &[b'a'; 257]] {
        assert_eq!(controller(wrong).0, SANDGATE_BAD_TOKEN);
    }
    assert_eq!(controller(b"sg2a.0.x").0, SANDGATE_TOKEN_SHAPE);
    let mut storage = sandgate_controller { _opaque: [7; WORDS] };
    // SAFETY: NULL and absurd lengths are refused before they are read.
    unsafe {
        assert_eq!(sandgate_controller_init(null(), 1, null(), &mut storage), SANDGATE_NULL_POINTER);
        assert_eq!(
            sandgate_controller_init(b"x".as_ptr().cast(), usize::MAX, null(), &mut storage),
            SANDGATE_NULL_POINTER
        );
        assert_eq!(sandgate_controller_init(null(), 0, null(), &mut storage), SANDGATE_BAD_TOKEN);
        assert_eq!(sandgate_controller_init(b"x".as_ptr().cast(), 1, null(), null_mut()), SANDGATE_NULL_POINTER);
        assert_eq!(sandgate_controller_init_open(null_mut()), SANDGATE_NULL_POINTER);
    }
    assert_eq!(storage._opaque, [7; WORDS], "outputs are written only on success");
}

#[test]
fn invalid_requests_are_wrong_use() {
    let (_, controller) = controller(b"tok");
    let good = || request(b"GET", b"/metrics", header(b"tok", 1));
    let mut out = allowed();
    let run = |request: *const sandgate_request, out: *mut sandgate_allowed| {
        // SAFETY: NULL, or what it says.
        unsafe { sandgate_controller_check(&*controller, request, 0, out) }
    };
    assert_eq!(run(null(), &mut out), SANDGATE_NULL_POINTER);
    assert_eq!(run(&good(), null_mut()), SANDGATE_NULL_POINTER);
    for size in [0, 1, size_of::<sandgate_request>() - 1, size_of::<sandgate_request>() + 8, usize::MAX] {
        assert_eq!(run(&sandgate_request { struct_size: size, ..good() }, &mut out), SANDGATE_STRUCT_SIZE);
    }
    assert_eq!(run(&good(), &mut sandgate_allowed { struct_size: 8, ..allowed() }), SANDGATE_STRUCT_SIZE);
    assert_eq!(run(&sandgate_request { method: null(), ..good() }, &mut out), SANDGATE_NULL_POINTER);
    assert_eq!(run(&sandgate_request { target_len: usize::MAX, ..good() }, &mut out), SANDGATE_NULL_POINTER);
    let null_value = sandgate_header { value: null(), value_len: 1, count: 1 };
    assert_eq!(run(&sandgate_request { access_token: null_value, ..good() }, &mut out), SANDGATE_NULL_POINTER);
    for forgotten in [sandgate_header { value: b"x".as_ptr().cast(), value_len: 0, count: 0 }, header(b"x", 0)] {
        assert_eq!(run(&sandgate_request { access_token: forgotten, ..good() }, &mut out), SANDGATE_BAD_HEADER);
        assert_eq!(run(&sandgate_request { traffic_token: forgotten, ..good() }, &mut out), SANDGATE_BAD_HEADER);
    }
    assert_eq!(out.basis, 0, "outputs are written only on success");
    assert_eq!(run(&good(), &mut out), SANDGATE_OK);
    // SAFETY: NULL is refused.
    let nobody = unsafe { sandgate_controller_check(null(), &good(), 0, &mut out) };
    assert_eq!(nobody, SANDGATE_NULL_POINTER);
}

#[test]
fn a_short_buffer_gets_the_needed_size() {
    let raw = b"a%20b";
    let text = sandgate_text { raw: raw.as_ptr().cast(), raw_len: raw.len(), len: 3 };
    let (mut out, mut len) = ([b'.'; 4], 0);
    // SAFETY: buffers with their sizes, or NULL.
    unsafe {
        assert_eq!(sandgate_text_decode(&text, null_mut(), 0, &mut len), SANDGATE_BUFFER_TOO_SMALL);
        assert_eq!(len, 3);
        assert_eq!(sandgate_text_decode(&text, out.as_mut_ptr().cast(), 2, &mut len), SANDGATE_BUFFER_TOO_SMALL);
        assert_eq!((len, out), (3, *b"...."));
        assert_eq!(sandgate_text_decode(&text, out.as_mut_ptr().cast(), 3, &mut len), SANDGATE_OK);
        assert_eq!((len, out), (3, *b"a b."));
        assert_eq!(sandgate_text_decode(&text, null_mut(), 3, &mut len), SANDGATE_NULL_POINTER);
        assert_eq!(sandgate_text_decode(&text, out.as_mut_ptr().cast(), 3, null_mut()), SANDGATE_NULL_POINTER);
        assert_eq!(sandgate_text_decode(null(), out.as_mut_ptr().cast(), 3, &mut len), SANDGATE_NULL_POINTER);
        let bad = sandgate_text { raw: b"%z".as_ptr().cast(), raw_len: 2, len: 1 };
        let equal =
            |text: *const sandgate_text, other: &[u8]| sandgate_text_equal(text, other.as_ptr().cast(), other.len());
        assert!(equal(&text, b"a b") && !equal(&text, b"a%20b") && !equal(&text, b"") && !equal(&bad, b"%z"));
        assert!(!equal(null(), b"") && !sandgate_text_equal(&text, null(), 3));
        assert_eq!(sandgate_text_decode(&bad, out.as_mut_ptr().cast(), 3, &mut len), SANDGATE_BAD_ESCAPE);
        // SAFETY: as above.
        let mut json = [0_u8; 64];
        let refused = SANDGATE_FILE_SIGNATURE_INVALID as i32;
        assert_eq!(sandgate_refusal_json(refused, json.as_mut_ptr().cast(), 3, &mut len), SANDGATE_BUFFER_TOO_SMALL);
        assert_eq!(sandgate_refusal_json(refused, json.as_mut_ptr().cast(), 64, &mut len), SANDGATE_OK);
        assert_eq!(&json[..len], br#"{"code":401,"message":"invalid signature"}"#);
        for other in [0, 4, 99, 100, -1, i32::MAX] {
            assert_eq!(sandgate_refusal_json(other, null_mut(), 0, &mut len), SANDGATE_NOT_A_REFUSAL);
        }
    }
}

#[test]
fn every_refusal_has_a_distinct_number() {
    // 7 is creation, which is no gate; 0 is what is left for webhooks.
    let tens = [1, 2, 3, 4, 5, 6, 8, 9, 0];
    let mut named = 0;
    for (tens, gate) in tens.into_iter().zip(Gate::ALL) {
        for (ones, code) in (1..).zip(Code::ALL) {
            let denied = Denied::new(gate, code);
            let number = sandgate_result::from(denied);
            if number == SANDGATE_MISUSE {
                continue;
            }
            named += 1;
            assert_eq!(number as i32, tens * 10 + ones);
            assert_eq!(sandgate_result_status(number as i32), denied.status());
            assert_eq!(message(number as i32), denied.message());
            // SAFETY: static texts NUL-terminated.
            let (named_gate, named_code) = unsafe {
                let text = |text| CStr::from_ptr(text).to_str().unwrap();
                (text(sandgate_result_gate(number as i32)), text(sandgate_result_code(number as i32)))
            };
            assert_eq!((named_gate, named_code), (gate.as_str(), code.as_str()));
        }
    }
    assert_eq!(named, 35);
    for other in [0, 4, 71, 100, -1] {
        assert!(sandgate_result_gate(other).is_null() && sandgate_result_code(other).is_null());
    }
    assert_eq!(sandgate_result_status(0), 0);
    assert_eq!(sandgate_result_status(115), 0);
}

fn message(result: i32) -> String {
    // SAFETY: static NUL-terminated text.
    unsafe { CStr::from_ptr(sandgate_result_message(result)) }.to_str().unwrap().to_owned()
}

const UNKNOWN: &str = "the result must be one that this version of the library returns";

#[test]
fn every_number_has_a_message() {
    let named = (100..=106)
        .chain(110..=132)
        .chain(140..=147)
        .chain(150..=151)
        .chain(71..=73)
        .chain([199])
        .map(message)
        .collect::<std::collections::HashSet<_>>();
    assert_eq!(named.len(), 44, "{named:?}");
    assert!(!named.contains(UNKNOWN) && !named.contains("success"));
    assert_eq!(message(0), "success");
    assert_eq!(message(115), "a token must be 1 to 256 bytes of UTF-8");
    assert_eq!(message(103), "out: must have room for the number of bytes that was written to out_len");
    for unknown in [4, 57, 99, 198, -1, i32::MIN, i32::MAX] {
        assert_eq!(message(unknown), UNKNOWN);
    }
    // SAFETY: static NUL-terminated text.
    assert_eq!(unsafe { CStr::from_ptr(sandgate_version()) }.to_str(), Ok(env!("CARGO_PKG_VERSION")));
}

/// cbindgen cannot generate text constants, so its configuration has them.
#[test]
fn the_header_has_cores_carrier_names() {
    let header = include_str!("../include/sandgate.h");
    for (name, text) in [
        ("HEADER", sandgate::headers::TRAFFIC_HEADER),
        ("PARAMETER", sandgate::forward::TRAFFIC_PARAMETER),
        ("COOKIE", sandgate::forward::TRAFFIC_COOKIE),
    ] {
        assert!(header.lines().any(|line| line == format!("#define SANDGATE_TRAFFIC_{name} \"{text}\"")), "{name}");
    }
}

#[test]
fn secrets_are_compared_and_fingerprinted_by_core() {
    let equal = |a: &[u8], b: &[u8]| {
        // SAFETY: pointers with their lengths.
        unsafe { sandgate_equal(a.as_ptr().cast(), a.len(), b.as_ptr().cast(), b.len()) }
    };
    assert!(equal(b"token", b"token") && equal(b"", b"") && !equal(b"token", b"tokem") && !equal(b"a", b""));
    let mut out = [b'x' as std::ffi::c_char; 10];
    // SAFETY: NULL with a length is refused; the output has more than 9 bytes.
    unsafe {
        assert!(!sandgate_equal(null(), 1, b"a".as_ptr().cast(), 1) && sandgate_equal(null(), 0, null(), 0));
        assert_eq!(sandgate_fingerprint(b"abc".as_ptr().cast(), 3, out.as_mut_ptr()), SANDGATE_OK);
        assert_eq!(CStr::from_ptr(out.as_ptr()).to_str(), Ok("ba7816bf"));
        assert_eq!(sandgate_fingerprint(null(), 3, out.as_mut_ptr()), SANDGATE_NULL_POINTER);
        assert_eq!(sandgate_fingerprint(b"abc".as_ptr().cast(), 3, null_mut()), SANDGATE_NULL_POINTER);
    }
    assert_eq!(out[9], b'x' as std::ffi::c_char);
}
