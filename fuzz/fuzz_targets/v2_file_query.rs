//! A raw query of arbitrary bytes at a v2 controller, and arbitrary URLs to sign: core and the reference implementation
//! must agree.

#![no_main]

#[path = "../../core/tests/agreement/mod.rs"]
mod agreement;
#[path = "../v2/input.rs"]
mod input;

use agreement::{file_query, sign};
use arbitrary::Arbitrary;
use input::{Clock, Context, line};
use libfuzzer_sys::fuzz_target;
use sandgate::Operation;

/// The text is the context, if there is one, a line feed, and the query.
#[derive(Arbitrary, Debug)]
struct Input<'a> {
    clock: Clock,
    context: Context,
    write: bool,
    text: &'a [u8],
}

fuzz_target!(|input: Input<'_>| {
    let (context, query) = line(input.text);
    let (known, signed_for) = input.context.both(context);
    let operation = if input.write { Operation::Write } else { Operation::Read };
    let (verifier, offset, tamper) = input.clock.at(known);
    let case = file_query::Case { operation, query: query.to_vec(), signed_for, verifier, offset, tamper };
    case.check();
    sign::Case::of_query(operation, &case.filled(), known).check();
});
