//! The controller's rule for one request.

use crate::arguments::{HeaderValues, Long, Name, Short, context, presented, text, texts};
use crate::clock;
use crate::grant;
use crate::head;
use crate::policy;
use crate::raw::{Answer, Env, Value};
use crate::refusals::refused;
use crate::thrown::{Thrown, misuse};
use sandgate::{AccessToken, Allowed, Controller, Request};
use std::rc::Rc;

pub(crate) fn access_tokens(value: Value<'_>) -> Result<Vec<AccessToken>, Thrown> {
    // A vector that grows leaves copies behind. One more than core takes, so that it is core that says so.
    let mut tokens = Vec::with_capacity(9);
    for token in texts(value, "accessTokens")?.take(9) {
        let token = AccessToken::try_from(text(token?, &mut Short::new(), "accessToken")?);
        tokens.push(token.map_err(misuse("accessToken"))?);
    }
    Ok(tokens)
}

/// The controller of one sandbox: its access token, or several of one wire format while one is replaced.
pub(crate) fn controller<'c>(env: Env<'c>, (): &(), [tokens, policy]: [Value<'c>; 2]) -> Answer<'c> {
    let (tokens, policy) = (access_tokens(tokens)?, policy::given(policy)?);
    object(env, Controller::new(&tokens, policy).map_err(misuse("accessToken"))?)
}

/// A controller that allows everything: what `secure: false` asks for.
pub(crate) fn open_controller<'c>(env: Env<'c>, (): &(), []: [Value<'c>; 0]) -> Answer<'c> {
    object(env, Controller::open())
}

fn object(env: Env<'_>, controller: Controller) -> Answer<'_> {
    let controller = Rc::new(controller);
    env.natives(&[
        (c"isOpen", env.boolean(controller.is_open())?),
        (c"check", env.function(c"check", &controller, check)?),
        (c"guard", env.function(c"guard", &controller, guard)?),
    ])
    .map(Some)
}

/// Decides. `target` is the path and query of the request line, still percent-encoded.
fn check<'c>(
    env: Env<'c>,
    controller: &Controller,
    [method, target, access_token, context, now]: [Value<'c>; 5],
) -> Answer<'c> {
    let (mut method_room, mut target_room, mut context_room) = (Name::new(), Long::new(), Long::new());
    let method = presented(method, &mut method_room, "method")?;
    let target = presented(target, &mut target_room, "target")?;
    let access_token = HeaderValues::read(access_token, "accessToken")?;
    let context = self::context(context, &mut context_room)?;
    let request = Request::new(method, target).access_token(access_token.header()).maybe_context(context);
    match controller.check(&request, clock::now(now)?) {
        Ok(allowed) => made(env, &allowed),
        Err(denied) => refused(env, denied),
    }
}

/// Decides before an application acts. `undefined` is a CORS preflight.
fn guard<'c>(
    env: Env<'c>,
    controller: &Controller,
    [method, target, lines, flags, context, now, other_method, other_target, other_lines, other_flags]: [Value<'c>; 10],
) -> Answer<'c> {
    let now = clock::now(now)?;
    let (view, other) = ([method, target, lines, flags], [other_method, other_target, other_lines, other_flags]);
    head::with(view, other, context, |head| match controller.guard(head, now) {
        Ok(None) => Ok(None),
        Ok(Some(allowed)) => made(env, &allowed),
        Err(denied) => refused(env, denied),
    })
}

/// Why it is allowed, and the grant.
fn made<'c>(env: Env<'c>, allowed: &Allowed<'_>) -> Answer<'c> {
    let grant = allowed.grant().map_or_else(|| env.undefined(), |grant| grant::made(env, grant))?;
    env.array([env.ascii(allowed.basis())?, grant]).map(Some)
}
