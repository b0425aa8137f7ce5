//! Compares wire format v2 with the reference implementation: both give the same answer to every case.

mod agreement;
mod strategies;

use agreement::Outcome;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;
use strategies::{edge, file_query, sign, traffic};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn file_queries(case in file_query::cases()) {
        case.check();
    }

    #[test]
    fn passes(case in traffic::passes()) {
        case.check();
    }

    #[test]
    fn signed_hosts(case in traffic::hosts()) {
        case.check();
    }

    #[test]
    fn edge_requests(case in edge::cases()) {
        case.check();
    }

    #[test]
    fn signers(case in sign::cases()) {
        case.check();
    }
}

/// The outcomes of the same cases on every run.
fn all<C: core::fmt::Debug, T: Ord>(cases: impl Strategy<Value = C>, check: impl Fn(&C) -> T) -> BTreeSet<T> {
    let mut runner = TestRunner::deterministic();
    (0..2048).map(|_| check(&cases.new_tree(&mut runner).unwrap().current())).collect()
}

const REFUSALS: [Outcome; 4] = ["expired", "invalid", "lifetime_too_long", "malformed"];

/// Agreement would mean little if every case were refused for the same reason.
#[test]
fn cases_cover_every_code_and_carrier() {
    let outcomes = |and: &[Outcome]| REFUSALS.iter().chain(and).copied().collect::<BTreeSet<_>>();
    assert_eq!(
        all(file_query::cases(), agreement::file_query::Case::check),
        outcomes(&["missing", "ok", "out_of_scope"])
    );
    assert_eq!(all(traffic::passes(), agreement::pass::Case::check), outcomes(&["missing", "ok", "out_of_scope"]));
    assert_eq!(all(traffic::hosts(), agreement::signed_host::Case::check), outcomes(&["missing", "ok", "unrouted"]));
    assert_eq!(all(sign::cases(), agreement::sign::Case::check), BTreeSet::from([false, true]));

    let decisions = all(edge::cases(), |case| case.check().map(|decision| (decision.carrier, decision.outcome)));
    for carrier in ["header", "host", "query", "cookie"] {
        let scope = (carrier != "host").then_some("out_of_scope");
        for outcome in REFUSALS.into_iter().chain(["ok"]).chain(scope) {
            assert!(decisions.contains(&Some((Some(carrier), outcome))), "{carrier} {outcome}");
        }
    }
    assert!(decisions.contains(&Some((None, "ok"))) && decisions.contains(&Some((None, "missing"))));
}
