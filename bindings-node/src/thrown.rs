//! What a native throws: wrong use, as `TypeError` or `RangeError`. No message shows a value, which may be a secret.

use crate::host::Thrown;
use alloc::format;
use alloc::string::String;
use core::fmt::{Debug, Display};
use sandgate::Misuse;

/// The class of an error.
pub(crate) enum Kind {
    Error,
    TypeError,
    RangeError,
}

impl Kind {
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Error => "Error",
            Self::TypeError => "TypeError",
            Self::RangeError => "RangeError",
        }
    }
}

/// An argument of another type.
#[cold]
pub(crate) fn wrong_type(name: &str, expected: &str) -> Thrown {
    Thrown::new(Kind::TypeError, "ERR_INVALID_ARG_TYPE", format!("{name}: must be {expected}"))
}

/// A number that is none of those that are possible.
#[cold]
pub(crate) fn out_of_range(name: &str, expected: &str) -> Thrown {
    Thrown::new(Kind::RangeError, "ERR_OUT_OF_RANGE", format!("{name}: must be {expected}"))
}

/// A method of an object that was disposed.
#[cold]
pub(crate) fn disposed() -> Thrown {
    Thrown::new(Kind::Error, "ERR_SANDGATE_DISPOSED", "this object was disposed: its secrets are wiped".into())
}

/// A panic.
#[cold]
pub(crate) fn defect() -> Thrown {
    Thrown::new(Kind::Error, "ERR_SANDGATE_PANIC", "sandgate has a defect; please report it".into())
}

/// An argument of the right type that cannot be meant.
#[cold]
pub(crate) fn wrong_value(name: &str, problem: impl Display) -> Thrown {
    Thrown::new(Kind::RangeError, "ERR_INVALID_ARG_VALUE", format!("{name}: {problem}"))
}

/// Wrong use of core, at this argument.
pub(crate) fn misuse(name: &str) -> impl FnOnce(Misuse) -> Thrown + '_ {
    #[cold]
    fn thrown(name: &str, misuse: Misuse) -> Thrown {
        let code = format!("ERR_SANDGATE_{}", snake_case(misuse).to_ascii_uppercase());
        Thrown::new(Kind::RangeError, &code, format!("{name}: {misuse}"))
    }
    move |misuse| thrown(name, misuse)
}

/// A variant of core's as bindings spell it: `TemplateTooOld` is `template_too_old`.
pub(crate) fn snake_case(variant: impl Debug) -> String {
    let mut name = String::new();
    for letter in format!("{variant:?}").chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}
