//! A traffic pass of arbitrary bytes, in each carrier that takes one: core and the reference implementation must agree.

#![no_main]

#[path = "../../core/tests/agreement/mod.rs"]
mod agreement;
#[path = "../v2/input.rs"]
mod input;

use agreement::pass;
use arbitrary::Arbitrary;
use input::{Clock, Context, line};
use libfuzzer_sys::fuzz_target;
use sandgate::Carrier;

/// The text is the context, if there is one, a line feed, and the pass.
#[derive(Arbitrary, Debug)]
struct Input<'a> {
    clock: Clock,
    context: Context,
    carrier: u8,
    port: u16,
    text: &'a [u8],
}

fuzz_target!(|input: Input<'_>| {
    let (context, text) = line(input.text);
    let (known, issued_for) = input.context.both(context);
    let carrier = [Carrier::Header, Carrier::Query, Carrier::Cookie][usize::from(input.carrier % 3)];
    let (verifier, offset, tamper) = input.clock.at(known);
    let case = pass::Case { text: text.to_vec(), carrier, port: input.port, issued_for, verifier, offset, tamper };
    case.check();
});
