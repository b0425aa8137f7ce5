//! The parameters of a file URL, each found once. Nothing is decided here.

use crate::request::query::{BadEscape, Decoded, Parameters};

/// What the query of a file URL says.
#[derive(Clone, Copy, Default)]
pub(crate) struct FileQuery<'q> {
    pub(crate) path: Option<Decoded<'q>>,
    pub(crate) user: Option<Decoded<'q>>,
    pub(crate) signature: Option<Decoded<'q>>,
    pub(crate) expiration: Option<Decoded<'q>>,
    /// The query holds a `;` that is not escaped: malformed in v1, whose real controller drops the parameter, and an ordinary
    /// byte in v2.
    pub(crate) semicolon: bool,
    /// The parameters that v1 does not know and ignores.
    pub(crate) beyond_v1: BeyondV1<'q>,
}

/// What v2 adds.
#[derive(Clone, Copy, Default)]
pub(crate) struct BeyondV1<'q> {
    pub(crate) directory: Option<Decoded<'q>>,
    pub(crate) max_bytes: Option<Decoded<'q>>,
    pub(crate) sha256: Option<Decoded<'q>>,
    /// One of these was given twice.
    pub(crate) repeated: bool,
    /// A `signature…` was given that nobody knows.
    pub(crate) unknown: bool,
}

/// The query has a bad escape, or one of v1's parameters twice.
pub(crate) struct Malformed;

impl From<BadEscape> for Malformed {
    fn from(_: BadEscape) -> Self {
        Self
    }
}

impl<'q> FileQuery<'q> {
    #[inline]
    pub(crate) fn parse(query: &'q [u8]) -> Result<Self, Malformed> {
        let mut found = Self::default();
        let mut parameters = Parameters::of(query);
        for parameter in parameters.by_ref() {
            let (name, value) = parameter?;
            let mut decoded = [0; LONGEST];
            let place = match name.as_plain().unwrap_or_else(|| name.first_bytes(&mut decoded)) {
                b"path" => &mut found.path,
                b"username" => &mut found.user,
                b"signature" => &mut found.signature,
                b"signature_expiration" => &mut found.expiration,
                other => {
                    found.beyond_v1.take(other, value);
                    continue;
                }
            };
            if place.replace(value).is_some() {
                return Err(Malformed);
            }
        }
        found.semicolon = parameters.semicolon;
        Ok(found)
    }
}

/// One byte more than the longest name, so that a longer one is cut and still not taken for it.
const LONGEST: usize = b"signature_expiration".len() + 1;

impl<'q> BeyondV1<'q> {
    fn take(&mut self, name: &[u8], value: Decoded<'q>) {
        let place = match name {
            b"signature_directory" => &mut self.directory,
            b"signature_max_bytes" => &mut self.max_bytes,
            b"signature_sha256" => &mut self.sha256,
            _ => {
                self.unknown |= name.starts_with(b"signature");
                return;
            }
        };
        self.repeated |= place.replace(value).is_some();
    }
}
