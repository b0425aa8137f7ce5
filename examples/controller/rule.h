/* The check of every request: is it allowed, and for which file? Only sandgate decides. */
#ifndef RULE_H
#define RULE_H

#include "limiter.h"

#include <limits.h>
#include <pthread.h>
#include <sandgate.h>
#include <stdbool.h>
#include <stddef.h>

/* The current access tokens. All threads use them, and they can be replaced between two checks. Every request
 * is decided by one complete set, and keeps its decision. */
struct rule {
    pthread_rwlock_t lock;
    sandgate_controller controller;
};

/* Refuses every request until it gets a controller. Writers take precedence, otherwise a busy daemon would
 * keep an old token. */
#define RULE_INITIALIZER {.lock = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP}

/* Takes ownership of the controller, and wipes the previous one when its last check has finished. */
void rule_replace(struct rule *rule, sandgate_controller *controller);
void rule_wipe(struct rule *rule);

/* Applies the body of POST /init between two checks. Returns SANDGATE_OK and what it did, or the refusal, which
 * changes nothing. */
sandgate_result rule_initialize(struct rule *rule, const char *body, size_t len, const char *expected_hash,
                                size_t expected_hash_len, sandgate_initialized *outcome);

enum operation {
    OPERATION_NONE,  /* not a file request, or one whose query cannot be parsed */
    OPERATION_READ,
    OPERATION_WRITE,
};

/* The file of an allowed request, as decoded by the rule, and the limits for writing. Nothing else of the
 * query is used. */
struct verdict {
    enum operation operation;
    bool preflight;  /* nothing was checked; answer only by the CORS rule */
    bool open;  /* no token is required; nothing was checked */
    bool too_long;
    char path[PATH_MAX];
    size_t path_len;
    char user[NAME_MAX];
    size_t user_len;
    struct limits limits;
};

/* SANDGATE_OK and a verdict, or the refusal. `target` is the raw request target, not decoded. */
sandgate_result rule_check(struct rule *rule, const char *method, const char *target, const sandgate_header_line *lines,
                           size_t line_count, struct verdict *verdict);

/* Whether the path of a raw target is exactly this one as received, as the rule matches it. */
bool rule_path_is(const char *target, const char *path);

#endif
