//! The npm package's addon. It converts and decides nothing; `ts/` gives it its public names.

// Its tests are in JavaScript; a harness for Rust would find a crate that nothing calls.
#![cfg(not(test))]
#![deny(unsafe_code)]

mod arguments;
mod clock;
mod controller;
mod creation;
mod e2b;
mod edge;
mod explain;
mod forward;
mod free;
mod grant;
mod head;
mod inspect;
mod policy;
mod raw;
mod refusals;
mod route;
mod thrown;
mod utf16;
mod v1;
mod v2;
mod wiped;

use raw::{Env, Value};
use sandgate::clean_stack;
use std::ffi::CStr;
use std::rc::Rc;
use thrown::Thrown;

/// More than core uses.
const STACK: usize = 16_384;

/// Everything that the module exports.
fn exports(env: Env<'_>) -> Result<[(&'static CStr, Value<'_>); 33], Thrown> {
    let none = Rc::new(());
    macro_rules! function {
        ($name:literal, $body:path) => {
            ($name, env.function($name, &none, $body)?)
        };
    }
    /// One that makes what holds keys: the stack that this uses is overwritten.
    macro_rules! maker {
        ($name:literal, $body:path) => {
            (
                $name,
                env.function($name, &none, |env, none, arguments| {
                    clean_stack::<STACK, _>(|| $body(env, none, arguments))
                })?,
            )
        };
    }
    Ok([
        (c"refusals", refusals::table(env)?),
        function!(c"refusalBody", refusals::refusal_body),
        function!(c"edgeRefusalBody", refusals::edge_refusal_body),
        function!(c"end", clock::end),
        function!(c"equal", free::equal),
        function!(c"fingerprint", free::fingerprint),
        function!(c"unknownSandbox", refusals::unknown_sandbox_answer),
        (c"headers", forward::names(env)?),
        function!(c"forwardHeader", forward::forward_header),
        function!(c"forwardTarget", forward::forward_target),
        function!(c"forwardHost", free::forward_host),
        function!(c"forwardQuery", free::forward_query),
        function!(c"forwardCookies", free::forward_cookies),
        function!(c"decide", creation::decide),
        function!(c"explain", explain::explain),
        function!(c"describe", inspect::describe),
        function!(c"explainPass", inspect::explain_pass),
        function!(c"explainSignedHost", inspect::explain_signed_host),
        function!(c"e2bSign", e2b::e2b_sign),
        function!(c"policy", policy::policy),
        maker!(c"controller", controller::controller),
        function!(c"openController", controller::open_controller),
        function!(c"route", route::route),
        function!(c"parseRoute", route::parse_route),
        maker!(c"edge", edge::edge),
        maker!(c"v1Keyring", v1::keyring),
        maker!(c"v1FileUrlKey", v1::file_url_key),
        function!(c"v2IsAccessToken", v2::is_access_token),
        maker!(c"v2Keyring", v2::keyring),
        maker!(c"v2FileUrlKey", v2::file_url_key),
        maker!(c"v2TrafficKey", v2::traffic_key),
        maker!(c"v2TrafficKeyring", v2::traffic_keyring),
        maker!(c"v2TrafficRoot", v2::traffic_root),
    ])
}
