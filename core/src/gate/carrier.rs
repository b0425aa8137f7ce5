//! The four places where a request to the edge may carry a credential, and which of them decides.

use crate::encoding::bytes::{split_once, trim};
use crate::encoding::percent::Decoded;
use crate::gate::checked_request::Request;
use crate::request::header::Header;
use crate::request::query::{pieces, value_of};
use crate::request::route::{Route, SignedPart};

/// The query parameter with a pass.
pub const TRAFFIC_PARAMETER: &str = "sandgate_traffic";
/// The cookie with a pass.
pub const TRAFFIC_COOKIE: &str = "__Host-sandgate-traffic";

/// Where a request carries its credential. The first one in this order that is present decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Carrier {
    /// [`TRAFFIC_HEADER`](crate::headers::TRAFFIC_HEADER): a static token or a pass.
    Header,
    /// The host's label: a signed host.
    Host,
    /// [`TRAFFIC_PARAMETER`]: a pass.
    Query,
    /// [`TRAFFIC_COOKIE`]: a pass.
    Cookie,
}

impl Carrier {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [Self::Header, Self::Host, Self::Query, Self::Cookie];

    /// The carrier as text: `header`, `host`, `query`, `cookie`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Host => "host",
            Self::Query => "query",
            Self::Cookie => "cookie",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Header => 1,
            Self::Host => 2,
            Self::Query => 4,
            Self::Cookie => 8,
        }
    }
}

impl core::fmt::Display for Carrier {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of carriers.
///
/// ```
/// use sandgate::{Carrier, Carriers};
/// let carriers = Carriers::of(&[Carrier::Header, Carrier::Cookie]);
/// assert!(carriers.accepts(Carrier::Cookie) && !carriers.accepts(Carrier::Query));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Carriers(u8);

impl Carriers {
    /// Only the header.
    pub const HEADER: Self = Self(Carrier::Header.bit());
    /// The header and the host.
    pub const HEADER_AND_HOST: Self = Self(Carrier::Header.bit() | Carrier::Host.bit());

    /// No carrier: no credential is read.
    pub const NONE: Self = Self(0);

    /// These carriers and no others.
    #[must_use]
    pub fn of(carriers: &[Carrier]) -> Self {
        carriers.iter().fold(Self::NONE, |set, carrier| set.with(*carrier))
    }

    /// Adds this carrier.
    #[must_use]
    pub const fn with(self, carrier: Carrier) -> Self {
        Self(self.0 | carrier.bit())
    }

    /// Whether a carrier is among them.
    #[must_use]
    pub const fn accepts(self, carrier: Carrier) -> bool {
        self.0 & carrier.bit() != 0
    }

    /// Returns the carriers that are in both sets.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// The content of the first carrier that is present. A malformed carrier decides too: the request is refused.
pub(crate) struct Presented<'a> {
    pub(crate) carrier: Carrier,
    pub(crate) content: Result<Content<'a>, Malformed>,
}

/// The content of a carrier.
pub(crate) enum Content<'a> {
    /// A token or a pass, in a header.
    Header(&'a [u8]),
    /// The part of the host that may be a signature.
    Host(&'a SignedPart),
    /// A pass, not yet checked, from a query or a cookie.
    Pass(Decoded<'a>),
}

/// A carrier that occurs twice, or is empty, quoted, or badly escaped.
pub(crate) struct Malformed;

impl<'a> Presented<'a> {
    /// Returns the first accepted carrier that is present. Later ones are not read.
    pub(crate) fn find(accepted: Carriers, route: &'a Route, request: &Request<'a>) -> Option<Self> {
        Carrier::ALL.into_iter().filter(|carrier| accepted.accepts(*carrier)).find_map(|carrier| {
            let content = match carrier {
                Carrier::Header => in_header(request.traffic_token),
                Carrier::Host => route.signed_part().map(|part| Ok(Content::Host(part))),
                Carrier::Query => in_query(request.query),
                Carrier::Cookie => in_cookies(request),
            };
            Some(Self { carrier, content: content? })
        })
    }
}

type Found<'a> = Option<Result<Content<'a>, Malformed>>;

/// Not inlined: the inlined code loads the length of a header before it checks whether the header is present, and a memory
/// checker reports that as a use of uninitialised memory.
#[inline(never)]
fn in_header(header: Header<'_>) -> Found<'_> {
    let value = header.non_empty().map_err(|_| Malformed).transpose()?;
    Some(value.map(Content::Header))
}

fn in_query(query: &[u8]) -> Found<'_> {
    Some(pass_in_query(query)?.map(Content::Pass))
}

/// The value of the query parameter for a pass, decoded, if the query has it. Twice, or empty, is malformed.
pub(crate) fn pass_in_query(query: &[u8]) -> Option<Result<Decoded<'_>, Malformed>> {
    let mut found = None;
    for piece in pieces(query) {
        if let Some(value) = value_of(piece, TRAFFIC_PARAMETER.as_bytes())
            && found.replace(value).is_some()
        {
            return Some(Err(Malformed));
        }
    }
    Some(match Decoded::from_query(found?) {
        Ok(pass) if !pass.is_empty() => Ok(pass),
        _ => Err(Malformed),
    })
}

fn in_cookies<'a>(request: &Request<'a>) -> Found<'a> {
    let mut found = None;
    for line in request.cookie_lines() {
        for cookie in cookies(line) {
            if let Some(value) = our_cookie(cookie)
                && found.replace(value).is_some()
            {
                return Some(Err(Malformed));
            }
        }
    }
    Some(match found? {
        [] | [b'"', ..] => Err(Malformed),
        value => Ok(Content::Pass(Decoded::plain(value))),
    })
}

/// The pieces of a `Cookie` line, without the white space around them.
pub(crate) fn cookies(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| *byte == b';').map(trim)
}

/// Returns the value of a piece if it is our cookie. A piece without `=` is not a cookie.
pub(crate) fn our_cookie(piece: &[u8]) -> Option<&[u8]> {
    let (name, value) = split_once(piece, b'=')?;
    (trim(name) == TRAFFIC_COOKIE.as_bytes()).then(|| trim(value))
}
