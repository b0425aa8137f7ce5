//! A header as received: absent, once, or repeated.

/// The values of one header of a request.
///
/// Servers differ in which of several values they use, so a repeated deciding header is refused.
///
/// ```
/// use sandgate::Header;
/// let values: [&[u8]; 2] = [b"one", b"two"];
/// assert_eq!(values.into_iter().collect::<Header<'_>>(), Header::Repeated);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Header<'a> {
    /// Not given.
    #[default]
    Absent,
    /// Given once, with this value. It may be empty.
    Once(&'a [u8]),
    /// Given more than once, whatever the values.
    Repeated,
}

impl<'a> Header<'a> {
    /// Returns the value, or none if the header is absent or empty.
    ///
    /// # Errors
    /// [`Repeated`] if it was given more than once.
    pub(crate) fn non_empty(self) -> Result<Option<&'a [u8]>, Repeated> {
        match self {
            Self::Absent | Self::Once([]) => Ok(None),
            Self::Once(value) => Ok(Some(value)),
            Self::Repeated => Err(Repeated),
        }
    }
}

/// A deciding header was given more than once.
pub(crate) struct Repeated;

impl<'a> FromIterator<&'a [u8]> for Header<'a> {
    fn from_iter<I: IntoIterator<Item = &'a [u8]>>(values: I) -> Self {
        let mut values = values.into_iter();
        match (values.next(), values.next()) {
            (None, _) => Self::Absent,
            (Some(value), None) => Self::Once(value),
            (Some(_), Some(_)) => Self::Repeated,
        }
    }
}

impl<'a> From<Option<&'a [u8]>> for Header<'a> {
    fn from(value: Option<&'a [u8]>) -> Self {
        value.map_or(Self::Absent, Self::Once)
    }
}

/// Most values are tokens, so they are not shown.
impl core::fmt::Debug for Header<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Absent => "Absent",
            Self::Once(_) => "Once(redacted)",
            Self::Repeated => "Repeated",
        })
    }
}
