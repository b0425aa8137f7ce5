//! The answer of an edge for a sandbox that its look-up does not find.
//!
//! Source: E2B's proxy.

use crate::encoding::json::{Value, write_object};
use crate::value::ids::SandboxId;
use core::fmt;

/// Bad Gateway.
pub const STATUS: u16 = 502;

/// The message in the body.
pub const MESSAGE: &str = "The sandbox was not found";

/// Writes the JSON body, `{"sandboxId","message","code":502}`.
///
/// ```
/// let mut body = String::new();
/// sandgate::unknown_sandbox::write_json(&mut body, &"abc".parse().unwrap()).unwrap();
/// assert_eq!(body, r#"{"sandboxId":"abc","message":"The sandbox was not found","code":502}"#);
/// ```
///
/// # Errors
/// Only those of `out`.
pub fn write_json(out: &mut (impl fmt::Write + ?Sized), id: &SandboxId) -> fmt::Result {
    let (id, message, code) = (Value::Text(id.as_str()), Value::Text(MESSAGE), Value::Number(STATUS));
    write_object(out, &[("sandboxId", id), ("message", message), ("code", code)])
}
