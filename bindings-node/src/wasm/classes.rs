//! The classes of states by number.

use super::entry::Entry;
use super::numbered::Numbered;
use crate::class::Functions;

macro_rules! classes {
    ($($number:literal => $class:ty),* $(,)?) => {
        $(impl Numbered for $class {
            const NUMBER: u32 = $number;
        })*
        #[cfg(not(any(feature = "sign-only", feature = "inspect-only", feature = "initialize-only")))]
        pub(super) static CLASSES: &[Entry] = &[$(Entry::of::<$class>()),*];
        const _: () = {
            let numbers = [$($number),*];
            let mut at = 0;
            while at < numbers.len() {
                assert!(numbers[at] == at);
                at += 1;
            }
        };
    };
}

/// What needs no object is all there is then.
#[cfg(any(feature = "sign-only", feature = "inspect-only", feature = "initialize-only"))]
pub(super) static CLASSES: &[Entry] = &[Entry::of::<Functions>()];

classes! {
    0 => Functions,
    1 => sandgate::Policy,
    2 => sandgate::Route,
    3 => sandgate::Controller,
    4 => sandgate::Edge,
    5 => sandgate::v1::Keyring,
    6 => sandgate::v1::FileUrlKey,
    7 => sandgate::v2::Keyring,
    8 => sandgate::v2::FileUrlKey,
    9 => sandgate::v2::TrafficKey,
    10 => sandgate::v2::TrafficKeyring,
    11 => sandgate::webhook::Verifier,
    12 => sandgate::webhook::Verification,
}
