//! Applies the explained change to the URL, and verifies the result.
#![cfg(feature = "explain")]

mod mistakes;

use mistakes::{Asked, NOW, halves, is_named, mistaken, pieces};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sandgate::explain::{Change, Value, file_url};
use sandgate::{AccessToken, Code, Decoded, v1, v2};
use std::collections::BTreeSet;

/// Whether a key of one of these tokens verifies the signature. Time and scope may refuse.
fn is_signed(asked: &Asked, tokens: &[AccessToken]) -> bool {
    let Asked { operation, query, .. } = asked;
    tokens.iter().any(|token| {
        let verified = if v2::is_access_token(token.expose_bytes()) {
            v2::FileUrlKey::new(token).unwrap().verify_query(*operation, query, asked.context(), NOW)
        } else {
            v1::FileUrlKey::new(token).unwrap().verify_query(*operation, query, NOW)
        };
        let code = verified.err().map(|denied| denied.code());
        matches!(code, None | Some(Code::Expired | Code::LifetimeTooLong | Code::OutOfScope))
    })
}

/// Applies the change as a person does, from the shown name of the field and the shown value.
fn applied(asked: &Asked, change: &Change<'_>) -> Asked {
    let mut applied = asked.clone();
    match (change.field(), change.value()) {
        ("operation", Some(operation)) => applied.operation = operation.to_string().parse().unwrap(),
        ("context", None) => applied.context = None,
        ("key id", Some(kid)) => {
            let piece = pieces(&asked.query).find(|piece| is_named(piece, "signature")).unwrap();
            let signature: Vec<u8> = Decoded::from_query(halves(&piece).1).unwrap().bytes().collect();
            let rest = String::from_utf8(signature).unwrap().split_off("v2.a".len());
            applied.query = with_value(&asked.query, "signature", Some(format!("v2.{kid}{rest}").into_bytes()));
        }
        (field, value) => applied.query = with_value(&asked.query, field, value.map(|value| raw(&value))),
    }
    applied
}

/// The value as a query carries it.
fn raw(value: &Value<'_>) -> Vec<u8> {
    let shown = value.to_string();
    if value.is_percent_encoded() {
        return shown.into_bytes();
    }
    percent_encode(shown.as_bytes(), NON_ALPHANUMERIC).to_string().into_bytes()
}

/// The query with this raw value of a parameter, or without the parameter.
fn with_value(query: &[u8], name: &str, value: Option<Vec<u8>>) -> Vec<u8> {
    let mut pieces: Vec<Vec<u8>> = pieces(query).filter(|piece| !is_named(piece, name)).collect();
    pieces.extend(value.map(|value| [name.as_bytes(), b"=", &value].concat()));
    pieces.join(&b'&')
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn named_change_makes_the_signature_right((tokens, asked) in mistaken()) {
        let explained = file_url(&tokens, asked.operation, &asked.query, asked.context(), NOW).unwrap();
        let Some(change) = explained.and_then(|explained| explained.change) else { return Ok(()) };
        prop_assert!(!is_signed(&asked, &tokens), "{change:?} of what is signed");
        let applied = applied(&asked, &change);
        prop_assert!(is_signed(&applied, &tokens), "{change:?} gives {}", applied.query.escape_ascii());
    }
}

#[test]
fn cases_cover_every_kind_of_change() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..5000 {
        let (tokens, asked) = mistaken().new_tree(&mut runner).unwrap().current();
        let explained = file_url(&tokens, asked.operation, &asked.query, asked.context(), NOW).unwrap();
        if let Some(change) = explained.and_then(|explained| explained.change) {
            let value = if change.value().is_some() { "another" } else { "no" };
            seen.insert(format!("{value} {}", change.field()));
        }
    }
    let all = [
        "another key id",
        "another operation",
        "another path",
        "another signature",
        "another signature_directory",
        "another signature_expiration",
        "another signature_max_bytes",
        "another signature_sha256",
        "another username",
        "no context",
        "no signature_directory",
        "no signature_expiration",
        "no signature_max_bytes",
        "no signature_sha256",
        "no username",
    ];
    assert_eq!(seen.iter().map(String::as_str).collect::<Vec<_>>(), all);
}
