//! The edge's rule for one request.

use crate::arguments::{
    HeaderValues, Long, Name, Short, context, maybe_flag, maybe_port, maybe_state, maybe_text, named_generation,
    presented,
};
use crate::class::{Arguments, Class, Functions, Method, native};
use crate::host::{Answer, Env, State, Thrown, Value};
use crate::refusals::{answer, refused};
use crate::thrown::{misuse, wrong_type};
use crate::{clock, controller, head, policy, route};
use sandgate::{Carrier, Edge, Passed, Request, Route, SandboxState, TrafficToken, v1, v2, wake};

/// Makes an edge proxy in front of all sandboxes. Without keyrings the look-up gives it each sandbox's traffic token.
pub(crate) fn edge<'c>(
    env: Env<'c>,
    _: &Functions,
    &[policy, v1_keyring, v2_keyring, controller_port, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let mut edge = Edge::new(policy::given(policy)?);
    if let Some(keyring) = maybe_state::<v1::Keyring>(v1_keyring, "v1Keyring", "a Keyring of sandgate/v1")? {
        edge = edge.v1_keyring(v1::Keyring::clone(&keyring));
    }
    let expected = "a TrafficKeyring of sandgate/v2";
    if let Some(keyring) = maybe_state::<v2::TrafficKeyring>(v2_keyring, "v2Keyring", expected)? {
        edge = edge.v2_keyring(v2::TrafficKeyring::clone(&keyring));
    }
    if let Some(port) = maybe_port(controller_port, "controllerPort")? {
        edge = edge.controller_port(port);
    }
    env.stateful(edge, &[]).map(Some)
}

impl Class for Edge {
    const METHODS: &'static [Method<Self>] = &[
        native(c"screen", screen),
        native(c"check", check),
        native(c"wake", wake),
        native(c"carrier", carrier),
        native(c"route", route_of),
        native(c"guard", guard),
    ];
}

fn route<'c>(value: Value<'c>) -> Result<State<'c, Route>, Thrown> {
    value.state()?.ok_or_else(|| wrong_type("route", "a Route"))
}

/// Refuses, before the sandbox is looked up, routes that only the platform may call.
fn screen<'c>(env: Env<'c>, edge: &Edge, &[route, method, target, ..]: &Arguments<'c>) -> Answer<'c> {
    let (mut method_buffer, mut target_buffer) = (Name::new(), Long::new());
    let route = self::route(route)?;
    let method = presented(method, &mut method_buffer, "method")?;
    answer(env, edge.screen(&route, &Request::new(method, presented(target, &mut target_buffer, "target")?)))
}

/// Decides about a request, including the screening.
fn check<'c>(env: Env<'c>, edge: &Edge, arguments: &Arguments<'c>) -> Answer<'c> {
    let &[.., now, _, _] = arguments;
    let now = clock::now(now)?;
    ask(arguments, &|route, state, request| match edge.check(route, state, request, now) {
        Ok(passed) => made(env, passed),
        Err(denied) => refused(env, denied),
    })
}

/// Returns the carrier of the deciding credential, for the log of a refusal.
fn carrier<'c>(env: Env<'c>, edge: &Edge, arguments: &Arguments<'c>) -> Answer<'c> {
    ask(arguments, &|route, state, request| {
        edge.carrier(route, state, request).map(|carrier| env.ascii(carrier.as_str())).transpose()
    })
}

/// Decides whether a request wakes a paused sandbox, whose controller this is.
fn wake<'c>(env: Env<'c>, edge: &Edge, arguments: &Arguments<'c>) -> Answer<'c> {
    let &[.., now, _, controller] = arguments;
    let now = clock::now(now)?;
    let controller = controller::given(controller)?;
    ask(arguments, &|route, state, request| answer(env, wake::check(edge, &controller, route, state, request, now)))
}

/// Asks core about a request.
fn ask<'c>(
    &[route, restricted, generation, stored, method, target, traffic_token, cookies, context, _, access_token, ..]: &Arguments<'c>,
    ask: &dyn Fn(&Route, SandboxState<'_>, &Request<'_>) -> Answer<'c>,
) -> Answer<'c> {
    let route = self::route(route)?;
    let (mut method_buffer, mut target_buffer, mut context_buffer) = (Name::new(), Long::new(), Long::new());
    let method = presented(method, &mut method_buffer, "method")?;
    let target = presented(target, &mut target_buffer, "target")?;
    let (mut traffic, mut access, mut cookie) = (HeaderValues::new(), HeaderValues::new(), HeaderValues::new());
    traffic.read(traffic_token, "trafficToken")?;
    access.read(access_token, "accessToken")?;
    cookie.read(cookies, "cookies")?;
    let lines = cookie.lines();
    let request = Request::new(method, target)
        .access_token(access.header())
        .traffic_token(traffic.header())
        .cookies(&lines)
        .maybe_context(self::context(context, &mut context_buffer)?);
    with_state([restricted, generation, stored], &|state| ask(&route, state, &request))
}

/// Returns the route of a request, before its sandbox is looked up.
fn route_of<'c>(
    env: Env<'c>,
    edge: &Edge,
    &[method, target, lines, flags, other_method, other_target, other_lines, other_flags, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let (view, other) = ([method, target, lines, flags], [other_method, other_target, other_lines, other_flags]);
    head::with(view, other, Value::absent(env), &|head| match edge.route(head) {
        Ok(route) => route::parts(env, route),
        Err(denied) => refused(env, denied),
    })
}

/// Decides about a request after its sandbox was looked up.
fn guard<'c>(
    env: Env<'c>,
    edge: &Edge,
    &[route, restricted, generation, stored, method, target, lines, flags, context, now, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let (now, route) = (clock::now(now)?, self::route(route)?);
    with_state([restricted, generation, stored], &|state| {
        head::with([method, target, lines, flags], [Value::absent(env); 4], context, &|head| match edge
            .guard(&route, state, head, now)
        {
            Ok(passed) => made(env, passed),
            Err(denied) => refused(env, denied),
        })
    })
}

/// Calls `ask` with the state of the sandbox.
fn with_state<'c>(
    [restricted, generation, stored]: [Value<'c>; 3],
    ask: &dyn Fn(SandboxState<'_>) -> Answer<'c>,
) -> Answer<'c> {
    let restricted = maybe_flag(restricted, "state.restricted")?;
    let restricted = restricted.ok_or_else(|| wrong_type("state.restricted", "a boolean"))?;
    let state = if restricted { SandboxState::restricted() } else { SandboxState::public() };
    let state = state.generation(named_generation(generation, "state.generation")?);
    let mut stored_buffer = Short::new();
    let stored = maybe_text(stored, &mut stored_buffer, "state.trafficToken")?.map(TrafficToken::try_from);
    let stored = stored.transpose().map_err(misuse("state.trafficToken"))?;
    ask(stored.as_ref().map_or(state, |token| state.traffic_token(token)))
}

fn made(env: Env<'_>, passed: Passed) -> Answer<'_> {
    let carrier = passed.carrier().map(Carrier::as_str);
    let expires = passed.expires();
    env.array([
        env.ascii(passed.basis())?,
        carrier.map_or_else(|| env.undefined(), |carrier| env.ascii(carrier))?,
        expires.map_or_else(|| env.undefined(), |end| env.integer(end.get()))?,
    ])
    .map(Some)
}
