//! The natives without an object, and the constants.

use crate::class::{Class, Functions, Method, native};
use crate::host::{Env, Thrown, Value, clean_stack};
use crate::{
    clock, controller, creation, e2b, edge, explain, forward, free, inspect, policy, refusals, route, v1, v2, webhook,
};
use core::ffi::CStr;

/// Returns the exported constants.
#[cfg(not(any(feature = "sign-only", feature = "inspect-only", feature = "initialize-only")))]
pub(crate) fn constants(env: Env<'_>) -> Result<[(&'static CStr, Value<'_>); 3], Thrown> {
    Ok([
        (c"refusals", refusals::table(env)?),
        (c"headers", forward::names(env)?),
        (c"bases", forward::list(env, controller::BASES)?),
    ])
}

#[cfg(any(feature = "sign-only", feature = "inspect-only", feature = "initialize-only"))]
pub(crate) fn constants(_: Env<'_>) -> Result<[(&'static CStr, Value<'_>); 0], Thrown> {
    Ok([])
}

/// A native that reads secrets for a single use or makes an object with keys, and overwrites the stack that it used.
macro_rules! maker {
    ($name:literal, $body:path) => {
        native($name, |env, none, arguments| clean_stack(|| $body(env, none, arguments)))
    };
}

#[cfg(feature = "sign-only")]
impl Class for Functions {
    const METHODS: &'static [Method<Self>] = &[native(c"e2bSign", e2b::e2b_sign)];
}

#[cfg(all(feature = "inspect-only", not(feature = "sign-only")))]
impl Class for Functions {
    const METHODS: &'static [Method<Self>] = &[
        native(c"describe", inspect::describe),
        maker!(c"explain", explain::explain),
        maker!(c"explainPass", inspect::explain_pass),
        maker!(c"explainSignedHost", inspect::explain_signed_host),
        maker!(c"explainWebhook", webhook::explain),
    ];
}

#[cfg(all(feature = "initialize-only", not(any(feature = "sign-only", feature = "inspect-only"))))]
impl Class for Functions {
    const METHODS: &'static [Method<Self>] = &[
        maker!(c"initialize", controller::initialize),
        maker!(c"webhookVerifier", webhook::verifier),
        native(c"webhookVerify", webhook::verify),
        maker!(c"webhookStart", webhook::start),
        maker!(c"webhookUpdate", webhook::update),
        native(c"webhookFinish", webhook::finish),
        maker!(c"webhookSign", webhook::signature),
    ];
}

#[cfg(not(any(feature = "sign-only", feature = "inspect-only", feature = "initialize-only")))]
impl Class for Functions {
    const METHODS: &'static [Method<Self>] = &[
        native(c"refusalBody", refusals::refusal_body),
        native(c"edgeRefusalBody", refusals::edge_refusal_body),
        native(c"unknownSandbox", refusals::unknown_sandbox_answer),
        native(c"end", clock::end),
        native(c"equal", free::equal),
        native(c"fingerprint", free::fingerprint),
        native(c"forwardHeader", forward::forward_header),
        native(c"forwardTarget", forward::forward_target),
        native(c"forwardHost", free::forward_host),
        native(c"forwardQuery", free::forward_query),
        native(c"forwardCookies", free::forward_cookies),
        native(c"decide", creation::decide),
        // WebAssembly has separate modules for these.
        #[cfg(not(target_family = "wasm"))]
        native(c"describe", inspect::describe),
        #[cfg(not(target_family = "wasm"))]
        maker!(c"explain", explain::explain),
        #[cfg(not(target_family = "wasm"))]
        maker!(c"explainPass", inspect::explain_pass),
        #[cfg(not(target_family = "wasm"))]
        maker!(c"explainSignedHost", inspect::explain_signed_host),
        #[cfg(not(target_family = "wasm"))]
        maker!(c"explainWebhook", webhook::explain),
        #[cfg(not(target_family = "wasm"))]
        maker!(c"initialize", controller::initialize),
        #[cfg(not(target_family = "wasm"))]
        maker!(c"webhookVerifier", webhook::verifier),
        #[cfg(not(target_family = "wasm"))]
        native(c"webhookVerify", webhook::verify),
        #[cfg(not(target_family = "wasm"))]
        maker!(c"webhookStart", webhook::start),
        #[cfg(not(target_family = "wasm"))]
        maker!(c"webhookUpdate", webhook::update),
        #[cfg(not(target_family = "wasm"))]
        native(c"webhookFinish", webhook::finish),
        #[cfg(not(target_family = "wasm"))]
        maker!(c"webhookSign", webhook::signature),
        native(c"e2bSign", e2b::e2b_sign),
        native(c"policy", policy::policy),
        maker!(c"controller", controller::controller),
        native(c"openController", controller::open_controller),
        native(c"waitingController", controller::waiting_controller),
        native(c"shortenSandboxId", route::shorten_sandbox_id),
        native(c"route", route::route),
        native(c"parseRoute", route::parse_route),
        maker!(c"edge", edge::edge),
        maker!(c"v1Keyring", v1::keyring),
        maker!(c"v1FileUrlKey", v1::file_url_key),
        native(c"v2IsAccessToken", v2::is_access_token),
        maker!(c"v2Keyring", v2::keyring),
        maker!(c"v2FileUrlKey", v2::file_url_key),
        maker!(c"v2TrafficKey", v2::traffic_key),
        maker!(c"v2TrafficKeyring", v2::traffic_keyring),
        maker!(c"v2TrafficRoot", v2::traffic_root),
    ];
}
