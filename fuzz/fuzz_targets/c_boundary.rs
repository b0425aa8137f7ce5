//! Sequences of calls through the C interface, with pointers, lengths, sizes and integers of a careless program. Every
//! result is one that the header names for the function, every output is complete or unchanged, and the library accepts its
//! own credentials.

#![no_main]

#[path = "../c_boundary/mod.rs"]
mod c_boundary;

use c_boundary::{Call, Machine};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|calls: Vec<Call<'_>>| {
    let mut machine = Machine::new();
    for call in calls.iter().take(32) {
        machine.run(call);
    }
});
