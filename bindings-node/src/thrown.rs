//! The errors for wrong use. No message shows a value, which may be a secret.

use crate::host::Thrown;
use crate::kind::Kind;
use crate::read::Read;
use alloc::string::{String, ToString};
use core::fmt::{Debug, Display, Formatter, Result};
use sandgate::Misuse;

/// The error for an argument of the wrong type.
#[cold]
pub(crate) fn wrong_type(name: &str, expected: &str) -> Thrown {
    Thrown::new(Kind::TypeError, "ERR_INVALID_ARG_TYPE", joined(&[name, ": must be ", expected]))
}

/// The error for a number out of range.
#[cold]
pub(crate) fn out_of_range(name: &str, expected: &str) -> Thrown {
    Thrown::new(Kind::RangeError, "ERR_OUT_OF_RANGE", joined(&[name, ": must be ", expected]))
}

/// The error for a call on a disposed object.
#[cold]
pub(crate) fn disposed() -> Thrown {
    Thrown::new(Kind::Error, "ERR_SANDGATE_DISPOSED", "this object was disposed: its secrets are wiped".into())
}

/// The error for a panic.
#[cold]
pub(crate) fn defect() -> Thrown {
    Thrown::new(Kind::Error, "ERR_SANDGATE_PANIC", "sandgate has a defect; please report it".into())
}

/// The error for an argument of the right type with a wrong value.
#[cold]
pub(crate) fn wrong_value(name: &str, problem: &str) -> Thrown {
    Thrown::new(Kind::RangeError, "ERR_INVALID_ARG_VALUE", joined(&[name, ": ", problem]))
}

/// The error for a misuse that core reports, at this argument.
pub(crate) fn misuse(name: &str) -> impl FnOnce(Misuse) -> Thrown + '_ {
    #[cold]
    fn thrown(name: &str, misuse: Misuse) -> Thrown {
        Thrown::new(Kind::RangeError, &code(misuse), joined(&[name, ": ", misuse.message()]))
    }
    move |misuse| thrown(name, misuse)
}

/// Joins texts. `concat` and `format!` compile to more code.
pub(crate) fn joined(texts: &[&str]) -> String {
    texts.iter().copied().collect()
}

/// Like `to_string`, but compiled once.
#[inline(never)]
pub(crate) fn shown(value: &dyn Display) -> String {
    value.to_string()
}

/// `WeakSeed` is `ERR_SANDGATE_WEAK_SEED`.
fn code(misuse: Misuse) -> String {
    let mut code = String::from("ERR_SANDGATE");
    for letter in shown(&Variant(misuse)).bytes() {
        if letter.is_ascii_uppercase() {
            code.push('_');
        }
        code.push(char::from(letter.to_ascii_uppercase()));
    }
    code
}

/// Returns core's name of a misuse. `format!` would also compile the code for padding.
struct Variant(Misuse);

impl Display for Variant {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        Debug::fmt(&self.0, f)
    }
}

/// The error for an argument that is not a text.
#[cold]
pub(crate) fn not_text(read: Read, name: &str) -> Thrown {
    match read {
        Read::LoneSurrogate => wrong_value(name, "must be valid Unicode, without lone surrogates"),
        _ => wrong_type(name, "a string or a Uint8Array"),
    }
}
