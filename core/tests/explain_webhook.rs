//! Each mistake that people make with webhooks is named, alone and with others; and nothing is blamed that is right.
#![cfg(feature = "explain")]

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sandgate::explain::{WebhookDiffers, webhook};
use sandgate::webhook::{Headers, sign};
use sandgate::{Code, Header, Misuse};
use sha2::{Digest, Sha256};

const SECRET: &[u8] = b"the secret of the webhook";
const BODY: &str = r#"{"type":"sandbox.lifecycle.killed","note":"a, b: \" c","n":[1,2]}"#;

fn plain(secret: &[u8], body: &str) -> Vec<u8> {
    Sha256::digest([secret, body.as_bytes()].concat()).to_vec()
}

fn hmac(secret: &[u8], body: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn explained(secret: &[u8], signature: &str, version: Header<'_>, body: &str) -> Option<(Code, String)> {
    let headers = Headers { signature: Header::Once(signature.as_bytes()), version };
    let explained = webhook(secret, &headers, body.as_bytes()).unwrap();
    explained.map(|why| (why.denied.code(), why.to_string()))
}

fn words(signature: &str, body: &str) -> (Code, String) {
    explained(SECRET, signature, Header::Absent, body).unwrap()
}

#[test]
fn accepted_webhook_needs_no_explanation() {
    let signature = STANDARD_NO_PAD.encode(plain(SECRET, BODY));
    for version in [Header::Absent, Header::Once(b"v1")] {
        assert_eq!(explained(SECRET, &signature, version, BODY), None);
    }
}

#[test]
fn other_spellings_are_named() {
    let digest = plain(SECRET, BODY);
    for (signature, expected) in [
        (hex::encode(&digest), &["hexadecimal"][..]),
        (hex::encode_upper(&digest), &["hexadecimal"]),
        (STANDARD.encode(&digest), &["padded"]),
        (format!("{}===", STANDARD_NO_PAD.encode(&digest)), &["padded"]),
        (format!("sha256={}", STANDARD_NO_PAD.encode(&digest)), &["a prefix"]),
        (format!("v1,{}", STANDARD.encode(&digest)), &["a prefix", "padded"]),
        (format!("sha256={}", hex::encode(hmac(SECRET, BODY))), &["a prefix", "hexadecimal", "HMAC"]),
        (STANDARD.encode(hmac(SECRET, BODY)), &["padded", "HMAC"]),
    ] {
        let (code, said) = words(&signature, BODY);
        assert_eq!(code, Code::Malformed, "{signature}");
        let all = ["a prefix", "hexadecimal", "padded", "URL-safe", "HMAC", "secret should come first", "right for"];
        let named: Vec<&str> = all.into_iter().filter(|word| said.contains(word)).collect();
        assert_eq!(named, expected, "{said}");
    }
    let body = (0..)
        .map(|number| format!("{number}"))
        .find(|body| URL_SAFE.encode(plain(SECRET, body)) != STANDARD.encode(plain(SECRET, body)));
    let body = body.unwrap();
    assert!(words(&URL_SAFE_NO_PAD.encode(plain(SECRET, &body)), &body).1.contains("URL-safe alphabet"));
}

#[test]
fn other_hashes_are_named() {
    let (code, said) = words(&STANDARD_NO_PAD.encode(hmac(SECRET, BODY)), BODY);
    assert_eq!(code, Code::Invalid);
    assert!(
        said.ends_with("; it is an HMAC-SHA256, and should be the plain SHA-256 of the secret and the body"),
        "{said}"
    );
    let last = STANDARD_NO_PAD.encode(Sha256::digest([BODY.as_bytes(), SECRET].concat()));
    assert!(words(&last, BODY).1.ends_with("and the secret should come first"));
    // A long key of HMAC is hashed first.
    let long = [b'k'; 100];
    let signature = STANDARD_NO_PAD.encode(hmac(&long, BODY));
    assert!(explained(&long, &signature, Header::Absent, BODY).unwrap().1.contains("HMAC"));
}

#[test]
fn changed_bodies_are_named() {
    let spaced = r#"{"type": "sandbox.lifecycle.killed", "note": "a, b: \" c", "n": [1, 2]}"#;
    let indented = "{\n  \"type\": \"sandbox.lifecycle.killed\",\n  \"note\": \"a, b: \\\" c\",\n  \"n\": [\n    1,\n    2\n  ]\n}\n";
    for (signed, received, expected) in [
        (BODY, format!("{BODY}\n"), "without its trailing line ends"),
        (BODY, format!("{BODY}\r\n"), "without its trailing line ends"),
        ("{}\n", "{}".to_owned(), "with a line feed"),
        ("{\r\n}\r\n", "{\n}\n".to_owned(), "with CR LF"),
        ("{\n}\n", "{\r\n}\r\n".to_owned(), "with LF"),
        (BODY, spaced.to_owned(), "without white space"),
        (BODY, indented.to_owned(), "without white space"),
        (spaced, BODY.to_owned(), "with a space after"),
        (spaced, indented.to_owned(), "with a space after"),
    ] {
        let signature = sign(SECRET, signed.as_bytes()).unwrap();
        let (code, said) = words(signature.as_str(), &received);
        assert_eq!(code, Code::Invalid);
        assert!(said.contains(&format!("right for the body {expected}")), "{received:?}: {said}");
    }
}

#[test]
fn secret_with_white_space_around_it_is_named() {
    let signature = sign(SECRET, BODY.as_bytes()).unwrap();
    let (_, said) = explained(b"the secret of the webhook\n", signature.as_str(), Header::Absent, BODY).unwrap();
    assert!(said.ends_with("; it is right for the secret without the white space around it"), "{said}");
}

#[test]
fn version_and_repetition_are_named() {
    let signature = sign(SECRET, BODY.as_bytes()).unwrap();
    let once = Header::Once(signature.as_bytes());
    let differs = |headers| webhook(SECRET, &headers, BODY.as_bytes()).unwrap().unwrap().differs;
    assert_eq!(differs(Headers { signature: once, version: Header::Once(b"v2") }), Some(WebhookDiffers::Version));
    assert_eq!(differs(Headers { signature: once, version: Header::Repeated }), Some(WebhookDiffers::Repeated));
    assert_eq!(differs(Headers { signature: Header::Repeated, ..Headers::default() }), Some(WebhookDiffers::Repeated));
    assert_eq!(differs(Headers::default()), None);
    let other = Headers { signature: Header::Once(&[b'A'; 43]), version: Header::Once(b"v2") };
    assert_eq!(differs(other), None);
}

#[test]
fn nothing_is_blamed_for_another_secret_or_body() {
    for signature in [
        STANDARD_NO_PAD.encode(plain(b"another secret of a webhook", BODY)),
        STANDARD_NO_PAD.encode(plain(SECRET, "another body")),
        hex::encode(plain(SECRET, "another body")),
        "A".repeat(43),
        "A".repeat(500),
        "\u{e4}".to_owned(),
    ] {
        let headers = Headers { signature: Header::Once(signature.as_bytes()), version: Header::Absent };
        assert_eq!(webhook(SECRET, &headers, BODY.as_bytes()).unwrap().unwrap().differs, None, "{signature}");
    }
    assert_eq!(webhook(b"short", &Headers::default(), b""), Err(Misuse::WebhookSecret));
}
