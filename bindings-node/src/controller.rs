//! The controller's rule for one request.

use crate::arguments::{HeaderValues, Long, Name, Short, context, presented, text, texts};
use crate::class::{Arguments, Class, Functions, Method, native};
use crate::clock;
use crate::grant;
use crate::head;
use crate::host::{Answer, Env, State, Thrown, Value};
use crate::policy;
use crate::refusals::refused;
use crate::thrown::{defect, misuse, wrong_type};
use alloc::vec::Vec;
use sandgate::{AccessToken, Allowed, Controller, Head, Request};

pub(crate) fn access_tokens(value: Value<'_>) -> Result<Vec<AccessToken>, Thrown> {
    // A growing vector would leave copies behind. It holds one more than core accepts, so that core reports the excess.
    let mut tokens = Vec::with_capacity(9);
    for token in texts(value, "accessTokens")?.take(9) {
        let token = AccessToken::try_from(text(token?, &mut Short::new(), "accessToken")?);
        tokens.push(token.map_err(misuse("accessToken"))?);
    }
    Ok(tokens)
}

/// Makes the controller of one sandbox, from its access token, or from several of one wire format during a rotation.
pub(crate) fn controller<'c>(env: Env<'c>, _: &Functions, &[tokens, policy, ..]: &Arguments<'c>) -> Answer<'c> {
    let (tokens, policy) = (access_tokens(tokens)?, policy::given(policy)?);
    object(env, Controller::new(&tokens, policy).map_err(misuse("accessToken"))?).map(Some)
}

/// Makes a controller that allows every request, for `secure: false`.
pub(crate) fn open_controller<'c>(env: Env<'c>, _: &Functions, _: &Arguments<'c>) -> Answer<'c> {
    object(env, Controller::open()).map(Some)
}

/// Makes a controller that has not been told its token yet.
pub(crate) fn waiting_controller<'c>(env: Env<'c>, _: &Functions, &[policy, ..]: &Arguments<'c>) -> Answer<'c> {
    object(env, Controller::waiting(policy::given(policy)?)).map(Some)
}

fn object(env: Env<'_>, controller: Controller) -> Result<Value<'_>, Thrown> {
    let (is_open, is_waiting) = (env.boolean(controller.is_open())?, env.boolean(controller.is_waiting())?);
    env.stateful(controller, &[(c"isOpen", is_open), (c"isWaiting", is_waiting)])
}

impl Class for Controller {
    const METHODS: &'static [Method<Self>] = &[native(c"check", check), native(c"guard", guard)];
    const HAS_HANDLE: bool = true;
}

/// Returns the state of a controller that is an argument.
pub(crate) fn given<'c>(value: Value<'c>) -> Result<State<'c, Controller>, Thrown> {
    value.state()?.ok_or_else(|| wrong_type("controller", "a Controller"))
}

/// Decides about the body of `POST /init`. Returns the outcome, and the controller that takes the place of the given one.
pub(crate) fn initialize<'c>(
    env: Env<'c>,
    _: &Functions,
    &[controller, body, expected_hash, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let (mut body_buffer, mut hash_buffer) = (Long::new(), Long::new());
    let body = presented(body, &mut body_buffer, "body")?;
    let expected_hash = text(expected_hash, &mut hash_buffer, "expectedHash")?;
    let mut next = Controller::clone(&*given(controller)?);
    match next.initialize(body, expected_hash) {
        Ok(outcome) => env.array([env.ascii(outcome.as_str())?, object(env, next)?]).map(Some),
        Err(denied) => refused(env, denied),
    }
}

/// Decides about a request. `target` is the path and query of the request line, still percent-encoded.
fn check<'c>(
    env: Env<'c>,
    controller: &Controller,
    &[now, method, target, access_token, context, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let (mut method_buffer, mut target_buffer, mut context_buffer) = (Name::new(), Long::new(), Long::new());
    let method = presented(method, &mut method_buffer, "method")?;
    let target = presented(target, &mut target_buffer, "target")?;
    let mut token = HeaderValues::new();
    token.read(access_token, "accessToken")?;
    let context = self::context(context, &mut context_buffer)?;
    let request = Request::new(method, target).access_token(token.header()).maybe_context(context);
    match controller.check(&request, clock::now(now)?) {
        Ok(allowed) => made(env, &allowed),
        Err(denied) => refused(env, denied),
    }
}

/// Decides about a request before the application sees it. Returns `undefined` for a CORS preflight.
fn guard<'c>(env: Env<'c>, controller: &Controller, arguments: &Arguments<'c>) -> Answer<'c> {
    let &[now, flags, method, target, token, context, lines, other_method, other_target, other_lines, other_flags, ..] =
        arguments;
    let now = clock::now(now)?;
    let ask = |head: &Head<'_>| match controller.guard(head, now) {
        Ok(None) => Ok(None),
        Ok(Some(allowed)) => made(env, &allowed),
        Err(denied) => refused(env, denied),
    };
    if lines.is_absent() {
        return head::with_token([method, target, token, flags], context, &ask);
    }
    let (view, other) = ([method, target, lines, flags], [other_method, other_target, other_lines, other_flags]);
    head::with(view, other, context, &ask)
}

/// The names of [`Allowed::basis`]. A number stands for each.
pub(crate) const BASES: [&str; 4] = ["open", "exempt", "token", "signature"];

/// Returns why the request is allowed: with its grant or, if there is none, as a negative number.
fn made<'c>(env: Env<'c>, allowed: &Allowed<'_>) -> Answer<'c> {
    let number = BASES.iter().position(|basis| *basis == allowed.basis()).ok_or_else(defect)?;
    match allowed.grant() {
        Some(grant) => grant::made(env, number as u64, grant),
        None => env.integer(-1 - number as i64).map(Some),
    }
}
