//! The parameters of a file URL, each found once. Nothing is decided here.

use crate::query::{BadEscape, Decoded, parameters};

/// What the query of a file URL says.
#[derive(Clone, Copy, Default)]
pub(crate) struct FileQuery<'q> {
    pub(crate) path: Option<Decoded<'q>>,
    pub(crate) user: Option<Decoded<'q>>,
    pub(crate) signature: Option<Decoded<'q>>,
    pub(crate) expiration: Option<Decoded<'q>>,
}

/// The query has a bad escape, or one of the parameters twice.
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
        for parameter in parameters(query) {
            let (name, value) = parameter?;
            let place = if name == *"path" {
                &mut found.path
            } else if name == *"username" {
                &mut found.user
            } else if name == *"signature" {
                &mut found.signature
            } else if name == *"signature_expiration" {
                &mut found.expiration
            } else {
                continue;
            };
            if place.replace(value).is_some() {
                return Err(Malformed);
            }
        }
        Ok(found)
    }
}
