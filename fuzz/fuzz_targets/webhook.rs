//! Webhooks of arbitrary headers, secrets and bodies: core and a slow model must agree, on the whole body and on its pieces. And why
//! one is refused: exactly those that are not accepted are explained, and each mistake in making a signature is named.

#![no_main]

use arbitrary::Arbitrary;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use libfuzzer_sys::fuzz_target;
use sandgate::explain::{self, WebhookDiffers};
use sandgate::webhook::{Headers, Verifier, sign};
use sandgate::{Denied, Gate, Header, Misuse};
use sha2::{Digest, Sha256};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    /// Most are long enough.
    secrets: Vec<(u8, &'a [u8])>,
    lines: Vec<Line<'a>>,
    body: &'a [u8],
    /// The lengths of the pieces, in turn.
    pieces: Vec<u8>,
}

#[derive(Arbitrary, Debug)]
enum Line<'a> {
    /// The right signature by one of the secrets.
    Signed {
        secret: u8,
        upper: bool,
    },
    /// The same with one byte changed.
    Edited {
        secret: u8,
        at: u8,
        byte: u8,
    },
    Signature(&'a [u8]),
    V1,
    Version(&'a [u8]),
    Other(&'a [u8], &'a [u8]),
}

/// The signature as another implementation makes it.
fn signature(secret: &[u8], body: &[u8]) -> String {
    STANDARD_NO_PAD.encode(Sha256::digest([secret, body].concat()))
}

impl Line<'_> {
    fn read(&self, secrets: &[&[u8]], body: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let of = |secret: u8| signature(secrets[usize::from(secret) % secrets.len()], body).into_bytes();
        let (name, value) = match *self {
            Self::Signed { secret, upper } => (if upper { "E2B-SIGNATURE" } else { "e2b-signature" }, of(secret)),
            Self::Edited { secret, at, byte } => {
                let mut text = of(secret);
                text[usize::from(at) % 43] = byte;
                ("E2b-Signature", text)
            }
            Self::Signature(value) => ("e2b-signature", value.to_vec()),
            Self::V1 => ("e2b-signature-version", b"v1".to_vec()),
            Self::Version(value) => ("E2B-Signature-Version", value.to_vec()),
            Self::Other(name, value) => return (name.to_vec(), value.to_vec()),
        };
        (name.as_bytes().to_vec(), value)
    }
}

/// The slow model.
fn answer(secrets: &[&[u8]], lines: &[(Vec<u8>, Vec<u8>)], body: &[u8]) -> Result<(), &'static str> {
    let values = |wanted: &str| -> Vec<String> {
        let named = lines.iter().filter(|(name, _)| String::from_utf8_lossy(name).to_ascii_lowercase() == wanted);
        let text = |value: &[u8]| value.iter().map(|byte| char::from(*byte)).collect::<String>();
        named.map(|(_, value)| text(value).trim_matches([' ', '\t']).to_owned()).collect()
    };
    let (signatures, versions) = (values("e2b-signature"), values("e2b-signature-version"));
    let [presented] = &signatures[..] else {
        return Err(if signatures.is_empty() { "missing" } else { "malformed" });
    };
    if presented.is_empty() {
        return Err("missing");
    }
    let is_base64 = |character: char| character.is_ascii_alphanumeric() || character == '+' || character == '/';
    let is_v1 = versions.is_empty() || versions == ["v1"];
    if !is_v1 || presented.chars().count() != 43 || !presented.chars().all(is_base64) {
        return Err("malformed");
    }
    let is_right = secrets.iter().any(|secret| signature(secret, body) == *presented);
    if is_right { Ok(()) } else { Err("invalid") }
}

/// A signature that is made in another way: another hash, another spelling, or both.
fn mistaken(secret: &[u8], body: &[u8], way: usize) -> String {
    let digest = match way / 4 % 3 {
        0 => Sha256::digest([secret, body].concat()),
        1 => Sha256::digest([body, secret].concat()),
        _ => {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
            mac.update(body);
            mac.finalize().into_bytes()
        }
    };
    match way % 4 {
        0 => digest.iter().map(|byte| format!("{byte:02X}")).collect(),
        1 => format!("sha256={}", STANDARD_NO_PAD.encode(digest)),
        2 => STANDARD.encode(digest),
        _ => URL_SAFE_NO_PAD.encode(digest),
    }
}

/// `refused` is the answer of a verifier of this one secret.
fn explains(secret: &[u8], headers: &Headers<'_>, body: &[u8], refused: Result<(), Denied>) {
    let explained = explain::webhook(secret, headers, body).unwrap();
    assert_eq!(explained.map(|why| why.denied), refused.err());
    let Some(why) = explained else { return };
    assert!(why.to_string().len() > 20 && !format!("{why:?}").is_empty());
    if why.differs == Some(WebhookDiffers::Version) {
        let without = Headers { version: Header::Absent, ..*headers };
        assert_eq!(Verifier::new(secret).unwrap().verify(&without, body), Ok(()));
    }
}

fuzz_target!(|input: Input<'_>| {
    let long = |text: &[u8]| [b"at least 16 bytes", text].concat();
    let given = input.secrets.iter().map(|(kind, text)| if *kind < 8 { text.to_vec() } else { long(text) });
    let given: Vec<Vec<u8>> = given.collect();
    let Some((first, more)) = given.split_first() else { return };
    let verifier = Verifier::new(first);
    assert_eq!(verifier.is_err(), first.len() < 16);
    assert_eq!(sign(first, input.body).is_err(), first.len() < 16);
    let Ok(mut verifier) = verifier else { return };
    let mut secrets = vec![&first[..]];
    for secret in more {
        match verifier.add(secret) {
            Ok(()) => secrets.push(secret),
            Err(Misuse::WebhookSecret) => assert!(secret.len() < 16),
            Err(misuse) => assert_eq!((misuse, secrets.len()), (Misuse::TooManySecrets, 8)),
        }
    }
    let wrong = mistaken(first, input.body, input.body.len());
    if wrong != signature(first, input.body) {
        let headers = Headers { signature: Header::Once(wrong.as_bytes()), version: Header::Absent };
        let differs = explain::webhook(first, &headers, input.body).unwrap().and_then(|why| why.differs);
        assert!(matches!(differs, Some(WebhookDiffers::Made(_))), "{wrong}: {differs:?}");
    }
    let signed = sign(first, input.body).map(|signature| signature.as_str().to_owned());
    assert_eq!(signed, Ok(signature(first, input.body)));

    let lines: Vec<_> = input.lines.iter().take(8).map(|line| line.read(&secrets, input.body)).collect();
    let headers = Headers::read(lines.iter().map(|(name, value)| (&name[..], &value[..])));
    let code = |denied: Denied| {
        assert_eq!(denied.gate(), Gate::Webhook);
        denied.code().as_str()
    };
    explains(first, &headers, input.body, Verifier::new(first).unwrap().verify(&headers, input.body));
    let expected = answer(&secrets, &lines, input.body);
    assert_eq!(verifier.verify(&headers, input.body).map_err(code), expected);

    let in_pieces = verifier.start(&headers).and_then(|mut verification| {
        let (mut rest, mut lengths) = (input.body, input.pieces.iter().cycle());
        while !rest.is_empty() {
            let length = lengths.next().map_or(rest.len(), |length| usize::from(*length).clamp(1, rest.len()));
            let (piece, after) = rest.split_at(length);
            verification.update(piece);
            rest = after;
        }
        verification.finish()
    });
    assert_eq!(in_pieces.map_err(code), expected);
});
