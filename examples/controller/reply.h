/* The answers: statuses, headers and JSON bodies. */
#ifndef REPLY_H
#define REPLY_H

#include <jansson.h>
#include <microhttpd.h>
#include <sandgate.h>
#include <stdbool.h>
#include <stdint.h>

/* status 0 is "not answered yet"; a status without a response means that memory ran out. */
struct reply {
    unsigned status;
    uint64_t length;
    struct MHD_Response *response;
};

/* Keeps the answer and returns false: how a step of an upload says that it cannot go on. */
bool reply_fail(struct reply *out, struct reply reply);

struct reply reply_empty(unsigned status);
struct reply reply_preflight(void);
struct reply reply_json(unsigned status, json_t *body);  /* takes the body over */
struct reply reply_refusal(sandgate_result refusal);
/* {"code":status,"message":…} */
struct reply reply_error(unsigned status, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The upload is over a limit, whoever set it. */
struct reply reply_too_large(uint64_t limit);
/* What an errno value of the file functions means to the client. */
struct reply reply_errno(int error, const char *path);
/* Takes the descriptor over. */
struct reply reply_file(int fd, uint64_t size, const char *name);

#endif
