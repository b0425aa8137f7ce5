//! The few JSON bodies of this crate.

use crate::encoding::number::Decimal;
use core::fmt;

/// A member's value. All text is our own and needs no escaping; a test checks every message.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    Number(u16),
    Text(&'a str),
}

/// Writes one flat object.
pub(crate) fn write_object(out: &mut (impl fmt::Write + ?Sized), members: &[(&str, Value<'_>)]) -> fmt::Result {
    let mut before = "{\"";
    for (name, value) in members {
        out.write_str(before)?;
        out.write_str(name)?;
        out.write_str("\":")?;
        match value {
            Value::Number(number) => out.write_str(Decimal::new((*number).into()).as_str())?,
            Value::Text(text) => {
                out.write_str("\"")?;
                out.write_str(text)?;
                out.write_str("\"")?;
            }
        }
        before = ",\"";
    }
    out.write_str("}")
}

/// `{"code":401,"message":"…"}`, the body of most refusals.
pub(crate) fn write_code_and_message(out: &mut (impl fmt::Write + ?Sized), code: u16, message: &str) -> fmt::Result {
    write_object(out, &[("code", Value::Number(code)), ("message", Value::Text(message))])
}
