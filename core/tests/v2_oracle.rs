//! Tests the oracle itself: the reference implementation of wire format v2 against every array of `vectors/v2.json`,
//! without the crate.

#[path = "oracle/v2.rs"]
mod oracle;

use oracle::{Edge, EdgeRequest, Verifier};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    now: i64,
    derive: Vec<Derive>,
    file_urls: Vec<FileUrl>,
    edge: Vec<AtTheEdge>,
    directories: Vec<Directory>,
    labels: Vec<Label>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Derive {
    seed_hex: String,
    kid: char,
    sandbox_id: String,
    generation: u32,
    access_token: String,
    traffic_token: String,
    traffic_root: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileUrl {
    access_tokens: Vec<String>,
    operation: String,
    query: String,
    context: Option<String>,
    leeway: u32,
    now: i64,
    result: String,
    note: String,
    granted: Option<Granted>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Granted {
    path_hex: String,
    user_hex: Option<String>,
    expires: i128,
    directory_hex: Option<String>,
    max_bytes: Option<i128>,
    content_sha256: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AtTheEdge {
    traffic_roots: Vec<String>,
    generation: u32,
    host: String,
    sandbox_id: String,
    port: u16,
    header: Vec<String>,
    query: String,
    cookie: Vec<String>,
    accept: Vec<String>,
    context: Option<String>,
    leeway: u32,
    now: i64,
    result: String,
    carrier: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Directory {
    directory: String,
    valid: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Label {
    traffic_token: String,
    sandbox_id: String,
    port: u16,
    expires: i128,
    label: String,
    pass: String,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../vectors/v2.json")).unwrap()
}

/// A verifier with the default max_lifetime.
fn verifier(context: &Option<String>, leeway: u32, now: i64) -> Verifier<'_> {
    Verifier { context: context.as_deref().map(str::as_bytes), leeway, max_lifetime: 604_800, now }
}

fn strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

#[test]
fn derive() {
    let vectors = vectors();
    assert!(!vectors.derive.is_empty());
    for case in vectors.derive {
        let seed = hex::decode(&case.seed_hex).unwrap();
        let (access, traffic) = (oracle::access_root(&seed), oracle::traffic_root(&seed));
        let access_key = oracle::sandbox_key(&access, &case.sandbox_id, case.generation);
        let traffic_key = oracle::sandbox_key(&traffic, &case.sandbox_id, case.generation);
        assert_eq!(oracle::token("sg2a", case.kid, &access_key), case.access_token, "{case:?}");
        assert_eq!(oracle::token("sg2t", case.kid, &traffic_key), case.traffic_token, "{case:?}");
        assert_eq!(oracle::token("sg2r", case.kid, &traffic), case.traffic_root, "{case:?}");
        assert_eq!(oracle::read_token("sg2r", &case.traffic_root), Some((case.kid, traffic)), "{case:?}");
    }
}

#[test]
fn file_urls() {
    let vectors = vectors();
    assert!(vectors.file_urls.iter().all(|case| case.now == vectors.now));
    assert!(vectors.file_urls.iter().any(|case| case.result == "ok" && case.note == "as signed"));
    for case in vectors.file_urls {
        let (tokens, verifier) = (strs(&case.access_tokens), verifier(&case.context, case.leeway, case.now));
        let answer = oracle::verify_query(&tokens, &case.operation, case.query.as_bytes(), &verifier);
        assert_eq!(answer.as_ref().err().copied().unwrap_or("ok"), case.result, "{case:?}");
        let granted = answer.ok().map(|url| {
            assert_eq!(url.operation, case.operation);
            Granted {
                path_hex: hex::encode(url.path),
                user_hex: url.user.map(hex::encode),
                expires: url.expires,
                directory_hex: url.directory.map(hex::encode),
                max_bytes: url.max_bytes,
                content_sha256: url.content_sha256.map(hex::encode),
            }
        });
        assert_eq!(granted, case.granted, "{case:?}");
    }
}

#[test]
fn edge() {
    let vectors = vectors();
    assert!(vectors.edge.iter().all(|case| case.now == vectors.now));
    for carrier in ["header", "host", "query", "cookie"] {
        let decides = |case: &AtTheEdge| case.result == "ok" && case.carrier.as_deref() == Some(carrier);
        assert!(vectors.edge.iter().any(decides), "{carrier}");
    }
    for case in vectors.edge {
        let keys = oracle::traffic_keys(&strs(&case.traffic_roots), &case.sandbox_id, case.generation);
        let edge = Edge {
            accepted: strs(&case.accept),
            controller_port: 49983,
            signed_host_max_lifetime: 86_400,
            verifier: verifier(&case.context, case.leeway, case.now),
        };
        let request = EdgeRequest {
            host: &case.host,
            sandbox_id: &case.sandbox_id,
            port: case.port,
            header: case.header.iter().map(String::as_bytes).collect(),
            query: case.query.as_bytes(),
            cookies: case.cookie.iter().map(String::as_bytes).collect(),
        };
        let (answer, carrier) = oracle::decide(&edge, &keys, &request);
        assert_eq!(answer.err().unwrap_or("ok"), case.result, "{case:?}");
        assert_eq!(carrier, case.carrier.as_deref(), "{case:?}");
    }
}

#[test]
fn directories() {
    let vectors = vectors();
    assert!(vectors.directories.iter().any(|case| case.valid));
    for case in vectors.directories {
        assert_eq!(oracle::is_directory(&case.directory), case.valid, "{case:?}");
    }
}

#[test]
fn labels() {
    let vectors = vectors();
    assert!(!vectors.labels.is_empty());
    for case in vectors.labels {
        let (kid, key) = oracle::read_token("sg2t", &case.traffic_token).unwrap();
        let label = oracle::signed_host(kid, &key, &case.sandbox_id, case.port, case.expires);
        assert_eq!(label.as_deref(), Some(case.label.as_str()), "{case:?}");
        let pass = oracle::pass(kid, &key, case.port, case.expires, None);
        assert_eq!(pass, case.pass, "{case:?}");

        // An issued credential is valid until its last second.
        let last = Verifier { context: None, leeway: 0, max_lifetime: 0, now: i64::try_from(case.expires).unwrap() };
        let keys = vec![(kid, key)];
        let (id, port, expires) = (&case.sandbox_id, case.port, Ok(case.expires));
        assert_eq!(oracle::verify_signed_host(&keys, &case.label, id, port, &last), expires, "{case:?}");
        assert_eq!(oracle::verify_pass(&keys, case.pass.as_bytes(), port, &last), expires, "{case:?}");
        let over = Verifier { now: last.now + 1, ..last };
        assert_eq!(oracle::verify_pass(&keys, case.pass.as_bytes(), port, &over), Err("expired"), "{case:?}");
    }
}
