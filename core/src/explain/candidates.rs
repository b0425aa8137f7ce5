//! The changes to try: the mistakes that people make. Their number is bounded for every query.

use super::change::Change;
use super::text::{Edit, Text};
use crate::encoding::number::{MAX_EXACT, parse_decimal};
use crate::encoding::percent::Decoded;
use crate::gate::access_keys::AccessKeys;
use crate::request::file_query::{FileQuery, Known};
use crate::value::ids::Operation;
use crate::value::time::UnixSeconds;

/// How many parent directories of a path are tried, from the root and from the file.
const OUTERMOST: usize = 4;
const INNERMOST: usize = 8;

/// The changes to try, in this order.
pub(super) fn of<'q>(
    query: &FileQuery<'q>,
    operation: Operation,
    keys: &AccessKeys,
) -> impl Iterator<Item = Change<'q>> {
    let other = if operation == Operation::Read { Operation::Write } else { Operation::Read };
    // v1 ignores the parameters of v2, so changing them has no effect.
    let is_v2 = keys.known() == Known::V2;
    let beyond_v1 = is_v2.then(|| beyond_v1(query)).into_iter().flatten();
    // Under a directory, the path is not signed.
    let is_path_signed = !is_v2 || query.beyond_v1.directory.is_none();
    let paths = is_path_signed.then(|| paths(query)).into_iter().flatten();
    signatures(query.signature)
        .chain(keys.key_ids().map(Change::KeyId))
        .chain([Change::Operation(other)])
        .chain(paths)
        .chain(users())
        .chain(expiries(query.expiration))
        .chain(beyond_v1)
}

/// Padded, in the other alphabet, unescaped, or escaped twice.
fn signatures(signature: Option<Decoded<'_>>) -> impl Iterator<Item = Change<'_>> {
    let edits = [Edit::Base64, Edit::Base64Url, Edit::UnescapeKeepPlus];
    signature.into_iter().flat_map(move |signature| edits.map(|edit| Change::Signature(Text::new(signature, edit))))
}

/// Decoded once too often or too seldom, and slashes added or removed at either end.
fn paths<'q>(query: &FileQuery<'q>) -> impl Iterator<Item = Change<'q>> {
    let path = query.path.unwrap_or_default();
    // Reads `+` in the raw query as itself.
    let with_plus = Text::new(Decoded::plain(path.raw()), Edit::UnescapeKeepPlus);
    let edits = [
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
    [with_plus].into_iter().chain(edits.map(|edit| Text::new(path, edit))).map(Change::Path)
}

/// No user, the empty one (in v1 the same as none), and the usual users of sandboxes.
fn users<'q>() -> impl Iterator<Item = Change<'q>> {
    let names = [None, Some(&b""[..]), Some(b"user"), Some(b"root")];
    names.map(|name| Change::User(name.map(Text::plain))).into_iter()
}

/// No expiry, another spelling of the number, milliseconds for seconds, and seconds for milliseconds.
fn expiries<'q>(expiration: Option<Decoded<'q>>) -> impl Iterator<Item = Change<'q>> {
    let seconds = expiration.and_then(|digits| parse_decimal(digits.bytes()));
    let times = [
        seconds,
        seconds.and_then(|seconds| seconds.checked_div(1000)),
        seconds.and_then(|seconds| seconds.checked_mul(1000)),
    ];
    let times = times.into_iter().flatten().map(|seconds| Some(UnixSeconds::new(seconds)));
    [None].into_iter().chain(times).map(Change::Expires)
}

fn beyond_v1<'q>(query: &FileQuery<'q>) -> impl Iterator<Item = Change<'q>> + use<'q> {
    let extra = query.beyond_v1;
    let max = extra.max_bytes.and_then(|digits| parse_decimal(digits.bytes()));
    let max = max.and_then(|max| u64::try_from(max).ok()).filter(|max| *max <= MAX_EXACT);
    let sha256 = extra.sha256.map(|digits| Text::new(digits, Edit::LowerCase));
    directories(extra.directory, query.path.unwrap_or_default())
        .chain(max.map(Change::MaxBytes))
        .chain(sha256.map(Change::ContentSha256))
        .chain([Change::NoMaxBytes, Change::NoContentSha256, Change::NoContext])
}

/// No directory, the given one with slashes at both ends, and the parents of the path.
fn directories<'q>(given: Option<Decoded<'q>>, path: Decoded<'q>) -> impl Iterator<Item = Change<'q>> {
    let edits = [Edit::SlashBefore, Edit::SlashAfter, Edit::UnescapeKeepPlus];
    let edited = given.into_iter().flat_map(move |given| edits.map(|edit| Text::new(given, edit)));
    let slashes = || path.bytes().enumerate().filter(|(_, byte)| *byte == b'/');
    let inner = slashes().count().saturating_sub(INNERMOST);
    let tried = slashes().enumerate().filter(move |(index, _)| *index < OUTERMOST || *index >= inner);
    let parents = tried.map(move |(_, (at, _))| Text::new(path, Edit::First(at.saturating_add(1))));
    [None].into_iter().chain(edited.chain(parents).map(Some)).map(Change::Directory)
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
            let tried = of(&query, Operation::Read, &keys).count();
            assert!((20..=64).contains(&tried), "{tried}");
        }
    }
}
