//! The four places where a request to the edge may carry what lets it pass, and which of them decides.

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

/// Where a request carries what lets it pass, in the order in which they decide.
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
    /// The header alone.
    pub const HEADER: Self = Self(Carrier::Header.bit());
    /// The header and the host.
    pub const HEADER_AND_HOST: Self = Self(Carrier::Header.bit() | Carrier::Host.bit());

    /// No carrier: nothing is looked at.
    pub const NONE: Self = Self(0);

    /// These carriers and no others.
    #[must_use]
    pub fn of(carriers: &[Carrier]) -> Self {
        carriers.iter().fold(Self::NONE, |set, carrier| set.with(*carrier))
    }

    /// And this one.
    #[must_use]
    pub const fn with(self, carrier: Carrier) -> Self {
        Self(self.0 | carrier.bit())
    }

    /// Whether a carrier is among them.
    #[must_use]
    pub const fn accepts(self, carrier: Carrier) -> bool {
        self.0 & carrier.bit() != 0
    }

    /// Those that are in both sets.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// What the first carrier that is present holds. A carrier that cannot be read decides as well.
pub(crate) struct Presented<'a> {
    pub(crate) carrier: Carrier,
    pub(crate) content: Result<Content<'a>, Malformed>,
}

/// What a carrier holds.
pub(crate) enum Content<'a> {
    /// A token or a pass, in a header.
    Header(&'a [u8]),
    /// What may be that of a signed host.
    Host(&'a SignedPart),
    /// What should be a pass, in a query or a cookie.
    Pass(Decoded<'a>),
}

/// A carrier that occurs twice, or is empty, quoted, or badly escaped.
pub(crate) struct Malformed;

impl<'a> Presented<'a> {
    /// The first of the accepted carriers that is present. Later ones are not looked at.
    pub(crate) fn find(accepted: Carriers, route: &'a Route, request: &Request<'a>) -> Option<Self> {
        let in_order = Carrier::ALL.into_iter().filter(|carrier| accepted.accepts(*carrier));
        in_order
            .filter_map(|carrier| {
                let content = match carrier {
                    Carrier::Header => in_header(request.traffic_token),
                    Carrier::Host => route.signed_part().map(|part| Ok(Content::Host(part))),
                    Carrier::Query => in_query(request.query),
                    Carrier::Cookie => in_cookies(request.cookie_lines()),
                };
                content.map(|content| Self { carrier, content })
            })
            .next()
    }
}

type Found<'a> = Option<Result<Content<'a>, Malformed>>;

/// Not inlined: there the length of an absent header would be loaded before anybody asks whether it is there, and a memory
/// checker takes that for a use.
#[inline(never)]
fn in_header(header: Header<'_>) -> Found<'_> {
    let value = header.non_empty().map_err(|_| Malformed).transpose()?;
    Some(value.map(Content::Header))
}

fn in_query(query: &[u8]) -> Found<'_> {
    let mut values = pieces(query).filter_map(|piece| value_of(piece, TRAFFIC_PARAMETER.as_bytes()));
    let value = once(&mut values)?;
    Some(value.and_then(|raw| match Decoded::from_query(raw) {
        Ok(pass) if !pass.is_empty() => Ok(Content::Pass(pass)),
        _ => Err(Malformed),
    }))
}

fn in_cookies<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Found<'a> {
    let mut values = lines.flat_map(cookies).filter_map(our_cookie);
    let value = once(&mut values)?;
    Some(value.and_then(|value| match value {
        [] | [b'"', ..] => Err(Malformed),
        _ => Ok(Content::Pass(Decoded::plain(value))),
    }))
}

/// The only value; more than one cannot be read.
fn once<'a>(values: &mut impl Iterator<Item = &'a [u8]>) -> Option<Result<&'a [u8], Malformed>> {
    let first = values.next()?;
    Some(if values.next().is_some() { Err(Malformed) } else { Ok(first) })
}

/// The pieces of a `Cookie` line, without the white space around them.
pub(crate) fn cookies(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| *byte == b';').map(trim)
}

/// The value of a piece, if it is our cookie. A piece without `=` is none.
pub(crate) fn our_cookie(piece: &[u8]) -> Option<&[u8]> {
    let (name, value) = split_once(piece, b'=')?;
    (trim(name) == TRAFFIC_COOKIE.as_bytes()).then(|| trim(value))
}
