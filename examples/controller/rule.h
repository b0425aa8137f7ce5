/* The one question asked of every request: may it pass, and to which file? sandgate decides, nothing here does. */
#ifndef RULE_H
#define RULE_H

#include "limiter.h"

#include <limits.h>
#include <pthread.h>
#include <sandgate.h>
#include <stdbool.h>
#include <stddef.h>

/* The access tokens in force. All threads ask, and between two questions one of them may be replaced by another:
 * every request is judged by one whole set, and keeps its verdict. */
struct rule {
    pthread_rwlock_t lock;
    sandgate_controller controller;
};

/* Refuses to answer until it is given a controller. Writers come first, or a busy daemon would keep an old token. */
#define RULE_INITIALIZER {.lock = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP}

/* Takes the controller over, and wipes the one before when the last question to it is answered. */
void rule_replace(struct rule *rule, sandgate_controller *controller);
void rule_wipe(struct rule *rule);

enum operation {
    OPERATION_NONE,  /* not a file request, or one whose query cannot be read */
    OPERATION_READ,
    OPERATION_WRITE,
};

/* The file that an allowed request names, as the rule decoded it, and what may be written there. Nothing else of the
 * query is ever looked at. */
struct verdict {
    enum operation operation;
    bool preflight;  /* nothing was checked, and nothing but the CORS rule may be answered */
    bool open;  /* no token is asked for, nothing was checked */
    bool too_long;
    char path[PATH_MAX];
    size_t path_len;
    char user[NAME_MAX];
    size_t user_len;
    struct limits limits;
};

/* SANDGATE_OK and a verdict, or the refusal. `target` is the raw request target, never decoded by anybody. */
sandgate_result rule_check(struct rule *rule, const char *method, const char *target, const sandgate_header_line *lines,
                           size_t line_count, struct verdict *verdict);

/* Whether the path of a raw target is this one as received, just as the rule matches it. */
bool rule_path_is(const char *target, const char *path);

#endif
