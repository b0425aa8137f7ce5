/*
 * sandgate: the piece that decides who may reach a cloud sandbox.
 *
 * Generated from ffi-c/src by cbindgen. Do not edit.
 *
 * Conventions
 * - Every function that can fail returns a sandgate_result: 0 is OK, 1 to 99 are refusals (answer the request with
 *   sandgate_result_status and sandgate_refusal_json), from 100 on it is wrong use. A number is never reused.
 * - Inputs come first, then outputs. A length stands right behind its pointer. NULL is allowed only with length 0.
 * - Outputs are written only on success, but for the needed size when a buffer is too small.
 * - Nothing is allocated, and no pointer is kept after the call, but for the views in sandgate_allowed, which point
 *   into the caller's request.
 * - Opaque structs are the caller's storage. They may be moved and copied; one that is zeroed or wiped is wrong use,
 *   never a known key. They may be read from several threads at once.
 * - Text is bytes with a length. Nothing needs or gets a NUL at its end unless it is said.
 */

#ifndef SANDGATE_H
#define SANDGATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 The controller asks for no token; nothing was checked.
 */
#define SANDGATE_ALLOWED_OPEN 1

/*
 The route needs no token at this layer.
 */
#define SANDGATE_ALLOWED_EXEMPT 2

/*
 The access token was presented.
 */
#define SANDGATE_ALLOWED_TOKEN 3

/*
 A signature was presented.
 */
#define SANDGATE_ALLOWED_SIGNATURE 4

/*
 Download.
 */
#define SANDGATE_OPERATION_READ 1

/*
 Upload.
 */
#define SANDGATE_OPERATION_WRITE 2

/*
 What a function returns. 0 is OK; 1 to 99 are refusals, the tens telling the gate and the ones the code; from 100 on
 it is wrong use.
 */
enum sandgate_result
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /*
     Success.
     */
    SANDGATE_OK = 0,
    /*
     Protected route, no access token: 401.
     */
    SANDGATE_ROUTE_MISSING = 11,
    /*
     Protected route, a token given twice, or a path that cannot be decoded: 400.
     */
    SANDGATE_ROUTE_MALFORMED = 12,
    /*
     Protected route, wrong access token: 401.
     */
    SANDGATE_ROUTE_INVALID = 13,
    /*
     File route, access token given twice: 400.
     */
    SANDGATE_FILE_TOKEN_MALFORMED = 22,
    /*
     File route, wrong access token: 401.
     */
    SANDGATE_FILE_TOKEN_INVALID = 23,
    /*
     File route, neither token nor signature: 401.
     */
    SANDGATE_FILE_SIGNATURE_MISSING = 31,
    /*
     File route, a query that cannot be read without guessing: 400.
     */
    SANDGATE_FILE_SIGNATURE_MALFORMED = 32,
    /*
     File route, wrong signature: 401.
     */
    SANDGATE_FILE_SIGNATURE_INVALID = 33,
    /*
     File route, right signature whose time is over: 401.
     */
    SANDGATE_FILE_SIGNATURE_EXPIRED = 34,
    /*
     Edge, no traffic token: 403.
     */
    SANDGATE_TRAFFIC_MISSING = 41,
    /*
     Edge, a traffic token given twice: 403.
     */
    SANDGATE_TRAFFIC_MALFORMED = 42,
    /*
     Edge, wrong traffic token: 403.
     */
    SANDGATE_TRAFFIC_INVALID = 43,
    /*
     Edge, no sandbox is named by host or headers: 400.
     */
    SANDGATE_HOST_MISSING = 51,
    /*
     Edge, host or headers that cannot be routed: 400.
     */
    SANDGATE_HOST_MALFORMED = 52,
    /*
     Edge, a path that cannot be decoded: 400.
     */
    SANDGATE_INTERNAL_ROUTE_MALFORMED = 62,
    /*
     Edge, a route that only the platform may call: 404.
     */
    SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE = 66,
    /*
     A pointer is NULL that must not be, or a length exceeds half the address space.
     */
    SANDGATE_NULL_POINTER = 100,
    /*
     A struct's struct_size is not one that this version knows.
     */
    SANDGATE_STRUCT_SIZE = 101,
    /*
     An opaque struct was not initialised, or was wiped.
     */
    SANDGATE_NOT_INITIALIZED = 102,
    /*
     The buffer is too small; the needed size was written.
     */
    SANDGATE_BUFFER_TOO_SMALL = 103,
    /*
     A result that is no refusal was given where one is wanted.
     */
    SANDGATE_NOT_A_REFUSAL = 104,
    /*
     A text view that this library did not hand out.
     */
    SANDGATE_BAD_ESCAPE = 105,
    /*
     A seed of fewer than 16 bytes.
     */
    SANDGATE_WEAK_SEED = 110,
    /*
     A ninth seed.
     */
    SANDGATE_TOO_MANY_SEEDS = 111,
    /*
     A sandbox id that is not 1 to 63 of [A-Za-z0-9_-], or that starts with sandbox-traffic-.
     */
    SANDGATE_BAD_SANDBOX_ID = 112,
    /*
     A port outside 1 to 65535.
     */
    SANDGATE_BAD_PORT = 113,
    /*
     An operation that is neither read nor write.
     */
    SANDGATE_BAD_OPERATION = 114,
    /*
     A token that is empty, longer than 256 bytes, or not UTF-8.
     */
    SANDGATE_BAD_TOKEN = 115,
    /*
     A token of another wire format.
     */
    SANDGATE_TOKEN_VERSION = 116,
    /*
     A controller without a token.
     */
    SANDGATE_NO_TOKEN = 117,
    /*
     A ninth access token.
     */
    SANDGATE_TOO_MANY_TOKENS = 118,
    /*
     A time that does not fit in signed 64-bit Unix seconds.
     */
    SANDGATE_BAD_TIME = 119,
    /*
     Wrong use that this interface has no name for yet.
     */
    SANDGATE_MISUSE = 199,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum sandgate_result sandgate_result;
#else
typedef int32_t sandgate_result;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 A controller. Opaque, the caller's storage; wipe it when done.
 */
typedef struct {
    /*
     Not to be looked at.
     */
    uint64_t _opaque[288];
} sandgate_controller;

/*
 A header of a request. Which of several values counts is not for a server to choose, so it tells how many there are.
 */
typedef struct {
    /*
     The value, if it was given once.
     */
    const uint8_t *value;
    /*
     Its length.
     */
    size_t value_len;
    /*
     How often the header was given: 0 absent, 1 once; more is refused where the header decides.
     */
    uint32_t count;
} sandgate_header;

/*
 What a gate looks at, as it stands on the wire.
 */
typedef struct {
    /*
     sizeof(sandgate_request), so that the struct can grow.
     */
    size_t struct_size;
    /*
     The method, `GET`, as it was given.
     */
    const uint8_t *method;
    /*
     Its length.
     */
    size_t method_len;
    /*
     Path and query of the request line, still percent-encoded.
     */
    const uint8_t *target;
    /*
     Its length.
     */
    size_t target_len;
    /*
     X-Access-Token.
     */
    sandgate_header access_token;
} sandgate_request;

/*
 A piece of the request's target, still percent-encoded. It is valid for as long as that target is.
 */
typedef struct {
    /*
     The bytes as they stand in the target.
     */
    const uint8_t *raw;
    /*
     Their number.
     */
    size_t raw_len;
    /*
     The number of bytes after decoding; 0 for what is empty or absent.
     */
    size_t len;
} sandgate_text;

/*
 Why a request is allowed, and on the file routes what it may do. The server acts on this and does not read the
 request again.
 */
typedef struct {
    /*
     sizeof(sandgate_allowed), set by the caller, so that the struct can grow.
     */
    size_t struct_size;
    /*
     One of SANDGATE_ALLOWED_*.
     */
    uint32_t basis;
    /*
     One of SANDGATE_OPERATION_*; 0 when the request is for no file route or, at an open controller, cannot be read.
     Then path and user are empty.
     */
    uint32_t operation;
    /*
     The path. Empty: none was given, and an upload's multipart file name chooses.
     */
    sandgate_text path;
    /*
     The user. Empty: none was given, and the server's default holds.
     */
    sandgate_text user;
    /*
     The last second of what was signed, if has_expires.
     */
    int64_t expires;
    /*
     1 if what was signed ends, else 0.
     */
    uint32_t has_expires;
} sandgate_allowed;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/*
 The version of the library, `MAJOR.MINOR.PATCH`, with a NUL at its end. Never NULL.
 */
const char *sandgate_version(void);

/*
 Whether two byte strings are equal, in time that depends on their lengths alone.
 Returns: true if they are; false also when a pointer is NULL with a length other than 0.
 */
bool sandgate_equal(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len);

/*
 What a log may show of a token: 8 hex digits of its SHA-256.
 Returns: OK; SANDGATE_NULL_POINTER. In: token, any bytes. Out: out, 9 bytes: the digits and a NUL.
 */
sandgate_result sandgate_fingerprint(const uint8_t *token, size_t token_len, char *out);

/*
 A controller that asks for an access token.
 Returns: OK; SANDGATE_BAD_TOKEN; SANDGATE_TOKEN_VERSION; SANDGATE_NULL_POINTER.
 In: token, 1 to 256 bytes of UTF-8, copied. Out: out, whose content before does not matter.
 */
sandgate_result sandgate_controller_init(sandgate_controller *out, const uint8_t *token, size_t token_len);

/*
 A controller that allows everything: what `secure: false` asks for.
 Returns: OK; SANDGATE_NULL_POINTER. Out: out, whose content before does not matter.
 */
sandgate_result sandgate_controller_init_open(sandgate_controller *out);

/*
 Adds an access token, to replace another without an outage. An open controller asks for it from now on. No other
 thread may use the controller meanwhile.
 Returns: OK; SANDGATE_TOO_MANY_TOKENS; SANDGATE_BAD_TOKEN; SANDGATE_TOKEN_VERSION; SANDGATE_NOT_INITIALIZED;
 SANDGATE_NULL_POINTER. In: token, as above. Out: controller.
 */
sandgate_result sandgate_controller_add_token(sandgate_controller *controller,
                                              const uint8_t *token,
                                              size_t token_len);

/*
 Overwrites a controller with zeros. Using it afterwards is SANDGATE_NOT_INITIALIZED. NULL is allowed.
 */
void sandgate_controller_wipe(sandgate_controller *controller);

/*
 Decides about one request: the whole rule of the controller, statuses and messages as E2B's controller answers.
 Returns: OK; a refusal of SANDGATE_ROUTE_*, SANDGATE_FILE_TOKEN_* or SANDGATE_FILE_SIGNATURE_*;
 SANDGATE_NOT_INITIALIZED; SANDGATE_STRUCT_SIZE; SANDGATE_NULL_POINTER.
 In: controller; request; now, Unix seconds. Out: out, whose struct_size the caller has set.
 */
sandgate_result sandgate_controller_check(const sandgate_controller *controller,
                                          const sandgate_request *request,
                                          int64_t now,
                                          sandgate_allowed *out);

/*
 The HTTP status of a refusal. Returns: the status; 0 for every other result.
 */
uint16_t sandgate_result_status(int32_t result);

/*
 What a result means; of a refusal, the message to answer with.
 Returns: static text with a NUL at its end, also for numbers that are no result. Never NULL.
 */
const char *sandgate_result_message(int32_t result);

/*
 The JSON body of a controller's refusal, {"code":401,"message":"..."}.
 Returns: OK; SANDGATE_NOT_A_REFUSAL; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER.
 In: refusal, a result from 1 to 99. Out: out, without a NUL at its end; out_len, its length or the needed size.
 */
sandgate_result sandgate_refusal_json(int32_t refusal,
                                      char *out,
                                      size_t out_size,
                                      size_t *out_len);

/*
 Decodes a text. What comes out are bytes: they need not be UTF-8, and may contain NUL.
 Returns: OK; SANDGATE_BUFFER_TOO_SMALL; SANDGATE_NULL_POINTER; SANDGATE_BAD_ESCAPE for a text that is not ours.
 In: text. Out: out, without a NUL at its end; out_len, its length or the needed size. out may be NULL with size 0.
 */
sandgate_result sandgate_text_decode(const sandgate_text *text,
                                     uint8_t *out,
                                     size_t out_size,
                                     size_t *out_len);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* SANDGATE_H */
