//! A header as it was given: not at all, once, or more often.

/// The values of one header of a request.
///
/// Which of several values counts differs from server to server; where a header decides, more than one is refused.
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
    /// Given once, with this value, which may be empty.
    Once(&'a [u8]),
    /// Given more than once, whatever the values.
    Repeated,
}

impl<'a> Header<'a> {
    /// The value, or nothing when the header is absent or empty.
    ///
    /// # Errors
    /// [`Repeated`] when it was given more than once.
    pub(crate) fn non_empty(self) -> Result<Option<&'a [u8]>, Repeated> {
        match self {
            Self::Absent | Self::Once([]) => Ok(None),
            Self::Once(value) => Ok(Some(value)),
            Self::Repeated => Err(Repeated),
        }
    }
}

/// A header that decides was given more than once.
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

/// Values are tokens more often than not, so they are not shown.
impl core::fmt::Debug for Header<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Absent => "Absent",
            Self::Once(_) => "Once(redacted)",
            Self::Repeated => "Repeated",
        })
    }
}
