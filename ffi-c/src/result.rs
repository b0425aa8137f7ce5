//! The result codes of all functions. Their numbers are frozen.

use sandgate::creation::Refused;
use sandgate::{Code, Denied, Gate, Misuse};

/// What a function returns. 0 is OK. 1 to 99 are refusals: the tens digit is the gate, 0 for a webhook, and the ones digit is
/// the code. From 100 on it is wrong use.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum sandgate_result {
    /// Success.
    SANDGATE_OK = 0,

    /// Webhook, no signature: 401.
    SANDGATE_WEBHOOK_MISSING = 1,
    /// Webhook, a header given twice, a version other than v1, or a signature of another shape: 400.
    SANDGATE_WEBHOOK_MALFORMED = 2,
    /// Webhook, wrong signature: 401.
    SANDGATE_WEBHOOK_INVALID = 3,

    /// Protected route, no access token: 401.
    SANDGATE_ROUTE_MISSING = 11,
    /// Protected route, a token given twice, or a path that cannot be decoded: 400.
    SANDGATE_ROUTE_MALFORMED = 12,
    /// Protected route, wrong access token: 401.
    SANDGATE_ROUTE_INVALID = 13,
    /// The controller has not been told its access token yet: 401.
    SANDGATE_ROUTE_NOT_INITIALIZED = 17,
    /// File route, access token given twice: 400.
    SANDGATE_FILE_TOKEN_MALFORMED = 22,
    /// File route, wrong access token: 401.
    SANDGATE_FILE_TOKEN_INVALID = 23,
    /// File route, neither token nor signature: 401.
    SANDGATE_FILE_SIGNATURE_MISSING = 31,
    /// File route, a query that cannot be parsed unambiguously: 400.
    SANDGATE_FILE_SIGNATURE_MALFORMED = 32,
    /// File route, wrong signature: 401.
    SANDGATE_FILE_SIGNATURE_INVALID = 33,
    /// File route, right signature that has expired: 401.
    SANDGATE_FILE_SIGNATURE_EXPIRED = 34,
    /// File route, right signature that lasts longer than is accepted: 401.
    SANDGATE_FILE_SIGNATURE_LIFETIME_TOO_LONG = 35,
    /// File route, right signature of a directory that the path is not in: 401.
    SANDGATE_FILE_SIGNATURE_OUT_OF_SCOPE = 36,
    /// Edge, no credential: 403.
    SANDGATE_TRAFFIC_MISSING = 41,
    /// Edge, a token, pass or signed host given twice, or of the wrong shape: 403.
    SANDGATE_TRAFFIC_MALFORMED = 42,
    /// Edge, wrong token, pass or signed host: 403.
    SANDGATE_TRAFFIC_INVALID = 43,
    /// Edge, right pass or signed host that has expired: 403.
    SANDGATE_TRAFFIC_EXPIRED = 44,
    /// Edge, right pass or signed host that lasts longer than is accepted: 403.
    SANDGATE_TRAFFIC_LIFETIME_TOO_LONG = 45,
    /// Edge, right pass or signed host for another port: 403.
    SANDGATE_TRAFFIC_OUT_OF_SCOPE = 46,
    /// Edge, neither host nor headers name a sandbox: 400.
    SANDGATE_HOST_MISSING = 51,
    /// Edge, host or headers that cannot be routed, or a target that is not in origin-form: 400.
    SANDGATE_HOST_MALFORMED = 52,
    /// Edge, a target that servers may read differently, or a method that is not forwarded: 400.
    SANDGATE_INTERNAL_ROUTE_MALFORMED = 62,
    /// Edge, a route that only the platform may call: 404.
    SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE = 66,

    /// Creation, the template's controller knows no access tokens: 400.
    SANDGATE_CREATION_TEMPLATE_TOO_OLD = 71,
    /// Creation, the version of the template's controller is not known: 400.
    SANDGATE_CREATION_TEMPLATE_VERSION_UNKNOWN = 72,
    /// Creation, restricted traffic without secure: 400.
    SANDGATE_CREATION_RESTRICTED_NEEDS_SECURE = 73,

    /// POST /init, no token where the token may not be cleared: 401.
    SANDGATE_INIT_MISSING = 81,
    /// POST /init, a body that cannot be read, or a token that this controller cannot require: 400.
    SANDGATE_INIT_MALFORMED = 82,
    /// POST /init, another token than the host expects: 401.
    SANDGATE_INIT_INVALID = 83,

    /// Paused sandbox, no credential: 403.
    SANDGATE_WAKE_MISSING = 91,
    /// Paused sandbox, a credential given twice, or one that cannot be parsed unambiguously: 403.
    SANDGATE_WAKE_MALFORMED = 92,
    /// Paused sandbox, wrong credential: 403.
    SANDGATE_WAKE_INVALID = 93,
    /// Paused sandbox, right credential that has expired: 403.
    SANDGATE_WAKE_EXPIRED = 94,
    /// Paused sandbox, right credential that lasts longer than is accepted: 403.
    SANDGATE_WAKE_LIFETIME_TOO_LONG = 95,
    /// Paused sandbox, right credential that does not cover the port or the path: 403.
    SANDGATE_WAKE_OUT_OF_SCOPE = 96,
    /// Paused sandbox whose controller has not been told its access token yet: 403.
    SANDGATE_WAKE_NOT_INITIALIZED = 97,

    /// A pointer is NULL that must not be, or a length exceeds half the address space.
    SANDGATE_NULL_POINTER = 100,
    /// A struct's struct_size is not one that this version knows.
    SANDGATE_STRUCT_SIZE = 101,
    /// An opaque struct was not initialised, or was wiped.
    SANDGATE_NOT_INITIALIZED = 102,
    /// The buffer is too small; the needed size was written.
    SANDGATE_BUFFER_TOO_SMALL = 103,
    /// The result must be a refusal.
    SANDGATE_NOT_A_REFUSAL = 104,
    /// A text view that this library did not make.
    SANDGATE_BAD_ESCAPE = 105,
    /// A header with a value and a count of 0.
    SANDGATE_BAD_HEADER = 106,
    /// A seed of fewer than 16 bytes, or of fewer than 32 for v2.
    SANDGATE_WEAK_SEED = 110,
    /// A ninth seed or traffic root.
    SANDGATE_TOO_MANY_SEEDS = 111,
    /// A sandbox id that is not 1 to 63 of [A-Za-z0-9_-], or that starts with sandbox-traffic-.
    SANDGATE_BAD_SANDBOX_ID = 112,
    /// A port outside 1 to 65535.
    SANDGATE_BAD_PORT = 113,
    /// An operation that is neither read nor write.
    SANDGATE_BAD_OPERATION = 114,
    /// A token that is empty, longer than 256 bytes, or not UTF-8.
    SANDGATE_BAD_TOKEN = 115,
    /// A token of a wire format that the policy of the controller does not accept.
    SANDGATE_TOKEN_VERSION = 116,
    /// A controller without a token.
    SANDGATE_NO_TOKEN = 117,
    /// A ninth access token.
    SANDGATE_TOO_MANY_TOKENS = 118,
    /// A time that does not fit: signed 64-bit Unix seconds, in v2 from 0 to 2^53 - 1.
    SANDGATE_BAD_TIME = 119,
    /// A base URL that is empty, not UTF-8, or has a query, a fragment, a space or a control character.
    SANDGATE_BAD_BASE_URL = 120,
    /// A key id that is not one of [0-9a-z].
    SANDGATE_BAD_KEY_ID = 121,
    /// A key id, a seed or a traffic root that the keyring already holds.
    SANDGATE_REPEATED_KEY = 122,
    /// A token or a traffic root of v2 that is not spelled as one.
    SANDGATE_TOKEN_SHAPE = 123,
    /// A path of v2 that is not 1 to 4096 bytes of UTF-8 without NUL, or that lies outside its directory.
    SANDGATE_BAD_PATH = 124,
    /// A directory that is not 1 to 4096 bytes of UTF-8, between slashes, without empty, . and .. segments, control
    /// characters and backslashes.
    SANDGATE_BAD_DIRECTORY = 125,
    /// A user of v2 that is not 0 to 255 bytes of UTF-8 without NUL.
    SANDGATE_BAD_USER = 126,
    /// A limit on the content of a download, or one above 2^53 - 1.
    SANDGATE_BAD_LIMIT = 127,
    /// A context that is not 1 to 255 bytes.
    SANDGATE_BAD_CONTEXT = 128,
    /// A leeway of more than 300 seconds.
    SANDGATE_BAD_LEEWAY = 129,
    /// A policy that has no such name, or unknown carriers, or no known version.
    SANDGATE_BAD_POLICY = 130,
    /// A pass or a signed host for the controller's port, which accepts neither.
    SANDGATE_NOT_FOR_CONTROLLER_PORT = 131,
    /// A signed host of more than 63 characters, with an id that is not [a-z0-9]+, or with an expiry that is too late.
    SANDGATE_BAD_SIGNED_HOST = 132,
    /// Access tokens of v1 and of v2 in one controller.
    SANDGATE_MIXED_VERSIONS = 140,
    /// A token of v1 where a secret of v2 is required.
    SANDGATE_V1_TOKEN_GIVEN = 141,
    /// A token of v2 where one of v1 is required.
    SANDGATE_V2_TOKEN_GIVEN = 142,
    /// An access token of v2 where a traffic token or a traffic root is required.
    SANDGATE_ACCESS_TOKEN_GIVEN = 143,
    /// A traffic token of v2 where an access token or a traffic root is required.
    SANDGATE_TRAFFIC_TOKEN_GIVEN = 144,
    /// A traffic root where an access token or a traffic token is required.
    SANDGATE_TRAFFIC_ROOT_GIVEN = 145,
    /// An access token of v2 with the key id of one that the controller already holds.
    SANDGATE_REPEATED_TOKEN = 146,
    /// A long sandbox id whose part before the first - is not 1 to 63 of [a-z0-9].
    SANDGATE_LONG_SANDBOX_ID = 147,
    /// A secret of a webhook of fewer than 16 bytes.
    SANDGATE_WEBHOOK_SECRET = 150,
    /// A ninth secret of a webhook.
    SANDGATE_TOO_MANY_SECRETS = 151,
    /// Wrong use for which this interface has no name yet.
    SANDGATE_MISUSE = 199,
}

use sandgate_result::*;

/// Every refusal with its number: the one table between the two languages.
const REFUSALS: [(sandgate_result, Gate, Code); 35] = [
    (SANDGATE_WEBHOOK_MISSING, Gate::Webhook, Code::Missing),
    (SANDGATE_WEBHOOK_MALFORMED, Gate::Webhook, Code::Malformed),
    (SANDGATE_WEBHOOK_INVALID, Gate::Webhook, Code::Invalid),
    (SANDGATE_ROUTE_MISSING, Gate::Route, Code::Missing),
    (SANDGATE_ROUTE_MALFORMED, Gate::Route, Code::Malformed),
    (SANDGATE_ROUTE_INVALID, Gate::Route, Code::Invalid),
    (SANDGATE_FILE_TOKEN_MALFORMED, Gate::FileToken, Code::Malformed),
    (SANDGATE_FILE_TOKEN_INVALID, Gate::FileToken, Code::Invalid),
    (SANDGATE_FILE_SIGNATURE_MISSING, Gate::FileSignature, Code::Missing),
    (SANDGATE_FILE_SIGNATURE_MALFORMED, Gate::FileSignature, Code::Malformed),
    (SANDGATE_FILE_SIGNATURE_INVALID, Gate::FileSignature, Code::Invalid),
    (SANDGATE_FILE_SIGNATURE_EXPIRED, Gate::FileSignature, Code::Expired),
    (SANDGATE_FILE_SIGNATURE_LIFETIME_TOO_LONG, Gate::FileSignature, Code::LifetimeTooLong),
    (SANDGATE_FILE_SIGNATURE_OUT_OF_SCOPE, Gate::FileSignature, Code::OutOfScope),
    (SANDGATE_TRAFFIC_MISSING, Gate::Traffic, Code::Missing),
    (SANDGATE_TRAFFIC_MALFORMED, Gate::Traffic, Code::Malformed),
    (SANDGATE_TRAFFIC_INVALID, Gate::Traffic, Code::Invalid),
    (SANDGATE_TRAFFIC_EXPIRED, Gate::Traffic, Code::Expired),
    (SANDGATE_TRAFFIC_LIFETIME_TOO_LONG, Gate::Traffic, Code::LifetimeTooLong),
    (SANDGATE_TRAFFIC_OUT_OF_SCOPE, Gate::Traffic, Code::OutOfScope),
    (SANDGATE_HOST_MISSING, Gate::Host, Code::Missing),
    (SANDGATE_HOST_MALFORMED, Gate::Host, Code::Malformed),
    (SANDGATE_INTERNAL_ROUTE_MALFORMED, Gate::InternalRoute, Code::Malformed),
    (SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE, Gate::InternalRoute, Code::OutOfScope),
    (SANDGATE_ROUTE_NOT_INITIALIZED, Gate::Route, Code::NotInitialized),
    (SANDGATE_INIT_MISSING, Gate::Init, Code::Missing),
    (SANDGATE_INIT_MALFORMED, Gate::Init, Code::Malformed),
    (SANDGATE_INIT_INVALID, Gate::Init, Code::Invalid),
    (SANDGATE_WAKE_MISSING, Gate::Wake, Code::Missing),
    (SANDGATE_WAKE_MALFORMED, Gate::Wake, Code::Malformed),
    (SANDGATE_WAKE_INVALID, Gate::Wake, Code::Invalid),
    (SANDGATE_WAKE_EXPIRED, Gate::Wake, Code::Expired),
    (SANDGATE_WAKE_LIFETIME_TOO_LONG, Gate::Wake, Code::LifetimeTooLong),
    (SANDGATE_WAKE_OUT_OF_SCOPE, Gate::Wake, Code::OutOfScope),
    (SANDGATE_WAKE_NOT_INITIALIZED, Gate::Wake, Code::NotInitialized),
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

/// The misuses of core, likewise.
const MISUSES: [(sandgate_result, Misuse); 31] = [
    (SANDGATE_WEAK_SEED, Misuse::WeakSeed),
    (SANDGATE_TOO_MANY_SEEDS, Misuse::TooManySeeds),
    (SANDGATE_BAD_SANDBOX_ID, Misuse::SandboxId),
    (SANDGATE_LONG_SANDBOX_ID, Misuse::LongSandboxId),
    (SANDGATE_BAD_PORT, Misuse::Port),
    (SANDGATE_BAD_OPERATION, Misuse::Operation),
    (SANDGATE_BAD_TOKEN, Misuse::Token),
    (SANDGATE_TOKEN_VERSION, Misuse::TokenVersion),
    (SANDGATE_MIXED_VERSIONS, Misuse::MixedVersions),
    (SANDGATE_V1_TOKEN_GIVEN, Misuse::V1TokenGiven),
    (SANDGATE_V2_TOKEN_GIVEN, Misuse::V2TokenGiven),
    (SANDGATE_ACCESS_TOKEN_GIVEN, Misuse::AccessTokenGiven),
    (SANDGATE_TRAFFIC_TOKEN_GIVEN, Misuse::TrafficTokenGiven),
    (SANDGATE_TRAFFIC_ROOT_GIVEN, Misuse::TrafficRootGiven),
    (SANDGATE_REPEATED_TOKEN, Misuse::RepeatedToken),
    (SANDGATE_NO_TOKEN, Misuse::NoToken),
    (SANDGATE_TOO_MANY_TOKENS, Misuse::TooManyTokens),
    (SANDGATE_BAD_TIME, Misuse::Time),
    (SANDGATE_BAD_KEY_ID, Misuse::KeyId),
    (SANDGATE_REPEATED_KEY, Misuse::RepeatedKey),
    (SANDGATE_TOKEN_SHAPE, Misuse::TokenShape),
    (SANDGATE_BAD_PATH, Misuse::Path),
    (SANDGATE_BAD_DIRECTORY, Misuse::Directory),
    (SANDGATE_BAD_USER, Misuse::User),
    (SANDGATE_BAD_LIMIT, Misuse::Limit),
    (SANDGATE_BAD_CONTEXT, Misuse::Context),
    (SANDGATE_BAD_LEEWAY, Misuse::Leeway),
    (SANDGATE_NOT_FOR_CONTROLLER_PORT, Misuse::ControllerPort),
    (SANDGATE_BAD_SIGNED_HOST, Misuse::SignedHost),
    (SANDGATE_WEBHOOK_SECRET, Misuse::WebhookSecret),
    (SANDGATE_TOO_MANY_SECRETS, Misuse::TooManySecrets),
];

impl From<Misuse> for sandgate_result {
    fn from(misuse: Misuse) -> Self {
        MISUSES.iter().find(|row| row.1 == misuse).map_or(SANDGATE_MISUSE, |row| row.0)
    }
}

pub(crate) fn creation_refusal(result: i32) -> Option<Refused> {
    CREATION_REFUSALS.iter().find(|row| row.0 as i32 == result).map(|row| row.1)
}

pub(crate) fn refusal(result: i32) -> Option<Denied> {
    REFUSALS.iter().find(|row| row.0 as i32 == result).map(|row| Denied::new(row.1, row.2))
}

pub(crate) fn misuse(result: i32) -> Option<Misuse> {
    MISUSES.iter().find(|row| row.0 as i32 == result).map(|row| row.1)
}
