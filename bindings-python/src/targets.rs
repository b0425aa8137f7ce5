//! The targets that a server provides for one request.

use std::borrow::Cow;

/// Path and query of a request, as a server provides them.
pub(crate) struct Provided<'a> {
    /// The path on the wire, if the server provides it.
    pub(crate) raw: Option<&'a [u8]>,
    /// The query on the wire, if the server includes it in `raw`.
    pub(crate) raw_query: Option<&'a [u8]>,
    /// The decoded path below the prefix, which the app uses.
    pub(crate) path: &'a [u8],
    /// The query that the app uses.
    pub(crate) query: &'a [u8],
    /// Where the app is mounted.
    pub(crate) prefix: &'a [u8],
    /// The decoded path with the prefix.
    pub(crate) whole: &'a [u8],
}

pub(crate) struct Targets {
    /// As received, without the prefix at which the app is mounted.
    pub(crate) received: Vec<u8>,
    /// A second one, if the server's values do not agree.
    pub(crate) other: Option<Vec<u8>>,
    /// The target that a mounted app may forward instead: with the prefix, or the decoded path below an escaped prefix.
    pub(crate) whole: Option<Vec<u8>>,
}

impl Targets {
    /// Returns the target on the wire, and the app's if it differs. If the server provides no raw path, the decoded one is
    /// encoded again: the app routes only by that.
    pub(crate) fn of(provided: &Provided<'_>) -> Self {
        let Provided { raw, raw_query, path, query, prefix, whole } = *provided;
        let decoded = |path: &[u8]| target(&quoted(path), query);
        let is_mounted = whole != path;
        let Some(raw) = raw else {
            return Self { received: decoded(path), other: None, whole: is_mounted.then(|| decoded(whole)) };
        };

        let shortened = below(prefix, raw).or_else(|| below(&quoted(prefix), raw));
        let received = shortened.unwrap_or(raw);
        // A prefix that the client has escaped is not removed: a path that contains an escape is none of our routes. A
        // prefix that ends within a segment is not a prefix: the app's path differs.
        let is_below = path == whole || matches!(path.first(), None | Some(b'/'));
        let same = decodes_to(received, path) || (shortened.is_none() && is_below && decodes_to(raw, whole));
        if !same || raw_query.is_some_and(|raw_query| raw_query != query) {
            let received = target(received, raw_query.unwrap_or(query));
            return Self { received, other: Some(decoded(path)), whole: None };
        }
        let whole = if shortened.is_some() { Some(target(raw, query)) } else { is_mounted.then(|| decoded(path)) };
        Self { received: target(received, query), other: None, whole }
    }
}

/// Returns the path and, if the server includes it in the path as received, the query.
pub(crate) fn split(raw: Option<&[u8]>) -> (Option<&[u8]>, Option<&[u8]>) {
    match raw.and_then(|raw| Some((raw, raw.iter().position(|byte| *byte == b'?')?))) {
        Some((raw, end)) => (raw.get(..end), raw.get(end.saturating_add(1)..)),
        None => (raw, None),
    }
}

/// Returns the path below the prefix, as frameworks do; none if it is not below it or there is no prefix.
pub(crate) fn below<'a>(prefix: &[u8], path: &'a [u8]) -> Option<&'a [u8]> {
    let rest = path.strip_prefix(prefix)?;
    (!prefix.is_empty() && matches!(rest.first(), None | Some(b'/'))).then_some(rest)
}

/// Whether a path on the wire decodes to this one. ASGI servers replace bytes that are not UTF-8.
fn decodes_to(raw: &[u8], path: &[u8]) -> bool {
    if !raw.contains(&b'%') && raw == path {
        return true;
    }
    let decoded = unquoted(raw);
    path == &*decoded || path == String::from_utf8_lossy(&decoded).as_bytes()
}

fn target(path: &[u8], query: &[u8]) -> Vec<u8> {
    let path = if path.is_empty() { b"/" } else { path };
    let mut target = Vec::with_capacity(path.len().saturating_add(1).saturating_add(query.len()));
    target.extend_from_slice(path);
    if !query.is_empty() {
        target.push(b'?');
        target.extend_from_slice(query);
    }
    target
}

/// Encodes a path as `urllib.parse.quote` does.
fn quoted(path: &[u8]) -> Cow<'_, [u8]> {
    let is_safe = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-~/".contains(byte);
    if path.iter().all(is_safe) {
        return Cow::Borrowed(path);
    }
    let mut quoted = Vec::with_capacity(path.len().saturating_mul(3));
    for byte in path {
        if is_safe(byte) {
            quoted.push(*byte);
        } else {
            quoted.extend_from_slice(&[b'%', hex(byte >> 4), hex(byte & 15)]);
        }
    }
    Cow::Owned(quoted)
}

const fn hex(digit: u8) -> u8 {
    if digit < 10 { b'0' + digit } else { b'A' + digit - 10 }
}

/// Decodes a path as servers do: a `%` without two hex digits stays.
fn unquoted(raw: &[u8]) -> Cow<'_, [u8]> {
    if !raw.contains(&b'%') {
        return Cow::Borrowed(raw);
    }
    let mut decoded = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if let (b'%', [high, low, beyond @ ..]) = (first, after)
            && let (Some(high), Some(low)) = (char::from(*high).to_digit(16), char::from(*low).to_digit(16))
        {
            decoded.extend(u8::try_from(high << 4 | low));
            rest = beyond;
        } else {
            decoded.push(*first);
        }
    }
    Cow::Owned(decoded)
}
