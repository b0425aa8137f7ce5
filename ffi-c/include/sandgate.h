/*
 * sandgate decides who may reach a cloud sandbox.
 *
 * Generated from ffi-c/src by cbindgen. Do not edit.
 *
 * Conventions
 * - Every function that can fail returns a sandgate_result: 0 is OK, 1 to 99 are refusals (answer the request with
 *   sandgate_result_status and sandgate_refusal_json), from 100 on it is wrong use. A number is never reused.
 * - Inputs come first, then outputs. A length comes right after its pointer. NULL is allowed only with length 0.
 * - Outputs are written only on success, except the needed size if a buffer is too small. An output must not overlap an
 *   input or another output.
 * - Nothing is allocated, and no pointer is kept after the call, except the views in sandgate_allowed, which point into
 *   the target of the caller's request or head.
 * - Opaque structs are caller-allocated. They may be moved and copied. Using one that is zeroed or wiped is
 *   wrong use: it is never a known key. Several threads may read one at the same time.
 * - A function that changes a struct needs it alone. Where other threads use the struct, call it under a lock that they take
 *   for reading, or on a copy that is put in the struct's place under that lock; wipe the copy.
 *   examples/c/replace_controller.c does that with a controller.
 * - Pointers must be aligned as C aligns their types, and must point to the type that the function names.
 * - Times are Unix seconds, signed, 64 bits. Lengths and sizes are bytes.
 * - Text is bytes with a length. Nothing is NUL-terminated unless stated.
 *
 * Linking
 * - pkg-config --libs sandgate names the shared library, pkg-config --static --libs sandgate the archive.
 * - The archive needs only libc, and links with other libraries written in Rust. Its functions are hidden: a
 *   shared library that links it exports none of them, and calls its own copy.
 */

#ifndef SANDGATE_H
#define SANDGATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Windows: define SANDGATE_SHARED to link to the DLL. This follows the documentation and is not tested. */
#if defined(_WIN32) && defined(SANDGATE_SHARED)
#define SANDGATE_API __declspec(dllimport)
#else
#define SANDGATE_API
#endif

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/* ---- The library --------------------------------------------------------------------------------------- */

// The version of this header and of the library that it was made for.
#define SANDGATE_VERSION "0.1.0"

// The same as numbers, for the preprocessor.
#define SANDGATE_VERSION_MAJOR 0
#define SANDGATE_VERSION_MINOR 1
#define SANDGATE_VERSION_PATCH 0

// The version of the library. Returns: `MAJOR.MINOR.PATCH`, static NUL-terminated text. Never NULL.
SANDGATE_API const char *sandgate_version(void);

/* ---- Results ------------------------------------------------------------------------------------------- */

// What a function returns. 0 is OK. 1 to 99 are refusals: the tens digit is the gate, 0 for a webhook, and the ones digit is
// the code. From 100 on it is wrong use.
enum sandgate_result
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // Success.
    SANDGATE_OK = 0,
    // Webhook, no signature: 401.
    SANDGATE_WEBHOOK_MISSING = 1,
    // Webhook, a header given twice, a version other than v1, or a signature of another shape: 400.
    SANDGATE_WEBHOOK_MALFORMED = 2,
    // Webhook, wrong signature: 401.
    SANDGATE_WEBHOOK_INVALID = 3,
    // Protected route, no access token: 401.
    SANDGATE_ROUTE_MISSING = 11,
    // Protected route, a token given twice, or a path that cannot be decoded: 400.
    SANDGATE_ROUTE_MALFORMED = 12,
    // Protected route, wrong access token: 401.
    SANDGATE_ROUTE_INVALID = 13,
    // The controller has not been told its access token yet: 401.
    SANDGATE_ROUTE_NOT_INITIALIZED = 17,
    // File route, access token given twice: 400.
    SANDGATE_FILE_TOKEN_MALFORMED = 22,
    // File route, wrong access token: 401.
    SANDGATE_FILE_TOKEN_INVALID = 23,
    // File route, neither token nor signature: 401.
    SANDGATE_FILE_SIGNATURE_MISSING = 31,
    // File route, a query that cannot be parsed unambiguously: 400.
    SANDGATE_FILE_SIGNATURE_MALFORMED = 32,
    // File route, wrong signature: 401.
    SANDGATE_FILE_SIGNATURE_INVALID = 33,
    // File route, right signature that has expired: 401.
    SANDGATE_FILE_SIGNATURE_EXPIRED = 34,
    // File route, right signature that lasts longer than is accepted: 401.
    SANDGATE_FILE_SIGNATURE_LIFETIME_TOO_LONG = 35,
    // File route, right signature of a directory that the path is not in: 401.
    SANDGATE_FILE_SIGNATURE_OUT_OF_SCOPE = 36,
    // Edge, no credential: 403.
    SANDGATE_TRAFFIC_MISSING = 41,
    // Edge, a token, pass or signed host given twice, or of the wrong shape: 403.
    SANDGATE_TRAFFIC_MALFORMED = 42,
    // Edge, wrong token, pass or signed host: 403.
    SANDGATE_TRAFFIC_INVALID = 43,
    // Edge, right pass or signed host that has expired: 403.
    SANDGATE_TRAFFIC_EXPIRED = 44,
    // Edge, right pass or signed host that lasts longer than is accepted: 403.
    SANDGATE_TRAFFIC_LIFETIME_TOO_LONG = 45,
    // Edge, right pass or signed host for another port: 403.
    SANDGATE_TRAFFIC_OUT_OF_SCOPE = 46,
    // Edge, neither host nor headers name a sandbox: 400.
    SANDGATE_HOST_MISSING = 51,
    // Edge, host or headers that cannot be routed, or a target that is not in origin-form: 400.
    SANDGATE_HOST_MALFORMED = 52,
    // Edge, a target that servers may read differently, or a method that is not forwarded: 400.
    SANDGATE_INTERNAL_ROUTE_MALFORMED = 62,
    // Edge, a route that only the platform may call: 404.
    SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE = 66,
    // Creation, the template's controller knows no access tokens: 400.
    SANDGATE_CREATION_TEMPLATE_TOO_OLD = 71,
    // Creation, the version of the template's controller is not known: 400.
    SANDGATE_CREATION_TEMPLATE_VERSION_UNKNOWN = 72,
    // Creation, restricted traffic without secure: 400.
    SANDGATE_CREATION_RESTRICTED_NEEDS_SECURE = 73,
    // POST /init, no token where the token may not be cleared: 401.
    SANDGATE_INIT_MISSING = 81,
    // POST /init, a body that cannot be read, or a token that this controller cannot require: 400.
    SANDGATE_INIT_MALFORMED = 82,
    // POST /init, another token than the host expects: 401.
    SANDGATE_INIT_INVALID = 83,
    // Paused sandbox, no credential: 403.
    SANDGATE_WAKE_MISSING = 91,
    // Paused sandbox, a credential given twice, or one that cannot be parsed unambiguously: 403.
    SANDGATE_WAKE_MALFORMED = 92,
    // Paused sandbox, wrong credential: 403.
    SANDGATE_WAKE_INVALID = 93,
    // Paused sandbox, right credential that has expired: 403.
    SANDGATE_WAKE_EXPIRED = 94,
    // Paused sandbox, right credential that lasts longer than is accepted: 403.
    SANDGATE_WAKE_LIFETIME_TOO_LONG = 95,
    // Paused sandbox, right credential that does not cover the port or the path: 403.
    SANDGATE_WAKE_OUT_OF_SCOPE = 96,
    // Paused sandbox whose controller has not been told its access token yet: 403.
    SANDGATE_WAKE_NOT_INITIALIZED = 97,
    // A pointer is NULL that must not be, or a length exceeds half the address space.
    SANDGATE_NULL_POINTER = 100,
    // A struct's struct_size is not one that this version knows.
    SANDGATE_STRUCT_SIZE = 101,
    // An opaque struct was not initialised, or was wiped.
    SANDGATE_NOT_INITIALIZED = 102,
    // The buffer is too small; the needed size was written.
    SANDGATE_BUFFER_TOO_SMALL = 103,
    // The result must be a refusal.
    SANDGATE_NOT_A_REFUSAL = 104,
    // A text view that this library did not make.
    SANDGATE_BAD_ESCAPE = 105,
    // A header with a value and a count of 0.
    SANDGATE_BAD_HEADER = 106,
    // A seed of fewer than 16 bytes, or of fewer than 32 for v2.
    SANDGATE_WEAK_SEED = 110,
    // A ninth seed or traffic root.
    SANDGATE_TOO_MANY_SEEDS = 111,
    // A sandbox id that is not 1 to 63 of [A-Za-z0-9_-], or that starts with sandbox-traffic-.
    SANDGATE_BAD_SANDBOX_ID = 112,
    // A port outside 1 to 65535.
    SANDGATE_BAD_PORT = 113,
    // An operation that is neither read nor write.
    SANDGATE_BAD_OPERATION = 114,
    // A token that is empty, longer than 256 bytes, or not UTF-8.
    SANDGATE_BAD_TOKEN = 115,
    // A token of a wire format that the policy of the controller does not accept.
    SANDGATE_TOKEN_VERSION = 116,
    // A controller without a token.
    SANDGATE_NO_TOKEN = 117,
    // A ninth access token.
    SANDGATE_TOO_MANY_TOKENS = 118,
    // A time that does not fit: signed 64-bit Unix seconds, in v2 from 0 to 2^53 - 1.
    SANDGATE_BAD_TIME = 119,
    // A base URL that is empty, not UTF-8, or has a query, a fragment, a space or a control character.
    SANDGATE_BAD_BASE_URL = 120,
    // A key id that is not one of [0-9a-z].
    SANDGATE_BAD_KEY_ID = 121,
    // A key id, a seed or a traffic root that the keyring already holds.
    SANDGATE_REPEATED_KEY = 122,
    // A token or a traffic root of v2 that is not spelled as one.
    SANDGATE_TOKEN_SHAPE = 123,
    // A path of v2 that is not 1 to 4096 bytes of UTF-8 without NUL, or that lies outside its directory.
    SANDGATE_BAD_PATH = 124,
    // A directory that is not 1 to 4096 bytes of UTF-8, between slashes, without empty, . and .. segments, control
    // characters and backslashes.
    SANDGATE_BAD_DIRECTORY = 125,
    // A user of v2 that is not 0 to 255 bytes of UTF-8 without NUL.
    SANDGATE_BAD_USER = 126,
    // A limit on the content of a download, or one above 2^53 - 1.
    SANDGATE_BAD_LIMIT = 127,
    // A context that is not 1 to 255 bytes.
    SANDGATE_BAD_CONTEXT = 128,
    // A leeway of more than 300 seconds.
    SANDGATE_BAD_LEEWAY = 129,
    // A policy that has no such name, or unknown carriers, or no known version.
    SANDGATE_BAD_POLICY = 130,
    // A pass or a signed host for the controller's port, which accepts neither.
    SANDGATE_NOT_FOR_CONTROLLER_PORT = 131,
    // A signed host of more than 63 characters, with an id that is not [a-z0-9]+, or with an expiry that is too late.
    SANDGATE_BAD_SIGNED_HOST = 132,
    // Access tokens of v1 and of v2 in one controller.
    SANDGATE_MIXED_VERSIONS = 140,
    // A token of v1 where a secret of v2 is required.
    SANDGATE_V1_TOKEN_GIVEN = 141,
    // A token of v2 where one of v1 is required.
    SANDGATE_V2_TOKEN_GIVEN = 142,
    // An access token of v2 where a traffic token or a traffic root is required.
    SANDGATE_ACCESS_TOKEN_GIVEN = 143,
    // A traffic token of v2 where an access token or a traffic root is required.
    SANDGATE_TRAFFIC_TOKEN_GIVEN = 144,
    // A traffic root where an access token or a traffic token is required.
    SANDGATE_TRAFFIC_ROOT_GIVEN = 145,
    // An access token of v2 with the key id of one that the controller already holds.
    SANDGATE_REPEATED_TOKEN = 146,
    // A long sandbox id whose part before the first - is not 1 to 63 of [a-z0-9].
    SANDGATE_LONG_SANDBOX_ID = 147,
    // A secret of a webhook of fewer than 16 bytes.
    SANDGATE_WEBHOOK_SECRET = 150,
    // A ninth secret of a webhook.
    SANDGATE_TOO_MANY_SECRETS = 151,
    // Wrong use for which this interface has no name yet.
    SANDGATE_MISUSE = 199,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sandgate_result sandgate_result;
#else
typedef int32_t sandgate_result;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// The HTTP status of a refusal. Returns: the status; 0 for every other result. In: result.
SANDGATE_API uint16_t sandgate_result_status(int32_t result);

// The meaning of a result; for a refusal, the message to answer with.
// Returns: static NUL-terminated text, also for numbers that are no result. Never NULL. In: result.
SANDGATE_API const char *sandgate_result_message(int32_t result);

// Where a request was refused: "route", "file_token", "file_signature", "traffic", "host", "internal_route",
// "init", "wake" or "webhook".
// Returns: static NUL-terminated text; NULL for what is no refusal of a request. In: result.
SANDGATE_API const char *sandgate_result_gate(int32_t result);

// Why a request was refused: "missing", "malformed", "invalid", "expired", "lifetime_too_long", "out_of_scope" or
// "not_initialized".
// Returns: static NUL-terminated text; NULL for what is no refusal of a request. In: result.
SANDGATE_API
const char *sandgate_result_code(int32_t result);

// The JSON body of a refusal by the controller, at creation or of a webhook, {"code":401,"message":"..."}.
// Returns: OK; SANDGATE_NOT_A_REFUSAL; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
// In: refusal, a result from 1 to 99. Out: out, not NUL-terminated; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_refusal_json(int32_t refusal,
                                      char *out,
                                      size_t out_size,
                                      size_t *out_len);

/* ---- Lengths and limits -------------------------------------------------------------------------------- */

// The longest token that is accepted, in bytes.
#define SANDGATE_TOKEN_MAX 256

// The longest sandbox id, in bytes.
#define SANDGATE_SANDBOX_ID_MAX 63

// The length of a token that a v1 keyring derives, in bytes.
#define SANDGATE_V1_TOKEN_LEN 64

// The length of a v1 signature, in bytes.
#define SANDGATE_V1_SIGNATURE_LEN 46

// The length of a token or a traffic root that a v2 keyring derives, in bytes.
#define SANDGATE_V2_TOKEN_LEN 50

// The length of a v2 signature, in bytes.
#define SANDGATE_V2_SIGNATURE_LEN 48

// The longest traffic pass, in bytes.
#define SANDGATE_V2_PASS_MAX 73

// The longest label of a signed host, in bytes.
#define SANDGATE_V2_SIGNED_HOST_MAX 63

// The length of the signature of a webhook, in bytes.
#define SANDGATE_WEBHOOK_SIGNATURE_LEN 43

// The size of a fingerprint, the terminating NUL included.
#define SANDGATE_FINGERPRINT_SIZE 9

/* ---- Policies ------------------------------------------------------------------------------------------ */

// Wire format v1.
#define SANDGATE_FORMAT_V1 1

// Wire format v2.
#define SANDGATE_FORMAT_V2 2

// The header SANDGATE_TRAFFIC_HEADER.
#define SANDGATE_CARRIER_HEADER 1

// The label of a signed host.
#define SANDGATE_CARRIER_HOST 2

// The query parameter SANDGATE_TRAFFIC_PARAMETER.
#define SANDGATE_CARRIER_QUERY 4

// The cookie SANDGATE_TRAFFIC_COOKIE.
#define SANDGATE_CARRIER_COOKIE 8

// The header of a request to the edge that carries a traffic token or a pass.
#define SANDGATE_TRAFFIC_HEADER "e2b-traffic-access-token"

// The query parameter that carries a pass.
#define SANDGATE_TRAFFIC_PARAMETER "sandgate_traffic"

// The cookie that carries a pass.
#define SANDGATE_TRAFFIC_COOKIE "__Host-sandgate-traffic"

// The policy that NULL means: both wire formats; at the edge the header and signed hosts.
#define SANDGATE_POLICY_DEFAULT 0

// Accepts what E2B's SDKs send today: only v1, in headers.
#define SANDGATE_POLICY_E2B_SDKS 1

// Accepts only v2.
#define SANDGATE_POLICY_V2_ALONE 2

// What a controller and an edge accept, apart from their secrets. Start with sandgate_policy_init.
typedef struct sandgate_policy {
    // sizeof(sandgate_policy), set by the caller, so that the struct can grow.
    size_t struct_size;
    // How many seconds clocks may disagree, at most 300, for v2 only: a v1 URL expires exactly at its time.
    uint32_t leeway;
    // How many seconds ahead a v2 file URL or pass may expire.
    uint32_t max_lifetime;
    // How many seconds ahead a signed host may expire.
    uint32_t signed_host_max_lifetime;
    // Where an edge looks for a credential: SANDGATE_CARRIER_*, joined with |. An edge without a v2 secret reads only the
    // header.
    uint32_t carriers;
    // SANDGATE_FORMAT_V1, SANDGATE_FORMAT_V2 or both, joined with |.
    uint32_t versions;
    // Not 0: a v1 file URL must have an expiry.
    uint32_t v1_expiry_required;
} sandgate_policy;

// Writes a policy by its name. Change the fields that should differ.
// Returns: OK; SANDGATE_BAD_POLICY; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: name, one of SANDGATE_POLICY_*. Out: out, whose struct_size the caller has set.
SANDGATE_API sandgate_result sandgate_policy_init(uint32_t name, struct sandgate_policy *out);

/* ---- Requests ------------------------------------------------------------------------------------------ */

// A request header, its value without the white space around it. A server must not choose one of several values, so it
// states how often the header was given. All zeros: absent.
typedef struct sandgate_header {
    // The value, if the header was given once.
    const void *value;
    // Its length.
    size_t value_len;
    // How often the header was given. 0: absent, without a value; 1: once; more: refused if the header decides.
    uint32_t count;
} sandgate_header;

// A text with its length.
typedef struct sandgate_bytes {
    // The bytes; not NULL, even if there are none.
    const void *data;
    // Their number.
    size_t len;
} sandgate_bytes;

// The parts of a request that a gate reads, as received.
typedef struct sandgate_request {
    // sizeof(sandgate_request), so that the struct can grow.
    size_t struct_size;
    // The method, such as `GET`, as received.
    const void *method;
    // Its length.
    size_t method_len;
    // Path and query of the request line, still percent-encoded.
    const void *target;
    // Its length.
    size_t target_len;
    // X-Access-Token, which a controller reads.
    struct sandgate_header access_token;
    // e2b-traffic-access-token, which an edge reads.
    struct sandgate_header traffic_token;
    // The values of all Cookie headers, which an edge reads if its policy accepts cookies.
    const struct sandgate_bytes *cookies;
    // Their number.
    size_t cookie_count;
    // The context for which a v2 file URL or traffic pass was signed, 1 to 255 bytes that the request does not carry.
    // NULL: none. A credential that was signed for another context, or for none, is refused; with NULL, one that was
    // signed for a context is refused.
    const void *context;
    // Its length.
    size_t context_len;
} sandgate_request;

// A header line as received. The pointers are not NULL, even if there are no bytes.
typedef struct sandgate_header_line {
    // The name, in upper or lower case.
    const void *name;
    // Its length.
    size_t name_len;
    // The value. Spaces and tabs around it do not count.
    const void *value;
    // Its length.
    size_t value_len;
} sandgate_header_line;

// The request line and the header lines as received: not decoded, not filtered.
typedef struct sandgate_head {
    // sizeof(sandgate_head), so that the struct can grow.
    size_t struct_size;
    // The method, such as `GET`, as received.
    const void *method;
    // Its length.
    size_t method_len;
    // Path and query of the request line, still percent-encoded.
    const void *target;
    // Its length.
    size_t target_len;
    // The header lines: all of them, or those that sandgate_deciding_header names.
    const struct sandgate_header_line *lines;
    // Their number.
    size_t line_count;
    // The context for which a v2 file URL or traffic pass was signed, 1 to 255 bytes that the request does not carry.
    // NULL: none. A credential that was signed for another context, or for none, is refused; with NULL, one that was
    // signed for a context is refused.
    const void *context;
    // Its length.
    size_t context_len;
    // 1 if the server has joined repeated lines with commas, else 0. A comma in a deciding header is then refused.
    uint32_t is_joined;
    // 1 if there is a body that no header announces, as in HTTP/2, else 0.
    uint32_t has_body;
} sandgate_head;

// Whether a request's path as received is exactly this one. A path that contains an escape is another path. For servers
// that must route as the rules do.
// Returns: true if it is; false also for NULL. In: request; path.
SANDGATE_API
bool sandgate_request_path_is(const struct sandgate_request *request,
                              const char *path,
                              size_t path_len);

// The headers that a guard reads, one by one. A server that selects lines for a sandgate_head must pass these.
// Returns: a name in lower case, static NUL-terminated text; NULL from the end of the list on. In: index, from 0.
SANDGATE_API
const char *sandgate_deciding_header(size_t index);

/* ---- What a request is allowed ------------------------------------------------------------------------- */

// Download.
#define SANDGATE_OPERATION_READ 1

// Upload.
#define SANDGATE_OPERATION_WRITE 2

// The controller requires no token; nothing was checked.
#define SANDGATE_ALLOWED_OPEN 1

// The route needs no token at this layer.
#define SANDGATE_ALLOWED_EXEMPT 2

// The access token was presented.
#define SANDGATE_ALLOWED_TOKEN 3

// A signature was presented.
#define SANDGATE_ALLOWED_SIGNATURE 4

// A CORS preflight. Nothing was checked: the server answers it by its CORS rule, and does nothing else.
#define SANDGATE_ALLOWED_PREFLIGHT 5

// A piece of the request's target, still percent-encoded. It is valid for as long as that target is.
typedef struct sandgate_text {
    // The bytes as they are in the target; NULL if there are none.
    const char *raw;
    // Their number.
    size_t raw_len;
    // The number of bytes after decoding; 0 if the text is empty or absent.
    size_t len;
} sandgate_text;

// Why a request is allowed and, on the file routes, what it may do. The server acts on this and does not parse the request
// again.
typedef struct sandgate_allowed {
    // sizeof(sandgate_allowed), set by the caller, so that the struct can grow.
    size_t struct_size;
    // One of SANDGATE_ALLOWED_*.
    uint32_t basis;
    // One of SANDGATE_OPERATION_*. 0 if the request is not for a file route or, at an open controller, cannot be parsed;
    // then path and user are empty.
    uint32_t operation;
    // The path. Empty: none was given, and the upload's multipart file name chooses it.
    struct sandgate_text path;
    // The user, if has_user. Empty: the server's default user.
    struct sandgate_text user;
    // The last second for which the signature is valid, if has_expires.
    int64_t expires;
    // 1 if the signature expires, else 0.
    uint32_t has_expires;
    // 1 if a user was given, else 0. Only v2 tells an empty user from none; in v1, and at an open controller, it is 0 for an
    // empty one.
    uint32_t has_user;
    // The directory that was signed instead of the path, if has_directory; the path is inside it. A server must open the
    // path beneath this directory and follow no link out of it.
    struct sandgate_text directory;
    // 1 if a directory was signed, else 0.
    uint32_t has_directory;
    // The total number of bytes that may be written, after content decoding, if has_max_bytes.
    uint64_t max_bytes;
    // 1 if the number of bytes is limited, else 0.
    uint32_t has_max_bytes;
    // The SHA-256 that the written content must have, after content decoding, if has_content_sha256.
    uint8_t content_sha256[32];
    // 1 if the hash is fixed, else 0.
    uint32_t has_content_sha256;
} sandgate_allowed;

// Decodes a text. The output is bytes: it need not be UTF-8, and may contain NUL.
// Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER; SANDGATE_BAD_ESCAPE for a text that this library did not
// make.
// In: text. Out: out, not NUL-terminated; out_len, its length or the needed size. out may be NULL with size 0.
SANDGATE_API
sandgate_result sandgate_text_decode(const struct sandgate_text *text,
                                     void *out,
                                     size_t out_size,
                                     size_t *out_len);

// Whether a text decodes to exactly these bytes. Not constant time, so not for secrets.
// Returns: true if it does; false also for NULL, and for a text that this library did not make. In: text; bytes.
SANDGATE_API
bool sandgate_text_equal(const struct sandgate_text *text,
                         const void *other,
                         size_t other_len);

/* ---- v1: seeds and tokens ------------------------------------------------------------------------------ */

// 1 to 8 seeds: the first one derives tokens, all verify them. Opaque, caller-allocated; wipe it when done.
typedef struct sandgate_v1_keyring {
    // Private.
    uint64_t _opaque[72];
} sandgate_v1_keyring;

// Initialises a keyring with one seed.
// Returns: OK; SANDGATE_WEAK_SEED; SANDGATE_NULL_POINTER.
// In: seed, at least 16 bytes. Out: out, whose previous content is ignored.
SANDGATE_API
sandgate_result sandgate_v1_keyring_init(const void *seed,
                                         size_t seed_len,
                                         struct sandgate_v1_keyring *out);

// Appends a seed that only verifies. No other thread may use the keyring during the call.
// Returns: OK; SANDGATE_WEAK_SEED; SANDGATE_TOO_MANY_SEEDS; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: seed, as above. Out: keyring.
SANDGATE_API
sandgate_result sandgate_v1_keyring_add(struct sandgate_v1_keyring *keyring,
                                        const void *seed,
                                        size_t seed_len);

// Overwrites a keyring with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
// Returns: nothing. Out: the struct; NULL is allowed.
SANDGATE_API void sandgate_v1_keyring_wipe(struct sandgate_v1_keyring *keyring);

// Derives a sandbox's access token with the first seed: 64 lower-case hex digits.
// Returns: OK; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: keyring; sandbox_id. Out: out, not NUL-terminated; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_v1_keyring_access_token(const struct sandgate_v1_keyring *keyring,
                                                 const char *sandbox_id,
                                                 size_t sandbox_id_len,
                                                 char *out,
                                                 size_t out_size,
                                                 size_t *out_len);

// Derives a sandbox's traffic token with the first seed: 64 lower-case hex digits.
// Returns: OK; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: keyring; sandbox_id. Out: out, not NUL-terminated; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_v1_keyring_traffic_token(const struct sandgate_v1_keyring *keyring,
                                                  const char *sandbox_id,
                                                  size_t sandbox_id_len,
                                                  char *out,
                                                  size_t out_size,
                                                  size_t *out_len);

// Verifies a presented access token against every seed.
// Returns: OK; SANDGATE_ROUTE_MISSING for an empty one; SANDGATE_ROUTE_INVALID; SANDGATE_BAD_SANDBOX_ID;
// SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: keyring; sandbox_id; presented, any bytes.
SANDGATE_API
sandgate_result sandgate_v1_keyring_verify_access_token(const struct sandgate_v1_keyring *keyring,
                                                        const char *sandbox_id,
                                                        size_t sandbox_id_len,
                                                        const void *presented,
                                                        size_t presented_len);

// Verifies a presented traffic token against every seed.
// Returns: OK; SANDGATE_TRAFFIC_MISSING for an empty one; SANDGATE_TRAFFIC_INVALID; SANDGATE_BAD_SANDBOX_ID;
// SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: keyring; sandbox_id; presented, any bytes.
SANDGATE_API
sandgate_result sandgate_v1_keyring_verify_traffic_token(const struct sandgate_v1_keyring *keyring,
                                                         const char *sandbox_id,
                                                         size_t sandbox_id_len,
                                                         const void *presented,
                                                         size_t presented_len);

/* ---- v1: file URLs ------------------------------------------------------------------------------------- */

// The key that signs and verifies v1 file URLs, from an access token. Opaque, caller-allocated; wipe it when done.
typedef struct sandgate_v1_file_url_key {
    // Private.
    uint64_t _opaque[36];
} sandgate_v1_file_url_key;

// A v1 file URL before it is signed.
typedef struct sandgate_v1_file_url {
    // sizeof(sandgate_v1_file_url), so that the struct can grow.
    size_t struct_size;
    // One of SANDGATE_OPERATION_*.
    uint32_t operation;
    // The path, any bytes. Empty: it is omitted, and the upload's multipart file name chooses it.
    const void *path;
    // Its length.
    size_t path_len;
    // The user, any bytes. Empty: it is omitted, and means the server's default user.
    const void *user;
    // Its length.
    size_t user_len;
    // The last second in which the URL is valid, Unix seconds. NULL: it never expires.
    const int64_t *expires;
} sandgate_v1_file_url;

// Initialises the key of an access token.
// Returns: OK; SANDGATE_BAD_TOKEN; SANDGATE_V2_TOKEN_GIVEN; SANDGATE_TRAFFIC_TOKEN_GIVEN; SANDGATE_TRAFFIC_ROOT_GIVEN;
// SANDGATE_NULL_POINTER.
// In: token, 1 to 256 bytes of UTF-8, copied. Out: out, whose previous content is ignored.
SANDGATE_API
sandgate_result sandgate_v1_file_url_key_init(const void *token,
                                              size_t token_len,
                                              struct sandgate_v1_file_url_key *out);

// Overwrites a key with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
// Returns: nothing. Out: the struct; NULL is allowed.
SANDGATE_API void sandgate_v1_file_url_key_wipe(struct sandgate_v1_file_url_key *key);

// Signs a URL.
// Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_BAD_OPERATION; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE;
// SANDGATE_NULL_POINTER.
// In: key; url. Out: out, 46 characters not NUL-terminated; out_len, their number or the needed size.
SANDGATE_API
sandgate_result sandgate_v1_file_url_sign(const struct sandgate_v1_file_url_key *key,
                                          const struct sandgate_v1_file_url *url,
                                          char *out,
                                          size_t out_size,
                                          size_t *out_len);

// Writes the signed URL, {base}/files?path=...&username=...&signature=...&signature_expiration=...
// Returns: OK; SANDGATE_BAD_BASE_URL; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_BAD_OPERATION; SANDGATE_NOT_INITIALIZED;
// SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: key; base, UTF-8, such as https://49983-{sandbox_id}.{domain}, without query, fragment, spaces and control
// characters, one trailing / is dropped; url.
// Out: out, not NUL-terminated; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_v1_file_url_write(const struct sandgate_v1_file_url_key *key,
                                           const char *base,
                                           size_t base_len,
                                           const struct sandgate_v1_file_url *url,
                                           char *out,
                                           size_t out_size,
                                           size_t *out_len);

// Verifies the signature of a URL of known parts: first the signature, then the time.
// Returns: OK; SANDGATE_FILE_SIGNATURE_INVALID; SANDGATE_FILE_SIGNATURE_EXPIRED; SANDGATE_BAD_OPERATION;
// SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: key; url; signature, any bytes; now, Unix seconds.
SANDGATE_API
sandgate_result sandgate_v1_file_url_verify(const struct sandgate_v1_file_url_key *key,
                                            const struct sandgate_v1_file_url *url,
                                            const void *signature,
                                            size_t signature_len,
                                            int64_t now);

// Verifies a file URL from its raw query, the bytes between ? and #, still percent-encoded.
// Returns: OK; a refusal of SANDGATE_FILE_SIGNATURE_*; SANDGATE_BAD_OPERATION; SANDGATE_NOT_INITIALIZED;
// SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: key; operation, one of SANDGATE_OPERATION_*; query; now, Unix seconds.
// Out: out, whose struct_size the caller has set; its texts point into query.
SANDGATE_API
sandgate_result sandgate_v1_file_url_verify_query(const struct sandgate_v1_file_url_key *key,
                                                  uint32_t operation,
                                                  const void *query,
                                                  size_t query_len,
                                                  int64_t now,
                                                  struct sandgate_allowed *out);

/* ---- v2: seeds and tokens ------------------------------------------------------------------------------ */

// 1 to 8 seeds with distinct key ids: the first one derives tokens, all verify them. Opaque, caller-allocated; wipe
// it when done.
//
// To rotate, add the new seed everywhere, give controllers their new tokens and edges their new root, then make it the
// first. To revoke the credentials of one sandbox, increment its generation.
typedef struct sandgate_v2_keyring {
    // Private.
    uint64_t _opaque[160];
} sandgate_v2_keyring;

// 1 to 8 traffic roots with distinct key ids: the first one derives, all verify. No access token can be derived from them.
// Opaque, caller-allocated; wipe it when done.
typedef struct sandgate_v2_traffic_keyring {
    // Private.
    uint64_t _opaque[80];
} sandgate_v2_traffic_keyring;

// Initialises a keyring with one seed.
// Returns: OK; SANDGATE_BAD_KEY_ID; SANDGATE_WEAK_SEED; SANDGATE_NULL_POINTER.
// In: kid, one of [0-9a-z], not secret; seed, at least 32 bytes. Out: out, whose previous content is ignored.
SANDGATE_API
sandgate_result sandgate_v2_keyring_init(char kid,
                                         const void *seed,
                                         size_t seed_len,
                                         struct sandgate_v2_keyring *out);

// Appends a seed that only verifies. No other thread may use the keyring during the call.
// Returns: OK; SANDGATE_BAD_KEY_ID; SANDGATE_WEAK_SEED; SANDGATE_REPEATED_KEY; SANDGATE_TOO_MANY_SEEDS;
// SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: kid; seed, as above. Out: keyring.
SANDGATE_API
sandgate_result sandgate_v2_keyring_add(struct sandgate_v2_keyring *keyring,
                                        char kid,
                                        const void *seed,
                                        size_t seed_len);

// Overwrites a keyring with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
// Returns: nothing. Out: the struct; NULL is allowed.
SANDGATE_API void sandgate_v2_keyring_wipe(struct sandgate_v2_keyring *keyring);

// Initialises the keyring for an edge. It serves only traffic: no access token can be derived from it.
// Returns: OK; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: keyring, copied. Out: out, whose previous content is ignored.
SANDGATE_API
sandgate_result sandgate_v2_keyring_traffic(const struct sandgate_v2_keyring *keyring,
                                            struct sandgate_v2_traffic_keyring *out);

// Derives a sandbox's access token with the first seed: 50 characters.
// Returns: OK; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: keyring; sandbox_id; generation, which starts at 0.
// Out: out, not NUL-terminated; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_v2_keyring_access_token(const struct sandgate_v2_keyring *keyring,
                                                 const char *sandbox_id,
                                                 size_t sandbox_id_len,
                                                 uint32_t generation,
                                                 char *out,
                                                 size_t out_size,
                                                 size_t *out_len);

// Derives a sandbox's traffic token with the first seed: 50 characters.
// Returns: OK; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: keyring; sandbox_id; generation, counted separately from that of access tokens.
// Out: out, not NUL-terminated; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_v2_keyring_traffic_token(const struct sandgate_v2_keyring *keyring,
                                                  const char *sandbox_id,
                                                  size_t sandbox_id_len,
                                                  uint32_t generation,
                                                  char *out,
                                                  size_t out_size,
                                                  size_t *out_len);

// Verifies a presented access token. Only the token of its key id is derived and compared.
// Returns: OK; SANDGATE_ROUTE_MISSING for an empty one; SANDGATE_ROUTE_MALFORMED; SANDGATE_ROUTE_INVALID;
// SANDGATE_BAD_SANDBOX_ID; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: keyring; sandbox_id; generation, the current one; presented, any bytes.
SANDGATE_API
sandgate_result sandgate_v2_keyring_verify_access_token(const struct sandgate_v2_keyring *keyring,
                                                        const char *sandbox_id,
                                                        size_t sandbox_id_len,
                                                        uint32_t generation,
                                                        const void *presented,
                                                        size_t presented_len);

// Verifies a presented traffic token. Only the token of its key id is derived and compared.
// Returns: OK; SANDGATE_TRAFFIC_MISSING for an empty one; SANDGATE_TRAFFIC_MALFORMED; SANDGATE_TRAFFIC_INVALID;
// SANDGATE_BAD_SANDBOX_ID; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: keyring; sandbox_id; generation, the current one; presented, any bytes.
SANDGATE_API
sandgate_result sandgate_v2_keyring_verify_traffic_token(const struct sandgate_v2_keyring *keyring,
                                                         const char *sandbox_id,
                                                         size_t sandbox_id_len,
                                                         uint32_t generation,
                                                         const void *presented,
                                                         size_t presented_len);

// Derives the traffic root of a seed, with which an edge is configured: 50 characters that begin with sg2r. It is a
// secret.
// Returns: OK; SANDGATE_BAD_KEY_ID; SANDGATE_WEAK_SEED; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
// In: kid, one of [0-9a-z]; seed, at least 32 bytes.
// Out: out, not NUL-terminated; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_v2_traffic_root(char kid,
                                         const void *seed,
                                         size_t seed_len,
                                         char *out,
                                         size_t out_size,
                                         size_t *out_len);

// Initialises a keyring with one traffic root.
// Returns: OK; SANDGATE_BAD_TOKEN; SANDGATE_V1_TOKEN_GIVEN, SANDGATE_ACCESS_TOKEN_GIVEN or SANDGATE_TRAFFIC_TOKEN_GIVEN
// for another kind of secret; SANDGATE_TOKEN_SHAPE; SANDGATE_NULL_POINTER.
// In: root, as sandgate_v2_traffic_root writes it. Out: out, whose previous content is ignored.
SANDGATE_API
sandgate_result sandgate_v2_traffic_keyring_init(const void *root,
                                                 size_t root_len,
                                                 struct sandgate_v2_traffic_keyring *out);

// Appends a traffic root that only verifies. No other thread may use the keyring during the call.
// Returns: OK; SANDGATE_BAD_TOKEN; SANDGATE_V1_TOKEN_GIVEN, SANDGATE_ACCESS_TOKEN_GIVEN or SANDGATE_TRAFFIC_TOKEN_GIVEN
// for another kind of secret; SANDGATE_TOKEN_SHAPE; SANDGATE_REPEATED_KEY; SANDGATE_TOO_MANY_SEEDS;
// SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: root, as above. Out: keyring.
SANDGATE_API
sandgate_result sandgate_v2_traffic_keyring_add(struct sandgate_v2_traffic_keyring *keyring,
                                                const void *root,
                                                size_t root_len);

// Overwrites a keyring with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
// Returns: nothing. Out: the struct; NULL is allowed.
SANDGATE_API void sandgate_v2_traffic_keyring_wipe(struct sandgate_v2_traffic_keyring *keyring);

// Derives a sandbox's traffic token with the first root: 50 characters.
// Returns: OK; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: keyring; sandbox_id; generation, which starts at 0.
// Out: out, not NUL-terminated; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_v2_traffic_keyring_traffic_token(const struct sandgate_v2_traffic_keyring *keyring,
                                                          const char *sandbox_id,
                                                          size_t sandbox_id_len,
                                                          uint32_t generation,
                                                          char *out,
                                                          size_t out_size,
                                                          size_t *out_len);

// Verifies a presented traffic token. Only the token of its key id is derived and compared.
// Returns: OK; SANDGATE_TRAFFIC_MISSING for an empty one; SANDGATE_TRAFFIC_MALFORMED; SANDGATE_TRAFFIC_INVALID;
// SANDGATE_BAD_SANDBOX_ID; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: keyring; sandbox_id; generation, the current one; presented, any bytes.
SANDGATE_API
sandgate_result sandgate_v2_traffic_keyring_verify_traffic_token(const struct sandgate_v2_traffic_keyring *keyring,
                                                                 const char *sandbox_id,
                                                                 size_t sandbox_id_len,
                                                                 uint32_t generation,
                                                                 const void *presented,
                                                                 size_t presented_len);

/* ---- v2: file URLs ------------------------------------------------------------------------------------- */

// The key, derived from an access token, that signs and verifies v2 file URLs. Opaque, caller-allocated; wipe it when
// done.
typedef struct sandgate_v2_file_url_key {
    // Private.
    uint64_t _opaque[16];
} sandgate_v2_file_url_key;

// A v2 file URL before it is signed.
typedef struct sandgate_v2_file_url {
    // sizeof(sandgate_v2_file_url), so that the struct can grow.
    size_t struct_size;
    // One of SANDGATE_OPERATION_*.
    uint32_t operation;
    // The path, 1 to 4096 bytes of UTF-8 without NUL. With a directory it may be empty: then the URL has none, and its
    // recipient adds &path=.
    const void *path;
    // Its length.
    size_t path_len;
    // The directory to sign instead of the path, for everything beneath it. It begins and ends with /. NULL: the path is
    // signed.
    const void *directory;
    // Its length.
    size_t directory_len;
    // The user, 0 to 255 bytes of UTF-8 without NUL. NULL: no user. An empty user and no user are different claims.
    const void *user;
    // Its length.
    size_t user_len;
    // The last second in which the URL is valid, Unix seconds from 0 to 2^53 - 1.
    int64_t expires;
    // How many bytes may be written, at most 2^53 - 1. NULL: any number. Must be NULL for a download.
    const uint64_t *max_bytes;
    // The SHA-256 that the written content must have, 32 bytes. NULL: any content. Must be NULL for a download.
    const void *content_sha256;
    // The context, which the verifier knows and the URL does not carry, 1 to 255 bytes. NULL: none.
    const void *context;
    // Its length.
    size_t context_len;
} sandgate_v2_file_url;

// Initialises the key derived from an access token. By default it accepts URLs that expire within 7 days, without leeway.
// Returns: OK; SANDGATE_BAD_TOKEN; SANDGATE_V1_TOKEN_GIVEN, SANDGATE_TRAFFIC_TOKEN_GIVEN or
// SANDGATE_TRAFFIC_ROOT_GIVEN for another kind of secret; SANDGATE_TOKEN_SHAPE; SANDGATE_NULL_POINTER.
// In: token. Out: out, whose previous content is ignored.
SANDGATE_API
sandgate_result sandgate_v2_file_url_key_init(const void *token,
                                              size_t token_len,
                                              struct sandgate_v2_file_url_key *out);

// Sets the window in which a key accepts URLs. No other thread may use the key during the call.
// Returns: OK; SANDGATE_BAD_LEEWAY; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: leeway, for clocks that disagree, at most 300 seconds; max_lifetime, how many seconds ahead a URL may expire. Out:
// key.
SANDGATE_API
sandgate_result sandgate_v2_file_url_key_set_window(struct sandgate_v2_file_url_key *key,
                                                    uint32_t leeway,
                                                    uint32_t max_lifetime);

// Overwrites a key with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
// Returns: nothing. Out: the struct; NULL is allowed.
SANDGATE_API void sandgate_v2_file_url_key_wipe(struct sandgate_v2_file_url_key *key);

// Signs a URL.
// Returns: OK; SANDGATE_BAD_PATH, also for a path outside its directory; SANDGATE_BAD_DIRECTORY; SANDGATE_BAD_USER;
// SANDGATE_BAD_LIMIT; SANDGATE_BAD_TIME; SANDGATE_BAD_CONTEXT; SANDGATE_BAD_OPERATION; SANDGATE_BUFFER_TOO_SMALL;
// SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: key; url. Out: out, 48 characters not NUL-terminated; out_len, their number or the needed size.
SANDGATE_API
sandgate_result sandgate_v2_file_url_sign(const struct sandgate_v2_file_url_key *key,
                                          const struct sandgate_v2_file_url *url,
                                          char *out,
                                          size_t out_size,
                                          size_t *out_len);

// Writes the signed URL, {base}/files?path=...&username=...&signature=...&signature_expiration=..., followed by the
// parameters of the other claims. The context is not part of the URL.
// Returns: OK; SANDGATE_BAD_BASE_URL; those of sandgate_v2_file_url_sign.
// In: key; base, UTF-8, such as https://49983-{sandbox_id}.{domain}, without query, fragment, spaces and control
// characters, one trailing / is dropped; url.
// Out: out, not NUL-terminated; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_v2_file_url_write(const struct sandgate_v2_file_url_key *key,
                                           const char *base,
                                           size_t base_len,
                                           const struct sandgate_v2_file_url *url,
                                           char *out,
                                           size_t out_size,
                                           size_t *out_len);

// Verifies the signature of a URL of known parts: its shape, the key, the signature, the time, the directory.
// Returns: OK; a refusal of SANDGATE_FILE_SIGNATURE_*, malformed also for parts that cannot be signed;
// SANDGATE_BAD_CONTEXT; SANDGATE_BAD_OPERATION; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: key; url; signature, any bytes; now, Unix seconds.
SANDGATE_API
sandgate_result sandgate_v2_file_url_verify(const struct sandgate_v2_file_url_key *key,
                                            const struct sandgate_v2_file_url *url,
                                            const void *signature,
                                            size_t signature_len,
                                            int64_t now);

// Verifies a file URL from its raw query, the bytes between ? and #, still percent-encoded.
// Returns: OK; a refusal of SANDGATE_FILE_SIGNATURE_*; SANDGATE_BAD_CONTEXT; SANDGATE_BAD_OPERATION;
// SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: key; operation, one of SANDGATE_OPERATION_*; query; context, or NULL for none; now, Unix seconds.
// Out: out, whose struct_size the caller has set; its texts point into query.
SANDGATE_API
sandgate_result sandgate_v2_file_url_verify_query(const struct sandgate_v2_file_url_key *key,
                                                  uint32_t operation,
                                                  const void *query,
                                                  size_t query_len,
                                                  const void *context,
                                                  size_t context_len,
                                                  int64_t now,
                                                  struct sandgate_allowed *out);

/* ---- v2: traffic passes and signed hosts --------------------------------------------------------------- */

// The keys, derived from a traffic token, that issue and verify passes and signed hosts. Opaque, caller-allocated; wipe it
// when done.
typedef struct sandgate_v2_traffic_key {
    // Private.
    uint64_t _opaque[24];
} sandgate_v2_traffic_key;

// Initialises the keys derived from a traffic token. By default they accept passes that expire within 7 days and signed
// hosts that expire within one day, without leeway.
// Returns: OK; SANDGATE_BAD_TOKEN; SANDGATE_V1_TOKEN_GIVEN, SANDGATE_ACCESS_TOKEN_GIVEN or
// SANDGATE_TRAFFIC_ROOT_GIVEN for another kind of secret; SANDGATE_TOKEN_SHAPE; SANDGATE_NULL_POINTER.
// In: token. Out: out, whose previous content is ignored.
SANDGATE_API
sandgate_result sandgate_v2_traffic_key_init(const void *token,
                                             size_t token_len,
                                             struct sandgate_v2_traffic_key *out);

// Sets the window in which a key accepts passes. No other thread may use the key during the call.
// Returns: OK; SANDGATE_BAD_LEEWAY; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: leeway, for clocks that disagree, at most 300 seconds; max_lifetime, how many seconds ahead a pass may expire. Out:
// key.
SANDGATE_API
sandgate_result sandgate_v2_traffic_key_set_window(struct sandgate_v2_traffic_key *key,
                                                   uint32_t leeway,
                                                   uint32_t max_lifetime);

// Sets the window in which a key accepts signed hosts. No other thread may use the key during the call.
// Returns: OK; SANDGATE_BAD_LEEWAY; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: leeway; max_lifetime, as above. Out: key.
SANDGATE_API
sandgate_result sandgate_v2_traffic_key_set_signed_host_window(struct sandgate_v2_traffic_key *key,
                                                               uint32_t leeway,
                                                               uint32_t max_lifetime);

// Sets the controllers' port, 49983 by default. Nothing is issued for it. No other thread may use the key during
// the call.
// Returns: OK; SANDGATE_BAD_PORT; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: port. Out: key.
SANDGATE_API
sandgate_result sandgate_v2_traffic_key_set_controller_port(struct sandgate_v2_traffic_key *key,
                                                            uint32_t port);

// Overwrites a key with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
// Returns: nothing. Out: the struct; NULL is allowed.
SANDGATE_API void sandgate_v2_traffic_key_wipe(struct sandgate_v2_traffic_key *key);

// Issues a pass to a port, up to 73 characters that need no escaping anywhere. Anyone who has it can reach the port.
// Returns: OK; SANDGATE_BAD_PORT; SANDGATE_NOT_FOR_CONTROLLER_PORT; SANDGATE_BAD_TIME; SANDGATE_BAD_CONTEXT;
// SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: key; port; expires, the last second in which it is valid, Unix seconds from 0 to 2^53 - 1; context, which the edge
// knows and the pass does not carry, 1 to 255 bytes, or NULL for none.
// Out: out, not NUL-terminated; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_v2_pass_issue(const struct sandgate_v2_traffic_key *key,
                                       uint32_t port,
                                       int64_t expires,
                                       const void *context,
                                       size_t context_len,
                                       char *out,
                                       size_t out_size,
                                       size_t *out_len);

// Verifies a pass that was presented for a port.
// Returns: OK; SANDGATE_TRAFFIC_MISSING for an empty one; a refusal of SANDGATE_TRAFFIC_*, out of scope for another port;
// SANDGATE_BAD_PORT; SANDGATE_BAD_CONTEXT; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: key; pass, any bytes; port; context, or NULL for none; now, Unix seconds. Out: expires, the pass's last second.
SANDGATE_API
sandgate_result sandgate_v2_pass_verify(const struct sandgate_v2_traffic_key *key,
                                        const void *pass,
                                        size_t pass_len,
                                        uint32_t port,
                                        const void *context,
                                        size_t context_len,
                                        int64_t now,
                                        int64_t *expires);

// Issues the label of a host, {port}-{sandbox_id}-..., up to 63 characters, to which the caller adds .{domain}. Anyone who
// has it can reach the port.
// Returns: OK; SANDGATE_BAD_SIGNED_HOST for an id that is not [a-z0-9]+ or is too long, and for an expiry of more than 7
// digits of base 36; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BAD_PORT; SANDGATE_NOT_FOR_CONTROLLER_PORT; SANDGATE_BAD_TIME;
// SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: key; sandbox_id, of the sandbox to which the token belongs (a label for another one is never valid); port; expires,
// the last second in which it is valid, Unix seconds.
// Out: out, not NUL-terminated; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_v2_signed_host_issue(const struct sandgate_v2_traffic_key *key,
                                              const char *sandbox_id,
                                              size_t sandbox_id_len,
                                              uint32_t port,
                                              int64_t expires,
                                              char *out,
                                              size_t out_size,
                                              size_t *out_len);

// Verifies a label, the host's part before the first dot, that was presented for a port of a sandbox. At an edge,
// sandgate_edge_check does this.
// Returns: OK; SANDGATE_TRAFFIC_MISSING for an empty one; a refusal of SANDGATE_TRAFFIC_*, invalid for another sandbox and
// out of scope for another port; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BAD_PORT; SANDGATE_NOT_INITIALIZED;
// SANDGATE_NULL_POINTER.
// In: key; label, any bytes; sandbox_id; port; now, Unix seconds. Out: expires, the label's last second.
SANDGATE_API
sandgate_result sandgate_v2_signed_host_verify(const struct sandgate_v2_traffic_key *key,
                                               const void *label,
                                               size_t label_len,
                                               const char *sandbox_id,
                                               size_t sandbox_id_len,
                                               uint32_t port,
                                               int64_t now,
                                               int64_t *expires);

/* ---- The controller in a sandbox ----------------------------------------------------------------------- */

// A controller. Opaque, caller-allocated; wipe it when done.
typedef struct sandgate_controller {
    // Private.
    uint64_t _opaque[384];
} sandgate_controller;

// What an accepted request to initialise a controller did. The numbers are frozen.
enum sandgate_initialized
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // The controller requires what it required before.
    SANDGATE_INITIALIZED_KEPT = 1,
    // It requires the presented token, and no other from now on.
    SANDGATE_INITIALIZED_REPLACED = 2,
    // It requires no token: it is open.
    SANDGATE_INITIALIZED_CLEARED = 3,
    // The request was authorised, but is not newer than the last one that was applied. Nothing changed.
    SANDGATE_INITIALIZED_STALE = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sandgate_initialized sandgate_initialized;
#else
typedef int32_t sandgate_initialized;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Initialises a controller that requires an access token.
//
// A token that begins with sg2a. makes it a v2 controller; any other token makes it a v1 controller. It verifies only that
// format, so that no client can fall back to the weaker one.
// Returns: OK; SANDGATE_BAD_TOKEN; SANDGATE_TRAFFIC_TOKEN_GIVEN; SANDGATE_TRAFFIC_ROOT_GIVEN; SANDGATE_TOKEN_VERSION;
// SANDGATE_TOKEN_SHAPE; SANDGATE_BAD_POLICY; SANDGATE_BAD_LEEWAY; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: token, 1 to 256 bytes of UTF-8, copied; policy, or NULL for the default one.
// Out: out, whose previous content is ignored.
SANDGATE_API
sandgate_result sandgate_controller_init(const void *token,
                                         size_t token_len,
                                         const struct sandgate_policy *policy,
                                         struct sandgate_controller *out);

// Initialises a controller that allows everything, for a sandbox created with `secure: false`.
// Returns: OK; SANDGATE_NULL_POINTER. Out: out, whose previous content is ignored.
SANDGATE_API sandgate_result sandgate_controller_init_open(struct sandgate_controller *out);

// Adds an access token, to replace another without an outage: at most 8, of one wire format, in v2 with distinct key ids.
// An open or a waiting controller requires it from then on. No other thread may use the controller during the call.
// Returns: OK; SANDGATE_TOO_MANY_TOKENS; SANDGATE_BAD_TOKEN; SANDGATE_TRAFFIC_TOKEN_GIVEN; SANDGATE_TRAFFIC_ROOT_GIVEN;
// SANDGATE_TOKEN_VERSION for a wire format that the policy does not accept; SANDGATE_MIXED_VERSIONS; SANDGATE_TOKEN_SHAPE; SANDGATE_REPEATED_TOKEN; SANDGATE_NOT_INITIALIZED;
// SANDGATE_NULL_POINTER. In: token, as above. Out: controller.
SANDGATE_API
sandgate_result sandgate_controller_add_token(struct sandgate_controller *controller,
                                              const void *token,
                                              size_t token_len);

// Whether a controller allows everything.
// Returns: true if it does; false also for one that is not initialised, and for NULL. In: controller.
SANDGATE_API bool sandgate_controller_is_open(const struct sandgate_controller *controller);

// Overwrites a controller with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
// Returns: nothing. Out: the struct; NULL is allowed.
SANDGATE_API void sandgate_controller_wipe(struct sandgate_controller *controller);

// Decides about one request by the complete rule of the controller. Statuses and messages are those of E2B's controller.
// Returns: OK; a refusal of SANDGATE_ROUTE_*, SANDGATE_FILE_TOKEN_* or SANDGATE_FILE_SIGNATURE_*;
// SANDGATE_BAD_HEADER; SANDGATE_BAD_CONTEXT; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: controller; request; now, Unix seconds. Out: out, whose struct_size the caller has set.
SANDGATE_API
sandgate_result sandgate_controller_check(const struct sandgate_controller *controller,
                                          const struct sandgate_request *request,
                                          int64_t now,
                                          struct sandgate_allowed *out);

// Decides about one request at the controller, including CORS preflights. Calls sandgate_controller_check with the values
// of the header lines.
//
// A preflight has the basis SANDGATE_ALLOWED_PREFLIGHT and was not checked: answer it by the server's CORS rule and do
// nothing else.
// Returns: OK; a refusal of SANDGATE_ROUTE_*, SANDGATE_FILE_TOKEN_* or SANDGATE_FILE_SIGNATURE_*;
// SANDGATE_BAD_CONTEXT; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: controller; head; now, Unix seconds. Out: out, whose struct_size the caller has set.
SANDGATE_API
sandgate_result sandgate_controller_guard(const struct sandgate_controller *controller,
                                          const struct sandgate_head *head,
                                          int64_t now,
                                          struct sandgate_allowed *out);

// Initialises a controller that was restarted and has not been told its access token yet. It refuses everything but
// GET /health and POST /init with SANDGATE_ROUTE_NOT_INITIALIZED, until sandgate_controller_initialize or
// sandgate_controller_add_token ends its wait.
// Returns: OK; SANDGATE_BAD_POLICY; SANDGATE_BAD_LEEWAY; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: policy, or NULL for the default one. Out: out, whose previous content is ignored.
SANDGATE_API
sandgate_result sandgate_controller_init_waiting(const struct sandgate_policy *policy,
                                                 struct sandgate_controller *out);

// Whether a controller has not been told its access token yet.
// Returns: true if it waits; false also for one that is not initialised, and for NULL. In: controller.
SANDGATE_API bool sandgate_controller_is_waiting(const struct sandgate_controller *controller);

// Decides about the body of POST /init and applies it. Answer 204 to what is accepted. Offer the route on a socket that
// only the host reaches, and never on the controller's port. Wipe the body afterwards: it carries the token.
//
// The body is JSON with two optional members: accessToken, the token to require, and timestamp (RFC 3339). Other members
// are ignored. A token that the controller requires is kept. Another one, or none, replaces it if the host publishes its
// SHA-512, or if the host publishes nothing and the controller waits or is open. A request whose timestamp is not later
// than the last one that was applied changes nothing.
//
// No other thread may use the controller during the call. Hold a lock that the other threads take for reading; or call
// this on a copy and put the copy in the place of the controller, under that lock. Wipe each copy. Let only one call run at a
// time, from the reading of the expected hash on: with a hash that was read earlier, a late request brings a token back
// that was replaced meanwhile.
// Returns: OK; SANDGATE_INIT_MISSING, SANDGATE_INIT_INVALID and SANDGATE_INIT_MALFORMED, which change nothing;
// SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: body; expected_hash, what the host publishes: the SHA-512 of the token in lower-case hexadecimal, 128
// characters; that of the empty string if the token may be cleared; or empty, if it publishes nothing.
// Out: controller; out, what the call did.
SANDGATE_API
sandgate_result sandgate_controller_initialize(struct sandgate_controller *controller,
                                               const void *body,
                                               size_t body_len,
                                               const void *expected_hash,
                                               size_t expected_hash_len,
                                               sandgate_initialized *out);

/* ---- The edge proxy in front of the sandboxes ---------------------------------------------------------- */

// Where controllers listen, unless they are configured otherwise.
#define SANDGATE_CONTROLLER_PORT 49983

// The HTTP status for a sandbox that the edge's look-up does not find.
#define SANDGATE_UNKNOWN_SANDBOX_STATUS 502

// The sandbox restricts nothing.
#define SANDGATE_PASSED_PUBLIC 1

// The controller's port, where the controller has its own check.
#define SANDGATE_PASSED_CONTROLLER_PORT 2

// The traffic token was presented.
#define SANDGATE_PASSED_TOKEN 3

// A traffic pass was presented.
#define SANDGATE_PASSED_PASS 4

// The host is a signed one.
#define SANDGATE_PASSED_SIGNED_HOST 5

// The sandbox and the port that a request is for.
typedef struct sandgate_route {
    // sizeof(sandgate_route), set by the caller, so that the struct can grow.
    size_t struct_size;
    // The sandbox's id, NUL-terminated.
    char sandbox_id[64];
    // Its length.
    size_t sandbox_id_len;
    // The port inside the sandbox, 1 to 65535.
    uint32_t port;
    // Private: the part that may be the signature of a signed host. All zeros: none.
    uint8_t _signed_part[36];
} sandgate_route;

// The state of a sandbox, from the caller's look-up.
typedef struct sandgate_sandbox_state {
    // sizeof(sandgate_sandbox_state), so that the struct can grow.
    size_t struct_size;
    // Not 0: public traffic is restricted.
    uint32_t restricted;
    // The sandbox's traffic token, of either format, for an edge without a keyring. NULL: none.
    const void *traffic_token;
    // Its length, 1 to 256.
    size_t traffic_token_len;
    // The current generation of the sandbox's traffic credentials (v2); generations start at 0.
    uint32_t generation;
} sandgate_sandbox_state;

// Why a request may pass.
typedef struct sandgate_passed {
    // sizeof(sandgate_passed), set by the caller, so that the struct can grow.
    size_t struct_size;
    // One of SANDGATE_PASSED_*.
    uint32_t basis;
    // Where the request carried the credential, one of SANDGATE_CARRIER_*; 0 if none was required.
    uint32_t carrier;
    // The last second for which the credential is valid, if has_expires: a connection that outlives its request may be cut
    // then.
    int64_t expires;
    // 1 if the credential expires, else 0.
    uint32_t has_expires;
} sandgate_passed;

// An edge proxy, in front of all sandboxes. Opaque, caller-allocated; wipe it when done.
typedef struct sandgate_edge {
    // Private.
    uint64_t _opaque[160];
} sandgate_edge;

// Finds the route of a request at the edge.
//
// A host {port}-{sandbox_id}[-anything].{domain} names the route, and the routing headers are ignored. localhost, an IP
// address and sandbox.{domain} do not: then the headers E2b-Sandbox-Id and E2b-Sandbox-Port name it, and both are
// required. The left-most label may be a credential, so an edge forwards {port}-{sandbox_id} in its place.
// Returns: OK; SANDGATE_HOST_MISSING; SANDGATE_HOST_MALFORMED; SANDGATE_BAD_HEADER; SANDGATE_STRUCT_SIZE;
// SANDGATE_NULL_POINTER.
// In: host; sandbox_id and sandbox_port, the routing headers. Out: out, whose struct_size the caller has set.
SANDGATE_API
sandgate_result sandgate_route_parse(const struct sandgate_header *host,
                                     const struct sandgate_header *sandbox_id,
                                     const struct sandgate_header *sandbox_port,
                                     struct sandgate_route *out);

// Initialises an edge without a secret, like E2B's: the look-up returns each sandbox's traffic token.
// Returns: OK; SANDGATE_BAD_POLICY; SANDGATE_BAD_LEEWAY; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: policy, or NULL for the default one. Out: out, whose previous content is ignored.
SANDGATE_API
sandgate_result sandgate_edge_init(const struct sandgate_policy *policy,
                                   struct sandgate_edge *out);

// Sets the keyring that derives v1 traffic tokens. An edge that holds these seeds could derive access tokens too. No other
// thread may use the edge during the call.
// Returns: OK; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: keyring, copied. Out: edge.
SANDGATE_API
sandgate_result sandgate_edge_set_v1_keyring(struct sandgate_edge *edge,
                                             const struct sandgate_v1_keyring *keyring);

// Sets the keyring that derives v2 traffic tokens and the keys of passes and signed hosts. It opens no controller. No
// other thread may use the edge during the call.
// Returns: OK; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: keyring, copied. Out: edge.
SANDGATE_API
sandgate_result sandgate_edge_set_v2_keyring(struct sandgate_edge *edge,
                                             const struct sandgate_v2_traffic_keyring *keyring);

// Sets the controllers' port, 49983 by default. No other thread may use the edge during the call.
// Returns: OK; SANDGATE_BAD_PORT; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: port. Out: edge.
SANDGATE_API sandgate_result sandgate_edge_set_controller_port(struct sandgate_edge *edge, uint32_t port);

// Overwrites an edge with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
// Returns: nothing. Out: the struct; NULL is allowed.
SANDGATE_API void sandgate_edge_wipe(struct sandgate_edge *edge);

// Refuses a request that must not be forwarded. Call it before the look-up, so that the answer does not reveal whether the
// sandbox exists.
// Returns: OK; SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE; SANDGATE_INTERNAL_ROUTE_MALFORMED; SANDGATE_BAD_SANDBOX_ID;
// SANDGATE_BAD_PORT; SANDGATE_BAD_HEADER; SANDGATE_BAD_CONTEXT; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE;
// SANDGATE_NULL_POINTER.
// In: edge; route; request.
SANDGATE_API
sandgate_result sandgate_edge_screen(const struct sandgate_edge *edge,
                                     const struct sandgate_route *route,
                                     const struct sandgate_request *request);

// Decides about one request, and screens it too. The first present carrier that the policy accepts decides: if it is
// wrong, the others are not tried.
// Returns: OK; those of sandgate_edge_screen; SANDGATE_TRAFFIC_*; SANDGATE_BAD_TOKEN.
// In: edge; route; state, the caller's look-up; request; now, Unix seconds.
// Out: out, whose struct_size the caller has set.
SANDGATE_API
sandgate_result sandgate_edge_check(const struct sandgate_edge *edge,
                                    const struct sandgate_route *route,
                                    const struct sandgate_sandbox_state *state,
                                    const struct sandgate_request *request,
                                    int64_t now,
                                    struct sandgate_passed *out);

// Returns the carrier from which sandgate_edge_check decides, for the log of a refusal.
// Returns: OK; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BAD_PORT; SANDGATE_BAD_TOKEN; SANDGATE_BAD_HEADER;
// SANDGATE_BAD_CONTEXT; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: edge; route; state, the caller's look-up; request.
// Out: out, one of SANDGATE_CARRIER_*; 0 if no carrier is present or none is required.
SANDGATE_API
sandgate_result sandgate_edge_carrier(const struct sandgate_edge *edge,
                                      const struct sandgate_route *route,
                                      const struct sandgate_sandbox_state *state,
                                      const struct sandgate_request *request,
                                      uint32_t *out);

// Writes the JSON body of a refusal at the edge: {"sandboxId","message","code":403}, {"message","path","code":404} or
// {"code":400,"message"}.
// Returns: OK; SANDGATE_NOT_A_REFUSAL; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_BAD_SANDBOX_ID; SANDGATE_NULL_POINTER.
// In: refusal; sandbox_id, the route's, or NULL, then the body omits it; target, the request's, still
// percent-encoded.
// Out: out, not NUL-terminated; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_edge_refusal_json(int32_t refusal,
                                           const char *sandbox_id,
                                           size_t sandbox_id_len,
                                           const void *target,
                                           size_t target_len,
                                           char *out,
                                           size_t out_size,
                                           size_t *out_len);

// Finds the sandbox and the port of a request at the edge, and refuses requests that must not be forwarded. Call this
// first, then look up the sandbox, then call sandgate_edge_guard. If the look-up finds no sandbox, answer with
// SANDGATE_UNKNOWN_SANDBOX_STATUS and sandgate_unknown_sandbox_json.
// Returns: OK; SANDGATE_HOST_MISSING; SANDGATE_HOST_MALFORMED; SANDGATE_INTERNAL_ROUTE_MALFORMED;
// SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE; SANDGATE_BAD_CONTEXT; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE;
// SANDGATE_NULL_POINTER.
// In: edge; head. Out: out, whose struct_size the caller has set.
SANDGATE_API
sandgate_result sandgate_edge_route(const struct sandgate_edge *edge,
                                    const struct sandgate_head *head,
                                    struct sandgate_route *out);

// Decides about one request at the edge. Calls sandgate_edge_check with the values of the header lines. Forward an allowed
// request with sandgate_forward_target and, for every header line, sandgate_forward_header.
// Returns: OK; SANDGATE_INTERNAL_ROUTE_MALFORMED; SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE; SANDGATE_TRAFFIC_*;
// SANDGATE_BAD_TOKEN; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BAD_PORT; SANDGATE_BAD_CONTEXT; SANDGATE_NOT_INITIALIZED;
// SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: edge; route, of sandgate_edge_route; state, the caller's look-up; head; now, Unix seconds.
// Out: out, whose struct_size the caller has set.
SANDGATE_API
sandgate_result sandgate_edge_guard(const struct sandgate_edge *edge,
                                    const struct sandgate_route *route,
                                    const struct sandgate_sandbox_state *state,
                                    const struct sandgate_head *head,
                                    int64_t now,
                                    struct sandgate_passed *out);

// Writes the JSON body for a sandbox that the edge's look-up does not find: {"sandboxId","message","code":502}.
// Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_BAD_SANDBOX_ID; SANDGATE_NULL_POINTER.
// In: sandbox_id, the route's. Out: out, not NUL-terminated; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_unknown_sandbox_json(const char *sandbox_id,
                                              size_t sandbox_id_len,
                                              char *out,
                                              size_t out_size,
                                              size_t *out_len);

/* ---- Waking a paused sandbox --------------------------------------------------------------------------- */

// Decides whether a request wakes a paused sandbox. The party that holds the access secrets asks this before it starts
// anything; an edge asks that party.
//
// edge and controller are the rules that would decide about the request if the sandbox ran: a controller of
// sandgate_controller_init_open for a sandbox that was created with `secure: false`. On another port than the
// controller's, the request needs what opens the port. On the controller's port it needs the access token, also for GET
// /health; on a file route a signature serves too. A controller that waits wakes for nobody.
// Returns: OK; SANDGATE_WAKE_*, whose body sandgate_edge_refusal_json writes; SANDGATE_INTERNAL_ROUTE_MALFORMED;
// SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE; SANDGATE_BAD_TOKEN; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BAD_PORT;
// SANDGATE_BAD_HEADER; SANDGATE_BAD_CONTEXT; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: edge; controller; route; state, the caller's look-up; request; now, Unix seconds.
SANDGATE_API
sandgate_result sandgate_wake_check(const struct sandgate_edge *edge,
                                    const struct sandgate_controller *controller,
                                    const struct sandgate_route *route,
                                    const struct sandgate_sandbox_state *state,
                                    const struct sandgate_request *request,
                                    int64_t now);

/* ---- Webhooks ------------------------------------------------------------------------------------------ */

// 1 to 8 secrets, each of which may have signed a webhook. Opaque, caller-allocated; wipe it when done.
typedef struct sandgate_webhook_verifier {
    // Private.
    uint64_t _opaque[120];
} sandgate_webhook_verifier;

// The verification of a body that comes in pieces. Opaque, caller-allocated; wipe it when done.
typedef struct sandgate_webhook_verification {
    // Private.
    uint64_t _opaque[128];
} sandgate_webhook_verification;

// Initialises a verifier with one secret.
// Returns: OK; SANDGATE_WEBHOOK_SECRET; SANDGATE_NULL_POINTER.
// In: secret, at least 16 bytes. Out: out, whose previous content is ignored.
SANDGATE_API
sandgate_result sandgate_webhook_verifier_init(const void *secret,
                                               size_t secret_len,
                                               struct sandgate_webhook_verifier *out);

// Adds a secret, to replace another without a lost event: at most 8. No other thread may use the verifier during the call.
// Returns: OK; SANDGATE_WEBHOOK_SECRET; SANDGATE_TOO_MANY_SECRETS; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: secret, as above. Out: verifier.
SANDGATE_API
sandgate_result sandgate_webhook_verifier_add(struct sandgate_webhook_verifier *verifier,
                                              const void *secret,
                                              size_t secret_len);

// Overwrites a verifier with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
// Returns: nothing. Out: the struct; NULL is allowed.
SANDGATE_API void sandgate_webhook_verifier_wipe(struct sandgate_webhook_verifier *verifier);

// Verifies the signature of a webhook. The format is E2B's: e2b-signature is base64 of the SHA-256 of the secret followed by
// the body, and e2b-signature-version is v1 or absent. It is not an HMAC and has no time: parse a verified body with a strict
// JSON parser, and remember the ids of the events that you have handled.
// Returns: OK; SANDGATE_WEBHOOK_MISSING; SANDGATE_WEBHOOK_MALFORMED for a header that was given twice, another version, or
// another shape; SANDGATE_WEBHOOK_INVALID; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: verifier; header_lines, all or only the two that decide; body, the bytes as received.
SANDGATE_API
sandgate_result sandgate_webhook_verify(const struct sandgate_webhook_verifier *verifier,
                                        const struct sandgate_header_line *header_lines,
                                        size_t header_line_count,
                                        const void *body,
                                        size_t body_len);

// Begins to verify a webhook whose body comes in pieces. Do not act on a piece before sandgate_webhook_finish is OK, and limit
// how much you read.
// Returns: OK; SANDGATE_WEBHOOK_MISSING; SANDGATE_WEBHOOK_MALFORMED; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: verifier, which is not needed afterwards; header_lines, as above. Out: out, whose previous content is ignored.
SANDGATE_API
sandgate_result sandgate_webhook_start(const struct sandgate_webhook_verifier *verifier,
                                       const struct sandgate_header_line *header_lines,
                                       size_t header_line_count,
                                       struct sandgate_webhook_verification *out);

// Takes the next piece of the body. No other thread may use the verification during the call.
// Returns: OK; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: piece. Out: verification.
SANDGATE_API
sandgate_result sandgate_webhook_update(struct sandgate_webhook_verification *verification,
                                        const void *piece,
                                        size_t piece_len);

// Whether the pieces so far are the signed body.
// Returns: OK; SANDGATE_WEBHOOK_INVALID; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: verification.
SANDGATE_API
sandgate_result sandgate_webhook_finish(const struct sandgate_webhook_verification *verification);

// Overwrites a verification with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
// Returns: nothing. Out: the struct; NULL is allowed.
SANDGATE_API void sandgate_webhook_verification_wipe(struct sandgate_webhook_verification *verification);

// Signs the body of a webhook, as a platform that sends events does: 43 characters for the header e2b-signature. Send
// e2b-signature-version: v1 beside it.
// Returns: OK; SANDGATE_WEBHOOK_SECRET; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
// In: secret, at least 16 bytes; body. Out: out, not NUL-terminated; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_webhook_sign(const void *secret,
                                      size_t secret_len,
                                      const void *body,
                                      size_t body_len,
                                      char *out,
                                      size_t out_size,
                                      size_t *out_len);

/* ---- What an edge forwards ----------------------------------------------------------------------------- */

// Rewrites a header line that is to be forwarded. Pass every line through it.
//
// The header SANDGATE_TRAFFIC_HEADER is removed, and so is a Cookie line that holds only SANDGATE_TRAFFIC_COOKIE. The
// left-most label of Host becomes {port}-{sandbox_id}. Credentials are removed from the other headers that
// sandgate_forwarded_header names. Everything else is unchanged.
// Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
// In: name, in upper or lower case; value.
// Out: out, the value to forward, not NUL-terminated; out_len, its length or the needed size, at most 2 * value_len;
// stays, 1 if the line is to be forwarded, 0 if it is removed.
SANDGATE_API
sandgate_result sandgate_forward_header(const void *name,
                                        size_t name_len,
                                        const void *value,
                                        size_t value_len,
                                        char *out,
                                        size_t out_size,
                                        size_t *out_len,
                                        uint32_t *stays);

// Writes a target, path and query, without SANDGATE_TRAFFIC_PARAMETER. Everything else is unchanged.
// Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
// In: target, of the request line, still percent-encoded.
// Out: out, not NUL-terminated; out_len, its length or the needed size, never more than target_len.
SANDGATE_API
sandgate_result sandgate_forward_target(const void *target,
                                        size_t target_len,
                                        char *out,
                                        size_t out_size,
                                        size_t *out_len);

// Writes a query without SANDGATE_TRAFFIC_PARAMETER. The other pieces are unchanged.
// Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
// In: query, the bytes after ?, still percent-encoded.
// Out: out, not NUL-terminated; out_len, its length or the needed size, never more than query_len.
SANDGATE_API
sandgate_result sandgate_forward_query(const void *query,
                                       size_t query_len,
                                       char *out,
                                       size_t out_size,
                                       size_t *out_len);

// A Cookie line without SANDGATE_TRAFFIC_COOKIE. A line that does not hold it stays as it is; of any other one the
// other cookies stay, with "; " between them. When nothing is left, the line goes.
// Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
// In: line, the value of one Cookie header. Out: out, not NUL-terminated; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_forward_cookie(const void *line,
                                        size_t line_len,
                                        char *out,
                                        size_t out_size,
                                        size_t *out_len);

// The headers that sandgate_forward_header removes or may rewrite, one by one.
// Returns: a name in lower case, static NUL-terminated text; NULL from the end of the list on. In: index, from 0.
SANDGATE_API
const char *sandgate_forwarded_header(size_t index);

/* ---- Creating a sandbox -------------------------------------------------------------------------------- */

// The options of a request to create a sandbox.
typedef struct sandgate_creation_options {
    // sizeof(sandgate_creation_options), so that the struct can grow.
    size_t struct_size;
    // 0 for off; NULL: not given, which means on.
    const int32_t *secure;
    // 0 for off; NULL: not given, which means on unless restricted_by_default.
    const int32_t *allow_public_traffic;
    // The version of the controller in the template, a semantic version. NULL: unknown.
    const char *envd_version;
    // Its length.
    size_t envd_version_len;
    // What the operator says about requests that do not mention allow_public_traffic: other than 0 for restricted.
    uint32_t restricted_by_default;
} sandgate_creation_options;

// The credentials to issue.
typedef struct sandgate_credentials {
    // sizeof(sandgate_credentials), set by the caller, so that the struct can grow.
    size_t struct_size;
    // 1: the controller requires an access token.
    uint32_t access_token;
    // 1: the edge requires a traffic token.
    uint32_t traffic_token;
} sandgate_credentials;

// Decides which credentials a new sandbox gets. One that should be secure is secure or is not created.
// Returns: OK; SANDGATE_CREATION_TEMPLATE_TOO_OLD; SANDGATE_CREATION_TEMPLATE_VERSION_UNKNOWN;
// SANDGATE_CREATION_RESTRICTED_NEEDS_SECURE; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: options. Out: out, whose struct_size the caller has set.
SANDGATE_API
sandgate_result sandgate_creation_decide(const struct sandgate_creation_options *options,
                                         struct sandgate_credentials *out);

/* ---- Helpers ------------------------------------------------------------------------------------------- */

// Whether two byte strings are equal. The time depends only on their lengths.
// Returns: true if they are; false also when a pointer is NULL with a length other than 0. In: a; b, any bytes.
SANDGATE_API
bool sandgate_equal(const void *a,
                    size_t a_len,
                    const void *b,
                    size_t b_len);

// Writes the fingerprint of a token, which a log may show: 8 hex digits of its SHA-256.
// Returns: OK; SANDGATE_NULL_POINTER. In: token, any bytes. Out: out, 9 bytes: the digits and a NUL.
SANDGATE_API sandgate_result sandgate_fingerprint(const void *token, size_t token_len, char *out);

// Whether text is a sandbox id: 1 to 63 of [A-Za-z0-9_-], not starting with sandbox-traffic-.
// Returns: OK; SANDGATE_BAD_SANDBOX_ID; SANDGATE_NULL_POINTER. In: sandbox_id.
SANDGATE_API sandgate_result sandgate_check_sandbox_id(const char *sandbox_id, size_t sandbox_id_len);

// Writes the short form of the id that an old client calls {sandboxID}-{clientID}: what stands before the first -. An id
// without a - is itself. Shorten an id before anything is derived from it: the long form has other tokens.
// Returns: OK; SANDGATE_LONG_SANDBOX_ID if that part is not 1 to 63 of [a-z0-9]; SANDGATE_BUFFER_TOO_SMALL;
// SANDGATE_NULL_POINTER.
// In: sandbox_id. Out: out, not NUL-terminated; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_sandbox_id_shorten(const char *sandbox_id,
                                            size_t sandbox_id_len,
                                            char *out,
                                            size_t out_size,
                                            size_t *out_len);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* SANDGATE_H */
