//! Names, validated on construction: sandbox ids, ports, operations, key ids, contexts.

use crate::crypto::short_message::ShortMessage;
use crate::encoding::bytes::split_once;
use crate::encoding::number::parse_digits;
use crate::value::error::Misuse;
use core::cmp::Ordering;
use core::fmt;
use core::num::NonZeroU16;
use core::str::FromStr;

/// The longest label of a host, in bytes: RFC 1035, section 2.3.4.
pub(crate) const MAX_DNS_LABEL: usize = 63;

/// The name of a sandbox: 1 to 63 bytes of `[A-Za-z0-9_-]`.
///
/// It never starts with `sandbox-traffic-`: the access token of a sandbox called `sandbox-traffic-X` would be the
/// traffic token of the sandbox `X`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SandboxId {
    /// Laid out on construction as the message of a token's HMAC.
    message: ShortMessage,
}

impl SandboxId {
    /// The longest id, in bytes: what fits in a DNS label.
    pub const MAX_LEN: usize = MAX_DNS_LABEL;

    /// Returns the id of a sandbox that an old client calls `{sandboxID}-{clientID}`: what stands before the first `-`. An
    /// id without a `-` is itself. Shorten an id before anything is derived from it: the long form has other tokens.
    ///
    /// Source: E2B's API server.
    ///
    /// # Errors
    /// [`Misuse::LongSandboxId`] if that part is not 1 to 63 of `[a-z0-9]`.
    ///
    /// ```
    /// use sandgate::{Misuse, SandboxId};
    ///
    /// assert_eq!(SandboxId::shorten(b"i94gcaqbpvohfr764s5l-2f7b3ac1")?.as_str(), "i94gcaqbpvohfr764s5l");
    /// assert_eq!(SandboxId::shorten(b"-2f7b3ac1"), Err(Misuse::LongSandboxId));
    /// # Ok::<(), Misuse>(())
    /// ```
    pub fn shorten(id: &[u8]) -> Result<Self, Misuse> {
        let short = split_once(id, b'-').map_or(id, |(short, _client)| short);
        Self::try_from(short).ok().filter(Self::is_routable).ok_or(Misuse::LongSandboxId)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.message.as_bytes()
    }

    pub(crate) const fn message(&self) -> &ShortMessage {
        &self.message
    }

    /// Whether it may be part of a host: `[a-z0-9]+`.
    pub(crate) fn is_routable(&self) -> bool {
        self.as_bytes().iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    }
}

/// Every id fits in one block of its HMAC.
const _: () = assert!(SandboxId::MAX_LEN <= ShortMessage::MAX_LEN);

impl TryFrom<&[u8]> for SandboxId {
    type Error = Misuse;

    #[inline]
    fn try_from(id: &[u8]) -> Result<Self, Misuse> {
        if id.is_empty() || id.len() > Self::MAX_LEN || id.starts_with(b"sandbox-traffic-") || !are_allowed(id) {
            return Err(Misuse::SandboxId);
        }
        ShortMessage::new(id).map(|message| Self { message }).ok_or(Misuse::SandboxId)
    }
}

/// Whether all bytes are allowed in an id.
#[inline]
fn are_allowed(id: &[u8]) -> bool {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() | (*byte == b'_') | (*byte == b'-');
    let all = |bytes: &[u8]| bytes.iter().fold(true, |all, byte| all & allowed(byte));
    match id.last_chunk::<16>() {
        Some(last) => id.as_chunks::<16>().0.iter().fold(all(last), |before, chunk| before & all(chunk)),
        None => all(id),
    }
}

impl Ord for SandboxId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl PartialOrd for SandboxId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl TryFrom<&str> for SandboxId {
    type Error = Misuse;

    fn try_from(id: &str) -> Result<Self, Misuse> {
        Self::try_from(id.as_bytes())
    }
}

impl FromStr for SandboxId {
    type Err = Misuse;

    fn from_str(id: &str) -> Result<Self, Misuse> {
        Self::try_from(id.as_bytes())
    }
}

impl fmt::Display for SandboxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for SandboxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SandboxId({self})")
    }
}

/// A port of a sandbox, 1 to 65535.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port(NonZeroU16);

impl Port {
    /// Where the controller of a sandbox listens by default.
    pub const CONTROLLER: Self = match NonZeroU16::new(49983) {
        Some(port) => Self(port),
        None => Self(NonZeroU16::MIN),
    };

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0.get()
    }

    /// Parses decimal digits and nothing else. Leading zeros are allowed, as in E2B's proxy.
    pub(crate) fn parse(digits: &[u8]) -> Result<Self, Misuse> {
        let number = parse_digits(digits).and_then(|number| u16::try_from(number).ok());
        // No port is 0.
        Self::try_from(number.unwrap_or(0))
    }
}

impl TryFrom<u16> for Port {
    type Error = Misuse;

    fn try_from(number: u16) -> Result<Self, Misuse> {
        NonZeroU16::new(number).map(Self).ok_or(Misuse::Port)
    }
}

impl FromStr for Port {
    type Err = Misuse;

    fn from_str(digits: &str) -> Result<Self, Misuse> {
        Self::parse(digits.as_bytes())
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a file URL allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Download.
    Read,
    /// Upload.
    Write,
}

impl Operation {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Read, Self::Write];

    /// `read` or `write`, as in the signed message.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl TryFrom<&[u8]> for Operation {
    type Error = Misuse;

    fn try_from(name: &[u8]) -> Result<Self, Misuse> {
        Self::ALL.into_iter().find(|known| known.as_str().as_bytes() == name).ok_or(Misuse::Operation)
    }
}

impl FromStr for Operation {
    type Err = Misuse;

    fn from_str(name: &str) -> Result<Self, Misuse> {
        Self::try_from(name.as_bytes())
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Names the seed of a v2 secret: one character of `[0-9a-z]`. It is not a secret.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 1]);

impl KeyId {
    /// A blank key id, before a key is set.
    pub(crate) const BLANK: Self = Self([0]);

    /// Returns the character.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }

    #[inline]
    pub(crate) const fn byte(self) -> u8 {
        let [byte] = self.0;
        byte
    }
}

impl TryFrom<u8> for KeyId {
    type Error = Misuse;

    #[inline]
    fn try_from(byte: u8) -> Result<Self, Misuse> {
        if byte.is_ascii_digit() || byte.is_ascii_lowercase() { Ok(Self([byte])) } else { Err(Misuse::KeyId) }
    }
}

impl TryFrom<char> for KeyId {
    type Error = Misuse;

    fn try_from(character: char) -> Result<Self, Misuse> {
        u8::try_from(character).map_err(|_| Misuse::KeyId)?.try_into()
    }
}

impl TryFrom<&[u8]> for KeyId {
    type Error = Misuse;

    fn try_from(text: &[u8]) -> Result<Self, Misuse> {
        if let [byte] = text { Self::try_from(*byte) } else { Err(Misuse::KeyId) }
    }
}

impl TryFrom<&str> for KeyId {
    type Error = Misuse;

    fn try_from(text: &str) -> Result<Self, Misuse> {
        Self::try_from(text.as_bytes())
    }
}

impl FromStr for KeyId {
    type Err = Misuse;

    fn from_str(text: &str) -> Result<Self, Misuse> {
        Self::try_from(text.as_bytes())
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// A value that the issuer and the verifier know and the URL does not carry, such as a client's address or session id: 1 to
/// 255 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Context<'a>(&'a [u8]);

impl<'a> Context<'a> {
    const MAX_LEN: usize = 255;

    pub(crate) const fn as_bytes(self) -> &'a [u8] {
        self.0
    }
}

impl<'a> TryFrom<&'a [u8]> for Context<'a> {
    type Error = Misuse;

    fn try_from(bytes: &'a [u8]) -> Result<Self, Misuse> {
        if bytes.is_empty() || bytes.len() > Self::MAX_LEN { Err(Misuse::Context) } else { Ok(Self(bytes)) }
    }
}

impl<'a> TryFrom<&'a str> for Context<'a> {
    type Error = Misuse;

    fn try_from(text: &'a str) -> Result<Self, Misuse> {
        Self::try_from(text.as_bytes())
    }
}

/// It may be a session id, so it is not shown.
impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Context(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operation_is_parsed_only_from_its_name() {
        assert_eq!(Operation::ALL.map(Operation::as_str), ["read", "write"]);
        for operation in Operation::ALL {
            assert_eq!(Operation::try_from(operation.as_str().as_bytes()), Ok(operation));
            assert_eq!(operation.as_str().parse(), Ok(operation));
        }
        for wrong in [
            &b""[..],
            b"Read",
            b"READ",
            b"Write",
            b"WRITE",
            b"read ",
            b"reads",
            b"write ",
            b"writes",
            b"writ",
            b"delete",
            b"\xff",
        ] {
            assert_eq!(Operation::try_from(wrong), Err(Misuse::Operation));
        }
    }

    #[test]
    fn the_longest_id_is_a_dns_label() {
        assert!(SandboxId::try_from(&[b'a'; 63][..]).is_ok());
        assert_eq!(SandboxId::try_from(&[b'a'; 64][..]), Err(Misuse::SandboxId));
    }
}
