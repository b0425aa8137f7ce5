//! From a text to what it says. The first kind that fits is taken.

use super::description::{Description, Format, Kind};
use super::link::Link;
use super::text::Text;
use crate::encoding::bytes::split_once;
use crate::encoding::percent::Decoded;
use crate::encoding::text::parse_hex;
use crate::gate::carrier::pass_in_query;
use crate::request::file_query::{FileQuery, Known, text_of};
use crate::request::header::Header;
use crate::request::query::{pieces, value_of};
use crate::request::route::{Route, SignedPart};
use crate::v1;
use crate::v2;
use crate::value::ids::{Operation, Port};
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
    let mut said = Description::of(Decoded::plain(text));
    if !said.read_alone(text) {
        said.read_link(text);
    }
    said
}

const SIGNATURE: &[u8] = b"signature";

fn has(query: &[u8], name: &[u8]) -> bool {
    pieces(query).any(|piece| value_of(piece, name).is_some())
}

/// The format of the first signature in a query that is malformed elsewhere.
fn meant(query: &[u8]) -> Option<Format> {
    let signature = pieces(query).find_map(|piece| value_of(piece, SIGNATURE))?;
    if signature.starts_with(v2::SIGNATURE_PREFIX) {
        Some(Format::V2)
    } else {
        signature.starts_with(v1::SIGNATURE_PREFIX).then_some(Format::V1)
    }
}

/// Where a host leads, or a label without its domain.
fn route(host: &[u8]) -> Option<Route> {
    Route::parse(Header::Once(host), Header::Absent, Header::Absent).or_else(|_| Route::of_label(host)).ok()
}

/// Fields are set one by one, which takes less code than copies with other fields.
impl<'t> Description<'t> {
    /// What needs no URL around it: tokens, passes, signatures.
    fn read_alone(&mut self, text: &'t [u8]) -> bool {
        for (prefix, kind) in [
            (&ACCESS_TOKEN_PREFIX[..], Kind::AccessToken),
            (TRAFFIC_TOKEN_PREFIX, Kind::TrafficToken),
            (TRAFFIC_ROOT_PREFIX, Kind::TrafficRoot),
            (v2::SIGNATURE_PREFIX, Kind::Signature),
        ] {
            let kid = if text.starts_with(prefix) { v2::kid_after(prefix, text) } else { continue };
            // Other texts may begin as a signature does.
            if kid.is_some() || kind != Kind::Signature {
                (self.kind, self.format) = (kind, Some(Format::V2));
                (self.is_well_formed, self.key_id) = (kid.is_some(), kid);
                return true;
            }
        }
        if text.starts_with(v2::PASS_PREFIX) {
            self.read_pass(self.presented);
            return true;
        }
        self.kind = if parse_hex(text.iter().copied()).is_some() {
            Kind::Token
        } else if text.starts_with(v1::SIGNATURE_PREFIX) && text.len() == v1::Signature::LEN {
            Kind::Signature
        } else {
            return false;
        };
        (self.format, self.is_well_formed) = (Some(Format::V1), true);
        true
    }

    /// A link, or a part of one.
    fn read_link(&mut self, text: &'t [u8]) {
        let link = Link::split(text);
        let query = link.query.unwrap_or_default();
        // The path at which a controller takes file URLs.
        let is_file = link.path == b"files" || has(query, SIGNATURE);
        if !is_file && link.query.is_none() && has(text, SIGNATURE) {
            return self.read_file_url(text);
        }
        self.route = route(link.host);
        if is_file {
            return self.read_file_url(query);
        }
        if let Some((port, part)) = self.route.as_ref().and_then(|route| Some((route.port(), *route.signed_part()?))) {
            return self.read_signed_host(link.host, port, &part);
        }
        match pass_in_query(query) {
            Some(Ok(presented)) => self.read_pass(presented),
            Some(Err(_)) => (self.kind, self.presented) = (Kind::Pass, Decoded::default()),
            None if self.route.is_some() => {
                (self.kind, self.presented, self.is_well_formed) = (Kind::Host, Decoded::plain(link.host), true);
            }
            None => {}
        }
    }

    fn read_pass(&mut self, presented: Decoded<'t>) {
        (self.kind, self.format, self.presented) = (Kind::Pass, Some(Format::V2), presented);
        if let Some(pass) = v2::PresentedPass::parse(presented) {
            self.is_well_formed = true;
            (self.key_id, self.port, self.expires) = (Some(pass.kid()), Some(pass.port()), Some(pass.expires()));
        }
    }

    fn read_signed_host(&mut self, host: &'t [u8], port: Port, part: &SignedPart) {
        let label = split_once(host, b'.').map_or(host, |(label, _)| label);
        (self.kind, self.format, self.presented) = (Kind::SignedHost, Some(Format::V2), Decoded::plain(label));
        self.port = Some(port);
        if let Some(signed) = v2::PresentedHost::parse(part, port) {
            self.is_well_formed = true;
            (self.key_id, self.expires) = (Some(signed.kid()), Some(signed.expires()));
        }
    }

    fn read_file_url(&mut self, query: &'t [u8]) {
        (self.kind, self.presented) = (Kind::FileUrl, Decoded::plain(query));
        // What both formats know says which of them it is.
        let Ok(both) = FileQuery::parse(query, Known::V1) else {
            self.format = meant(query);
            return;
        };
        (self.path, self.user) = (text_of(both.path).map(Text::from), text_of(both.user).map(Text::from));
        // One byte more than the signature, so that a longer one, truncated, is none.
        let mut buffer = [0; v2::Signature::LEN + 1];
        let signature = text_of(both.signature).unwrap_or_default().first_bytes(&mut buffer);
        if signature.starts_with(v2::SIGNATURE_PREFIX) {
            self.format = Some(Format::V2);
            return self.read_v2(query, signature);
        }
        self.expires = text_of(both.expiration).and_then(|digits| digits.decimal()).map(UnixSeconds::new);
        if signature.starts_with(v1::SIGNATURE_PREFIX) {
            self.format = Some(Format::V1);
            self.is_well_formed = v1::PresentedUrl::read(&both, &[], Operation::Read).is_ok();
        }
    }

    /// What v2 adds.
    fn read_v2(&mut self, query: &'t [u8], signature: &[u8]) {
        let Ok(query) = FileQuery::parse(query, Known::V2) else { return };
        let extra = &query.beyond_v1;
        self.key_id = v2::kid_after(v2::SIGNATURE_PREFIX, signature);
        // An upload may have everything that a download may have, and limits beside it.
        self.is_well_formed = v2::PresentedUrl::read(&query, &[], Operation::Write).is_ok();
        self.expires = exact(text_of(query.expiration)).map(|seconds| UnixSeconds::new(seconds.cast_signed()));
        self.max_bytes = exact(text_of(extra.max_bytes));
        self.directory = text_of(extra.directory).map(Text::from);
        self.content_sha256 = text_of(extra.sha256).and_then(|digits| parse_hex(digits.bytes()));
    }
}

fn exact(digits: Option<Decoded<'_>>) -> Option<u64> {
    digits?.exact()
}
