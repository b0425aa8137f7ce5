//! Refusals as small numbers, which JavaScript turns into exceptions.

use crate::arguments::{Long, maybe_number, presented, sandbox_id};
use crate::class::{Arguments, Functions};
use crate::host::{Answer, Env, Thrown, Value};
use crate::thrown::{out_of_range, wrong_type};
use alloc::string::String;
use sandgate::{Code, Denied, Gate, unknown_sandbox, write_refusal};

const COUNT: usize = Gate::ALL.len() * Code::ALL.len();
/// The range of these numbers, for the error message.
const NUMBERS: &str = "the number of a refusal";

fn refusal(at: usize) -> Option<Denied> {
    let gate = Gate::ALL.get(at / Code::ALL.len())?;
    Code::ALL.get(at % Code::ALL.len()).map(|code| Denied::new(*gate, *code))
}

/// Returns the number of a refusal, from 1.
fn number(denied: Denied) -> Result<i64, Thrown> {
    let at = (0..COUNT).find(|at| refusal(*at) == Some(denied));
    let number = at.and_then(|at| i64::try_from(at + 1).ok());
    // A refusal without a number is not let through.
    number.ok_or_else(|| out_of_range("refusal", NUMBERS))
}

/// Returns a refusal as a native returns it.
#[cold]
pub(crate) fn refused(env: Env<'_>, denied: Denied) -> Answer<'_> {
    env.integer(number(denied)?).map(Some)
}

/// Returns it as a negative number, where a native otherwise returns a time.
#[cold]
pub(crate) fn refused_below_zero(env: Env<'_>, denied: Denied) -> Answer<'_> {
    env.integer(-number(denied)?).map(Some)
}

/// Returns `undefined` or the refusal.
#[inline]
pub(crate) fn answer(env: Env<'_>, answer: Result<(), Denied>) -> Answer<'_> {
    match answer {
        Ok(()) => Ok(None),
        Err(denied) => refused(env, denied),
    }
}

/// Returns gate, code, status and message for each number.
pub(crate) fn table(env: Env<'_>) -> Result<Value<'_>, Thrown> {
    let mut rows = [env.null()?; COUNT + 1];
    for (number, row) in rows.iter_mut().enumerate() {
        let Some(denied) = number.checked_sub(1).and_then(refusal) else { continue };
        let (gate, code) = (env.ascii(denied.gate().as_str())?, env.ascii(denied.code().as_str())?);
        let (status, message) = (env.integer(denied.status().into())?, env.ascii(denied.message())?);
        *row = env.array([gate, code, status, message])?.frozen()?;
    }
    env.array(rows)?.frozen()
}

fn given(value: Value<'_>) -> Result<Denied, Thrown> {
    let number: usize = maybe_number(value, "refusal", NUMBERS)?.ok_or_else(|| wrong_type("refusal", "a number"))?;
    number.checked_sub(1).and_then(refusal).ok_or_else(|| out_of_range("refusal", NUMBERS))
}

/// Returns the JSON body of a refusal by a controller.
pub(crate) fn refusal_body<'c>(env: Env<'c>, _: &Functions, &[refusal, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut body = String::new();
    // Writing to a String cannot fail.
    let _ = given(refusal)?.write_json(&mut body);
    env.text(&body).map(Some)
}

/// Returns the JSON body of a refusal at the edge.
pub(crate) fn edge_refusal_body<'c>(
    env: Env<'c>,
    _: &Functions,
    &[refusal, id, target, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let denied = given(refusal)?;
    let id = if id.is_absent() { None } else { Some(sandbox_id(id, "sandboxId")?) };
    let (mut buffer, mut body) = (Long::new(), String::new());
    let target = presented(target, &mut buffer, "target")?;
    // Writing to a String cannot fail.
    let _ = write_refusal(&mut body, denied, id.as_ref(), target);
    env.text(&body).map(Some)
}

/// Returns status and JSON body of the answer for an unknown sandbox.
pub(crate) fn unknown_sandbox_answer<'c>(env: Env<'c>, _: &Functions, &[id, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut body = String::new();
    // Writing to a String cannot fail.
    let _ = unknown_sandbox::write_json(&mut body, &sandbox_id(id, "sandboxId")?);
    env.array([env.integer(unknown_sandbox::STATUS.into())?, env.text(&body)?]).map(Some)
}
