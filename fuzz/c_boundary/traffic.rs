//! Traffic passes, signed hosts, forwarding, and policies by name.

use super::memory::{Bytes, Input, Output, Room, Size, Sized};
use super::{Machine, assert_documented, given};
use arbitrary::Arbitrary;
use sandgate_capi::sandgate_result::*;
use sandgate_capi::*;
use std::ptr::null_mut;

#[derive(Arbitrary, Debug)]
pub enum TrafficCall<'a> {
    Pass { slot: u8, port: u32, expires: i64, context: Option<Bytes<'a>>, room: Room, now: i64 },
    VerifyPass { slot: u8, pass: Bytes<'a>, port: u32, context: Option<Bytes<'a>>, now: i64, has_out: bool },
    Host { slot: u8, id: Bytes<'a>, port: u32, expires: i64, room: Room, now: i64 },
    VerifyHost { slot: u8, label: Bytes<'a>, id: Bytes<'a>, port: u32, now: i64, has_out: bool },
    Window { slot: u8, of_hosts: bool, leeway: u16, max_lifetime: u32 },
    Forward { text: Bytes<'a>, is_cookie: bool, room: Room },
    Policy { name: u8, out: Size },
}

/// The initial value of an expiry.
const NO_END: i64 = i64::MIN / 3;

impl Machine {
    pub(super) fn use_traffic(&mut self, call: &TrafficCall<'_>) {
        match call {
            TrafficCall::Pass { slot, port, expires, context, room, now } => {
                let context = given(context.as_ref(), self);
                self.issue_pass(*slot, *port, *expires, &context, room, *now);
            }
            TrafficCall::VerifyPass { slot, pass, port, context, now, has_out } => {
                let (pass, context) = (self.input(pass), given(context.as_ref(), self));
                self.verify_pass(*slot, &pass, *port, &context, *now, *has_out);
            }
            TrafficCall::Host { slot, id, port, expires, room, now } => {
                let id = self.input(id);
                self.issue_host(*slot, &id, *port, *expires, room, *now);
            }
            TrafficCall::VerifyHost { slot, label, id, port, now, has_out } => {
                let (label, id) = (self.input(label), self.input(id));
                self.verify_host(*slot, &label, &id, *port, *now, *has_out);
            }
            TrafficCall::Window { slot, of_hosts, leeway, max_lifetime } => {
                let leeway = u32::from(*leeway % 512);
                // SAFETY: storage.
                let result = unsafe {
                    if *of_hosts {
                        sandgate_v2_traffic_key_set_signed_host_window(self.slot(*slot), leeway, *max_lifetime)
                    } else {
                        sandgate_v2_traffic_key_set_window(self.slot(*slot), leeway, *max_lifetime)
                    }
                };
                assert_documented!(result, SANDGATE_OK | SANDGATE_BAD_LEEWAY | SANDGATE_NOT_INITIALIZED);
                assert!(result != SANDGATE_OK || leeway <= 300);
            }
            TrafficCall::Forward { text, is_cookie, room } => self.forward(text, *is_cookie, room),
            TrafficCall::Policy { name, out } => {
                let nothing = sandgate_policy {
                    struct_size: 0,
                    leeway: 7,
                    max_lifetime: 7,
                    signed_host_max_lifetime: 7,
                    carriers: 7,
                    versions: 7,
                    v1_expiry_required: 7,
                };
                let mut out = Sized::new(&nothing, out);
                // SAFETY: a struct of the size that it says.
                let result = unsafe { sandgate_policy_init((*name % 4).into(), out.at()) };
                assert_documented!(
                    result,
                    SANDGATE_OK | SANDGATE_BAD_POLICY | SANDGATE_STRUCT_SIZE | SANDGATE_NULL_POINTER
                );
                assert!(out.written::<sandgate_policy>(result).is_none_or(|policy| policy.versions <= 3));
            }
        }
    }

    fn issue_pass(&mut self, slot: u8, port: u32, expires: i64, context: &Input, room: &Room, now: i64) {
        let (port, mut out) = (port % 65600, Output::new(room));
        // SAFETY: storage, bytes with their length, and a buffer with its size.
        let result = unsafe {
            let (at, len) = (context.at(), context.len);
            sandgate_v2_pass_issue(self.slot(slot), port, expires, at, len, out.at(), out.size, out.len_at())
        };
        assert_documented!(
            result,
            SANDGATE_OK
                | SANDGATE_BAD_PORT
                | SANDGATE_NOT_FOR_CONTROLLER_PORT
                | SANDGATE_BAD_TIME
                | SANDGATE_BAD_CONTEXT
                | SANDGATE_BUFFER_TOO_SMALL
                | SANDGATE_NOT_INITIALIZED
                | SANDGATE_NULL_POINTER
        );
        if let Some(pass) = out.written(result) {
            assert!(pass.len() <= SANDGATE_V2_PASS_MAX);
            let presented = Input::new(&Bytes::These(pass), &[]);
            self.last = pass.to_vec();
            assert_right(self.verify_pass(slot, &presented, port, context, now, true), expires);
        }
    }

    fn verify_pass(
        &mut self,
        slot: u8,
        pass: &Input,
        port: u32,
        context: &Input,
        now: i64,
        has_out: bool,
    ) -> (sandgate_result, i64) {
        let mut end = NO_END;
        let out = if has_out { &raw mut end } else { null_mut() };
        // SAFETY: storage, bytes with their lengths, and an output or NULL.
        let result = unsafe {
            let (at, len) = (context.at(), context.len);
            sandgate_v2_pass_verify(self.slot(slot), pass.at(), pass.len, port, at, len, now, out)
        };
        if result != SANDGATE_BAD_CONTEXT && result != SANDGATE_BAD_PORT {
            assert_verified(result);
        }
        assert_eq!(result == SANDGATE_OK, end != NO_END);
        (result, end)
    }

    fn issue_host(&mut self, slot: u8, id: &Input, port: u32, expires: i64, room: &Room, now: i64) {
        let (port, mut out) = (port % 65600, Output::new(room));
        // SAFETY: storage, bytes with their length, and a buffer with its size.
        let result = unsafe {
            let (id, id_len) = (id.at(), id.len);
            sandgate_v2_signed_host_issue(self.slot(slot), id, id_len, port, expires, out.at(), out.size, out.len_at())
        };
        assert_documented!(
            result,
            SANDGATE_OK
                | SANDGATE_BAD_SIGNED_HOST
                | SANDGATE_BAD_SANDBOX_ID
                | SANDGATE_BAD_PORT
                | SANDGATE_NOT_FOR_CONTROLLER_PORT
                | SANDGATE_BAD_TIME
                | SANDGATE_BUFFER_TOO_SMALL
                | SANDGATE_NOT_INITIALIZED
                | SANDGATE_NULL_POINTER
        );
        if let Some(label) = out.written(result) {
            assert!(label.len() <= SANDGATE_V2_SIGNED_HOST_MAX);
            let presented = Input::new(&Bytes::These(label), &[]);
            self.last = label.to_vec();
            assert_right(self.verify_host(slot, &presented, id, port, now, true), expires);
        }
    }

    fn verify_host(
        &mut self,
        slot: u8,
        label: &Input,
        id: &Input,
        port: u32,
        now: i64,
        has_out: bool,
    ) -> (sandgate_result, i64) {
        let mut end = NO_END;
        let out = if has_out { &raw mut end } else { null_mut() };
        // SAFETY: storage, bytes with their lengths, and an output or NULL.
        let result = unsafe {
            let (id, id_len) = (id.at(), id.len);
            sandgate_v2_signed_host_verify(self.slot(slot), label.at(), label.len, id, id_len, port, now, out)
        };
        if result != SANDGATE_BAD_SANDBOX_ID && result != SANDGATE_BAD_PORT {
            assert_verified(result);
        }
        assert_eq!(result == SANDGATE_OK, end != NO_END);
        (result, end)
    }

    fn forward(&mut self, text: &Bytes<'_>, is_cookie: bool, room: &Room) {
        let (text, mut out) = (self.input(text), Output::new(room));
        let forward = |text: &Input, out: &mut Output| {
            // SAFETY: bytes with their length, and a buffer with its size.
            unsafe {
                if is_cookie {
                    sandgate_forward_cookie(text.at(), text.len, out.at(), out.size, out.len_at())
                } else {
                    sandgate_forward_query(text.at(), text.len, out.at(), out.size, out.len_at())
                }
            }
        };
        let result = forward(&text, &mut out);
        assert_documented!(result, SANDGATE_OK | SANDGATE_BUFFER_TOO_SMALL | SANDGATE_NULL_POINTER);
        if let Some(stays) = out.written(result) {
            // Forwarding is idempotent: there is nothing left to remove.
            let (again, mut room) = (Input::new(&Bytes::These(stays), &[]), Output::new(&Room::Of(2047)));
            let result = forward(&again, &mut room);
            assert_eq!(room.written(result), Some(stays));
        }
    }
}

/// A credential that the library issued is not refused as invalid.
fn assert_right((result, end): (sandgate_result, i64), expires: i64) {
    assert!(
        matches!(result, SANDGATE_OK | SANDGATE_TRAFFIC_EXPIRED | SANDGATE_TRAFFIC_LIFETIME_TOO_LONG),
        "{result:?}"
    );
    assert!(result != SANDGATE_OK || end == expires);
}

fn assert_verified(result: sandgate_result) {
    assert_documented!(
        result,
        SANDGATE_OK
            | SANDGATE_TRAFFIC_MISSING
            | SANDGATE_TRAFFIC_MALFORMED
            | SANDGATE_TRAFFIC_INVALID
            | SANDGATE_TRAFFIC_EXPIRED
            | SANDGATE_TRAFFIC_LIFETIME_TOO_LONG
            | SANDGATE_TRAFFIC_OUT_OF_SCOPE
            | SANDGATE_NOT_INITIALIZED
            | SANDGATE_NULL_POINTER
    );
}
