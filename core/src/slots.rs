//! A list in a fixed room that holds secrets.

/// Up to `N` values, of which every place always holds a value, blank beyond the end of the list.
///
/// A vector of fixed capacity leaves its spare room as it found it, and a move copies that room with all the rest: keys that
/// once stood on the stack at this place would travel along and be wiped by nobody. Here each place is written where it stays
/// and wiped when the list is dropped.
#[derive(Clone)]
pub(crate) struct Slots<T, const N: usize> {
    places: [T; N],
    len: usize,
}

impl<T: Blank, const N: usize> Slots<T, N> {
    pub(crate) fn new() -> Self {
        Self { places: core::array::from_fn(|_| T::blank()), len: 0 }
    }

    /// Lets `fill` write the next value in its place and keeps it unless there is an error. None: the list is full.
    pub(crate) fn push_with<E>(&mut self, fill: impl FnOnce(&[T], &mut T) -> Result<(), E>) -> Option<Result<(), E>> {
        let (held, rest) = self.places.split_at_mut_checked(self.len)?;
        let place = rest.first_mut()?;
        let filled = fill(held, place);
        match filled {
            Ok(()) => self.len = self.len.wrapping_add(1),
            Err(_) => *place = T::blank(),
        }
        Some(filled)
    }
}

impl<T, const N: usize> Slots<T, N> {
    #[inline]
    pub(crate) fn as_slice(&self) -> &[T] {
        self.places.get(..self.len).unwrap_or_default()
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
    fn a_value_that_is_not_kept_is_blank_again() {
        let mut numbers = Slots::<Number, 2>::new();
        let push = |numbers: &mut Slots<Number, 2>, number, outcome: Result<(), &'static str>| {
            numbers.push_with(|_, place| {
                place.0 = number;
                outcome
            })
        };
        assert_eq!(push(&mut numbers, 7, Err("no")), Some(Err("no")));
        assert_eq!((numbers.as_slice(), &numbers.places[0]), (&[][..], &Number(0)));
        assert_eq!(push(&mut numbers, 1, Ok(())), Some(Ok(())));
        assert_eq!(push(&mut numbers, 2, Ok(())), Some(Ok(())));
        assert_eq!(push(&mut numbers, 3, Ok(())), None);
        assert_eq!(numbers.as_slice(), [Number(1), Number(2)]);
    }
}
