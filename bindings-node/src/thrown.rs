//! What a native throws: wrong use, as `TypeError` or `RangeError`. No message shows a value, which may be a secret.

use sandgate::Misuse;
use std::borrow::Cow;
use std::fmt::{Debug, Display};

/// A JavaScript exception.
pub(crate) enum Thrown {
    /// One that is pending already, from code of the caller's.
    Pending,
    /// One to be made.
    Fresh(Box<Fresh>),
}

pub(crate) struct Fresh {
    pub(crate) class: Class,
    pub(crate) code: Cow<'static, str>,
    pub(crate) message: String,
}

pub(crate) enum Class {
    Error,
    TypeError,
    RangeError,
}

impl Class {
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Error => "Error",
            Self::TypeError => "TypeError",
            Self::RangeError => "RangeError",
        }
    }
}

impl Thrown {
    #[cold]
    pub(crate) fn new(class: Class, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::Fresh(Box::new(Fresh { class, code: code.into(), message: message.into() }))
    }
}

/// An argument of another type.
#[cold]
pub(crate) fn wrong_type(name: &str, wanted: &str) -> Thrown {
    Thrown::new(Class::TypeError, "ERR_INVALID_ARG_TYPE", format!("{name}: must be {wanted}"))
}

/// A number that is none of those that are possible.
#[cold]
pub(crate) fn out_of_range(name: &str) -> Thrown {
    Thrown::new(Class::RangeError, "ERR_OUT_OF_RANGE", format!("{name}: the number is out of range"))
}

/// An argument of the right type that cannot be meant.
#[cold]
pub(crate) fn wrong_value(name: &str, problem: impl Display) -> Thrown {
    Thrown::new(Class::RangeError, "ERR_INVALID_ARG_VALUE", format!("{name}: {problem}"))
}

/// Wrong use of core, at this argument.
pub(crate) fn misuse(name: &str) -> impl FnOnce(Misuse) -> Thrown + '_ {
    #[cold]
    fn thrown(name: &str, misuse: Misuse) -> Thrown {
        let code = format!("ERR_SANDGATE_{}", snake_case(misuse).to_ascii_uppercase());
        Thrown::new(Class::RangeError, code, format!("{name}: {misuse}"))
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
