//! The claims of a tag in their only encoding: fields in ascending order of number, each `number || u16 length || value`.

use super::directory::is_directory;
use crate::crypto::mac::{HmacKey, Mac};
use crate::crypto::tag::Tag;
use crate::encoding::number::MAX_EXACT;
use crate::encoding::percent::Decoded;
use crate::encoding::text::{is_ascii_text, is_text};
use crate::request::grant::Limits;
use crate::value::error::{Code, Misuse};
use crate::value::ids::{Context, Operation, Port};
use crate::value::time::{UnixSeconds, Window};

const MAX_PATH: usize = 4096;
const MAX_USER: usize = 255;

/// The claims of a file URL, which its signature signs.
#[derive(Clone, Copy)]
pub(super) struct Claims<'a> {
    pub(super) operation: Operation,
    /// None if a directory is signed and the client adds the path.
    pub(super) path: Option<Decoded<'a>>,
    /// Signed instead of the path.
    pub(super) directory: Option<Decoded<'a>>,
    pub(super) user: Option<Decoded<'a>>,
    pub(super) expires: Expiry,
    pub(super) limits: Limits,
}

impl Claims<'_> {
    /// Checks that each claim can be signed.
    pub(super) fn check(&self) -> Result<(), Misuse> {
        if self.path.as_ref().is_some_and(|path| !is_text_of(path, 1, MAX_PATH)) {
            return Err(Misuse::Path);
        }
        let is_directory = |text: &Decoded<'_>| is_text_of(text, 1, MAX_PATH) && is_directory(*text);
        if self.directory.as_ref().is_some_and(|directory| !is_directory(directory)) {
            return Err(Misuse::Directory);
        }
        if self.user.as_ref().is_some_and(|user| !is_text_of(user, 0, MAX_USER)) {
            return Err(Misuse::User);
        }
        let Limits { max_bytes, content_sha256 } = &self.limits;
        let limited = max_bytes.is_some() || content_sha256.is_some();
        if (limited && self.operation == Operation::Read) || max_bytes.is_some_and(|max| max > MAX_EXACT) {
            return Err(Misuse::Limit);
        }
        Ok(())
    }

    #[inline]
    pub(super) fn tag(&self, key: &HmacKey, context: Option<Context<'_>>, tag: &mut Tag) {
        let mut blocks = key.blocks();
        let mut mac = key.start(&mut blocks);
        mac.update_padded(match self.operation {
            Operation::Read => (b"\x01\0\x04read\0", 7),
            Operation::Write => (b"\x01\0\x05write", 8),
        });
        let (number, path) = self.directory.as_ref().map_or((2, self.path.as_ref()), |directory| (3, Some(directory)));
        text_field(&mut mac, number, path.unwrap_or(&Decoded::plain(b"")));
        if let Some(user) = &self.user {
            text_field(&mut mac, 4, user);
        }
        mac.update_padded((&self.expires.field(), 11));
        if let Some(max_bytes) = self.limits.max_bytes {
            field(&mut mac, 7, &max_bytes.to_be_bytes());
        }
        if let Some(sha256) = &self.limits.content_sha256 {
            field(&mut mac, 8, sha256);
        }
        context_field(&mut mac, context);
        mac.finish(tag);
    }
}

/// Writes the tag of a pass or a signed host.
pub(super) fn traffic_tag(key: &HmacKey, expires: Expiry, context: Option<Context<'_>>, port: Port, tag: &mut Tag) {
    let mut blocks = key.blocks();
    let mut mac = key.start(&mut blocks);
    mac.update_padded((&expires.field(), 11));
    context_field(&mut mac, context);
    field(&mut mac, 10, &port.get().to_be_bytes());
    mac.finish(tag);
}

/// The checks after the tag of a pass or a signed host: its time, then whether it covers the port `asked`. Returns its
/// expiry.
pub(super) fn time_and_scope(
    expires: Expiry,
    port: Port,
    asked: Port,
    window: Window,
    now: UnixSeconds,
) -> Result<UnixSeconds, Code> {
    window.check(expires.into(), now)?;
    if port == asked { Ok(expires.into()) } else { Err(Code::OutOfScope) }
}

/// An expiry from 0 to 2^53 - 1.
#[derive(Clone, Copy)]
pub(super) struct Expiry(u64);

impl Expiry {
    /// From a number that was parsed as one in range.
    pub(super) const fn of_exact(seconds: u64) -> Self {
        Self(seconds)
    }

    pub(super) const fn get(self) -> u64 {
        self.0
    }

    /// Field 5, in one piece of 11 bytes.
    #[inline]
    fn field(self) -> [u8; 16] {
        let [a, b, c, d, e, f, g, h] = self.0.to_be_bytes();
        [5, 0, 8, a, b, c, d, e, f, g, h, 0, 0, 0, 0, 0]
    }
}

impl TryFrom<UnixSeconds> for Expiry {
    type Error = Misuse;

    fn try_from(time: UnixSeconds) -> Result<Self, Misuse> {
        u64::try_from(time.get()).ok().filter(|seconds| *seconds <= MAX_EXACT).map(Self).ok_or(Misuse::Time)
    }
}

impl From<Expiry> for UnixSeconds {
    fn from(expiry: Expiry) -> Self {
        Self::new(expiry.0.cast_signed())
    }
}

fn is_text_of(text: &Decoded<'_>, min: usize, max: usize) -> bool {
    (min..=max).contains(&text.len()) && (text.as_plain().is_some_and(is_ascii_text) || is_other_text(text))
}

#[cold]
fn is_other_text(text: &Decoded<'_>) -> bool {
    is_text(text.bytes())
}

#[inline(always)]
fn field(mac: &mut Mac<'_>, number: u8, value: &[u8]) {
    header(mac, number, value.len());
    mac.update(value);
}

#[inline(always)]
fn text_field(mac: &mut Mac<'_>, number: u8, value: &Decoded<'_>) {
    header(mac, number, value.len());
    mac.update_decoded(value);
}

#[inline(always)]
fn context_field(mac: &mut Mac<'_>, context: Option<Context<'_>>) {
    if let Some(context) = context {
        field(mac, 9, context.as_bytes());
    }
}

/// No value is longer than 4096 bytes.
#[inline(always)]
fn header(mac: &mut Mac<'_>, number: u8, len: usize) {
    let [high, low] = (len as u16).to_be_bytes();
    mac.update_padded((&[number, high, low, 0], 3));
}
