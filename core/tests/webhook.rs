//! Webhooks: what is accepted, what is refused, and that the body may come in any pieces.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use proptest::prelude::*;
use sandgate::webhook::{Headers, MAX_SECRETS, Signature, Verifier, sign};
use sandgate::{Code, Denied, Gate, Header, Misuse};
use sha2::{Digest, Sha256};

const SECRET: &[u8] = b"the secret of the webhook";
const BODY: &[u8] = br#"{"type":"sandbox.lifecycle.killed"}"#;

/// The signature, computed by other crates.
fn signed(secret: &[u8], body: &[u8]) -> String {
    STANDARD_NO_PAD.encode(Sha256::digest([secret, body].concat()))
}

fn headers<'a>(signature: &'a str, version: Option<&'a str>) -> Headers<'a> {
    Headers { signature: Header::Once(signature.as_bytes()), version: version.map(str::as_bytes).into() }
}

/// Both forms of the answer, which must be the same.
fn verify(verifier: &Verifier, headers: &Headers<'_>, body: &[u8]) -> Result<(), Code> {
    let whole = verifier.verify(headers, body);
    let in_pieces = verifier.start(headers).and_then(|mut verification| {
        body.chunks(7).for_each(|piece| verification.update(piece));
        verification.finish()
    });
    assert_eq!(whole, in_pieces);
    whole.map_err(|denied: Denied| {
        assert_eq!(denied.gate(), Gate::Webhook);
        denied.code()
    })
}

#[test]
fn signed_body_is_accepted_with_the_version_and_without() {
    let verifier = Verifier::new(SECRET).unwrap();
    let signature = signed(SECRET, BODY);
    assert_eq!(sign(SECRET, BODY).unwrap().as_str(), signature);
    assert_eq!(signature.len(), Signature::LEN);
    for version in [None, Some("v1")] {
        assert_eq!(verify(&verifier, &headers(&signature, version), BODY), Ok(()));
    }
    assert_eq!(verify(&verifier, &headers(&signed(SECRET, b""), None), b""), Ok(()));
}

#[test]
fn other_versions_are_refused() {
    let (verifier, signature) = (Verifier::new(SECRET).unwrap(), signed(SECRET, BODY));
    for version in ["", "v2", "V1", "1", "v1,v1", "v1, v1", "v10", " v1"] {
        let answer = verify(&verifier, &headers(&signature, Some(version)), BODY);
        assert_eq!(answer, Err(Code::Malformed), "{version:?}");
    }
}

#[test]
fn repeated_headers_are_refused() {
    let verifier = Verifier::new(SECRET).unwrap();
    let signature = signed(SECRET, BODY);
    let (name, version): (&[u8], &[u8]) = (b"e2b-signature", b"E2B-Signature-Version");
    let (right, v1) = (signature.as_bytes(), &b"v1"[..]);
    for lines in [
        &[(name, right), (b"E2B-SIGNATURE", right)][..],
        &[(name, right), (name, b"")],
        &[(name, right), (version, v1), (version, v1)],
        &[(name, right), (name, right), (name, right)],
    ] {
        assert_eq!(verify(&verifier, &Headers::read(lines.iter().copied()), BODY), Err(Code::Malformed), "{lines:?}");
    }
    let padded = format!(" \t{signature}\t ");
    let lines = [(&b"content-type"[..], v1), (b"E2b-Signature", padded.as_bytes()), (version, b" v1\t")];
    assert_eq!(verify(&verifier, &Headers::read(lines), BODY), Ok(()));
}

#[test]
fn absent_signature_is_missing_whatever_the_version() {
    let verifier = Verifier::new(SECRET).unwrap();
    assert_eq!(verify(&verifier, &Headers::default(), BODY), Err(Code::Missing));
    assert_eq!(verify(&verifier, &headers("", None), BODY), Err(Code::Missing));
    assert_eq!(verify(&verifier, &headers("", Some("v2")), BODY), Err(Code::Missing));
}

#[test]
fn other_spellings_are_malformed_and_other_texts_invalid() {
    let verifier = Verifier::new(SECRET).unwrap();
    let signature = signed(SECRET, BODY);
    let hex = hex::encode(Sha256::digest([SECRET, BODY].concat()));
    let padded = format!("{signature}=");
    let prefixed = format!("sha256={signature}");
    for spelled in [&hex, &padded, &prefixed, &signature[..42], &format!("{}-", &signature[..42]), &"\u{e9}".repeat(22)]
    {
        assert_eq!(verify(&verifier, &headers(spelled, None), BODY), Err(Code::Malformed), "{spelled}");
    }
    // The last character has two unused bits, which must be zero.
    let last = signature.as_bytes()[42];
    let spare = format!("{}{}", &signature[..42], char::from(last + 1));
    for wrong in [spare, signed(SECRET, b"another body"), signed(b"another secret of 26 bytes", BODY), "A".repeat(43)] {
        assert_eq!(verify(&verifier, &headers(&wrong, None), BODY), Err(Code::Invalid), "{wrong}");
    }
}

#[test]
fn every_secret_verifies_and_a_ninth_is_refused() {
    let secrets: Vec<String> = (0..MAX_SECRETS).map(|number| format!("secret number {number} of eight")).collect();
    let mut verifier = Verifier::new(secrets[0].as_bytes()).unwrap();
    for secret in &secrets[1..] {
        assert_eq!(verify(&verifier, &headers(&signed(secret.as_bytes(), BODY), None), BODY), Err(Code::Invalid));
        verifier.add(secret.as_bytes()).unwrap();
    }
    assert_eq!(verifier.add(b"one more secret, the ninth"), Err(Misuse::TooManySecrets));
    for secret in &secrets {
        assert_eq!(verify(&verifier, &headers(&signed(secret.as_bytes(), BODY), None), BODY), Ok(()), "{secret}");
    }
    let ninth = signed(b"one more secret, the ninth", BODY);
    assert_eq!(verify(&verifier, &headers(&ninth, None), BODY), Err(Code::Invalid));
    // The state of a place without a secret accepts nothing.
    assert_eq!(verify(&verifier, &headers(&signed(b"", BODY), None), BODY), Err(Code::Invalid));
}

#[test]
fn short_secret_is_misuse_and_changes_nothing() {
    for secret in [&b""[..], b"fifteen bytes!!"] {
        assert_eq!(Verifier::new(secret).unwrap_err(), Misuse::WebhookSecret);
        assert_eq!(sign(secret, BODY).unwrap_err(), Misuse::WebhookSecret);
        let mut verifier = Verifier::new(SECRET).unwrap();
        assert_eq!(verifier.add(secret), Err(Misuse::WebhookSecret));
        assert_eq!(verify(&verifier, &headers(&signed(secret, BODY), None), BODY), Err(Code::Invalid));
    }
    assert_eq!(sign(b"sixteen bytes!!!", BODY).unwrap().as_str(), signed(b"sixteen bytes!!!", BODY));
}

#[test]
fn finishing_early_refuses_and_takes_further_pieces() {
    let verifier = Verifier::new(SECRET).unwrap();
    let signature = signed(SECRET, BODY);
    let mut verification = verifier.start(&headers(&signature, None)).unwrap();
    for byte in BODY {
        assert!(verification.finish().is_err());
        verification.update(&[*byte]);
    }
    assert_eq!(verification.finish(), Ok(()));
    verification.update(b" ");
    assert!(verification.finish().is_err());
}

#[test]
fn neither_secret_nor_signature_is_shown() {
    let verifier = Verifier::new(SECRET).unwrap();
    let signature = sign(SECRET, BODY).unwrap();
    let headers = headers(signature.as_str(), Some("v1"));
    let shown = format!("{verifier:?} {:?} {signature:?} {headers:?}", verifier.start(&headers).unwrap());
    assert_eq!(
        shown,
        "Verifier(redacted) Verification(redacted) Signature(redacted) \
         Headers { signature: Once(redacted), version: Once(redacted) }"
    );
}

/// The documentation promises no more than this.
#[test]
fn signature_can_be_extended_but_the_body_is_no_text_then() {
    let (body, more) = (BODY, br#"{"type":"forged"}"#);
    let signed_len = SECRET.len() + body.len();
    let mut padding = vec![0x80];
    padding.resize((119 - signed_len % 64) % 64 + 1, 0);
    padding.extend((8 * signed_len as u64).to_be_bytes());
    // What an attacker knows: the digest and the length. SHA-256 goes on from there.
    let mut state: [u32; 8] = [0; 8];
    let digest = STANDARD_NO_PAD.decode(signed(SECRET, body)).unwrap();
    for (word, bytes) in state.iter_mut().zip(digest.chunks(4)) {
        *word = u32::from_be_bytes(bytes.try_into().unwrap());
    }
    let mut block = [0; 64];
    block[..more.len()].copy_from_slice(more);
    block[more.len()] = 0x80;
    let whole = signed_len + padding.len() + more.len();
    block[56..].copy_from_slice(&(8 * whole as u64).to_be_bytes());
    sha2::block_api::compress256(&mut state, &[block]);
    let forged = STANDARD_NO_PAD.encode(state.map(u32::to_be_bytes).as_flattened());
    let extended = [body, &padding, more].concat();
    assert_eq!(verify(&Verifier::new(SECRET).unwrap(), &headers(&forged, None), &extended), Ok(()));
    assert!(std::str::from_utf8(&extended).is_err());
    assert!(serde_json::from_slice::<serde_json::Value>(&extended).is_err());
}

proptest! {
    #[test]
    fn any_pieces_verify_like_the_whole(
        secret in prop::collection::vec(any::<u8>(), 16..200),
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..150), 0..6),
        others in prop::collection::vec(prop::collection::vec(any::<u8>(), 16..80), 0..4),
        changed in any::<prop::sample::Index>(),
    ) {
        let body = pieces.concat();
        let signature = signed(&secret, &body);
        let made = sign(&secret, &body).unwrap();
        prop_assert_eq!(made.as_str(), &signature);
        let headers = headers(&signature, Some("v1"));
        let mut verifier = Verifier::new(others.first().unwrap_or(&secret)).unwrap();
        others.iter().for_each(|other| verifier.add(other).unwrap());
        verifier.add(&secret).unwrap();
        let mut verification = verifier.start(&headers).unwrap();
        pieces.iter().for_each(|piece| verification.update(piece));
        prop_assert_eq!(verification.finish(), Ok(()));
        prop_assert_eq!(verifier.verify(&headers, &body), Ok(()));
        let mut other = body;
        if other.is_empty() {
            other.push(0);
        } else {
            let index = changed.index(other.len());
            other[index] ^= 1;
        }
        prop_assert_eq!(verify(&verifier, &headers, &other), Err(Code::Invalid));
    }

    #[test]
    fn any_headers_are_answered_without_panic(
        signature in prop::option::of(prop::collection::vec(any::<u8>(), 0..60)),
        version in prop::option::of("v?[0-9]?"),
        body in prop::collection::vec(any::<u8>(), 0..70),
    ) {
        let verifier = Verifier::new(SECRET).unwrap();
        let headers = Headers { signature: signature.as_deref().into(), version: version.as_deref().map(str::as_bytes).into() };
        prop_assert!(verify(&verifier, &headers, &body).is_err());
    }
}
