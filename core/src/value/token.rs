//! Secret bytes: wiped when dropped, never shown by `Debug`, compared in constant time only.

use crate::crypto::compare;
use crate::encoding::bytes::copy;
use crate::memory::slots::Blank;
use crate::memory::wipe::{Wiped, wipe};
use crate::value::error::Misuse;
use core::fmt;

/// The longest token that is accepted, in bytes.
pub const MAX_TOKEN_LEN: usize = 256;

/// Text of 1 to [`MAX_TOKEN_LEN`] bytes that is a secret, kept between two colons, as the message of a v1 signature wants
/// it: so it is hashed in one piece.
#[derive(Clone)]
struct SecretText {
    delimited: [u8; MAX_TOKEN_LEN + 2],
    len: usize,
}

impl SecretText {
    fn new(text: &[u8]) -> Result<Self, Misuse> {
        check_token(text)?;
        let mut secret = Self::blank();
        secret.set(text);
        Ok(secret)
    }

    /// Becomes this text, in its place, which is blank.
    fn set(&mut self, text: &[u8]) {
        copy(self.delimited.get_mut(1..).unwrap_or_default(), text);
        self.len = text.len();
    }

    /// Text of `N` bytes that `write` fills in its place, since a move would leave it behind.
    #[inline]
    fn written<const N: usize>(write: impl FnOnce(&mut [u8; N])) -> Self {
        let mut secret = Self::blank();
        if let Some(place) = secret.delimited.get_mut(1..).and_then(|rest| rest.first_chunk_mut()) {
            write(place);
            secret.len = N;
        }
        secret
    }

    fn slice(&self, from: usize, to: usize) -> &[u8] {
        self.delimited.get(from..to).unwrap_or_default()
    }

    fn as_bytes(&self) -> &[u8] {
        self.slice(1, self.len.wrapping_add(1))
    }

    fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

/// Lends what `write` makes, in the one place where it stands; it is wiped afterwards.
#[inline]
pub(crate) fn lend<const N: usize, R>(write: impl FnOnce(&mut [u8; N]), borrow: impl FnOnce(&[u8; N]) -> R) -> R {
    let mut text = Wiped([0; N]);
    write(&mut text.0);
    borrow(&text.0)
}

/// Whether a text may be a token.
pub(crate) fn check_token(text: &[u8]) -> Result<(), Misuse> {
    let fits = (1..=MAX_TOKEN_LEN).contains(&text.len());
    // Most are ASCII, which is seen sooner.
    let fits = fits && (text.is_ascii() || core::str::from_utf8(text).is_ok());
    if fits { Ok(()) } else { Err(Misuse::Token) }
}

impl Blank for SecretText {
    fn blank() -> Self {
        Self { delimited: [b':'; MAX_TOKEN_LEN + 2], len: 0 }
    }
}

impl Drop for SecretText {
    fn drop(&mut self) {
        wipe(&mut self.delimited);
    }
}

macro_rules! token {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Opaque text of 1 to [`MAX_TOKEN_LEN`] bytes of UTF-8. It is wiped when dropped; `Debug` shows nothing of it;
        /// `==` takes constant time.
        #[derive(Clone)]
        pub struct $name(SecretText);

        impl $name {
            /// The token itself, for its owner alone.
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

            /// Of text that this crate makes: not empty, not too long, ASCII.
            #[inline]
            pub(crate) fn written<const N: usize>(write: impl FnOnce(&mut [u8; N])) -> Self {
                Self(SecretText::written(write))
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = Misuse;

            fn try_from(text: &[u8]) -> Result<Self, Misuse> {
                SecretText::new(text).map(Self)
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

/// How an access token of v2 begins.
pub(crate) const ACCESS_TOKEN_PREFIX: &[u8; 5] = b"sg2a.";
/// How a traffic token of v2 begins.
pub(crate) const TRAFFIC_TOKEN_PREFIX: &[u8; 5] = b"sg2t.";
/// How a traffic root begins.
pub(crate) const TRAFFIC_ROOT_PREFIX: &[u8; 5] = b"sg2r.";

/// Returns what is wrong with `token` where a secret of v2 with another prefix is required.
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
    /// Becomes the same token as `other`, in its place, which is blank.
    pub(crate) fn copy_from(&mut self, other: &Self) {
        self.0.set(other.as_bytes());
    }

    /// `:token:`
    pub(crate) fn delimited(&self) -> &[u8] {
        self.0.slice(0, self.0.len.wrapping_add(2))
    }

    /// `:token`
    pub(crate) fn after_delimiter(&self) -> &[u8] {
        self.0.slice(0, self.0.len.wrapping_add(1))
    }
}

impl Blank for AccessToken {
    fn blank() -> Self {
        Self(SecretText::blank())
    }
}

token! {
    /// What a controller asks for in `X-Access-Token`.
    AccessToken
}

token! {
    /// What an edge asks for in `e2b-traffic-access-token`.
    TrafficToken
}

token! {
    /// What an edge derives the traffic tokens of v2 from, `sg2r.…`: it opens no controller.
    TrafficRoot
}
