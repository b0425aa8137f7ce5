//! The controller, the edge, the decision at creation, and the functions that need no storage.

use super::file_urls::nothing_allowed;
use super::memory::{Bytes, Input, Output, Room, Size, Sized};
use super::v2::assert_granted;
use super::{ID, Machine, assert_documented, given};
use arbitrary::Arbitrary;
use sandgate_capi::sandgate_result::*;
use sandgate_capi::*;
use std::ffi::CStr;
use std::ptr::null;

#[derive(Arbitrary, Debug)]
pub struct Header<'a> {
    value: Bytes<'a>,
    is_once: bool,
    count: u32,
}

#[derive(Arbitrary, Debug)]
pub struct Request<'a> {
    size: Size,
    method: Method<'a>,
    target: Target<'a>,
    access_token: Header<'a>,
    traffic_token: Header<'a>,
    cookies: Vec<Bytes<'a>>,
    /// NULL, or an invalid count.
    wrong_count: Option<usize>,
    context: Option<Bytes<'a>>,
}

#[derive(Arbitrary, Debug)]
pub enum Method<'a> {
    Get,
    Post,
    Head,
    Put,
    Of(Bytes<'a>),
}

/// `Last` is the last written query, on the file route.
#[derive(Arbitrary, Debug)]
pub enum Target<'a> {
    Last,
    Query(&'a [u8]),
    /// A pass in a carrier.
    Pass,
    Of(Bytes<'a>),
}

#[derive(Arbitrary, Debug)]
pub struct Route {
    size: Size,
    id: Option<([u8; 64], usize)>,
    port: u16,
    signed_part: Option<[u8; 36]>,
}

#[derive(Arbitrary, Debug)]
pub struct State<'a> {
    size: Size,
    restricted: u32,
    generation: u32,
    token: Bytes<'a>,
}

#[derive(Arbitrary, Debug)]
pub enum GateCall<'a> {
    Controller { slot: u8, request: Request<'a>, now: i64, out: Size },
    Edge { slot: u8, route: Route, state: State<'a>, request: Request<'a>, now: i64, out: Size },
    ParseRoute { host: Header<'a>, id: Header<'a>, port: Header<'a>, out: Size },
    RefusalJson { refusal: i32, room: Room },
    EdgeRefusalJson { refusal: i32, id: Bytes<'a>, path: Bytes<'a>, room: Room },
    Decide { size: Size, flags: [Option<i32>; 2], version: Bytes<'a>, out: Size },
    Compare { a: Bytes<'a>, b: Bytes<'a>, id: Bytes<'a> },
}

/// A request as passed, with the memory that it points to.
struct Given {
    request: Sized,
    _pointed_to: [Input; 5],
    _cookies: (Vec<Input>, Box<[sandgate_bytes]>),
}

impl Machine {
    pub(super) fn ask_gate(&mut self, call: &GateCall<'_>) {
        match call {
            GateCall::Controller { slot, request, now, out } => self.check_controller(*slot, request, *now, out),
            GateCall::Edge { slot, route, state, request, now, out } => {
                self.check_edge(*slot, route, state, request, *now, out);
            }
            GateCall::ParseRoute { host, id, port, out } => self.parse_route([host, id, port], out),
            GateCall::RefusalJson { refusal, room } => refusal_json(*refusal, room),
            GateCall::EdgeRefusalJson { refusal, id, path, room } => self.edge_refusal_json(*refusal, id, path, room),
            GateCall::Decide { size, flags, version, out } => self.decide(size, flags, version, out),
            GateCall::Compare { a, b, id } => self.compare(a, b, id),
        }
    }

    fn header(&self, header: &Header<'_>) -> (Input, sandgate_header) {
        let value = self.input(&header.value);
        let count = if header.is_once { 1 } else { header.count };
        let of_c = sandgate_header { value: value.at(), value_len: value.len, count };
        (value, of_c)
    }

    pub(super) fn method(&self, method: &Method<'_>) -> Input {
        match method {
            Method::Get => Input::new(&Bytes::These(b"GET"), &[]),
            Method::Post => Input::new(&Bytes::These(b"POST"), &[]),
            Method::Head => Input::new(&Bytes::These(b"HEAD"), &[]),
            Method::Put => Input::new(&Bytes::These(b"PUT"), &[]),
            Method::Of(bytes) => self.input(bytes),
        }
    }

    pub(super) fn target(&self, target: &Target<'_>) -> Input {
        let on_files = |query: &[u8]| Input::new(&Bytes::These(&[b"/files?", query].concat()), &[]);
        match target {
            Target::Last => on_files(&self.last),
            Target::Query(query) => on_files(query),
            Target::Pass => on_files(&[b"sandgate_traffic=", self.last.as_slice()].concat()),
            Target::Of(bytes) => self.input(bytes),
        }
    }

    fn request(&self, request: &Request<'_>) -> Given {
        let (method, target) = (self.method(&request.method), self.target(&request.target));
        let (access, access_token) = self.header(&request.access_token);
        let (traffic, traffic_token) = self.header(&request.traffic_token);
        let cookie = |line: &Bytes<'_>| match line {
            Bytes::Known(_) => Input::new(&Bytes::These(&[b"__Host-sandgate-traffic=", &*self.last].concat()), &[]),
            line => self.input(line),
        };
        let lines: Vec<Input> = request.cookies.iter().map(cookie).collect();
        let cookies: Box<[sandgate_bytes]> =
            lines.iter().map(|line| sandgate_bytes { data: line.at(), len: line.len }).collect();
        let cookies_at = if cookies.is_empty() { null() } else { cookies.as_ptr() };
        let (cookies_at, cookie_count) = match request.wrong_count {
            Some(count) if count > isize::MAX as usize => (cookies_at, count),
            Some(count) => (null(), count),
            None => (cookies_at, cookies.len()),
        };
        let context = given(request.context.as_ref(), self);
        let of_c = sandgate_request {
            struct_size: 0,
            method: method.at(),
            method_len: method.len,
            target: target.at(),
            target_len: target.len,
            access_token,
            traffic_token,
            cookies: cookies_at,
            cookie_count,
            context: context.at(),
            context_len: context.len,
        };
        Given {
            request: Sized::new(&of_c, &request.size),
            _pointed_to: [method, target, access, traffic, context],
            _cookies: (lines, cookies),
        }
    }

    fn check_controller(&mut self, slot: u8, request: &Request<'_>, now: i64, size: &Size) {
        let (mut given, mut out) = (self.request(request), Sized::new(&nothing_allowed(), size));
        let path = b"/files";
        // SAFETY: a struct of the size that it says, and bytes with their length.
        let is_files = unsafe { sandgate_request_path_is(given.request.at(), path.as_ptr().cast(), path.len()) };
        // SAFETY: storage, and structs of the sizes that they say.
        let result = unsafe { sandgate_controller_check(self.slot(slot), given.request.at(), now, out.at()) };
        assert_documented!(
            result,
            SANDGATE_OK
                | SANDGATE_ROUTE_MISSING
                | SANDGATE_ROUTE_MALFORMED
                | SANDGATE_ROUTE_INVALID
                | SANDGATE_FILE_TOKEN_MALFORMED
                | SANDGATE_FILE_TOKEN_INVALID
                | SANDGATE_FILE_SIGNATURE_MISSING
                | SANDGATE_FILE_SIGNATURE_MALFORMED
                | SANDGATE_FILE_SIGNATURE_INVALID
                | SANDGATE_FILE_SIGNATURE_EXPIRED
                | SANDGATE_FILE_SIGNATURE_LIFETIME_TOO_LONG
                | SANDGATE_FILE_SIGNATURE_OUT_OF_SCOPE
                | SANDGATE_NOT_INITIALIZED
                | SANDGATE_STRUCT_SIZE
                | SANDGATE_NULL_POINTER
                | SANDGATE_BAD_HEADER
                | SANDGATE_BAD_CONTEXT
        );
        if let Some(allowed) = out.written::<sandgate_allowed>(result) {
            assert!((SANDGATE_ALLOWED_OPEN..=SANDGATE_ALLOWED_SIGNATURE).contains(&allowed.basis));
            assert!(allowed.operation <= SANDGATE_OPERATION_WRITE);
            assert!(allowed.operation == 0 || is_files);
            assert_granted(allowed);
        }
    }

    fn check_edge(&mut self, slot: u8, route: &Route, state: &State<'_>, request: &Request<'_>, now: i64, size: &Size) {
        let mut given = self.request(request);
        let _signed_part = route.signed_part.unwrap_or([0; 36]);
        let mut to = sandgate_route { port: route.port.into(), _signed_part, ..no_route() };
        let (id, len) = route.id.as_ref().map_or((ID, ID.len()), |(id, len)| (id, *len));
        to.sandbox_id_len = len;
        for (place, byte) in to.sandbox_id.iter_mut().zip(id) {
            *place = *byte as _;
        }
        let stored = self.input(&state.token);
        let known = sandgate_sandbox_state {
            struct_size: 0,
            restricted: state.restricted,
            traffic_token: stored.at(),
            traffic_token_len: stored.len,
            generation: state.generation,
        };
        let (mut to, mut known) = (Sized::new(&to, &route.size), Sized::new(&known, &state.size));
        let mut out = Sized::new(&nothing_passed(), size);
        let mut carrier = u32::MAX;
        // SAFETY: storage, structs of the sizes that they say, and an output or NULL.
        let (screened, checked, found) = unsafe {
            let (edge, request) = (self.slot(slot), given.request.at());
            (
                sandgate_edge_screen(edge, to.at(), request),
                sandgate_edge_check(edge, to.at(), known.at(), request, now, out.at()),
                sandgate_edge_carrier(edge, to.at(), known.at(), request, &mut carrier),
            )
        };
        assert_documented!(
            screened,
            SANDGATE_OK
                | SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE
                | SANDGATE_INTERNAL_ROUTE_MALFORMED
                | SANDGATE_BAD_SANDBOX_ID
                | SANDGATE_BAD_PORT
                | SANDGATE_NOT_INITIALIZED
                | SANDGATE_STRUCT_SIZE
                | SANDGATE_NULL_POINTER
                | SANDGATE_BAD_HEADER
                | SANDGATE_BAD_CONTEXT
        );
        assert_documented!(
            found,
            SANDGATE_OK
                | SANDGATE_BAD_SANDBOX_ID
                | SANDGATE_BAD_PORT
                | SANDGATE_BAD_TOKEN
                | SANDGATE_NOT_INITIALIZED
                | SANDGATE_STRUCT_SIZE
                | SANDGATE_NULL_POINTER
                | SANDGATE_BAD_HEADER
                | SANDGATE_BAD_CONTEXT
        );
        assert!(if found == SANDGATE_OK { carrier <= 8 } else { carrier == u32::MAX });
        assert_documented!(
            checked,
            SANDGATE_OK
                | SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE
                | SANDGATE_INTERNAL_ROUTE_MALFORMED
                | SANDGATE_BAD_SANDBOX_ID
                | SANDGATE_BAD_PORT
                | SANDGATE_NOT_INITIALIZED
                | SANDGATE_STRUCT_SIZE
                | SANDGATE_NULL_POINTER
                | SANDGATE_BAD_HEADER
                | SANDGATE_TRAFFIC_MISSING
                | SANDGATE_TRAFFIC_MALFORMED
                | SANDGATE_TRAFFIC_INVALID
                | SANDGATE_TRAFFIC_EXPIRED
                | SANDGATE_TRAFFIC_LIFETIME_TOO_LONG
                | SANDGATE_TRAFFIC_OUT_OF_SCOPE
                | SANDGATE_BAD_TOKEN
                | SANDGATE_BAD_CONTEXT
        );
        // Without a separate call of screen, check refuses the same requests.
        assert!(screened == SANDGATE_OK || checked != SANDGATE_OK);
        if let Some(passed) = out.written::<sandgate_passed>(checked) {
            assert!((SANDGATE_PASSED_PUBLIC..=SANDGATE_PASSED_SIGNED_HOST).contains(&passed.basis));
            assert_eq!((found, passed.carrier), (SANDGATE_OK, carrier));
            assert_eq!(passed.has_expires, (passed.basis >= SANDGATE_PASSED_PASS).into());
        }
    }

    fn parse_route(&self, headers: [&Header<'_>; 3], size: &Size) {
        let (mut out, [host, id, port]) = (Sized::new(&no_route(), size), headers.map(|header| self.header(header)));
        // SAFETY: headers whose values have their lengths, and a struct of the size that it says.
        let result = unsafe { sandgate_route_parse(&host.1, &id.1, &port.1, out.at()) };
        assert_documented!(
            result,
            SANDGATE_OK
                | SANDGATE_HOST_MISSING
                | SANDGATE_HOST_MALFORMED
                | SANDGATE_STRUCT_SIZE
                | SANDGATE_NULL_POINTER
                | SANDGATE_BAD_HEADER
        );
        if let Some(route) = out.written::<sandgate_route>(result) {
            let len = route.sandbox_id_len;
            assert!((1..=63).contains(&len) && route.port > 0);
            assert!(route.sandbox_id[..len].iter().all(|byte| *byte != 0));
            assert!(route.sandbox_id[len..].iter().all(|byte| *byte == 0));
        }
    }

    fn edge_refusal_json(&self, refusal: i32, id: &Bytes<'_>, path: &Bytes<'_>, room: &Room) {
        let (id, path, mut out) = (self.input(id), self.input(path), Output::new(room));
        // SAFETY: bytes with their lengths, and a buffer with its size.
        let result = unsafe {
            let (at, size, len) = (out.at(), out.size, out.len_at());
            sandgate_edge_refusal_json(refusal, id.at(), id.len, path.at(), path.len, at, size, len)
        };
        assert_documented!(
            result,
            SANDGATE_OK
                | SANDGATE_NOT_A_REFUSAL
                | SANDGATE_BUFFER_TOO_SMALL
                | SANDGATE_BAD_SANDBOX_ID
                | SANDGATE_NULL_POINTER
        );
        out.written(result).map(assert_json);
    }

    fn decide(&self, size: &Size, flags: &[Option<i32>; 2], version: &Bytes<'_>, out_size: &Size) {
        let (version, [secure, public]) = (self.input(version), flags.each_ref().map(Option::as_ref));
        let options = sandgate_creation_options {
            struct_size: 0,
            secure: secure.map_or(null(), |flag| &raw const *flag),
            allow_public_traffic: public.map_or(null(), |flag| &raw const *flag),
            envd_version: version.at(),
            envd_version_len: version.len,
            restricted_by_default: u32::from(version.len % 2 == 1),
        };
        let nothing = sandgate_credentials { struct_size: 0, access_token: 7, traffic_token: 7 };
        let (mut options, mut out) = (Sized::new(&options, size), Sized::new(&nothing, out_size));
        // SAFETY: structs of the sizes that they say.
        let result = unsafe { sandgate_creation_decide(options.at(), out.at()) };
        assert_documented!(
            result,
            SANDGATE_OK
                | SANDGATE_CREATION_TEMPLATE_TOO_OLD
                | SANDGATE_CREATION_TEMPLATE_VERSION_UNKNOWN
                | SANDGATE_CREATION_RESTRICTED_NEEDS_SECURE
                | SANDGATE_STRUCT_SIZE
                | SANDGATE_NULL_POINTER
        );
        if let Some(issued) = out.written::<sandgate_credentials>(result) {
            assert_eq!(issued.access_token, u32::from(secure != Some(&0)));
            assert_eq!(issued.traffic_token, u32::from(public == Some(&0)));
        }
    }

    fn compare(&self, a: &Bytes<'_>, b: &Bytes<'_>, id: &Bytes<'_>) {
        let ([a, b, id], mut out) = ([a, b, id].map(|bytes| self.input(bytes)), Output::new(&Room::Of(9)));
        // SAFETY: bytes with their lengths, and an output of 9 bytes.
        unsafe {
            let equal = sandgate_equal(a.at(), a.len, b.at(), b.len);
            assert_eq!(equal, a.bytes() == b.bytes() && a.bytes().is_some());
            let shown = sandgate_fingerprint(a.at(), a.len, out.at());
            assert_eq!(shown, if a.bytes().is_some() { SANDGATE_OK } else { SANDGATE_NULL_POINTER });
            let checked = sandgate_check_sandbox_id(id.at(), id.len);
            assert_documented!(checked, SANDGATE_OK | SANDGATE_BAD_SANDBOX_ID | SANDGATE_NULL_POINTER);
        }
    }
}

pub(super) fn no_route() -> sandgate_route {
    sandgate_route { struct_size: 0, sandbox_id: [0; 64], sandbox_id_len: 0, port: 0, _signed_part: [0; 36] }
}

pub(super) fn nothing_passed() -> sandgate_passed {
    sandgate_passed { struct_size: 0, basis: 0, carrier: 0, expires: 0, has_expires: 0 }
}

fn refusal_json(refusal: i32, room: &Room) {
    let mut out = Output::new(room);
    // SAFETY: a buffer with its size; NUL-terminated static text.
    let (result, message) = unsafe {
        (
            sandgate_refusal_json(refusal, out.at(), out.size, out.len_at()),
            CStr::from_ptr(sandgate_result_message(refusal)),
        )
    };
    assert_documented!(
        result,
        SANDGATE_OK | SANDGATE_NOT_A_REFUSAL | SANDGATE_BUFFER_TOO_SMALL | SANDGATE_NULL_POINTER
    );
    assert!(!message.is_empty());
    let status = sandgate_result_status(refusal);
    assert_eq!(status == 0, result == SANDGATE_NOT_A_REFUSAL);
    out.written(result).map(assert_json);
}

/// Text without characters that would end a JSON string or a line early.
fn assert_json(body: &[u8]) {
    let body = str::from_utf8(body).expect("UTF-8");
    assert!(body.starts_with('{') && body.ends_with('}') && !body.contains(char::is_control), "{body}");
}
