//! The opaque structs: initialised, changed, wiped, copied, filled with anything, and the tokens of a keyring.

use super::memory::{Bytes, Output, Room};
use super::{Machine, Storage, assert_documented};
use arbitrary::Arbitrary;
use sandgate_capi::sandgate_result::*;
use sandgate_capi::*;

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Kind {
    Keyring,
    Key,
    Controller,
    OpenController,
    Edge,
}

/// A slot is the number of a piece of storage, which may hold anything.
#[derive(Arbitrary, Debug)]
pub enum StorageCall<'a> {
    Init { kind: Kind, slot: u8, secret: Bytes<'a> },
    InitEdgeWithKeyring { from: u8, to: u8 },
    Add { kind: Kind, slot: u8, secret: Bytes<'a>, port: u16 },
    Wipe { kind: Kind, slot: u8 },
    Fill { slot: u8, byte: u8 },
    Copy { from: u8, to: u8 },
    DeriveToken { slot: u8, id: Bytes<'a>, is_traffic: bool, room: Room },
    VerifyToken { slot: u8, id: Bytes<'a>, is_traffic: bool, presented: Bytes<'a> },
}

impl Machine {
    pub(super) fn init_one_of_each(&mut self) {
        for (slot, kind) in (0..).zip([Kind::Keyring, Kind::Key, Kind::Controller, Kind::Edge]) {
            self.init(kind, slot, &Bytes::Known(if slot == 0 { 1 } else { 2 }));
        }
    }

    pub(super) fn change_storage(&mut self, call: &StorageCall<'_>) {
        match call {
            StorageCall::Init { kind, slot, secret } => self.init(*kind, *slot, secret),
            // An output overlaps no input.
            StorageCall::InitEdgeWithKeyring { from, to } if self.is_same(*from, *to) => {}
            StorageCall::InitEdgeWithKeyring { from, to } => {
                let (from, to) = (self.slot(*from), self.slot(*to));
                // SAFETY: storage.
                let result = unsafe { sandgate_edge_init_with_keyring(from, to) };
                assert_documented!(result, SANDGATE_OK | SANDGATE_NOT_INITIALIZED);
            }
            StorageCall::Add { kind, slot, secret, port } => self.add(*kind, *slot, secret, *port),
            StorageCall::Wipe { kind, slot } => self.wipe(*kind, *slot),
            // Of one byte, so that the fuzzer does not find the marker.
            StorageCall::Fill { slot, byte } => *self.storage(*slot) = [u64::from_ne_bytes([*byte; 8]); 288],
            StorageCall::Copy { from, to } => *self.storage(*to) = *self.storage(*from),
            StorageCall::DeriveToken { slot, id, is_traffic, room } => self.derive_token(*slot, id, *is_traffic, room),
            StorageCall::VerifyToken { slot, id, is_traffic, presented } => {
                self.verify_token(*slot, id, *is_traffic, presented);
            }
        }
    }

    fn is_same(&self, a: u8, b: u8) -> bool {
        usize::from(a) % self.slots.len() == usize::from(b) % self.slots.len()
    }

    fn init(&mut self, kind: Kind, slot: u8, secret: &Bytes<'_>) {
        let (secret, before) = (self.input(secret), *self.storage(slot));
        let (at, len) = (secret.at(), secret.len);
        // SAFETY: bytes with their length, and storage.
        let result = unsafe {
            match kind {
                Kind::Keyring => sandgate_v1_keyring_init(at, len, self.slot(slot)),
                Kind::Key => sandgate_v1_file_url_key_init(at, len, self.slot(slot)),
                Kind::Controller => sandgate_controller_init(at, len, self.slot(slot)),
                Kind::OpenController => sandgate_controller_init_open(self.slot(slot)),
                Kind::Edge => sandgate_edge_init(self.slot(slot)),
            }
        };
        match kind {
            Kind::Keyring => assert_documented!(result, SANDGATE_OK | SANDGATE_WEAK_SEED | SANDGATE_NULL_POINTER),
            Kind::OpenController | Kind::Edge => assert_documented!(result, SANDGATE_OK),
            Kind::Key | Kind::Controller => assert_documented!(
                result,
                SANDGATE_OK | SANDGATE_BAD_TOKEN | SANDGATE_TOKEN_VERSION | SANDGATE_NULL_POINTER
            ),
        };
        if result != SANDGATE_OK {
            assert!(before == *self.storage(slot));
        }
    }

    fn add(&mut self, kind: Kind, slot: u8, secret: &Bytes<'_>, port: u16) {
        let (secret, before) = (self.input(secret), *self.storage(slot));
        let (at, len) = (secret.at(), secret.len);
        // SAFETY: bytes with their length, and storage.
        let result = unsafe {
            match kind {
                Kind::Keyring => sandgate_v1_keyring_add(self.slot(slot), at, len),
                Kind::Edge => sandgate_edge_set_controller_port(self.slot(slot), port.into()),
                _ => sandgate_controller_add_token(self.slot(slot), at, len),
            }
        };
        match kind {
            Kind::Keyring => assert_documented!(
                result,
                SANDGATE_OK
                    | SANDGATE_WEAK_SEED
                    | SANDGATE_TOO_MANY_SEEDS
                    | SANDGATE_NOT_INITIALIZED
                    | SANDGATE_NULL_POINTER
            ),
            Kind::Edge => assert_documented!(result, SANDGATE_OK | SANDGATE_BAD_PORT | SANDGATE_NOT_INITIALIZED),
            _ => assert_documented!(
                result,
                SANDGATE_OK
                    | SANDGATE_TOO_MANY_TOKENS
                    | SANDGATE_BAD_TOKEN
                    | SANDGATE_TOKEN_VERSION
                    | SANDGATE_NOT_INITIALIZED
                    | SANDGATE_NULL_POINTER
            ),
        };
        if result != SANDGATE_OK {
            assert!(before == *self.storage(slot));
        }
    }

    fn wipe(&mut self, kind: Kind, slot: u8) {
        // SAFETY: storage.
        let wiped = unsafe {
            match kind {
                Kind::Keyring => {
                    sandgate_v1_keyring_wipe(self.slot(slot));
                    size_of::<sandgate_v1_keyring>()
                }
                Kind::Key => {
                    sandgate_v1_file_url_key_wipe(self.slot(slot));
                    size_of::<sandgate_v1_file_url_key>()
                }
                Kind::Controller | Kind::OpenController => {
                    sandgate_controller_wipe(self.slot(slot));
                    size_of::<sandgate_controller>()
                }
                Kind::Edge => {
                    sandgate_edge_wipe(self.slot(slot));
                    size_of::<sandgate_edge>()
                }
            }
        };
        let storage: &Storage = self.storage(slot);
        assert!(storage[..wiped / size_of::<u64>()].iter().all(|word| *word == 0));
    }

    fn derive_token(&mut self, slot: u8, id: &Bytes<'_>, is_traffic: bool, room: &Room) {
        let (id, mut out) = (self.input(id), Output::new(room));
        let (derive, verify): (
            unsafe extern "C" fn(_, _, _, _, _, _) -> _,
            unsafe extern "C" fn(_, _, _, _, _) -> sandgate_result,
        ) = if is_traffic {
            (sandgate_v1_keyring_traffic_token, sandgate_v1_keyring_verify_traffic_token)
        } else {
            (sandgate_v1_keyring_access_token, sandgate_v1_keyring_verify_access_token)
        };
        // SAFETY: storage, bytes with their length, and a buffer with its size.
        let result = unsafe { derive(self.slot(slot), id.at(), id.len, out.at(), out.size, out.len_at()) };
        assert_documented!(
            result,
            SANDGATE_OK
                | SANDGATE_BAD_SANDBOX_ID
                | SANDGATE_BUFFER_TOO_SMALL
                | SANDGATE_NOT_INITIALIZED
                | SANDGATE_NULL_POINTER
        );
        if let Some(token) = out.written(result) {
            self.last = token.to_vec();
            // SAFETY: storage, and bytes with their lengths.
            let again = unsafe { verify(self.slot(slot), id.at(), id.len, token.as_ptr(), token.len()) };
            assert_eq!((token.len(), again), (64, SANDGATE_OK));
        }
    }

    fn verify_token(&mut self, slot: u8, id: &Bytes<'_>, is_traffic: bool, presented: &Bytes<'_>) {
        let (id, presented) = (self.input(id), self.input(presented));
        let (at, len) = (presented.at(), presented.len);
        // SAFETY: storage, and bytes with their lengths.
        unsafe {
            if is_traffic {
                assert_documented!(
                    sandgate_v1_keyring_verify_traffic_token(self.slot(slot), id.at(), id.len, at, len),
                    SANDGATE_OK
                        | SANDGATE_TRAFFIC_MISSING
                        | SANDGATE_TRAFFIC_INVALID
                        | SANDGATE_BAD_SANDBOX_ID
                        | SANDGATE_NOT_INITIALIZED
                        | SANDGATE_NULL_POINTER
                );
            } else {
                assert_documented!(
                    sandgate_v1_keyring_verify_access_token(self.slot(slot), id.at(), id.len, at, len),
                    SANDGATE_OK
                        | SANDGATE_ROUTE_MISSING
                        | SANDGATE_ROUTE_INVALID
                        | SANDGATE_BAD_SANDBOX_ID
                        | SANDGATE_NOT_INITIALIZED
                        | SANDGATE_NULL_POINTER
                );
            }
        }
    }
}
