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

/// The other cookies stay in their order, byte by byte. A server may have joined two lines by a comma; what follows ours
/// without a name belongs to its value. A line that has nothing of ours stays whole.
fn check_cookies(line: &[u8]) {
    let mut has_ours = false;
    let mut stays = Vec::new();
    for piece in line.split(|byte| *byte == b';') {
        let mut after_ours = false;
        for part in piece.split(|byte| *byte == b',') {
            let is_ours = carrier(b"", &[part]).is_some();
            after_ours = is_ours || after_ours && !part.contains(&b'=');
            has_ours |= is_ours;
            if !after_ours {
                stays.push(cookie(part));
            }
        }
    }
    let forwarded = forwarded_cookies(line);
    if has_ours {
        stays.retain(|part| !part.is_empty());
        let parts = forwarded.split(|byte| matches!(byte, b';' | b','));
        let parts: Vec<_> = parts.map(cookie).filter(|part| !part.is_empty()).collect();
        assert_eq!(parts, stays, "{}", line.escape_ascii());
    } else {
        assert_eq!(forwarded, line, "{}", line.escape_ascii());
    }
}

/// A part without the white space around it.
fn cookie(part: &[u8]) -> Vec<u8> {
    let white = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = part.iter().position(|byte| !white(byte)).unwrap_or(part.len());
    let end = part.iter().rposition(|byte| !white(byte)).map_or(start, |last| last + 1);
    part[start..end].to_vec()
}

fn forwarded_query(query: &[u8]) -> Vec<u8> {
    sandgate::forward::query(query).collect::<Vec<_>>().join(&b'&')
}

fn forwarded_cookies(line: &[u8]) -> Vec<u8> {
    sandgate::forward::cookies(line).collect::<Vec<_>>().concat()
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
