//! Cases that are mostly right, and wrong in one place or two.

pub(crate) mod edge;
pub(crate) mod file_query;
pub(crate) mod sign;
pub(crate) mod traffic;

use crate::agreement::oracle::Verifier;
use crate::agreement::template::Tamper;
use crate::agreement::times::Offset;
use proptest::prelude::*;
use proptest::sample::select;
use sandgate::Operation;

/// May be absent.
pub(crate) type Text = Vec<u8>;

pub(crate) const CONTEXT: &[u8] = b"203.0.113.7";
/// The last time of the wire format, and the largest size.
pub(crate) const LAST: i64 = (1 << 53) - 1;

pub(crate) fn verifier(max_lifetime: u32) -> impl Strategy<Value = Verifier<'static>> {
    let now = prop_oneof![8 => Just(1_800_000_000), 1 => select(vec![0, 1, 299, LAST - 1, LAST]), 1 => any::<i64>()];
    let context = select(vec![None, None, Some(CONTEXT)]);
    let max_lifetime = prop_oneof![4 => Just(max_lifetime), 1 => 0..3_u32, 1 => Just(u32::MAX)];
    (now, context, 0..=300_u32, max_lifetime).prop_map(|(now, context, leeway, max_lifetime)| Verifier {
        context,
        leeway,
        max_lifetime,
        now,
    })
}

/// The verifier's values and the signed ones: mostly the same.
pub(crate) fn informed() -> impl Strategy<Value = (Verifier<'static>, Option<&'static [u8]>)> {
    let other = prop_oneof![6 => Just(None), 1 => Just(Some(None)), 1 => Just(Some(Some(&b"another"[..])))];
    (verifier(604_800), other).prop_map(|(verifier, other)| (verifier, other.unwrap_or(verifier.context)))
}

pub(crate) fn offset() -> impl Strategy<Value = Offset> {
    (-2..3_i8).prop_map(Offset::new)
}

pub(crate) fn tamper() -> impl Strategy<Value = Option<Tamper>> {
    let change = (any::<u8>(), select(&b"AZaz0189-_.=+$ %\0\xe9"[..])).prop_map(|(at, to)| Some(Tamper { at, to }));
    prop_oneof![5 => Just(None), 1 => change]
}

fn text(text: &str) -> Text {
    text.as_bytes().to_vec()
}

pub(crate) fn texts(of: &[&str]) -> impl Strategy<Value = Text> + use<> {
    select(of.iter().map(|of| text(of)).collect::<Vec<_>>())
}

pub(crate) fn operation() -> impl Strategy<Value = Operation> {
    select(vec![Operation::Read, Operation::Write])
}
