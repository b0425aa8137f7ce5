//! Finds the sandbox and the port of a request from its host and its routing headers.
//!
//! Source: E2B's edge proxy.

use crate::encoding::bytes::{has, split_once};
use crate::encoding::number::Decimal;
use crate::request::address::{is_ipv4, is_ipv6};
use crate::request::header::Header;
use crate::value::error::{Code, Denied, Gate};
use crate::value::ids::{MAX_DNS_LABEL, Port, SandboxId};

/// The sandbox and the port that a request is for.
///
/// ```
/// use sandgate::{Header, Route};
///
/// let route = Route::parse(Header::Once(b"8080-i94gcaqbpvohfr764s5l.e2b.app"), Header::Absent, Header::Absent)?;
/// assert_eq!(route.sandbox_id().as_str(), "i94gcaqbpvohfr764s5l");
/// assert_eq!(route.port().get(), 8080);
/// # Ok::<(), sandgate::Denied>(())
/// ```
///
/// Two routes are equal when they lead to the same port of the same sandbox, whether or not a signed host named it.
#[derive(Clone, Copy)]
pub struct Route {
    sandbox_id: SandboxId,
    port: Port,
    signed: Option<SignedPart>,
}

/// The third part of a three-part label, if it has the length of a signature.
#[derive(Clone, Copy)]
pub struct SignedPart {
    /// The characters, not yet checked: any bytes that a host may have.
    pub text: [u8; Self::LEN],
    /// The label is short enough, and its port has no leading zeros.
    pub well_formed: bool,
}

impl SignedPart {
    /// Its length in bytes.
    pub const LEN: usize = 34;

    /// Returns the part if it could be the signature of a signed host: it has that length, and nothing follows it.
    fn find(third: &[u8], well_formed: bool) -> Option<Self> {
        let text = <[u8; Self::LEN]>::try_from(third).ok().filter(|text| !has(text, b'-'))?;
        Some(Self { text, well_formed })
    }
}

impl Route {
    /// Returns the route to `port` of the sandbox.
    #[must_use]
    pub const fn new(sandbox_id: SandboxId, port: Port) -> Self {
        Self { sandbox_id, port, signed: None }
    }

    /// Finds the route of a request.
    ///
    /// - A host `{port}-{sandbox_id}[-anything].{domain}` names the route, and the routing headers are ignored.
    /// - `localhost`, an IPv4 address, a bracketed IPv6 address and `sandbox.{domain}` do not: then the headers
    ///   `E2b-Sandbox-Id` (`sandbox_id`) and `E2b-Sandbox-Port` (`port`) name it. Both are required; an empty one is
    ///   absent.
    ///
    /// The id is `[a-z0-9]+`, at most 63 characters; the port is decimal, 1 to 65535, and may have leading zeros.
    ///
    /// # Errors
    /// [`Gate::Host`] with [`Code::Missing`] or [`Code::Malformed`], both status 400.
    pub fn parse(host: Header<'_>, sandbox_id: Header<'_>, port: Header<'_>) -> Result<Self, Denied> {
        let host = given(host)?;
        let host = without_port(host).filter(|host| is_plain(host)).ok_or(MALFORMED)?;
        if routes_by_header(host) {
            Self::from_parts(given(sandbox_id)?, given(port)?)
        } else {
            let (label, _domain) = split_once(host, b'.').ok_or(MALFORMED)?;
            Self::of_label(label)
        }
    }

    /// `{port}-{sandbox_id}[-anything]`
    pub(crate) fn of_label(label: &[u8]) -> Result<Self, Denied> {
        let (port, rest) = split_once(label, b'-').ok_or(MALFORMED)?;
        let (id, anything) = split_once(rest, b'-').unwrap_or((rest, b""));
        let signed = SignedPart::find(anything, label.len() <= MAX_DNS_LABEL && !port.starts_with(b"0"));
        Ok(Self { signed, ..Self::from_parts(id, port)? })
    }

    fn from_parts(id: &[u8], port: &[u8]) -> Result<Self, Denied> {
        match (SandboxId::try_from(id), Port::parse(port)) {
            (Ok(id), Ok(port)) if id.is_routable() => Ok(Self::new(id, port)),
            _ => Err(MALFORMED),
        }
    }

    /// The sandbox.
    #[must_use]
    pub const fn sandbox_id(&self) -> &SandboxId {
        &self.sandbox_id
    }

    /// The port inside the sandbox.
    #[must_use]
    pub const fn port(&self) -> Port {
        self.port
    }

    /// The part of the host that may be a v2 signature, which [`Edge`](crate::Edge) checks. For bindings: they store a
    /// route in their own form and pass this part to [`Self::with_signed_part`].
    #[doc(hidden)]
    #[must_use]
    pub const fn signed_part(&self) -> Option<&SignedPart> {
        self.signed.as_ref()
    }

    /// Returns the route with such a part: for bindings.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_signed_part(self, signed: Option<SignedPart>) -> Self {
        Self { signed, ..self }
    }
}

/// `{port}-{sandbox_id}`, the host's label for this route. An edge forwards it in place of a signed label.
impl core::fmt::Display for Route {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(Decimal::new(self.port.get().into()).as_str())?;
        f.write_str("-")?;
        f.write_str(self.sandbox_id.as_str())
    }
}

impl PartialEq for Route {
    fn eq(&self, other: &Self) -> bool {
        self.sandbox_id == other.sandbox_id && self.port == other.port
    }
}

impl Eq for Route {}

impl core::hash::Hash for Route {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        (self.sandbox_id, self.port).hash(state);
    }
}

/// A signed host is a credential.
impl core::fmt::Debug for SignedPart {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SignedPart(redacted)")
    }
}

/// Does not show the part that may be a signature.
impl core::fmt::Debug for Route {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Route({self})")
    }
}

const MALFORMED: Denied = Denied::new(Gate::Host, Code::Malformed);

fn given(header: Header<'_>) -> Result<&[u8], Denied> {
    let value = header.non_empty().map_err(|_| MALFORMED)?;
    value.ok_or(Denied::new(Gate::Host, Code::Missing))
}

/// Returns the host without `:port`. The port must be decimal digits; its value is not used. A bracketed address keeps its
/// brackets.
fn without_port(host: &[u8]) -> Option<&[u8]> {
    let (host, port) = match host.iter().rposition(|byte| matches!(byte, b':' | b']')) {
        Some(last) if host.get(last) == Some(&b':') => {
            let (host, colon_port) = host.split_at_checked(last)?;
            (host, colon_port.get(1..)?)
        }
        _ => (host, &b""[..]),
    };
    port.iter().all(u8::is_ascii_digit).then_some(host)
}

/// Whether the host has only the characters of a name. Two hosts that a proxy has joined, or a host followed by a path, are
/// refused.
fn is_plain(host: &[u8]) -> bool {
    let of_a_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    host.starts_with(b"[") || host.iter().all(of_a_name)
}

fn routes_by_header(host: &[u8]) -> bool {
    if let Some(domain) = host.strip_prefix(b"sandbox.") {
        return !domain.is_empty();
    }
    let bracketed = host.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]"));
    host == b"localhost" || is_ipv4(host) || bracketed.is_some_and(is_ipv6)
}
