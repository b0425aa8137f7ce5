/* The answers: statuses, headers and JSON bodies. */
#ifndef REPLY_H
#define REPLY_H

#include <jansson.h>
#include <sandgate.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    HTTP_OK = 200,
    HTTP_NO_CONTENT = 204,
    HTTP_BAD_REQUEST = 400,
    HTTP_FORBIDDEN = 403,
    HTTP_NOT_FOUND = 404,
    HTTP_REQUEST_TIMEOUT = 408,
    HTTP_CONFLICT = 409,
    HTTP_CONTENT_TOO_LARGE = 413,
    HTTP_UNSUPPORTED_MEDIA_TYPE = 415,
    HTTP_UNPROCESSABLE_CONTENT = 422,
    HTTP_HEADERS_TOO_LARGE = 431,
    HTTP_INTERNAL_SERVER_ERROR = 500,
    HTTP_SERVICE_UNAVAILABLE = 503,
    HTTP_INSUFFICIENT_STORAGE = 507,
};

/* All zero means "not answered yet". If memory is exhausted, the reply is a 500 without a body. */
struct reply {
    unsigned status;
    char *lines;      /* header lines besides the common ones, each with its CRLF; NULL for none */
    char *body;       /* NULL for none, and for a file */
    bool is_file;     /* the body is the content of `fd` */
    int fd;
    uint64_t length;  /* of the body */
};

/* Frees what the reply owns and makes it "not answered yet". */
void reply_free(struct reply *reply);

/* Stores the answer and returns false, for a step of an upload that cannot continue. */
bool reply_fail(struct reply *out, struct reply reply);

struct reply reply_empty(unsigned status);
struct reply reply_preflight(void);
struct reply reply_json(unsigned status, json_t *body);  /* takes ownership of the body */
struct reply reply_refusal(sandgate_result refusal);
/* {"code":status,"message":…} */
struct reply reply_error(unsigned status, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The upload exceeds a limit, signed or the daemon's. */
struct reply reply_too_large(uint64_t limit);
/* The answer to a client for an errno value of the file functions. */
struct reply reply_errno(int error, const char *path);
/* Takes ownership of the descriptor. */
struct reply reply_file(int fd, uint64_t size, const char *name);

/* Returns the reason phrase of a status. */
const char *reply_reason(unsigned status);

#endif
