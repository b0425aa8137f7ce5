//! The parameters of a file URL, and the rule on repeated parameters.

use crate::encoding::percent::{BadEscape, Decoded};
use crate::encoding::query_text::take_value;

/// The values in the query of a file URL.
#[derive(Clone, Copy, Default)]
pub(crate) struct FileQuery<'s> {
    pub(crate) path: Option<Decoded<'s>>,
    pub(crate) user: Option<Decoded<'s>>,
    pub(crate) signature: Option<Decoded<'s>>,
    pub(crate) expiration: Option<Decoded<'s>>,
    /// The query contains an unescaped `;`. In v1 that is malformed, because E2B's controller drops the parameter; in v2 it
    /// is an ordinary byte.
    pub(crate) semicolon: bool,
    /// Blank in v1.
    pub(crate) beyond_v1: BeyondV1<'s>,
}

/// The values that v2 adds.
#[derive(Clone, Copy, Default)]
pub(crate) struct BeyondV1<'s> {
    pub(crate) directory: Option<Decoded<'s>>,
    pub(crate) max_bytes: Option<Decoded<'s>>,
    pub(crate) sha256: Option<Decoded<'s>>,
    /// The query has a parameter `signature…` that v2 does not know.
    pub(crate) unknown: bool,
}

/// What a query asks for, as received: a [`Grant`](crate::Grant) borrows it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Asked<'q> {
    pub(crate) path: Option<Decoded<'q>>,
    pub(crate) user: Option<Decoded<'q>>,
    pub(crate) directory: Option<Decoded<'q>>,
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

impl<'s> FileQuery<'s> {
    /// Parses a query. Each known parameter may occur once.
    pub(crate) fn parse(query: &'s [u8], known: Known) -> Result<Self, Malformed> {
        let mut found = Self::default();
        found.read(query, known, &mut [], &mut Asked::default())?;
        Ok(found)
    }

    /// What was parsed by [`Self::parse`].
    #[cfg(feature = "explain")]
    pub(crate) fn asked(&self) -> Asked<'s> {
        Asked { path: self.path, user: self.user, directory: self.beyond_v1.directory }
    }

    /// Parses a query into this blank value, decodes the values into `free` as far as they fit, and keeps in `asked` what is
    /// needed as received. In place, because moving the values takes longer than reading them.
    ///
    /// The query is split at `&`; empty pieces are skipped. The first `=` ends the name; without one the value is empty.
    pub(crate) fn read<'q: 's>(
        &mut self,
        query: &'q [u8],
        known: Known,
        mut free: &'s mut [u8],
        asked: &mut Asked<'q>,
    ) -> Result<(), Malformed> {
        let mut rest = query;
        loop {
            match rest {
                [] => return Ok(()),
                [b'&', after @ ..] => {
                    rest = after;
                    continue;
                }
                _ => {}
            }
            let parameter = self.take_name(&mut rest, known)?;
            let (encoded, value) = take_value(&mut rest, &mut free, &mut self.semicolon)?;
            let place = match parameter {
                Some(Parameter::Path) => {
                    asked.path = Some(encoded);
                    &mut self.path
                }
                Some(Parameter::User) => {
                    asked.user = Some(encoded);
                    &mut self.user
                }
                Some(Parameter::Signature) => &mut self.signature,
                Some(Parameter::Expiration) => &mut self.expiration,
                Some(Parameter::Directory) => {
                    asked.directory = Some(encoded);
                    &mut self.beyond_v1.directory
                }
                Some(Parameter::MaxBytes) => &mut self.beyond_v1.max_bytes,
                Some(Parameter::Sha256) => &mut self.beyond_v1.sha256,
                None => continue,
            };
            if place.is_some() {
                return Err(Malformed);
            }
            *place = Some(value);
        }
    }

    /// Takes a name and the `=` after it. The names in their usual spelling are compared by the word, in the order of the
    /// SDKs' URLs.
    #[inline(always)]
    fn take_name(&mut self, rest: &mut &[u8], known: Known) -> Result<Option<Parameter>, BadEscape> {
        let (parameter, after) = if let Some(after) = rest.strip_prefix(b"path=") {
            (Parameter::Path, after)
        } else if let Some(after) = rest.strip_prefix(b"signature=") {
            (Parameter::Signature, after)
        } else if let Some(after) = rest.strip_prefix(b"username=") {
            (Parameter::User, after)
        } else if let Some(after) = rest.strip_prefix(b"signature_expiration=") {
            (Parameter::Expiration, after)
        } else {
            return self.take_other_name(rest, known);
        };
        *rest = after;
        Ok(Some(parameter))
    }

    /// The same for every other name and spelling.
    #[cold]
    fn take_other_name(&mut self, rest: &mut &[u8], known: Known) -> Result<Option<Parameter>, BadEscape> {
        let end = rest.iter().position(|byte| matches!(byte, b'=' | b'&')).unwrap_or(rest.len());
        let (raw, after) = rest.split_at_checked(end).unwrap_or_default();
        self.semicolon |= raw.contains(&b';');
        *rest = after.strip_prefix(b"=").unwrap_or(after);
        let mut decoded = [0; LONGEST];
        let name = Decoded::from_query(raw)?;
        let name = name.as_plain().unwrap_or_else(|| name.first_bytes(&mut decoded));
        let parameter = NAMES.into_iter().find(|(known, _)| known.as_bytes() == name).map(|(_, parameter)| parameter);
        Ok(match known {
            Known::V1 => parameter.filter(|parameter| parameter.is_of_v1()),
            Known::V2 => {
                self.beyond_v1.unknown |= parameter.is_none() && name.starts_with(b"signature");
                parameter
            }
        })
    }
}

/// A known parameter.
#[derive(Clone, Copy)]
enum Parameter {
    Path,
    User,
    Signature,
    Expiration,
    Directory,
    MaxBytes,
    Sha256,
}

impl Parameter {
    const fn is_of_v1(self) -> bool {
        matches!(self, Self::Path | Self::User | Self::Signature | Self::Expiration)
    }
}

const NAMES: [(&str, Parameter); 7] = [
    ("path", Parameter::Path),
    ("username", Parameter::User),
    ("signature", Parameter::Signature),
    ("signature_expiration", Parameter::Expiration),
    ("signature_directory", Parameter::Directory),
    ("signature_max_bytes", Parameter::MaxBytes),
    ("signature_sha256", Parameter::Sha256),
];

/// One byte more than the longest name, so that a longer name, truncated, does not equal it.
const LONGEST: usize = b"signature_expiration".len() + 1;
