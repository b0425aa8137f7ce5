//! The rules for a request as a server hands it over: all that a middleware has to ask.

use crate::raw::{Answer, Env, Value};
use crate::refusals::refused;
use crate::{clock, controller, edge, head, route};
use sandgate::{Controller, Edge};

/// Decides before an application acts. `undefined` is a CORS preflight.
pub(crate) fn at_controller<'c>(
    env: Env<'c>,
    controller: &Controller,
    [method, target, lines, flags, context, now, other_method, other_target, other_lines, other_flags]: [Value<'c>; 10],
) -> Answer<'c> {
    let now = clock::now(now)?;
    let (view, other) = ([method, target, lines, flags], [other_method, other_target, other_lines, other_flags]);
    head::with(view, other, context, |head| match controller.guard(head, now) {
        Ok(None) => Ok(None),
        Ok(Some(allowed)) => controller::made(env, &allowed),
        Err(denied) => refused(env, denied),
    })
}

/// Where a request is to go, before its sandbox is looked up.
pub(crate) fn route<'c>(
    env: Env<'c>,
    edge: &Edge,
    [method, target, lines, flags, other_method, other_target, other_lines, other_flags]: [Value<'c>; 8],
) -> Answer<'c> {
    let (view, other) = ([method, target, lines, flags], [other_method, other_target, other_lines, other_flags]);
    head::with(view, other, Value::absent(env), |head| match edge.route(head) {
        Ok(route) => route::parts(env, route),
        Err(denied) => refused(env, denied),
    })
}

/// Decides about a request whose sandbox was looked up.
pub(crate) fn at_edge<'c>(
    env: Env<'c>,
    edge: &Edge,
    [route, restricted, generation, stored, method, target, lines, flags, context, now]: [Value<'c>; 10],
) -> Answer<'c> {
    let (now, route) = (clock::now(now)?, edge::route(route)?);
    edge::with_state([restricted, generation, stored], |state| {
        head::with([method, target, lines, flags], [Value::absent(env); 4], context, |head| {
            match edge.guard(route, state, head, now) {
                Ok(passed) => edge::made(env, passed),
                Err(denied) => refused(env, denied),
            }
        })
    })
}
