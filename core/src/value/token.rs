//! Secret bytes: wiped on drop, never shown by `Debug`, compared only in constant time.

use crate::crypto::compare;
use crate::encoding::bytes::copy;
use crate::memory::slots::Blank;
use crate::memory::wipe::{Wiped, wipe};
use crate::value::error::Misuse;
use core::fmt;

/// The longest token that is accepted, in bytes.
pub const MAX_TOKEN_LEN: usize = 256;

/// The longest token that this crate derives.
const SHORT: usize = 64;

/// Secret text of 1 to [`MAX_TOKEN_LEN`] bytes.
#[derive(Clone)]
struct SecretText {
    /// Zero after the text. The first block holds every token that this crate derives.
    text: Blocks,
    len: usize,
}

type Blocks = [[u8; SHORT]; MAX_TOKEN_LEN / SHORT];

/// A text before it is where the caller keeps it. The compiler moves it there, so the old place is wiped.
struct Draft(Blocks);

impl Draft {
    fn blank() -> Self {
        Self([[0; SHORT]; MAX_TOKEN_LEN / SHORT])
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(wipe);
    }
}

impl SecretText {
    /// From checked text.
    fn new(text: &[u8]) -> Self {
        let mut draft = Draft::blank();
        copy(draft.0.as_flattened_mut(), text);
        Self { text: draft.0, len: text.len() }
    }

    /// Sets this blank value to the text, in place.
    fn set(&mut self, text: &[u8]) {
        copy(self.text.as_flattened_mut(), text);
        self.len = text.len();
    }

    /// Returns text of `N` bytes, at most [`SHORT`], that `write` fills in.
    #[inline]
    fn written<const N: usize>(write: impl FnOnce(&mut [u8; N])) -> Self {
        let mut draft = Draft::blank();
        let [first, ..] = &mut draft.0;
        if let Some(place) = first.first_chunk_mut() {
            write(place);
        }
        Self { text: draft.0, len: N }
    }

    fn as_bytes(&self) -> &[u8] {
        self.text.as_flattened().get(..self.len).unwrap_or_default()
    }

    fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

/// Passes the bytes that `write` makes to `borrow` without moving them, and wipes them afterwards.
#[inline]
pub(crate) fn lend<const N: usize, R>(write: impl FnOnce(&mut [u8; N]), borrow: impl FnOnce(&[u8; N]) -> R) -> R {
    let mut text = Wiped([0; N]);
    write(&mut text.0);
    borrow(&text.0)
}

/// Whether a text may be a token.
pub(crate) fn check_token(text: &[u8]) -> Result<(), Misuse> {
    let fits = (1..=MAX_TOKEN_LEN).contains(&text.len());
    // Most tokens are ASCII, and that check is faster.
    let fits = fits && (text.is_ascii() || core::str::from_utf8(text).is_ok());
    if fits { Ok(()) } else { Err(Misuse::Token) }
}

impl Blank for SecretText {
    fn blank() -> Self {
        Self { text: [[0; SHORT]; MAX_TOKEN_LEN / SHORT], len: 0 }
    }
}

impl Drop for SecretText {
    fn drop(&mut self) {
        // The bytes after the text are zero.
        let [first, others @ ..] = &mut self.text;
        wipe(first);
        if self.len > SHORT {
            others.iter_mut().for_each(wipe);
        }
    }
}

macro_rules! token {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Opaque text of 1 to [`MAX_TOKEN_LEN`] bytes of UTF-8. It is wiped on drop. `Debug` shows nothing of it. `==`
        /// takes constant time.
        #[derive(Clone)]
        pub struct $name(SecretText);

        impl $name {
            /// Returns the token itself: show it only to its owner.
            #[must_use]
            pub fn expose(&self) -> &str {
                self.0.as_str()
            }

            /// The same as bytes, for callers that need no `str`.
            #[must_use]
            pub fn expose_bytes(&self) -> &[u8] {
                self.0.as_bytes()
            }

            pub(crate) fn as_bytes(&self) -> &[u8] {
                self.0.as_bytes()
            }

            /// From text that this crate makes: not empty, not too long, ASCII.
            #[inline]
            pub(crate) fn written<const N: usize>(write: impl FnOnce(&mut [u8; N])) -> Self {
                Self(SecretText::written(write))
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = Misuse;

            fn try_from(text: &[u8]) -> Result<Self, Misuse> {
                check_token(text)?;
                Ok(Self(SecretText::new(text)))
            }
        }

        impl TryFrom<&str> for $name {
            type Error = Misuse;

            fn try_from(text: &str) -> Result<Self, Misuse> {
                Self::try_from(text.as_bytes())
            }
        }

        impl core::str::FromStr for $name {
            type Err = Misuse;

            fn from_str(text: &str) -> Result<Self, Misuse> {
                Self::try_from(text)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                compare::equal(self.as_bytes(), other.as_bytes())
            }
        }

        impl Eq for $name {}
    };
}

/// The prefix of a v2 access token.
pub(crate) const ACCESS_TOKEN_PREFIX: &[u8; 5] = b"sg2a.";
/// The prefix of a v2 traffic token.
pub(crate) const TRAFFIC_TOKEN_PREFIX: &[u8; 5] = b"sg2t.";
/// The prefix of a traffic root.
pub(crate) const TRAFFIC_ROOT_PREFIX: &[u8; 5] = b"sg2r.";

/// Returns the misuse of `token` if a v2 secret with another prefix is required.
pub(crate) fn mistaken(token: &[u8]) -> Misuse {
    let is = |prefix: &[u8; 5]| token.starts_with(prefix);
    if is(ACCESS_TOKEN_PREFIX) {
        Misuse::AccessTokenGiven
    } else if is(TRAFFIC_TOKEN_PREFIX) {
        Misuse::TrafficTokenGiven
    } else if is(TRAFFIC_ROOT_PREFIX) {
        Misuse::TrafficRootGiven
    } else {
        Misuse::V1TokenGiven
    }
}

/// Whether an access token is of v2, by its prefix. Refuses another secret of v2: as a token of v1, which is opaque, it would sign
/// what no controller grants.
pub(crate) fn is_of_v2(access_token: &[u8]) -> Result<bool, Misuse> {
    match mistaken(access_token) {
        Misuse::AccessTokenGiven => Ok(true),
        Misuse::V1TokenGiven => Ok(false),
        other => Err(other),
    }
}

impl AccessToken {
    /// Copies `other` into this blank token, in place.
    pub(crate) fn copy_from(&mut self, other: &Self) {
        self.0.set(other.as_bytes());
    }

    /// The text with the zeros after it, if it has at most 64 characters, like those that this crate derives.
    #[inline]
    pub(crate) fn padded(&self) -> Option<(&[u8; SHORT], usize)> {
        let [first, ..] = &self.0.text;
        (self.0.len <= SHORT).then_some((first, self.0.len))
    }
}

impl Blank for AccessToken {
    fn blank() -> Self {
        Self(SecretText::blank())
    }
}

token! {
    /// The token that a controller requires in `X-Access-Token`.
    AccessToken
}

token! {
    /// The token that an edge requires in `e2b-traffic-access-token`.
    TrafficToken
}

token! {
    /// The root from which an edge derives v2 traffic tokens, `sg2r.…`. It opens no controller.
    TrafficRoot
}
