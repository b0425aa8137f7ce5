/* The signed limits of an upload: its maximum size and its hash. Both are checked while the bytes arrive, so
 * that a refused upload is never complete on the disk. */
#ifndef LIMITER_H
#define LIMITER_H

#include "reply.h"

#include <nettle/sha2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct limits {
    bool has_max_bytes, has_sha256;
    uint64_t max_bytes;
    uint8_t sha256[SHA256_DIGEST_SIZE];
};

/* Counts the written bytes, after content decoding, of all parts of a form together. */
struct limiter {
    struct limits limits;
    uint64_t written;
    struct sha256_ctx hash;
};

void limiter_init(struct limiter *limiter, const struct limits *limits);

/* These return false and set the reply if the upload cannot continue. */

/* Whether this many more bytes may be written. */
bool limiter_has_room(const struct limiter *limiter, uint64_t len, struct reply *failure);
/* The same, and counts these. */
bool limiter_take(struct limiter *limiter, const void *bytes, size_t len, struct reply *failure);
/* After all bytes: whether they have the signed hash. Call it once. */
bool limiter_finish(struct limiter *limiter, struct reply *failure);

#endif
