//! The number of a class.

/// A class that JavaScript knows by a number.
pub(crate) trait Numbered {
    const NUMBER: u32;
}
