/*
 * sandgate: the piece that decides who may reach a cloud sandbox.
 *
 * Generated from ffi-c/src by cbindgen. Do not edit.
 *
 * Conventions
 * - Every function that can fail returns a sandgate_result: 0 is OK, 1 to 99 are refusals (answer the request with
 *   sandgate_result_status and sandgate_refusal_json), from 100 on it is wrong use. A number is never reused.
 * - Inputs come first, then outputs. A length stands right behind its pointer. NULL is allowed only with length 0.
 * - Outputs are written only on success, but for the needed size when a buffer is too small. An output overlaps no
 *   input and no other output.
 * - Nothing is allocated, and no pointer is kept after the call, but for the views in sandgate_allowed, which point
 *   into the caller's request.
 * - Opaque structs are the caller's storage. They may be moved and copied; one that is zeroed or wiped is wrong use,
 *   never a known key. They may be read from several threads at once.
 * - Pointers are aligned as C aligns their types; a struct is the one that its name says.
 * - Times are Unix seconds, signed, 64 bits. Lengths and sizes are bytes.
 * - Text is bytes with a length. Nothing needs or gets a NUL at its end unless it is said.
 */

#ifndef SANDGATE_H
#define SANDGATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
/* The version of this header. */
#define SANDGATE_VERSION "0.1.0"

/* Windows: define SANDGATE_SHARED to link to the DLL. Written from its documentation, not tested. */
#if defined(_WIN32) && defined(SANDGATE_SHARED)
#define SANDGATE_API __declspec(dllimport)
#else
#define SANDGATE_API
#endif

// The controller asks for no token; nothing was checked.
#define SANDGATE_ALLOWED_OPEN 1

// The route needs no token at this layer.
#define SANDGATE_ALLOWED_EXEMPT 2

// The access token was presented.
#define SANDGATE_ALLOWED_TOKEN 3

// A signature was presented.
#define SANDGATE_ALLOWED_SIGNATURE 4

// Download.
#define SANDGATE_OPERATION_READ 1

// Upload.
#define SANDGATE_OPERATION_WRITE 2

// The sandbox restricts nothing.
#define SANDGATE_PASSED_PUBLIC 1

// The controller's port, where the controller has its own check.
#define SANDGATE_PASSED_CONTROLLER_PORT 2

// The traffic token was presented.
#define SANDGATE_PASSED_TOKEN 3

// Where controllers listen, unless they are configured otherwise.
#define SANDGATE_CONTROLLER_PORT 49983

// The longest token that is accepted, in bytes.
#define SANDGATE_TOKEN_MAX 256

// The longest sandbox id, in bytes.
#define SANDGATE_SANDBOX_ID_MAX 63

// The length of a token that a v1 keyring gives, in bytes.
#define SANDGATE_V1_TOKEN_LEN 64

// The length of a v1 signature, in bytes.
#define SANDGATE_V1_SIGNATURE_LEN 46

// The size of a fingerprint, with the NUL at its end.
#define SANDGATE_FINGERPRINT_SIZE 9

// What a function returns. 0 is OK; 1 to 99 are refusals, the tens telling the gate and the ones the code; from 100 on
// it is wrong use.
enum sandgate_result
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // Success.
    SANDGATE_OK = 0,
    // Protected route, no access token: 401.
    SANDGATE_ROUTE_MISSING = 11,
    // Protected route, a token given twice, or a path that cannot be decoded: 400.
    SANDGATE_ROUTE_MALFORMED = 12,
    // Protected route, wrong access token: 401.
    SANDGATE_ROUTE_INVALID = 13,
    // File route, access token given twice: 400.
    SANDGATE_FILE_TOKEN_MALFORMED = 22,
    // File route, wrong access token: 401.
    SANDGATE_FILE_TOKEN_INVALID = 23,
    // File route, neither token nor signature: 401.
    SANDGATE_FILE_SIGNATURE_MISSING = 31,
    // File route, a query that cannot be read without guessing: 400.
    SANDGATE_FILE_SIGNATURE_MALFORMED = 32,
    // File route, wrong signature: 401.
    SANDGATE_FILE_SIGNATURE_INVALID = 33,
    // File route, right signature whose time is over: 401.
    SANDGATE_FILE_SIGNATURE_EXPIRED = 34,
    // Edge, no traffic token: 403.
    SANDGATE_TRAFFIC_MISSING = 41,
    // Edge, a traffic token given twice: 403.
    SANDGATE_TRAFFIC_MALFORMED = 42,
    // Edge, wrong traffic token: 403.
    SANDGATE_TRAFFIC_INVALID = 43,
    // Edge, no sandbox is named by host or headers: 400.
    SANDGATE_HOST_MISSING = 51,
    // Edge, host or headers that cannot be routed: 400.
    SANDGATE_HOST_MALFORMED = 52,
    // Edge, a path that cannot be decoded: 400.
    SANDGATE_INTERNAL_ROUTE_MALFORMED = 62,
    // Edge, a route that only the platform may call: 404.
    SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE = 66,
    // Creation, the template's controller knows no access tokens: 400.
    SANDGATE_CREATION_TEMPLATE_TOO_OLD = 71,
    // Creation, the version of the template's controller is not known: 400.
    SANDGATE_CREATION_TEMPLATE_VERSION_UNKNOWN = 72,
    // Creation, restricted traffic without secure: 400.
    SANDGATE_CREATION_RESTRICTED_NEEDS_SECURE = 73,
    // A pointer is NULL that must not be, or a length exceeds half the address space.
    SANDGATE_NULL_POINTER = 100,
    // A struct's struct_size is not one that this version knows.
    SANDGATE_STRUCT_SIZE = 101,
    // An opaque struct was not initialised, or was wiped.
    SANDGATE_NOT_INITIALIZED = 102,
    // The buffer is too small; the needed size was written.
    SANDGATE_BUFFER_TOO_SMALL = 103,
    // A result that is no refusal was given where one is wanted.
    SANDGATE_NOT_A_REFUSAL = 104,
    // A text view that this library did not hand out.
    SANDGATE_BAD_ESCAPE = 105,
    // A header with a value and a count of 0.
    SANDGATE_BAD_HEADER = 106,
    // A seed of fewer than 16 bytes.
    SANDGATE_WEAK_SEED = 110,
    // A ninth seed.
    SANDGATE_TOO_MANY_SEEDS = 111,
    // A sandbox id that is not 1 to 63 of [A-Za-z0-9_-], or that starts with sandbox-traffic-.
    SANDGATE_BAD_SANDBOX_ID = 112,
    // A port outside 1 to 65535.
    SANDGATE_BAD_PORT = 113,
    // An operation that is neither read nor write.
    SANDGATE_BAD_OPERATION = 114,
    // A token that is empty, longer than 256 bytes, or not UTF-8.
    SANDGATE_BAD_TOKEN = 115,
    // A token of another wire format.
    SANDGATE_TOKEN_VERSION = 116,
    // A controller without a token.
    SANDGATE_NO_TOKEN = 117,
    // A ninth access token.
    SANDGATE_TOO_MANY_TOKENS = 118,
    // A time that does not fit in signed 64-bit Unix seconds.
    SANDGATE_BAD_TIME = 119,
    // A base URL that is empty, not UTF-8, or has a query, a fragment, a space or a control character.
    SANDGATE_BAD_BASE_URL = 120,
    // Wrong use that this interface has no name for yet.
    SANDGATE_MISUSE = 199,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sandgate_result sandgate_result;
#else
typedef int32_t sandgate_result;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// A controller. Opaque, the caller's storage; wipe it when done.
typedef struct sandgate_controller {
    // Not to be looked at.
    uint64_t _opaque[288];
} sandgate_controller;

// A header of a request, its value without the white space around it. Which of several values counts is not for a server
// to choose, so it tells how many there are. All zeros: absent.
typedef struct sandgate_header {
    // The value, if it was given once.
    const uint8_t *value;
    // Its length.
    size_t value_len;
    // How often the header was given: 0 absent, and then no value; 1 once; more is refused where the header decides.
    uint32_t count;
} sandgate_header;

// What a gate looks at, as it stands on the wire.
typedef struct sandgate_request {
    // sizeof(sandgate_request), so that the struct can grow.
    size_t struct_size;
    // The method, `GET`, as it was given.
    const uint8_t *method;
    // Its length.
    size_t method_len;
    // Path and query of the request line, still percent-encoded.
    const uint8_t *target;
    // Its length.
    size_t target_len;
    // X-Access-Token, which a controller looks at.
    struct sandgate_header access_token;
    // e2b-traffic-access-token, which an edge looks at.
    struct sandgate_header traffic_token;
} sandgate_request;

// A piece of the request's target, still percent-encoded. It is valid for as long as that target is.
typedef struct sandgate_text {
    // The bytes as they stand in the target; NULL when there are none.
    const uint8_t *raw;
    // Their number.
    size_t raw_len;
    // The number of bytes after decoding; 0 for what is empty or absent.
    size_t len;
} sandgate_text;

// Why a request is allowed, and on the file routes what it may do. The server acts on this and does not read the
// request again.
typedef struct sandgate_allowed {
    // sizeof(sandgate_allowed), set by the caller, so that the struct can grow.
    size_t struct_size;
    // One of SANDGATE_ALLOWED_*.
    uint32_t basis;
    // One of SANDGATE_OPERATION_*; 0 when the request is for no file route or, at an open controller, cannot be read.
    // Then path and user are empty.
    uint32_t operation;
    // The path. Empty: none was given, and an upload's multipart file name chooses.
    struct sandgate_text path;
    // The user. Empty: none was given, and the server's default holds.
    struct sandgate_text user;
    // The last second of what was signed, if has_expires.
    int64_t expires;
    // 1 if what was signed ends, else 0.
    uint32_t has_expires;
} sandgate_allowed;

// What the request to create a sandbox asks for.
typedef struct sandgate_creation_options {
    // sizeof(sandgate_creation_options), so that the struct can grow.
    size_t struct_size;
    // 0 for off; NULL: nothing is said, which is on.
    const int32_t *secure;
    // 0 for off; NULL: nothing is said, which is on.
    const int32_t *allow_public_traffic;
    // The version of the controller in the template, a semantic version; NULL: unknown.
    const char *envd_version;
    // Its length.
    size_t envd_version_len;
} sandgate_creation_options;

// The credentials to issue.
typedef struct sandgate_credentials {
    // sizeof(sandgate_credentials), set by the caller, so that the struct can grow.
    size_t struct_size;
    // 1: the controller asks for an access token.
    uint32_t access_token;
    // 1: the edge asks for a traffic token.
    uint32_t traffic_token;
} sandgate_credentials;

// An edge proxy, in front of all sandboxes. Opaque, the caller's storage; wipe it when done.
typedef struct sandgate_edge {
    // Not to be looked at.
    uint64_t _opaque[80];
} sandgate_edge;

// 1 to 8 seeds: the first one derives tokens, all verify them. Opaque, the caller's storage; wipe it when done.
typedef struct sandgate_v1_keyring {
    // Not to be looked at.
    uint64_t _opaque[72];
} sandgate_v1_keyring;

// The sandbox and the port that a request is for.
typedef struct sandgate_route {
    // sizeof(sandgate_route), set by the caller, so that the struct can grow.
    size_t struct_size;
    // The sandbox's id, with a NUL at its end.
    char sandbox_id[64];
    // Its length.
    size_t sandbox_id_len;
    // The port inside the sandbox, 1 to 65535.
    uint32_t port;
} sandgate_route;

// What the edge knows of a sandbox: the caller's look-up.
typedef struct sandgate_sandbox_state {
    // sizeof(sandgate_sandbox_state), so that the struct can grow.
    size_t struct_size;
    // Not 0: public traffic is restricted.
    uint32_t restricted;
    // The sandbox's traffic token, where the edge is handed each one's instead of a seed; NULL: it is not.
    const uint8_t *traffic_token;
    // Its length, 1 to 256.
    size_t traffic_token_len;
} sandgate_sandbox_state;

// An access token as the key that signs and verifies file URLs. Opaque, the caller's storage; wipe it when done.
typedef struct sandgate_v1_file_url_key {
    // Not to be looked at.
    uint64_t _opaque[36];
} sandgate_v1_file_url_key;

// What a file URL says.
typedef struct sandgate_file_url {
    // sizeof(sandgate_file_url), so that the struct can grow.
    size_t struct_size;
    // One of SANDGATE_OPERATION_*.
    uint32_t operation;
    // The path, any bytes. Empty: it is left out, and an upload's multipart file name chooses.
    const uint8_t *path;
    // Its length.
    size_t path_len;
    // The user, any bytes. Empty: it is left out, and the server's default holds.
    const uint8_t *user;
    // Its length.
    size_t user_len;
    // The last second in which the URL is valid, Unix seconds. NULL: it never expires.
    const int64_t *expires;
} sandgate_file_url;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The version of the library. Returns: `MAJOR.MINOR.PATCH`, static text with a NUL at its end. Never NULL.
SANDGATE_API const char *sandgate_version(void);

// Whether two byte strings are equal, in time that depends on their lengths alone.
// Returns: true if they are; false also when a pointer is NULL with a length other than 0. In: a; b, any bytes.
SANDGATE_API
bool sandgate_equal(const uint8_t *a,
                    size_t a_len,
                    const uint8_t *b,
                    size_t b_len);

// What a log may show of a token: 8 hex digits of its SHA-256.
// Returns: OK; SANDGATE_NULL_POINTER. In: token, any bytes. Out: out, 9 bytes: the digits and a NUL.
SANDGATE_API sandgate_result sandgate_fingerprint(const uint8_t *token, size_t token_len, char *out);

// A controller that asks for an access token.
// Returns: OK; SANDGATE_BAD_TOKEN; SANDGATE_TOKEN_VERSION; SANDGATE_NULL_POINTER.
// In: token, 1 to 256 bytes of UTF-8, copied. Out: out, whose content before does not matter.
SANDGATE_API
sandgate_result sandgate_controller_init(const uint8_t *token,
                                         size_t token_len,
                                         struct sandgate_controller *out);

// A controller that allows everything: what `secure: false` asks for.
// Returns: OK; SANDGATE_NULL_POINTER. Out: out, whose content before does not matter.
SANDGATE_API sandgate_result sandgate_controller_init_open(struct sandgate_controller *out);

// Adds an access token, to replace another without an outage. An open controller asks for it from now on. No other
// thread may use the controller meanwhile.
// Returns: OK; SANDGATE_TOO_MANY_TOKENS; SANDGATE_BAD_TOKEN; SANDGATE_TOKEN_VERSION; SANDGATE_NOT_INITIALIZED;
// SANDGATE_NULL_POINTER. In: token, as above. Out: controller.
SANDGATE_API
sandgate_result sandgate_controller_add_token(struct sandgate_controller *controller,
                                              const uint8_t *token,
                                              size_t token_len);

// Whether a controller allows everything.
// Returns: true if it does; false also for one that is not initialised, and for NULL. In: controller.
SANDGATE_API bool sandgate_controller_is_open(const struct sandgate_controller *controller);

// Overwrites a controller with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
// Returns: nothing. Out: what is overwritten; NULL is allowed.
SANDGATE_API void sandgate_controller_wipe(struct sandgate_controller *controller);

// Decides about one request: the whole rule of the controller, statuses and messages as E2B's controller answers.
// Returns: OK; a refusal of SANDGATE_ROUTE_*, SANDGATE_FILE_TOKEN_* or SANDGATE_FILE_SIGNATURE_*;
// SANDGATE_BAD_HEADER; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: controller; request; now, Unix seconds. Out: out, whose struct_size the caller has set.
SANDGATE_API
sandgate_result sandgate_controller_check(const struct sandgate_controller *controller,
                                          const struct sandgate_request *request,
                                          int64_t now,
                                          struct sandgate_allowed *out);

// Decides which credentials a new sandbox gets. One that should be secure is secure or is not created.
// Returns: OK; SANDGATE_CREATION_TEMPLATE_TOO_OLD; SANDGATE_CREATION_TEMPLATE_VERSION_UNKNOWN;
// SANDGATE_CREATION_RESTRICTED_NEEDS_SECURE; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: options. Out: out, whose struct_size the caller has set.
SANDGATE_API
sandgate_result sandgate_creation_decide(const struct sandgate_creation_options *options,
                                         struct sandgate_credentials *out);

// An edge that knows no seed and is told each sandbox's traffic token, as E2B's is.
// Returns: OK; SANDGATE_NULL_POINTER. Out: out, whose content before does not matter.
SANDGATE_API sandgate_result sandgate_edge_init(struct sandgate_edge *out);

// An edge that derives traffic tokens. With the same seeds it could derive access tokens too.
// Returns: OK; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: keyring, copied. Out: out, whose content before does not matter.
SANDGATE_API
sandgate_result sandgate_edge_init_with_keyring(const struct sandgate_v1_keyring *keyring,
                                                struct sandgate_edge *out);

// Tells where the controllers listen, if it is not 49983. No other thread may use the edge meanwhile.
// Returns: OK; SANDGATE_BAD_PORT; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: port. Out: edge.
SANDGATE_API sandgate_result sandgate_edge_set_controller_port(struct sandgate_edge *edge, uint32_t port);

// Overwrites an edge with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
// Returns: nothing. Out: what is overwritten; NULL is allowed.
SANDGATE_API void sandgate_edge_wipe(struct sandgate_edge *edge);

// What is decided before the sandbox is looked up, so that it does not tell whether the sandbox exists.
// Returns: OK; SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE; SANDGATE_INTERNAL_ROUTE_MALFORMED; SANDGATE_BAD_SANDBOX_ID;
// SANDGATE_BAD_PORT; SANDGATE_BAD_HEADER; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: edge; route; request.
SANDGATE_API
sandgate_result sandgate_edge_screen(const struct sandgate_edge *edge,
                                     const struct sandgate_route *route,
                                     const struct sandgate_request *request);

// Decides about one request, screening included.
// Returns: OK; those of sandgate_edge_screen; SANDGATE_TRAFFIC_*; SANDGATE_BAD_TOKEN.
// In: edge; route; state, the caller's look-up; request; now, Unix seconds. Out: passed, one of SANDGATE_PASSED_*.
SANDGATE_API
sandgate_result sandgate_edge_check(const struct sandgate_edge *edge,
                                    const struct sandgate_route *route,
                                    const struct sandgate_sandbox_state *state,
                                    const struct sandgate_request *request,
                                    int64_t now,
                                    uint32_t *passed);

// The JSON body of a refusal at the edge: {"sandboxId","message","code":403}, {"message","path","code":404} or
// {"code":400,"message"}.
// Returns: OK; SANDGATE_NOT_A_REFUSAL; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_BAD_SANDBOX_ID; SANDGATE_NULL_POINTER.
// In: refusal; sandbox_id, the route's, or NULL where there is none, which leaves it out; target, the request's, still
// percent-encoded.
// Out: out, without a NUL at its end; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_edge_refusal_json(int32_t refusal,
                                           const char *sandbox_id,
                                           size_t sandbox_id_len,
                                           const uint8_t *target,
                                           size_t target_len,
                                           char *out,
                                           size_t out_size,
                                           size_t *out_len);

// The key that an access token is.
// Returns: OK; SANDGATE_BAD_TOKEN; SANDGATE_TOKEN_VERSION; SANDGATE_NULL_POINTER.
// In: token, 1 to 256 bytes of UTF-8, copied. Out: out, whose content before does not matter.
SANDGATE_API
sandgate_result sandgate_v1_file_url_key_init(const uint8_t *token,
                                              size_t token_len,
                                              struct sandgate_v1_file_url_key *out);

// Overwrites a key with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
// Returns: nothing. Out: what is overwritten; NULL is allowed.
SANDGATE_API void sandgate_v1_file_url_key_wipe(struct sandgate_v1_file_url_key *key);

// Signs.
// Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_BAD_OPERATION; SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE;
// SANDGATE_NULL_POINTER.
// In: key; url. Out: out, 46 characters without a NUL at their end; out_len, their number or the needed size.
SANDGATE_API
sandgate_result sandgate_v1_file_url_sign(const struct sandgate_v1_file_url_key *key,
                                          const struct sandgate_file_url *url,
                                          char *out,
                                          size_t out_size,
                                          size_t *out_len);

// Writes the signed URL, {base}/files?path=...&username=...&signature=...&signature_expiration=...
// Returns: OK; SANDGATE_BAD_BASE_URL; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_BAD_OPERATION; SANDGATE_NOT_INITIALIZED;
// SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: key; base, UTF-8, such as https://49983-{sandbox_id}.{domain}, without query, fragment, spaces and control
// characters, one / at its end is dropped; url.
// Out: out, without a NUL at its end; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_v1_file_url_write(const struct sandgate_v1_file_url_key *key,
                                           const char *base,
                                           size_t base_len,
                                           const struct sandgate_file_url *url,
                                           char *out,
                                           size_t out_size,
                                           size_t *out_len);

// Checks the signature of a URL whose parts are known: first the signature, then the time.
// Returns: OK; SANDGATE_FILE_SIGNATURE_INVALID; SANDGATE_FILE_SIGNATURE_EXPIRED; SANDGATE_BAD_OPERATION;
// SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: key; url; signature, any bytes; now, Unix seconds.
SANDGATE_API
sandgate_result sandgate_v1_file_url_verify(const struct sandgate_v1_file_url_key *key,
                                            const struct sandgate_file_url *url,
                                            const uint8_t *signature,
                                            size_t signature_len,
                                            int64_t now);

// Checks a file URL by its raw query, the bytes between ? and #, still percent-encoded.
// Returns: OK; a refusal of SANDGATE_FILE_SIGNATURE_*; SANDGATE_BAD_OPERATION; SANDGATE_NOT_INITIALIZED;
// SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
// In: key; operation, one of SANDGATE_OPERATION_*; query; now, Unix seconds.
// Out: out, whose struct_size the caller has set; its texts point into query.
SANDGATE_API
sandgate_result sandgate_v1_file_url_verify_query(const struct sandgate_v1_file_url_key *key,
                                                  uint32_t operation,
                                                  const uint8_t *query,
                                                  size_t query_len,
                                                  int64_t now,
                                                  struct sandgate_allowed *out);

// A keyring of one seed.
// Returns: OK; SANDGATE_WEAK_SEED; SANDGATE_NULL_POINTER.
// In: seed, at least 16 bytes. Out: out, whose content before does not matter.
SANDGATE_API
sandgate_result sandgate_v1_keyring_init(const uint8_t *seed,
                                         size_t seed_len,
                                         struct sandgate_v1_keyring *out);

// Adds a seed that verifies, behind those that are there. No other thread may use the keyring meanwhile.
// Returns: OK; SANDGATE_WEAK_SEED; SANDGATE_TOO_MANY_SEEDS; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: seed, as above. Out: keyring.
SANDGATE_API
sandgate_result sandgate_v1_keyring_add(struct sandgate_v1_keyring *keyring,
                                        const uint8_t *seed,
                                        size_t seed_len);

// Overwrites a keyring with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED.
// Returns: nothing. Out: what is overwritten; NULL is allowed.
SANDGATE_API void sandgate_v1_keyring_wipe(struct sandgate_v1_keyring *keyring);

// A sandbox's access token, 64 lower-case hex digits, made with the first seed.
// Returns: OK; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: keyring; sandbox_id. Out: out, without a NUL at its end; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_v1_keyring_access_token(const struct sandgate_v1_keyring *keyring,
                                                 const char *sandbox_id,
                                                 size_t sandbox_id_len,
                                                 char *out,
                                                 size_t out_size,
                                                 size_t *out_len);

// A sandbox's traffic token, 64 lower-case hex digits, made with the first seed.
// Returns: OK; SANDGATE_BAD_SANDBOX_ID; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER.
// In: keyring; sandbox_id. Out: out, without a NUL at its end; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_v1_keyring_traffic_token(const struct sandgate_v1_keyring *keyring,
                                                  const char *sandbox_id,
                                                  size_t sandbox_id_len,
                                                  char *out,
                                                  size_t out_size,
                                                  size_t *out_len);

// Checks a presented access token against every seed.
// Returns: OK; SANDGATE_ROUTE_MISSING for an empty one; SANDGATE_ROUTE_INVALID; SANDGATE_BAD_SANDBOX_ID;
// SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: keyring; sandbox_id; presented, any bytes.
SANDGATE_API
sandgate_result sandgate_v1_keyring_verify_access_token(const struct sandgate_v1_keyring *keyring,
                                                        const char *sandbox_id,
                                                        size_t sandbox_id_len,
                                                        const uint8_t *presented,
                                                        size_t presented_len);

// Checks a presented traffic token against every seed.
// Returns: OK; SANDGATE_TRAFFIC_MISSING for an empty one; SANDGATE_TRAFFIC_INVALID; SANDGATE_BAD_SANDBOX_ID;
// SANDGATE_NOT_INITIALIZED; SANDGATE_NULL_POINTER. In: keyring; sandbox_id; presented, any bytes.
SANDGATE_API
sandgate_result sandgate_v1_keyring_verify_traffic_token(const struct sandgate_v1_keyring *keyring,
                                                         const char *sandbox_id,
                                                         size_t sandbox_id_len,
                                                         const uint8_t *presented,
                                                         size_t presented_len);

// Whether text is a sandbox id: 1 to 63 of [A-Za-z0-9_-], not starting with sandbox-traffic-.
// Returns: OK; SANDGATE_BAD_SANDBOX_ID; SANDGATE_NULL_POINTER. In: sandbox_id.
SANDGATE_API sandgate_result sandgate_check_sandbox_id(const char *sandbox_id, size_t sandbox_id_len);

// Whether a request's path, decoded, is exactly this one: for a server that routes as the rules do, on what was checked.
// Returns: true if it is; false also for a path that cannot be decoded, and for NULL. In: request; path.
SANDGATE_API
bool sandgate_request_path_is(const struct sandgate_request *request,
                              const char *path,
                              size_t path_len);

// The HTTP status of a refusal. Returns: the status; 0 for every other result. In: result.
SANDGATE_API uint16_t sandgate_result_status(int32_t result);

// What a result means; of a refusal, the message to answer with.
// Returns: static text with a NUL at its end, also for numbers that are no result. Never NULL. In: result.
SANDGATE_API const char *sandgate_result_message(int32_t result);

// Where a request was refused: "route", "file_token", "file_signature", "traffic", "host" or "internal_route".
// Returns: static text with a NUL at its end; NULL for what is no refusal of a request. In: result.
SANDGATE_API
const char *sandgate_result_gate(int32_t result);

// Why a request was refused: "missing", "malformed", "invalid", "expired" or "out_of_scope".
// Returns: static text with a NUL at its end; NULL for what is no refusal of a request. In: result.
SANDGATE_API const char *sandgate_result_code(int32_t result);

// The JSON body of a refusal by the controller or at creation, {"code":401,"message":"..."}.
// Returns: OK; SANDGATE_NOT_A_REFUSAL; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
// In: refusal, a result from 1 to 99. Out: out, without a NUL at its end; out_len, its length or the needed size.
SANDGATE_API
sandgate_result sandgate_refusal_json(int32_t refusal,
                                      char *out,
                                      size_t out_size,
                                      size_t *out_len);

// Reads the target of a request at the edge.
//
// A host {port}-{sandbox_id}[-anything].{domain} names it, and the routing headers are ignored. localhost, an IP address and
// sandbox.{domain} leave it to the headers E2b-Sandbox-Id and E2b-Sandbox-Port, of which both are needed.
// Returns: OK; SANDGATE_HOST_MISSING; SANDGATE_HOST_MALFORMED; SANDGATE_BAD_HEADER; SANDGATE_STRUCT_SIZE;
// SANDGATE_NULL_POINTER.
// In: host; sandbox_id and sandbox_port, the routing headers. Out: out, whose struct_size the caller has set.
SANDGATE_API
sandgate_result sandgate_route_parse(const struct sandgate_header *host,
                                     const struct sandgate_header *sandbox_id,
                                     const struct sandgate_header *sandbox_port,
                                     struct sandgate_route *out);

// Decodes a text. What comes out are bytes: they need not be UTF-8, and may contain NUL.
// Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER; SANDGATE_BAD_ESCAPE for a text that is not ours.
// In: text. Out: out, without a NUL at its end; out_len, its length or the needed size. out may be NULL with size 0.
SANDGATE_API
sandgate_result sandgate_text_decode(const struct sandgate_text *text,
                                     uint8_t *out,
                                     size_t out_size,
                                     size_t *out_len);

// Whether a text decodes to exactly these bytes. Not for secrets: it takes as long as they agree.
// Returns: true if it does; false also for NULL, and for a text that is not ours. In: text; bytes.
SANDGATE_API
bool sandgate_text_equal(const struct sandgate_text *text,
                         const uint8_t *other,
                         size_t other_len);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* SANDGATE_H */
