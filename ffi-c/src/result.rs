//! The results of every function: frozen numbers.

use crate::pointer::write_with;
use core::ffi::{CStr, c_char};
use core::fmt;
use sandgate::creation::Refused;
use sandgate::{Code, Denied, Gate, Misuse};

/// What a function returns. 0 is OK; 1 to 99 are refusals, the tens telling the gate and the ones the code; from 100 on
/// it is wrong use.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum sandgate_result {
    /// Success.
    SANDGATE_OK = 0,

    /// Protected route, no access token: 401.
    SANDGATE_ROUTE_MISSING = 11,
    /// Protected route, a token given twice, or a path that cannot be decoded: 400.
    SANDGATE_ROUTE_MALFORMED = 12,
    /// Protected route, wrong access token: 401.
    SANDGATE_ROUTE_INVALID = 13,
    /// File route, access token given twice: 400.
    SANDGATE_FILE_TOKEN_MALFORMED = 22,
    /// File route, wrong access token: 401.
    SANDGATE_FILE_TOKEN_INVALID = 23,
    /// File route, neither token nor signature: 401.
    SANDGATE_FILE_SIGNATURE_MISSING = 31,
    /// File route, a query that cannot be read without guessing: 400.
    SANDGATE_FILE_SIGNATURE_MALFORMED = 32,
    /// File route, wrong signature: 401.
    SANDGATE_FILE_SIGNATURE_INVALID = 33,
    /// File route, right signature whose time is over: 401.
    SANDGATE_FILE_SIGNATURE_EXPIRED = 34,
    /// Edge, no traffic token: 403.
    SANDGATE_TRAFFIC_MISSING = 41,
    /// Edge, a traffic token given twice: 403.
    SANDGATE_TRAFFIC_MALFORMED = 42,
    /// Edge, wrong traffic token: 403.
    SANDGATE_TRAFFIC_INVALID = 43,
    /// Edge, no sandbox is named by host or headers: 400.
    SANDGATE_HOST_MISSING = 51,
    /// Edge, host or headers that cannot be routed: 400.
    SANDGATE_HOST_MALFORMED = 52,
    /// Edge, a path that cannot be decoded: 400.
    SANDGATE_INTERNAL_ROUTE_MALFORMED = 62,
    /// Edge, a route that only the platform may call: 404.
    SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE = 66,

    /// Creation, the template's controller knows no access tokens: 400.
    SANDGATE_CREATION_TEMPLATE_TOO_OLD = 71,
    /// Creation, the version of the template's controller is not known: 400.
    SANDGATE_CREATION_TEMPLATE_VERSION_UNKNOWN = 72,
    /// Creation, restricted traffic without secure: 400.
    SANDGATE_CREATION_RESTRICTED_NEEDS_SECURE = 73,

    /// A pointer is NULL that must not be, or a length exceeds half the address space.
    SANDGATE_NULL_POINTER = 100,
    /// A struct's struct_size is not one that this version knows.
    SANDGATE_STRUCT_SIZE = 101,
    /// An opaque struct was not initialised, or was wiped.
    SANDGATE_NOT_INITIALIZED = 102,
    /// The buffer is too small; the needed size was written.
    SANDGATE_BUFFER_TOO_SMALL = 103,
    /// A result that is no refusal was given where one is wanted.
    SANDGATE_NOT_A_REFUSAL = 104,
    /// A text view that this library did not hand out.
    SANDGATE_BAD_ESCAPE = 105,
    /// A header with a value and a count of 0.
    SANDGATE_BAD_HEADER = 106,
    /// A seed of fewer than 16 bytes.
    SANDGATE_WEAK_SEED = 110,
    /// A ninth seed.
    SANDGATE_TOO_MANY_SEEDS = 111,
    /// A sandbox id that is not 1 to 63 of [A-Za-z0-9_-], or that starts with sandbox-traffic-.
    SANDGATE_BAD_SANDBOX_ID = 112,
    /// A port outside 1 to 65535.
    SANDGATE_BAD_PORT = 113,
    /// An operation that is neither read nor write.
    SANDGATE_BAD_OPERATION = 114,
    /// A token that is empty, longer than 256 bytes, or not UTF-8.
    SANDGATE_BAD_TOKEN = 115,
    /// A token of another wire format.
    SANDGATE_TOKEN_VERSION = 116,
    /// A controller without a token.
    SANDGATE_NO_TOKEN = 117,
    /// A ninth access token.
    SANDGATE_TOO_MANY_TOKENS = 118,
    /// A time that does not fit in signed 64-bit Unix seconds.
    SANDGATE_BAD_TIME = 119,
    /// A base URL that is empty, not UTF-8, or has a query, a fragment, a space or a control character.
    SANDGATE_BAD_BASE_URL = 120,
    /// Wrong use that this interface has no name for yet.
    SANDGATE_MISUSE = 199,
}

use sandgate_result::*;

/// Every refusal with its number: the one table between the two languages.
const REFUSALS: [(sandgate_result, Gate, Code); 16] = [
    (SANDGATE_ROUTE_MISSING, Gate::Route, Code::Missing),
    (SANDGATE_ROUTE_MALFORMED, Gate::Route, Code::Malformed),
    (SANDGATE_ROUTE_INVALID, Gate::Route, Code::Invalid),
    (SANDGATE_FILE_TOKEN_MALFORMED, Gate::FileToken, Code::Malformed),
    (SANDGATE_FILE_TOKEN_INVALID, Gate::FileToken, Code::Invalid),
    (SANDGATE_FILE_SIGNATURE_MISSING, Gate::FileSignature, Code::Missing),
    (SANDGATE_FILE_SIGNATURE_MALFORMED, Gate::FileSignature, Code::Malformed),
    (SANDGATE_FILE_SIGNATURE_INVALID, Gate::FileSignature, Code::Invalid),
    (SANDGATE_FILE_SIGNATURE_EXPIRED, Gate::FileSignature, Code::Expired),
    (SANDGATE_TRAFFIC_MISSING, Gate::Traffic, Code::Missing),
    (SANDGATE_TRAFFIC_MALFORMED, Gate::Traffic, Code::Malformed),
    (SANDGATE_TRAFFIC_INVALID, Gate::Traffic, Code::Invalid),
    (SANDGATE_HOST_MISSING, Gate::Host, Code::Missing),
    (SANDGATE_HOST_MALFORMED, Gate::Host, Code::Malformed),
    (SANDGATE_INTERNAL_ROUTE_MALFORMED, Gate::InternalRoute, Code::Malformed),
    (SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE, Gate::InternalRoute, Code::OutOfScope),
];

/// The refusals at creation, likewise.
const CREATION_REFUSALS: [(sandgate_result, Refused); 3] = [
    (SANDGATE_CREATION_TEMPLATE_TOO_OLD, Refused::TemplateTooOld),
    (SANDGATE_CREATION_TEMPLATE_VERSION_UNKNOWN, Refused::TemplateVersionUnknown),
    (SANDGATE_CREATION_RESTRICTED_NEEDS_SECURE, Refused::RestrictedNeedsSecure),
];

impl From<Denied> for sandgate_result {
    fn from(denied: Denied) -> Self {
        let same = |row: &&(Self, Gate, Code)| row.1 == denied.gate() && row.2 == denied.code();
        REFUSALS.iter().find(same).map_or(SANDGATE_MISUSE, |row| row.0)
    }
}

impl From<Refused> for sandgate_result {
    fn from(refused: Refused) -> Self {
        CREATION_REFUSALS.iter().find(|row| row.1 == refused).map_or(SANDGATE_MISUSE, |row| row.0)
    }
}

impl From<Misuse> for sandgate_result {
    fn from(misuse: Misuse) -> Self {
        match misuse {
            Misuse::WeakSeed => SANDGATE_WEAK_SEED,
            Misuse::TooManySeeds => SANDGATE_TOO_MANY_SEEDS,
            Misuse::SandboxId => SANDGATE_BAD_SANDBOX_ID,
            Misuse::Port => SANDGATE_BAD_PORT,
            Misuse::Operation => SANDGATE_BAD_OPERATION,
            Misuse::Token => SANDGATE_BAD_TOKEN,
            Misuse::TokenVersion => SANDGATE_TOKEN_VERSION,
            Misuse::NoToken => SANDGATE_NO_TOKEN,
            Misuse::TooManyTokens => SANDGATE_TOO_MANY_TOKENS,
            Misuse::Time => SANDGATE_BAD_TIME,
            _ => SANDGATE_MISUSE,
        }
    }
}

/// The misuses of core, by their numbers.
const MISUSES: [Misuse; 10] = [
    Misuse::WeakSeed,
    Misuse::TooManySeeds,
    Misuse::SandboxId,
    Misuse::Port,
    Misuse::Operation,
    Misuse::Token,
    Misuse::TokenVersion,
    Misuse::NoToken,
    Misuse::TooManyTokens,
    Misuse::Time,
];

fn creation_refusal(result: i32) -> Option<Refused> {
    CREATION_REFUSALS.iter().find(|row| row.0 as i32 == result).map(|row| row.1)
}

pub(crate) fn refusal(result: i32) -> Option<Denied> {
    REFUSALS.iter().find(|row| row.0 as i32 == result).map(|row| Denied::new(row.1, row.2))
}

/// The HTTP status of a refusal. Returns: the status; 0 for every other result. In: result.
#[unsafe(no_mangle)]
pub extern "C" fn sandgate_result_status(result: i32) -> u16 {
    refusal(result).map(Denied::status).or(creation_refusal(result).map(Refused::status)).unwrap_or(0)
}

/// What a result means; of a refusal, the message to answer with.
/// Returns: static text with a NUL at its end, also for numbers that are no result. Never NULL. In: result.
#[unsafe(no_mangle)]
pub extern "C" fn sandgate_result_message(result: i32) -> *const c_char {
    message(result).as_ptr()
}

/// Where a request was refused: "route", "file_token", "file_signature", "traffic", "host" or "internal_route".
/// Returns: static text with a NUL at its end; NULL for what is no refusal of a request. In: result.
#[unsafe(no_mangle)]
pub extern "C" fn sandgate_result_gate(result: i32) -> *const c_char {
    refusal(result).map_or(core::ptr::null(), |denied| denied.gate().as_c_str().as_ptr())
}

/// Why a request was refused: "missing", "malformed", "invalid", "expired" or "out_of_scope".
/// Returns: static text with a NUL at its end; NULL for what is no refusal of a request. In: result.
#[unsafe(no_mangle)]
pub extern "C" fn sandgate_result_code(result: i32) -> *const c_char {
    refusal(result).map_or(core::ptr::null(), |denied| denied.code().as_c_str().as_ptr())
}

fn message(result: i32) -> &'static CStr {
    if let Some(denied) = refusal(result) {
        return denied.message_c();
    }
    if let Some(refused) = creation_refusal(result) {
        return refused.message_c();
    }
    if let Some(misuse) = MISUSES.into_iter().find(|misuse| sandgate_result::from(*misuse) as i32 == result) {
        return misuse.message_c();
    }
    const OWN: [(sandgate_result, &CStr); 9] = [
        (SANDGATE_OK, c"success"),
        (SANDGATE_BAD_HEADER, c"a header has a value and a count of 0"),
        (SANDGATE_NULL_POINTER, c"a pointer is NULL or a length is absurd"),
        (SANDGATE_STRUCT_SIZE, c"struct_size is not one that this version knows"),
        (SANDGATE_NOT_INITIALIZED, c"the struct was not initialised, or was wiped"),
        (SANDGATE_BUFFER_TOO_SMALL, c"the buffer is too small"),
        (SANDGATE_NOT_A_REFUSAL, c"the result is no refusal"),
        (SANDGATE_BAD_ESCAPE, c"the text was not handed out by this library"),
        (
            SANDGATE_BAD_BASE_URL,
            c"a base URL is not empty, is UTF-8, and has no query, fragment, space or control character",
        ),
    ];
    OWN.into_iter().find(|row| row.0 as i32 == result).map_or(c"wrong use", |row| row.1)
}

/// The JSON body of a refusal by the controller or at creation, {"code":401,"message":"..."}.
/// Returns: OK; SANDGATE_NOT_A_REFUSAL; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
/// In: refusal, a result from 1 to 99. Out: out, without a NUL at its end; out_len, its length or the needed size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sandgate_refusal_json(
    refusal: i32,
    out: *mut c_char,
    out_size: usize,
    out_len: *mut usize,
) -> sandgate_result {
    let write_json: &dyn Fn(&mut dyn fmt::Write) -> fmt::Result =
        match (self::refusal(refusal), creation_refusal(refusal)) {
            (Some(denied), _) => &move |out| denied.write_json(out),
            (None, Some(refused)) => &move |out| refused.write_json(out),
            (None, None) => return SANDGATE_NOT_A_REFUSAL,
        };
    // SAFETY: the caller's contract: `out` has `out_size` bytes and `out_len` points to a size.
    unsafe { write_with(out, out_size, out_len, write_json) }
}
