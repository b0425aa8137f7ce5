//! A raw query of arbitrary bytes, verified by core and by the reference implementation of its tests: they must agree.
//!
//! Random bytes never contain a right signature, so the fuzzer can request one: a `$` in the query becomes the signature of
//! the path, user and expiry that the oracle finds there.

#![no_main]

#[path = "../../core/tests/oracle/mod.rs"]
mod oracle;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use oracle::Answer;
use sandgate::v1::FileUrlKey;
use sandgate::{AccessToken, Operation, UnixSeconds};

const TOKEN: &str = "0tQG31xiMp0IOQfaz9dcwi72L1CPo8e0";

#[derive(Arbitrary, Debug)]
struct Case<'a> {
    write: bool,
    now: i64,
    query: &'a [u8],
}

fuzz_target!(|case: Case<'_>| {
    let operation = if case.write { Operation::Write } else { Operation::Read };
    let query = sign(case.query, operation);
    let key = FileUrlKey::new(&AccessToken::try_from(TOKEN).expect("a token")).expect("of v1");
    let ours = match key.verify_query(operation, &query, UnixSeconds::new(case.now)) {
        Ok(grant) => Answer::Granted {
            path: grant.path().bytes().collect(),
            user: grant.user().unwrap_or_default().bytes().collect(),
            expires: grant.expires().map(UnixSeconds::get),
        },
        Err(denied) => Answer::Refused(denied.code().as_str()),
    };
    assert_eq!(ours, oracle::verify_query(TOKEN, operation.as_str(), &query, case.now));
});

/// The query with its first `$` replaced by the right signature, percent-encoded.
fn sign(query: &[u8], operation: Operation) -> Vec<u8> {
    let Some(place) = query.iter().position(|byte| *byte == b'$') else { return query.to_vec() };
    let Some(said) = oracle::Query::read(query) else { return query.to_vec() };
    let signature = oracle::signature(&said.path, operation.as_str(), &said.user, TOKEN, said.expires);
    let signature = signature.replace('+', "%2B").replace('/', "%2f");
    [&query[..place], signature.as_bytes(), &query[place + 1..]].concat()
}
