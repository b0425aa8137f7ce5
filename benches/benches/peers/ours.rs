//! Core's calls, each beside the bare compressions that it needs.

use crate::measure::{Candidate, ours, peer};
use sandgate::{Operation, Request, SandboxState};
use sandgate_benches::compress;
use sandgate_benches::deployment::{AT, Deployment, v1_url, v2_url};
use sandgate_benches::linear::once;
use std::hint::black_box;

/// The row of the bare compressions, and their names.
const FLOOR: &str = "only the compressions";
const BLOCKS: [&str; 4] = ["1 block", "2 blocks", "3 blocks", "4 blocks"];
const TWO: &str = BLOCKS[1];
const THREE: &str = BLOCKS[2];
/// The rows of the three targets.
pub(crate) const CHECKS: [&str; 3] =
    ["v1 check, our URL", "v1 check, the Python SDK's URL", "v1 check, the JavaScript SDK's URL"];

pub(crate) fn candidates(on: &Deployment) -> Vec<Candidate<'_>> {
    static ZERO: [[u8; 64]; 4] = [[0x5a; 64]; 4];
    let mut all = Vec::new();
    for (count, name) in (1..).zip(BLOCKS) {
        all.push(peer(FLOOR, name, move || compress(black_box(&ZERO[..count]))));
    }
    for (row, (_, target)) in CHECKS.into_iter().zip(&on.v1_targets) {
        let target = target.as_bytes();
        all.push(ours(row, THREE, move || {
            on.v1_controller.check(&Request::new(b"GET", black_box(target)), AT).is_ok()
        }));
    }
    let query = on.v1_targets[0].1.split_once('?').expect("a query").1.as_bytes();
    let query_v2 = on.v2_target.split_once('?').expect("a query").1.as_bytes();
    let (url, url_v2, id) = (v1_url(), v2_url(), &on.id);
    let plain = on.route(&on.label());
    let request = Request::new(b"GET", b"/").traffic_token(once(on.v1_traffic.expose()));
    all.extend([
        ours("v1 verify_query", THREE, move || on.v1_key.verify_query(Operation::Read, black_box(query), AT).is_ok()),
        ours("v1 verify", THREE, move || on.v1_key.verify(black_box(&url), on.v1_signature.as_bytes(), AT).is_ok()),
        ours("v1 sign", THREE, move || on.v1_key.sign(black_box(&url))),
        ours("v2 check, our URL", THREE, move || {
            on.v2_controller.check(&Request::new(b"GET", black_box(on.v2_target.as_bytes())), AT).is_ok()
        }),
        ours("v2 verify_query", THREE, move || {
            on.v2_key.verify_query(Operation::Read, black_box(query_v2), None, AT).is_ok()
        }),
        ours("v2 verify", THREE, move || on.v2_key.verify(black_box(&url_v2), on.v2_signature.as_bytes(), AT).is_ok()),
        ours("v2 sign", THREE, move || on.v2_key.sign(black_box(&url_v2)).is_ok()),
        ours("v1 derive a token", TWO, move || on.v1.access_token(black_box(id))),
        ours("v1 verify a token", TWO, move || {
            on.v1.verify_access_token(black_box(id), on.v1_token.expose().as_bytes()).is_ok()
        }),
        ours("v2 derive a token", TWO, move || on.v2.access_token(black_box(id), 0)),
        ours("v2 verify a token", TWO, move || {
            on.v2.verify_access_token(black_box(id), 0, on.v2_token.expose().as_bytes()).is_ok()
        }),
        ours("v1 edge, token in the header", TWO, move || {
            on.v1_edge.check(&plain, SandboxState::restricted(), black_box(&request), AT).is_ok()
        }),
    ]);
    all
}
