//! Compares verification of a raw query with the reference implementation, over arbitrary bytes.

mod oracle;

use oracle::Answer;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use sandgate::v1::{FileUrl, FileUrlKey};
use sandgate::{AccessToken, Operation, UnixSeconds};

const TOKEN: &str = "0tQG31xiMp0IOQfaz9dcwi72L1CPo8e0";
const NOW: i64 = 1_800_000_000;

fn ours(operation: Operation, query: &[u8]) -> Answer {
    let key = FileUrlKey::new(&AccessToken::try_from(TOKEN).unwrap()).unwrap();
    match key.verify_query(operation, query, UnixSeconds::new(NOW)) {
        Ok(grant) => Answer::Granted {
            path: grant.path().bytes().collect(),
            user: grant.user().unwrap_or_default().bytes().collect(),
            expires: grant.expires().map(UnixSeconds::get),
        },
        Err(denied) => Answer::Refused(denied.code().as_str()),
    }
}

fn theirs(operation: Operation, query: &[u8]) -> Answer {
    oracle::verify_query(TOKEN, operation.as_str(), query, NOW)
}

/// One byte, in any of its spellings inside a query.
fn spell(byte: u8, choice: u8) -> Vec<u8> {
    let ordinary = !matches!(byte, b'&' | b'=' | b'%' | b'+' | b';');
    match choice % 4 {
        0 | 1 if ordinary => vec![byte],
        2 if byte == b' ' => vec![b'+'],
        3 => format!("%{byte:02x}").into_bytes(),
        _ => format!("%{byte:02X}").into_bytes(),
    }
}

fn spelled(text: &[u8], choices: &[u8]) -> Vec<u8> {
    let choices = choices.iter().cycle();
    text.iter().zip(choices).flat_map(|(byte, choice)| spell(*byte, *choice)).collect()
}

fn operation() -> impl Strategy<Value = Operation> {
    select(vec![Operation::Read, Operation::Write])
}

fn expiry() -> impl Strategy<Value = Option<i64>> {
    prop::option::of(prop_oneof![NOW - 2..NOW + 3, any::<i64>(), select(vec![0, -1, i64::MIN, i64::MAX])])
}

/// A correctly signed query: parameters in any order and spelling, preceded by unknown ones.
fn signed() -> impl Strategy<Value = (Operation, Vec<u8>)> {
    let user = prop::option::of(prop::collection::vec(any::<u8>(), 0..20));
    let choices = prop::collection::vec(any::<u8>(), 1..40);
    let junk = "(&|a=1&|utm_source=%41&|b&|=c&){0,3}";
    (operation(), any::<Vec<u8>>(), user, expiry(), choices, junk).prop_flat_map(
        |(operation, path, user, expires, choices, junk)| {
            let no_user = Vec::new();
            let signature =
                oracle::signature(&path, operation.as_str(), user.as_ref().unwrap_or(&no_user), TOKEN, expires);
            let parameters = [
                (&b"path"[..], Some(path)),
                (b"username", user),
                (b"signature", Some(signature.into_bytes())),
                (b"signature_expiration", expires.map(|time| time.to_string().into_bytes())),
            ];
            let given: Vec<Vec<u8>> = parameters
                .into_iter()
                .filter_map(|(name, value)| Some([spelled(name, &choices), spelled(&value?, &choices)].join(&b'=')))
                .collect();
            let queries = Just(given).prop_shuffle();
            queries.prop_map(move |given| (operation, [junk.as_bytes(), &given.join(&b'&')].concat()))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn every_spelling_of_a_signed_query_agrees_with_the_oracle((operation, query) in signed()) {
        let answer = ours(operation, &query);
        prop_assert_eq!(&answer, &theirs(operation, &query));
        prop_assert!(matches!(answer, Answer::Granted { .. } | Answer::Refused("expired")), "{:?}", answer);
    }

    #[test]
    fn changed_queries_agree_with_the_oracle((operation, mut query) in signed(), at: Index, byte in select(&b"&=%+;a0F:\0\xff "[..]), insert: bool) {
        let at = at.index(query.len());
        if insert { query.insert(at, byte) } else { query[at] = byte }
        prop_assert_eq!(ours(operation, &query), theirs(operation, &query));
    }

    #[test]
    fn arbitrary_bytes_agree_with_the_oracle(operation in operation(), query: Vec<u8>) {
        prop_assert_eq!(ours(operation, &query), theirs(operation, &query));
    }

    #[test]
    fn fragments_of_queries_agree_with_the_oracle(operation in operation(), query in "((path|username|signature|signature_expiration|s%69gnature)=?(v1_|%2B5|007|-1|%|9223372036854775808|a)?&?){0,5}") {
        prop_assert_eq!(ours(operation, query.as_bytes()), theirs(operation, query.as_bytes()));
    }

    #[test]
    fn signed_urls_verify(operation in operation(), path: Vec<u8>, user: Vec<u8>, expires in prop::option::of(NOW..)) {
        let key = FileUrlKey::new(&AccessToken::try_from(TOKEN).unwrap()).unwrap();
        let url = FileUrl::new(operation, &path).user(&user).maybe_expires(expires.map(UnixSeconds::new));
        let signature = key.sign(&url);
        prop_assert_eq!(signature.as_str(), oracle::signature(&path, operation.as_str(), &user, TOKEN, expires));
        prop_assert_eq!(key.verify(&url, signature.as_str().as_bytes(), UnixSeconds::new(NOW)), Ok(()));

        let mut text = String::new();
        key.write_url(&mut text, "https://49983-abc.e2b.app/", &url).unwrap();
        let (base, query) = text.split_once('?').unwrap();
        prop_assert_eq!(base, "https://49983-abc.e2b.app/files");
        prop_assert_eq!(ours(operation, query.as_bytes()), Answer::Granted { path: path.clone(), user: user.clone(), expires });

        let mut buffer = vec![0; text.len()];
        prop_assert_eq!(key.write_url_to_slice(&mut buffer, "https://49983-abc.e2b.app", &url), Ok(&text[..]));
    }
}
