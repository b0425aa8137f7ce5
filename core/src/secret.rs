//! Secret bytes: wiped when dropped, never shown by `Debug`, compared in constant time only.

use crate::bytes::{copy, wipe};
use crate::compare;
use crate::error::Misuse;
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
        Ok(Self::between_colons(text))
    }

    #[inline]
    fn between_colons(text: &[u8]) -> Self {
        let mut delimited = [b':'; MAX_TOKEN_LEN + 2];
        copy(delimited.get_mut(1..).unwrap_or_default(), text);
        Self { delimited, len: text.len() }
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

/// Whether a text may be a token.
pub(crate) fn check_token(text: &[u8]) -> Result<(), Misuse> {
    let fits = !text.is_empty() && text.len() <= MAX_TOKEN_LEN && core::str::from_utf8(text).is_ok();
    if fits { Ok(()) } else { Err(Misuse::Token) }
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
            /// The token itself, to be sent to whom it belongs and to nobody else.
            #[must_use]
            pub fn expose(&self) -> &str {
                self.0.as_str()
            }

            pub(crate) fn as_bytes(&self) -> &[u8] {
                self.0.as_bytes()
            }

            /// Of text that this crate made: not empty, not too long, ASCII.
            pub(crate) fn from_ascii(text: &[u8]) -> Self {
                Self(SecretText::between_colons(text))
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

impl AccessToken {
    /// `:token:`
    pub(crate) fn delimited(&self) -> &[u8] {
        self.0.slice(0, self.0.len.wrapping_add(2))
    }

    /// `:token`
    pub(crate) fn after_delimiter(&self) -> &[u8] {
        self.0.slice(0, self.0.len.wrapping_add(1))
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
