//! A second, slow implementation of wire format v1: it allocates, uses well-known crates, and shares nothing with the crate
//! that it tests.

use base64::Engine;
use sha2::Digest;

/// The result of a raw query.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Granted { path: Vec<u8>, user: Vec<u8>, expires: Option<i64> },
    Refused(&'static str),
}

pub(crate) fn signature(path: &[u8], operation: &str, user: &[u8], token: &str, expires: Option<i64>) -> String {
    let mut message = [path, operation.as_bytes(), user, token.as_bytes()].join(&b":"[..]);
    if let Some(expires) = expires {
        message.extend(format!(":{expires}").bytes());
    }
    let digest = sha2::Sha256::digest(message);
    format!("v1_{}", base64::engine::general_purpose::STANDARD_NO_PAD.encode(digest))
}

/// The values of a query, or none if it is malformed.
pub(crate) struct Query {
    pub(crate) path: Vec<u8>,
    pub(crate) user: Vec<u8>,
    pub(crate) signature: Option<Vec<u8>>,
    pub(crate) expires: Option<i64>,
}

impl Query {
    pub(crate) fn read(query: &[u8]) -> Option<Self> {
        // Other parsers drop the whole parameter.
        if query.contains(&b';') {
            return None;
        }
        let mut found: [Option<Vec<u8>>; 4] = [const { None }; 4];
        for (name, value) in parameters(query)? {
            let names: [&[u8]; 4] = [b"path", b"username", b"signature", b"signature_expiration"];
            if let Some(place) = names.iter().position(|ours| *ours == name)
                && found[place].replace(value).is_some()
            {
                return None;
            }
        }
        let [path, user, signature, expiration] = found;
        let expires = match expiration {
            Some(text) => Some(String::from_utf8(text).ok()?.parse().ok()?),
            None => None,
        };
        Some(Self { path: path.unwrap_or_default(), user: user.unwrap_or_default(), signature, expires })
    }
}

pub(crate) fn verify_query(token: &str, operation: &str, query: &[u8], now: i64) -> Answer {
    let Some(query) = Query::read(query) else { return Answer::Refused("malformed") };
    let Query { path, user, signature: presented, expires } = query;
    let Some(presented) = presented else { return Answer::Refused("missing") };
    if presented != signature(&path, operation, &user, token, expires).into_bytes() {
        return Answer::Refused("invalid");
    }
    match expires {
        Some(expires) if expires < now => Answer::Refused("expired"),
        _ => Answer::Granted { path, user, expires },
    }
}

type Parameter = (Vec<u8>, Vec<u8>);

fn parameters(query: &[u8]) -> Option<Vec<Parameter>> {
    let pieces = query.split(|byte| *byte == b'&').filter(|piece| !piece.is_empty());
    pieces
        .map(|piece| {
            let equals = piece.iter().position(|byte| *byte == b'=');
            let (name, value) = match equals {
                Some(at) => (&piece[..at], &piece[at + 1..]),
                None => (piece, &[][..]),
            };
            Some((decode(name)?, decode(value)?))
        })
        .collect()
}

fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let escaped = |at: usize| text.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    let percents = text.iter().enumerate().filter(|(_, byte)| **byte == b'%');
    if !percents.into_iter().all(|(at, _)| escaped(at)) {
        return None;
    }
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    Some(percent_encoding::percent_decode(&spaced).collect())
}
