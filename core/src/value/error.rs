//! Why a request is refused ([`Denied`]) and what is wrong use of this crate ([`Misuse`]).
//!
//! The statuses and messages of every refusal stand here and nowhere else. Those of the file and route gates are what
//! E2B's controller answers, those of the traffic gate what its edge proxy answers; clients match on them.

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
    /// The signature is right and lasts longer than the verifier accepts.
    LifetimeTooLong,
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
            Self::LifetimeTooLong => c"lifetime_too_long",
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
            (Gate::Traffic, Code::Expired) => c"traffic access token is already expired",
            (Gate::Traffic, Code::LifetimeTooLong) => c"traffic access token lifetime is too long",
            (Gate::Traffic, Code::OutOfScope) => c"traffic access token does not cover this port",
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

/// Wrong use of this crate: raised where it happens, never an answer to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Misuse {
    /// A seed of fewer than 16 bytes, or of fewer than 32 for v2.
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
    /// A token of another wire format than the one that is wanted, accepted, or already there.
    TokenVersion,
    /// A token or a traffic root of v2 that is not spelled as one.
    TokenShape,
    /// A key id that is not one of `[0-9a-z]`.
    KeyId,
    /// A key id or a seed that is already there.
    RepeatedKey,
    /// A controller without a token; an open one has to be asked for by name.
    NoToken,
    /// A ninth access token.
    TooManyTokens,
    /// A time that does not fit: signed 64-bit Unix seconds, in v2 from 0 to 2^53 - 1.
    Time,
    /// A path of v2 that is not 1 to 4096 bytes of UTF-8 without NUL, or that lies outside its directory.
    Path,
    /// A directory that is not 1 to 4096 bytes of UTF-8, between slashes, without empty, `.` and `..` segments, control
    /// characters and backslashes.
    Directory,
    /// A user of v2 that is not 0 to 255 bytes of UTF-8 without NUL.
    User,
    /// A limit on what is written for a URL that reads, or one above 2^53 - 1.
    Limit,
    /// A context that is not 1 to 255 bytes.
    Context,
    /// A leeway of more than 300 seconds.
    Leeway,
    /// A pass or a signed host for the controller's port, where none is looked at.
    ControllerPort,
    /// A signed host of more than 63 characters, with an id that is not `[a-z0-9]+`, or that ends too late.
    SignedHost,
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
            Self::WeakSeed => c"a seed needs at least 16 bytes, and at least 32 for v2",
            Self::TooManySeeds => c"a keyring holds at most 8 seeds",
            Self::SandboxId => c"a sandbox id is 1 to 63 of [A-Za-z0-9_-] and does not start with sandbox-traffic-",
            Self::Port => c"a port is a decimal number from 1 to 65535",
            Self::Operation => c"an operation is read or write",
            Self::Token => c"a token is 1 to 256 bytes of UTF-8",
            Self::TokenVersion => c"the token is of another wire format; one that starts with sg2a. is of v2",
            Self::TokenShape => c"a token of v2 is its prefix, a key id, a dot and 43 characters of base64url",
            Self::KeyId => c"a key id is one of [0-9a-z]",
            Self::RepeatedKey => c"key ids and seeds have to differ from each other",
            Self::NoToken => c"a controller needs a token, or has to be opened explicitly",
            Self::TooManyTokens => c"a controller holds at most 8 access tokens",
            Self::Time => c"a time has to fit in signed 64-bit Unix seconds, in v2 in 0 to 2^53 - 1",
            Self::Path => c"a path is 1 to 4096 bytes of UTF-8 without NUL, and inside its directory",
            Self::Directory => {
                c"a directory is 1 to 4096 bytes of UTF-8 between slashes, without empty, . and .. segments, control characters and backslashes"
            }
            Self::User => c"a user is 0 to 255 bytes of UTF-8 without NUL",
            Self::Limit => c"a limit is for writing, and a size at most 2^53 - 1",
            Self::Context => c"a context is 1 to 255 bytes",
            Self::Leeway => c"a leeway is at most 300 seconds",
            Self::ControllerPort => c"the controller's port takes no pass and no signed host",
            Self::SignedHost => {
                c"a signed host has at most 63 characters, an id of [a-z0-9] and an end that fits in 7 digits of base 36"
            }
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
