//! The changes to try: the mistakes that people make. Their number is bounded for every query.

use super::change::Change;
use super::text::{Edit, Text};
use crate::encoding::number::MAX_EXACT;
use crate::encoding::percent::Decoded;
use crate::gate::access_keys::AccessKeys;
use crate::request::file_query::{FileQuery, Known, text_of};
use crate::value::ids::Operation;
use crate::value::time::UnixSeconds;

/// How many parent directories of a path are tried, from the root and from the file.
const OUTERMOST: usize = 4;
const INNERMOST: usize = 8;

/// Receives each change.
type Sink<'s, 'q> = &'s mut dyn FnMut(Change<'q>);

/// Padded, in the other alphabet, unescaped, or escaped twice.
const OF_SIGNATURE: &[Edit] = &[Edit::Base64, Edit::Base64Url, Edit::UnescapeKeepPlus];

/// Decoded once too often or too seldom, and slashes at the ends.
const OF_PATH: &[Edit] = &[
    Edit::SpacesToPluses,
    Edit::UnescapeKeepPlus,
    Edit::Unescape,
    Edit::EscapeKeepSlash,
    Edit::Escape,
    Edit::SlashBefore,
    Edit::SlashAfter,
    Edit::NoFirstSlash,
    Edit::NoLastSlash,
];

/// Slashes at the ends, and decoded once too seldom.
const OF_DIRECTORY: &[Edit] = &[Edit::SlashBefore, Edit::SlashAfter, Edit::UnescapeKeepPlus];

/// Calls `sink` with each change to try, in this order.
pub(super) fn each<'q>(query: &FileQuery<'q>, operation: Operation, keys: &AccessKeys, sink: Sink<'_, 'q>) {
    let (path, extra) = (text_of(query.path).unwrap_or_default(), &query.beyond_v1);
    edited(text_of(query.signature), OF_SIGNATURE, Change::Signature, sink);
    keys.key_ids().for_each(|kid| sink(Change::KeyId(kid)));
    sink(Change::Operation(if operation == Operation::Read { Operation::Write } else { Operation::Read }));
    // v1 ignores the parameters of v2, so changing them has no effect.
    let is_v2 = keys.known() == Known::V2;
    // Under a directory, the path is not signed.
    if !is_v2 || extra.directory.is_none() {
        // Reads `+` in the raw query as itself.
        edited(Some(Decoded::plain(path.raw())), &[Edit::UnescapeKeepPlus], Change::Path, sink);
        edited(Some(path), OF_PATH, Change::Path, sink);
    }
    // No user, the empty one (in v1 the same as none), and the usual users of sandboxes.
    for user in [None, Some(""), Some("user"), Some("root")] {
        sink(Change::User(user.map(Text::from)));
    }
    sink(Change::Expires(None));
    expiries(text_of(query.expiration), sink);
    if is_v2 {
        sink(Change::Directory(None));
        let directory = |text| Change::Directory(Some(text));
        edited(text_of(extra.directory), OF_DIRECTORY, directory, sink);
        parents(path, sink);
        max_bytes(text_of(extra.max_bytes), sink);
        edited(text_of(extra.sha256), &[Edit::LowerCase], Change::ContentSha256, sink);
        sink(Change::NoMaxBytes);
        sink(Change::NoContentSha256);
        sink(Change::NoContext);
    }
}

/// A text of the query, if it is there, with each of the edits.
#[inline(never)]
fn edited<'q>(text: Option<Decoded<'q>>, edits: &[Edit], change: fn(Text<'q>) -> Change<'q>, sink: Sink<'_, 'q>) {
    let Some(text) = text else { return };
    for edit in edits {
        sink(change(Text::new(text, *edit)));
    }
}

/// Another spelling of the number, milliseconds for seconds, and seconds for milliseconds.
fn expiries(expiration: Option<Decoded<'_>>, sink: Sink<'_, '_>) {
    let Some(seconds) = expiration.and_then(|digits| digits.decimal()) else { return };
    let milliseconds = seconds.wrapping_mul(1000);
    for time in [seconds, seconds / 1000, milliseconds] {
        // Unless the product is too large.
        if time != milliseconds || milliseconds / 1000 == seconds {
            sink(Change::Expires(Some(UnixSeconds::new(time))));
        }
    }
}

/// The parents of the path.
fn parents<'q>(path: Decoded<'q>, sink: Sink<'_, 'q>) {
    let depth = path.bytes().filter(|byte| *byte == b'/').count();
    let (mut len, mut outer): (usize, usize) = (0, 0);
    for byte in path.bytes() {
        len = len.saturating_add(1);
        if byte == b'/' {
            if outer < OUTERMOST || outer >= depth.saturating_sub(INNERMOST) {
                sink(Change::Directory(Some(Text::new(path, Edit::First(len)))));
            }
            outer = outer.saturating_add(1);
        }
    }
}

/// The same limit in its one spelling.
fn max_bytes(limit: Option<Decoded<'_>>, sink: Sink<'_, '_>) {
    let limit = limit.and_then(|digits| digits.decimal()).and_then(|limit| u64::try_from(limit).ok());
    if let Some(limit @ ..=MAX_EXACT) = limit {
        sink(Change::MaxBytes(limit));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccessToken, v2};

    #[test]
    fn the_number_of_changes_has_a_bound() {
        let kids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
        let id = "abc".parse().unwrap();
        let tokens =
            kids.map(|kid| v2::Keyring::new(kid.try_into().unwrap(), &[kid as u8; 32]).unwrap().access_token(&id, 0));
        let v1 = [AccessToken::try_from("token").unwrap()];
        let query = format!(
            "path={}&username=a&signature=a&signature_expiration=1&signature_directory=a&signature_max_bytes=1&signature_sha256=a",
            "/a".repeat(2000)
        );
        for tokens in [&tokens[..], &v1] {
            let keys = AccessKeys::new(tokens).unwrap();
            let query = FileQuery::parse(query.as_bytes(), Known::V2).unwrap_or_default();
            assert!(query.beyond_v1.sha256.is_some());
            let mut tried = 0;
            each(&query, Operation::Read, &keys, &mut |_| tried += 1);
            assert!((20..=64).contains(&tried), "{tried}");
        }
    }
}
