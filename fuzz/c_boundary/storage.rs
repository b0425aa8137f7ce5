//! The opaque structs: initialised, changed, wiped, copied, filled with anything, and the tokens of a keyring.

use super::memory::{Bytes, Output, Room, Size, Sized};
use super::{Machine, Storage, WORDS, assert_documented};
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
    V2Keyring,
    V2Traffic,
    V2Key,
    V2TrafficKey,
}

#[derive(Arbitrary, Debug)]
pub struct Policy {
    size: Size,
    leeway: u16,
    lifetimes: [u32; 2],
    carriers: u8,
    versions: u8,
    v1_expiry_required: u32,
}

impl Policy {
    /// Right more often than not.
    fn given(&self) -> Sized {
        let of_c = sandgate_policy {
            struct_size: 0,
            leeway: (self.leeway % 512).into(),
            max_lifetime: self.lifetimes[0],
            signed_host_max_lifetime: self.lifetimes[1],
            carriers: (self.carriers % 32).into(),
            versions: (self.versions % 5).into(),
            v1_expiry_required: self.v1_expiry_required,
        };
        Sized::new(&of_c, &self.size)
    }
}

/// A slot is the number of a piece of storage, which may hold anything.
#[derive(Arbitrary, Debug)]
pub enum StorageCall<'a> {
    Init { kind: Kind, slot: u8, secret: Bytes<'a>, kid: u8, policy: Option<Policy> },
    SetKeyring { from: u8, to: u8, is_v2: bool },
    Add { kind: Kind, slot: u8, secret: Bytes<'a>, kid: u8, port: u16 },
    Wipe { kind: Kind, slot: u8 },
    Fill { slot: u8, byte: u8 },
    Copy { from: u8, to: u8 },
    DeriveToken { slot: u8, id: Bytes<'a>, is_traffic: bool, room: Room },
    VerifyToken { slot: u8, id: Bytes<'a>, is_traffic: bool, presented: Bytes<'a> },
}

impl Machine {
    pub(super) fn init_one_of_each(&mut self) {
        // The secrets by their place among what is known.
        let kinds = [
            (Kind::Keyring, 1),
            (Kind::Key, 2),
            (Kind::Controller, 2),
            (Kind::Edge, 0),
            (Kind::V2Keyring, 4),
            (Kind::V2Traffic, 7),
            (Kind::V2Key, 5),
            (Kind::V2TrafficKey, 6),
            (Kind::Controller, 5),
        ];
        for (slot, (kind, known)) in (0..).zip(kinds) {
            self.init(kind, slot, &Bytes::Known(known), b'a', None);
        }
    }

    pub(super) fn change_storage(&mut self, call: &StorageCall<'_>) {
        match call {
            StorageCall::Init { kind, slot, secret, kid, policy } => {
                self.init(*kind, *slot, secret, *kid, policy.as_ref());
            }
            // An output overlaps no input.
            StorageCall::SetKeyring { from, to, .. } if self.is_same(*from, *to) => {}
            StorageCall::SetKeyring { from, to, is_v2 } => {
                // SAFETY: storage.
                let result = unsafe {
                    if *is_v2 {
                        sandgate_edge_set_v2_keyring(self.slot(*to), self.slot(*from))
                    } else {
                        sandgate_edge_set_v1_keyring(self.slot(*to), self.slot(*from))
                    }
                };
                assert_documented!(result, SANDGATE_OK | SANDGATE_NOT_INITIALIZED);
            }
            StorageCall::Add { kind, slot, secret, kid, port } => self.add(*kind, *slot, secret, *kid, *port),
            StorageCall::Wipe { kind, slot } => self.wipe(*kind, *slot),
            // Of one byte, so that the fuzzer does not find the marker.
            StorageCall::Fill { slot, byte } => *self.storage(*slot) = [u64::from_ne_bytes([*byte; 8]); WORDS],
            StorageCall::Copy { from, to } => *self.storage(*to) = *self.storage(*from),
            StorageCall::DeriveToken { slot, id, is_traffic, room } => self.derive_token(*slot, id, *is_traffic, room),
            StorageCall::VerifyToken { slot, id, is_traffic, presented } => {
                self.verify_token(*slot, id, *is_traffic, presented);
            }
        }
    }

    pub(super) fn is_same(&self, a: u8, b: u8) -> bool {
        usize::from(a) % self.slots.len() == usize::from(b) % self.slots.len()
    }

    fn init(&mut self, kind: Kind, slot: u8, secret: &Bytes<'_>, kid: u8, policy: Option<&Policy>) {
        let mut policy = policy.map(Policy::given);
        let policy = policy.as_mut().map_or(std::ptr::null_mut(), Sized::at);
        let (secret, before) = (self.input(secret), *self.storage(slot));
        let (at, len) = (secret.at(), secret.len);
        // SAFETY: bytes with their length, and storage.
        let result = unsafe {
            match kind {
                Kind::Keyring => sandgate_v1_keyring_init(at, len, self.slot(slot)),
                Kind::Key => sandgate_v1_file_url_key_init(at, len, self.slot(slot)),
                Kind::Controller => sandgate_controller_init(at, len, policy, self.slot(slot)),
                Kind::OpenController => sandgate_controller_init_open(self.slot(slot)),
                Kind::Edge => sandgate_edge_init(policy, self.slot(slot)),
                Kind::V2Keyring => sandgate_v2_keyring_init(kid as _, at, len, self.slot(slot)),
                Kind::V2Traffic => sandgate_v2_traffic_keyring_init(at, len, self.slot(slot)),
                Kind::V2Key => sandgate_v2_file_url_key_init(at, len, self.slot(slot)),
                Kind::V2TrafficKey => sandgate_v2_traffic_key_init(at, len, self.slot(slot)),
            }
        };
        match kind {
            Kind::Keyring => assert_documented!(result, SANDGATE_OK | SANDGATE_WEAK_SEED | SANDGATE_NULL_POINTER),
            Kind::OpenController => assert_documented!(result, SANDGATE_OK),
            Kind::Edge => assert_documented!(
                result,
                SANDGATE_OK | SANDGATE_BAD_POLICY | SANDGATE_BAD_LEEWAY | SANDGATE_STRUCT_SIZE | SANDGATE_NULL_POINTER
            ),
            Kind::Key => assert_documented!(
                result,
                SANDGATE_OK
                    | SANDGATE_BAD_TOKEN
                    | SANDGATE_V2_TOKEN_GIVEN
                    | SANDGATE_TRAFFIC_TOKEN_GIVEN
                    | SANDGATE_TRAFFIC_ROOT_GIVEN
                    | SANDGATE_NULL_POINTER
            ),
            Kind::Controller => assert_documented!(
                result,
                SANDGATE_OK
                    | SANDGATE_BAD_TOKEN
                    | SANDGATE_TRAFFIC_TOKEN_GIVEN
                    | SANDGATE_TRAFFIC_ROOT_GIVEN
                    | SANDGATE_TOKEN_VERSION
                    | SANDGATE_TOKEN_SHAPE
                    | SANDGATE_BAD_POLICY
                    | SANDGATE_BAD_LEEWAY
                    | SANDGATE_STRUCT_SIZE
                    | SANDGATE_NULL_POINTER
            ),
            Kind::V2Keyring => assert_documented!(
                result,
                SANDGATE_OK | SANDGATE_BAD_KEY_ID | SANDGATE_WEAK_SEED | SANDGATE_NULL_POINTER
            ),
            Kind::V2Traffic => assert_documented!(
                result,
                SANDGATE_OK
                    | SANDGATE_BAD_TOKEN
                    | SANDGATE_V1_TOKEN_GIVEN
                    | SANDGATE_ACCESS_TOKEN_GIVEN
                    | SANDGATE_TRAFFIC_TOKEN_GIVEN
                    | SANDGATE_TOKEN_SHAPE
                    | SANDGATE_NULL_POINTER
            ),
            Kind::V2Key | Kind::V2TrafficKey => assert_documented!(
                result,
                SANDGATE_OK
                    | SANDGATE_BAD_TOKEN
                    | SANDGATE_V1_TOKEN_GIVEN
                    | SANDGATE_ACCESS_TOKEN_GIVEN
                    | SANDGATE_TRAFFIC_TOKEN_GIVEN
                    | SANDGATE_TRAFFIC_ROOT_GIVEN
                    | SANDGATE_TOKEN_SHAPE
                    | SANDGATE_NULL_POINTER
            ),
        };
        if result != SANDGATE_OK {
            assert!(before == *self.storage(slot));
        }
    }

    fn add(&mut self, kind: Kind, slot: u8, secret: &Bytes<'_>, kid: u8, port: u16) {
        let (secret, before) = (self.input(secret), *self.storage(slot));
        let (at, len) = (secret.at(), secret.len);
        // SAFETY: bytes with their length, and storage.
        let result = unsafe {
            match kind {
                Kind::Keyring => sandgate_v1_keyring_add(self.slot(slot), at, len),
                Kind::Edge => sandgate_edge_set_controller_port(self.slot(slot), port.into()),
                Kind::V2Keyring => sandgate_v2_keyring_add(self.slot(slot), kid as _, at, len),
                Kind::V2Traffic => sandgate_v2_traffic_keyring_add(self.slot(slot), at, len),
                Kind::V2TrafficKey => sandgate_v2_traffic_key_set_controller_port(self.slot(slot), port.into()),
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
            Kind::Edge | Kind::V2TrafficKey => {
                assert_documented!(result, SANDGATE_OK | SANDGATE_BAD_PORT | SANDGATE_NOT_INITIALIZED)
            }
            Kind::V2Keyring => assert_documented!(
                result,
                SANDGATE_OK
                    | SANDGATE_BAD_KEY_ID
                    | SANDGATE_WEAK_SEED
                    | SANDGATE_REPEATED_KEY
                    | SANDGATE_TOO_MANY_SEEDS
                    | SANDGATE_NOT_INITIALIZED
                    | SANDGATE_NULL_POINTER
            ),
            Kind::V2Traffic => assert_documented!(
                result,
                SANDGATE_OK
                    | SANDGATE_BAD_TOKEN
                    | SANDGATE_V1_TOKEN_GIVEN
                    | SANDGATE_ACCESS_TOKEN_GIVEN
                    | SANDGATE_TRAFFIC_TOKEN_GIVEN
                    | SANDGATE_TOKEN_SHAPE
                    | SANDGATE_REPEATED_KEY
                    | SANDGATE_TOO_MANY_SEEDS
                    | SANDGATE_NOT_INITIALIZED
                    | SANDGATE_NULL_POINTER
            ),
            _ => assert_documented!(
                result,
                SANDGATE_OK
                    | SANDGATE_TOO_MANY_TOKENS
                    | SANDGATE_BAD_TOKEN
                    | SANDGATE_TRAFFIC_TOKEN_GIVEN
                    | SANDGATE_TRAFFIC_ROOT_GIVEN
                    | SANDGATE_TOKEN_VERSION
                    | SANDGATE_MIXED_VERSIONS
                    | SANDGATE_TOKEN_SHAPE
                    | SANDGATE_REPEATED_TOKEN
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
                Kind::V2Keyring => {
                    sandgate_v2_keyring_wipe(self.slot(slot));
                    size_of::<sandgate_v2_keyring>()
                }
                Kind::V2Traffic => {
                    sandgate_v2_traffic_keyring_wipe(self.slot(slot));
                    size_of::<sandgate_v2_traffic_keyring>()
                }
                Kind::V2Key => {
                    sandgate_v2_file_url_key_wipe(self.slot(slot));
                    size_of::<sandgate_v2_file_url_key>()
                }
                Kind::V2TrafficKey => {
                    sandgate_v2_traffic_key_wipe(self.slot(slot));
                    size_of::<sandgate_v2_traffic_key>()
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
            let again = unsafe { verify(self.slot(slot), id.at(), id.len, token.as_ptr().cast(), token.len()) };
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
