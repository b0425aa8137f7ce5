//! Why a request is refused ([`Denied`]) and what is wrong use of this crate ([`Misuse`]).
//!
//! Only this file defines the statuses and messages of refusals. Those of the file and route gates are the answers of E2B's
//! controller, those of the traffic gate the answers of its edge proxy. Clients match on them.

use crate::encoding::json::write_code_and_message;
use core::ffi::CStr;
use core::fmt;

/// Where a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Gate {
    /// The access token of a protected route of the controller.
    Route,
    /// The access token presented on one of the controller's file routes.
    FileToken,
    /// The signature of a file URL.
    FileSignature,
    /// The traffic token at the edge.
    Traffic,
    /// The host and the routing headers, from which the edge learns the sandbox and the port.
    Host,
    /// The controller's internal routes, which the edge hides.
    InternalRoute,
    /// `POST /init`, by which the platform hands a controller its token.
    Init,
    /// The credentials of a request to a paused sandbox, which decide whether it wakes.
    Wake,
    /// The signature of a webhook.
    Webhook,
}

impl Gate {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 9] = [
        Self::Route,
        Self::FileToken,
        Self::FileSignature,
        Self::Traffic,
        Self::Host,
        Self::InternalRoute,
        Self::Init,
        Self::Wake,
        Self::Webhook,
    ];

    /// The gate as text, as bindings name it: `"route"`, `"file_token"`, …
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        as_str(self.as_c_str())
    }

    /// The same, NUL-terminated: for the C binding.
    #[doc(hidden)]
    #[must_use]
    pub const fn as_c_str(self) -> &'static CStr {
        match self {
            Self::Route => c"route",
            Self::FileToken => c"file_token",
            Self::FileSignature => c"file_signature",
            Self::Traffic => c"traffic",
            Self::Host => c"host",
            Self::InternalRoute => c"internal_route",
            Self::Init => c"init",
            Self::Wake => c"wake",
            Self::Webhook => c"webhook",
        }
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why it was refused: a stable code, the same in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// Nothing was presented.
    Missing,
    /// The credential cannot be parsed unambiguously.
    Malformed,
    /// The token or the signature is wrong.
    Invalid,
    /// The signature is right, but it has expired.
    Expired,
    /// The signature is right, but lasts longer than the verifier accepts.
    LifetimeTooLong,
    /// The credential is right, but does not cover this request.
    OutOfScope,
    /// The controller has not been told its token yet.
    NotInitialized,
}

impl Code {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 7] = [
        Self::Missing,
        Self::Malformed,
        Self::Invalid,
        Self::Expired,
        Self::LifetimeTooLong,
        Self::OutOfScope,
        Self::NotInitialized,
    ];

    /// The code as text, as bindings name it: `"missing"`, `"malformed"`, …
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        as_str(self.as_c_str())
    }

    /// The same, NUL-terminated: for the C binding.
    #[doc(hidden)]
    #[must_use]
    pub const fn as_c_str(self) -> &'static CStr {
        match self {
            Self::Missing => c"missing",
            Self::Malformed => c"malformed",
            Self::Invalid => c"invalid",
            Self::Expired => c"expired",
            Self::LifetimeTooLong => c"lifetime_too_long",
            Self::OutOfScope => c"out_of_scope",
            Self::NotInitialized => c"not_initialized",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A refusal: a gate and a code, which together give the HTTP status and the message.
///
/// It contains nothing that the client presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "a refusal that is ignored lets the request pass"]
pub struct Denied {
    gate: Gate,
    code: Code,
}

impl Denied {
    /// The refusal of `gate` with `code`.
    pub const fn new(gate: Gate, code: Code) -> Self {
        Self { gate, code }
    }

    /// Where the request was refused.
    #[must_use]
    pub const fn gate(self) -> Gate {
        self.gate
    }

    /// Why it was refused.
    #[must_use]
    pub const fn code(self) -> Code {
        self.code
    }

    /// The HTTP status to answer with.
    #[must_use]
    pub const fn status(self) -> u16 {
        match (self.gate, self.code) {
            (Gate::InternalRoute, Code::OutOfScope) => 404,
            (Gate::Traffic | Gate::Wake, _) => 403,
            (Gate::Host | Gate::InternalRoute, _) | (_, Code::Malformed) => 400,
            _ => 401,
        }
    }

    /// The message to answer with, the same for every caller.
    #[must_use]
    pub const fn message(self) -> &'static str {
        as_str(self.message_c())
    }

    /// The same, NUL-terminated: for the C binding.
    #[doc(hidden)]
    #[must_use]
    pub const fn message_c(self) -> &'static CStr {
        match (self.gate, self.code) {
            (Gate::Host, Code::Missing) => c"missing sandbox id or port in host and routing headers",
            (Gate::Host, _) => c"invalid host or routing headers",
            (Gate::InternalRoute, Code::OutOfScope) => c"not found",
            (Gate::Traffic, Code::Missing) => {
                c"Sandbox is secured with traffic access token. Token header 'e2b-traffic-access-token' is missing"
            }
            (Gate::Traffic, Code::Expired) => c"traffic access token is already expired",
            (Gate::Traffic, Code::LifetimeTooLong) => c"traffic access token lifetime is too long",
            (Gate::Traffic, Code::OutOfScope) => c"traffic access token does not cover this port",
            (Gate::Traffic, _) => {
                c"Sandbox is secured with traffic access token. Provided token in header 'e2b-traffic-access-token' is invalid"
            }
            (Gate::Wake, _) => {
                c"This sandbox can't be resumed with the credentials provided. Check your access token and try again."
            }
            (Gate::Webhook, Code::Missing) => c"missing webhook signature",
            (Gate::Webhook, Code::Malformed) => c"malformed webhook signature, or a version other than v1",
            (Gate::Webhook, _) => c"invalid webhook signature",
            (_, Code::Malformed) | (Gate::InternalRoute, _) => c"malformed request",
            (_, Code::NotInitialized) => c"envd not initialized",
            (Gate::Init, Code::Missing) => c"access token reset not authorized",
            (Gate::Init, _) => c"access token validation failed",
            (Gate::Route, _) => {
                c"unauthorized access, please provide a valid access token or method signing if supported"
            }
            (Gate::FileToken, _) => c"access token present in header but does not match",
            (Gate::FileSignature, Code::Missing) => c"missing signature query parameter",
            (Gate::FileSignature, Code::Expired) => c"signature is already expired",
            (Gate::FileSignature, Code::LifetimeTooLong) => c"signature lifetime is too long",
            (Gate::FileSignature, Code::OutOfScope) => c"signature does not cover this path",
            (Gate::FileSignature, _) => c"invalid signature",
        }
    }

    /// Writes the JSON body of the controller, `{"code":401,"message":"…"}`.
    ///
    /// # Errors
    /// Only those of `out`.
    pub fn write_json(self, out: &mut (impl fmt::Write + ?Sized)) -> fmt::Result {
        write_code_and_message(out, self.status(), self.message())
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl core::error::Error for Denied {}

/// Wrong use of this crate: a mistake of the caller, which a client never sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Misuse {
    /// A seed of fewer than 16 bytes, or of fewer than 32 for v2.
    WeakSeed,
    /// A ninth seed or traffic root.
    TooManySeeds,
    /// A sandbox id that is not 1 to 63 of `[A-Za-z0-9_-]`, or that starts with `sandbox-traffic-`.
    SandboxId,
    /// A long sandbox id whose part before the first `-` is not 1 to 63 of `[a-z0-9]`.
    LongSandboxId,
    /// A port outside 1 to 65535, or one that is not written in decimal digits.
    Port,
    /// An operation that is neither `read` nor `write`.
    Operation,
    /// A token that is empty, longer than 256 bytes, or not UTF-8.
    Token,
    /// A token of a wire format that the policy of the controller does not accept.
    TokenVersion,
    /// Access tokens of v1 and of v2 in one controller.
    MixedVersions,
    /// A token of v1 where a secret of v2 is required.
    V1TokenGiven,
    /// A token of v2 where one of v1 is required.
    V2TokenGiven,
    /// An access token of v2 where a traffic token or a traffic root is required.
    AccessTokenGiven,
    /// A traffic token of v2 where an access token or a traffic root is required.
    TrafficTokenGiven,
    /// A traffic root where an access token or a traffic token is required.
    TrafficRootGiven,
    /// A token or a traffic root of v2 with the right prefix and the wrong shape.
    TokenShape,
    /// A key id that is not one of `[0-9a-z]`.
    KeyId,
    /// A key id, a seed or a traffic root that the keyring already holds.
    RepeatedKey,
    /// An access token of v2 with the key id of one that the controller already holds.
    RepeatedToken,
    /// A controller without a token; [`Controller::open`](crate::Controller::open) makes an open one.
    NoToken,
    /// A ninth access token.
    TooManyTokens,
    /// A time outside signed 64-bit Unix seconds, or for v2 outside 0 to 2^53 - 1.
    Time,
    /// A path of v2 that is not 1 to 4096 bytes of UTF-8 without NUL, or that lies outside its directory.
    Path,
    /// A directory that is not 1 to 4096 bytes of UTF-8, or does not begin and end with `/`, or has empty, `.` or `..` segments,
    /// control characters or backslashes.
    Directory,
    /// A user of v2 that is not 0 to 255 bytes of UTF-8 without NUL.
    User,
    /// A limit on the content of a download, or one above 2^53 - 1.
    Limit,
    /// A context that is not 1 to 255 bytes.
    Context,
    /// A leeway of more than 300 seconds.
    Leeway,
    /// A pass or a signed host for the controller's port, which accepts neither.
    ControllerPort,
    /// A signed host of more than 63 characters, with an id that is not `[a-z0-9]+`, or with an expiry of more than 7 digits
    /// of base 36.
    SignedHost,
    /// A secret of a webhook of fewer than 16 bytes.
    WebhookSecret,
    /// A ninth secret of a webhook.
    TooManySecrets,
}

impl Misuse {
    /// What is wrong and what would be right.
    #[must_use]
    pub const fn message(self) -> &'static str {
        as_str(self.message_c())
    }

    /// The same, NUL-terminated: for the C binding.
    #[doc(hidden)]
    #[must_use]
    pub const fn message_c(self) -> &'static CStr {
        match self {
            Self::WeakSeed => c"a seed must have at least 16 bytes, and at least 32 for v2",
            Self::TooManySeeds => c"a keyring must hold at most 8 seeds or traffic roots",
            Self::SandboxId => {
                c"a sandbox id must be 1 to 63 characters of [A-Za-z0-9_-] and must not start with sandbox-traffic-"
            }
            Self::LongSandboxId => {
                c"the part of a long sandbox id before the first - must be 1 to 63 characters of [a-z0-9]"
            }
            Self::Port => c"a port must be a decimal number from 1 to 65535",
            Self::Operation => c"an operation must be read or write",
            Self::Token => c"a token must be 1 to 256 bytes of UTF-8",
            Self::TokenVersion => {
                c"an access token must be of a wire format that the policy accepts: one that begins with sg2a. is of v2, any other of v1"
            }
            Self::MixedVersions => {
                c"all access tokens of a controller must be of one wire format: one that begins with sg2a. is of v2, any other of v1"
            }
            Self::V1TokenGiven => {
                c"this is a token of v1: v2 needs an access token (sg2a.), a traffic token (sg2t.) or a traffic root (sg2r.)"
            }
            Self::V2TokenGiven => c"this is an access token of v2 (sg2a.): v1 needs an access token of v1",
            Self::AccessTokenGiven => {
                c"this is an access token (sg2a.): a traffic key needs a traffic token (sg2t.), a traffic keyring a traffic root (sg2r.)"
            }
            Self::TrafficTokenGiven => {
                c"this is a traffic token (sg2t.): a traffic keyring needs a traffic root (sg2r.), a controller or a file URL key an access token"
            }
            Self::TrafficRootGiven => {
                c"this is a traffic root (sg2r.): a traffic key needs a traffic token (sg2t.), a controller or a file URL key an access token"
            }
            Self::TokenShape => {
                c"a token or a traffic root of v2 must be its prefix, a key id, a dot and 43 characters of base64url"
            }
            Self::KeyId => c"a key id must be one character of [0-9a-z]",
            Self::RepeatedKey => c"each seed or traffic root of a keyring must be given once, under a key id of its own",
            Self::RepeatedToken => c"each access token of a controller must have a key id of its own",
            Self::NoToken => c"a controller must have an access token, unless it is made as an open one",
            Self::TooManyTokens => c"a controller must hold at most 8 access tokens",
            Self::Time => c"a time must fit in signed 64-bit Unix seconds, and for v2 lie in 0 to 2^53 - 1",
            Self::Path => c"a path must be 1 to 4096 bytes of UTF-8 without NUL, inside its directory",
            Self::Directory => {
                c"a directory must be 1 to 4096 bytes of UTF-8 that begin and end with a slash, without empty, . and .. segments, control characters and backslashes"
            }
            Self::User => c"a user must be 0 to 255 bytes of UTF-8 without NUL",
            Self::Limit => c"only an upload may have a limit, and a size must be at most 2^53 - 1",
            Self::Context => c"a context must be 1 to 255 bytes",
            Self::Leeway => c"a leeway must be between 0 and 300 seconds",
            Self::ControllerPort => {
                c"a pass or a signed host must be for another port than the controller's, which accepts neither"
            }
            Self::SignedHost => {
                c"a signed host must have at most 63 characters, an id of [a-z0-9] and an expiry of at most 7 digits of base 36"
            }
            Self::WebhookSecret => c"the secret of a webhook must have at least 16 bytes",
            Self::TooManySecrets => c"a webhook verifier must hold at most 8 secrets",
        }
    }
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl core::error::Error for Misuse {}

/// The messages are literals of this crate and all UTF-8.
pub(crate) const fn as_str(message: &'static CStr) -> &'static str {
    match message.to_str() {
        Ok(message) => message,
        Err(_) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_gates_and_codes_have_the_names_that_bindings_use() {
        let gates =
            ["route", "file_token", "file_signature", "traffic", "host", "internal_route", "init", "wake", "webhook"];
        assert_eq!(Gate::ALL.map(Gate::as_str), gates);
        let codes =
            ["missing", "malformed", "invalid", "expired", "lifetime_too_long", "out_of_scope", "not_initialized"];
        assert_eq!(Code::ALL.map(Code::as_str), codes);
    }
}
