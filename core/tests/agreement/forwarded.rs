//! What an edge forwards: nothing that an edge would read as a carrier, and everything else in order.

use super::edge::slices;
use super::oracle::{self, Edge, EdgeRequest, Verifier};
use super::sandbox::ID;

pub(crate) fn check(query: &[u8], cookies: &[Vec<u8>]) {
    check_query(query);
    for line in cookies {
        check_cookies(line);
    }
    let lines: Vec<Vec<u8>> = cookies.iter().map(|line| forwarded_cookies(line)).collect();
    assert_eq!(carrier(&forwarded_query(query), &slices(&lines)), None);
}

fn check_query(query: &[u8]) {
    let stays = query.split(|byte| *byte == b'&').filter(|piece| carrier(piece, &[]).is_none());
    let expected = stays.collect::<Vec<_>>().join(&b'&');
    assert_eq!(forwarded_query(query), expected, "{}", query.escape_ascii());
}

/// Empty pieces and the white space around pieces may be dropped. A server may have joined two lines with a comma.
fn check_cookies(line: &[u8]) {
    let white = |byte: &u8| matches!(byte, b' ' | b'\t');
    let pieces = line.split(|byte| *byte == b';').filter(|piece| !piece.iter().all(white));
    let stays = pieces.filter(|piece| piece.split(|byte| *byte == b',').all(|part| carrier(b"", &[part]).is_none()));
    let trimmed = stays.map(|piece| {
        let start = piece.iter().position(|byte| !white(byte)).unwrap_or_default();
        let end = piece.iter().rposition(|byte| !white(byte)).unwrap_or_default();
        &piece[start..=end]
    });
    let expected = trimmed.collect::<Vec<_>>().join(&b"; "[..]);
    assert_eq!(forwarded_cookies(line), expected, "{}", line.escape_ascii());
}

fn forwarded_query(query: &[u8]) -> Vec<u8> {
    sandgate::forward::query(query).collect::<Vec<_>>().join(&b'&')
}

fn forwarded_cookies(line: &[u8]) -> Vec<u8> {
    sandgate::forward::cookies(line).collect::<Vec<_>>().join(&b"; "[..])
}

/// The carrier that an edge that accepts both would read.
fn carrier(query: &[u8], cookies: &[&[u8]]) -> Option<&'static str> {
    let verifier = Verifier { context: None, leeway: 0, max_lifetime: 0, now: 0 };
    let accepted = vec!["query", "cookie"];
    let edge = Edge { accepted, controller_port: 49983, signed_host_max_lifetime: 0, verifier };
    let request =
        EdgeRequest { host: "", sandbox_id: ID, port: 8080, header: vec![], query, cookies: cookies.to_vec() };
    oracle::decide(&edge, &[], &request).1
}
