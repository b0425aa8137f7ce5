//! A C program made of arbitrary calls.
//!
//! All `unsafe` here rests on one thing: a pointer is NULL, or is to memory of the length that goes with it, or has a
//! length that no memory has.

mod file_urls;
mod gates;
mod heads;
mod memory;
mod storage;
mod traffic;
mod v2;

use arbitrary::Arbitrary;
use file_urls::FileUrlCall;
use gates::GateCall;
use heads::HeadCall;
use memory::{Bytes, Input};
use storage::StorageCall;
use traffic::TrafficCall;
use v2::V2Call;

const ID: &[u8] = b"i94gcaqbpvohfr764s5l";
const SEED: &[u8] = b"a seed of at least 16 bytes";
const TOKEN: &[u8] = b"0tQG31xiMp0IOQfaz9dcwi72L1CPo8e0";
const SEED_V2: &[u8] = b"a seed of at least 32 bytes, kept secret";
// The tokens derived from it under the key id `a`, in generation 0.
const ACCESS_TOKEN: &[u8] = b"sg2a.a.WxUfKvcxejnKL18U63iidmTubqcz_QgXNajGvhZWFYQ";
const TRAFFIC_TOKEN: &[u8] = b"sg2t.a.VcRAHURRREA3W-Xu4GKrR4yiQ_maWCN9pM2-zwOuGUc";
const TRAFFIC_ROOT: &[u8] = b"sg2r.a.iw2Y7FU2nXhp-zRGtK3InVasZ3oOr1s8w-kOnt8Y9jw";

#[derive(Arbitrary, Debug)]
pub enum Call<'a> {
    Storage(StorageCall<'a>),
    FileUrl(FileUrlCall<'a>),
    Gate(GateCall<'a>),
    V2(V2Call<'a>),
    Traffic(TrafficCall<'a>),
    Head(HeadCall<'a>),
}

/// As large as the largest of the opaque structs.
type Storage = [u64; WORDS];
const WORDS: usize = 384;

pub struct Machine {
    /// One initialised piece of each kind, and one that is not.
    slots: [Box<Storage>; 10],
    /// The last output of the library.
    last: Vec<u8>,
}

impl Machine {
    pub fn new() -> Self {
        let mut machine = Self { slots: std::array::from_fn(|_| Box::new([0; WORDS])), last: Vec::new() };
        machine.init_one_of_each();
        machine
    }

    pub fn run(&mut self, call: &Call<'_>) {
        match call {
            Call::Storage(call) => self.change_storage(call),
            Call::FileUrl(call) => self.use_file_url(call),
            Call::Gate(call) => self.ask_gate(call),
            Call::V2(call) => self.use_v2(call),
            Call::Traffic(call) => self.use_traffic(call),
            Call::Head(call) => self.use_heads(call),
        }
    }

    fn storage(&mut self, slot: u8) -> &mut Storage {
        let count = self.slots.len();
        &mut self.slots[usize::from(slot) % count]
    }

    /// Storage as any kind of opaque struct.
    fn slot<T>(&mut self, slot: u8) -> *mut T {
        (&raw mut *self.storage(slot)).cast()
    }

    fn input(&self, bytes: &Bytes<'_>) -> Input {
        Input::new(bytes, &[ID, SEED, TOKEN, &self.last, SEED_V2, ACCESS_TOKEN, TRAFFIC_TOKEN, TRAFFIC_ROOT])
    }
}

/// Bytes or none, as an optional input is given.
fn given(bytes: Option<&Bytes<'_>>, machine: &Machine) -> Input {
    bytes.map_or_else(|| machine.input(&Bytes::Null), |bytes| machine.input(bytes))
}

/// The result is one that the header names for the function.
macro_rules! assert_documented {
    ($result:expr, $documented:pat) => {{
        let result = $result;
        assert!(matches!(result, $documented), "{result:?} is not documented");
        result
    }};
}
use assert_documented;
