//! The parameters of a file URL, and the rule on repeated parameters.

use crate::encoding::percent::{BadEscape, Decoded};
use crate::request::query::Parameters;

/// The values in the query of a file URL.
#[derive(Clone, Copy, Default)]
pub(crate) struct FileQuery<'q> {
    pub(crate) path: Option<Decoded<'q>>,
    pub(crate) user: Option<Decoded<'q>>,
    pub(crate) signature: Option<Decoded<'q>>,
    pub(crate) expiration: Option<Decoded<'q>>,
    /// The query contains an unescaped `;`. In v1 that is malformed, because E2B's controller drops the parameter; in v2 it
    /// is an ordinary byte.
    pub(crate) semicolon: bool,
    /// Blank in v1.
    pub(crate) beyond_v1: BeyondV1<'q>,
}

/// The values that v2 adds.
#[derive(Clone, Copy, Default)]
pub(crate) struct BeyondV1<'q> {
    pub(crate) directory: Option<Decoded<'q>>,
    pub(crate) max_bytes: Option<Decoded<'q>>,
    pub(crate) sha256: Option<Decoded<'q>>,
    /// The query has a parameter `signature…` that v2 does not know.
    pub(crate) unknown: bool,
}

/// The known parameters. All others are ignored.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Known {
    /// `path`, `username`, `signature` and `signature_expiration`.
    V1,
    /// Those of v1 and those that v2 adds.
    V2,
}

/// The query has a bad escape, or repeats a known parameter.
pub(crate) struct Malformed;

impl From<BadEscape> for Malformed {
    fn from(_: BadEscape) -> Self {
        Self
    }
}

impl<'q> FileQuery<'q> {
    /// Parses a query. Each known parameter may occur once.
    #[inline]
    pub(crate) fn parse(query: &'q [u8], known: Known) -> Result<Self, Malformed> {
        let mut found = Self::default();
        let mut parameters = Parameters::of(query);
        for parameter in parameters.by_ref() {
            let (name, value) = parameter?;
            let mut decoded = [0; LONGEST];
            let name = name.as_plain().unwrap_or_else(|| name.first_bytes(&mut decoded));
            if let Some(place) = found.place_of(name, known)
                && place.replace(value).is_some()
            {
                return Err(Malformed);
            }
        }
        found.semicolon = parameters.semicolon;
        Ok(found)
    }

    /// Where the value of a parameter is kept. Comparing whole names takes less code than a `match`, which goes byte by byte.
    #[inline]
    fn place_of(&mut self, name: &[u8], known: Known) -> Option<&mut Option<Decoded<'q>>> {
        if name == b"path" {
            Some(&mut self.path)
        } else if name == b"username" {
            Some(&mut self.user)
        } else if name == b"signature" {
            Some(&mut self.signature)
        } else if name == b"signature_expiration" {
            Some(&mut self.expiration)
        } else if known == Known::V2 {
            self.beyond_v1.place_of(name)
        } else {
            None
        }
    }
}

/// One byte more than the longest name, so that a longer name, truncated, does not equal it.
const LONGEST: usize = b"signature_expiration".len() + 1;

impl<'q> BeyondV1<'q> {
    fn place_of(&mut self, name: &[u8]) -> Option<&mut Option<Decoded<'q>>> {
        if name == b"signature_directory" {
            Some(&mut self.directory)
        } else if name == b"signature_max_bytes" {
            Some(&mut self.max_bytes)
        } else if name == b"signature_sha256" {
            Some(&mut self.sha256)
        } else {
            self.unknown |= name.starts_with(b"signature");
            None
        }
    }
}
