//! A request that a C server passes line by line, through the C boundary.

use sandgate::{forward, headers};
use sandgate_capi::sandgate_result::*;
use sandgate_capi::*;
use std::ffi::CStr;
use std::mem::MaybeUninit;
use std::ptr::null;

const NOW: i64 = 1_800_000_000;

fn line(name: &[u8], value: &[u8]) -> sandgate_header_line {
    sandgate_header_line {
        name: name.as_ptr().cast(),
        name_len: name.len(),
        value: value.as_ptr().cast(),
        value_len: value.len(),
    }
}

fn head(method: &[u8], target: &[u8], lines: &[sandgate_header_line]) -> sandgate_head {
    sandgate_head {
        struct_size: size_of::<sandgate_head>(),
        method: method.as_ptr().cast(),
        method_len: method.len(),
        target: target.as_ptr().cast(),
        target_len: target.len(),
        lines: lines.as_ptr(),
        line_count: lines.len(),
        context: null(),
        context_len: 0,
        is_joined: 0,
        has_body: 0,
    }
}

/// The answer of a controller that requires `right`, and why it allows.
fn guard(head: &sandgate_head) -> (sandgate_result, u32) {
    let (mut controller, mut allowed) = (MaybeUninit::uninit(), MaybeUninit::<sandgate_allowed>::zeroed());
    // SAFETY: writable storage, a token with its length; zeros are such a struct, whose size is set; a head.
    unsafe {
        assert_eq!(sandgate_controller_init(b"right".as_ptr().cast(), 5, null(), controller.as_mut_ptr()), SANDGATE_OK);
        (*allowed.as_mut_ptr()).struct_size = size_of::<sandgate_allowed>();
        let result = sandgate_controller_guard(controller.as_ptr(), head, NOW, allowed.as_mut_ptr());
        (result, allowed.assume_init().basis)
    }
}

#[test]
fn every_line_is_read_in_place() {
    let mut lines = vec![line(b"accept", b"*/*"); 1000];
    lines.push(line(b"X-Access-Token", b"right"));
    assert_eq!(guard(&head(b"GET", b"/metrics", &lines)), (SANDGATE_OK, SANDGATE_ALLOWED_TOKEN));
    lines.push(line(b"x-access-token", b""));
    assert_eq!(guard(&head(b"GET", b"/metrics", &lines)), (SANDGATE_ROUTE_MALFORMED, 0));
    assert_eq!(guard(&head(b"GET", b"/metrics", &[])), (SANDGATE_ROUTE_MISSING, 0));
}

#[test]
fn flags_and_context_reach_the_rule() {
    let preflight = [line(b"Origin", b"https://a"), line(b"access-control-request-method", b"PUT")];
    let asked = head(b"OPTIONS", b"/", &preflight);
    assert_eq!(guard(&asked), (SANDGATE_OK, SANDGATE_ALLOWED_PREFLIGHT));
    assert_eq!(guard(&sandgate_head { has_body: 1, ..asked }), (SANDGATE_ROUTE_MISSING, 0));

    let joined = [line(b"x-access-token", b"right,right")];
    let asked = head(b"GET", b"/", &joined);
    assert_eq!(guard(&asked), (SANDGATE_ROUTE_INVALID, 0));
    assert_eq!(guard(&sandgate_head { is_joined: 1, ..asked }), (SANDGATE_ROUTE_MALFORMED, 0));

    let long = [b'x'; 256];
    let asked = head(b"GET", b"/health", &[]);
    for (len, expected) in
        [(0, SANDGATE_BAD_CONTEXT), (1, SANDGATE_OK), (255, SANDGATE_OK), (256, SANDGATE_BAD_CONTEXT)]
    {
        assert_eq!(
            guard(&sandgate_head { context: long.as_ptr().cast(), context_len: len, ..asked }).0,
            expected,
            "{len}"
        );
    }
}

#[test]
fn invalid_lines_are_wrong_use() {
    let good = line(b"a", b"b");
    for bad in [
        sandgate_header_line { name: null(), ..good },
        sandgate_header_line { value: null(), ..good },
        sandgate_header_line { name: null(), name_len: 0, ..good },
        sandgate_header_line { value: null(), value_len: 0, ..good },
        sandgate_header_line { name_len: usize::MAX, ..good },
        sandgate_header_line { value_len: usize::MAX / 2 + 1, ..good },
    ] {
        assert_eq!(guard(&head(b"GET", b"/health", &[good, bad])).0, SANDGATE_NULL_POINTER);
    }
    let lines = [good];
    for count in [usize::MAX, isize::MAX as usize, isize::MAX as usize / 32 + 1] {
        assert_eq!(
            guard(&sandgate_head { line_count: count, ..head(b"GET", b"/health", &lines) }).0,
            SANDGATE_NULL_POINTER
        );
    }
    let without = sandgate_head { lines: null(), ..head(b"GET", b"/health", &lines) };
    assert_eq!(guard(&without).0, SANDGATE_NULL_POINTER);
    assert_eq!(guard(&sandgate_head { line_count: 0, ..without }), (SANDGATE_OK, SANDGATE_ALLOWED_EXEMPT));
}

#[test]
fn the_lists_equal_those_of_core() {
    let names = |list: extern "C" fn(usize) -> *const std::ffi::c_char| -> Vec<&'static str> {
        let texts = (0..).map(|index| list(index)).take_while(|text| !text.is_null());
        // SAFETY: static texts NUL-terminated.
        texts.map(|text| unsafe { CStr::from_ptr(text) }.to_str().unwrap()).collect()
    };
    assert_eq!(names(sandgate_deciding_header), headers::DECIDING);
    assert_eq!(names(sandgate_forwarded_header), forward::HEADERS);
    assert!(sandgate_deciding_header(usize::MAX).is_null() && sandgate_forwarded_header(usize::MAX).is_null());
}

#[test]
fn a_line_is_forwarded_as_by_core() {
    for name in forward::HEADERS.into_iter().chain(["accept"]) {
        for value in
            ["", "/?sandgate_traffic=x&b", "8080-abc-any.e2b.app", "a;__Host-sandgate-traffic=x;b;c", "sg2p.x y"]
        {
            let (mut out, mut len, mut stays) = ([0_u8; 128], 0, 7);
            // SAFETY: bytes with their lengths, a buffer with its size, and two numbers.
            let result = unsafe {
                let (name_at, value_at, out_at) =
                    (name.as_ptr().cast(), value.as_ptr().cast(), out.as_mut_ptr().cast());
                sandgate_forward_header(
                    name_at,
                    name.len(),
                    value_at,
                    value.len(),
                    out_at,
                    out.len(),
                    &mut len,
                    &mut stays,
                )
            };
            let mut expected = Vec::new();
            let goes_on = forward::header(name.as_bytes(), value.as_bytes(), |piece| expected.extend_from_slice(piece));
            assert_eq!((result, stays, &out[..len]), (SANDGATE_OK, goes_on.into(), &expected[..]), "{name}: {value}");
            assert!(len <= 2 * value.len());
        }
    }
}
