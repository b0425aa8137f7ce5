//! A list of secrets with a fixed capacity.

/// Up to `N` values. The places after the last value hold blank ones.
///
/// A vector of fixed capacity leaves its spare capacity uninitialised, and a move copies that too. It would copy keys that
/// were on the stack there before, and nothing would wipe them. Here each value is written in place, and every place is
/// wiped on drop.
#[derive(Clone)]
pub(crate) struct Slots<T, const N: usize> {
    places: [T; N],
    len: usize,
}

impl<T: Blank, const N: usize> Slots<T, N> {
    pub(crate) fn new() -> Self {
        Self { places: core::array::from_fn(|_| T::blank()), len: 0 }
    }

    /// Calls `fill` to write the next value in place. If the list is full, returns none and writes nothing.
    pub(crate) fn push_with(&mut self, fill: impl FnOnce(&mut T)) -> Option<()> {
        fill(self.places.get_mut(self.len)?);
        self.len = self.len.wrapping_add(1);
        Some(())
    }
}

impl<T, const N: usize> Slots<T, N> {
    #[inline]
    pub(crate) fn as_slice(&self) -> &[T] {
        self.places.get(..self.len).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        self.places.get_mut(..self.len).unwrap_or_default()
    }
}

/// A value that holds no secret yet.
pub(crate) trait Blank {
    fn blank() -> Self;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Number(u32);

    impl Blank for Number {
        fn blank() -> Self {
            Self(0)
        }
    }

    #[test]
    fn full_list_is_not_changed() {
        let mut numbers = Slots::<Number, 2>::new();
        assert_eq!((numbers.as_slice(), &numbers.places), (&[][..], &[Number(0), Number(0)]));
        assert_eq!(numbers.push_with(|place| place.0 = 1), Some(()));
        assert_eq!(numbers.push_with(|place| place.0 = 2), Some(()));
        assert_eq!(numbers.push_with(|place| place.0 = 3), None);
        assert_eq!(numbers.as_slice(), [Number(1), Number(2)]);
    }
}
