//! Requests line by line: the guards, forwarded lines, and the lists of names.

use super::file_urls::nothing_allowed;
use super::gates::{Method, Target, no_route, nothing_passed};
use super::memory::{Bytes, Input, Output, Room, Size, Sized};
use super::v2::assert_granted;
use super::{ID, Machine, assert_documented, given};
use arbitrary::Arbitrary;
use sandgate_capi::sandgate_result::*;
use sandgate_capi::*;
use std::ffi::CStr;
use std::ptr::{null, null_mut};

#[derive(Arbitrary, Debug)]
pub struct Head<'a> {
    size: Size,
    method: Method<'a>,
    is_options: bool,
    target: Target<'a>,
    lines: Vec<Line<'a>>,
    /// NULL, or an invalid count.
    wrong_count: Option<usize>,
    context: Option<Bytes<'a>>,
    is_joined: u32,
    has_body: u32,
}

#[derive(Arbitrary, Debug)]
pub struct Line<'a> {
    name: Name<'a>,
    value: Bytes<'a>,
}

/// A deciding or rewritten name reaches more code than a random one.
#[derive(Arbitrary, Debug)]
pub enum Name<'a> {
    Deciding(u8),
    Forwarded(u8),
    Of(Bytes<'a>),
}

#[derive(Arbitrary, Debug)]
pub enum HeadCall<'a> {
    Controller { slot: u8, head: Head<'a>, now: i64, out: Size },
    Edge { slot: u8, head: Head<'a>, route: Size, restricted: u32, token: Bytes<'a>, now: i64, out: Size },
    Forward { line: Line<'a>, room: Room, has_stays: bool },
    Target { target: Bytes<'a>, room: Room },
    UnknownSandbox { id: Bytes<'a>, room: Room },
}

/// A head as passed, with the memory that it points to.
struct Given {
    head: Sized,
    method: Input,
    _pointed_to: [Input; 2],
    _lines: (Vec<[Input; 2]>, Box<[sandgate_header_line]>),
}

impl Machine {
    pub(super) fn use_heads(&mut self, call: &HeadCall<'_>) {
        match call {
            HeadCall::Controller { slot, head, now, out } => self.guard_controller(*slot, head, *now, out),
            HeadCall::Edge { slot, head, route, restricted, token, now, out } => {
                let token = self.input(token);
                self.guard_edge(*slot, head, route, (*restricted, &token), *now, out);
            }
            HeadCall::Forward { line, room, has_stays } => self.forward_line(line, room, *has_stays),
            HeadCall::Target { target, room } => self.forward_target(target, room),
            HeadCall::UnknownSandbox { id, room } => {
                let (id, mut out) = (self.input(id), Output::new(room));
                // SAFETY: bytes with their length, and a buffer with its size.
                let result =
                    unsafe { sandgate_unknown_sandbox_json(id.at(), id.len, out.at(), out.size, out.len_at()) };
                assert_documented!(
                    result,
                    SANDGATE_OK | SANDGATE_BUFFER_TOO_SMALL | SANDGATE_BAD_SANDBOX_ID | SANDGATE_NULL_POINTER
                );
                assert!(out.written(result).is_none_or(|body| body.ends_with(b",\"code\":502}")));
            }
        }
    }

    fn name(&self, name: &Name<'_>) -> Input {
        let listed = |list: extern "C" fn(usize) -> *const std::ffi::c_char, index: u8| {
            let text = list(usize::from(index % 14));
            // SAFETY: both lists have that many names, static NUL-terminated texts.
            Input::new(&Bytes::These(unsafe { CStr::from_ptr(text) }.to_bytes()), &[])
        };
        match name {
            Name::Deciding(index) => listed(sandgate_deciding_header, *index),
            Name::Forwarded(index) => listed(sandgate_forwarded_header, *index),
            Name::Of(bytes) => self.input(bytes),
        }
    }

    fn head(&self, head: &Head<'_>) -> Given {
        let method =
            if head.is_options { Input::new(&Bytes::These(b"OPTIONS"), &[]) } else { self.method(&head.method) };
        let (target, context) = (self.target(&head.target), given(head.context.as_ref(), self));
        let inputs: Vec<_> = head.lines.iter().map(|line| [self.name(&line.name), self.input(&line.value)]).collect();
        let line = |[name, value]: &[Input; 2]| sandgate_header_line {
            name: name.at(),
            name_len: name.len,
            value: value.at(),
            value_len: value.len,
        };
        let lines: Box<[_]> = inputs.iter().map(line).collect();
        let (lines_at, line_count) = match head.wrong_count {
            Some(count) if count > isize::MAX as usize => (lines.as_ptr(), count),
            Some(count) => (null(), count),
            None => (lines.as_ptr(), lines.len()),
        };
        let of_c = sandgate_head {
            struct_size: 0,
            method: method.at(),
            method_len: method.len,
            target: target.at(),
            target_len: target.len,
            lines: lines_at,
            line_count,
            context: context.at(),
            context_len: context.len,
            is_joined: head.is_joined,
            has_body: head.has_body,
        };
        let head = Sized::new(&of_c, &head.size);
        Given { head, method, _pointed_to: [target, context], _lines: (inputs, lines) }
    }

    fn guard_controller(&mut self, slot: u8, head: &Head<'_>, now: i64, size: &Size) {
        let (mut given, mut out) = (self.head(head), Sized::new(&nothing_allowed(), size));
        // SAFETY: storage, and structs of the sizes that they say.
        let result = unsafe { sandgate_controller_guard(self.slot(slot), given.head.at(), now, out.at()) };
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
                | SANDGATE_BAD_CONTEXT
        );
        if let Some(allowed) = out.written::<sandgate_allowed>(result) {
            let is_preflight = allowed.basis == SANDGATE_ALLOWED_PREFLIGHT;
            assert!((SANDGATE_ALLOWED_OPEN..=SANDGATE_ALLOWED_PREFLIGHT).contains(&allowed.basis));
            assert!(!is_preflight || given.method.bytes() == Some(b"OPTIONS") && head.has_body == 0);
            assert!(!is_preflight || allowed.operation == 0);
            assert_granted(allowed);
        }
    }

    fn guard_edge(
        &mut self,
        slot: u8,
        head: &Head<'_>,
        route: &Size,
        (restricted, token): (u32, &Input),
        now: i64,
        size: &Size,
    ) {
        let (mut given, mut to) = (self.head(head), Sized::new(&no_route(), route));
        // SAFETY: storage, and structs of the sizes that they say.
        let result = unsafe { sandgate_edge_route(self.slot(slot), given.head.at(), to.at()) };
        assert_documented!(
            result,
            SANDGATE_OK
                | SANDGATE_HOST_MISSING
                | SANDGATE_HOST_MALFORMED
                | SANDGATE_INTERNAL_ROUTE_MALFORMED
                | SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE
                | SANDGATE_NOT_INITIALIZED
                | SANDGATE_STRUCT_SIZE
                | SANDGATE_NULL_POINTER
                | SANDGATE_BAD_CONTEXT
        );
        let was_found = to.written::<sandgate_route>(result).is_some_and(|route| route.port > 0);
        let mut to = if was_found { to } else { Sized::new(&route_to_id(), &Size::Right) };
        let known = sandgate_sandbox_state {
            struct_size: size_of::<sandgate_sandbox_state>(),
            restricted,
            traffic_token: token.at(),
            traffic_token_len: token.len,
            generation: 0,
        };
        let mut out = Sized::new(&nothing_passed(), size);
        // SAFETY: as above.
        let result = unsafe { sandgate_edge_guard(self.slot(slot), to.at(), &known, given.head.at(), now, out.at()) };
        assert_documented!(
            result,
            SANDGATE_OK
                | SANDGATE_INTERNAL_ROUTE_MALFORMED
                | SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE
                | SANDGATE_TRAFFIC_MISSING
                | SANDGATE_TRAFFIC_MALFORMED
                | SANDGATE_TRAFFIC_INVALID
                | SANDGATE_TRAFFIC_EXPIRED
                | SANDGATE_TRAFFIC_LIFETIME_TOO_LONG
                | SANDGATE_TRAFFIC_OUT_OF_SCOPE
                | SANDGATE_BAD_TOKEN
                | SANDGATE_NOT_INITIALIZED
                | SANDGATE_STRUCT_SIZE
                | SANDGATE_NULL_POINTER
                | SANDGATE_BAD_CONTEXT
        );
        // Screening the found route again gives the same result.
        let is_screened = matches!(result, SANDGATE_INTERNAL_ROUTE_MALFORMED | SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE);
        assert!(!(was_found && is_screened), "{result:?}");
        let passed = out.written::<sandgate_passed>(result);
        assert!(
            passed.is_none_or(|passed| (SANDGATE_PASSED_PUBLIC..=SANDGATE_PASSED_SIGNED_HOST).contains(&passed.basis))
        );
    }

    fn forward_line(&self, line: &Line<'_>, room: &Room, has_stays: bool) {
        let (name, value, mut out) = (self.name(&line.name), self.input(&line.value), Output::new(room));
        let mut stays = 7;
        let stays_at = if has_stays { &raw mut stays } else { null_mut() };
        // SAFETY: bytes with their lengths, a buffer with its size, and an output or NULL.
        let result = unsafe {
            let (at, size, len) = (out.at(), out.size, out.len_at());
            sandgate_forward_header(name.at(), name.len, value.at(), value.len, at, size, len, stays_at)
        };
        assert_documented!(result, SANDGATE_OK | SANDGATE_BUFFER_TOO_SMALL | SANDGATE_NULL_POINTER);
        assert_eq!(stays <= 1, result == SANDGATE_OK);
        if let Some(goes_on) = out.written(result) {
            assert!(goes_on.len() <= 2 * value.len && (stays == 1 || goes_on.is_empty()));
            let is_token = name.bytes().is_some_and(|name| name.eq_ignore_ascii_case(b"e2b-traffic-access-token"));
            assert!(!is_token || stays == 0);
        }
    }

    fn forward_target(&self, target: &Bytes<'_>, room: &Room) {
        let (target, mut out) = (self.input(target), Output::new(room));
        let forward = |target: &Input, out: &mut Output| {
            // SAFETY: bytes with their length, and a buffer with its size.
            unsafe { sandgate_forward_target(target.at(), target.len, out.at(), out.size, out.len_at()) }
        };
        let result = forward(&target, &mut out);
        assert_documented!(result, SANDGATE_OK | SANDGATE_BUFFER_TOO_SMALL | SANDGATE_NULL_POINTER);
        if let Some(stays) = out.written(result) {
            let (again, mut room) = (Input::new(&Bytes::These(stays), &[]), Output::new(&Room::Of(2047)));
            let result = forward(&again, &mut room);
            assert_eq!(room.written(result), Some(stays));
        }
    }
}

fn route_to_id() -> sandgate_route {
    let mut route = sandgate_route { port: 8080, sandbox_id_len: ID.len(), ..no_route() };
    for (place, byte) in route.sandbox_id.iter_mut().zip(ID) {
        *place = *byte as _;
    }
    route
}
