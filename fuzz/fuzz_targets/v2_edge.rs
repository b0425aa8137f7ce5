//! A complete request to an edge: core and the reference implementation must agree on the decision and on the carrier
//! that decided, and the forwarded request has no carrier.

#![no_main]

#[path = "../../core/tests/agreement/mod.rs"]
mod agreement;
#[path = "../v2/input.rs"]
mod input;

use agreement::edge::{Case, Secrets};
use arbitrary::Arbitrary;
use input::{Clock, line};
use libfuzzer_sys::fuzz_target;
use sandgate::Carrier;

/// The text has a line each for the context, the host and the query, then `h` lines, headers, and `c` lines, cookies.
#[derive(Arbitrary, Debug)]
struct Input<'a> {
    clock: Clock,
    signed_host_max_lifetime: u32,
    /// A bit for each.
    accepted: u8,
    secrets: u8,
    own_controller_port: bool,
    generation: u8,
    last_end: bool,
    text: &'a [u8],
}

fuzz_target!(|input: Input<'_>| {
    let (context, text) = line(input.text);
    let (host, text) = line(text);
    let (query, text) = line(text);
    let lines = |kind: u8| -> Vec<Vec<u8>> {
        let lines = text.split(|byte| *byte == b'\n').filter_map(|line| line.strip_prefix(&[kind]));
        lines.take(3).map(<[u8]>::to_vec).collect()
    };
    let (context, _) = context.split_at(context.len().min(255));
    let (verifier, offset, _) = input.clock.at(Some(context).filter(|context| !context.is_empty()));
    let accepted = Carrier::ALL.into_iter().zip(0..).filter(|(_, bit)| input.accepted >> bit & 1 == 1);
    let case = Case {
        host: host.to_vec(),
        headers: lines(b'h'),
        query: query.to_vec(),
        cookies: lines(b'c'),
        accepted: accepted.map(|(carrier, _)| carrier).collect(),
        controller_port: if input.own_controller_port { 8080 } else { 49983 },
        generation: input.generation.into(),
        secrets: [Secrets::Derived, Secrets::Stored, Secrets::WithV1][usize::from(input.secrets % 3)],
        signed_host_max_lifetime: input.signed_host_max_lifetime,
        verifier,
    };
    let end = if input.last_end { '>' } else { '<' };
    case.fill(end, offset).check();
});
