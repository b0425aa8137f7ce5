//! Why a request is refused ([`Denied`]) and what is wrong use of this crate ([`Misuse`]).
//!
//! The statuses and messages of every refusal stand here and nowhere else. Those of the file and route gates are what
//! E2B's controller answers, those of the traffic gate what its edge proxy answers; clients match on them.

use crate::json::write_code_and_message;
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
}

impl Gate {
    /// The gate as text, as bindings name it: `"route"`, `"file_token"`, …
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        as_str(self.as_c_str())
    }

    /// The same, with a NUL behind it for C.
    #[must_use]
    pub const fn as_c_str(self) -> &'static CStr {
        match self {
            Self::Route => c"route",
            Self::FileToken => c"file_token",
            Self::FileSignature => c"file_signature",
            Self::Traffic => c"traffic",
            Self::Host => c"host",
            Self::InternalRoute => c"internal_route",
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
    /// What was presented cannot be read without guessing.
    Malformed,
    /// What was presented is not the right secret, or not its signature.
    Invalid,
    /// The signature is right and its time is over.
    Expired,
    /// What was presented does not reach as far as the request.
    OutOfScope,
}

impl Code {
    /// The code as text, as bindings name it: `"missing"`, `"malformed"`, …
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        as_str(self.as_c_str())
    }

    /// The same, with a NUL behind it for C.
    #[must_use]
    pub const fn as_c_str(self) -> &'static CStr {
        match self {
            Self::Missing => c"missing",
            Self::Malformed => c"malformed",
            Self::Invalid => c"invalid",
            Self::Expired => c"expired",
            Self::OutOfScope => c"out_of_scope",
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
/// It carries nothing of what was presented.
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
            (Gate::Traffic, _) => 403,
            (Gate::Host | Gate::InternalRoute, _) | (_, Code::Malformed) => 400,
            _ => 401,
        }
    }

    /// The message to answer with, the same for every caller.
    #[must_use]
    pub const fn message(self) -> &'static str {
        as_str(self.message_c())
    }

    /// The same, with a NUL behind it for C.
    #[must_use]
    pub const fn message_c(self) -> &'static CStr {
        match (self.gate, self.code) {
            (Gate::Host, Code::Missing) => c"missing sandbox id or port in host and routing headers",
            (Gate::Host, _) => c"invalid host or routing headers",
            (Gate::InternalRoute, Code::OutOfScope) => c"not found",
            (Gate::Traffic, Code::Missing) => {
                c"Sandbox is secured with traffic access token. Token header 'e2b-traffic-access-token' is missing"
            }
            (Gate::Traffic, _) => {
                c"Sandbox is secured with traffic access token. Provided token in header 'e2b-traffic-access-token' is invalid"
            }
            (_, Code::Malformed) | (Gate::InternalRoute, _) => c"malformed request",
            (Gate::Route, _) => {
                c"unauthorized access, please provide a valid access token or method signing if supported"
            }
            (Gate::FileToken, _) => c"access token present in header but does not match",
            (Gate::FileSignature, Code::Missing) => c"missing signature query parameter",
            (Gate::FileSignature, Code::Expired) => c"signature is already expired",
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

/// Wrong use of this crate: raised where it happens, never an answer to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Misuse {
    /// A seed of fewer than 16 bytes.
    WeakSeed,
    /// A ninth seed.
    TooManySeeds,
    /// A sandbox id that is not 1 to 63 of `[A-Za-z0-9_-]`, or that starts with `sandbox-traffic-`.
    SandboxId,
    /// A port outside 1 to 65535, or one that is not written in decimal digits.
    Port,
    /// An operation that is neither `read` nor `write`.
    Operation,
    /// A token that is empty, longer than 256 bytes, or not UTF-8.
    Token,
    /// A token of another wire format (`sg2a.`) where one of v1 is wanted.
    TokenVersion,
    /// A controller without a token; an open one has to be asked for by name.
    NoToken,
    /// A ninth access token.
    TooManyTokens,
    /// A time that does not fit in signed 64-bit Unix seconds.
    Time,
}

impl Misuse {
    /// What is wrong.
    #[must_use]
    pub const fn message(self) -> &'static str {
        as_str(self.message_c())
    }

    /// The same, with a NUL behind it for C.
    #[must_use]
    pub const fn message_c(self) -> &'static CStr {
        match self {
            Self::WeakSeed => c"a seed needs at least 16 bytes",
            Self::TooManySeeds => c"a keyring holds at most 8 seeds",
            Self::SandboxId => c"a sandbox id is 1 to 63 of [A-Za-z0-9_-] and does not start with sandbox-traffic-",
            Self::Port => c"a port is a decimal number from 1 to 65535",
            Self::Operation => c"an operation is read or write",
            Self::Token => c"a token is 1 to 256 bytes of UTF-8",
            Self::TokenVersion => c"a token that starts with sg2a. cannot sign or verify v1",
            Self::NoToken => c"a controller needs a token, or has to be opened explicitly",
            Self::TooManyTokens => c"a controller holds at most 8 access tokens",
            Self::Time => c"a time has to fit in signed 64-bit Unix seconds",
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
