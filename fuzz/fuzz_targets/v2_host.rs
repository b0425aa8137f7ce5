//! A host of arbitrary bytes, routed and checked as a signed one: core and the reference implementation must agree.

#![no_main]

#[path = "../../core/tests/agreement/mod.rs"]
mod agreement;
#[path = "../v2/input.rs"]
mod input;

use agreement::signed_host;
use arbitrary::Arbitrary;
use input::Clock;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    clock: Clock,
    host: &'a [u8],
}

fuzz_target!(|input: Input<'_>| {
    let (verifier, offset, tamper) = input.clock.at(None);
    signed_host::Case { host: input.host.to_vec(), verifier, offset, tamper }.check();
});
