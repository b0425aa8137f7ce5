//! A C program made of arbitrary calls.
//!
//! All `unsafe` here rests on one thing: a pointer is NULL, or is to memory of the length that goes with it, or goes with
//! a length that no memory has.

mod file_urls;
mod gates;
mod memory;
mod storage;

use arbitrary::Arbitrary;
use file_urls::FileUrlCall;
use gates::GateCall;
use memory::{Bytes, Input};
use storage::StorageCall;

const ID: &[u8] = b"i94gcaqbpvohfr764s5l";
const SEED: &[u8] = b"a seed of at least 16 bytes";
const TOKEN: &[u8] = b"0tQG31xiMp0IOQfaz9dcwi72L1CPo8e0";

#[derive(Arbitrary, Debug)]
pub enum Call<'a> {
    Storage(StorageCall<'a>),
    FileUrl(FileUrlCall<'a>),
    Gate(GateCall<'a>),
}

/// As large as the largest of the opaque structs.
type Storage = [u64; 288];

pub struct Machine {
    /// One initialised piece of each kind, and one that is not.
    slots: [Box<Storage>; 5],
    /// What the library wrote last.
    last: Vec<u8>,
}

impl Machine {
    pub fn new() -> Self {
        let mut machine = Self { slots: std::array::from_fn(|_| Box::new([0; 288])), last: Vec::new() };
        machine.init_one_of_each();
        machine
    }

    pub fn run(&mut self, call: &Call<'_>) {
        match call {
            Call::Storage(call) => self.change_storage(call),
            Call::FileUrl(call) => self.use_file_url(call),
            Call::Gate(call) => self.ask_gate(call),
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
        Input::new(bytes, &[ID, SEED, TOKEN, &self.last])
    }
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
