//! From a text to what it says. The first kind that fits is taken.

use super::description::{Description, Format, Kind};
use super::link::Link;
use super::text::Text;
use crate::encoding::number::{parse_decimal, parse_exact};
use crate::encoding::percent::Decoded;
use crate::encoding::text::parse_hex;
use crate::gate::carrier::pass_in_query;
use crate::request::file_query::{FileQuery, Known};
use crate::request::header::Header;
use crate::request::query::{pieces, value_of};
use crate::request::route::Route;
use crate::v1;
use crate::v2;
use crate::value::ids::{KeyId, Operation};
use crate::value::time::UnixSeconds;
use crate::value::token::{ACCESS_TOKEN_PREFIX, TRAFFIC_ROOT_PREFIX, TRAFFIC_TOKEN_PREFIX};

/// Says what a text is and what it says, without a secret: a file URL or its query, a traffic pass, a signed host, a
/// token. Nothing is verified.
///
/// ```
/// use sandgate::explain::{Kind, describe};
///
/// let described = describe(b"https://49983-abc.e2b.app/files?path=%2Fa.txt&signature=v1_x&signature_expiration=1800000000");
/// assert_eq!(described.kind, Kind::FileUrl);
/// assert_eq!(described.path.unwrap().to_string(), "/a.txt");
/// assert_eq!(described.sandbox_id().unwrap().as_str(), "abc");
/// ```
#[must_use]
pub fn describe(text: &[u8]) -> Description<'_> {
    if let Some(described) = alone(text) {
        return described;
    }
    let link = Link::split(text);
    let route = route(link.host);
    let query = link.query.unwrap_or_default();
    let described = if link.path == FILES || has(query, SIGNATURE) {
        file_url(query)
    } else if link.query.is_none() && has(text, SIGNATURE) {
        return file_url(text);
    } else {
        match (route, pass_in_query(query)) {
            (Some(route), _) if route.signed_part().is_some() => signed_host(link.host, route),
            (_, Some(presented)) => presented.map_or(Description::of(Kind::Pass, Decoded::default()), pass),
            (Some(_), None) => Description { is_well_formed: true, ..Description::of(Kind::Host, plain(link.host)) },
            (None, None) => Description::of(Kind::Unknown, plain(text)),
        }
    };
    Description { route, ..described }
}

/// The path at which a controller takes file URLs.
const FILES: &[u8] = b"/files";
const SIGNATURE: &[u8] = b"signature";

const fn plain(text: &[u8]) -> Decoded<'_> {
    Decoded::plain(text)
}

fn has(query: &[u8], name: &[u8]) -> bool {
    pieces(query).any(|piece| value_of(piece, name).is_some())
}

/// What needs no URL around it: tokens, passes, signatures.
fn alone(text: &[u8]) -> Option<Description<'_>> {
    let tokens = [
        (&ACCESS_TOKEN_PREFIX[..], Kind::AccessToken),
        (TRAFFIC_TOKEN_PREFIX, Kind::TrafficToken),
        (TRAFFIC_ROOT_PREFIX, Kind::TrafficRoot),
    ];
    if let Some((prefix, kind)) = tokens.into_iter().find(|(prefix, _)| text.starts_with(prefix)) {
        return Some(of_v2(kind, text, v2::kid_after(prefix, text)));
    }
    if text.starts_with(v2::PASS_PREFIX) {
        return Some(pass(plain(text)));
    }
    let of_v1 =
        |kind| Description { format: Some(Format::V1), is_well_formed: true, ..Description::of(kind, plain(text)) };
    if parse_hex(text.iter().copied()).is_some() {
        return Some(of_v1(Kind::Token));
    }
    if text.starts_with(v1::SIGNATURE_PREFIX) && text.len() == v1::Signature::LEN {
        return Some(of_v1(Kind::Signature));
    }
    let kid = v2::kid_after(v2::SIGNATURE_PREFIX, text)?;
    Some(of_v2(Kind::Signature, text, Some(kid)))
}

/// A text of v2 that tells its key id, if its shape is right.
fn of_v2(kind: Kind, text: &[u8], key_id: Option<KeyId>) -> Description<'_> {
    let format = Some(Format::V2);
    Description { format, is_well_formed: key_id.is_some(), key_id, ..Description::of(kind, plain(text)) }
}

fn pass(presented: Decoded<'_>) -> Description<'_> {
    let read = v2::PresentedPass::parse(presented);
    Description {
        format: Some(Format::V2),
        is_well_formed: read.is_some(),
        key_id: read.as_ref().map(v2::PresentedPass::kid),
        port: read.as_ref().map(v2::PresentedPass::port),
        expires: read.as_ref().map(v2::PresentedPass::expires),
        ..Description::of(Kind::Pass, presented)
    }
}

/// Where a host leads, or a label without its domain.
fn route(host: &[u8]) -> Option<Route> {
    Route::parse(Header::Once(host), Header::Absent, Header::Absent).or_else(|_| Route::of_label(host)).ok()
}

fn signed_host(host: &[u8], route: Route) -> Description<'_> {
    let read = route.signed_part().and_then(|part| v2::PresentedHost::parse(part, route.port()));
    let label = host.split(|byte| *byte == b'.').next().unwrap_or_default();
    Description {
        format: Some(Format::V2),
        is_well_formed: read.is_some(),
        key_id: read.as_ref().map(v2::PresentedHost::kid),
        port: Some(route.port()),
        expires: read.as_ref().map(v2::PresentedHost::expires),
        ..Description::of(Kind::SignedHost, plain(label))
    }
}

fn file_url(query: &[u8]) -> Description<'_> {
    let described = Description::of(Kind::FileUrl, plain(query));
    // What both formats know says which of them it is.
    let Ok(both) = FileQuery::parse(query, Known::V1) else { return described };
    let begins =
        |prefix: &[u8]| both.signature.is_some_and(|text| prefix.iter().copied().eq(text.bytes().take(prefix.len())));
    let format = if begins(v1::SIGNATURE_PREFIX) {
        Some(Format::V1)
    } else if begins(v2::SIGNATURE_PREFIX) {
        Some(Format::V2)
    } else {
        None
    };
    let common = Description { format, path: both.path.map(Text::from), user: both.user.map(Text::from), ..described };
    match format {
        Some(Format::V2) => of_query_v2(query, common),
        _ => {
            let expires = both.expiration.and_then(|digits| parse_decimal(digits.bytes())).map(UnixSeconds::new);
            let is_well_formed = format.is_some() && v1::PresentedUrl::read(&both, Operation::Read).is_ok();
            Description { expires, is_well_formed, ..common }
        }
    }
}

/// The same with what v2 adds.
fn of_query_v2<'t>(query: &'t [u8], common: Description<'t>) -> Description<'t> {
    let Ok(query) = FileQuery::parse(query, Known::V2) else { return common };
    let exact = |digits: Option<Decoded<'_>>| digits.and_then(|digits| parse_exact(digits.bytes()));
    let extra = query.beyond_v1;
    let signature = query.signature.unwrap_or_default();
    let mut room = [0; v2::Signature::LEN];
    let key_id = signature.copy_to(&mut room).ok().and_then(|text| v2::kid_after(v2::SIGNATURE_PREFIX, text));
    // An upload may have everything that a download may have, and limits beside it.
    let read = v2::PresentedUrl::read(&query, Operation::Write);
    Description {
        is_well_formed: read.is_ok(),
        key_id,
        expires: exact(query.expiration).map(|seconds| UnixSeconds::new(seconds.cast_signed())),
        directory: extra.directory.map(Text::from),
        max_bytes: exact(extra.max_bytes),
        content_sha256: extra.sha256.and_then(|digits| parse_hex(digits.bytes())),
        ..common
    }
}
