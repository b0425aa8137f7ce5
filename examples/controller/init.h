/* POST /init: the host hands over, replaces or clears the access token. Only the init socket offers the route. */
#ifndef INIT_H
#define INIT_H

#include "reply.h"
#include "rule.h"

#include <stdbool.h>
#include <stddef.h>

enum { INIT_BODY_MAX = 64 * 1024 };

/* A body on its way. It carries a token. */
struct init_body {
    size_t len;
    char bytes[INIT_BODY_MAX];
};

/* Returns NULL if memory is exhausted. */
struct init_body *init_body_new(void);

/* Returns false if the body is too long. */
bool init_body_add(struct init_body *body, const char *bytes, size_t len);

/* Wipes the body; NULL is allowed. */
void init_body_free(struct init_body *body);

/* Applies a complete body, logs what it did, and makes the answer. `expected_hash` names the file of the host, which
 * is read anew; NULL: the host publishes nothing. */
struct reply init_apply(struct rule *rule, const char *expected_hash, const struct init_body *body);

#endif
